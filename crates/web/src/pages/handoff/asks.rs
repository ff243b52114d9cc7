//! One ask of the record, ready to be shown: as a form that saves itself, as a text to be read, or as a list.

use throughline_app::read::HandoffView;
use throughline_domain::{
    ItemId, Key,
    access::Action,
    gate::{AskState, looks_at},
    handoff::Stage,
    playbook::Ask,
    record::{Answer, Body, List, Provenance, Stakeholder, StakeholderRole},
};

use super::{
    answers,
    forms::Form,
    frame::{role, who},
    items::{self, ItemView, Quick},
};
use crate::{
    form::Posted,
    i18n::Text,
    key,
    pages::words,
    ui::{self, Control, Draft},
    visit::Visit,
};

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
        /// A form in which one is added at once, with what it lacks to be filled in later.
        quick: Option<Quick>,
        /// People named already who may be the answer: where that is said, and who.
        named: Vec<(String, String)>,
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
        Provenance::Crm { .. } => Some(system(t, &handoff.deal.key.source)),
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
pub fn system(t: &Text, source: &str) -> String {
    match source {
        "salesforce" => "Salesforce".to_owned(),
        "hubspot" => "HubSpot".to_owned(),
        "crm" => t.get(key!("answer-the-crm")).into_owned(),
        other => other.to_owned(),
    }
}

fn shown_body(t: &Text, view: &HandoffView, ask: &Ask) -> AskBody {
    let Some(held) = view.loaded.handoff.record.answers.get(&ask.id.value) else {
        return AskBody::Shown { text: None, evidence: None, source: None };
    };
    let text = answers::text(t, ask, &held.answer);
    let evidence = match &held.answer {
        Answer::Words { evidence, .. } => answers::evidence(t, evidence, Some(&text)),
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
        let said = t.with(key!("record-none-declared"), ("name", who(t, view, none.by))).into_owned();
        (said, none.note.as_ref().map(ToString::to_string))
    });
    let open = is_open(view, id);
    let prefix = format!("quick-{id}");
    let empty = Posted::default();
    let draft = Draft { t, values: &empty, wrong: None, prefix: &prefix };
    // A gate waits for all that is wanted of the first result and the first person. Further ones are a line, and so are
    // lists of many: what those lack is filled in on their pages.
    let wanted = view.asks.get(id).is_some_and(|standing| standing.required.is_some());
    let whole = wanted && shown.is_empty() && matches!(list, List::Criteria | List::Stakeholders);
    AskBody::List {
        quick: open.then(|| items::quick(&draft, ask, list, whole)).flatten(),
        named: if open && wanted && shown.is_empty() && none.is_none() {
            named(view, ask)
        } else {
            Vec::new()
        },
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

/// How many people named already are offered where another part is asked for.
const NAMED_AT_MOST: usize = 9;

/// Who is in the record already and may play this part, too. Who pushed back is better thought of anew.
fn named(view: &HandoffView, ask: &Ask) -> Vec<(String, String)> {
    let handoff = &view.loaded.handoff;
    let Some(role) = ask.role.filter(|role| *role != StakeholderRole::Skeptic) else { return Vec::new() };
    let people = handoff.record.list(List::Stakeholders).filter_map(|item| match &item.body {
        Body::Stakeholder(person) if !person.parts.contains(&role) => Some((item.id, person)),
        _ => None,
    });
    let one = |(id, person): (ItemId, &Stakeholder)| {
        let name = match &person.title {
            Some(title) => format!("{}, {title}", person.name),
            None => person.name.to_string(),
        };
        (format!("/handoffs/{}/items/{id}/also/{}", handoff.id, ask.id.value), name)
    };
    people.take(NAMED_AT_MOST).map(one).collect()
}
