//! `GET /api/v1/week` and `/api/v1/week/told`: what is late, what comes due, what was done; who was told, and why.

use axum::{extract::State, http::Uri, routing::get};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_app::week::{Clocked, Narrow, Show, ToldOf};
use throughline_domain::{HandoffId, PersonId, TeamId, access::Action};
use throughline_http::{ApiCaller, Web, extract::Query};
use throughline_store::{Cursor, Sort, ToldPlace};

use crate::{
    answer::{Answered, json},
    page::{self, Listed, decode},
    spec::{Verb, Verbs},
};

/// Whose week, and which part of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WeekWanted {
    /// What is late, due within seven days, or was done within the last seven; `late` when left out.
    show: Option<Show>,
    /// Handoffs this person has a part in.
    person: Option<PersonId>,
    /// Handoffs somebody of this team has a part in.
    team: Option<TeamId>,
    /// By any version of the playbook of this name.
    #[schemars(length(max = 200))]
    playbook: Option<String>,
    /// How many handoffs at most; 50 when left out. A handoff may have several rows, or none.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// Where the page begins: as found in `next`.
    #[schemars(length(max = 1000))]
    after: Option<String>,
}

/// Whose week.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ToldWanted {
    /// Handoffs this person has a part in.
    person: Option<PersonId>,
    /// Handoffs somebody of this team has a part in.
    team: Option<TeamId>,
    /// By any version of the playbook of this name.
    #[schemars(length(max = 200))]
    playbook: Option<String>,
    /// How many rows at most; 50 when left out.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// Where the page begins: as found in `next`.
    #[schemars(length(max = 1000))]
    after: Option<String>,
}

/// A place among what was told, as a cursor carries it.
#[derive(Debug, Serialize, Deserialize)]
struct Told(i64, HandoffId, u64);

pub(crate) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/week", "getWeek")
            .about("week", "What is late now, comes due within seven days, or was done within the last seven.")
            .notes(
                "Each row says on whom it waits, since when, and where its due time comes from: the rule, what it \
                 counts from, by whose calendar, and which holidays were not counted.",
            )
            .right(Action::Read)
            .query::<WeekWanted>()
            .answers::<Listed<Clocked>>(200),
        get(week),
    );
    verbs.add(
        Verb::get("/api/v1/week/told", "getWeekTold")
            .about(
                "week",
                "Who was told of which clock in the last seven days, when and why; the newest first.",
            )
            .notes("Reminders go to whoever owes something; what is overdue goes up the playbook's ladder.")
            .right(Action::Read)
            .query::<ToldWanted>()
            .answers::<Listed<ToldOf>>(200),
        get(told),
    );
}

async fn week(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    uri: Uri,
    Query(wanted): Query<WeekWanted>,
) -> Answered {
    let show = wanted.show.unwrap_or(Show::Late);
    let after: Option<Cursor> = decode(wanted.after.as_deref())?;
    let sort = if show == Show::Done { Sort::Updated } else { Sort::Due };
    if after.as_ref().is_some_and(|cursor| !cursor.fits(sort)) {
        return Err(page::wrong());
    }
    let narrow = Narrow { person: wanted.person, team: wanted.team, playbook: wanted.playbook };
    let found = web.app.week(&caller, &narrow, show, after, page::limit(wanted.limit)?).await?;
    json(Listed::new(found.rows, found.next, &uri))
}

async fn told(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    uri: Uri,
    Query(wanted): Query<ToldWanted>,
) -> Answered {
    let after: Option<Told> = decode(wanted.after.as_deref())?;
    let after = after.map(|Told(second, handoff, seq)| ToldPlace { second, handoff, seq });
    let narrow = Narrow { person: wanted.person, team: wanted.team, playbook: wanted.playbook };
    let found = web.app.week_told(&caller, &narrow, after, page::limit(wanted.limit)?).await?;
    let next = found.next.map(|place| Told(place.second, place.handoff, place.seq));
    json(Listed::new(found.rows, next, &uri))
}
