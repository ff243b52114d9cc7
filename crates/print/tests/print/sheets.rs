//! Both papers, and whatever a company may write.

use proptest::prelude::*;
use throughline_print::{Block, Cell, Column, Document, Fact, Paper, PrintError, Table, Text, Tone, set};

use crate::{
    reading::{info, pages, squeezed, structure},
    sample::{everything, fonts, milestones, of},
};

const PAPERS: [Paper; 2] = [Paper::A4, Paper::Letter];

fn printed(document: &Document, paper: Paper) -> Vec<u8> {
    let pdf = set(document, paper, &fonts()).unwrap();
    if let Some(folder) = std::env::var_os("THROUGHLINE_SHEETS") {
        let name = std::thread::current().name().unwrap_or("sheet").replace("::", "-");
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}-{paper:?}.pdf")), &pdf).unwrap();
    }
    pdf
}

/// Every one of the words is found, on both papers.
fn finds(document: &Document, words: &[&str]) {
    for paper in PAPERS {
        let Some(found) = pages(&printed(document, paper)) else { continue };
        let whole = squeezed(&found.concat());
        for word in words {
            assert!(whole.contains(&squeezed(word)), "{word} is not on {paper:?}: {whole}");
        }
    }
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    for paper in PAPERS {
        assert_eq!(
            set(&everything(), paper, &fonts()).unwrap(),
            set(&everything(), paper, &fonts()).unwrap()
        );
    }
    assert_ne!(printed(&everything(), Paper::A4), printed(&everything(), Paper::Letter));
}

#[test]
fn everything_that_is_said_is_found_on_both_papers() {
    finds(
        &everything(),
        &[
            "Mutual success plan",
            "Lindner GmbH",
            "Northwind Software and Lindner GmbH",
            "9 of 12",
            "Signed by Ines Calloway on 2 March 2026, 09:00 UTC",
            "ines@customer.example",
            "a code by mail",
            "We close the month in three days, not eleven.",
            "Ines Calloway, CFO",
            "Milestone 6: finance closes",
            "What is reached at 3",
            "SAP connector",
            "Approved",
            "Waits",
            "Jörg Šimůnek, controller",
            "120,000 EUR",
            "36 months",
            "Page 1 of 2",
            "Journal 12, 3f9a",
        ],
    );
}

#[test]
fn it_is_tagged_and_says_its_title_and_its_standards() {
    let pdf = printed(&everything(), Paper::A4);
    let text = String::from_utf8_lossy(&pdf);
    for part in
        ["<pdfaid:part>3</pdfaid:part>", "<pdfaid:conformance>A</pdfaid:conformance>", "<pdfuaid:part>1"]
    {
        assert!(text.contains(part), "{part}");
    }
    assert!(text.contains("/Lang(en)"));
    let Some(told) = structure(&pdf) else { return };
    for part in ["H1", "H2", "Table", "THead", "TR", "TH", "TD", "LI", "Lbl", "LBody", "BlockQuote"] {
        assert!(told.lines().any(|line| line.trim().starts_with(part)), "{part} is not in {told}");
    }
    let said = info(&pdf).unwrap();
    for line in ["Lindner GmbH", "Mon Mar  2 09:00:00 2026 UTC", "yes"] {
        assert!(said.contains(line), "{line} is not in {said}");
    }
    // What is at the head and the foot of each page is read out to nobody.
    assert!(!told.contains("Page 1 of 2"), "{told}");
}

#[test]
fn a_row_is_never_cut_and_each_page_begins_with_the_tables_head() {
    let document = of(vec![Block::Table(milestones(200))]);
    for paper in PAPERS {
        let Some(found) = pages(&printed(&document, paper)) else { continue };
        assert!(found.len() > 5);
        for (at, page) in found.iter().enumerate() {
            assert_eq!(page.matches("Whose").count(), 1, "page {at}: {page}");
            assert!(page.contains(&format!("Page {} of {}", at + 1, found.len())), "{page}");
        }
        for row in 1..=200 {
            let on = |words: &str| found.iter().position(|page| squeezed(page).contains(&squeezed(words)));
            let first = on(&format!("Milestone {row}: finance"));
            assert!(first.is_some(), "row {row}");
            assert_eq!(first, on(&format!("What is reached at {row}.")), "row {row}");
        }
    }
}

#[test]
fn a_row_that_is_taller_than_a_page_goes_on_on_the_next() {
    let long = "Everything that was agreed in the call of the second of March. ".repeat(250);
    let document = of(vec![Block::Table(Table {
        columns: vec![
            Column { head: "What".to_owned(), share: 1.0 },
            Column { head: "Who".to_owned(), share: 1.0 },
        ],
        rows: vec![vec![Text::plain(&long).into(), Text::plain("Ines").into()]],
    })]);
    for paper in PAPERS {
        let pdf = printed(&document, paper);
        let (Some(found), Some(told)) = (pages(&pdf), structure(&pdf)) else { continue };
        assert!(found.len() > 1);
        let told = squeezed(&told).replace('"', "");
        assert_eq!(told.matches("secondofMarch.").count(), 250);
        assert_eq!(told.matches("Ines").count(), 1);
    }
}

#[test]
fn long_words_are_broken_and_nothing_of_them_is_lost() {
    let long = "Donaudampfschifffahrtsgesellschaftskapitän".repeat(20);
    let document = of(vec![
        Block::Heading(long.clone()),
        Block::Table(Table {
            columns: vec![
                Column { head: long.clone(), share: 1.0 },
                Column { head: "Who".to_owned(), share: 3.0 },
            ],
            rows: vec![vec![Cell(vec![Text::strong(&long)]), Text::plain(&long).into()]],
        }),
    ]);
    for paper in PAPERS {
        let pdf = printed(&document, paper);
        // Columns stand side by side, so the order of the page is not the order of the words.
        let Some(told) = structure(&pdf) else { continue };
        assert!(squeezed(&told).replace('"', "").matches(&long).count() >= 4, "{told}");
    }
}

#[test]
fn letters_without_a_shape_are_boxes_that_are_still_the_letters() {
    let names = ["山田太郎", "יעל כהן", "محمد علي", "สมชาย", "🚀", "\u{e000}"];
    let document =
        of(names.iter().map(|name| Block::Text(Text::plain(format!("Owner: {name}, agreed")))).collect());
    finds(&document, &["山田太郎", "สมชาย", "🚀", "Some letters are drawn as their codes."]);
    // Poppler turns what runs from right to left; the letters are all there.
    let found = pages(&printed(&document, Paper::A4)).map(|found| found.concat());
    for letter in "יעלכהןمحمدعلي".chars() {
        assert!(found.as_ref().is_none_or(|found| found.contains(letter)), "{letter}: {found:?}");
    }
    let plain = of(vec![Block::Text(Text::plain("Łódź, Αθήνα, Київ, Việt Nam, naïve, ½ ‘quotes’ → 3 × €"))]);
    finds(&plain, &["Łódź, Αθήνα, Київ, Việt Nam, naïve, ½ ‘quotes’ → 3 × €"]);
    let found = pages(&printed(&plain, Paper::A4)).unwrap_or_default().concat();
    assert!(!found.contains("Some letters"), "{found}");
}

#[test]
fn empty_parts_leave_no_holes_and_an_empty_document_is_one_page() {
    let nothing = Table { columns: Vec::new(), rows: Vec::new() };
    let document = of(vec![
        Block::Text(Text::plain("")),
        Block::List(Vec::new()),
        Block::Facts(vec![Fact { label: String::new(), value: Text::plain("") }]),
        Block::Figures(Vec::new()),
        Block::Entries(vec![Vec::new()]),
        Block::Table(nothing),
        Block::Panel(Tone::Info, Vec::new()),
        Block::Columns(0.5, Vec::new(), Vec::new()),
    ]);
    for document in [document, of(Vec::new())] {
        for paper in PAPERS {
            let pdf = printed(&document, paper);
            assert!(pages(&pdf).is_none_or(|found| found.len() == 1));
        }
    }
}

#[test]
fn a_heading_never_stands_alone_at_the_foot_of_a_page() {
    for lines in 30..60 {
        let mut blocks: Vec<Block> = (0..lines).map(|_| Block::Text(Text::plain("A line."))).collect();
        blocks.push(Block::Heading("Milestones".to_owned()));
        blocks.push(Block::Table(milestones(1)));
        let Some(found) = pages(&printed(&of(blocks), Paper::A4)) else { return };
        let page = found.iter().find(|page| page.contains("Milestones")).unwrap();
        assert!(page.contains("Milestone 1:"), "{lines} lines: {page}");
    }
}

#[test]
fn what_would_never_end_is_refused() {
    let wordy = of(vec![Block::Text(Text::plain("words ".repeat(200_000)))]);
    let lengthy = of((0..30_000).map(|_| Block::Heading("A".to_owned())).collect());
    for document in [wordy, lengthy] {
        assert!(matches!(set(&document, Paper::A4, &fonts()), Err(PrintError::TooLong)));
    }
}

#[test]
fn the_attached_file_stands_in_it_byte_for_byte() {
    let document = everything();
    let pdf = printed(&document, Paper::Letter);
    let bytes = &document.attachment.unwrap().bytes;
    assert_eq!(pdf.windows(bytes.len()).filter(|window| window == bytes).count(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_is_set(words in prop::collection::vec("\\PC{0,60}|[\\x00-\\x7f]{0,40}|[\\u{0}-\\u{10ffff}]{0,30}", 1..8)) {
        let mut blocks = Vec::new();
        for word in &words {
            blocks.push(Block::Heading(word.clone()));
            blocks.push(Block::Text(Text::plain(word)));
            blocks.push(Block::Quote(word.clone(), Some(word.clone())));
            blocks.push(Block::Facts(vec![Fact { label: word.clone(), value: Text::strong(word) }]));
            blocks.push(Block::Table(Table {
                columns: vec![Column { head: word.clone(), share: 1.0 }, Column { head: word.clone(), share: 0.2 }],
                rows: vec![vec![Text::plain(word).into(), Text::muted(word).into()]],
            }));
        }
        let mut document = of(blocks);
        document.head = (words[0].clone(), words.concat());
        document.foot = words.concat();
        document.title = format!("T{}", words[0]);
        prop_assert!(set(&document, Paper::A4, &fonts()).is_ok());
    }
}
