//! The record: the playbook's own questions in its own order, each with its answer, why it is asked and what is
//! missing; beside it how far it is and who owes what.

use askama::Template;
use axum::{
    Router,
    routing::{get, post},
};
use throughline_app::read::HandoffView;
use throughline_domain::{
    HandoffId, Key, Role,
    access::Action,
    gate::{AskState, Verdict, looks_at},
    handoff::{Stage, command},
    playbook::{Ask, Gate, StepKind},
    record::{List, Provenance},
};
use throughline_http::Web;

use super::{
    In, act, answers,
    forms::Form,
    frame::{Frame, View, gap, meter, person, role},
    items::{self, ItemView},
    steps::timed,
    taken,
};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    form::Posted,
    i18n::{Key as TextKey, Text},
    key,
    pages::words,
    ui::{self, Control, Draft, Gap, Meter, Person},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}", get(show))
        .route("/handoffs/{id}/reopen", post(reopen))
        .route("/handoffs/{id}/acknowledge", post(acknowledge))
}

/// One ask with everything around it.
pub struct AskView {
    /// Its name in data; its anchor is `ask-` and this.
    pub key: String,
    /// The id of its form.
    pub form: String,
    /// Where its answer goes.
    pub action: String,
    /// The question.
    pub question: String,
    /// How to answer it well.
    pub help: Option<String>,
    /// Why it is asked here; none: it is optional.
    pub need: Option<String>,
    /// Who fills and who uses it.
    pub uses: String,
    /// What is wrong with the answer, where a gate asks for it.
    pub problem: Option<String>,
    /// Answered, with nothing wrong.
    pub done: bool,
    /// When it was last saved by hand.
    pub saved_at: Option<jiff::Timestamp>,
    /// The answer.
    pub body: AskBody,
    /// It can be reopened with a reason.
    pub may_reopen: bool,
}

/// A name as it stands within a sentence: small at its beginning, unless it is an abbreviation.
fn in_a_sentence(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => name.to_owned(),
    }
}

/// The answer of an ask.
pub enum AskBody {
    /// A form that saves itself, and what folds away below it.
    Form {
        /// In sight.
        shown: Vec<Control>,
        /// Folded: where it was said.
        folded: Vec<Control>,
        /// The fold stands open.
        open: bool,
    },
    /// To be read only.
    Shown {
        /// The answer; none yet.
        text: Option<String>,
        /// Where it was said.
        evidence: Option<ui::Evidence>,
        /// Where it came from.
        source: Option<String>,
    },
    /// A list.
    List {
        /// Its entries.
        items: Vec<ItemView>,
        /// Where one is added.
        add: Option<String>,
        /// What one is called.
        one: String,
        /// Who said that there are none, and why.
        none: Option<(String, Option<String>)>,
        /// "There are none" can be said now.
        may_say_none: bool,
        /// It can be taken back.
        may_take_back: bool,
    },
}

struct SectionView {
    id: String,
    title: String,
    about: Option<String>,
    asks: Vec<AskView>,
    /// How many of the asks a gate wants are answered.
    done: String,
    /// Nothing is missing: on a phone it begins folded.
    finished: bool,
}

/// What stands beside the record, and is sent again with every save.
pub struct Summary {
    /// Words.
    pub t: Text,
    /// How far it is.
    pub meter: Meter,
    /// What is missing.
    pub gaps: Vec<Gap>,
    /// The first gate not passed, in a sentence, with its verdict.
    pub gate: (ui::GateMark, String),
    /// Where gates are.
    pub base: String,
}

struct Callout {
    id: &'static str,
    tone: ui::Tone,
    title: String,
    texts: Vec<String>,
    link: Option<(String, String)>,
    /// Posts to this address, with this label.
    button: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "pages/handoff/record.html")]
struct RecordPage {
    chrome: Chrome,
    f: Frame,
    summary: Summary,
    group: String,
    callouts: Vec<Callout>,
    sections: Vec<SectionView>,
    people: Vec<(String, Person)>,
    steps: Vec<ui::Step>,
    reopen_reason: ui::Field,
}

async fn show(visit: Visit, In(id): In<HandoffId>) -> Answer {
    let view = visit.web.app.view(&visit.caller, id).await?;
    Ok(html(&page(&visit, &view)))
}

fn page(visit: &Visit, view: &HandoffView) -> RecordPage {
    let t = &visit.t;
    let f = Frame::new(visit, view, View::Record);
    let sections = view.loaded.playbook.iter().flat_map(|playbook| &playbook.sections);
    let sections = sections
        .map(|section| {
            let asks: Vec<_> = section.asks.iter().map(|ask| ask_view(visit, view, ask)).collect();
            let wanted = asks.iter().filter(|ask| ask.need.is_some());
            let (all, missing) = (wanted.clone().count(), wanted.filter(|ask| ask.problem.is_some()).count());
            SectionView {
                id: format!("section-{}", section.id.value),
                title: section.title.clone(),
                about: section.about.as_ref().map(|about| about.trim().to_owned()),
                done: t.with(key!("meter-of"), (("done", all - missing), ("all", all))).into(),
                finished: missing == 0,
                asks,
            }
        })
        .collect();
    let due = view
        .readings
        .iter()
        .filter(|one| one.reading.is_open() && one.due_at.is_some() && one.kind != StepKind::Availability);
    let mut due: Vec<_> = due.collect();
    due.sort_by_key(|one| one.due_at);
    RecordPage {
        chrome: visit.chrome(Some(Place::Deals)),
        summary: summary(t, view),
        group: group(view.loaded.handoff.id),
        callouts: callouts(t, view),
        sections,
        people: people(t, view),
        steps: due.into_iter().take(4).map(|reading| timed(t, view, reading)).collect(),
        reopen_reason: ui::Field::new("reason", t.get(key!("record-reopen-reason"))).required(),
        f,
    }
}

/// The name under which forms of one handoff share its version.
pub fn group(id: HandoffId) -> String {
    format!("handoff-{id}")
}

/// What stands beside the record.
pub fn summary(t: &Text, view: &HandoffView) -> Summary {
    let handoff = &view.loaded.handoff;
    let next = Gate::ALL.into_iter().filter_map(|gate| view.gate(gate)).find(|answer| {
        let passed = handoff.passed(answer.gate).is_some();
        !passed && answer.verdict != Verdict::NotRequired
    });
    let gate = match next {
        None => (ui::GateMark::Pass, t.get(key!("record-gate-all-passed")).into_owned()),
        Some(answer) if answer.verdict == Verdict::Refused => {
            let args = (("gate", words::word(t, answer.gate)), ("n", answer.gaps.len()));
            (ui::GateMark::Refused, t.with(key!("record-gate-shut"), args).into())
        }
        Some(answer) => (
            ui::GateMark::Ahead,
            t.with(key!("record-gate-open"), ("gate", words::word(t, answer.gate))).into(),
        ),
    };
    Summary {
        t: t.clone(),
        meter: meter(view),
        gaps: view.gaps.iter().map(|one| gap(t, one)).collect(),
        gate,
        base: format!("/handoffs/{}", handoff.id),
    }
}

/// Whether an ask can be changed without saying why.
fn is_open(view: &HandoffView, ask: &Key) -> bool {
    let handoff = &view.loaded.handoff;
    view.rights.contains(&Action::Fill)
        && handoff.life.takes_reports()
        && match handoff.stage {
            Stage::Preparing | Stage::Owned { .. } => true,
            Stage::Offered { .. } | Stage::Assigned { .. } => {
                handoff.reopened.as_ref().is_some_and(|open| open.asks.contains(ask))
            }
        }
}

/// Whether entries can be added or changed: with a reason where the record was offered.
pub fn takes_items(view: &HandoffView) -> bool {
    view.rights.contains(&Action::Fill) && view.loaded.handoff.life.takes_reports()
}

/// One ask, as it stands.
pub fn ask_view(visit: &Visit, view: &HandoffView, ask: &Ask) -> AskView {
    let t = &visit.t;
    let handoff = &view.loaded.handoff;
    let id = &ask.id.value;
    let standing = view.asks.get(id);
    let problem = standing.and_then(|standing| standing.problems.first());
    let required = standing.and_then(|standing| standing.required.as_ref());
    let need = required.and_then(|required| words::why(t, required));
    let open = is_open(view, id);
    let list = List::of(ask.kind);
    let used: Vec<String> = ask.used_by.iter().map(|one| role(t, *one)).collect();
    let offered = matches!(handoff.stage, Stage::Offered { .. } | Stage::Assigned { .. });
    AskView {
        key: id.to_string(),
        form: format!("form-{id}"),
        action: format!("/handoffs/{}/answers/{id}", handoff.id),
        question: ask.ask.clone(),
        help: ask.help.as_ref().map(|help| help.trim().to_owned()),
        uses: t
            .with(key!("record-uses"), (("filled", role(t, ask.filled_by)), ("used", t.list(&used))))
            .into(),
        problem: required.and(problem).map(|problem| words::problem(t, problem)),
        done: answered(view, ask, standing),
        saved_at: None,
        body: match list {
            Some(list) => list_body(visit, view, ask, list),
            None if open => form_body(visit, view, ask, need.clone()),
            None => shown_body(t, view, ask),
        },
        need,
        may_reopen: offered && !open && view.rights.contains(&Action::Reopen) && handoff.life.is_live(),
    }
}

fn answered(view: &HandoffView, ask: &Ask, standing: Option<&AskState>) -> bool {
    let record = &view.loaded.handoff.record;
    let something = match List::of(ask.kind) {
        None => record.answers.contains_key(&ask.id.value),
        Some(list) => {
            record.none.contains_key(&ask.id.value) || record.list(list).any(|item| looks_at(ask, item))
        }
    };
    something && standing.is_some_and(|standing| standing.problems.is_empty())
}

fn form_body(visit: &Visit, view: &HandoffView, ask: &Ask, need: Option<String>) -> AskBody {
    let t = &visit.t;
    let handoff = &view.loaded.handoff;
    let held = handoff.record.answers.get(&ask.id.value);
    let values = held.map(|held| answers::typed(&held.answer)).unwrap_or_default();
    let crm = held.and_then(|held| match &held.provenance {
        Provenance::Crm { .. } => Some(system(&handoff.deal.key.source)),
        Provenance::Hand { .. } | Provenance::CarriedOver => None,
    });
    let prefix = ask.id.value.to_string();
    let draft = Draft { t, values: &values, wrong: None, prefix: &prefix };
    let need = need.unwrap_or_else(|| t.get(key!("record-optional")).into_owned());
    let (shown, folded) = answers::controls(&draft, ask, Some(need), crm, currency(view));
    let open =
        held.is_some() && view.asks.get(&ask.id.value).is_some_and(|standing| !standing.problems.is_empty());
    AskBody::Form { shown, folded, open }
}

/// The deal's currency, for amounts that do not say theirs.
pub fn currency(view: &HandoffView) -> &str {
    let deal = &view.loaded.handoff.deal;
    deal.amount.as_ref().or(deal.arr.as_ref()).map_or("EUR", |amount| amount.currency.code())
}

/// The forms of single answers, by where they are posted to.
pub fn forms(visit: &Visit, view: &HandoffView) -> Vec<Form> {
    let asks = view.loaded.playbook.iter().flat_map(|playbook| playbook.asks());
    let forms = asks.filter(|ask| List::of(ask.kind).is_none()).filter_map(|ask| {
        let shown = ask_view(visit, view, ask);
        match form_body(visit, view, ask, shown.need) {
            AskBody::Form { shown: mut controls, folded, .. } => {
                controls.extend(folded);
                Some((shown.action, controls))
            }
            AskBody::Shown { .. } | AskBody::List { .. } => None,
        }
    });
    forms.collect()
}

/// A source system as people write it.
pub fn system(source: &str) -> String {
    match source {
        "salesforce" => "Salesforce".to_owned(),
        "hubspot" => "HubSpot".to_owned(),
        "crm" => "the CRM".to_owned(),
        other => other.to_owned(),
    }
}

fn shown_body(t: &Text, view: &HandoffView, ask: &Ask) -> AskBody {
    let Some(held) = view.loaded.handoff.record.answers.get(&ask.id.value) else {
        return AskBody::Shown { text: None, evidence: None, source: None };
    };
    let text = answers::text(t, ask, &held.answer);
    let evidence = match &held.answer {
        throughline_domain::record::Answer::Words { evidence, .. } => {
            answers::evidence(t, evidence, Some(&text))
        }
        _ => None,
    };
    AskBody::Shown { text: Some(text), evidence, source: Some(answers::came_from(t, view, &held.provenance)) }
}

fn list_body(visit: &Visit, view: &HandoffView, ask: &Ask, list: List) -> AskBody {
    let t = &visit.t;
    let handoff = &view.loaded.handoff;
    let id = &ask.id.value;
    let may = takes_items(view);
    let base = format!("/handoffs/{}", handoff.id);
    let shown: Vec<ItemView> = handoff
        .record
        .list(list)
        .filter(|item| looks_at(ask, item))
        .map(|item| {
            let href = may.then(|| format!("{base}/items/{}?ask={id}", item.id));
            items::show(t, view, item, &ask.needs, href)
        })
        .collect();
    let none = handoff.record.none.get(id).map(|none| {
        let name = none
            .by
            .person()
            .map_or_else(|| t.get(key!("answer-by-program")).into_owned(), |by| person(view, by).name);
        let said = t.with(key!("record-none-declared"), ("name", name)).into_owned();
        (said, none.note.as_ref().map(ToString::to_string))
    });
    let open = is_open(view, id);
    AskBody::List {
        add: may.then(|| format!("{base}/items/new?list={}&ask={id}", list.name())),
        one: ask
            .role
            .map_or_else(|| words::one_of_list(t, list), |role| in_a_sentence(&words::word(t, role))),
        may_say_none: open && ask.allow_none && shown.is_empty() && none.is_none(),
        may_take_back: open && none.is_some(),
        items: shown,
        none,
    }
}

fn callouts(t: &Text, view: &HandoffView) -> Vec<Callout> {
    let handoff = &view.loaded.handoff;
    let base = format!("/handoffs/{}", handoff.id);
    let titles = |asks: &mut dyn Iterator<Item = &Key>| {
        let playbook = view.loaded.playbook.as_ref();
        let title = |id: &Key| {
            playbook
                .and_then(|playbook| playbook.ask(id))
                .map_or_else(|| id.to_string(), |ask| ask.ask.clone())
        };
        t.list(&asks.map(title).collect::<Vec<_>>())
    };
    let callout = |id, tone, title: TextKey| Callout {
        id,
        tone,
        title: t.get(title).into_owned(),
        texts: Vec::new(),
        link: None,
        button: None,
    };
    let mut found = Vec::new();
    if let Some(back) = handoff.open_return() {
        found.push(Callout {
            texts: vec![back.reason.to_string()],
            link: Some((t.get(key!("record-returned-link")).into_owned(), format!("{base}/review#return"))),
            ..callout("returned", ui::Tone::Warn, key!("record-returned"))
        });
    }
    if let Some(reopened) = &handoff.reopened {
        let name = reopened.by.person().map_or_else(String::new, |by| person(view, by).name);
        let mut texts = vec![
            t.with(key!("record-reopened-text"), (("name", name), ("reason", reopened.reason.as_str())))
                .into_owned(),
        ];
        texts.push(if reopened.untouched.is_empty() {
            t.get(key!("record-reopened-review")).into_owned()
        } else {
            t.with(key!("record-reopened-untouched"), ("asks", titles(&mut reopened.untouched.iter())))
                .into_owned()
        });
        found.push(Callout { texts, ..callout("reopened", ui::Tone::Warn, key!("record-reopened")) });
    }
    let unseen: std::collections::BTreeSet<&Key> =
        handoff.amendments.iter().filter(|one| one.acknowledged_at.is_none()).map(|one| &one.ask).collect();
    if !unseen.is_empty() {
        let title = t.with(key!("record-amended"), ("asks", titles(&mut unseen.into_iter()))).into_owned();
        let may = view.rights.contains(&Action::AcknowledgeAmendments);
        found.push(Callout {
            title,
            button: may
                .then(|| (format!("{base}/acknowledge"), t.get(key!("record-acknowledge")).into_owned())),
            ..callout("amended", ui::Tone::Info, key!("record-acknowledge"))
        });
    }
    if !handoff.life.takes_reports() {
        found.push(callout("shut", ui::Tone::Info, key!("record-shut")));
    } else if !view.rights.contains(&Action::Fill) {
        found.push(callout("shut", ui::Tone::Info, key!("record-read-only")));
    }
    found
}

fn people(t: &Text, view: &HandoffView) -> Vec<(String, Person)> {
    let handoff = &view.loaded.handoff;
    let mut found: Vec<(String, Person)> = Role::ALL
        .into_iter()
        .filter(|one| *one != Role::Csm)
        .filter_map(|one| Some((role(t, one), person(view, handoff.seats.get(&one)?.person))))
        .collect();
    found.extend(handoff.csm().map(|csm| (role(t, Role::Csm), person(view, csm))));
    found
}

async fn reopen(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let back = match posted.get("asks") {
        Some(ask) => format!("/handoffs/{id}#ask-{ask}"),
        None => format!("/handoffs/{id}"),
    };
    let command =
        taken(|| Ok(command::Reopen { asks: posted.keys("asks")?, reason: posted.text("reason")? }));
    Ok(act(&visit, id, command, &posted, &back, key!("record-reopened-flash")).await)
}

async fn acknowledge(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| Ok(command::AcknowledgeAmendments {}));
    let back = format!("/handoffs/{id}");
    Ok(act(&visit, id, command, &posted, &back, key!("record-acknowledged-flash")).await)
}

/// Where crumbs of pages below the record lead.
pub fn crumbs(visit: &Visit, view: &HandoffView) -> Vec<ui::Crumb> {
    let handoff = &view.loaded.handoff;
    vec![
        ui::Crumb::new(visit.t.get(Place::Deals.key()), "/deals"),
        ui::Crumb::new(handoff.deal.account.clone(), View::Record.href(handoff.id)),
    ]
}
