//! Items of lists: what a new one begins as, and what has to follow when one gets another name.

use std::collections::BTreeSet;

use throughline_domain::playbook::edit::{Change, Data, Document, Node, Value, Way};

use super::changes::word;
use crate::{
    i18n::Text,
    key,
    pages::{playbooks::edit::spec::Part, words::data_name},
};

/// A name in data made of words, that none of these has.
pub fn name_of(words: &str, taken: &BTreeSet<String>) -> String {
    let mut name: String = words
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect::<String>()
        .split('_')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("_");
    name.truncate(40);
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        name = format!("x_{name}").trim_end_matches('_').to_owned();
    }
    let mut free = name.clone();
    let mut number = 2;
    while taken.contains(&free) {
        free = format!("{name}_{number}");
        number += 1;
    }
    free
}

/// The changes that let everything that names a part by its old name name it by the new one.
pub fn renamed(part: Part, document: &Document<'_>, old: &str, new: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut walk = |way: &Way, node: &Node| {
        if node.text() == Some(old) {
            changes.push(Change::Set { way: way.clone(), value: word(new), after: Vec::new() });
        }
    };
    let list = |name: &str| -> Vec<(Way, &Node)> {
        let way = Way::default().key(name);
        let items = document.get(&way).map(Node::items).unwrap_or_default();
        items.iter().enumerate().map(|(index, item)| (way.nth(index), item)).collect()
    };
    let each = |way: &Way, node: &Node, key: &str, walk: &mut dyn FnMut(&Way, &Node)| {
        let Some(inner) = node.get(key) else { return };
        let way = way.key(key);
        match inner.items() {
            [] => walk(&way, inner),
            items => items.iter().enumerate().for_each(|(index, item)| walk(&way.nth(index), item)),
        }
    };
    let demanded = |kind: &str, walk: &mut dyn FnMut(&Way, &Node)| {
        for (way, gate) in list("gates") {
            each(&way, gate, "demands", &mut |way, item| {
                if let Some(inner) = item.get(kind) {
                    walk(&way.key(kind), inner);
                }
            });
        }
    };
    match part {
        Part::Ask => list("agenda").iter().for_each(|(way, node)| each(way, node, "from", &mut walk)),
        Part::Step => {
            demanded("step", &mut walk);
            list("steps").iter().for_each(|(way, node)| each(way, node, "confirms", &mut walk));
        }
        Part::Rating => {
            demanded("rating", &mut walk);
            list("steps").iter().for_each(|(way, node)| each(way, node, "rating", &mut walk));
        }
        Part::Category => {
            for (way, section) in list("sections") {
                let asks = way.key("asks");
                let items = section.get("asks").map(Node::items).unwrap_or_default();
                items
                    .iter()
                    .enumerate()
                    .for_each(|(index, ask)| each(&asks.nth(index), ask, "category", &mut walk));
            }
        }
        _ => {}
    }
    changes
}

/// What a new item of a list begins as.
pub fn blank(t: &Text, part: Part, document: &Document<'_>) -> Option<Value> {
    let data = Data::from(&document.root);
    let mut taken = BTreeSet::new();
    names_in(&data, &mut taken);
    let id = |words: &str| ("id".to_owned(), Value::Word(name_of(words, &taken)));
    let text = |key: &str, said: crate::i18n::Key| (key.to_owned(), Value::Text(t.get(said).into_owned()));
    let name = |key: &str, value: &str| (key.to_owned(), Value::Word(value.to_owned()));
    let row = |key: &str, names: &[&str]| {
        let names = names.iter().map(|name| Value::Word((*name).to_owned())).collect();
        (key.to_owned(), Value::Row(names))
    };
    Some(Value::Map(match part {
        Part::Section => {
            vec![id("section"), text("title", key!("editor-new-section")), row("asks", &[])]
        }
        Part::Ask => vec![
            id("question"),
            text("ask", key!("editor-new-ask")),
            name("type", "text"),
            row("used_by", &["csm"]),
        ],
        Part::Gate => {
            let has = |gate: &str| {
                let Some(Data::List(gates)) = data.get("gates") else { return false };
                gates.iter().any(|held| held.get("gate").and_then(Data::text) == Some(gate))
            };
            let free =
                throughline_domain::playbook::Gate::ALL.into_iter().map(data_name).find(|gate| !has(gate))?;
            vec![
                name("gate", &free),
                row("demands", &["record"]),
                row("waived_by", &["cs_leader"]),
                name("waiver_lasts", "10 bd"),
            ]
        }
        Part::Step => vec![
            id("step"),
            text("title", key!("editor-new-step")),
            name("kind", "other"),
            name("owner", "csm"),
        ],
        Part::Form => vec![
            ("form".to_owned(), Value::Word(name_of("form", &taken))),
            text("title", key!("editor-new-form")),
        ],
        Part::Route => vec![
            id("route"),
            ("when".to_owned(), Value::Text("false".to_owned())),
            name("take", "this"),
            text("because", key!("editor-new-route")),
        ],
        Part::PromiseRoute => vec![
            ("when".to_owned(), Value::Text("false".to_owned())),
            name("to", "deal_desk"),
            text("because", key!("editor-new-route")),
        ],
        Part::Category => vec![
            id("category"),
            text("title", key!("editor-new-category")),
            text("question", key!("editor-new-ask")),
            name("when", "review"),
        ],
        Part::Rating => vec![
            id("rating"),
            text("title", key!("editor-new-rating")),
            text("question", key!("editor-new-ask")),
            name("low", "2"),
            (
                "reasons".to_owned(),
                Value::List(vec![Value::Inline(vec![
                    name("id", "other"),
                    text("label", key!("editor-new-reason")),
                ])]),
            ),
        ],
        Part::Agenda => vec![
            text("title", key!("editor-new-agenda")),
            name("minutes", "5"),
            text("about", key!("editor-new-agenda")),
        ],
        Part::Milestone => {
            vec![text("title", key!("editor-new-milestone")), name("side", "us"), name("due", "30 d")]
        }
        Part::Rung => vec![name("tell", "manager"), name("after", "1 bd")],
        Part::Tier => vec![id("tier"), text("title", key!("editor-new-tier"))],
        _ => return None,
    }))
}

/// Every name given anywhere, so that a new one is nobody else's.
fn names_in(data: &Data, names: &mut BTreeSet<String>) {
    match data {
        Data::Map(entries) => {
            for (key, value) in entries {
                if let (true, Some(name)) = (matches!(key.as_str(), "id" | "form"), value.text()) {
                    names.insert(name.to_owned());
                }
                names_in(value, names);
            }
        }
        Data::List(items) => items.iter().for_each(|item| names_in(item, names)),
        Data::Text(_) => {}
    }
}
