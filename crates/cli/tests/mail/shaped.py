"""An answer to a mail, shaped as well-known mail programs shape theirs: `shaped.py PROGRAM FROM WORDS < mail`."""
import email
import email.message
import email.policy
import email.utils
import html
import sys

program, sender, words = sys.argv[1:]
sent = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
old = sent.get_body(("plain",)).get_content().replace("\r\n", "\n").rstrip("\n")
quoted = "\n".join(("> " + line).rstrip() for line in old.split("\n"))
who, when = sent["From"], sent["Date"].datetime
answer = email.message.EmailMessage(policy=email.policy.SMTP)
answer["From"] = sender
answer["To"] = str(sent["Reply-To"])
answer["Subject"] = "Re: " + sent["Subject"]
answer["Date"] = email.utils.format_datetime(when)
answer["In-Reply-To"] = sent["Message-ID"]
answer["References"] = sent["Message-ID"]
answer["Message-ID"] = email.utils.make_msgid(domain="mail.customer.example")
rich = "".join(f"<div>{html.escape(line)}</div>" for line in words.split("\n"))

if program == "gmail":
    head = f"On {when:%a, %b %d, %Y} at {when:%I:%M} PM {who} wrote:"
    first, second = head.rsplit(" <", 1)
    answer.set_content(f"{words}\n\n{first}\n<{second}\n\n{quoted}\n", cte="quoted-printable")
    answer.add_alternative(
        f'<div dir="ltr">{rich}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{html.escape(head)}'
        f'<br></div><blockquote class="gmail_quote" style="margin:0">{html.escape(old)}</blockquote></div>',
        subtype="html")
elif program == "outlook":
    block = f"From: {who}\nSent: {when:%A, %B %d, %Y %I:%M %p}\nTo: {sent['To']}\nSubject: {sent['Subject']}"
    answer.set_content(f"{words}\n\n{block}\n\n{old}\n", cte="base64")
    answer.add_alternative(
        f'<html><body><div class="WordSection1">{rich}</div><div style="border-top:solid #E1E1E1 1.0pt">'
        f"{html.escape(block)}</div>{html.escape(old)}</body></html>", subtype="html", cte="base64")
    answer["Thread-Topic"] = sent["Subject"]
    answer["X-MS-Has-Attach"] = ""
elif program == "outlook_phone":
    block = f"From: {who}\nSent: {when:%A, %B %d, %Y %I:%M:%S %p}\nTo: {sent['To']}\nSubject: {sent['Subject']}"
    answer.set_content(
        f"{words}\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\n{block}\n\n{old}\n",
        cte="quoted-printable")
    answer.add_alternative(
        f'<html><body><div dir="ltr">{rich}</div><div id="ms-outlook-mobile-signature">Get <a href='
        f'"https://aka.ms/o0ukef">Outlook for iOS</a></div><hr>{html.escape(block)}{html.escape(old)}</body></html>',
        subtype="html")
elif program == "apple":
    head = f"On {when.day} {when:%b %Y, at %H:%M}, {who} wrote:"
    answer.set_content(f"{words}\n\nSent from my iPhone\n\n> {head}\n> \n{quoted}\n", cte="quoted-printable")
    answer.add_alternative(
        f'<html><body dir="auto">{rich}<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">Sent from my iPhone</div>'
        f'<div dir="ltr"><br><blockquote type="cite">{html.escape(head)}<br></blockquote></div><blockquote type="cite">'
        f"{html.escape(old)}</blockquote></body></html>", subtype="html")
    answer["X-Mailer"] = "iPhone Mail (23B85)"
elif program == "html_only":
    answer.set_content(
        f"<html><body>{rich}<blockquote>{html.escape(old)}</blockquote></body></html>", subtype="html")
elif program == "away":
    answer["Auto-Submitted"] = "auto-replied"
    answer.set_content(f"{words}\n")
elif program == "plain":
    answer.set_content(f"{words}\n")
else:
    sys.exit(f"no such program: {program}")
sys.stdout.buffer.write(answer.as_bytes())
