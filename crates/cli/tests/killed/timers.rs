//! Clocks that strike during a run, and what has to come of each: told once, not early, not late.
//!
//! Deals come in that closed so many days before an instant a little ahead, so that a clock of the shipped playbook
//! strikes at that instant. What must be told follows from a small table, worked out by hand from the playbook: the
//! AE introduces within two business days, a kickoff is booked within ten, whoever owes it is reminded a business day
//! before and told again when it is due. The organisation works every day around the clock, so a business day is a day.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::client::text;

/// Whatever is told later than this after it was due is late (Q5).
pub const LATE: SignedDuration = SignedDuration::from_secs(30);

/// What names one effect: nothing may be told twice under it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Effect {
    pub handoff: String,
    pub step: &'static str,
    pub due_at: Timestamp,
    /// Told the owner that it is due, where not reminded of it.
    pub owner: bool,
}

/// An effect that has to come.
#[derive(Debug, Clone)]
pub struct Timer {
    pub effect: Effect,
    /// From when.
    pub at: Timestamp,
}

/// A fact that tells of an open clock, as the journal has it.
#[derive(Debug, Clone)]
pub struct Told {
    pub handoff: String,
    pub at: Timestamp,
    /// Matter, due time and whom, as they stand there.
    fact: Value,
}

/// In which way clocks strike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A reminder.
    Reminder,
    /// A reminder of what is nearly due, and then that it is due.
    Due,
    /// A reminder of the other step, beside one that is long due.
    Other,
    /// That the other step is due.
    OtherDue,
    /// As [`Way::Due`], after later news took back what would have struck.
    Slipped,
}

impl Way {
    pub const ALL: [Way; 5] = [Way::Reminder, Way::Due, Way::Other, Way::OtherDue, Way::Slipped];

    /// How many days before the instant the deal closed.
    fn days(self) -> i32 {
        match self {
            Way::Reminder => 1,
            Way::Due | Way::Slipped => 2,
            Way::Other => 9,
            Way::OtherDue => 10,
        }
    }

    /// When the deal closed, so that a clock strikes at an instant.
    pub fn closed(self, strikes: Timestamp) -> Timestamp {
        strikes - days(self.days())
    }

    /// What has to be told of a handoff whose deal was told of from `known` on.
    pub fn timers(self, handoff: &str, strikes: Timestamp, known: Timestamp) -> Vec<Timer> {
        let timer = |step, due_at, owner, at| Timer {
            effect: Effect { handoff: handoff.to_owned(), step, due_at, owner },
            at,
        };
        // Both count from the same day.
        let introduction = |owner, at| timer("warm_intro", self.closed(strikes) + days(2), owner, at);
        let booking = |owner, at| timer("kickoff_booked", self.closed(strikes) + days(10), owner, at);
        match self {
            Way::Reminder => vec![introduction(false, strikes)],
            Way::Due | Way::Slipped => vec![introduction(false, known), introduction(true, strikes)],
            Way::Other => vec![introduction(false, known), booking(false, strikes)],
            Way::OtherDue => {
                vec![introduction(false, known), booking(false, known), booking(true, strikes)]
            }
        }
    }
}

fn days(days: i32) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(days))
}

/// A deal that closed then.
pub fn deal(name: &str, closed: Timestamp, told: Timestamp) -> Value {
    json!({
        "name": name, "account": format!("{name} GmbH"), "stage": "Closed Won", "standing": "won", "probability": 100,
        "owner": { "email": "ava@acme.example" }, "arr": { "minor": 900_000, "currency": "EUR" },
        "closed_at": closed, "source_time": told,
    })
}

/// The facts of an exported journal that tell of open clocks.
pub fn told(exported: &str) -> Vec<Told> {
    let lines = exported.lines().filter(|line| line.contains("\"due_at\""));
    let values = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
    values
        .filter(|value| ["reminded", "escalated"].contains(&value["kind"].as_str().unwrap_or_default()))
        .map(|value| Told {
            handoff: text(&value["handoff"]),
            at: value["at"].as_str().unwrap().parse().unwrap(),
            fact: value["fact"].clone(),
        })
        .collect()
}

/// How an effect stands in a fact.
fn written(effect: &Effect) -> Value {
    let matter = json!({ "matter": "step", "step": effect.step });
    if effect.owner {
        let whom = json!({ "whom": "owner" });
        json!({ "kind": "escalated", "matter": matter, "due_at": effect.due_at, "whom": whom })
    } else {
        json!({ "kind": "reminded", "matter": matter, "due_at": effect.due_at, "nth": 1 })
    }
}

/// What was found.
#[derive(Debug, Default)]
pub struct Findings {
    pub wrong: Vec<String>,
    /// How long after it was due each was told.
    pub lateness: Vec<SignedDuration>,
    /// Timers whose handoff was reminded so late that its ladder had to wait.
    pub put_off: usize,
}

impl Findings {
    pub fn latest(&self) -> SignedDuration {
        self.lateness.iter().copied().max().unwrap_or_default()
    }
}

/// Holds what was told against what had to be; `letters` are the times of those about steps, for each handoff.
pub fn check(timers: &[Timer], told: &[Told], letters: &BTreeMap<String, Vec<Timestamp>>) -> Findings {
    let mut of_handoff = BTreeMap::<&str, Vec<Timestamp>>::new();
    let mut found = check_facts(timers, told, &mut of_handoff);

    for (handoff, mut due) in of_handoff {
        let mut made = letters.get(handoff).cloned().unwrap_or_default();
        if made.len() != due.len() {
            found.wrong.push(format!("{handoff}: {} letters for {} effects", made.len(), due.len()));
        }
        due.sort_unstable();
        made.sort_unstable();
        found.lateness.extend(due.iter().zip(&made).map(|(due, made)| made.duration_since(*due)));
    }
    let stray =
        letters.iter().filter(|(handoff, _)| !timers.iter().any(|timer| timer.effect.handoff == **handoff));
    found.wrong.extend(stray.map(|(handoff, _)| format!("{handoff}: letters about steps of no clock")));
    found
}

/// Holds the facts alone against what had to be told; gives also when each handoff's letters were due.
pub fn check_facts<'a>(
    timers: &'a [Timer],
    told: &[Told],
    of_handoff: &mut BTreeMap<&'a str, Vec<Timestamp>>,
) -> Findings {
    let mut found = Findings::default();
    let mut there = BTreeMap::<(String, String), Vec<&Told>>::new();
    for one in told {
        there.entry((one.handoff.clone(), one.fact.to_string())).or_default().push(one);
    }
    for timer in timers {
        let Timer { effect, at } = timer;
        let facts = there.remove(&(effect.handoff.clone(), written(effect).to_string())).unwrap_or_default();
        match facts[..] {
            [] if effect.owner && reminded_late(effect, told) => found.put_off += 1,
            [] => found.wrong.push(format!("never told: {timer:?}")),
            [fact] => {
                if fact.at < *at {
                    found.wrong.push(format!("told too early, at {}: {timer:?}", fact.at));
                }
                found.lateness.push(fact.at.duration_since(*at));
                of_handoff.entry(&effect.handoff).or_default().push(*at);
            }
            _ => found.wrong.push(format!("told {} times: {timer:?}", facts.len())),
        }
    }
    found.wrong.extend(there.values().map(|facts| format!("told without cause: {facts:?}")));
    found
}

/// Who is reminded only when it is due has a business day before anybody is told more.
fn reminded_late(effect: &Effect, told: &[Told]) -> bool {
    let reminder = written(&Effect { owner: false, ..effect.clone() });
    told.iter().any(|one| one.handoff == effect.handoff && one.fact == reminder && one.at >= effect.due_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    /// One handoff that is due at 60, known from 0, told of and written about as it should be.
    fn sound() -> (Vec<Timer>, Vec<Told>, BTreeMap<String, Vec<Timestamp>>) {
        let timers = Way::Due.timers("h", at(60), at(0));
        let fact = |timer: &Timer, seconds| Told {
            handoff: "h".to_owned(),
            at: at(seconds),
            fact: written(&timer.effect),
        };
        let told = vec![fact(&timers[0], 1), fact(&timers[1], 61)];
        (timers, told, [("h".to_owned(), vec![at(2), at(62)])].into())
    }

    type Letters = BTreeMap<String, Vec<Timestamp>>;

    #[track_caller]
    fn finds(what: &str, change: impl FnOnce(&mut Vec<Told>, &mut Letters)) {
        let (timers, mut told, mut letters) = sound();
        change(&mut told, &mut letters);
        let found = check(&timers, &told, &letters);
        assert!(found.wrong.iter().any(|line| line.contains(what)), "{what}: {found:#?}");
    }

    #[test]
    fn what_is_told_once_and_in_time_passes_and_its_lateness_is_known() {
        let (timers, told, letters) = sound();
        let found = check(&timers, &told, &letters);
        assert_eq!(found.wrong, Vec::<String>::new());
        assert_eq!(found.latest(), SignedDuration::from_secs(2));
        assert_eq!(found.lateness.len(), 4);
    }

    #[test]
    fn what_is_missing_doubled_early_or_made_up_is_found() {
        finds("never told", |told, _| drop(told.remove(0)));
        finds("told 2 times", |told, _| told.push(told[1].clone()));
        finds("too early, at", |told, _| told[1].at = at(59));
        finds("without cause", |told, _| told[1].handoff = "other".to_owned());
        finds("1 letters for 2 effects", |_, letters| letters.get_mut("h").unwrap().truncate(1));
        finds("of no clock", |_, letters| drop(letters.insert("other".to_owned(), vec![at(0)])));
    }

    #[test]
    fn a_ladder_waits_after_a_reminder_that_came_late_and_only_then() {
        let (timers, mut told, mut letters) = sound();
        told.truncate(1);
        letters.get_mut("h").unwrap().truncate(1);
        told[0].at = at(60);
        let found = check(&timers, &told, &letters);
        assert_eq!((found.wrong.len(), found.put_off), (0, 1), "{found:?}");
        told[0].at = at(59);
        assert_eq!(check(&timers, &told, &letters).put_off, 0);
    }
}
