"""What a calendar file says, as Python's `icalendar` reads it."""
import datetime
import json
import sys

import icalendar


def instant(value):
    return value.dt.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
(event,) = calendar.walk("VEVENT")
guests = event.get("ATTENDEE", [])
guests = guests if isinstance(guests, list) else [guests]
print(json.dumps({
    "method": str(calendar["METHOD"]),
    "uid": str(event["UID"]),
    "sequence": int(event["SEQUENCE"]),
    "start": instant(event["DTSTART"]),
    "end": instant(event["DTEND"]),
    "status": str(event["STATUS"]),
    "summary": str(event["SUMMARY"]),
    "organizer": str(event["ORGANIZER"]),
    "guests": sorted(str(guest) for guest in guests),
}))
assert not event.errors, event.errors
