//! The guided walk as a panel above the page: the next step with its way there, and all of them.
//!
//! What is done is read from the handoffs. That somebody hid the walk or left a step out is kept in a cookie: it is theirs
//! and this browser's, and nothing of it is a fact. Absent on purpose: scripts.

use throughline_sample::walk::{Part, Task, Walk};

use crate::{
    i18n::{Key, Text},
    key,
};

/// The longest list of steps left out that is read from a cookie.
const MOST_LEFT_OUT: usize = 30;

/// What somebody chose about their walk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WalkWish {
    /// It is not to be seen.
    pub hidden: bool,
    /// Steps they pass over.
    pub left_out: Vec<Task>,
}

impl WalkWish {
    /// The cookie's name.
    pub const COOKIE: &str = "throughline_walk";

    /// What a cookie says; nothing chosen, where it says nothing readable.
    pub fn from_value(value: &str) -> Self {
        let mut parts = value.split('.').take(MOST_LEFT_OUT);
        let hidden = parts.next() == Some("hidden");
        Self { hidden, left_out: parts.filter_map(Task::named).collect() }
    }

    /// The cookie's value.
    pub fn value(&self) -> String {
        let first = if self.hidden { "hidden" } else { "shown" };
        let names = self.left_out.iter().map(|task| task.name());
        std::iter::once(first).chain(names).collect::<Vec<_>>().join(".")
    }

    /// The header that keeps it, for as long as a browser keeps a session's choices.
    pub fn set_cookie(&self) -> String {
        format!("{}={}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax", Self::COOKIE, self.value())
    }
}

/// One line of the list of all steps.
#[derive(Debug, Clone)]
pub struct WalkLine {
    /// What is to be done.
    pub text: String,
    /// Where.
    pub place: String,
    /// Its name, for forms.
    pub task: &'static str,
    /// Whether it is done.
    pub done: bool,
    /// Whether it is passed over.
    pub left_out: bool,
    /// Whether it is the next.
    pub next: bool,
}

/// The panel.
#[derive(Debug, Clone)]
pub struct WalkPanel {
    /// Whose walk it is.
    pub title: String,
    /// How far it is: `2 of 5`.
    pub count: String,
    /// The next step; none: everything is done or passed over.
    pub next: Option<WalkLine>,
    /// What is said when nothing is left.
    pub end: String,
    /// All steps.
    pub lines: Vec<WalkLine>,
}

impl WalkPanel {
    /// The panel of a walk, for who chose so.
    pub fn of(t: &Text, walk: &Walk, wish: &WalkWish) -> Self {
        let left_out = |task| wish.left_out.contains(&task);
        let next = walk.next(left_out);
        let all = walk.steps.len();
        let lines: Vec<WalkLine> = walk
            .steps
            .iter()
            .enumerate()
            .map(|(at, step)| WalkLine {
                text: t.with(task_key(step.task), ("account", step.account.as_str())).into_owned(),
                place: step.place.clone(),
                task: step.task.name(),
                done: step.done,
                left_out: !step.done && left_out(step.task),
                next: next.is_some_and(|(next, _)| next == at),
            })
            .collect();
        let at = next.map_or(all, |(at, _)| at + 1);
        let end = if walk.done() == all { key!("walk-end-all") } else { key!("walk-end-some") };
        Self {
            title: t.get(part_key(walk.part)).into_owned(),
            count: t.with(key!("walk-count"), (("at", at), ("all", all))).into_owned(),
            next: lines.iter().find(|line| line.next).cloned(),
            end: t.with(end, (("done", walk.done()), ("all", all))).into_owned(),
            lines,
        }
    }
}

fn part_key(part: Part) -> Key {
    match part {
        Part::Ae => key!("walk-part-ae"),
        Part::Csm => key!("walk-part-csm"),
        Part::Se => key!("walk-part-se"),
        Part::DealDesk => key!("walk-part-deal-desk"),
        Part::Product => key!("walk-part-product"),
        Part::ProcessOwner => key!("walk-part-process-owner"),
        Part::CsLeader => key!("walk-part-cs-leader"),
        Part::AeManager => key!("walk-part-ae-manager"),
        Part::SalesLeader => key!("walk-part-sales-leader"),
        Part::Customer => key!("walk-part-customer"),
    }
}

fn task_key(task: Task) -> Key {
    match task {
        Task::NameSponsor => key!("walk-name-sponsor"),
        Task::NoteRisks => key!("walk-note-risks"),
        Task::SayWhyUs => key!("walk-say-why-us"),
        Task::PassGate => key!("walk-pass-gate"),
        Task::Offer => key!("walk-offer"),
        Task::BeOffered => key!("walk-be-offered"),
        Task::MarkScorecard => key!("walk-mark-scorecard"),
        Task::AskAe => key!("walk-ask-ae"),
        Task::Accept => key!("walk-accept"),
        Task::PlanCall => key!("walk-plan-call"),
        Task::ApprovePromise => key!("walk-approve-promise"),
        Task::CounterPromise => key!("walk-counter-promise"),
        Task::DeclinePromise => key!("walk-decline-promise"),
        Task::LeaveNoneWaiting => key!("walk-leave-none-waiting"),
        Task::NameIntegrations => key!("walk-name-integrations"),
        Task::NoteDataMoves => key!("walk-note-data-moves"),
        Task::SayConstraints => key!("walk-say-constraints"),
        Task::ApproveFeature => key!("walk-approve-feature"),
        Task::CounterFeature => key!("walk-counter-feature"),
        Task::DeclineFeature => key!("walk-decline-feature"),
        Task::SettleFeature => key!("walk-settle-feature"),
        Task::AnswerQuestion => key!("walk-answer-question"),
        Task::AskGate => key!("walk-ask-gate"),
        Task::SeatEngineer => key!("walk-seat-engineer"),
        Task::DecideWaiver => key!("walk-decide-waiver"),
        Task::AskWaiver => key!("walk-ask-waiver"),
        Task::NameNextAe => key!("walk-name-next-ae"),
        Task::Nominate => key!("walk-nominate"),
        Task::PlanIntroduction => key!("walk-plan-introduction"),
        Task::ConfirmGoals => key!("walk-confirm-goals"),
        Task::CommentPlan => key!("walk-comment-plan"),
        Task::ProposeMilestone => key!("walk-propose-milestone"),
        Task::SignPlan => key!("walk-sign-plan"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use throughline_sample::walk::Step;

    use super::*;
    use crate::i18n::Locale;

    fn walk(done: &[bool]) -> Walk {
        let tasks = [Task::NameSponsor, Task::NoteRisks, Task::SayWhyUs, Task::PassGate, Task::Offer];
        let step = |(task, done): (&Task, &bool)| Step {
            task: *task,
            account: "Halden Logistics".to_owned(),
            place: "/handoffs/1".to_owned(),
            done: *done,
        };
        Walk { part: Part::Ae, steps: tasks.iter().zip(done).map(step).collect() }
    }

    fn panel(done: &[bool], wish: &WalkWish) -> WalkPanel {
        WalkPanel::of(&Text::new(Locale::En, TimeZone::UTC), &walk(done), wish)
    }

    #[test]
    fn the_panel_names_the_next_step_and_its_place_among_all() {
        let begun = panel(&[true, false, false, false, false], &WalkWish::default());
        assert_eq!(begun.count, "2 of 5:");
        let next = begun.next.unwrap();
        assert_eq!(next.task, "note-risks");
        assert!(next.text.contains("Halden Logistics"), "{}", next.text);
        assert!(panel(&[true; 5], &WalkWish::default()).next.is_none());
    }

    #[test]
    fn a_step_left_out_is_passed_over_until_it_is_done() {
        let wish = WalkWish { hidden: false, left_out: vec![Task::NoteRisks] };
        let shown = panel(&[true, false, false, false, false], &wish);
        assert_eq!(shown.next.unwrap().task, "say-why-us");
        assert!(shown.lines[1].left_out);
        assert!(!panel(&[true, true, false, false, false], &wish).lines[1].left_out);
    }

    #[test]
    fn a_wish_comes_back_from_its_cookie_and_nonsense_is_none() {
        let wish = WalkWish { hidden: true, left_out: vec![Task::Offer, Task::AskAe] };
        assert_eq!(WalkWish::from_value(&wish.value()), wish);
        assert_eq!(WalkWish::from_value("..<script>.x"), WalkWish::default());
        assert_eq!(WalkWish::from_value(""), WalkWish::default());
    }
}
