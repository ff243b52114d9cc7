"""A mail server and a calendar reader that have nothing to do with what they are tested with.

Takes mails until its input ends, and says of each, one line of JSON, what it found.
"""
import email
import email.policy
import json
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
import icalendar


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 nobody here"
        if address.startswith("later@"):
            return "451 4.2.0 later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        found = {
            "rcpt": envelope.rcpt_tos,
            "user": session.auth_data,
            "from": str(message["From"]),
            "subject": message["Subject"],
            "id": message["Message-ID"],
            "references": message["References"].split(),
            "auto": message["Auto-Submitted"],
            "type": message.get_content_type(),
            "text": message.get_body(("plain",)).get_content(),
            "defects": [str(defect) for part in message.walk() for defect in part.defects],
        }
        for part in message.walk():
            if part.get_content_type() == "text/calendar":
                calendar = icalendar.Calendar.from_ical(part.get_payload(decode=True))
                event = calendar.walk("VEVENT")[0]
                guest = event["ATTENDEE"]
                guest = guest[0] if isinstance(guest, list) else guest
                found["calendar"] = {
                    "header": part.get_param("method"),
                    "method": str(calendar["METHOD"]),
                    "uid": str(event["UID"]),
                    "sequence": int(event["SEQUENCE"]),
                    "start": event["DTSTART"].dt.isoformat(),
                    "stamp": event["DTSTAMP"].dt.isoformat(),
                    "summary": str(event["SUMMARY"]),
                    "description": str(event["DESCRIPTION"]),
                    "status": str(event["STATUS"]),
                    "organizer": str(event["ORGANIZER"]),
                    "guest": str(guest),
                    "name": str(guest.params["CN"]),
                    "answer": str(guest.params.get("RSVP", "")),
                    "errors": [str(error) for error in event.errors],
                }
        print(json.dumps(found), flush=True)
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    fits = isinstance(data, LoginPassword) and data.login == b"dana" and data.password == "hüsch".encode()
    return AuthResult(success=fits, handled=False, auth_data=data.login.decode() if fits else None)


controller = Controller(Handler(), hostname="127.0.0.1", port=int(sys.argv[1]), authenticator=authenticate,
                        auth_require_tls=False, auth_required=True, enable_SMTPUTF8=False)
controller.start()
print("ready", flush=True)
sys.stdin.read()
controller.stop()
