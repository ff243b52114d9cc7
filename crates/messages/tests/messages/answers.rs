//! Mail as other programs write it: answers of people, answers of programs, bounces, answers of calendars.

use throughline_messages::{
    Assent, Automatic, Envelope, Inbound, InboundError, MessageId, PartStat, ReplyAddress, TokenFound,
};

const TOKEN: &str = "k3v9q2m8w5x7t4r6z1y0p3n8b2";

fn ours() -> ReplyAddress {
    ReplyAddress::new(&"reply@handoffs.example".parse().unwrap()).unwrap()
}

fn read(raw: &str) -> Inbound {
    Inbound::read(raw.replace('\n', "\r\n").as_bytes(), &Envelope::default(), &ours()).unwrap()
}

fn mail(headers: &str, body: &str) -> Inbound {
    read(&format!(
        "From: Ines Calloway <ines@customer.example>\nTo: reply+{TOKEN}@handoffs.example\nSubject: Re: plan\n\
         Message-ID: <answer-1@customer.example>\nDate: Tue, 24 Nov 2026 17:00:00 +0100\n{headers}\n{body}"
    ))
}

#[test]
fn an_answer_is_told_apart_from_what_it_quotes() {
    let answer = mail(
        "In-Reply-To: <00000000-0000-0000-0000-000000000007@handoffs.example>\n\
         References: <first@handoffs.example>\n <00000000-0000-0000-0000-000000000007@handoffs.example>\n",
        "The migration is paid by us.\n\nInes\n\nOn Tue, 24 Nov 2026 at 16:00, Northwind\n<reply@handoffs.example> wrote:\n\n> Who pays for the migration?\n>\n> -- \n> Northwind\n",
    );
    assert_eq!(answer.text, "The migration is paid by us.\n\nInes");
    assert!(answer.whole.contains("> Who pays for the migration?"));
    assert_eq!(answer.claims_from.as_ref().unwrap().as_str(), "ines@customer.example");
    assert_eq!(answer.claims_at.unwrap().to_string(), "2026-11-24T16:00:00Z");
    assert_eq!(answer.token, TokenFound::One(TOKEN.parse().unwrap()));
    assert_eq!(answer.id.as_ref().map(MessageId::as_str), Some("answer-1@customer.example"));
    let answers: Vec<_> = answer.answers.iter().map(MessageId::as_str).collect();
    assert_eq!(answers, ["00000000-0000-0000-0000-000000000007@handoffs.example", "first@handoffs.example"]);
    assert!(answer.is_from_a_person());
}

#[test]
fn quotes_and_signatures_of_many_programs_are_cut() {
    let cases = [
        ("Yes.\n\nAm Di., 24. Nov. 2026 um 16:00 Uhr schrieb Northwind <r@h.example>:\n\n> Alt", "Yes."),
        ("Yes.\n\nAm 24.11.26 um 16:00 schrieb Northwind:\n> Alt", "Yes."),
        ("Oui.\n\nLe mar. 24 nov. 2026 à 16:00, Northwind <r@h.example> a écrit :\n\n> Ancien", "Oui."),
        (
            "Yes.\n\n-----Original Message-----\nFrom: Northwind\nSent: Tuesday\nTo: Ines\nSubject: plan\n\nOld",
            "Yes.",
        ),
        (
            "Yes.\n\nFrom: Northwind <r@h.example>\nSent: Tuesday, November 24, 2026\nTo: Ines\nSubject: plan\n\nOld",
            "Yes.",
        ),
        ("Ja.\n\nVon: Northwind <r@h.example>\nGesendet: Dienstag\nAn: Ines\nBetreff: Plan\n\nAlt", "Ja."),
        ("Yes.\n\n-- \nInes Calloway\nCFO", "Yes."),
        ("Yes.\n\nSent from my iPhone\n\n> On Nov 24, Northwind wrote:\n> old", "Yes."),
        ("Yes.\n\nSent from my iPhone", "Yes."),
        (
            "Yes.\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Northwind \
             <r@h.example>\nSent: Tuesday, November 24, 2026 4:00:00 PM\nTo: Ines\nSubject: plan\n\nOld",
            "Yes.",
        ),
        ("> old\n> older\n\nYes.", "Yes."),
        ("\"Northwind\" <r@h.example> wrote:\n\n> old\n> \n> older\nYes.\n", "Yes."),
        (
            "On Tue, 24 Nov 2026 at 16:00, Northwind\n<r@h.example> wrote:\n> old\n\nYes.\n\nInes",
            "Yes.\n\nInes",
        ),
        ("Yes.\n\n\"Northwind\" <r@h.example> wrote:\n\n> old", "Yes."),
        ("Hello,\n\n> first?\n\nyes", "Hello,\n\n> first?\n\nyes"),
        ("> first?\nno\n> second?\n\nyes", "> first?\nno\n> second?\n\nyes"),
        (
            "This is what the CEO wrote:\nno more than ten days",
            "This is what the CEO wrote:\nno more than ten days",
        ),
        ("See below.\n\n> first?\nyes\n> second?\nno", "See below.\n\n> first?\nyes\n> second?\nno"),
        (
            "On Monday we start.\nFrom: here we go on.\n\nTo: be honest, yes.",
            "On Monday we start.\nFrom: here we go on.\n\nTo: be honest, yes.",
        ),
        ("On 3 May we wrote: nothing.", "On 3 May we wrote: nothing."),
    ];
    for (body, expected) in cases {
        assert_eq!(mail("", body).text, expected, "{body}");
    }
}

#[test]
fn a_line_drawn_in_the_middle_of_an_answer_ends_nothing() {
    let points: Vec<String> = (1..=9).map(|number| format!("point {number}")).collect();
    let body = format!("first\n--\n{}", points.join("\n"));
    assert_eq!(mail("", &body).text, body);
    assert_eq!(mail("", "first\n--\nInes Calloway\nCFO").text, "first");
}

#[test]
fn only_a_plain_yes_is_a_yes() {
    for yes in [
        "Confirmed",
        "CONFIRMED.",
        "Yes, I confirm!",
        "confirmed\n\nBest regards,\nInes Calloway",
        "Agreed.\n\nInes",
        "Looks good to me!\nInes Calloway",
        "Yes, confirmed. Thanks!\n\nInes",
        "Hi Noah,\n\nconfirmed, thank you.\n\nBest,\nInes",
    ] {
        assert_eq!(mail("", yes).assent, Assent::Yes, "{yes}");
    }
    for unclear in [
        "",
        "Yes, but the first milestone is too early.",
        "Confirmed?",
        "Looks good, but we need a later date.",
        "Confirmed.\nThe date is wrong though.",
        "Not confirmed",
        "Confirmed\nBut Not Yet",
        "I cannot confirm",
        "Confirmed\n\n> inline\nno, this is wrong\n> more",
        "Yes\nNo",
        "Thanks!",
        "Thanks, but no.",
        "Yes. No. Thanks.",
        "Hi Noah,\nno.",
        "Dear Noah",
    ] {
        assert_eq!(mail("", unclear).assent, Assent::Unclear, "{unclear}");
    }
}

#[test]
fn the_words_are_found_in_markup_and_odd_encodings() {
    let html = mail(
        "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n",
        "<html><body><p>Größe <b>passt</b>.</p><script>alert(1)</script></body></html>",
    );
    assert!(html.text.contains("Größe passt"), "{}", html.text);
    assert!(!html.text.contains('<'), "{}", html.text);
    let quoting = mail(
        "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n",
        "<html><body><div>CONFIRMED</div><blockquote><div>If it is right, answer CONFIRMED.</div></blockquote></body></html>",
    );
    assert_eq!((quoting.text.as_str(), quoting.assent), ("CONFIRMED", Assent::Yes));
    let latin = mail(
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n",
        "Sch=F6ne Gr=FC=DFe",
    );
    assert_eq!(latin.text, "Schöne Grüße");
}

#[test]
fn the_token_is_found_wherever_servers_keep_the_address() {
    let to = format!("reply+{TOKEN}@handoffs.example");
    let found = TokenFound::One(TOKEN.parse().unwrap());
    for header in ["Delivered-To", "X-Original-To", "Envelope-To", "Cc"] {
        let raw = format!("From: a@b.example\nTo: somebody@else.example\n{header}: {to}\n\nYes");
        assert_eq!(read(&raw).token, found, "{header}");
    }
    let envelope = Envelope { from: Some("a@b.example".to_owned()), to: vec![to.clone()] };
    let raw = b"From: a@b.example\r\nTo: undisclosed-recipients:;\r\n\r\nYes";
    assert_eq!(Inbound::read(raw, &envelope, &ours()).unwrap().token, found);
    let none = read(&format!("From: {to}\nSubject: {to}\nTo: x@y.example\n\n{to}"));
    assert_eq!(none.token, TokenFound::Missing, "only where it was sent to counts");
}

#[test]
fn what_no_person_wrote_is_never_an_answer() {
    let cases = [
        ("Auto-Submitted: auto-replied\n", Automatic::Reply),
        ("Auto-Submitted: auto-replied (vacation)\n", Automatic::Reply),
        ("Auto-Submitted: auto-generated\n", Automatic::Generated),
        ("X-Autoreply: yes\n", Automatic::Reply),
        ("Precedence: auto_reply\n", Automatic::Reply),
        ("Precedence: bulk\n", Automatic::Generated),
        ("List-Id: <news.customer.example>\n", Automatic::List),
        ("Return-Path: <>\n", Automatic::Bounce { of: None, for_good: false }),
    ];
    for (header, expected) in cases {
        let answer = mail(header, "I am away. Confirmed");
        assert_eq!(answer.automatic, Some(expected), "{header}");
        assert!(!answer.is_from_a_person());
    }
    assert_eq!(mail("Auto-Submitted: no\nReturn-Path: <ines@customer.example>\n", "Yes").automatic, None);
    let envelope = Envelope { from: Some(String::new()), to: Vec::new() };
    let null = Inbound::read(b"From: a@b.example\r\n\r\nYes", &envelope, &ours()).unwrap();
    assert_eq!(null.automatic, Some(Automatic::Bounce { of: None, for_good: false }));
}

#[test]
fn a_bounce_says_which_mail_of_ours_it_was_and_whether_for_good() {
    let report = |status: &str| {
        read(&format!(
            "From: MAILER-DAEMON@mx.customer.example\nTo: reply+{TOKEN}@handoffs.example\nSubject: Undelivered\nMIME-Version: 1.0\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n\
             --b\nContent-Type: text/plain\n\nSorry.\n\n\
             --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; ines@customer.example\nAction: failed\nStatus: {status}\n\n\
             --b\nContent-Type: message/rfc822\n\nMessage-ID: <00000000-0000-0000-0000-000000000007@handoffs.example>\nSubject: plan\n\nHello\n\n--b--\n"
        ))
        .automatic
    };
    let of = "00000000-0000-0000-0000-000000000007@handoffs.example".parse().ok();
    assert_eq!(report("5.1.1"), Some(Automatic::Bounce { of: of.clone(), for_good: true }));
    assert_eq!(report("4.2.2"), Some(Automatic::Bounce { of, for_good: false }));
}

#[test]
fn a_calendars_answer_is_read_once_though_it_is_sent_twice() {
    let file = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:7.kickoff@throughline\nDTSTAMP:20261123T080000Z\nSEQUENCE:1\nORGANIZER:mailto:dana@example.com\nATTENDEE;PARTSTAT=ACCEPTED;CN=Ines:mailto:ines@customer.example\nEND:VEVENT\nEND:VCALENDAR\n";
    let answer = mail(
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"m\"\n",
        &format!(
            "--m\nContent-Type: multipart/alternative; boundary=\"a\"\n\n--a\nContent-Type: text/plain\n\nInes has accepted.\n\n\
             --a\nContent-Type: text/calendar; charset=utf-8; method=REPLY\n\n{file}\n--a--\n\
             --m\nContent-Type: text/calendar; name=\"invite.ics\"\nContent-Disposition: attachment; filename=\"invite.ics\"\n\n{file}\n--m--\n"
        ),
    );
    assert_eq!(answer.calendar.len(), 1);
    assert_eq!((answer.calendar[0].uid.as_str(), answer.calendar[0].sequence), ("7.kickoff@throughline", 1));
    assert_eq!(answer.calendar[0].answer, PartStat::Accepted);
    assert!(!answer.is_from_a_person(), "its words are a program's");
}

#[test]
fn what_is_no_mail_or_too_much_is_refused() {
    let read = |raw: &[u8]| Inbound::read(raw, &Envelope::default(), &ours());
    assert_eq!(read(b""), Err(InboundError::NoMail));
    assert_eq!(read(&vec![b'x'; Inbound::LARGEST + 1]), Err(InboundError::TooLarge(Inbound::LARGEST + 1)));
    let parts = format!(
        "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{}",
        "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n".repeat(600)
    );
    assert_eq!(read(parts.as_bytes()), Err(InboundError::TooManyParts(500)));
}
