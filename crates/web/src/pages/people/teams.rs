//! Teams: a name and who leads it. Rights of scope *team* and escalations to *the manager* go by them.

use askama::Template;
use std::collections::BTreeSet;
use throughline_domain::{TeamId, access::Action};

use super::{
    Tabbed, may_manage, pick,
    pick::{Candidates, Pick},
    tabs,
};
use crate::{
    answer::{html, html_with},
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    pages::parts::{self, Wrong},
    ui::{Field, Person, Tab, Tone},
    visit::{Answer, Visit},
};

struct Row {
    id: String,
    name: String,
    manager: Option<Person>,
    members: usize,
    zone: Option<String>,
    form: TeamForm,
}

struct TeamForm {
    id: String,
    open: bool,
    name: Field,
    manager: Pick,
    refused: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/people/teams.html")]
struct TeamsPage {
    t: Text,
    chrome: Chrome,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    new: TeamForm,
    may_manage: bool,
    may_set_calendars: bool,
}

pub async fn page(visit: Visit) -> Answer {
    Ok(html(&made(&visit, None).await?))
}

fn form(
    t: &Text,
    candidates: &Candidates,
    id: &str,
    (name, manager): (&str, &str),
    typed: Option<(&Posted, &Wrong)>,
) -> TeamForm {
    let mine = typed.filter(|(posted, _)| posted.get("id").unwrap_or_default() == id);
    let wrong = mine.map(|(_, wrong)| wrong);
    let typed_or =
        |field: &str, kept: &str| mine.map_or(kept.to_owned(), |(posted, _)| posted.typed(field).to_owned());
    let at = |field: &str| format!("f-{field}-{}", if id.is_empty() { "new" } else { id });
    let manager_field = Field::new("manager", t.get(key!("people-team-manager")))
        .hint(t.get(key!("people-team-manager-hint")))
        .id(at("manager"))
        .error(parts::at(wrong, "manager"));
    TeamForm {
        id: id.to_owned(),
        open: mine.is_some(),
        name: Field::new("name", t.get(key!("people-team-name")))
            .id(at("name"))
            .value(typed_or("name", name))
            .required()
            .error(parts::at(wrong, "name")),
        manager: candidates.pick(manager_field, &typed_or("manager", manager), None),
        refused: parts::beside(wrong, &["name", "manager"]),
    }
}

async fn made(
    visit: &Visit,
    typed: Option<(&Posted, &Wrong)>,
) -> Result<TeamsPage, throughline_app::AppError> {
    let app = &visit.web.app;
    let teams = app.list_teams(&visit.caller).await?;
    let managers = app.named(visit.caller.org, teams.iter().filter_map(|team| team.manager)).await?;
    let known: Vec<String> = managers.keys().map(ToString::to_string).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let candidates = Candidates::load(visit).await?.knowing(visit, &known).await?;
    let mut rows = Vec::with_capacity(teams.len());
    for team in teams {
        let members = app.store().team_people(visit.caller.org, &BTreeSet::from([team.id])).await;
        let manager = team.manager.map(|id| id.to_string()).unwrap_or_default();
        rows.push(Row {
            id: team.id.to_string(),
            zone: team.calendar.as_ref().map(|calendar| calendar.zone().name().to_owned()),
            members: members.map_err(throughline_app::AppError::from)?.len(),
            manager: team
                .manager
                .and_then(|id| managers.get(&id))
                .map(|person| Person::named(person.name.clone())),
            form: form(&visit.t, &candidates, &team.id.to_string(), (&team.name, &manager), typed),
            name: team.name,
        });
    }
    Ok(TeamsPage {
        tabs: tabs(&visit.t, Tabbed::Teams),
        chrome: visit.chrome(Some(Place::People)),
        new: form(&visit.t, &candidates, "", ("", ""), typed),
        rows,
        may_manage: may_manage(visit),
        may_set_calendars: visit.caller.may(Action::ManageSettings).is_ok(),
        t: visit.t.clone(),
    })
}

/// Makes a team, or changes one.
pub async fn put(visit: Visit, posted: Posted) -> Answer {
    let done = async {
        let id: Option<TeamId> = posted.opt_parse("id")?;
        let manager = pick::posted(&visit, &posted, "manager").await?;
        visit.web.app.put_team(&visit.caller, id, posted.typed("name"), manager).await
    };
    match done.await {
        Ok(team) => {
            let text = visit.t.with(key!("people-team-saved"), ("name", team.name));
            Ok(visit.back("/people/teams", Tone::Good, &text))
        }
        Err(why) => {
            let wrong = Wrong::of(&visit.t, why)?;
            Ok(html_with(wrong.status, &made(&visit, Some((&posted, &wrong))).await?))
        }
    }
}
