//! Early signs, good and bad, a button for each: what the receiving team notices in the first weeks, long before health
//! scores have data (R6.8). Counted here; what they mean is for measurement to say.

use askama::Template;
use axum::{
    Router,
    routing::{get, post},
};
use throughline_app::read::HandoffView;
use throughline_domain::{
    HandoffId,
    access::Action,
    clock,
    handoff::{EarlySign, SignSeen, command},
};
use throughline_http::Web;

use super::{Sheet, sheets};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    pages::{
        handoff::{
            In, act,
            frame::{Frame, View, who},
            taken,
        },
        words::{data_name, word},
    },
    ui::{Field, Tab, Tone},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}/signs", get(show).post(note))
        .route("/handoffs/{id}/signs/{number}/take-back", post(take_back))
}

/// A sign with how often it was seen.
struct Button {
    value: String,
    label: String,
    count: usize,
}

/// A sign that was seen.
struct Seen {
    label: String,
    tone: Tone,
    icon: &'static str,
    /// Who, when, and in which week after the close.
    facts: Vec<String>,
    note: Option<String>,
    taken_back: Option<String>,
    /// Where it is taken back, for who may.
    form: Option<(String, Field)>,
}

#[derive(Template)]
#[template(path = "pages/handoff/brief/signs.html")]
struct SignsPage {
    chrome: Chrome,
    f: Frame,
    sheets: Vec<Tab>,
    may: bool,
    hidden: bool,
    warnings: Vec<Button>,
    good: Vec<Button>,
    seen: Vec<Seen>,
}

async fn show(visit: Visit, In(id): In<HandoffId>) -> Answer {
    let view = visit.web.app.view(&visit.caller, id).await?;
    let t = &visit.t;
    let handoff = &view.loaded.handoff;
    let may = view.rights.contains(&Action::Rate) && handoff.life.takes_reports();
    let sees = visit.caller.sees_ratings(handoff);
    let signs = if sees { handoff.signs.as_slice() } else { &[] };
    let button = |sign: EarlySign| Button {
        value: data_name(sign),
        label: word(t, sign),
        count: signs.iter().filter(|seen| seen.sign == sign && seen.taken_back.is_none()).count(),
    };
    let (good, warnings): (Vec<EarlySign>, Vec<EarlySign>) =
        EarlySign::ALL.into_iter().partition(|sign| sign.is_good());
    let page = SignsPage {
        chrome: visit.chrome(Some(Place::Deals)),
        sheets: sheets(t, &view, Sheet::Signs),
        may,
        hidden: !sees,
        warnings: warnings.into_iter().map(button).collect(),
        good: good.into_iter().map(button).collect(),
        seen: signs.iter().rev().map(|seen| shown(t, &view, seen, may)).collect(),
        f: Frame::new(&visit, &view, View::Brief),
    };
    Ok(html(&page))
}

fn shown(t: &Text, view: &HandoffView, seen: &SignSeen, may: bool) -> Seen {
    let mut facts = vec![who(t, view, seen.by), t.moment(seen.at)];
    facts.extend(week(t, view, seen));
    let good = seen.sign.is_good();
    let base = format!("/handoffs/{}/signs/{}/take-back", view.loaded.handoff.id, seen.number);
    let reason = Field::new("reason", t.get(key!("signs-why"))).id(format!("why-{}", seen.number));
    Seen {
        label: word(t, seen.sign),
        tone: if good { Tone::Good } else { Tone::Warn },
        icon: if good { "circle-check" } else { "circle-alert" },
        facts,
        note: seen.note.as_ref().map(ToString::to_string),
        taken_back: seen.taken_back.as_ref().map(|back| {
            let name = who(t, view, back.by);
            let args = (("name", name), ("time", t.moment(back.at)));
            let said = t.with(key!("signs-taken-back"), args).into_owned();
            match &back.reason {
                Some(reason) => format!("{said}: {reason}"),
                None => said,
            }
        }),
        form: (may && seen.taken_back.is_none()).then_some((base, reason)),
    }
}

/// In which week after the close it was seen, by the company's days.
fn week(t: &Text, view: &HandoffView, seen: &SignSeen) -> Option<String> {
    let calendar = &view.loaded.org.calendar;
    let closed = clock::closed(&view.loaded.handoff, calendar)?.start(calendar).ok()?;
    let day = |at: jiff::Timestamp| at.to_zoned(calendar.zone().time_zone().clone()).date();
    let days = day(closed).until(day(seen.at)).ok()?.get_days();
    (seen.at >= closed).then(|| t.with(key!("signs-week"), ("n", days / 7 + 1)).into_owned())
}

async fn note(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command =
        taken(|| Ok(command::NoteSign { sign: posted.one_of("sign")?, note: posted.opt_text("note")? }));
    Ok(act(&visit, id, command, &posted, &Sheet::Signs.href(id), key!("signs-noted-flash")).await)
}

async fn take_back(visit: Visit, In((id, number)): In<(HandoffId, u32)>, posted: Posted) -> Answer {
    let command = taken(|| Ok(command::TakeBackSign { number, reason: posted.opt_text("reason")? }));
    Ok(act(&visit, id, command, &posted, &Sheet::Signs.href(id), key!("signs-taken-back-flash")).await)
}
