//! Teams with a calendar of their own: whoever is in the team works by it, from the moment that is so.

use throughline_app::{
    AppError, Caller, HandleOptions,
    held::{Held, Settled},
    orgs::{Settings, calendar_in},
    people::NewPerson,
};
use throughline_domain::{
    HandoffId, PersonId, Role, TeamId,
    access::{Action, Grant, Scope},
    clock::StepReading,
    handoff::command,
};
use throughline_store::IdempotencyRow;

use crate::company::{Company, deal, staffed};

async fn reading(company: &Company, id: HandoffId, step: &str) -> StepReading {
    let view = company.app.view(&company.system(), id).await.unwrap();
    view.reading(&step.parse().unwrap()).unwrap().clone()
}

async fn due(company: &Company, id: HandoffId, step: &str) -> String {
    reading(company, id, step).await.due_at.unwrap().to_string()
}

async fn moves(company: &Company, person: PersonId, name: &str, team: Option<TeamId>) {
    let grants = [Grant { role: Role::Ae, scope: Scope::Organisation }].into();
    let new = NewPerson { name: name.to_owned(), email: String::new(), grants, team };
    company.app.change_person(&company.system(), person, new).await.unwrap();
}

/// Two people, the team of the first, and a record that is due three business days before Sunday 2026-12-20.
async fn two_teams() -> (Company, PersonId, TeamId, HandoffId) {
    let company = staffed().await;
    let team = company.app.put_team(&company.system(), None, "Americas", None).await.unwrap().id;
    let dana = company.join("dana", &[Role::Ae], Some(team)).await;
    let id = company.opened(deal("1", Some("dana"))).await.id;
    (company, dana, team, id)
}

/// Back from Friday the 18th: the 17th, 16th and 15th, which is over then.
const BERLIN: &str = "2026-12-15T23:00:00Z";
const NEW_YORK: &str = "2026-12-16T05:00:00Z";

#[tokio::test]
async fn a_team_s_calendar_counts_at_once_and_the_organisation_s_again_without_it() {
    let (company, _, team, id) = two_teams().await;
    assert_eq!(due(&company, id, "record").await, BERLIN);
    let new_york = calendar_in("America/New_York").unwrap();
    company.app.set_team_calendar(&company.system(), team, Some(new_york.clone())).await.unwrap();
    assert_eq!(due(&company, id, "record").await, NEW_YORK);
    // Its name and manager may change without it.
    let renamed = company.app.put_team(&company.system(), Some(team), "The Americas", None).await.unwrap();
    assert_eq!(renamed.calendar, Some(new_york));
    assert_eq!(due(&company, id, "record").await, NEW_YORK);
    company.app.set_team_calendar(&company.system(), team, None).await.unwrap();
    assert_eq!(due(&company, id, "record").await, BERLIN);
    assert_eq!(company.app.organisation(company.org).await.unwrap().team_calendars, None);
}

#[tokio::test]
async fn a_holiday_put_into_a_team_s_calendar_moves_what_is_due() {
    let (company, _, team, id) = two_teams().await;
    let calendar = |days: &[&str]| {
        let raw = serde_json::json!({ "zone": "America/New_York", "weekend": [6, 7], "holidays": days });
        serde_json::from_value(raw).unwrap()
    };
    company.app.set_team_calendar(&company.system(), team, Some(calendar(&[]))).await.unwrap();
    assert_eq!(due(&company, id, "record").await, NEW_YORK);
    company.app.set_team_calendar(&company.system(), team, Some(calendar(&["2026-12-17"]))).await.unwrap();
    assert_eq!(due(&company, id, "record").await, "2026-12-15T05:00:00Z");
}

#[tokio::test]
async fn who_changes_team_changes_calendar_and_so_does_a_step_with_another_owner() {
    let (company, dana, team, id) = two_teams().await;
    let new_york = calendar_in("America/New_York").unwrap();
    company.app.set_team_calendar(&company.system(), team, Some(new_york)).await.unwrap();
    let east = company.app.put_team(&company.system(), None, "East", None).await.unwrap().id;
    let kolkata = calendar_in("Asia/Kolkata").unwrap();
    company.app.set_team_calendar(&company.system(), east, Some(kolkata)).await.unwrap();
    assert_eq!(due(&company, id, "record").await, NEW_YORK);
    moves(&company, dana, "dana", Some(east)).await;
    assert_eq!(due(&company, id, "record").await, "2026-12-15T18:30:00Z");
    moves(&company, dana, "dana", None).await;
    assert_eq!(due(&company, id, "record").await, BERLIN);
    // Somebody new in a team is counted by its calendar from their first day.
    let emil = company.join("emil", &[Role::Ae], Some(team)).await;
    let reason = throughline_domain::Personal::parse("Emil takes over").unwrap();
    let seat = command::SetSeat {
        role: Role::Ae,
        person: emil,
        contributors: Default::default(),
        reason: Some(reason),
    };
    let handled = company.app.handle(&company.system(), id, seat, HandleOptions::default()).await.unwrap();
    assert!(handled.changed);
    assert_eq!(due(&company, id, "record").await, NEW_YORK);
    // What lists show was worked out with the same calendar.
    let row = company.app.store().row(company.org, id).await.unwrap().unwrap();
    let view = company.app.view(&company.system(), id).await.unwrap();
    let open =
        view.readings.iter().filter(|one| one.reading.is_open() && one.step.as_str() != "availability");
    assert_eq!(row.next_due_at, open.filter_map(|one| one.due_at).min());
}

#[tokio::test]
async fn a_change_of_settings_leaves_the_teams_their_calendars() {
    let (company, _, team, id) = two_teams().await;
    let new_york = calendar_in("America/New_York").unwrap();
    company.app.set_team_calendar(&company.system(), team, Some(new_york)).await.unwrap();
    let before = company.app.organisation(company.org).await.unwrap().team_calendars;
    let settings = Settings { calendar: Some(calendar_in("Asia/Tokyo").unwrap()), ..Settings::default() };
    company.app.change_settings(&company.system(), settings).await.unwrap();
    assert_eq!(due(&company, id, "record").await, NEW_YORK);
    let after = company.app.organisation(company.org).await.unwrap().team_calendars;
    assert!(after.is_some() && after != before, "an older mark never comes back");
}

#[tokio::test]
async fn only_who_may_change_settings_changes_a_team_s_calendar_and_the_log_tells() {
    let (company, dana, team, _) = two_teams().await;
    let calendar = calendar_in("America/New_York").unwrap();
    let dana: Caller = company.caller(dana).await;
    let refused = company.app.set_team_calendar(&dana, team, Some(calendar.clone())).await;
    assert!(matches!(refused, Err(AppError::Forbidden(Action::ManageSettings))));
    let nowhere = TeamId(company.app.fresh_id());
    let refused = company.app.set_team_calendar(&company.system(), nowhere, Some(calendar.clone())).await;
    assert!(matches!(refused, Err(AppError::NotFound("team"))));
    company.app.set_team_calendar(&company.system(), team, Some(calendar)).await.unwrap();
    let (_, row) = company.app.store().audit(company.org, None, 1).await.unwrap().remove(0);
    assert_eq!((row.action.as_str(), row.subject.clone()), ("set-team-calendar", team.to_string()));
    assert_eq!(row.detail["zone"], "America/New_York");
}

#[tokio::test]
async fn what_was_decided_by_the_calendar_before_is_looked_at_again_at_once() {
    let company = staffed().await;
    let csm = company.join("maya", &[Role::Csm], None).await;
    let id = company.opened(deal("1", None)).await.id;
    let swept = async || company.app.sweep_clocks().await.unwrap().taken;
    while swept().await > 0 {}
    // Decided on, and not written before everybody works by other days.
    let slow = Caller { held: Some(Held::default()), ..company.system() };
    company.app.handle(&slow, id, command::Nominate { csm }, HandleOptions::default()).await.unwrap();
    let settings = Settings { calendar: Some(calendar_in("Asia/Tokyo").unwrap()), ..Settings::default() };
    company.app.change_settings(&company.system(), settings).await.unwrap();
    assert_eq!((swept().await, swept().await), (1, 0));
    let (key, request, body) = ("slow".to_owned(), "the same".to_owned(), "{}".to_owned());
    let answer = IdempotencyRow { key, request, status: 200, body, at: company.app.now() };
    assert_eq!(company.app.settle(&slow, answer).await.unwrap(), Settled::Kept);
    assert_eq!((swept().await, swept().await), (1, 0), "by the new calendar");
}
