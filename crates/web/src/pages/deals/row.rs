//! A handoff as lists show it: who, how far, what is missing and whose that is, what is due.

use std::collections::BTreeSet;

use throughline_app::AppError;
use throughline_domain::PersonId;
use throughline_store::HandoffRow;

use crate::{
    chrome::role_key,
    key,
    pages::words,
    ui::{Meter, Person, Reading, Stage},
    visit::Visit,
};

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
    /// What is missing next, and whose that is.
    pub next: Option<(String, Person)>,
    /// What is due next, when and how it reads.
    pub due: Option<(Reading, String, String)>,
    /// The amount.
    pub amount: String,
    /// Some gate was gone past.
    pub bypassed: bool,
    /// Some gate was passed with a waiver.
    pub waived: bool,
    /// Questions without an answer.
    pub questions: u32,
    /// Waivers without a decision.
    pub waivers: u32,
}

/// Makes rows of what the store lists; names are looked up once.
pub async fn rows(visit: &Visit, found: Vec<HandoffRow>) -> Result<Vec<Row>, AppError> {
    let t = &visit.t;
    let app = &visit.web.app;
    let ids: BTreeSet<PersonId> = found.iter().filter_map(|row| row.next_person).collect();
    let people = app.named(visit.caller.org, ids).await?;
    let now = app.now();
    let shown = found.into_iter().map(|row| {
        let running = matches!(row.life.as_str(), "live" | "done");
        let next = row.next_gap.map(|gap| {
            let role = row.next_owed_by.map(|role| t.get(role_key(role)).into_owned());
            let name = row.next_person.and_then(|id| people.get(&id)).map(|person| person.name.clone());
            let owes = match (name, role) {
                (Some(name), Some(role)) => Person::named(name).as_a(role),
                (Some(name), None) => Person::named(name),
                (None, role) => {
                    Person::named(role.unwrap_or_else(|| t.get(key!("handoff-nobody-yet")).into_owned()))
                }
            };
            (gap, owes)
        });
        let due = row.next_due_at.filter(|_| running).map(|at| {
            let reading = if at < now { Reading::Overdue } else { Reading::Running };
            (reading, row.next_step.unwrap_or_default(), t.relative(at, now))
        });
        Row {
            href: format!("/handoffs/{}", row.id),
            account: row.account,
            deal: row.deal_name,
            stage: words::stage_named(&row.life, &row.stage),
            meter: (row.required > 0).then(|| Meter {
                done: u64::from(row.required.saturating_sub(row.missing)),
                all: u64::from(row.required),
                next: None,
            }),
            next,
            due,
            amount: row.amount.map(|amount| t.money(amount)).unwrap_or_default(),
            bypassed: row.bypassed,
            waived: row.waived,
            questions: row.open_questions,
            waivers: row.open_waivers,
        }
    });
    Ok(shown.collect())
}
