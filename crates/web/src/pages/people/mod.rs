//! People and teams: who works here, what they may do, who leads whom. Invitations, changes, and leaving only with
//! a successor (R0.7, R0.15).

pub mod absence;
mod grants;
mod moves;
mod one;
mod options;
mod pasted;
pub mod pick;
mod share;
mod team_calendar;
mod teams;

use askama::Template;
use axum::{
    Router,
    extract::Query,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use throughline_app::people::NewPerson;
use throughline_domain::{
    TeamId,
    access::{self, Action},
};
use throughline_http::Web;
use throughline_store::{Person as StoredPerson, PersonStatus, Team};

pub use grants::{grant_words, scope_words};

use self::grants::GrantRow;
use super::parts::{self, Wrong};
use crate::{
    answer::{html, html_with},
    chrome::{Chrome, Place},
    form::Posted,
    i18n::{Key, Text},
    key,
    ui::{Choice, Field, Person, Shown, Tab, Tone},
    visit::{Answer, Visit},
};

/// People on a page of the list.
const PAGE: u32 = 25;
/// Pages of the directory looked through for one page of owners to map.
const LOOKED_THROUGH: usize = 10;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/people", get(list))
        .route("/people/invite", get(invite_page).post(invite))
        .route("/people/invite/many", get(pasted::page).post(pasted::invite))
        .route("/people/options", get(options::lines))
        .route("/people/teams", get(teams::page).post(teams::put))
        .route("/people/teams/{id}/calendar", get(team_calendar::page).post(team_calendar::save))
        .route("/people/teams/{id}/calendar/end", get(parts::above).post(team_calendar::end))
        .route("/people/teams/{id}/calendar/country", get(parts::above).post(team_calendar::by_country))
        .route("/people/teams/{id}/calendar/file", get(parts::above).post(team_calendar::from_file))
        .route("/people/{id}", get(one::page).post(one::change))
        .route("/people/{id}/invite", get(parts::above).post(one::invite))
        .route("/people/{id}/reset", get(parts::above).post(one::reset))
        .route("/people/{id}/absence", get(parts::above).post(absence::set))
        .route("/people/{id}/absence/end", get(parts::above).post(absence::end))
        .route("/people/{id}/leave", get(moves::leave_page).post(moves::leave))
        .route("/people/{id}/reassign", get(moves::reassign_page).post(moves::reassign))
        .route("/people/{id}/share", get(share::page).post(share::share))
        .route("/people/{id}/map", get(moves::map_page).post(moves::map))
}

impl Shown for PersonStatus {
    fn tone(&self) -> Tone {
        match self {
            Self::NotInvited => Tone::Warn,
            Self::Invited => Tone::Info,
            Self::Active => Tone::Good,
            Self::Deactivated => Tone::Calm,
        }
    }
    fn icon(&self) -> &'static str {
        match self {
            Self::NotInvited => "circle-dashed",
            Self::Invited => "hourglass",
            Self::Active => "circle-check",
            Self::Deactivated => "ban",
        }
    }
    fn key(&self) -> Key {
        match self {
            Self::NotInvited => key!("people-status-not-invited"),
            Self::Invited => key!("people-status-invited"),
            Self::Active => key!("people-status-active"),
            Self::Deactivated => key!("people-status-deactivated"),
        }
    }
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    show: String,
}

/// A person as the list shows them.
struct Row {
    href: String,
    person: Person,
    email: String,
    roles: String,
    team: String,
    status: PersonStatus,
    mapped_to: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/people/list.html")]
struct ListPage {
    t: Text,
    chrome: Chrome,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    q: String,
    show: &'static str,
    first: Option<String>,
    next: Option<String>,
    may_manage: bool,
}

/// Whether the caller may change people.
fn may_manage(visit: &Visit) -> bool {
    visit.caller.may(Action::ManagePeople).is_ok()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tabbed {
    All,
    ToMap,
    Teams,
}

fn tabs(t: &Text, here: Tabbed) -> Vec<Tab> {
    [
        (Tabbed::All, key!("people-tab-all"), "/people"),
        (Tabbed::ToMap, key!("people-tab-unmapped"), "/people?show=unmapped"),
        (Tabbed::Teams, key!("people-tab-teams"), "/people/teams"),
    ]
    .map(|(tab, label, href)| Tab {
        label: t.get(label).into_owned(),
        href: href.to_owned(),
        current: tab == here,
        count: None,
    })
    .to_vec()
}

fn team_name(teams: &[Team], id: Option<TeamId>) -> String {
    id.and_then(|id| teams.iter().find(|team| team.id == id))
        .map(|team| team.name.clone())
        .unwrap_or_default()
}

async fn list(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let to_map = asked.show == "unmapped";
    let q = asked.q.trim().chars().take(200).collect::<String>();
    let text = (!q.is_empty()).then_some(q.as_str());
    let app = &visit.web.app;
    let mut after = parts::people_place(&asked.after);
    let started = after.is_some();
    let mut people: Vec<StoredPerson> = Vec::new();
    // Owners to map are few among many: look on, page by page, but not for ever.
    for _ in 0..LOOKED_THROUGH {
        let page = app.list_people(&visit.caller, text, after.clone(), PAGE).await?;
        people.extend(page.rows.into_iter().filter(|person| !to_map || is_to_map(person)));
        after = page.next;
        if !to_map || after.is_none() || people.len() >= PAGE as usize {
            break;
        }
    }
    let teams = app.list_teams(&visit.caller).await?;
    let real = app.named(visit.caller.org, people.iter().filter_map(|person| person.mapped_to)).await?;
    let t = visit.t.clone();
    let kept = parts::query_without(visit.path(), &["after"]);
    let link = |place: Option<String>| match (place, kept.is_empty()) {
        (None, true) => "/people".to_owned(),
        (None, false) => format!("/people?{kept}"),
        (Some(place), true) => format!("/people?after={place}"),
        (Some(place), false) => format!("/people?{kept}&after={place}"),
    };
    let rows = people
        .into_iter()
        .map(|person| Row {
            href: format!("/people/{}", person.id),
            roles: t.list(&person.grants.iter().map(|grant| grant_words(&t, *grant)).collect::<Vec<_>>()),
            team: team_name(&teams, person.team),
            email: person.email.clone().unwrap_or_default(),
            status: person.status,
            mapped_to: person.mapped_to.and_then(|id| real.get(&id)).map(|real| real.name.clone()),
            person: Person::named(person.name),
        })
        .collect();
    Ok(html(&ListPage {
        tabs: tabs(&t, if to_map { Tabbed::ToMap } else { Tabbed::All }),
        chrome: visit.chrome(Some(Place::People)),
        rows,
        q,
        show: if to_map { "unmapped" } else { "" },
        first: started.then(|| link(None)),
        next: after.map(|place| link(Some(parts::people_cursor(&place)))),
        may_manage: may_manage(&visit),
        t,
    }))
}

/// An owner from an import whom nobody has invited or mapped.
fn is_to_map(person: &StoredPerson) -> bool {
    person.status == PersonStatus::NotInvited && person.mapped_to.is_none()
}

/// The fields of a person, for inviting and for changing.
struct PersonForm {
    name: Field,
    email: Field,
    team: Field,
    teams: Vec<Choice>,
    grants: Vec<GrantRow>,
    grants_error: Option<String>,
    refused: Option<String>,
}

/// What a form of a person asks for.
fn asked_for(posted: &Posted) -> Result<NewPerson, throughline_app::AppError> {
    Ok(NewPerson {
        name: posted.typed("name").to_owned(),
        email: posted.typed("email").to_owned(),
        grants: grants::posted(posted)?,
        team: posted.opt_parse("team")?,
    })
}

impl PersonForm {
    fn teams(&self) -> &[Choice] {
        &self.teams
    }
    fn grants(&self) -> &[GrantRow] {
        &self.grants
    }

    /// A form with what was posted, and what is wrong with it.
    fn typed(t: &Text, teams: &[Team], posted: &Posted, wrong: Option<&Wrong>) -> Self {
        let held = grants::posted(posted).unwrap_or_default();
        let name = posted.typed("name");
        Self::filled(t, teams, (name, posted.typed("email"), posted.typed("team")), &held, wrong)
    }

    fn filled(
        t: &Text,
        teams: &[Team],
        (name, email, team): (&str, &str, &str),
        held: &std::collections::BTreeSet<access::Grant>,
        wrong: Option<&Wrong>,
    ) -> Self {
        let error = |field: &str| parts::at(wrong, field);
        Self {
            name: Field::new("name", t.get(key!("people-name"))).value(name).required().error(error("name")),
            email: Field::new("email", t.get(key!("people-email")))
                .value(email)
                .hint(t.get(key!("people-email-hint")))
                .required()
                .error(error("email")),
            team: Field::new("team", t.get(key!("people-team")))
                .hint(t.get(key!("people-team-hint")))
                .error(error("team")),
            teams: teams
                .iter()
                .map(|one| {
                    Choice::new(one.id.to_string(), one.name.clone()).chosen(one.id.to_string() == team)
                })
                .collect(),
            grants: grants::rows(t, held),
            grants_error: error("roles"),
            refused: parts::beside(wrong, &["name", "email", "team", "roles"]),
        }
    }
}

#[derive(Template)]
#[template(path = "pages/people/invite.html")]
struct InvitePage {
    t: Text,
    chrome: Chrome,
    form: PersonForm,
}

async fn invite_page(visit: Visit) -> Answer {
    visit.caller.may(Action::ManagePeople)?;
    let teams = visit.web.app.list_teams(&visit.caller).await?;
    let form = PersonForm::typed(&visit.t, &teams, &Posted::default(), None);
    Ok(html(&InvitePage { t: visit.t.clone(), chrome: visit.chrome(Some(Place::People)), form }))
}

async fn invite(visit: Visit, posted: Posted) -> Answer {
    let made = match asked_for(&posted) {
        Ok(new) => visit.web.app.invite(&visit.caller, new).await,
        Err(why) => Err(why),
    };
    match made {
        Ok((person, path)) => Ok(link_page(&visit, &person, &path, LinkFor::Invitation)),
        Err(why) => {
            let wrong = Wrong::of(&visit.t, why)?;
            let teams = visit.web.app.list_teams(&visit.caller).await?;
            let form = PersonForm::typed(&visit.t, &teams, &posted, Some(&wrong));
            let page = InvitePage { t: visit.t.clone(), chrome: visit.chrome(Some(Place::People)), form };
            Ok(html_with(wrong.status, &page))
        }
    }
}

/// What a one-time link is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LinkFor {
    Invitation,
    NewPassword,
}

#[derive(Template)]
#[template(path = "pages/people/link.html")]
struct LinkPage {
    t: Text,
    chrome: Chrome,
    title: String,
    text: String,
    link: Field,
    back: String,
    again: bool,
}

/// The page with a one-time link: shown once, to be handed over by whatever way there is.
fn link_page(visit: &Visit, person: &StoredPerson, path: &str, of: LinkFor) -> Response {
    let t = &visit.t;
    let name = ("name", person.name.as_str());
    let (title, text) = match of {
        LinkFor::Invitation => {
            (t.with(key!("people-link-invited"), name), t.get(key!("people-link-invited-text")))
        }
        LinkFor::NewPassword => {
            (t.with(key!("people-link-reset"), name), t.get(key!("people-link-reset-text")))
        }
    };
    html(&LinkPage {
        t: t.clone(),
        chrome: visit.chrome(Some(Place::People)),
        title: title.into_owned(),
        text: text.into_owned(),
        link: Field::new("link", t.get(key!("people-link"))).value(visit.web.url(path)),
        back: format!("/people/{}", person.id),
        again: of == LinkFor::Invitation,
    })
    .into_response()
}
