//! A handoff as lists show it: who, how far, what is missing and whose that is, what is due, and the credit.

use std::collections::BTreeSet;

use jiff::Timestamp;
use throughline_app::{AppError, gates::place};
use throughline_domain::PersonId;
use throughline_store::{Credit, HandoffRow, Lateness};

use super::filters::credit_key;
use crate::{
    chrome::role_key,
    i18n::{Key, Text},
    key,
    pages::words,
    ui::{Meter, Person, Reading, Shown, Stage, Tone},
    visit::Visit,
};

/// How the next due time lies, for grouping; colour, icon and words say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum When {
    /// Past its due time.
    Late,
    /// Due within two days.
    Soon,
    /// Due after that.
    Later,
    /// Nothing is due.
    Never,
}

impl When {
    /// Where a due time lies.
    pub fn of(due: Option<Timestamp>, lateness: Lateness) -> Self {
        match due {
            None => Self::Never,
            Some(due) if due < lateness.now => Self::Late,
            Some(due) if due < lateness.soon => Self::Soon,
            Some(_) => Self::Later,
        }
    }

    /// The end of the name of its class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Soon => "soon",
            Self::Later => "later",
            Self::Never => "never",
        }
    }
}

impl Shown for When {
    fn tone(&self) -> Tone {
        match self {
            Self::Late => Tone::Bad,
            Self::Soon => Tone::Warn,
            Self::Later => Tone::Info,
            Self::Never => Tone::Calm,
        }
    }

    fn icon(&self) -> &'static str {
        match self {
            Self::Late => "alarm-clock",
            Self::Soon => "hourglass",
            Self::Later => "clock",
            Self::Never => "circle-dashed",
        }
    }

    fn key(&self) -> Key {
        match self {
            Self::Late => key!("board-late"),
            Self::Soon => key!("board-soon"),
            Self::Later => key!("board-in-time"),
            Self::Never => key!("board-never"),
        }
    }
}

/// How the credit of a deal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CreditMark(pub Credit);

impl Shown for CreditMark {
    fn tone(&self) -> Tone {
        match self.0 {
            Credit::Open => Tone::Calm,
            Credit::Refused | Credit::Bypassed => Tone::Bad,
            Credit::Released => Tone::Good,
            Credit::Waived => Tone::Warn,
        }
    }

    fn icon(&self) -> &'static str {
        match self.0 {
            Credit::Open => "circle-dashed",
            Credit::Refused => "octagon-x",
            Credit::Released => "circle-check",
            Credit::Waived => "stamp",
            Credit::Bypassed => "triangle-alert",
        }
    }

    fn key(&self) -> Key {
        credit_key(self.0)
    }
}

/// What is missing next.
pub struct Next {
    /// Its title.
    pub what: String,
    /// Whose that is.
    pub owes: Person,
    /// Where it is filled.
    pub href: String,
}

/// What is due next.
pub struct Due {
    /// How its clock reads.
    pub reading: Reading,
    /// What.
    pub step: String,
    /// How far it is.
    pub apart: String,
    /// When.
    pub at: Timestamp,
    /// When, with its zone.
    pub full: String,
    /// Where it is reported.
    pub href: String,
}

/// One row.
pub struct Row {
    /// Its page.
    pub href: String,
    /// The customer.
    pub account: String,
    /// The deal.
    pub deal: String,
    /// Where it stands.
    pub stage: Stage,
    /// How far its record is; none where nothing is asked.
    pub meter: Option<Meter>,
    /// What is missing next.
    pub next: Option<Next>,
    /// What is due next.
    pub due: Option<Due>,
    /// How its due time lies.
    pub when: When,
    /// The amount.
    pub amount: String,
    /// Annual recurring revenue; the amount where nobody told it.
    pub arr: String,
    /// The AE.
    pub ae: Person,
    /// The CSM, nominated or more.
    pub csm: Option<Person>,
    /// How its credit stands; none: nothing asks for it.
    pub credit: Option<CreditMark>,
    /// Where its credit is asked for.
    pub credit_href: String,
    /// Some gate was gone past.
    pub bypassed: bool,
    /// Some gate was passed with a waiver.
    pub waived: bool,
    /// Some gate was refused, and not passed since.
    pub refused: bool,
    /// Questions without an answer.
    pub questions: u32,
    /// Waivers without a decision.
    pub waivers: u32,
}

/// Makes rows of what the store lists; everybody named in them is read at once.
pub async fn rows(visit: &Visit, found: Vec<HandoffRow>) -> Result<Vec<Row>, AppError> {
    let t = &visit.t;
    let app = &visit.web.app;
    let named = |row: &HandoffRow| [Some(row.ae), row.csm, row.next_person];
    let ids: BTreeSet<PersonId> = found.iter().flat_map(named).flatten().collect();
    let people = app.named(visit.caller.org, ids).await?;
    let person = |id: PersonId| {
        let name = people.get(&id).map(|person| person.name.clone());
        Person::named(name.unwrap_or_else(|| t.get(key!("handoff-nobody-yet")).into_owned()))
    };
    let lateness = app.lateness();
    let shown = found.into_iter().map(|row| {
        let running = matches!(row.life.as_str(), "live" | "done");
        let href = format!("/handoffs/{}", row.id);
        let due_at = row.next_due_at.filter(|_| running);
        Row {
            next: next(t, &row, &person),
            due: due_at.map(|at| Due {
                reading: if at < lateness.now { Reading::Overdue } else { Reading::Running },
                apart: t.relative(at, lateness.now),
                full: full(t, at),
                href: match &row.next_step_id {
                    Some(step) => format!("{href}/steps#step-{step}"),
                    None => format!("{href}/steps"),
                },
                step: row.next_step.clone().unwrap_or_default(),
                at,
            }),
            when: When::of(due_at, lateness),
            stage: words::stage_named(&row.life, &row.stage),
            meter: (row.required > 0).then(|| Meter {
                done: u64::from(row.required.saturating_sub(row.missing)),
                all: u64::from(row.required),
                next: None,
            }),
            ae: person(row.ae),
            csm: row.csm.map(person),
            credit: row.credit.map(CreditMark),
            credit_href: format!("{href}/gates#gate-credit"),
            amount: row.amount.map(|amount| t.money(amount)).unwrap_or_default(),
            arr: row.arr.or(row.amount).map(|amount| t.money(amount)).unwrap_or_default(),
            bypassed: row.bypassed,
            waived: row.waived,
            refused: row.refused,
            questions: row.open_questions,
            waivers: row.open_waivers,
            account: row.account,
            deal: row.deal_name,
            href,
        }
    });
    Ok(shown.collect())
}

/// When something is due, with its zone; what ends with a day names the day.
fn full(t: &Text, at: Timestamp) -> String {
    let due = t.due(at);
    if due == t.moment(at) { t.moment_full(at) } else { due }
}

fn next(t: &Text, row: &HandoffRow, person: &impl Fn(PersonId) -> Person) -> Option<Next> {
    let what = row.next_gap.clone()?;
    let role = row.next_owed_by.map(|role| t.get(role_key(role)).into_owned());
    let owes = match (row.next_person.map(person), role) {
        (Some(person), Some(role)) => person.as_a(role),
        (Some(person), None) => person,
        (None, role) => Person::named(role.unwrap_or_else(|| t.get(key!("handoff-nobody-yet")).into_owned())),
    };
    let href =
        row.next_about.as_ref().map_or_else(|| format!("/handoffs/{}", row.id), |about| place(row.id, about));
    Some(Next { what, owes, href })
}

/// Rows that lie alike, in the order they came.
pub struct Group {
    /// How their due times lie; none where the list is in another order.
    pub when: Option<When>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// Rows in groups of late, soon and the others; the order they came in is kept.
pub fn grouped(rows: Vec<Row>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for row in rows {
        match groups.last_mut().filter(|last| last.when == Some(row.when)) {
            Some(last) => last.rows.push(row),
            None => groups.push(Group { when: Some(row.when), rows: vec![row] }),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_due_time_is_late_when_it_is_past_and_soon_within_two_days() {
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let lateness = Lateness { now: at(100), soon: at(200) };
        let lies = |due: Option<i64>| When::of(due.map(at), lateness);
        assert_eq!(
            [99, 100, 199, 200].map(|due| lies(Some(due))),
            [When::Late, When::Soon, When::Soon, When::Later]
        );
        assert_eq!(lies(None), When::Never);
    }
}
