//! One person: what they may do, their open handoffs, their names in CRMs, and how they come and go.

use askama::Template;
use axum::{extract::Path, response::Response};
use throughline_app::{AppError, people::NewPerson};
use throughline_domain::PersonId;
use throughline_http::Problem;
use throughline_store::{HandoffFilter, HandoffRow, Person as StoredPerson, PersonStatus, Sort};

use super::{LinkFor, PersonForm, absence::Away, asked_for, grant_words, link_page, may_manage, team_name};
use crate::{
    answer::{Failed, html, html_with},
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    pages::{parts::Wrong, words},
    ui::{Crumb, Stage, Tone},
    visit::{Answer, Visit},
};

/// Open handoffs shown.
const DUTIES: u32 = 50;

/// A handoff somebody has a part in.
pub struct Duty {
    pub href: String,
    pub account: String,
    pub deal: String,
    pub stage: Stage,
    pub next: String,
}

impl Duty {
    pub fn of(t: &Text, row: HandoffRow) -> Self {
        Self {
            href: format!("/handoffs/{}", row.id),
            stage: words::stage_named(&row.life, &row.stage),
            next: match row.next_due_at {
                Some(at) => t.with(key!("people-duty-due"), ("when", t.due(at))).into_owned(),
                None => String::new(),
            },
            account: row.account,
            deal: row.deal_name,
        }
    }
}

#[derive(Template)]
#[template(path = "pages/people/one.html")]
struct OnePage {
    t: Text,
    chrome: Chrome,
    crumbs: Vec<Crumb>,
    id: String,
    name: String,
    email: Option<String>,
    roles: Vec<String>,
    team: String,
    status: PersonStatus,
    aliases: Vec<String>,
    mapped_to: Option<(String, String)>,
    since: jiff::Timestamp,
    duties: Vec<Duty>,
    more: bool,
    form: PersonForm,
    away: Away,
    may_manage: bool,
    is_me: bool,
}

/// The id of an address; anything else is nobody's.
pub fn id_of(text: &str) -> Result<PersonId, Failed> {
    text.parse().map_err(|_| Problem::new("not-found", "there is no such person").into())
}

/// A person's handoffs still running, bounded, and whether there are more.
async fn duties(visit: &Visit, id: PersonId) -> Result<(Vec<Duty>, bool), AppError> {
    let rows = visit.web.app.duties(&visit.caller, id, DUTIES + 1).await?;
    Ok(shown(visit, rows))
}

/// What moves with a person: running handoffs and those done with aftercare, bounded, and whether there are more.
pub async fn moving(visit: &Visit, filter: HandoffFilter) -> Result<(Vec<Duty>, bool), AppError> {
    let page = visit.web.app.handoffs(&visit.caller, filter, Sort::Due, None, DUTIES + 1).await?;
    Ok(shown(visit, page.rows))
}

fn shown(visit: &Visit, rows: Vec<HandoffRow>) -> (Vec<Duty>, bool) {
    let more = rows.len() > DUTIES as usize;
    (rows.into_iter().take(DUTIES as usize).map(|row| Duty::of(&visit.t, row)).collect(), more)
}

pub async fn page(visit: Visit, Path(id): Path<String>) -> Answer {
    let person = visit.web.app.person(&visit.caller, id_of(&id)?).await?;
    Ok(html(&made(&visit, person, None).await?))
}

async fn made(
    visit: &Visit,
    person: StoredPerson,
    typed: Option<(&Posted, &Wrong)>,
) -> Result<OnePage, AppError> {
    let (t, app) = (visit.t.clone(), &visit.web.app);
    let teams = app.list_teams(&visit.caller).await?;
    let team = person.team.map(|team| team.to_string()).unwrap_or_default();
    let email = person.email.clone().unwrap_or_default();
    let form = match typed {
        Some((posted, wrong)) => PersonForm::typed(&t, &teams, posted, Some(wrong)),
        None => PersonForm::filled(&t, &teams, (&person.name, &email, &team), &person.grants, None),
    };
    let (duties, more) = duties(visit, person.id).await?;
    let real = app.named(visit.caller.org, person.mapped_to).await?;
    let mapped = person.mapped_to.and_then(|id| real.get(&id));
    let away = Away::of(visit, &person, typed).await?;
    Ok(OnePage {
        away,
        crumbs: vec![Crumb::new(t.get(key!("nav-people")), "/people")],
        chrome: visit.chrome(Some(Place::People)),
        id: person.id.to_string(),
        roles: person.grants.iter().map(|grant| grant_words(&t, *grant)).collect(),
        team: team_name(&teams, person.team),
        status: person.status,
        aliases: person.aliases.iter().cloned().collect(),
        mapped_to: mapped.map(|real| (real.name.clone(), format!("/people/{}", real.id))),
        since: person.created_at,
        duties,
        more,
        form,
        may_manage: may_manage(visit),
        is_me: visit.caller.person() == Some(person.id),
        name: person.name,
        email: person.email,
        t,
    })
}

pub async fn again(visit: &Visit, id: PersonId, why: AppError, posted: &Posted) -> Result<Response, Failed> {
    let wrong = Wrong::of(&visit.t, why)?;
    let person = visit.web.app.person(&visit.caller, id).await?;
    Ok(html_with(wrong.status, &made(visit, person, Some((posted, &wrong))).await?))
}

/// Changes name, mail address, team and roles.
pub async fn change(visit: Visit, Path(id): Path<String>, posted: Posted) -> Answer {
    let id = id_of(&id)?;
    let changed = match asked_for(&posted) {
        Ok(new) => visit.web.app.change_person(&visit.caller, id, new).await,
        Err(why) => Err(why),
    };
    match changed {
        Ok(person) => {
            let text = visit.t.with(key!("people-saved"), ("name", person.name));
            Ok(visit.back(&format!("/people/{id}"), Tone::Good, &text))
        }
        Err(why) => again(&visit, id, why, &posted).await,
    }
}

/// Saves the form and invites the person by it: a fresh link for somebody invited, a first one for an owner from a
/// CRM.
pub async fn invite(visit: Visit, Path(id): Path<String>, posted: Posted) -> Answer {
    let id = id_of(&id)?;
    let invited = async {
        let new = asked_for(&posted)?;
        throughline_app::people::mail_address(&new.email)?;
        if new.grants.is_empty() {
            return Err(AppError::invalid("roles", visit.t.get(key!("people-roles-none"))));
        }
        let copy = NewPerson { name: new.name.clone(), email: new.email.clone(), ..new.clone() };
        visit.web.app.change_person(&visit.caller, id, copy).await?;
        visit.web.app.invite(&visit.caller, new).await
    };
    match invited.await {
        Ok((person, path)) => Ok(link_page(&visit, &person, &path, LinkFor::Invitation)),
        Err(why) => again(&visit, id, why, &posted).await,
    }
}

/// A fresh link for somebody who forgot their password.
pub async fn reset(visit: Visit, Path(id): Path<String>, posted: Posted) -> Answer {
    let id = id_of(&id)?;
    match visit.web.app.reset_password(&visit.caller, id).await {
        Ok(path) => {
            let person = visit.web.app.person(&visit.caller, id).await?;
            Ok(link_page(&visit, &person, &path, LinkFor::NewPassword))
        }
        Err(why) => Ok(visit.refused(why, &posted, &format!("/people/{id}")).await),
    }
}
