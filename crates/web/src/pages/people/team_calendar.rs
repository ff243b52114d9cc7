//! A team's own calendar: what its people owe is counted by it instead of the organisation's (R0.12).

use askama::Template;
use axum::extract::Multipart;
use throughline_app::AppError;
use throughline_domain::{TeamId, access::Action, calendar::Calendar};
use throughline_store::{Org, Team};

use crate::{
    answer::{html, html_with},
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    pages::{
        days_off::{Sources, Taken},
        handoff::In,
        parts::Wrong,
        settings::organisation_form::{CalendarForm, calendar as read_calendar},
    },
    ui::{Crumb, Tone},
    visit::{Answer, Visit},
};

#[derive(Template)]
#[template(path = "pages/people/team_calendar.html")]
struct CalendarPage {
    t: Text,
    chrome: Chrome,
    crumbs: Vec<Crumb>,
    name: String,
    own: bool,
    told: Option<String>,
    calendar: CalendarForm,
    from: Sources,
}

/// A team with the organisation whose calendar it has until it gets its own.
struct Known {
    org: Org,
    team: Team,
}

impl Known {
    async fn of(visit: &Visit, id: TeamId) -> Result<Self, AppError> {
        visit.caller.may(Action::ManageSettings)?;
        let app = &visit.web.app;
        let team = app.list_teams(&visit.caller).await?.into_iter().find(|team| team.id == id);
        Ok(Self {
            org: app.organisation(visit.caller.org).await?,
            team: team.ok_or(AppError::NotFound("team"))?,
        })
    }

    fn calendar(&self) -> &Calendar {
        self.team.calendar.as_ref().unwrap_or(&self.org.calendar)
    }

    fn page(&self, visit: &Visit, calendar: CalendarForm, wrong: Option<&Wrong>) -> CalendarPage {
        let t = visit.t.clone();
        let action = format!("/people/teams/{}/calendar", self.team.id);
        CalendarPage {
            chrome: visit.chrome(Some(Place::People)),
            crumbs: vec![
                Crumb::new(t.get(key!("nav-people")), "/people"),
                Crumb::new(t.get(key!("people-teams")), "/people/teams"),
            ],
            name: self.team.name.clone(),
            own: self.team.calendar.is_some(),
            told: None,
            calendar,
            from: Sources::new(&t, action, wrong),
            t,
        }
    }

    /// The page with days that were found in the form, or what is wrong with where they were to come from.
    fn shown(&self, visit: &Visit, taken: Result<Taken, AppError>) -> Answer {
        let t = &visit.t;
        match taken.and_then(|taken| taken.into_calendar(t, self.calendar())) {
            Ok((with, told)) => {
                let page = self.page(visit, CalendarForm::of(t, &with), None);
                Ok(html(&CalendarPage { told: Some(told), ..page }))
            }
            Err(why) => {
                let wrong = Wrong::of(&visit.t, why)?;
                let page = self.page(visit, CalendarForm::of(t, self.calendar()), Some(&wrong));
                Ok(html_with(wrong.status, &page))
            }
        }
    }
}

pub async fn page(visit: Visit, In(id): In<TeamId>) -> Answer {
    let known = Known::of(&visit, id).await?;
    Ok(html(&known.page(&visit, CalendarForm::of(&visit.t, known.calendar()), None)))
}

/// Saves it. Open clocks of the team's people are read by it from then on.
pub async fn save(visit: Visit, In(id): In<TeamId>, posted: Posted) -> Answer {
    let known = Known::of(&visit, id).await?;
    let done = match read_calendar(&visit.t, &posted) {
        Ok(calendar) => visit.web.app.set_team_calendar(&visit.caller, id, Some(calendar)).await,
        Err(why) => Err(why),
    };
    match done {
        Ok(team) => Ok(saved(&visit, &team)),
        Err(why) => {
            let wrong = Wrong::of(&visit.t, why)?;
            let page = known.page(&visit, CalendarForm::typed(&visit.t, &posted, &wrong), None);
            Ok(html_with(wrong.status, &page))
        }
    }
}

/// Lets the team work by the organisation's again.
pub async fn end(visit: Visit, In(id): In<TeamId>) -> Answer {
    let team = visit.web.app.set_team_calendar(&visit.caller, id, None).await?;
    Ok(saved(&visit, &team))
}

fn saved(visit: &Visit, team: &Team) -> axum::response::Response {
    let text = visit.t.with(key!("people-team-saved"), ("name", team.name.as_str()));
    visit.back("/people/teams", Tone::Good, &text)
}

/// Days off by country, into the form.
pub async fn by_country(visit: Visit, In(id): In<TeamId>, posted: Posted) -> Answer {
    let known = Known::of(&visit, id).await?;
    known.shown(&visit, Taken::by_country(&visit, &posted, known.calendar()))
}

/// Days off from a file, into the form.
pub async fn from_file(visit: Visit, In(id): In<TeamId>, form: Multipart) -> Answer {
    let known = Known::of(&visit, id).await?;
    let taken = Taken::from_file(&visit, form, known.calendar()).await;
    known.shown(&visit, taken)
}
