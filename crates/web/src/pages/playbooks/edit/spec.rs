//! What can be edited in forms: the parts of a playbook, and of each its fields with the control that suits it.
//!
//! One table, read in both directions: a form is filled by it and changes are read back by it. What stands in no row
//! here is edited in the text beside.

use throughline_domain::playbook::edit::{Turn, Way};

use crate::{i18n::Key, key};

/// A part of a playbook that has a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Head,
    Promises,
    Offer,
    Scorecard,
    Plan,
    Escalation,
    Measurement,
    Section,
    Ask,
    Gate,
    Step,
    Form,
    Route,
    PromiseRoute,
    Category,
    Rating,
    Agenda,
    Milestone,
    Rung,
    Tier,
}

/// What a list of choices is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    Role,
    AskKind,
    CrmField,
    StakeholderRole,
    PromiseKind,
    Need,
    Moment,
    StepKind,
    Way,
    Csm,
    Transfer,
    Marked,
    Effect,
    Side,
    Told,
    CompleteBefore,
    Gate,
    Categories,
    Asks,
    Steps,
    Ratings,
    Demands,
}

/// What it means that a rule is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// It always holds.
    Always,
    /// It never does.
    Never,
    /// It cannot be left out.
    Not,
}

/// The control of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A name in data.
    Id,
    Line,
    Area,
    /// With what is meant where it is left out.
    Number(&'static str),
    Flag,
    /// One of a list; the text is what is meant where it is left out.
    Pick(Pick, &'static str),
    Ticks(Pick),
    /// A text a line.
    Lines,
    /// Names in data with what is shown.
    Pairs,
    Rule {
        promise: bool,
        routed: bool,
        absent: Absent,
    },
    /// `required` and `required_when` in one.
    Required,
    Span,
    /// How often: at least, at most.
    Times,
    Due,
    /// Cannot be changed here.
    Fixed(Pick),
}

/// A field of a part.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    pub key: &'static str,
    pub label: Key,
    pub hint: Option<Key>,
    pub kind: Kind,
    /// Whether the key may be left out.
    pub optional: bool,
}

const fn must(key: &'static str, label: Key, kind: Kind) -> Spec {
    Spec { key, label, hint: None, kind, optional: false }
}

const fn may(key: &'static str, label: Key, kind: Kind) -> Spec {
    Spec { key, label, hint: None, kind, optional: true }
}

impl Spec {
    const fn hint(self, hint: Key) -> Self {
        Self { hint: Some(hint), ..self }
    }
}

const ID: Spec = must("id", key!("editor-id"), Kind::Id).hint(key!("editor-id-hint"));
const WHEN: Kind = Kind::Rule { promise: false, routed: true, absent: Absent::Always };

impl Part {
    /// The part a way leads to, where it has a form.
    pub fn at(way: &Way) -> Option<Part> {
        let turns: Vec<&str> = way
            .0
            .iter()
            .map(|turn| match turn {
                Turn::Key(key) => key.as_str(),
                Turn::Nth(_) => "*",
            })
            .collect();
        Some(match turns.as_slice() {
            [] => Part::Head,
            ["promises"] => Part::Promises,
            ["offer"] => Part::Offer,
            ["scorecard"] => Part::Scorecard,
            ["plan"] => Part::Plan,
            ["escalation"] => Part::Escalation,
            ["measurement"] => Part::Measurement,
            [list @ .., "*"] => Part::of_list(list)?,
            _ => return None,
        })
    }

    fn of_list(turns: &[&str]) -> Option<Part> {
        Some(match turns {
            ["sections"] => Part::Section,
            ["sections", "*", "asks"] => Part::Ask,
            ["gates"] => Part::Gate,
            ["steps"] => Part::Step,
            ["steps", "*", "forms"] => Part::Form,
            ["routes"] => Part::Route,
            ["promises", "routing"] => Part::PromiseRoute,
            ["scorecard", "categories"] => Part::Category,
            ["ratings"] => Part::Rating,
            ["agenda"] => Part::Agenda,
            ["plan", "milestones"] => Part::Milestone,
            ["escalation", "ladder"] => Part::Rung,
            ["measurement", "tiers"] => Part::Tier,
            _ => return None,
        })
    }

    /// The items of a list at a way.
    pub fn in_list(list: &Way) -> Option<Part> {
        Part::at(&list.nth(0))
    }

    /// What one of it is called.
    pub fn name(self) -> Key {
        match self {
            Part::Head => key!("editor-part-head"),
            Part::Promises => key!("editor-part-promises"),
            Part::Offer => key!("editor-part-offer"),
            Part::Scorecard => key!("editor-part-scorecard"),
            Part::Plan => key!("editor-part-plan"),
            Part::Escalation => key!("editor-part-escalation"),
            Part::Measurement => key!("editor-part-measurement"),
            Part::Section => key!("editor-part-section"),
            Part::Ask => key!("editor-part-ask"),
            Part::Gate => key!("editor-part-gate"),
            Part::Step => key!("editor-part-step"),
            Part::Form => key!("editor-part-form"),
            Part::Route => key!("editor-part-route"),
            Part::PromiseRoute => key!("editor-part-promise-route"),
            Part::Category => key!("editor-part-category"),
            Part::Rating => key!("editor-part-rating"),
            Part::Agenda => key!("editor-part-agenda"),
            Part::Milestone => key!("editor-part-milestone"),
            Part::Rung => key!("editor-part-rung"),
            Part::Tier => key!("editor-part-tier"),
        }
    }

    /// The button that adds one.
    pub fn adding(self) -> Key {
        match self {
            Part::Section => key!("editor-add-section"),
            Part::Ask => key!("editor-add-ask"),
            Part::Gate => key!("editor-add-gate"),
            Part::Step => key!("editor-add-step"),
            Part::Form => key!("editor-add-form"),
            Part::Route => key!("editor-add-route"),
            Part::PromiseRoute => key!("editor-add-promise-route"),
            Part::Category => key!("editor-add-category"),
            Part::Rating => key!("editor-add-rating"),
            Part::Agenda => key!("editor-add-agenda"),
            Part::Milestone => key!("editor-add-milestone"),
            Part::Rung => key!("editor-add-rung"),
            _ => key!("editor-add-tier"),
        }
    }

    /// The key that says which one it is.
    pub fn named_by(self) -> Option<&'static str> {
        match self {
            Part::Gate => Some("gate"),
            Part::Form => Some("form"),
            Part::Section
            | Part::Ask
            | Part::Step
            | Part::Route
            | Part::Category
            | Part::Rating
            | Part::Tier => Some("id"),
            _ => None,
        }
    }

    /// The key a reader knows it by.
    pub fn titled_by(self) -> &'static str {
        match self {
            Part::Ask => "ask",
            Part::Route | Part::PromiseRoute => "because",
            Part::Gate => "gate",
            Part::Rung => "tell",
            _ => "title",
        }
    }

    /// Its fields, in the order of the file.
    pub fn fields(self) -> &'static [Spec] {
        match self {
            Part::Head => HEAD,
            Part::Promises => PROMISES,
            Part::Offer => OFFER,
            Part::Scorecard => SCORECARD,
            Part::Plan => PLAN,
            Part::Escalation => ESCALATION,
            Part::Measurement => MEASUREMENT,
            Part::Section => SECTION,
            Part::Ask => ASK,
            Part::Gate => GATE,
            Part::Step => STEP,
            Part::Form => FORM,
            Part::Route => ROUTE,
            Part::PromiseRoute => PROMISE_ROUTE,
            Part::Category => CATEGORY,
            Part::Rating => RATING,
            Part::Agenda => AGENDA,
            Part::Milestone => MILESTONE,
            Part::Rung => RUNG,
            Part::Tier => TIER,
        }
    }
}

const HEAD: &[Spec] = &[
    must("title", key!("editor-title"), Kind::Line),
    must("about", key!("editor-head-about"), Kind::Area),
    must("process_owner", key!("playbook-process-owner"), Kind::Pick(Pick::Role, "")),
    must(
        "opens_when",
        key!("playbook-opens"),
        Kind::Rule { promise: false, routed: false, absent: Absent::Not },
    ),
    must("transfer_on", key!("playbook-transfer"), Kind::Pick(Pick::Transfer, "")),
    must("required_at_most", key!("editor-at-most"), Kind::Number("")).hint(key!("editor-at-most-hint")),
];
const PROMISES: &[Spec] = &[
    must("decide_within", key!("editor-decide-within"), Kind::Span),
    must("escalate_to", key!("editor-undecided-to"), Kind::Pick(Pick::Role, "")),
];
const OFFER: &[Spec] = &[
    must("refusal_codes", key!("playbook-refusal"), Kind::Pairs),
    must("escalate_to", key!("playbook-unanswered"), Kind::Pick(Pick::Role, "")),
    must("second_return_to", key!("playbook-second-return"), Kind::Ticks(Pick::Role)),
];
const SCORECARD: &[Spec] = &[must("escalate_to", key!("editor-unreviewed-to"), Kind::Pick(Pick::Role, ""))];
const PLAN: &[Spec] = &[must("prerequisites", key!("playbook-prerequisites"), Kind::Pairs)];
const ESCALATION: &[Spec] =
    &[must("remind_before", key!("editor-remind-before"), Kind::Lines).hint(key!("editor-remind-hint"))];
const MEASUREMENT: &[Spec] = &[
    must("first_value_within", key!("playbook-first-value"), Kind::Span),
    must("pattern_from", key!("playbook-pattern"), Kind::Number("")),
    may("complete_before", key!("playbook-complete-before"), Kind::Pick(Pick::CompleteBefore, "handoff")),
];
const SECTION: &[Spec] = &[
    ID,
    must("title", key!("editor-heading"), Kind::Line),
    may("about", key!("editor-about"), Kind::Area).hint(key!("editor-section-about-hint")),
];
const ASK: &[Spec] = &[
    ID,
    must("ask", key!("editor-question"), Kind::Line),
    may("help", key!("editor-help"), Kind::Area).hint(key!("editor-help-hint")),
    must("type", key!("playbook-answer"), Kind::Pick(Pick::AskKind, "")),
    may("many", key!("editor-many"), Kind::Flag),
    may("options", key!("editor-options"), Kind::Pairs).hint(key!("editor-options-hint")),
    may("role", key!("editor-part-of"), Kind::Pick(Pick::StakeholderRole, "")),
    may("kinds", key!("editor-kinds"), Kind::Ticks(Pick::PromiseKind)),
    may("needs", key!("editor-needs"), Kind::Ticks(Pick::Need)),
    may("min", key!("editor-min"), Kind::Number("1")),
    may("allow_none", key!("editor-allow-none"), Kind::Flag),
    may("filled_by", key!("playbook-filled-by"), Kind::Pick(Pick::Role, "ae")),
    may("from_crm", key!("playbook-from-crm"), Kind::Pick(Pick::CrmField, "")),
    must("used_by", key!("playbook-used-by"), Kind::Ticks(Pick::Role)),
    may("required", key!("playbook-required"), Kind::Required),
    may("category", key!("playbook-reviewed-as"), Kind::Pick(Pick::Categories, "")),
];
const GATE: &[Spec] = &[
    must("gate", key!("editor-gate"), Kind::Fixed(Pick::Gate)),
    must("demands", key!("editor-demands"), Kind::Ticks(Pick::Demands)),
    must("waived_by", key!("playbook-waived-by"), Kind::Ticks(Pick::Role)),
    must("waiver_lasts", key!("playbook-waiver-lasts"), Kind::Span),
];
const STEP: &[Spec] = &[
    ID,
    must("title", key!("editor-title"), Kind::Line),
    must("kind", key!("editor-step-kind"), Kind::Pick(Pick::StepKind, "")),
    may("about", key!("editor-about"), Kind::Area),
    must("owner", key!("playbook-owner"), Kind::Pick(Pick::Role, "")),
    may("with", key!("playbook-with"), Kind::Ticks(Pick::Role)),
    may("minutes", key!("editor-minutes"), Kind::Number("")),
    may("times", key!("playbook-often"), Kind::Times).hint(key!("editor-times-hint")),
    may("due", key!("playbook-clock"), Kind::Due),
    may("confirmed_by_receiver", key!("editor-received"), Kind::Flag),
    may("until", key!("playbook-until"), Kind::Pick(Pick::Moment, "")),
    may("confirms", key!("playbook-confirms"), Kind::Ticks(Pick::Steps)),
    may("when", key!("playbook-only-when"), WHEN),
    may("rating", key!("editor-which-rating"), Kind::Pick(Pick::Ratings, "")),
    may("agenda", key!("editor-agenda"), Kind::Lines).hint(key!("editor-lines-hint")),
    may("outcomes", key!("editor-outcomes"), Kind::Pairs),
];
const FORM: &[Spec] = &[
    must("form", key!("editor-id"), Kind::Id).hint(key!("editor-id-hint")),
    must("title", key!("editor-title"), Kind::Line),
    may("when", key!("editor-allowed-when"), WHEN),
    may(
        "required_when",
        key!("editor-form-required"),
        Kind::Rule { promise: false, routed: true, absent: Absent::Never },
    ),
];
const ROUTE: &[Spec] = &[
    ID,
    may("when", key!("playbook-when"), Kind::Rule { promise: false, routed: false, absent: Absent::Always }),
    must("take", key!("playbook-takes-way"), Kind::Pick(Pick::Way, "")),
    may("variant", key!("playbook-variant"), Kind::Id).hint(key!("editor-variant-hint")),
    may("csm", key!("editor-csm"), Kind::Pick(Pick::Csm, "named")),
    must("because", key!("editor-because"), Kind::Area).hint(key!("editor-because-hint")),
];
const PROMISE_ROUTE: &[Spec] = &[
    may("when", key!("playbook-when"), Kind::Rule { promise: true, routed: true, absent: Absent::Always }),
    must("to", key!("playbook-decides"), Kind::Pick(Pick::Role, "")),
    must("because", key!("editor-because"), Kind::Area).hint(key!("editor-because-hint")),
];
const CATEGORY: &[Spec] = &[
    ID,
    must("title", key!("editor-title"), Kind::Line),
    must("question", key!("editor-question"), Kind::Area),
    must("when", key!("playbook-marked"), Kind::Pick(Pick::Marked, "")),
    may("unclear", key!("editor-unclear"), Kind::Pick(Pick::Effect, "returns")),
    may("partial", key!("editor-partial"), Kind::Pick(Pick::Effect, "follow_up")),
];
const RATING: &[Spec] = &[
    ID,
    must("title", key!("editor-title"), Kind::Line),
    must("question", key!("editor-question"), Kind::Area),
    must("low", key!("editor-low"), Kind::Number("")).hint(key!("editor-low-hint")),
    must("reasons", key!("editor-reasons"), Kind::Pairs),
];
const AGENDA: &[Spec] = &[
    must("title", key!("editor-title"), Kind::Line),
    must("minutes", key!("editor-minutes"), Kind::Number("")),
    must("about", key!("editor-about"), Kind::Area),
    may("from", key!("editor-agenda-from"), Kind::Ticks(Pick::Asks)),
];
const MILESTONE: &[Spec] = &[
    must("title", key!("editor-title"), Kind::Line),
    must("side", key!("playbook-owner"), Kind::Pick(Pick::Side, "")),
    must("due", key!("playbook-after-kickoff"), Kind::Span),
];
const RUNG: &[Spec] = &[
    must("tell", key!("editor-tell"), Kind::Pick(Pick::Told, "")),
    must("after", key!("editor-after-due"), Kind::Span),
];
const TIER: &[Spec] = &[
    ID,
    must("title", key!("editor-title"), Kind::Line),
    may("complete", key!("playbook-tier-complete"), Kind::Flag),
    may("clear_marks", key!("playbook-tier-clear"), Kind::Number("0")),
    may("kickoff_rating", key!("playbook-tier-rating"), Kind::Number("0")),
];
