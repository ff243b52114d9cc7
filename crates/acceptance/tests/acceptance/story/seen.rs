//! What can be seen: a handoff, a gate's answer, a gap, a problem. Each reads the API's JSON and nothing else.

use jiff::Timestamp;
use serde_json::Value;

use super::Answer;

/// A handoff as the API answers it.
#[derive(Debug, Clone)]
pub struct View(pub Value);

impl View {
    /// How a step reads.
    #[track_caller]
    pub fn reading(&self, step: &str) -> String {
        text(&self.step(step)["reading"])
    }

    /// A step with its clock.
    #[track_caller]
    pub fn step(&self, step: &str) -> &Value {
        let steps = self.0["steps"].as_array().unwrap();
        steps
            .iter()
            .find(|one| one["step"] == step)
            .unwrap_or_else(|| panic!("no step {step} in {:#}", self.0["steps"]))
    }

    /// A gate, judged as of now, with its history.
    #[track_caller]
    pub fn gate(&self, gate: &str) -> Check {
        let gates = self.0["gates"].as_array().unwrap();
        let found = gates.iter().find(|one| one["gate"] == gate);
        Check(found.unwrap_or_else(|| panic!("no gate {gate} in {:#}", self.0["gates"])).clone())
    }

    /// Where it stands.
    pub fn stage(&self) -> String {
        text(&self.0["stage"]["stage"])
    }

    /// Whether it lives.
    pub fn life(&self) -> String {
        text(&self.0["life"]["life"])
    }

    /// The name of who is answerable to the customer.
    pub fn answerable(&self) -> String {
        self.name(&self.0["answerable"])
    }

    /// The name behind an id.
    pub fn name(&self, id: &Value) -> String {
        id.as_str().map_or_else(String::new, |id| text(&self.0["people"][id]))
    }

    /// Items of a list of the record.
    pub fn items(&self, list: &str) -> Vec<Value> {
        let items = self.0["record"]["items"].as_array().unwrap();
        items.iter().filter(|item| item["body"]["list"] == list).cloned().collect()
    }

    /// The state of a promise.
    pub fn promise(&self, item: &str) -> String {
        text(&self.0["promises"][item])
    }

    /// What the record misses, by what it is about.
    pub fn missing(&self) -> Vec<String> {
        gaps(&self.0["gaps"]).iter().map(Gap::about).collect()
    }

    /// How many facts it has.
    pub fn version(&self) -> u64 {
        self.0["version"].as_u64().unwrap()
    }
}

/// A gate's answer.
#[derive(Debug, Clone)]
pub struct Check(pub Value);

impl Check {
    /// pass, refused, waived or not_required.
    pub fn verdict(&self) -> String {
        text(&self.0["verdict"])
    }

    /// Whether the caller should block.
    pub fn enforced(&self) -> bool {
        self.0["enforced"].as_bool().unwrap()
    }

    /// What is missing.
    pub fn gaps(&self) -> Vec<Gap> {
        gaps(&self.0["gaps"])
    }

    /// What it is about, each.
    pub fn missing(&self) -> Vec<String> {
        self.gaps().iter().map(Gap::about).collect()
    }

    /// What a waiver covers, each.
    pub fn waived(&self) -> Vec<String> {
        gaps(&self.0["waived"]).iter().map(Gap::about).collect()
    }

    /// Whether it was passed by without asking.
    pub fn bypassed(&self) -> bool {
        !self.0["history"]["bypassed"].is_null()
    }
}

/// One missing thing.
#[derive(Debug, Clone)]
pub struct Gap(pub Value);

impl Gap {
    /// What it is about: `ask:champion`, `step:kickoff`, `acceptance`.
    pub fn about(&self) -> String {
        let about = &self.0["about"];
        let of = text(&about["of"]);
        let named = ["ask", "item", "category", "step", "rating", "waiver"]
            .iter()
            .find_map(|key| about[key].as_str());
        match named {
            Some(named) => format!("{of}:{named}"),
            None => of,
        }
    }

    /// What is wrong with it.
    pub fn problem(&self) -> String {
        text(&self.0["problem"]["problem"])
    }

    /// The role that owes it.
    pub fn owed_by(&self) -> String {
        text(&self.0["owed_by"])
    }

    /// Who owes it, by name.
    pub fn owner(&self) -> String {
        text(&self.0["owner_name"])
    }

    /// The commands that close it.
    pub fn commands(&self) -> Vec<String> {
        self.0["closed_by"].as_array().unwrap().iter().map(text).collect()
    }

    /// Where it is closed: the path and the anchor of a page.
    pub fn place(&self) -> (String, String) {
        let url = text(&self.0["url"]);
        let path = url
            .split_once("://")
            .map_or(url.as_str(), |(_, rest)| &rest[rest.find('/').unwrap_or(rest.len())..]);
        match path.split_once('#') {
            Some((path, anchor)) => (path.to_owned(), anchor.to_owned()),
            None => (path.to_owned(), String::new()),
        }
    }
}

/// A refusal as an RFC 9457 problem.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The status.
    pub status: u16,
    /// The last part of its type.
    pub kind: String,
    /// What happened here.
    pub detail: String,
    /// All of it.
    pub body: Value,
}

impl Problem {
    /// Reads one from an answer.
    #[track_caller]
    pub fn of(answer: &Answer) -> Self {
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{answer}");
        let body = answer.json();
        let kind = text(&body["type"]).rsplit('/').next().unwrap_or_default().to_owned();
        Self { status: answer.status, kind, detail: text(&body["detail"]), body }
    }

    /// What a shut gate misses.
    pub fn gaps(&self) -> Vec<Gap> {
        gaps(&self.body["gaps"])
    }

    /// The same, by what it is about.
    pub fn missing(&self) -> Vec<String> {
        self.gaps().iter().map(Gap::about).collect()
    }
}

fn gaps(value: &Value) -> Vec<Gap> {
    value.as_array().map_or_else(Vec::new, |gaps| gaps.iter().cloned().map(Gap).collect())
}

/// A text of the answer.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// An instant of the answer.
#[track_caller]
pub fn instant(value: &Value) -> Timestamp {
    value.as_str().unwrap_or_else(|| panic!("{value} is no instant")).parse().unwrap()
}
