//! Choosing a person: from a list while it is short, by mail address where a company is large.

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
const MOST: u32 = 200;

/// A field for somebody who can sign in.
pub struct Pick {
    /// The field.
    pub field: Field,
    /// Who can be chosen; empty where there are too many: then the field takes a mail address.
    pub choices: Vec<Choice>,
    /// Whether the field takes a mail address.
    pub by_mail: bool,
}

impl Pick {
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
    by_mail: bool,
    mail_hint: String,
}

impl Candidates {
    /// Everybody who can sign in, while they fit a list.
    pub async fn load(visit: &Visit) -> Result<Self, AppError> {
        let page = visit.web.app.list_people(&visit.caller, None, None, MOST).await?;
        let by_mail = page.next.is_some();
        let people: Vec<Person> = page.rows.into_iter().filter(|person| person.status.signs_in()).collect();
        let org = visit.web.app.organisation(visit.caller.org).await?;
        let notes =
            people.iter().filter_map(|one: &Person| Some((one.id, absence::beside(visit, &org, one)?)));
        Ok(Self {
            notes: notes.collect(),
            people,
            by_mail,
            mail_hint: visit.t.get(key!("people-pick-by-mail")).into_owned(),
        })
    }

    /// Only those who could take over from somebody.
    pub async fn succeeding(self, visit: &Visit, from: PersonId) -> Result<Self, AppError> {
        let people = visit.web.app.successors(&visit.caller, from, self.people).await?;
        Ok(Self { people, ..self })
    }

    /// Only those who could take over something of somebody's.
    pub async fn taking_over(self, visit: &Visit, from: PersonId) -> Result<Self, AppError> {
        // Where mail addresses are typed there is nobody to leave out.
        if self.by_mail {
            return Ok(self);
        }
        let people = visit.web.app.could_take(&visit.caller, from, self.people).await?;
        Ok(Self { people, ..self })
    }

    /// Everybody left, to be ticked; none where there are too many to choose from.
    pub fn ticks(&self) -> Option<Vec<Choice>> {
        (!self.by_mail).then(|| self.people.iter().map(|person| self.choice(person)).collect())
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
        if self.by_mail {
            return Pick {
                field: field.value(chosen).hint(&self.mail_hint),
                choices: Vec::new(),
                by_mail: true,
            };
        }
        let choice = |person: &Person| {
            let choice = self.choice(person);
            let is_chosen = choice.value == chosen;
            choice.chosen(is_chosen)
        };
        let choices = self.people.iter().filter(|person| Some(person.id) != not).map(choice).collect();
        Pick { field, choices, by_mail: false }
    }
}

/// Whom a form or an address names by id or mail address; none when blank.
pub async fn named(visit: &Visit, field: &str, value: &str) -> Result<Option<PersonId>, AppError> {
    let value = value.trim();
    if value.is_empty() {
        return Ok(None);
    }
    if let Ok(id) = value.parse() {
        return Ok(Some(id));
    }
    let found = visit.web.app.list_people(&visit.caller, Some(value), None, 10).await?;
    let wanted = value.to_lowercase();
    let known = found.rows.into_iter().find(|person| person.email.as_deref() == Some(wanted.as_str()));
    let shown: String = value.chars().take(60).collect();
    known
        .map(|person| Some(person.id))
        .ok_or_else(|| AppError::invalid(field, visit.t.with(key!("people-pick-nobody"), ("mail", shown))))
}

/// Whom a posted form names.
pub async fn posted(visit: &Visit, posted: &Posted, field: &str) -> Result<Option<PersonId>, AppError> {
    named(visit, field, posted.typed(field)).await
}
