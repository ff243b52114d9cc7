//! Meetings beside their steps: when one is planned and for whom, its calendar file, the drafts of what goes with it; and
//! the mail that went out.

use axum::{
    Router,
    http::{HeaderValue, header},
    response::IntoResponse,
    routing::{get, post},
};
use throughline_app::{
    AppError,
    inbox::TAKEN_BACK,
    meetings::{Draft as Mail, DraftKind, MeetingView, was_held},
    read::HandoffView,
};
use throughline_domain::{
    HandoffId, Key,
    access::Action,
    handoff::{command, meeting},
    playbook::StepKind,
};
use throughline_http::Web;
use throughline_messages::MeetingKind;
use throughline_store::{ParcelSeen, ParcelState};

use super::{In, act, forms::Form, gates::local_input, taken};
use crate::{
    failure::reason,
    form::Posted,
    i18n::Text,
    key,
    ui::{Control, Draft, Tone},
    visit::{Answer, Visit},
};

/// Mails shown beside the sequence, the newest first.
const MAILS: u32 = 30;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}/steps/{step}/plan", post(plan))
        .route("/handoffs/{id}/steps/{step}/call-off", post(call_off))
        .route("/handoffs/{id}/meetings/{file}", get(file))
}

/// A meeting as its step shows it.
pub struct Shown {
    /// When it is; none: no time is planned.
    pub(super) when: Option<String>,
    /// Where, and its address where that can be followed.
    pub(super) place: Option<(String, bool)>,
    /// What more there is to say.
    pub(super) facts: Vec<String>,
    /// Who cannot be invited, in a sentence.
    pub(super) unreachable: Option<String>,
    /// Where its calendar file is.
    pub(super) file: Option<String>,
    /// Where to plan it, and how.
    pub(super) plan: Option<(String, Vec<Control>)>,
    /// The plan is there and can be moved.
    pub(super) moves: bool,
    /// Where to call it off, and how.
    pub(super) call_off: Option<(String, Vec<Control>)>,
}

/// A draft as its step shows it.
pub struct DraftShown {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) about: String,
    pub(super) subject: String,
    pub(super) text: String,
    /// Opens it in the reader's own mail program.
    pub(super) mailto: String,
}

/// A mail that went out, or is to.
pub struct MailShown {
    pub(super) subject: String,
    pub(super) to: String,
    pub(super) at: String,
    pub(super) state: String,
    pub(super) tone: Tone,
    pub(super) icon: &'static str,
    pub(super) note: Option<String>,
}

/// What the meeting of each step shows.
pub async fn shown(visit: &Visit, view: &HandoffView) -> Result<Vec<(Key, Shown)>, AppError> {
    let meetings = visit.web.app.meetings(&visit.caller, view.loaded.handoff.id).await?;
    Ok(meetings.into_iter().map(|one| (one.step.clone(), show(visit, view, one))).collect())
}

fn show(visit: &Visit, view: &HandoffView, one: MeetingView) -> Shown {
    let (t, handoff) = (&visit.t, &view.loaded.handoff);
    let may = view.rights.contains(&Action::ReportStep) && handoff.life.takes_reports();
    let base = format!("/handoffs/{}/steps/{}", handoff.id, one.step);
    let ahead = one.starts_at.is_some_and(|at| at > view.now);
    let mut facts = Vec::new();
    if one.starts_at.is_some() {
        facts.push(match (one.told, one.goes_ahead) {
            (Some(_), true) => t.get(key!("meeting-told")).into_owned(),
            (None, true) if visit.web.app.mails() => t.get(key!("meeting-being-told")).into_owned(),
            (None, true) => t.get(key!("meeting-no-mail")).into_owned(),
            (_, false) => t.get(key!("meeting-not-yet")).into_owned(),
        });
        let guests: Vec<String> = one.guests.iter().map(|guest| guest.name.clone()).collect();
        facts.extend(
            (!guests.is_empty())
                .then(|| t.with(key!("meeting-with"), ("names", t.list(&guests))).into_owned()),
        );
    }
    let silent: Vec<String> =
        one.guests.iter().filter(|guest| guest.mailbox.is_none()).map(|guest| guest.name.clone()).collect();
    let plans = may && (one.kind != MeetingKind::Kickoff || ahead);
    let calls_off = may && ahead && one.kind != MeetingKind::Kickoff;
    Shown {
        when: one.starts_at.map(|at| t.with(key!("meeting-when"), ("time", t.moment_full(at))).into_owned()),
        unreachable: (one.starts_at.is_some() && !silent.is_empty())
            .then(|| t.with(key!("meeting-unreachable"), ("names", t.list(&silent))).into_owned()),
        file: one.goes_ahead.then(|| format!("/handoffs/{}/meetings/{}.ics", handoff.id, one.kind.name())),
        plan: plans.then(|| (format!("{base}/plan"), plan_form(t, view, &one.step))),
        moves: one.starts_at.is_some(),
        place: one.place.as_ref().map(|place| (place.clone(), is_followed(place))),
        call_off: calls_off.then(|| (format!("{base}/call-off"), call_off_form(t, &one.step))),
        facts,
    }
}

/// Whether a place is an address a browser may follow; anything else somebody wrote stays text.
fn is_followed(place: &str) -> bool {
    let rest = ["https://", "http://"].into_iter().find_map(|scheme| {
        let (begin, rest) = place.split_at_checked(scheme.len())?;
        begin.eq_ignore_ascii_case(scheme).then_some(rest)
    });
    let named = |rest: &str| rest.starts_with(|first: char| first.is_alphanumeric() || first == '[');
    rest.is_some_and(named) && !place.contains(|one: char| one.is_whitespace() || one.is_control())
}

fn plan_form(t: &Text, view: &HandoffView, step: &Key) -> Vec<Control> {
    let Some(playbook) = &view.loaded.playbook else { return Vec::new() };
    let planned = meeting::meeting(&view.loaded.handoff, playbook, step);
    let mut fields = Vec::new();
    if let Some(planned) = &planned {
        let minutes = planned.ends_at.duration_since(planned.starts_at).as_mins();
        fields.push(("starts_at".to_owned(), local_input(t, planned.starts_at)));
        fields.push(("minutes".to_owned(), minutes.to_string()));
        fields.extend(planned.place.map(|place| ("place".to_owned(), place.to_string())));
    } else if let Some(minutes) = playbook.step(step).and_then(|step| step.minutes) {
        fields.push(("minutes".to_owned(), minutes.to_string()));
    }
    let values = Posted { action: String::new(), fields };
    let prefix = format!("plan-{step}");
    let draft = Draft { t, values: &values, wrong: None, prefix: &prefix };
    let starts = draft.named("starts_at", key!("meeting-starts")).required();
    let place = draft.named("place", key!("meeting-place")).hint(t.get(key!("meeting-place-hint")));
    let minutes = draft.named("minutes", key!("meeting-minutes"));
    vec![
        Control::Pair(vec![Control::Line(starts, "datetime-local"), Control::Line(minutes, "number")]),
        Control::Line(place, "text"),
    ]
}

fn call_off_form(t: &Text, step: &Key) -> Vec<Control> {
    let values = Posted::default();
    let prefix = format!("call-off-{step}");
    let draft = Draft { t, values: &values, wrong: None, prefix: &prefix };
    vec![draft.line("reason", key!("meeting-call-off-reason"))]
}

/// The forms of this part, by where they are posted to.
pub fn forms(t: &Text, view: &HandoffView) -> Vec<Form> {
    let Some(playbook) = &view.loaded.playbook else { return Vec::new() };
    let meetings = playbook.steps.iter().filter(|step| meeting::is_meeting(step.kind));
    let both = meetings.flat_map(|step| {
        let id = &step.id.value;
        let base = format!("/handoffs/{}/steps/{id}", view.loaded.handoff.id);
        let plan = (format!("{base}/plan"), plan_form(t, view, id));
        [plan, (format!("{base}/call-off"), call_off_form(t, id))]
    });
    both.collect()
}

/// The drafts a step has, for those who may report it.
pub async fn drafts(visit: &Visit, view: &HandoffView) -> Result<Vec<(Key, DraftShown)>, AppError> {
    let handoff = &view.loaded.handoff;
    let Some(playbook) = view.loaded.playbook.as_ref().filter(|_| view.rights.contains(&Action::ReportStep))
    else {
        return Ok(Vec::new());
    };
    let (t, app) = (&visit.t, &visit.web.app);
    let mut all = Vec::new();
    for (step, kind) in
        [(StepKind::WarmIntro, MeetingKind::BridgeCall), (StepKind::Kickoff, MeetingKind::Kickoff)]
    {
        let Some(step) = playbook.step_of(step) else { continue };
        let id = &step.id.value;
        if kind == MeetingKind::BridgeCall {
            let draft = app.draft(&visit.caller, handoff.id, DraftKind::Introduction).await?;
            let words = (t.get(key!("steps-draft")), t.get(key!("steps-draft-text")));
            all.push((id.clone(), draft_shown("draft-text".to_owned(), words, draft)));
        }
        if was_held(handoff, step) {
            let draft = app.draft(&visit.caller, handoff.id, DraftKind::Recap(kind)).await?;
            let words = (t.get(key!("meeting-recap")), t.get(key!("meeting-recap-text")));
            all.push((id.clone(), draft_shown(format!("recap-{id}"), words, draft)));
        }
    }
    Ok(all)
}

fn draft_shown(
    id: String,
    (title, about): (impl Into<String>, impl Into<String>),
    draft: Mail,
) -> DraftShown {
    let Mail { subject, text, to } = draft;
    let to: Vec<&str> = to.iter().map(|address| address.as_str()).collect();
    let mailto = format!("mailto:{}?subject={}&body={}", to.join(","), encoded(&subject), encoded(&text));
    DraftShown { id, title: title.into(), about: about.into(), subject, text, mailto }
}

/// Text as it stands in an address (RFC 6068 §5): lines end with CR and LF.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.replace("\r\n", "\n").replace('\n', "\r\n").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Mail that went out about the handoff.
pub async fn mails(visit: &Visit, view: &HandoffView) -> Result<Vec<MailShown>, AppError> {
    let sent = visit.web.app.sent_mail(&visit.caller, view.loaded.handoff.id, None, MAILS).await?;
    Ok(sent.into_iter().map(|one| mail_shown(&visit.t, one)).collect())
}

fn mail_shown(t: &Text, one: ParcelSeen) -> MailShown {
    let MailState { tone, icon, state, note } = mail_state(t, &one);
    MailShown { subject: one.subject, to: one.to, at: t.moment(one.at), state, tone, icon, note }
}

/// What became of a mail, as a mark and in words.
pub(super) struct MailState {
    pub(super) tone: Tone,
    pub(super) icon: &'static str,
    pub(super) state: String,
    /// Why it waits still, or will not be sent.
    pub(super) note: Option<String>,
}

/// What became of a mail. One that somebody took back is no failure, and needs no reason beside it.
pub(super) fn mail_state(t: &Text, one: &ParcelSeen) -> MailState {
    let taken_back = one.state == ParcelState::GivenUp && one.note.as_deref() == Some(TAKEN_BACK);
    let (tone, icon, state) = match one.state {
        ParcelState::Waiting => (Tone::Calm, "hourglass", key!("meeting-mail-waiting")),
        ParcelState::Sent => (Tone::Good, "check", key!("meeting-mail-sent")),
        ParcelState::GivenUp if taken_back => (Tone::Calm, "circle-slash", key!("meeting-mail-taken-back")),
        ParcelState::GivenUp => (Tone::Bad, "circle-alert", key!("meeting-mail-given-up")),
    };
    let note = one.note.as_deref().filter(|_| !taken_back);
    MailState {
        tone,
        icon,
        state: t.get(state).into_owned(),
        note: note.map(|note| reason(t, note).into_owned()),
    }
}

async fn plan(visit: Visit, In((id, step)): In<(HandoffId, Key)>, posted: Posted) -> Answer {
    let back = format!("/handoffs/{id}/steps#step-{step}");
    let t = &visit.t;
    // Only to say afterwards what was done: who may not read it is told so by the command.
    let before = visit.web.app.view(&visit.caller, id).await.ok();
    let moves = before.is_some_and(|view| {
        let playbook = view.loaded.playbook.as_ref();
        playbook.is_some_and(|playbook| meeting::meeting(&view.loaded.handoff, playbook, &step).is_some())
    });
    let done = if moves { key!("meeting-moved-flash") } else { key!("meeting-planned-flash") };
    let command = taken(|| {
        Ok(command::PlanMeeting {
            step,
            starts_at: posted.moment("starts_at", t)?,
            minutes: posted.opt_parse("minutes")?,
            place: posted.opt_text("place")?,
        })
    });
    Ok(act(&visit, id, command, &posted, &back, done).await)
}

async fn call_off(visit: Visit, In((id, step)): In<(HandoffId, Key)>, posted: Posted) -> Answer {
    let back = format!("/handoffs/{id}/steps#step-{step}");
    let command = taken(|| Ok(command::CallOffMeeting { step, reason: posted.opt_text("reason")? }));
    Ok(act(&visit, id, command, &posted, &back, key!("meeting-called-off-flash")).await)
}

async fn file(visit: Visit, In((id, file)): In<(HandoffId, String)>) -> Answer {
    let kind = MeetingKind::ALL.into_iter().find(|kind| format!("{}.ics", kind.name()) == file);
    let kind = kind.ok_or(AppError::NotFound("meeting"))?;
    let text = visit.web.app.meeting_file(&visit.caller, id, kind).await?;
    let named = HeaderValue::from_str(&format!("attachment; filename=\"{file}\""));
    let named = named.unwrap_or(HeaderValue::from_static("attachment"));
    let media = HeaderValue::from_static("text/calendar; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, media), (header::CONTENT_DISPOSITION, named)], text).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_followed_only_where_it_is_an_address_of_the_web() {
        for address in ["https://meet.example/a-b?c=d", "HTTP://meet.example", "https://[2001:db8::1]/x"] {
            assert!(is_followed(address), "{address}");
        }
        for text in [
            "Room 4",
            "",
            "https://",
            "https:///x",
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://files.example",
            "https://meet.example and Room 4",
            "https://\u{7}meet.example",
            "tel:+49301234",
            "//meet.example",
            "höher",
        ] {
            assert!(!is_followed(text), "{text}");
        }
    }

    #[test]
    fn a_draft_opens_in_a_mail_program_whatever_it_says() {
        let draft = Mail {
            subject: "Würth & Söhne: 100%".to_owned(),
            text: "Dear all,\n\nsee \"this\".".to_owned(),
            to: vec!["ines@customer.example".parse().unwrap(), "tom@customer.example".parse().unwrap()],
        };
        let shown = draft_shown("x".to_owned(), ("", ""), draft);
        assert_eq!(
            shown.mailto,
            "mailto:ines@customer.example,tom@customer.example?subject=W%C3%BCrth%20%26%20S%C3%B6hne%3A%20100%25\
             &body=Dear%20all%2C%0D%0A%0D%0Asee%20%22this%22."
        );
    }
}
