//! Writers: each asks one thing after the other, of whichever node answers, and keeps what it was told.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use serde_json::json;

use crate::{
    client::{Answer, Client, Sent},
    company::{Company, answer, deal, deal_path},
    dice::Dice,
    history::{Call, History, Kind, Outcome},
};

/// How many handoffs are written to at a time, so that writers meet.
const OPEN: usize = 4;
/// Of so many calls with unknown outcome one is left at that; the others are sent again under their key.
const LEFT: usize = 4;

/// What writers and their supervisor share.
pub struct Office<'c> {
    pub company: &'c Company,
    /// Where each node serves; none while it is down.
    pub nodes: Vec<Mutex<Option<String>>>,
    pub history: History,
    /// How long each writer rests between two calls.
    pub rest: Duration,
    /// How many calls were answered.
    pub answered: AtomicU64,
    /// Finish what is under way.
    pub stop: AtomicBool,
    /// Leave even that.
    pub give_up: AtomicBool,
    open: Mutex<Vec<String>>,
}

impl<'c> Office<'c> {
    pub fn new(company: &'c Company, nodes: usize) -> Self {
        Self {
            company,
            nodes: (0..nodes).map(|_| Mutex::default()).collect(),
            history: History::default(),
            rest: Duration::ZERO,
            answered: AtomicU64::new(0),
            stop: AtomicBool::new(false),
            give_up: AtomicBool::new(false),
            open: Mutex::default(),
        }
    }

    /// Writes until told to stop.
    pub fn write(&self, writer: usize, seed: u64) {
        let mut dice = Dice::new(seed ^ (0x51ed_u64 << 32) ^ writer as u64);
        let mut client = Client::new(&self.company.token);
        let mut count = 0;
        while !self.stop.load(Ordering::Relaxed) {
            count += 1;
            let tag = format!("w{writer}n{count}");
            let handoff = dice.one_of(&lock(&self.open)).cloned();
            let kind = match (dice.roll(40), &handoff) {
                (0..4, _) | (_, None) => Kind::Deal,
                (4..12, _) => Kind::Item,
                (12..20, _) => Kind::Question,
                (20..27, _) => Kind::Answer,
                (27..29, _) => Kind::Stale,
                (29..32, _) => Kind::Offer,
                (32..34, _) => Kind::Gate,
                // Rare: all that there are have to fit into one answer.
                (34..35, _) if count % 2 == 0 => Kind::Team,
                (_, _) => Kind::Read,
            };
            let call = self.call(kind, tag, handoff, &mut client, &mut dice);
            if let (Kind::Deal, Outcome::Done(_), Some(id)) = (kind, &call.outcome, &call.handoff) {
                let mut open = lock(&self.open);
                open.push(id.clone());
                if open.len() > OPEN {
                    open.remove(0);
                }
            }
            self.history.keep(call);
            std::thread::sleep(self.rest);
        }
    }

    /// What was asked and told, once everybody is done.
    pub fn history(&mut self) -> Vec<Call> {
        std::mem::take(&mut self.history).told()
    }

    /// One call, sent until something is known or it is left unknown.
    fn call(
        &self,
        kind: Kind,
        tag: String,
        handoff: Option<String>,
        client: &mut Client,
        dice: &mut Dice,
    ) -> Call {
        let on =
            |verb: &str| format!("POST /api/v1/handoffs/{}/{verb}", handoff.as_deref().unwrap_or_default());
        let words = format!("Said under {tag}.");
        let (request, body) = match kind {
            Kind::Deal => (format!("PUT {}", deal_path(&tag)), Some(deal(&tag))),
            Kind::Item => {
                let risk = json!({ "list": "risk", "what": words, "kind": "technical" });
                (on("add-item"), Some(json!({ "body": risk, "evidence": {} })))
            }
            Kind::Question | Kind::Stale => (on("ask"), Some(json!({ "text": words }))),
            Kind::Answer => (on("answer"), Some(answer(&words))),
            Kind::Offer => (on("offer"), Some(json!({ "to": self.company.csm }))),
            Kind::Gate => {
                let body = json!({ "handoff_id": handoff, "intent": "attempt" });
                ("POST /api/v1/gates/handoff/checks".to_owned(), Some(body))
            }
            Kind::Team => ("POST /api/v1/teams".to_owned(), Some(json!({ "name": tag }))),
            Kind::Read => (format!("GET /api/v1/handoffs/{}", handoff.as_deref().unwrap_or_default()), None),
        };
        let mut headers = vec![("idempotency-key", tag.as_str())];
        if kind == Kind::Stale {
            headers.push(("if-match", "\"1\""));
        }
        let mut call = Call {
            kind,
            tag: tag.clone(),
            handoff,
            began: self.history.time(),
            ended: 0,
            tries: 0,
            outcome: Outcome::Unknown,
        };
        while !self.give_up.load(Ordering::Relaxed) {
            let Some(address) = self.somewhere(dice) else { continue };
            let told = match client.send(&address, &request, &headers, body.as_ref()) {
                Sent::Unsent => {
                    std::thread::sleep(Duration::from_millis(1));
                    continue;
                }
                Sent::Broken => Told::Nothing,
                Sent::Answered(answer) => understood(kind, &answer, &mut call.handoff),
            };
            call.tries += 1;
            call.ended = self.history.time();
            call.outcome = match told {
                Told::Outcome(outcome) => {
                    self.answered.fetch_add(1, Ordering::Relaxed);
                    outcome
                }
                Told::Later => {
                    std::thread::sleep(Duration::from_millis(5));
                    continue;
                }
                Told::Nothing if dice.roll(LEFT) == 0 => Outcome::Unknown,
                Told::Nothing => {
                    std::thread::sleep(Duration::from_millis(2));
                    continue;
                }
            };
            return call;
        }
        call
    }

    /// The address of a node that is up; none after a moment in which there was none.
    pub fn somewhere(&self, dice: &mut Dice) -> Option<String> {
        let up: Vec<String> = self.nodes.iter().filter_map(|node| lock(node).clone()).collect();
        let chosen = dice.one_of(&up).cloned();
        if chosen.is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        chosen
    }
}

enum Told {
    Outcome(Outcome),
    /// Nothing was done yet; ask again.
    Later,
    /// It may have been done.
    Nothing,
}

fn understood(kind: Kind, answer: &Answer, handoff: &mut Option<String>) -> Told {
    let problem = answer.problem();
    Told::Outcome(match (answer.status, kind) {
        (200, Kind::Gate) if answer.json()["verdict"] == "refused" => Outcome::Shut,
        (200..300, Kind::Gate | Kind::Offer) => Outcome::Passed,
        (200..300, Kind::Deal) => {
            *handoff = answer.json()["handoff"].as_str().map(str::to_owned);
            Outcome::Done(None)
        }
        (200..300, _) => Outcome::Done(answer.version()),
        (422, Kind::Offer) if problem == "gate-shut" => Outcome::Shut,
        (409, _) if problem == "in-progress" => return Told::Later,
        (429, _) => return Told::Later,
        // A store that cannot be reached may have taken it before it went. Whoever is told so is told when to come again.
        (503, _) if answer.header("retry-after").is_some() => return Told::Nothing,
        (status, _) => Outcome::Refused(format!("{status} {problem}")),
    })
}

pub fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
