//! Choosing a person: from a list while it is short, by typing where a company is large. What is typed is completed by
//! the browser from what the server finds (`/people/options`), and read here all the same where nothing completes it.

use std::collections::BTreeMap;

use throughline_app::AppError;
use throughline_domain::PersonId;
use throughline_store::Person;

use super::absence;
use crate::{
    form::Posted,
    key,
    ui::{Choice, Field},
    visit::Visit,
};

/// The most people a list offers.
pub const MOST: u32 = 200;
/// Between the name and the mail address of somebody who is written out.
const BETWEEN: &str = " · ";
/// How many people are looked at to find out who is meant, and how many of them are told.
const LOOKED_AT: u32 = 50;
const TOLD: usize = 3;

/// A field for a person.
pub struct Pick {
    /// The field.
    pub field: Field,
    /// Who can be chosen; where somebody is typed, what is offered before anything is.
    pub choices: Vec<Choice>,
    /// Whether somebody is typed, as there are too many for a list, and who completes it.
    pub typed: Option<&'static str>,
}

impl Pick {
    /// A list.
    pub fn list(field: Field, choices: Vec<Choice>) -> Self {
        Self { field, choices, typed: None }
    }

    /// What completes what is typed.
    pub fn address(&self) -> &str {
        self.typed.unwrap_or_default()
    }

    /// Who can be chosen.
    pub fn choices(&self) -> &[Choice] {
        &self.choices
    }
}

/// Who can be chosen, read once for all fields of a page.
pub struct Candidates {
    people: Vec<Person>,
    /// What stands behind the name of who is away.
    notes: BTreeMap<PersonId, String>,
    /// Who is chosen already, written out, by id.
    chosen: BTreeMap<String, String>,
    typed: bool,
    hint: String,
}

impl Candidates {
    /// Everybody who can sign in, while they fit a list.
    pub async fn load(visit: &Visit) -> Result<Self, AppError> {
        let page = visit.web.app.list_people(&visit.caller, None, None, MOST).await?;
        let typed = page.next.is_some();
        let people: Vec<Person> = page.rows.into_iter().filter(|person| person.status.signs_in()).collect();
        let org = visit.web.app.organisation(visit.caller.org).await?;
        let notes =
            people.iter().filter_map(|one: &Person| Some((one.id, absence::beside(visit, &org, one)?)));
        Ok(Self {
            notes: notes.collect(),
            people,
            chosen: BTreeMap::new(),
            typed,
            hint: visit.t.get(key!("people-pick-typed")).into_owned(),
        })
    }

    /// Knowing who is chosen already, by their ids: typed, they are written out.
    pub async fn knowing(self, visit: &Visit, ids: &[&str]) -> Result<Self, AppError> {
        if !self.typed {
            return Ok(self);
        }
        let ids: Vec<PersonId> = ids.iter().filter_map(|id| id.parse().ok()).collect();
        let known = visit.web.app.named(visit.caller.org, ids).await?;
        let chosen = known.into_values().map(|person| (person.id.to_string(), written(&person)));
        Ok(Self { chosen: chosen.collect(), ..self })
    }

    /// Only those who could take over from somebody.
    pub async fn succeeding(self, visit: &Visit, from: PersonId) -> Result<Self, AppError> {
        let people = visit.web.app.successors(&visit.caller, from, self.people).await?;
        Ok(Self { people, ..self })
    }

    /// Only those who could take over something of somebody's.
    pub async fn taking_over(self, visit: &Visit, from: PersonId) -> Result<Self, AppError> {
        // Where people are typed there is nobody to leave out.
        if self.typed {
            return Ok(self);
        }
        let people = visit.web.app.could_take(&visit.caller, from, self.people).await?;
        Ok(Self { people, ..self })
    }

    /// Everybody left, to be ticked; none where there are too many to choose from.
    pub fn ticks(&self) -> Option<Vec<Choice>> {
        (!self.typed).then(|| self.people.iter().map(|person| self.choice(person)).collect())
    }

    fn choice(&self, person: &Person) -> Choice {
        let label = match &person.email {
            Some(email) => format!("{} · {email}", person.name),
            None => person.name.clone(),
        };
        let label = match self.notes.get(&person.id) {
            Some(note) => format!("{label} · {note}"),
            None => label,
        };
        Choice::new(person.id.to_string(), label)
    }

    /// Only those who could stand in for somebody.
    pub fn standing_in(self, visit: &Visit, person: &Person) -> Self {
        Self { people: visit.web.app.fit_to_stand_in(person, self.people), ..self }
    }

    /// A field for anybody but `not`, with `chosen` chosen.
    pub fn pick(&self, field: Field, chosen: &str, not: Option<PersonId>) -> Pick {
        if self.typed {
            let shown = self.chosen.get(chosen).map_or(chosen, String::as_str);
            let field = field.value(shown).hint(&self.hint);
            return Pick { field, choices: Vec::new(), typed: Some(ABLE) };
        }
        let choice = |person: &Person| {
            let choice = self.choice(person);
            let is_chosen = choice.value == chosen;
            choice.chosen(is_chosen)
        };
        let choices = self.people.iter().filter(|person| Some(person.id) != not).map(choice).collect();
        Pick::list(field, choices)
    }
}

/// Where people who can sign in are found by what is typed.
const ABLE: &str = "/people/options";
/// Where anybody who has not left is.
pub const ANYBODY: &str = "/people/options?any=1";

/// Somebody written out, as a typed field holds them.
pub fn written(person: &Person) -> String {
    match &person.email {
        Some(email) => format!("{}{BETWEEN}{email}", person.name),
        None => person.name.clone(),
    }
}

/// Whom a form or an address names by id, by mail address, or by a name that only one of them has; none when blank.
///
/// # Errors
/// [`AppError::Invalid`] where that is nobody, or could be several: then it says who.
pub async fn named(visit: &Visit, field: &str, value: &str) -> Result<Option<PersonId>, AppError> {
    let value = value.trim();
    if value.is_empty() {
        return Ok(None);
    }
    if let Ok(id) = value.parse() {
        return Ok(Some(id));
    }
    let wanted = value.rsplit(BETWEEN).next().unwrap_or(value).trim();
    let mut rows = visit.web.app.list_people(&visit.caller, Some(wanted), None, LOOKED_AT).await?.rows;
    let lower = wanted.to_lowercase();
    if let Some(person) = rows.iter().find(|person| person.email.as_deref() == Some(lower.as_str())) {
        return Ok(Some(person.id));
    }
    let called = |person: &&Person| person.name.to_lowercase() == lower;
    if let [one] = rows.iter().filter(called).collect::<Vec<_>>().as_slice() {
        return Ok(Some(one.id));
    }
    rows.truncate(TOLD);
    let some: Vec<String> = rows.iter().map(written).collect();
    let shown: String = wanted.chars().take(60).collect();
    let why = match some.is_empty() {
        true => visit.t.with(key!("people-pick-nobody"), ("who", shown)),
        false => visit.t.with(key!("people-pick-which"), ("people", visit.t.list(&some))),
    };
    Err(AppError::invalid(field, why))
}

/// Whom a posted form names.
pub async fn posted(visit: &Visit, posted: &Posted, field: &str) -> Result<Option<PersonId>, AppError> {
    named(visit, field, posted.typed(field)).await
}
