//! The brief on paper: the account on one page, as its page lays it out.

use throughline_app::read::HandoffView;
use throughline_print::{Block, Document, Figure, SpanStyle, Text as Words, Tone};

use super::{sheet, tone};
use crate::{
    i18n::Text,
    key,
    pages::handoff::brief::{
        block::{self, Entry, Part, Told, blocks},
        one_page::{glance, is_empty, next, opened},
    },
    ui,
};

/// The brief.
pub fn document(t: &Text, view: &HandoffView) -> Document {
    let handoff = &view.loaded.handoff;
    let company = &view.loaded.org.name;
    let mut document = sheet(t, company, &t.get(key!("paper-brief")), &handoff.deal.account);
    let worth = handoff.deal.arr.map(|arr| t.with(key!("paper-arr"), ("amount", t.money(arr))).into_owned());
    let deal = std::iter::once(handoff.deal.name.clone()).chain(worth);
    document.subtitle = Some(deal.collect::<Vec<_>>().join(" · "));
    document.at = view.now;
    let args = (
        ("time", t.moment_full(view.now)),
        ("version", view.loaded.version.to_string()),
        ("company", company.as_str()),
    );
    document.foot = t.with(key!("paper-foot"), args).into_owned();
    let figures = glance(t, view).into_iter().map(|one| Figure {
        label: one.label,
        value: one.value,
        note: one.note,
        tone: tone(one.tone),
    });
    document.blocks.push(Block::Figures(figures.collect()));
    let told = if is_empty(view) { Vec::new() } else { blocks(t, view) };
    if told.is_empty() {
        document.blocks.push(Block::Text(Words::muted(t.get(key!("brief-empty")))));
    }
    let (mut left, mut right) = halves(told.iter().map(|one| section(t, one)).collect());
    let (gaps, more) = opened(t, view);
    left.push(Block::Heading(t.get(key!("brief-open")).into_owned()));
    if gaps.is_empty() {
        left.push(Block::Text(Words::muted(t.get(key!("brief-open-none")))));
    } else {
        left.push(Block::Entries(gaps.iter().map(owed).collect()));
    }
    left.extend(more.map(|more| Block::Text(Words::muted(more))));
    let next = next(t, view);
    if !next.is_empty() {
        right.push(Block::Heading(t.get(key!("brief-next")).into_owned()));
        right.push(Block::Entries(next.iter().map(|one| step(t, one)).collect()));
    }
    document.blocks.push(Block::Columns(0.52, left, right));
    document
}

/// Something that waits, why, and for whom.
fn owed(gap: &ui::Gap) -> Vec<Words> {
    let parts = [gap.why.clone(), named(&gap.owes)];
    let about: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    vec![Words::strong(&gap.what), Words::muted(about.join(" · "))]
}

/// Somebody, with what they are.
fn named(person: &ui::Person) -> String {
    person.note.iter().fold(person.name.clone(), |name, note| format!("{name}, {note}"))
}

fn step(t: &Text, step: &ui::Step) -> Vec<Words> {
    let reading = t.get(ui::Shown::key(&step.reading)).into_owned();
    let about: Vec<String> = step.owner.iter().map(named).chain(step.facts.iter().cloned()).collect();
    let first = Words::strong(&step.name).and(format!("  {reading}"), SpanStyle::Muted);
    vec![first, Words::muted(about.join(" · "))]
}

/// A section with how much room it takes, roughly.
fn section(t: &Text, block: &block::Block) -> (usize, Vec<Block>) {
    // Small, so that an account of the usual size is one page.
    let small = |lines: Vec<Words>| -> Vec<Words> { lines.into_iter().map(Words::small).collect() };
    let entries: Vec<Vec<Words>> = block.parts.iter().flat_map(|one| part(t, one)).map(small).collect();
    let letters = |text: &Words| text.spans.iter().map(|span| span.text.len()).sum::<usize>();
    let room = 80 + entries.iter().flatten().map(|text| 45 + letters(text)).sum::<usize>();
    (room, vec![Block::Heading(block.title.clone()), Block::Entries(entries)])
}

/// In two columns of about one length, in the playbook's order.
fn halves(sections: Vec<(usize, Vec<Block>)>) -> (Vec<Block>, Vec<Block>) {
    let half = sections.iter().map(|(room, _)| room).sum::<usize>() / 2;
    let (mut left, mut right, mut taken) = (Vec::new(), Vec::new(), 0);
    for (room, blocks) in sections {
        // Whatever lies across the middle goes to where more of it is.
        let side = if taken + room / 2 <= half || left.is_empty() { &mut left } else { &mut right };
        side.extend(blocks);
        taken += room;
    }
    (left, right)
}

fn part(t: &Text, part: &Part) -> Vec<Vec<Words>> {
    match part {
        Part::Facts(facts) => facts.iter().map(|(question, text)| vec![fact(question, text)]).collect(),
        Part::Told(told) => vec![self::told(told)],
        Part::Entries(entries) => {
            let more = entries.more.iter().map(|(text, _)| vec![Words::muted(text)]);
            entries.first.iter().map(entry).chain(more).collect()
        }
        Part::Missing(questions) => {
            questions.iter().map(|(question, _)| vec![missing(t, question)]).collect()
        }
    }
}

/// Question and answer in one line, where they fit on one.
fn fact(question: &str, text: &str) -> Words {
    Words::muted(question).and(format!("  {text}"), SpanStyle::Plain)
}

fn missing(t: &Text, question: &str) -> Words {
    Words::plain(question).and(format!("  {}", t.get(key!("paper-missing"))), SpanStyle::Tone(Tone::Warn))
}

fn told(told: &Told) -> Vec<Words> {
    let text = if told.quoted { format!("“{}”", told.text) } else { told.text.clone() };
    let mut lines = vec![Words::muted(&told.question), Words::plain(text)];
    lines.extend(told.by.iter().map(Words::muted));
    lines
}

fn entry(entry: &Entry) -> Vec<Words> {
    let title = if entry.quoted { format!("“{}”", entry.title) } else { entry.title.clone() };
    let mut first = Words::strong(title);
    if let Some((held, _, text)) = &entry.state {
        first = first.and(format!("  {text}"), SpanStyle::Tone(tone(*held)));
    }
    let mut lines = vec![first];
    if !entry.facts.is_empty() {
        lines.push(Words::muted(entry.facts.join(" · ")));
    }
    for (label, text) in &entry.notes {
        lines.push(Words::muted(label).and(format!(" {text}"), SpanStyle::Plain));
    }
    lines.extend(entry.said.iter().map(|said| Words::plain(format!("“{said}”")).small()));
    lines.extend(entry.by.iter().map(Words::muted));
    lines
}
