//! The kickoff's agenda on paper: the CSM's own sheet, visibly incomplete where the record is.

use throughline_app::read::HandoffView;
use throughline_domain::{handoff::meeting::meeting, playbook::StepKind};
use throughline_print::{Block, Document, SpanStyle, Text as Words, Tone};

use super::{
    plan::{Milestone, milestones},
    sheet,
};
use crate::{
    i18n::Text,
    key,
    pages::handoff::{
        brief::agenda::{Line, Part, parts},
        frame::role,
    },
};

/// The agenda.
pub fn document(t: &Text, view: &HandoffView) -> Document {
    let handoff = &view.loaded.handoff;
    let company = &view.loaded.org.name;
    let playbook = view.loaded.playbook.as_ref();
    let step = playbook.and_then(|playbook| playbook.step_of(StepKind::Kickoff));
    let planned = playbook.zip(step).and_then(|(playbook, step)| meeting(handoff, playbook, &step.id.value));
    let mut document = sheet(t, company, &t.get(key!("paper-agenda")), &handoff.deal.account);
    let when = planned.as_ref().map_or_else(
        || t.get(key!("agenda-no-date")).into_owned(),
        |planned| t.moment_full(planned.starts_at),
    );
    let whole: u32 = playbook.iter().flat_map(|one| &one.agenda).map(|part| u32::from(part.minutes)).sum();
    let minutes = (whole > 0).then(|| t.with(key!("steps-minutes"), ("n", whole)).into_owned());
    let place = planned.and_then(|planned| planned.place.map(|place| place.to_string()));
    let about: Vec<String> = std::iter::once(when).chain(minutes).chain(place).collect();
    document.subtitle = Some(about.join(" · "));
    document.at = view.now;
    let args = (
        ("time", t.moment_full(view.now)),
        ("version", view.loaded.version.to_string()),
        ("company", company.as_str()),
    );
    document.foot = t.with(key!("paper-foot"), args).into_owned();
    let owners =
        step.into_iter().flat_map(|step| std::iter::once(step.owner).chain(step.with.iter().copied()));
    let who: Vec<String> = owners
        .filter_map(|one| Some(format!("{}, {}", view.name(handoff.holder(one)?), role(t, one))))
        .collect();
    if !who.is_empty() {
        let label = format!("{}  ", t.get(key!("paper-agenda-who")));
        document.blocks.push(Block::Text(Words::muted(label).and(who.join(" · "), SpanStyle::Plain)));
    }
    let parts = parts(t, view);
    if parts.is_empty() {
        document.blocks.push(Block::Text(Words::muted(t.get(key!("paper-agenda-empty")))));
    }
    for part in parts {
        document.blocks.push(Block::Rule);
        document.blocks.push(laid(t, part));
    }
    document.blocks.extend(plan(t, view));
    document
}

/// A part: its minutes, and beside them what happens.
fn laid(t: &Text, part: Part) -> Block {
    let time = vec![Block::Text(Words::strong(part.minutes)), Block::Text(Words::muted(part.span))];
    let mut said = vec![Block::Heading(part.title)];
    if !part.about.is_empty() {
        said.push(Block::Text(Words::muted(part.about)));
    }
    let lines = part.lines.iter().map(|one| line(t, one)).collect();
    said.push(Block::Entries(lines));
    Block::Columns(0.16, time, said)
}

fn line(t: &Text, line: &Line) -> Vec<Words> {
    if line.answers.is_empty() {
        let missing = format!("  {}", t.get(key!("paper-missing")));
        return vec![Words::plain(&line.question).and(missing, SpanStyle::Tone(Tone::Warn))];
    }
    let mut lines = vec![Words::muted(&line.question)];
    let many = line.answers.len() > 1;
    let answer = |answer: &String| Words::plain(if many { format!("• {answer}") } else { answer.clone() });
    lines.extend(line.answers.iter().map(answer));
    lines
}

/// The plan so far: the kickoff works on it.
fn plan(t: &Text, view: &HandoffView) -> Vec<Block> {
    let handoff = &view.loaded.handoff;
    let Some(plan) = handoff.plan.as_ref().filter(|plan| !plan.milestones.is_empty()) else {
        return Vec::new();
    };
    let all: Vec<Milestone> = plan
        .by_due()
        .into_iter()
        .map(|(_, one)| Milestone {
            title: one.title.to_string(),
            side: one.side,
            owner: one.owner.as_ref().map(ToString::to_string),
            due: one.due_on,
            reached: one.reached_on,
        })
        .collect();
    milestones(t, &all, (&view.loaded.org.name, &handoff.deal.account), true)
}
