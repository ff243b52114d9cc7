//! Out of office, on a person's page: when they are away, who stands in, and for whom they stand in themselves. The
//! same words stand wherever somebody away can be chosen.

use axum::extract::Path;
use throughline_app::{AppError, people::NewAbsence};
use throughline_domain::absence::Absence;
use throughline_store::{Org, Person as StoredPerson};

use super::{
    one::{again, id_of},
    pick,
    pick::{Candidates, Pick},
};
use crate::{
    form::Posted,
    i18n::Text,
    key,
    pages::parts::{self, Wrong},
    ui::{Field, Person, Tone},
    visit::{Answer, Visit},
};

/// Being away, as a person's page shows it.
pub struct Away {
    /// When, in a sentence; none: nothing is entered.
    pub when: Option<String>,
    /// They are away today.
    pub now: bool,
    /// Who does their part now, and where they are found.
    pub stood_in_by: Option<(Person, String)>,
    /// Nobody of those who should is here.
    pub nobody: bool,
    /// For whom they stand in today.
    pub stands_in_for: Vec<(Person, String)>,
    /// To enter it.
    pub form: Option<AwayForm>,
}

/// To enter when somebody is away.
pub struct AwayForm {
    /// The first day.
    pub from: Field,
    /// The last day.
    pub until: Field,
    /// Who stands in.
    pub stand_in: Pick,
    /// What is wrong with no field in particular.
    pub refused: Option<String>,
    /// It was sent and refused.
    pub open: bool,
}

impl Away {
    /// Whether there is anything to see or to do.
    pub fn is_shown(&self) -> bool {
        self.when.is_some() || self.form.is_some() || !self.stands_in_for.is_empty()
    }

    /// Of a person, with a form as it was typed where it was refused.
    pub async fn of(
        visit: &Visit,
        person: &StoredPerson,
        typed: Option<(&Posted, &Wrong)>,
    ) -> Result<Self, AppError> {
        let (t, app) = (&visit.t, &visit.web.app);
        let presence = app.presence(&visit.caller, person.id).await?;
        let entered = presence.absence.as_ref();
        let may = person.status.signs_in() && app.may_set_absence(&visit.caller, person).await?;
        let form = if may { Some(form(visit, person, entered, typed).await?) } else { None };
        let shown = |person: StoredPerson| (Person::named(person.name), format!("/people/{}", person.id));
        Ok(Self {
            when: entered.map(|absence| {
                if absence.from == absence.until {
                    return t.with(key!("people-away-day"), ("date", t.day(absence.from))).into_owned();
                }
                let args = (("from", t.day(absence.from)), ("until", t.day(absence.until)));
                t.with(key!("people-away-days"), args).into_owned()
            }),
            now: presence.away_now,
            nobody: presence.away_now && presence.stood_in_by.is_none(),
            stood_in_by: match (presence.stood_in_by, entered) {
                (Some(person), _) => Some(shown(person)),
                (None, Some(absence)) if !presence.away_now => {
                    let named = app.named(visit.caller.org, [absence.stand_in]).await?;
                    named.into_values().next().map(shown)
                }
                (None, _) => None,
            },
            stands_in_for: presence.stands_in_for.into_iter().map(shown).collect(),
            form,
        })
    }
}

async fn form(
    visit: &Visit,
    person: &StoredPerson,
    entered: Option<&Absence>,
    typed: Option<(&Posted, &Wrong)>,
) -> Result<AwayForm, AppError> {
    let t = &visit.t;
    let typed = typed.filter(|(posted, _)| posted.action.ends_with("/absence"));
    let wrong = typed.map(|(_, wrong)| wrong);
    let value = |name: &str, kept: Option<String>| {
        typed.map_or_else(|| kept.unwrap_or_default(), |(posted, _)| posted.typed(name).to_owned())
    };
    let field = |name: &'static str, label| {
        Field::new(name, t.get(label)).id(format!("away-{name}")).required().error(parts::at(wrong, name))
    };
    let chosen = value("stand_in", entered.map(|absence| absence.stand_in.to_string()));
    let candidates = Candidates::load(visit).await?.knowing(visit, &[&chosen]).await?;
    let candidates = candidates.standing_in(visit, person);
    let stand_in =
        field("stand_in", key!("people-away-stand-in")).hint(t.get(key!("people-away-stand-in-hint")));
    Ok(AwayForm {
        from: field("from", key!("people-away-from"))
            .value(value("from", entered.map(|absence| absence.from.to_string()))),
        until: field("until", key!("people-away-until"))
            .value(value("until", entered.map(|absence| absence.until.to_string()))),
        stand_in: candidates.pick(stand_in, &chosen, Some(person.id)),
        refused: parts::beside(wrong, &["from", "until", "stand_in"]),
        open: typed.is_some(),
    })
}

/// Enters when somebody is away.
pub async fn set(visit: Visit, Path(id): Path<String>, posted: Posted) -> Answer {
    let id = id_of(&id)?;
    let done = async {
        let stand_in = pick::posted(&visit, &posted, "stand_in").await?;
        let stand_in = stand_in
            .ok_or_else(|| AppError::invalid("stand_in", visit.t.get(key!("people-pick-somebody"))))?;
        let new = NewAbsence { from: posted.date("from")?, until: posted.date("until")?, stand_in };
        visit.web.app.set_absence(&visit.caller, id, new).await
    };
    match done.await {
        Ok(person) => {
            let text = visit.t.with(key!("people-away-saved"), ("name", person.name));
            Ok(visit.back(&format!("/people/{id}"), Tone::Good, &text))
        }
        Err(why) => again(&visit, id, why, &posted).await,
    }
}

/// They are here again, or do not go.
pub async fn end(visit: Visit, Path(id): Path<String>, posted: Posted) -> Answer {
    let id = id_of(&id)?;
    match visit.web.app.end_absence(&visit.caller, id).await {
        Ok(person) => {
            let text = visit.t.with(key!("people-away-ended"), ("name", person.name));
            Ok(visit.back(&format!("/people/{id}"), Tone::Good, &text))
        }
        Err(why) => again(&visit, id, why, &posted).await,
    }
}

/// What stands behind a name where somebody is chosen: until when they are away, or from when.
pub fn beside(visit: &Visit, org: &Org, person: &StoredPerson) -> Option<String> {
    let (t, app): (&Text, _) = (&visit.t, &visit.web.app);
    let absence = app.absence_ahead(org, person)?;
    Some(match app.absence_now(org, person) {
        Some(now) => t.with(key!("people-away-until-note"), ("date", t.day(now.until))).into_owned(),
        None => t.with(key!("people-away-from-note"), ("date", t.day(absence.from))).into_owned(),
    })
}

/// A name with that.
pub fn named(visit: &Visit, org: &Org, person: &StoredPerson) -> String {
    match beside(visit, org, person) {
        Some(note) => format!("{} · {note}", person.name),
        None => person.name.clone(),
    }
}
