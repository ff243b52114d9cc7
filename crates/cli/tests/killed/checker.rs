//! Holds a history against what is there. Pure, so that it can be shown to find what it is for.

use std::collections::BTreeMap;

use crate::{
    history::{Call, Kind, Outcome},
    seen::{Fact, Seen},
};

/// The facts that these calls can leave. A gate that opened would leave another.
const KINDS: &[&str] = &["opened", "item_added", "asked", "answered", "gate_refused", "gate_refused_again"];

/// The one refusal that these calls can meet.
const STALE: &str = "412 stale";

/// What is wrong, each with the lines of the history that show it.
pub fn check(history: &[Call], seen: &Seen) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut by_tag = BTreeMap::<&str, Vec<&Fact>>::new();
    for fact in &seen.facts {
        for tag in &fact.tags {
            by_tag.entry(tag).or_default().push(fact);
        }
        if !KINDS.contains(&fact.kind.as_str()) {
            wrong.push(format!("nobody did what left {fact:?}"));
        }
    }
    for call in history {
        let there = by_tag.remove(call.tag.as_str()).unwrap_or_default();
        if let Some(why) = judge(call, &there, seen) {
            wrong.push(format!("{why}\n    {call}\n    there: {there:?}"));
        }
    }
    wrong.extend(
        by_tag.iter().map(|(tag, there)| format!("{tag} was never asked for, and is there: {there:?}")),
    );
    wrong.extend(shown(seen));
    wrong.extend(attempts(history, seen));
    wrong.extend(order(history));
    wrong
}

/// One call against the facts that carry its tag.
fn judge(call: &Call, there: &[&Fact], seen: &Seen) -> Option<String> {
    let effects = match call.kind {
        Kind::Team => seen.teams.iter().filter(|name| **name == call.tag).count(),
        Kind::Read | Kind::Gate | Kind::Offer => 0,
        Kind::Deal | Kind::Item | Kind::Question | Kind::Answer | Kind::Stale => there.len(),
    };
    match (&call.outcome, call.kind) {
        (Outcome::Passed, _) => return Some("a gate opened by error".to_owned()),
        // Overtaken: on its own condition, or again and again. Nothing of it may be there.
        (Outcome::Refused(why), _) if why == STALE && effects == 0 => return None,
        (Outcome::Refused(why), _) if effects > 0 => {
            return Some(format!("refused ({why}), and it is there"));
        }
        (Outcome::Refused(why), _) => return Some(format!("refused without cause: {why}")),
        (Outcome::Unknown, _) if effects > 1 => return Some("there more than once".to_owned()),
        (Outcome::Unknown | Outcome::Shut, _) | (_, Kind::Read) => return None,
        (Outcome::Done(_), _) if effects == 0 => return Some("acknowledged, and not there".to_owned()),
        (Outcome::Done(_), _) if effects > 1 => {
            return Some("acknowledged, and there more than once".to_owned());
        }
        (Outcome::Done(_), _) => {}
    }
    if call.kind == Kind::Team {
        return None;
    }
    if there.iter().any(|fact| Some(&fact.handoff) != call.handoff.as_ref()) {
        return Some("on another handoff".to_owned());
    }
    match (&call.outcome, call.kind) {
        (Outcome::Done(_), Kind::Deal) if seen.deals.get(&call.tag) != Some(&call.handoff) => {
            Some(format!("its deal leads to {:?}", seen.deals.get(&call.tag)))
        }
        (Outcome::Done(version), kind) if kind != Kind::Deal && *version != Some(there.first()?.seq) => {
            Some("answered with another version than its fact's".to_owned())
        }
        _ => None,
    }
}

/// What the API shows against the journal.
fn shown(seen: &Seen) -> Vec<String> {
    let mut wrong = Vec::new();
    for (id, shown) in &seen.shown {
        let facts: Vec<&Fact> = seen.facts.iter().filter(|fact| fact.handoff == *id).collect();
        let tags = |kind: &str| -> Vec<String> {
            facts.iter().filter(|fact| fact.kind == kind).flat_map(|fact| fact.tags.clone()).collect()
        };
        let last = facts.iter().map(|fact| fact.seq).max().unwrap_or_default();
        if facts.len() as u64 != last {
            wrong.push(format!("{id}: {} facts up to number {last}", facts.len()));
        }
        if shown.version != last || shown.listed != [last] {
            let (version, listed) = (shown.version, &shown.listed);
            wrong.push(format!("{id}: {last} facts, shown at version {version}, listed at {listed:?}"));
        }
        if !shown.open_gates.is_empty() {
            wrong.push(format!("{id}: {:?} open by error", shown.open_gates));
        }
        for (what, there, journal) in
            [("items", &shown.items, tags("item_added")), ("questions", &shown.questions, tags("asked"))]
        {
            if sorted(there) != sorted(&journal) {
                wrong.push(format!("{id}: {what} shown {there:?}, in the journal {journal:?}"));
            }
        }
        if shown.answer != tags("answered").last().cloned() {
            wrong.push(format!("{id}: {:?} stands, {:?} was said", shown.answer, tags("answered")));
        }
    }
    wrong
}

fn sorted(tags: &[String]) -> Vec<&str> {
    let mut tags: Vec<&str> = tags.iter().map(String::as_str).collect();
    tags.sort_unstable();
    tags
}

/// Gates that were shut: each attempt that was answered is a fact, and no more are there than were sent.
fn attempts(history: &[Call], seen: &Seen) -> Vec<String> {
    let mut asked = BTreeMap::<&str, (usize, usize)>::new();
    for call in history.iter().filter(|call| matches!(call.kind, Kind::Offer | Kind::Gate)) {
        let (answered, sent) = asked.entry(call.handoff.as_deref().unwrap_or_default()).or_default();
        *answered += usize::from(call.outcome == Outcome::Shut);
        // However often it was sent under its key.
        *sent += 1;
    }
    let there = |id: &str| {
        seen.facts.iter().filter(|fact| fact.handoff == id && fact.kind.starts_with("gate_refused")).count()
    };
    let odd = asked.iter().map(|(id, asked)| (id, asked, there(id)));
    odd.filter(|(_, (answered, sent), there)| there < answered || there > sent)
        .map(|(id, (answered, sent), there)| {
            format!("{id}: {there} attempts at a gate are there, {answered} were answered, {sent} sent")
        })
        .collect()
}

/// Versions told of one handoff: a call that began after another had ended was never told an older one, and no two
/// writes were told the same.
fn order(history: &[Call]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut told = BTreeMap::<&str, Vec<(&Call, u64)>>::new();
    for call in history {
        if let (Outcome::Done(Some(version)), Some(handoff)) = (&call.outcome, &call.handoff) {
            told.entry(handoff).or_default().push((call, *version));
        }
    }
    for calls in told.values() {
        for (one, at) in calls {
            for (later, version) in calls.iter().filter(|(later, _)| later.tag != one.tag) {
                let writes = later.kind != Kind::Read;
                let old = later.began > one.ended && (version < at || (writes && version == at));
                let met = writes && one.kind != Kind::Read && version == at && later.tag > one.tag;
                if old || met {
                    wrong.push(format!("versions went back or met:\n    {one}\n    {later}"));
                }
            }
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::Shown;

    fn call(kind: Kind, tag: &str, at: (u64, u64), outcome: Outcome) -> Call {
        let handoff = (kind != Kind::Team).then(|| "h".to_owned());
        Call { kind, tag: tag.to_owned(), handoff, began: at.0, ended: at.1, tries: 1, outcome }
    }

    fn fact(seq: u64, kind: &str, tag: &str) -> Fact {
        let tags = if tag.is_empty() { Vec::new() } else { vec![tag.to_owned()] };
        Fact { handoff: "h".to_owned(), seq, kind: kind.to_owned(), tags }
    }

    /// A history with one call of every sort, and what is then there.
    fn sound() -> (Vec<Call>, Seen) {
        let done = |version| Outcome::Done(Some(version));
        let history = vec![
            call(Kind::Deal, "w0n1", (0, 10), Outcome::Done(None)),
            call(Kind::Item, "w0n2", (11, 20), done(2)),
            call(Kind::Question, "w1n1", (11, 22), done(3)),
            call(Kind::Answer, "w0n3", (21, 30), done(4)),
            call(Kind::Stale, "w1n2", (31, 32), Outcome::Refused("412 stale".to_owned())),
            call(Kind::Offer, "w1n3", (33, 34), Outcome::Shut),
            call(Kind::Question, "w1n4", (35, 40), Outcome::Unknown),
            call(Kind::Item, "w1n5", (41, 50), Outcome::Unknown),
            call(Kind::Team, "w1n6", (51, 60), Outcome::Done(None)),
            call(Kind::Read, "w1n7", (61, 70), done(6)),
        ];
        let facts = vec![
            fact(1, "opened", "w0n1"),
            fact(2, "item_added", "w0n2"),
            fact(3, "asked", "w1n1"),
            fact(4, "answered", "w0n3"),
            fact(5, "gate_refused", ""),
            fact(6, "asked", "w1n4"),
        ];
        let shown = Shown {
            version: 6,
            listed: vec![6],
            items: vec!["w0n2".to_owned()],
            questions: vec!["w1n1".to_owned(), "w1n4".to_owned()],
            answer: Some("w0n3".to_owned()),
            open_gates: Vec::new(),
        };
        let seen = Seen {
            facts,
            shown: [("h".to_owned(), shown)].into(),
            teams: vec!["w1n6".to_owned()],
            deals: [("w0n1".to_owned(), Some("h".to_owned()))].into(),
        };
        (history, seen)
    }

    #[track_caller]
    fn finds(what: &str, change: impl FnOnce(&mut Vec<Call>, &mut Seen)) {
        let (mut history, mut seen) = sound();
        change(&mut history, &mut seen);
        let wrong = check(&history, &seen);
        assert!(wrong.iter().any(|line| line.contains(what)), "{what}: {wrong:#?}");
    }

    #[test]
    fn a_sound_history_passes() {
        let (history, seen) = sound();
        assert_eq!(check(&history, &seen), Vec::<String>::new());
    }

    #[test]
    fn what_was_lost_doubled_or_made_up_is_found() {
        finds("acknowledged, and not there", |_, seen| drop(seen.facts.remove(1)));
        finds("acknowledged, and not there", |_, seen| seen.teams.clear());
        finds("acknowledged, and there more than once", |_, seen| {
            seen.facts.push(fact(7, "item_added", "w0n2"))
        });
        finds("acknowledged, and there more than once", |_, seen| seen.teams.push("w1n6".to_owned()));
        finds("there more than once", |_, seen| seen.facts.push(fact(7, "asked", "w1n4")));
        finds("refused (412 stale), and it is there", |_, seen| seen.facts.push(fact(7, "asked", "w1n2")));
        finds("was never asked for", |_, seen| seen.facts.push(fact(7, "asked", "w9n9")));
        finds("refused without cause", |calls, _| {
            calls[7].outcome = Outcome::Refused("404 not-found".to_owned())
        });
        finds("its deal leads to", |_, seen| seen.deals.clear());
    }

    #[test]
    fn a_gate_that_opened_is_found() {
        finds("a gate opened by error", |calls, _| calls[5].outcome = Outcome::Passed);
        finds("nobody did what left", |_, seen| seen.facts[4].kind = "offered".to_owned());
        finds("open by error", |_, seen| {
            seen.shown.values_mut().for_each(|shown| shown.open_gates.push("handoff".to_owned()));
        });
    }

    #[test]
    fn attempts_that_are_lost_or_doubled_are_found() {
        finds("0 attempts at a gate are there, 1 were answered", |_, seen| {
            seen.facts[4].kind = "asked".to_owned();
        });
        finds("2 attempts at a gate are there", |_, seen| seen.facts.push(fact(7, "gate_refused_again", "")));
    }

    #[test]
    fn versions_that_go_back_or_meet_are_found() {
        finds("versions went back", |calls, _| calls[9].outcome = Outcome::Done(Some(3)));
        finds("versions went back", |calls, _| calls[2].outcome = Outcome::Done(Some(2)));
        finds("another version than its fact's", |calls, _| calls[3].outcome = Outcome::Done(Some(5)));
    }

    #[test]
    fn views_that_lag_behind_the_journal_are_found() {
        let shown = |seen: &mut Seen, change: fn(&mut Shown)| seen.shown.values_mut().for_each(change);
        finds("shown at version 5", |_, seen| shown(seen, |one| one.version = 5));
        finds("listed at [6, 6]", |_, seen| shown(seen, |one| one.listed.push(6)));
        finds("items shown", |_, seen| shown(seen, |one| one.items.clear()));
        finds("questions shown", |_, seen| shown(seen, |one| drop(one.questions.pop())));
        finds("stands", |_, seen| shown(seen, |one| one.answer = None));
        finds("facts up to number", |_, seen| seen.facts[5].seq = 7);
    }
}
