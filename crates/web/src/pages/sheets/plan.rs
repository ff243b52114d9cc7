//! The mutual success plan as it stands: what both sides know of it, and nothing either keeps to itself.

use jiff::{Timestamp, civil::Date};
use throughline_app::{portal::PortalView, read::HandoffView};
use throughline_domain::record::{Body, Side};
use throughline_print::{Block, Cell, Column, Document, Fact, Table, Text as Words, Tone};

use super::sheet;
use crate::{i18n::Text, key, pages::words::word};

/// A plan, to be set.
pub struct PlanSheet {
    company: String,
    account: String,
    at: Timestamp,
    imprint: String,
    tone: Tone,
    state: String,
    about: Option<String>,
    goals: Vec<Goal>,
    milestones: Vec<Milestone>,
    prerequisites: Vec<(String, Option<Timestamp>)>,
}

/// What success is.
pub struct Goal {
    /// In their words.
    pub words: String,
    /// How they measure it.
    pub measure: Option<String>,
    /// By when.
    pub by: Option<Date>,
}

/// What is reached.
pub struct Milestone {
    /// What.
    pub title: String,
    /// Whose it is.
    pub side: Side,
    /// Who owns it.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<Date>,
    /// When it was.
    pub reached: Option<Date>,
}

/// As the staff see it; none while it is not open.
pub fn of_handoff(t: &Text, view: &HandoffView) -> Option<PlanSheet> {
    let handoff = &view.loaded.handoff;
    let plan = handoff.plan.as_ref()?;
    let goals = handoff.record.items.values().filter_map(|item| match &item.body {
        Body::Criterion(goal) => Some(Goal {
            words: goal.words.to_string(),
            measure: goal.measure.as_ref().map(ToString::to_string),
            by: goal.by_on,
        }),
        _ => None,
    });
    let asked = view.loaded.playbook.iter().flat_map(|playbook| &playbook.plan.prerequisites);
    let agreed = plan.confirmed.as_ref().map(|done| (word(t, done.form), done.at));
    let (tone, state, about) = stands(t, agreed, plan.first_confirmed_at.is_some(), view.now);
    Some(PlanSheet {
        company: view.loaded.org.name.clone(),
        account: handoff.deal.account.clone(),
        at: view.now,
        imprint: plan.imprint(),
        goals: goals.collect(),
        milestones: plan
            .by_due()
            .into_iter()
            .map(|(_, one)| Milestone {
                title: one.title.to_string(),
                side: one.side,
                owner: one.owner.as_ref().map(ToString::to_string),
                due: one.due_on,
                reached: one.reached_on,
            })
            .collect(),
        prerequisites: asked
            .map(|one| (one.label.clone(), plan.prerequisites.get(&one.id).map(|held| held.at)))
            .collect(),
        tone,
        state,
        about,
    })
}

/// As the customer sees it; none while it is not open.
pub fn of_portal(t: &Text, view: &PortalView, now: Timestamp) -> Option<PlanSheet> {
    let plan = view.plan.as_ref()?;
    let agreed = plan.confirmed.as_ref().map(|done| (word(t, done.form), done.at));
    let (tone, state, about) = stands(t, agreed, false, now);
    Some(PlanSheet {
        company: view.company.clone(),
        account: view.account.clone(),
        at: now,
        imprint: plan.imprint.clone(),
        goals: view
            .criteria
            .iter()
            .map(|one| Goal { words: one.words.clone(), measure: one.measure.clone(), by: one.by_on })
            .collect(),
        milestones: plan
            .milestones
            .iter()
            .map(|one| Milestone {
                title: one.title.clone(),
                side: one.side,
                owner: one.owner.clone(),
                due: one.due_on,
                reached: one.reached_on,
            })
            .collect(),
        prerequisites: plan.prerequisites.iter().map(|one| (one.label.clone(), one.committed_at)).collect(),
        tone,
        state,
        about,
    })
}

/// How it stands: agreed on, or not; and what that means.
fn stands(
    t: &Text,
    agreed: Option<(String, Timestamp)>,
    before: bool,
    now: Timestamp,
) -> (Tone, String, Option<String>) {
    if let Some((how, at)) = agreed {
        let state = t.with(key!("paper-plan-agreed"), (("how", how), ("time", t.moment_full(at))));
        return (Tone::Good, state.into_owned(), None);
    }
    let state = if before { key!("paper-plan-changed") } else { key!("paper-plan-draft") };
    let about = t.with(key!("paper-plan-draft-text"), ("time", t.moment_full(now)));
    (Tone::Warn, t.get(state).into_owned(), Some(about.into_owned()))
}

impl PlanSheet {
    /// On paper.
    pub fn document(&self, t: &Text) -> Document {
        let mut document = sheet(t, &self.company, &t.get(key!("paper-plan")), &self.account);
        let both = (("company", self.company.as_str()), ("account", self.account.as_str()));
        document.subtitle = Some(t.with(key!("paper-plan-of"), both).into_owned());
        document.at = self.at;
        let args = (("time", t.moment_full(self.at)), ("imprint", self.imprint.as_str()));
        document.foot = t.with(key!("paper-foot-plan"), args).into_owned();
        let mut state = vec![Block::Text(Words::strong(&self.state))];
        state.extend(self.about.iter().map(|about| Block::Text(Words::plain(about).small())));
        document.blocks.push(Block::Panel(self.tone, state));
        document.blocks.extend(goals(t, &self.goals));
        document.blocks.extend(milestones(t, &self.milestones, (&self.company, &self.account), true));
        if !self.prerequisites.is_empty() {
            let heading = t.with(key!("paper-prerequisites"), ("account", self.account.as_str()));
            document.blocks.push(Block::Heading(heading.into_owned()));
            let said = |(label, at): &(String, Option<Timestamp>)| Fact {
                label: label.clone(),
                value: match at {
                    Some(at) => {
                        let date = t.date(t.local_date(*at));
                        Words::toned(t.with(key!("paper-committed"), ("date", date)), Tone::Good)
                    }
                    None => Words::plain(t.get(key!("paper-not-committed"))),
                },
            };
            document.blocks.push(Block::Facts(self.prerequisites.iter().map(said).collect()));
        }
        document
    }
}

/// What success is, in the customer's words.
pub fn goals(t: &Text, goals: &[Goal]) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(t.get(key!("paper-goals")).into_owned())];
    if goals.is_empty() {
        blocks.push(Block::Text(Words::muted(t.get(key!("paper-goals-none")))));
    }
    for goal in goals {
        let measure =
            goal.measure.as_ref().map(|how| t.with(key!("paper-goal-measure"), ("measure", how.as_str())));
        let by = goal.by.map(|by| t.with(key!("paper-goal-by"), ("date", t.date(by))));
        let how: Vec<_> = measure.into_iter().chain(by).collect();
        blocks.push(Block::Quote(goal.words.clone(), (!how.is_empty()).then(|| how.join(" · "))));
    }
    blocks
}

/// What is reached, by whom, by when. The sides are called by their names.
pub fn milestones(
    t: &Text,
    milestones: &[Milestone],
    (company, account): (&str, &str),
    reached: bool,
) -> Vec<Block> {
    let heading = Block::Heading(t.get(key!("paper-milestones")).into_owned());
    if milestones.is_empty() {
        return vec![heading, Block::Text(Words::muted(t.get(key!("paper-milestones-none"))))];
    }
    let column = |key: crate::i18n::Key, share| Column { head: t.get(key).into_owned(), share };
    let mut columns = vec![
        column(key!("paper-milestone"), 4.2),
        column(key!("paper-side"), 2.2),
        column(key!("paper-owner"), 2.0),
        column(key!("paper-due"), 1.5),
    ];
    columns.extend(reached.then(|| column(key!("paper-reached"), 1.5)));
    let none = || Cell::from(Words::muted(t.get(key!("paper-none"))));
    let row = |one: &Milestone| {
        let side = match one.side {
            Side::Us => company.to_owned(),
            Side::Customer => account.to_owned(),
            Side::Partner => t.get(key!("paper-partner")).into_owned(),
        };
        let date = |on: Option<Date>| on.map_or_else(none, |on| Words::plain(t.date(on)).into());
        let owner = one.owner.as_ref().map_or_else(none, |owner| Words::plain(owner).into());
        let mut cells =
            vec![Words::strong(&one.title).into(), Words::plain(side).into(), owner, date(one.due)];
        cells.extend(reached.then(|| date(one.reached)));
        cells
    };
    vec![heading, Block::Table(Table { columns, rows: milestones.iter().map(row).collect() })]
}
