//! Whatever comes: no panic, and nothing without an end.

use proptest::{collection::vec, prelude::*, sample::select};
use throughline_messages::{Address, Envelope, Inbound, Kind, MessageId, ReplyAddress, Subject, check};

const PIECES: &[&str] = &[
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    " if ",
    " for x in brief.people ",
    " endfor ",
    " endif ",
    " else ",
    "include \"brief\"",
    "account",
    "csm",
    "brief.people",
    " | join",
    "('",
    "')",
    "\"",
    "'",
    "\n",
    "ü",
    " ",
    "x",
    ".name",
    "[0]",
    "1",
    "not ",
    "loop.index",
];
const LINES: &[&str] = &[
    "From: a@b.example",
    "To: reply+k3v9q2m8w5x7t4r6z1y0p3n8b2@h.example",
    "Subject: =?utf-8?q?=FF=FE?=",
    "",
    "",
    "--b",
    "--b--",
    "Content-Type: multipart/mixed; boundary=b",
    "Content-Type: text/calendar; method=REPLY",
    "Content-Type: message/rfc822",
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
    "Content-Transfer-Encoding: base64",
    "BEGIN:VCALENDAR",
    "METHOD:REPLY",
    "BEGIN:VEVENT",
    "UID:7",
    "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example",
    "ATTENDEE;CN=\"x",
    "END:VEVENT",
    "END:VCALENDAR",
    "> quoted",
    "On 3 May Ines wrote:",
    "-- ",
    "\u{fffd}\u{0}",
    "Received: x",
    "References: <a@b> <",
    " folded",
];

proptest! {
    #[test]
    fn any_template_is_read_or_refused_with_a_line_it_has(pieces in vec(select(PIECES), 0..60)) {
        let source = format!("Subject: x\n\n{}", pieces.concat());
        match check(Kind::Nominated, &source) {
            Ok(samples) => prop_assert!(samples.iter().all(|sample| sample.written.text.len() <= 64 * 1024 + 1)),
            Err(why) => prop_assert!((1..=source.lines().count().max(1) + 1).contains(&why.line), "{why}\n{source}"),
        }
    }

    #[test]
    fn any_mail_is_read_or_refused_and_bounded(lines in vec(select(LINES), 0..60), end in select(&["\r\n", "\n"][..])) {
        let ours = ReplyAddress::new(&"reply@h.example".parse().unwrap()).unwrap();
        if let Ok(mail) = Inbound::read(lines.join(end).as_bytes(), &Envelope::default(), &ours) {
            prop_assert!(mail.text.chars().count() <= 8_000 && !mail.text.contains('\r'));
            prop_assert!(mail.calendar.len() <= 50);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(raw in vec(any::<u8>(), 0..2_000)) {
        let ours = ReplyAddress::new(&"reply@h.example".parse().unwrap()).unwrap();
        let _ = Inbound::read(&raw, &Envelope::default(), &ours);
    }

    #[test]
    fn nothing_made_for_a_header_holds_a_line_end(text in any::<String>()) {
        let fine = |text: &str| !text.chars().any(char::is_control);
        prop_assert!(Subject::of(&text).is_none_or(|subject| fine(subject.as_str())));
        prop_assert!(text.parse::<Address>().map_or(true, |address| fine(address.as_str())));
        prop_assert!(text.parse::<MessageId>().map_or(true, |id| fine(id.as_str())));
    }
}
