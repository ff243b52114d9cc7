// What a calendar file says, as `ical.js` reads it.
const ICAL = require(`${process.argv[2]}/ical.js/dist/ical.es5.cjs`).default
  ?? require(`${process.argv[2]}/ical.js/dist/ical.es5.cjs`);

const text = require("node:fs").readFileSync(0, "utf8");
const calendar = new ICAL.Component(ICAL.parse(text));
const [found, ...others] = calendar.getAllSubcomponents("vevent");
if (others.length > 0) throw new Error("more than one event");
const event = new ICAL.Event(found);
const instant = (time) => time.convertToZone(ICAL.Timezone.utcTimezone).toString();
console.log(JSON.stringify({
  method: calendar.getFirstPropertyValue("method"),
  uid: event.uid,
  sequence: event.sequence,
  start: instant(event.startDate),
  end: instant(event.endDate),
  status: found.getFirstPropertyValue("status"),
  summary: event.summary,
  organizer: event.organizer,
  guests: event.attendees.map((guest) => guest.getFirstValue()).sort(),
}));
