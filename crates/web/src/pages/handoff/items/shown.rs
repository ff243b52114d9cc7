//! An entry as pages show it.

use throughline_app::read::HandoffView;
use throughline_domain::{
    playbook::asks::Need,
    record::{Body, Item},
};

use crate::{
    i18n::Text,
    key,
    pages::{
        handoff::answers,
        words::{self, word},
    },
    ui,
};

/// An entry as pages show it.
pub struct ItemView {
    /// Its anchor.
    pub id: String,
    /// What it says first.
    pub title: String,
    /// Whether the title is the customer's own words.
    pub quoted: bool,
    /// Short facts in a line.
    pub facts: Vec<String>,
    /// Longer ones, each with its label.
    pub texts: Vec<(String, String)>,
    /// Where it was said.
    pub evidence: Option<ui::Evidence>,
    /// Where it came from.
    pub source: String,
    /// What the ask wants and it lacks.
    pub lacks: Option<String>,
    /// A promise's state.
    pub life: Option<ui::PromiseLife>,
    /// Where it is changed; none for who may not.
    pub href: Option<String>,
}

/// Makes the view of an entry.
pub fn show(t: &Text, view: &HandoffView, item: &Item, needs: &[Need], href: Option<String>) -> ItemView {
    let mut facts: Vec<String> = Vec::new();
    let mut texts: Vec<(String, String)> = Vec::new();
    let mut long = |label: crate::i18n::Key, text: &Option<throughline_domain::Personal>| {
        texts.extend(text.iter().map(|text| (t.get(label).into_owned(), text.to_string())));
    };
    let (mut quoted, mut life) = (false, None);
    let title = match &item.body {
        Body::Promise(promise) => {
            facts.push(word(t, promise.kind));
            facts.extend(promise.strength.map(|strength| word(t, strength)));
            facts.extend(promise.owed_by.map(|side| word(t, side)));
            facts.extend(promise.in_contract.map(|held| {
                t.get(if held { key!("item-is-in-contract") } else { key!("item-not-in-contract") })
                    .into_owned()
            }));
            facts.extend(
                promise.due_on.map(|due| t.with(key!("item-due-on"), ("date", t.date(due))).into_owned()),
            );
            facts.extend(
                promise
                    .amount
                    .map(|amount| t.with(key!("item-worth"), ("amount", t.money(amount))).into_owned()),
            );
            life = Some(words::promise_life(promise.life.state()));
            promise.what.to_string()
        }
        Body::Criterion(criterion) => {
            quoted = true;
            facts.extend(
                criterion.by_on.map(|by| t.with(key!("item-expected"), ("date", t.date(by))).into_owned()),
            );
            long(key!("item-measured"), &criterion.measure);
            criterion.words.to_string()
        }
        Body::Stakeholder(person) => {
            facts.extend(person.parts.iter().map(|part| word(t, *part)));
            facts.extend(person.title.as_ref().map(ToString::to_string));
            facts.extend(person.contact.as_ref().map(ToString::to_string));
            facts.extend(
                person.influence.map(|held| format!("{}: {}", t.get(key!("item-influence")), word(t, held))),
            );
            facts.extend(person.stance.map(|held| word(t, held)));
            let marks = [
                (person.signed, key!("item-signed")),
                (person.drove, key!("item-drove")),
                (person.needs_early_win, key!("item-early-win")),
                (person.may_block, key!("item-may-block")),
            ];
            facts.extend(marks.into_iter().filter(|(held, _)| *held).map(|(_, key)| t.get(key).into_owned()));
            long(key!("item-wants"), &person.goals);
            long(key!("item-says"), &person.said);
            person.name.to_string()
        }
        Body::Risk(risk) => {
            facts.push(word(t, risk.kind));
            facts.extend(
                risk.severity.map(|held| format!("{}: {}", t.get(key!("item-severity")), word(t, held))),
            );
            facts.extend(risk.owner.as_ref().map(|owner| format!("{}: {owner}", t.get(key!("item-owner")))));
            long(key!("item-softened"), &risk.mitigation);
            risk.what.to_string()
        }
        Body::Integration(tool) => {
            facts.extend(tool.needed_first.then(|| t.get(key!("item-needed-first")).into_owned()));
            facts.extend(
                tool.owner.as_ref().map(|owner| format!("{}: {owner}", t.get(key!("item-tool-owner")))),
            );
            long(key!("item-flows"), &tool.what);
            tool.tool.clone()
        }
        Body::DataMove(data) => {
            facts.extend(data.from.as_ref().map(|from| format!("{}: {from}", t.get(key!("item-from")))));
            facts.extend(
                data.format.as_ref().map(|format| format!("{}: {format}", t.get(key!("item-format")))),
            );
            facts.extend(
                data.owner.as_ref().map(|owner| format!("{}: {owner}", t.get(key!("item-tool-owner")))),
            );
            data.what.to_string()
        }
    };
    let lacks: Vec<String> = item.lacks(needs).into_iter().map(|need| word(t, need)).collect();
    ItemView {
        id: item.id.to_string(),
        evidence: answers::evidence(t, &item.evidence, None),
        title,
        quoted,
        facts,
        texts,
        source: answers::came_from(t, view, &item.provenance),
        lacks: (!lacks.is_empty())
            .then(|| t.with(key!("record-lacks"), ("needs", t.list(&lacks))).into_owned()),
        life,
        href,
    }
}
