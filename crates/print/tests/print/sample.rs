//! Documents to be set.

use throughline_print::{
    Attachment, Block, Cell, Column, Document, Fact, Figure, Fonts, SpanStyle, Table, Text, Tone,
};

pub fn fonts() -> Fonts {
    let (plain, strong) = throughline_assets::PAPER_FONTS;
    Fonts::new(plain, strong).unwrap()
}

/// A document that says what it is given.
pub fn of(blocks: Vec<Block>) -> Document {
    Document {
        language: "en".to_owned(),
        kind: "Mutual success plan".to_owned(),
        title: "Lindner GmbH".to_owned(),
        subtitle: None,
        head: ("Northwind Software".to_owned(), "Lindner GmbH, rollout 2026".to_owned()),
        foot: "Journal 12, 3f9a".to_owned(),
        counted: "Page {page} of {pages}".to_owned(),
        author: "Northwind Software".to_owned(),
        at: "2026-03-02T09:00:00Z".parse().unwrap(),
        blocks,
        boxes: "Some letters are drawn as their codes.".to_owned(),
        attachment: None,
    }
}

/// A table of a plan's milestones.
pub fn milestones(n: usize) -> Table {
    let row = |at: usize| {
        vec![
            Cell(vec![
                Text::strong(format!("Milestone {at}: finance closes in three days")),
                Text::muted(format!("What is reached at {at}.")),
            ]),
            Text::plain(if at.is_multiple_of(2) { "Customer" } else { "Northwind" }).into(),
            Text::plain(format!("Owner {at}")).into(),
            Text::plain(format!("{} May 2026", at % 28 + 1)).into(),
        ]
    };
    let column = |head: &str, share| Column { head: head.to_owned(), share };
    Table {
        columns: vec![
            column("Milestone", 5.0),
            column("Whose", 2.0),
            column("Owner", 2.0),
            column("By", 2.0),
        ],
        rows: (1..=n).map(row).collect(),
    }
}

/// One of everything.
pub fn everything() -> Document {
    let fact = |label: &str, value: &str| Fact { label: label.to_owned(), value: Text::plain(value) };
    let figure = |label: &str, value: &str, note: &str, tone| Figure {
        label: label.to_owned(),
        value: value.to_owned(),
        note: note.to_owned(),
        tone,
    };
    let mut document = of(vec![
        Block::Figures(vec![
            figure("Record", "9 of 12", "3 answers are missing", Tone::Warn),
            figure("Promises", "4", "one waits for the deal desk", Tone::Warn),
            figure("Risks", "2", "one is severe", Tone::Bad),
            figure("Stakeholders", "5", "Ines Calloway is the champion", Tone::Calm),
        ]),
        Block::Panel(
            Tone::Good,
            vec![
                Block::Text(Text::strong("Signed by Ines Calloway on 2 March 2026, 09:00 UTC")),
                Block::Text(Text::plain("I have read this mutual success plan and agree to it.").small()),
                Block::Facts(vec![fact("Mailbox", "ines@customer.example"), fact("Proof", "a code by mail")]),
            ],
        ),
        Block::Heading("What success is".to_owned()),
        Block::Quote(
            "We close the month in three days, not eleven.".to_owned(),
            Some("Ines Calloway, CFO".to_owned()),
        ),
        Block::Heading("Milestones".to_owned()),
        Block::Table(milestones(6)),
        Block::Columns(
            0.6,
            vec![
                Block::Heading("Why now".to_owned()),
                Block::Text(Text::plain(
                    "Their auditor will not sign another year of spreadsheets, and the new controller starts in April. \
                     They compared three products and chose ours for the consolidation.",
                )),
                Block::Subheading("What was promised".to_owned()),
                Block::Entries(vec![
                    vec![
                        Text::strong("SAP connector").and("  Approved", SpanStyle::Tone(Tone::Good)),
                        Text::muted("Feature · firm · by 30 June 2026"),
                    ],
                    vec![
                        Text::strong("A named engineer for the first month")
                            .and("  Waits", SpanStyle::Tone(Tone::Warn)),
                        Text::muted("Service · soft"),
                    ],
                ]),
            ],
            vec![
                Block::Heading("Who matters".to_owned()),
                Block::List(vec![
                    Text::plain("Ines Calloway, CFO, economic buyer"),
                    Text::plain(
                        "Jörg Šimůnek, controller, champion who drove the purchase from the first call on",
                    ),
                ]),
                Block::Facts(vec![fact("Budget", "120,000 EUR"), fact("Term", "36 months")]),
            ],
        ),
    ]);
    document.subtitle = Some("Northwind Software and Lindner GmbH".to_owned());
    document.attachment = Some(Attachment {
        name: "plan.json".to_owned(),
        media: "application/json",
        about: "What was signed".to_owned(),
        bytes: b"{\n  \"document\": \"plan\"\n}\n".to_vec(),
    });
    document
}
