//! Mails to send.

use throughline_connect_email::{Settings, Smtp};
use throughline_messages::{CalendarPart, Invite, Mail, Mailbox, MessageId, Method, Party, Subject};
use uuid::Uuid;

pub fn plain() -> Mail {
    Mail {
        id: MessageId::of(Uuid::from_u128(7), "handoffs.example").unwrap(),
        at: "2026-11-24T16:00:00Z".parse().unwrap(),
        from: Mailbox::new("Northwind Übergaben", "handoffs@handoffs.example".parse().unwrap()),
        to: Mailbox::new("Ines Calloway", "ines@customer.example".parse().unwrap()),
        reply_to: Some(
            "reply+k3v9q2m8w5x7t4r6z1y0p3n8b2@handoffs.example"
                .parse::<throughline_messages::Address>()
                .unwrap()
                .into(),
        ),
        subject: Subject::of("Würth & Söhne: „der Kickoff“ findet statt").unwrap(),
        text: "Guten Tag,\n\n.ein Punkt am Anfang\n.\nund Grüße 🍐\n".to_owned(),
        follows: vec![
            MessageId::of(Uuid::from_u128(5), "handoffs.example").unwrap(),
            MessageId::of(Uuid::from_u128(6), "handoffs.example").unwrap(),
        ],
        calendar: None,
    }
}

pub fn invite() -> Invite {
    Invite {
        uid: "01890000-0000-7000-8000-000000000007.kickoff@throughline".to_owned(),
        sequence: 2,
        method: Method::Request,
        organizer: Mailbox::new("Dana Ruiz", "dana@handoffs.example".parse().unwrap()),
        attendees: vec![Party {
            mailbox: Mailbox::new("Calloway, Ines", "ines@customer.example".parse().unwrap()),
            optional: false,
        }],
        start: "2026-11-24T15:00:00Z".parse().unwrap(),
        end: "2026-11-24T15:50:00Z".parse().unwrap(),
        summary: "Kickoff: Würth & Söhne".to_owned(),
        description:
            "15 min: success criteria\n20 min: the plan; milestones, owners, dates\n15 min: next steps"
                .to_owned(),
        location: None,
        url: None,
    }
}

pub fn with_invite(invite: &Invite) -> Mail {
    let mail = plain();
    let file = invite.file(mail.at).unwrap();
    Mail { calendar: Some(CalendarPart { method: invite.method, file }), ..mail }
}

pub fn to(port: u16) -> Smtp {
    to_url(&format!("smtp://127.0.0.1:{port}?timeout=20"))
}

pub fn to_url(url: &str) -> Smtp {
    Smtp::new(url.parse::<Settings>().unwrap()).unwrap()
}
