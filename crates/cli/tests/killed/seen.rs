//! What is there in the end: the journal as exported, and what the API shows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    client::{Client, text},
    company::{ASK, Company},
};

/// A fact of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub handoff: String,
    pub seq: u64,
    pub kind: String,
    /// The tags that stand in it.
    pub tags: Vec<String>,
}

/// A handoff as the API shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    pub version: u64,
    /// Its version in the list of all; one entry for each row.
    pub listed: Vec<u64>,
    /// The tags of its items and questions.
    pub items: Vec<String>,
    pub questions: Vec<String>,
    /// The tag of the answer that stands.
    pub answer: Option<String>,
    /// Gates that do not refuse, of those that no record here can pass.
    pub open_gates: Vec<String>,
}

#[derive(Debug, Clone, Default)]
pub struct Seen {
    pub facts: Vec<Fact>,
    pub shown: BTreeMap<String, Shown>,
    pub teams: Vec<String>,
    /// Which handoff the API names for a deal's tag.
    pub deals: BTreeMap<String, Option<String>>,
}

/// Which handoffs are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// All there are.
    All,
    /// Those whose deal bears a tag: others come from elsewhere, and are held against something else.
    Tagged,
}

impl Seen {
    /// Reads everything back.
    pub fn of(company: &Company, address: &str, deals: &[String], whose: Whose) -> Self {
        let mut seen = Self::default();
        let exported = company.bench.run(&["journal", "export"]).code(0).out;
        seen.facts = exported.lines().map(fact).collect();
        if whose == Whose::Tagged {
            let first = seen.facts.iter().filter(|fact| fact.seq == 1 && !fact.tags.is_empty());
            let tagged: BTreeSet<String> = first.map(|fact| fact.handoff.clone()).collect();
            seen.facts.retain(|fact| tagged.contains(&fact.handoff));
        }
        let mut client = Client::new(&company.token);
        let mut get = |path: &str| patient(&mut client, address, path);
        let ours: BTreeSet<String> = seen.facts.iter().map(|fact| fact.handoff.clone()).collect();
        for row in rows(&mut get, "/api/v1/handoffs") {
            if whose == Whose::Tagged && !ours.contains(&text(&row["id"])) {
                continue;
            }
            let listed = row["version"].as_u64().unwrap();
            seen.shown.entry(text(&row["id"])).or_default().listed.push(listed);
        }
        for fact in seen.facts.iter().filter(|fact| fact.seq == 1) {
            seen.shown.entry(fact.handoff.clone()).or_default();
        }
        for (id, shown) in &mut seen.shown {
            let (status, view) = get(&format!("/api/v1/handoffs/{id}"));
            assert_eq!(status, 200, "{id}: {view}");
            show(shown, &view);
        }
        seen.teams = rows(&mut get, "/api/v1/teams").iter().map(|row| text(&row["name"])).collect();
        for tag in deals {
            let (status, known) = get(&crate::company::deal_path(tag));
            if status == 200 {
                seen.deals.insert(tag.clone(), known["handoff"].as_str().map(str::to_owned));
            }
        }
        seen
    }
}

/// Reads, waiting where the server says so.
fn patient(client: &mut Client, address: &str, path: &str) -> (u16, Value) {
    loop {
        let answer = client.ask(address, &format!("GET {path}"), &[], None);
        if answer.status != 429 {
            return (answer.status, answer.json());
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}

fn rows(get: &mut impl FnMut(&str) -> (u16, Value), path: &str) -> Vec<Value> {
    let (mut all, mut page) = (Vec::new(), format!("{path}?limit=200"));
    if path.ends_with("teams") {
        page = path.to_owned();
    }
    loop {
        let (status, body) = get(&page);
        assert_eq!(status, 200, "{page}: {body}");
        all.extend(body["rows"].as_array().unwrap().iter().cloned());
        match body["next"].as_str() {
            Some(next) => page = next.to_owned(),
            None => return all,
        }
    }
}

fn fact(line: &str) -> Fact {
    let value: Value = serde_json::from_str(line).unwrap();
    // Beside the fact stands its sealed body, which repeats what is not personal.
    let tags = tags_in(&value["fact"].to_string());
    Fact {
        handoff: text(&value["handoff"]),
        seq: value["seq"].as_u64().unwrap(),
        kind: text(&value["kind"]),
        tags,
    }
}

fn show(shown: &mut Shown, view: &Value) {
    let first = |value: &Value| tags_in(&value.to_string()).first().cloned();
    shown.version = view["version"].as_u64().unwrap();
    let items = view["record"]["items"].as_array().unwrap();
    shown.items = items.iter().filter_map(|item| first(&item["body"]["what"])).collect();
    let questions = view["questions"].as_object().unwrap();
    shown.questions = questions.values().filter_map(|question| first(&question["text"])).collect();
    shown.answer = first(&view["record"]["answers"][ASK]);
    let gates = view["gates"].as_array().unwrap().iter();
    let open = gates.filter(|gate| {
        ["handoff", "csm_assignment", "cs_access"].contains(&gate["gate"].as_str().unwrap_or_default())
            && gate["verdict"] != "refused"
    });
    shown.open_gates = open.map(|gate| text(&gate["gate"])).collect();
}

/// The words of the form `w<number>n<number>`, each once.
pub fn tags_in(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    let mut tags: Vec<String> = words.filter(|word| is_tag(word)).map(str::to_owned).collect();
    tags.sort();
    tags.dedup();
    tags
}

fn is_tag(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    word.strip_prefix('w')
        .and_then(|rest| rest.split_once('n'))
        .is_some_and(|(writer, count)| digits(writer) && digits(count))
}
