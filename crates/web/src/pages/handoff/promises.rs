//! The ledger of promises: where each was sent and why, what was decided, whether the customer knows, how it ended.

use askama::Template;
use axum::{
    Router,
    routing::{get, post},
};
use throughline_app::read::HandoffView;
use throughline_domain::{
    HandoffId, ItemId, Role,
    access::Action,
    clock::{PromiseReading, promise_readings},
    handoff::command,
    record::{DecisionVerdict, Item, List, Promise, PromiseOutcome, PromiseState},
};
use throughline_http::Web;

use super::{
    In, act, answers,
    asks::takes_items,
    forms::Form,
    frame::{Frame, View, role, who},
    items::{self, ItemView},
    taken,
};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    pages::words::{self, word},
    ui::{self, Control, Draft},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}/promises", get(show))
        .route("/handoffs/{id}/promises/{item}/decide", post(decide))
        .route("/handoffs/{id}/promises/{item}/correct", post(correct))
        .route("/handoffs/{id}/promises/{item}/settle", post(settle))
}

struct PromiseView {
    item: ItemView,
    /// What happened to it, in sentences, oldest first.
    told: Vec<String>,
    clock: Option<(ui::Reading, String)>,
    /// Where the customer was told.
    told_customer: Option<ui::Evidence>,
    decide: Option<(String, Vec<Control>)>,
    correct: Option<(String, Vec<Control>)>,
    settle: Option<(String, Vec<Control>)>,
    /// Somebody owes the customer the talk; it opens by itself for who can record it.
    owes_talk: bool,
}

/// Promises that stand alike.
struct Group {
    id: String,
    title: String,
    promises: Vec<PromiseView>,
}

#[derive(Template)]
#[template(path = "pages/handoff/promises.html")]
struct PromisesPage {
    chrome: Chrome,
    f: Frame,
    groups: Vec<Group>,
    count: usize,
    add: Option<String>,
    none: Option<String>,
}

async fn show(visit: Visit, In(id): In<HandoffId>) -> Answer {
    let view = visit.web.app.view(&visit.caller, id).await?;
    let t = &visit.t;
    let handoff = &view.loaded.handoff;
    let playbook = view.loaded.playbook.as_ref();
    let clocks = playbook.map_or_else(Vec::new, |playbook| {
        promise_readings(handoff, playbook, &view.loaded.calendars, view.now)
    });
    let ask =
        playbook.and_then(|playbook| playbook.asks().find(|ask| List::of(ask.kind) == Some(List::Promises)));
    let mut shown: Vec<(&Item, &Promise)> = handoff.record.promises().collect();
    shown.sort_by_key(|(item, promise)| (rank(promise.life.state()), item.id));
    let may_add = takes_items(&view) && ask.is_some();
    let page = PromisesPage {
        chrome: visit.chrome(Some(Place::Deals)),
        count: shown.len(),
        groups: shown
            .chunk_by(|(_, one), (_, next)| rank(one.life.state()) == rank(next.life.state()))
            .map(|alike| group(&visit, &view, alike, &clocks))
            .collect(),
        add: ask
            .filter(|_| may_add)
            .map(|ask| format!("/handoffs/{id}/items/new?list=promises&ask={}&from=promises", ask.id.value)),
        none: ask.and_then(|ask| handoff.record.none.get(&ask.id.value)).map(|none| {
            let name = who(t, &view, none.by);
            t.with(key!("record-none-declared"), ("name", name)).into()
        }),
        f: Frame::new(&visit, &view, View::Promises),
    };
    Ok(html(&page))
}

fn group(visit: &Visit, view: &HandoffView, alike: &[(&Item, &Promise)], clocks: &[PromiseReading]) -> Group {
    let rank = alike.first().map_or(0, |(_, promise)| rank(promise.life.state()));
    let title = match rank {
        0 => key!("promises-group-waiting"),
        1 => key!("promises-group-talk"),
        2 => key!("promises-group-clear"),
        3 => key!("promises-group-transferred"),
        _ => key!("promises-group-ended"),
    };
    Group {
        id: format!("ledger-{rank}"),
        title: visit.t.get(title).into_owned(),
        promises: alike
            .iter()
            .map(|(item, promise)| promise_view(visit, view, item, promise, clocks))
            .collect(),
    }
}

/// The forms of this view, by where they are posted to.
pub fn forms(visit: &Visit, view: &HandoffView) -> Vec<Form> {
    let promises = view.loaded.handoff.record.promises();
    let shown = promises.map(|(item, promise)| promise_view(visit, view, item, promise, &[]));
    shown.flat_map(|one| [one.decide, one.correct, one.settle]).flatten().collect()
}

/// What somebody has to act on comes first.
fn rank(state: PromiseState) -> u8 {
    match state {
        PromiseState::AwaitingDecision => 0,
        PromiseState::ToBeCorrected => 1,
        PromiseState::Captured
        | PromiseState::Approved
        | PromiseState::Countered
        | PromiseState::Declined => 2,
        PromiseState::Transferred => 3,
        PromiseState::Kept | PromiseState::Late | PromiseState::Broken | PromiseState::Released => 4,
    }
}

fn promise_view(
    visit: &Visit,
    view: &HandoffView,
    item: &Item,
    promise: &Promise,
    clocks: &[PromiseReading],
) -> PromiseView {
    let t = &visit.t;
    let handoff = &view.loaded.handoff;
    let life = &promise.life;
    let may = |action: Action| view.rights.contains(&action) && handoff.life.takes_reports();
    let href = takes_items(view).then(|| format!("/handoffs/{}/items/{}?from=promises", handoff.id, item.id));
    let base = format!("/handoffs/{}/promises/{}", handoff.id, item.id);
    let state = life.state();
    let mine = life.routed.as_ref().is_some_and(|routed| {
        visit.caller.acts_as(Action::DecidePromise, handoff, |roles| {
            roles.contains(&routed.to) || roles.contains(&Role::RevOps)
        })
    });
    let undecided_talk = life.corrected.is_none() && life.settled.is_none();
    let owes_talk = state == PromiseState::ToBeCorrected;
    let clock = clocks.iter().find(|clock| clock.item == item.id).filter(|clock| clock.done_at.is_none());
    PromiseView {
        item: items::show(t, view, item, &[], href),
        told: told(t, view, promise),
        clock: clock.map(|clock| {
            let due = t.with(key!("promises-decide-by"), ("time", t.due(clock.due_at))).into_owned();
            (words::reading(clock.reading), due)
        }),
        told_customer: life.corrected.as_ref().and_then(|done| answers::evidence(t, &done.evidence, None)),
        decide: (mine && handoff.life.takes_reports() && undecided_talk)
            .then(|| (format!("{base}/decide"), decide_form(t, item, promise))),
        correct: (owes_talk && may(Action::CorrectPromise)).then(|| {
            let prefix = format!("correct-{}", item.id);
            let values = Posted::default();
            let draft = Draft { t, values: &values, wrong: None, prefix: &prefix };
            (format!("{base}/correct"), items::evidence(&draft))
        }),
        settle: may(Action::SettlePromise)
            .then(|| (format!("{base}/settle"), settle_form(t, view, item, promise))),
        owes_talk,
    }
}

fn decide_form(t: &Text, item: &Item, promise: &Promise) -> Vec<Control> {
    let prefix = format!("decide-{}", item.id);
    let mut fields = Vec::new();
    if let Some(made) = &promise.life.decision {
        fields.push(("verdict".to_owned(), words::data_name(made.verdict)));
        fields.push(("reason".to_owned(), made.reason.to_string()));
    }
    let values = Posted::filled(fields);
    let draft = Draft { t, values: &values, wrong: None, prefix: &prefix };
    let verdicts = words::choices::<DecisionVerdict>(t, &[values.typed("verdict")]);
    vec![
        Control::Radios(draft.named("verdict", key!("promises-verdict")).required(), verdicts),
        Control::Area(
            draft
                .named("reason", key!("promises-reason"))
                .hint(t.get(key!("promises-reason-hint")))
                .required(),
        ),
    ]
}

fn settle_form(t: &Text, view: &HandoffView, item: &Item, promise: &Promise) -> Vec<Control> {
    let prefix = format!("settle-{}", item.id);
    let today = view.loaded.org.calendar.local_date(view.now);
    let mut fields = Vec::new();
    match &promise.life.settled {
        Some(held) => {
            fields.push(("outcome".to_owned(), words::data_name(held.outcome)));
            fields.push(("on".to_owned(), held.on.to_string()));
            fields.extend(held.note.iter().map(|note| ("note".to_owned(), note.to_string())));
        }
        None => fields.push(("on".to_owned(), today.to_string())),
    }
    let values = Posted::filled(fields);
    let draft = Draft { t, values: &values, wrong: None, prefix: &prefix };
    vec![
        Control::Pair(vec![
            draft.select("outcome", key!("promises-outcome"), |chosen| {
                words::choices::<PromiseOutcome>(t, chosen)
            }),
            draft.date("on", key!("promises-on")),
        ]),
        draft.line("note", key!("promises-note")),
    ]
}

fn told(t: &Text, view: &HandoffView, promise: &Promise) -> Vec<String> {
    let life = &promise.life;
    let mut told = Vec::new();
    match &life.routed {
        Some(routed) => {
            let args = (
                ("role", role(t, routed.to)),
                ("time", t.moment(routed.at)),
                ("because", routed.because.as_str()),
            );
            told.push(t.with(key!("promises-routed"), args).into_owned());
        }
        None => told.push(t.get(key!("promises-by-rule")).into_owned()),
    }
    if let Some(made) = &life.decision {
        let args = (
            ("name", who(t, view, made.by)),
            ("time", t.moment(made.at)),
            ("verdict", word(t, made.verdict)),
            ("reason", made.reason.as_str()),
        );
        told.push(t.with(key!("promises-decided"), args).into_owned());
    }
    if let Some(done) = &life.corrected {
        let args = (("name", who(t, view, done.by)), ("time", t.moment(done.at)));
        told.push(t.with(key!("promises-corrected"), args).into_owned());
    }
    if let Some(at) = life.transferred_at {
        told.push(t.with(key!("promises-transferred"), ("time", t.moment(at))).into_owned());
    }
    if let Some(held) = &life.settled {
        let args =
            (("name", who(t, view, held.by)), ("date", t.date(held.on)), ("outcome", word(t, held.outcome)));
        told.push(t.with(key!("promises-settled"), args).into_owned());
        told.extend(held.note.as_ref().map(ToString::to_string));
    }
    told
}

fn back(id: HandoffId, item: ItemId) -> String {
    format!("/handoffs/{id}/promises#promise-{item}")
}

async fn decide(visit: Visit, In((id, item)): In<(HandoffId, ItemId)>, posted: Posted) -> Answer {
    let command = taken(|| {
        Ok(command::DecidePromise {
            item,
            verdict: posted.one_of("verdict")?,
            reason: posted.text("reason")?,
        })
    });
    Ok(act(&visit, id, command, &posted, &back(id, item), key!("promises-decided-flash")).await)
}

async fn correct(visit: Visit, In((id, item)): In<(HandoffId, ItemId)>, posted: Posted) -> Answer {
    let command = taken(|| Ok(command::CorrectPromise { item, evidence: posted.evidence()? }));
    Ok(act(&visit, id, command, &posted, &back(id, item), key!("promises-corrected-flash")).await)
}

async fn settle(visit: Visit, In((id, item)): In<(HandoffId, ItemId)>, posted: Posted) -> Answer {
    let command = taken(|| {
        let (outcome, on) = (posted.one_of("outcome")?, posted.date("on")?);
        Ok(command::SettlePromise { item, outcome, on, note: posted.opt_text("note")? })
    });
    Ok(act(&visit, id, command, &posted, &back(id, item), key!("promises-settled-flash")).await)
}
