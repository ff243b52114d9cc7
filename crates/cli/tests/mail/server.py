"""A mail server that has nothing to do with what it is tested with.

Takes mails until its input ends, keeps each as a file, and says of each, one line of JSON, what it found.
"""
import email
import email.policy
import json
import pathlib
import sys

from aiosmtpd.controller import Controller


class Handler:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.count = 0

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        file = self.folder / f"{self.count:04}.eml"
        file.write_bytes(envelope.content)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        found = {
            "file": str(file),
            "to": envelope.rcpt_tos,
            "from": str(message["From"]),
            "reply_to": message["Reply-To"] and message["Reply-To"].addresses[0].addr_spec,
            "subject": message["Subject"],
            "id": message["Message-ID"],
            "text": message.get_body(("plain",)).get_content(),
            "defects": [str(defect) for part in message.walk() for defect in part.defects],
        }
        for part in message.walk():
            if part.get_content_type() == "text/calendar":
                found["method"] = part.get_param("method")
                found["calendar"] = part.get_content()
        print(json.dumps(found), flush=True)
        return "250 taken"


controller = Controller(Handler(sys.argv[2]), hostname="127.0.0.1", port=int(sys.argv[1]))
controller.start()
print("ready", flush=True)
sys.stdin.read()
controller.stop()
