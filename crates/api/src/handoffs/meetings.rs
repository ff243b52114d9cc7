//! Meetings of a handoff: when they are and who takes part, as calendar files, with the mail that was sent about them
//! and the drafts of what a person sends afterwards (R3.3, R3.4, R3.5, R3.7, R3.14).

use axum::{extract::State, http::header, response::IntoResponse, routing::get};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_app::meetings::{Draft, DraftKind, MeetingView};
use throughline_domain::{HandoffId, access::Action};
use throughline_http::{
    ApiCaller, Web,
    extract::{Path, Query},
};
use throughline_messages::MeetingKind;
use throughline_store::{PAGE, ParcelSeen};
use uuid::Uuid;

use super::HandoffPath;
use crate::{
    answer::{Answered, json},
    spec::{Verb, Verbs},
};

/// A meeting.
#[derive(Debug, Serialize, JsonSchema)]
struct Meeting {
    /// Of which step.
    step: String,
    /// What kind: its calendar file is named by it.
    kind: Kind,
    /// What it is called.
    title: String,
    /// When it begins; null while no time is planned.
    starts_at: Option<Timestamp>,
    /// When it ends.
    ends_at: Option<Timestamp>,
    /// Where.
    place: Option<String>,
    /// Whether it goes ahead as things stand: only then is anybody invited. A kickoff does once it is confirmed.
    goes_ahead: bool,
    /// What it is about, point by point.
    agenda: Vec<String>,
    /// Who takes part.
    guests: Vec<Guest>,
    /// The number of what calendars were told last; null before anybody was invited.
    sequence: Option<u32>,
}

/// Somebody who takes part in a meeting.
#[derive(Debug, Serialize, JsonSchema)]
struct Guest {
    /// Their name.
    name: String,
    /// Their address; null: none is known, and they cannot be invited.
    address: Option<String>,
    /// They may also stay away.
    optional: bool,
    /// Somebody of ours, as opposed to the customer's.
    ours: bool,
}

/// What kind of meeting.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// The CSM meets the customer before signature.
    EarlyIntroduction,
    /// AE, CSM and SE among themselves.
    InternalCall,
    /// AE, CSM and the customer's executive.
    BridgeCall,
    /// The working session with the customer.
    Kickoff,
}

impl From<MeetingKind> for Kind {
    fn from(kind: MeetingKind) -> Self {
        match kind {
            MeetingKind::EarlyIntroduction => Self::EarlyIntroduction,
            MeetingKind::InternalCall => Self::InternalCall,
            MeetingKind::BridgeCall => Self::BridgeCall,
            MeetingKind::Kickoff => Self::Kickoff,
        }
    }
}

impl From<File> for MeetingKind {
    fn from(file: File) -> Self {
        match file {
            File::EarlyIntroduction => Self::EarlyIntroduction,
            File::InternalCall => Self::InternalCall,
            File::BridgeCall => Self::BridgeCall,
            File::Kickoff => Self::Kickoff,
        }
    }
}

/// After which calls there is something to sum up.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Call {
    /// The bridge call.
    BridgeCall,
    /// The kickoff.
    Kickoff,
}

/// Which call is summed up.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RecapQuery {
    /// After which call.
    call: Call,
}

/// Which meeting's file.
#[derive(Debug, Deserialize, JsonSchema)]
struct FilePath {
    /// Which handoff.
    id: HandoffId,
    /// Which meeting's.
    file: File,
}

/// Calendar files, by meeting.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
enum File {
    /// Of the early introduction.
    #[serde(rename = "early_introduction.ics")]
    EarlyIntroduction,
    /// Of the internal call.
    #[serde(rename = "internal_call.ics")]
    InternalCall,
    /// Of the bridge call.
    #[serde(rename = "bridge_call.ics")]
    BridgeCall,
    /// Of the kickoff.
    #[serde(rename = "kickoff.ics")]
    Kickoff,
}

/// Which part of the list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MailQuery {
    /// Before this one: the last of the page before.
    #[serde(default)]
    before: Option<Uuid>,
    /// At most so many.
    #[serde(default)]
    limit: Option<u32>,
}

/// A mail to be edited and sent by a person.
#[derive(Debug, Serialize, JsonSchema)]
struct Recap {
    /// Its subject.
    subject: String,
    /// Its text.
    body: String,
    /// To whom, as far as the record knows an address.
    to: Vec<String>,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/handoffs/{id}/meetings", "listMeetings")
            .about("handoffs", "The meetings of a handoff, planned or not, and who takes part.")
            .right(Action::Read)
            .parts::<HandoffPath>()
            .answers::<Vec<Meeting>>(200),
        get(list),
    );
    verbs.add(
        Verb::get("/api/v1/handoffs/{id}/meetings/{file}", "getMeetingFile")
            .about("handoffs", "The calendar file of a meeting that goes ahead.")
            .right(Action::Read)
            .parts::<FilePath>()
            .answers_as(200, "text/calendar", None),
        get(calendar_file),
    );
    verbs.add(
        Verb::get("/api/v1/handoffs/{id}/recap-draft", "getRecapDraft")
            .about("handoffs", "A draft of the mail that goes with a bridge call or a kickoff.")
            .right(Action::Read)
            .parts::<HandoffPath>()
            .query::<RecapQuery>()
            .answers::<Recap>(200),
        get(recap),
    );
    verbs.add(
        Verb::get("/api/v1/handoffs/{id}/mail", "listSentMail")
            .about("handoffs", "Mail that was sent about a handoff to any mailbox, newest first.")
            .notes("Invitations, their changes and cancellations, and what was asked of the customer: to whom, and what \
                    became of it. The words are kept only until a mail is sent or given up.")
            .right(Action::Read)
            .parts::<HandoffPath>()
            .query::<MailQuery>()
            .answers::<Vec<ParcelSeen>>(200),
        get(mail),
    );
}

fn shown(view: MeetingView) -> Meeting {
    let guest = |guest: throughline_app::meetings::Guest| Guest {
        name: guest.name,
        address: guest.mailbox.map(|mailbox| mailbox.address.to_string()),
        optional: guest.optional,
        ours: guest.ours,
    };
    Meeting {
        step: view.step.to_string(),
        kind: view.kind.into(),
        title: view.title,
        starts_at: view.starts_at,
        ends_at: view.ends_at,
        place: view.place,
        goes_ahead: view.goes_ahead,
        agenda: view.agenda,
        guests: view.guests.into_iter().map(guest).collect(),
        sequence: view.told,
    }
}

async fn list(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(HandoffPath { id }): Path<HandoffPath>,
) -> Answered {
    let meetings = web.app.meetings(&caller, id).await?;
    json(meetings.into_iter().map(shown).collect::<Vec<_>>())
}

async fn calendar_file(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(FilePath { id, file }): Path<FilePath>,
) -> Answered {
    let text = web.app.meeting_file(&caller, id, file.into()).await?;
    Ok(([(header::CONTENT_TYPE, "text/calendar; charset=utf-8; method=REQUEST")], text).into_response())
}

async fn recap(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(HandoffPath { id }): Path<HandoffPath>,
    Query(query): Query<RecapQuery>,
) -> Answered {
    let call = match query.call {
        Call::BridgeCall => MeetingKind::BridgeCall,
        Call::Kickoff => MeetingKind::Kickoff,
    };
    let Draft { subject, text, to } = web.app.draft(&caller, id, DraftKind::Recap(call)).await?;
    json(Recap { subject, body: text, to: to.into_iter().map(|address| address.to_string()).collect() })
}

async fn mail(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(HandoffPath { id }): Path<HandoffPath>,
    Query(query): Query<MailQuery>,
) -> Answered {
    json(web.app.sent_mail(&caller, id, query.before, query.limit.unwrap_or(PAGE)).await?)
}
