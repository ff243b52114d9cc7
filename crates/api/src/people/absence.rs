//! Out of office: from when until when somebody is away, and who stands in (R0.7).

use axum::{extract::State, routing::get};
use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_app::people::{NewAbsence, Presence};
use throughline_domain::{Actor, PersonId, access::Action};
use throughline_http::{
    ApiCaller, Web,
    extract::{Body, Path},
};

use super::PersonPath;
use crate::{
    answer::{Answered, json},
    spec::{Verb, Verbs},
};

/// Days away, as they are to be entered.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AbsenceBody {
    /// The first day, where they are.
    from: Date,
    /// The last day.
    until: Date,
    /// Who stands in.
    stand_in: PersonId,
}

/// Days away, as entered.
#[derive(Debug, Serialize, JsonSchema)]
struct AbsenceView {
    /// The first day, where they are.
    from: Date,
    /// The last day.
    until: Date,
    /// Who stands in.
    stand_in: PersonId,
    /// Who entered it.
    set_by: Actor,
    /// When.
    set_at: Timestamp,
}

/// How it stands with somebody's being away.
#[derive(Debug, Serialize, JsonSchema)]
struct PresenceView {
    /// Whether they are away today.
    away: bool,
    /// The absence they are on or go on.
    absence: Option<AbsenceView>,
    /// Who does their part now: the stand-in, or who stands in for that one.
    stood_in_by: Option<PersonId>,
    /// For whom they stand in today.
    stands_in_for: Vec<PersonId>,
}

impl From<Presence> for PresenceView {
    fn from(presence: Presence) -> Self {
        Self {
            away: presence.away_now,
            absence: presence.absence.map(|absence| AbsenceView {
                from: absence.from,
                until: absence.until,
                stand_in: absence.stand_in,
                set_by: absence.set_by,
                set_at: absence.set_at,
            }),
            stood_in_by: presence.stood_in_by.map(|person| person.id),
            stands_in_for: presence.stands_in_for.into_iter().map(|person| person.id).collect(),
        }
    }
}

pub(super) fn add(verbs: &mut Verbs) {
    let path = "/api/v1/people/{id}/absence";
    verbs.add(
        Verb::get(path, "getAbsence")
            .about("people", "Whether somebody is away, and who stands in for whom.")
            .right(Action::ReadPeople)
            .parts::<PersonPath>()
            .answers::<PresenceView>(200),
        get(show).put(set).delete(end),
    );
    verbs.list.push(
        Verb::put(path, "setAbsence")
            .about("people", "Enter when somebody is away and who stands in; what was entered before is replaced.")
            .notes(
                "The stand-in gets their messages, named as for them, and may do on their handoffs what they may. \
                 Who is away, and who leads their team, may enter it too.",
            )
            .right(Action::ManagePeople)
            .parts::<PersonPath>()
            .body::<AbsenceBody>()
            .answers::<PresenceView>(200)
            .refuses(&["not-found"]),
    );
    verbs.list.push(
        Verb::delete(path, "endAbsence")
            .about("people", "They are here again, or do not go.")
            .right(Action::ManagePeople)
            .parts::<PersonPath>()
            .answers::<PresenceView>(200),
    );
}

async fn show(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(PersonPath { id }): Path<PersonPath>,
) -> Answered {
    json(PresenceView::from(web.app.presence(&caller, id).await?))
}

async fn set(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(PersonPath { id }): Path<PersonPath>,
    Body(body): Body<AbsenceBody>,
) -> Answered {
    let new = NewAbsence { from: body.from, until: body.until, stand_in: body.stand_in };
    web.app.set_absence(&caller, id, new).await?;
    json(PresenceView::from(web.app.presence(&caller, id).await?))
}

async fn end(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(PersonPath { id }): Path<PersonPath>,
) -> Answered {
    web.app.end_absence(&caller, id).await?;
    json(PresenceView::from(web.app.presence(&caller, id).await?))
}
