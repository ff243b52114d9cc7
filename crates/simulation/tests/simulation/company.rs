//! The company of one world: its people, its calendar, its deals.

use std::{collections::BTreeSet, sync::Arc};

use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};
use serde_json::json;
use throughline_app::{App, ManualClock, orgs::calendar_in};
use throughline_domain::{
    Actor, OrgId, PersonId, TeamId,
    calendar::{Calendar, Calendars, OwnCalendars},
    deal::{Deal, Standing},
    gate::Mode,
    playbook::shipped,
};
use throughline_store::{Audit, Change, Org, Person, Team, memory::MemoryStore, ports::Directory};
use throughline_testkit::{
    deal,
    people::{EVERYBODY, LEE, MONA, RAVI, roles_of},
};
use uuid::Uuid;

use crate::{
    dice::{Dice, Drawn},
    turns::at_once,
};

/// Zones with changes of every kind.
const ZONES: [&str; 6] = [
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "America/Sao_Paulo",
];
/// The source whose events are taken in by the inbox.
pub const SOURCE: &str = "crm-events";
const SALES: TeamId = TeamId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0501));
const SUCCESS: TeamId = TeamId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0502));

pub struct Company {
    pub store: Arc<MemoryStore>,
    pub org: OrgId,
    pub mode: Mode,
    pub calendars: Calendars,
    /// Every reading of every deal, as its source will tell it.
    pub news: Vec<Deal>,
}

/// A company somewhere, some day, with its deals still to come.
pub fn founded(dice: &Dice, wall: &Arc<ManualClock>) -> Company {
    let zone = ZONES[dice.roll(ZONES.len())];
    let calendar = calendar_in(zone).unwrap();
    wall.set(a_morning(dice, &calendar));
    let store = Arc::new(MemoryStore::new());
    let app = App::new(store.clone(), wall.clone()).with_chance(Arc::new(Drawn::new(dice.next())));
    let made = at_once(app.create_org("acme", "Acme", calendar.clone())).unwrap();
    let mode = [Mode::Observe, Mode::BlockOwnership, Mode::BlockClose][dice.roll(3)];
    let (playbook, _) = shipped::shipped()[dice.roll(shipped::shipped().len())];
    // In some companies customer success works elsewhere, and on other days.
    let elsewhere = dice.one_in(3).then(|| a_week(ZONES[dice.roll(ZONES.len())]));
    let org = Org {
        version: made.version + 1,
        mode,
        playbook: playbook.to_owned(),
        process_owner: Some(RAVI),
        sample_of: None,
        team_calendars: elsewhere.as_ref().map(|_| app.fresh_id()),
        event_sources: serde_json::from_value(json!({ SOURCE: {
            "id": app.fresh_id(), "key": { "kind": "secret", "of": app.fresh_id() }, "before": null,
            "changed_at": app.now(), "added_at": app.now(),
        }}))
        .unwrap(),
        ..made
    };
    let mut own = OwnCalendars::new();
    let mut changes = vec![
        Change::PutOrg(org.clone()),
        Change::PutTeam(team(SALES, "Sales", MONA, None)),
        Change::PutTeam(team(SUCCESS, "Success", LEE, elsewhere.clone())),
    ];
    for (id, name, roles) in EVERYBODY {
        let receives = roles.iter().any(|role| role.receives());
        let person = person(id, name, if receives { SUCCESS } else { SALES }, app.now(), dice);
        if let Some(calendar) = elsewhere.as_ref().filter(|_| receives) {
            own.insert(id, Arc::new(calendar.clone()));
        }
        changes.push(Change::PutPerson(person));
    }
    let audit = Audit {
        at: app.now(),
        by: Actor::System,
        action: "found".to_owned(),
        subject: String::new(),
        detail: json!(null),
    };
    at_once(store.apply(org.id, changes, audit)).unwrap();
    let news =
        (0..4 + dice.roll(3)).flat_map(|number| readings(dice, number, &calendar, app.now())).collect();
    Company { store, org: org.id, mode, calendars: Calendars::new(calendar, own), news }
}

/// Eight o'clock, often shortly before the clocks change.
fn a_morning(dice: &Dice, calendar: &Calendar) -> Timestamp {
    let zone = calendar.zone().time_zone();
    let year = Date::constant(2026, 1, 5).at(8, 0, 0, 0) + i32::try_from(dice.within(0, 350)).unwrap().days();
    let some_day = zone.to_timestamp(year).unwrap();
    match zone.following(some_day).next() {
        Some(change) if dice.one_in(2) => {
            change.timestamp() - SignedDuration::from_hours(24 * dice.within(1, 9))
        }
        _ => some_day,
    }
}

fn a_week(zone: &str) -> Calendar {
    let week = json!({
        "zone": zone, "weekend": [5, 6], "holidays": ["2026-04-06", "2026-05-01", "2026-12-25"],
        "hours": { "start": "08:30", "end": "16:30" },
    });
    serde_json::from_value(week).unwrap()
}

fn team(id: TeamId, name: &str, manager: PersonId, calendar: Option<Calendar>) -> Team {
    serde_json::from_value(json!({ "id": id, "name": name, "manager": manager, "calendar": calendar }))
        .unwrap()
}

fn person(id: PersonId, name: &str, team: TeamId, now: Timestamp, dice: &Dice) -> Person {
    let roles = roles_of(id);
    let grants: Vec<_> = roles.iter().map(|role| json!({ "role": role, "scope": "organisation" })).collect();
    let notify = match dice.roll(4) {
        0 => json!({ "digest": "07:30" }),
        1 => json!({ "quiet": { "from": "20:00", "until": "07:00" } }),
        _ => json!({}),
    };
    serde_json::from_value(json!({
        "id": id, "name": name, "email": format!("{}@acme.example", name.to_lowercase()), "grants": grants,
        "team": team, "status": if roles.is_empty() { "not_invited" } else { "active" }, "zone": null,
        "password": null, "aliases": BTreeSet::<String>::new(), "mapped_to": null, "notify": notify,
        "created_at": now,
    }))
    .unwrap()
}

/// What the CRM will tell of one deal, oldest first: it slips, grows, is won; some are lost and come back.
fn readings(dice: &Dice, number: usize, calendar: &Calendar, start: Timestamp) -> Vec<Deal> {
    let source = if number.is_multiple_of(2) { "salesforce" } else { SOURCE };
    let seller = ["dana", "emil"][dice.roll(2)];
    let mut at = start + SignedDuration::from_mins(dice.within(0, 600));
    let close = calendar.local_date(start) + i32::try_from(dice.within(4, 34)).unwrap().days();
    let owner = json!({ "email": format!("{seller}@acme.example"), "name": seller, "external_id": null });
    let mut now = Deal {
        source_time: at,
        name: format!("Rollout {number}"),
        account: format!("Customer {number}"),
        account_external_id: Some(format!("001{number}")),
        close_on: Some(close),
        owner: serde_json::from_value(owner).unwrap(),
        existing_account: None,
        renews_on: None,
        arr: worth(dice),
        ..deal()
    };
    (now.key.source, now.key.external_id) = (source.to_owned(), format!("006{number}"));
    now.amount = now.arr;
    let mut told = vec![now.clone()];
    for _ in 0..2 + dice.roll(5) {
        at += SignedDuration::from_mins(dice.within(30, 6 * 24 * 60));
        now.source_time = at;
        match dice.roll(6) {
            0 | 1 => {
                now.close_on =
                    now.close_on.map(|day| day + i32::try_from(dice.within(-3, 12)).unwrap().days())
            }
            2 => (now.arr, now.amount) = (worth(dice), worth(dice)),
            3 if now.standing == Standing::Open => now.standing = Standing::Lost,
            3 => now.standing = Standing::Open,
            _ => (now.standing, now.closed_at) = (Standing::Won, Some(at)),
        }
        told.push(now.clone());
    }
    told
}

fn worth(dice: &Dice) -> Option<throughline_domain::Money> {
    let arr = deal().arr;
    arr.map(|arr| throughline_domain::Money { minor: dice.within(5_000, 120_000) * 100, ..arr })
}
