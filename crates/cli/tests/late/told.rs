//! What was told, held against what had to be.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use throughline_domain::{HandoffId, clock::Matter, handoff::Fact};
use throughline_store::{Letter, PAGE, Reach, ToldQuery};

use crate::company::{Company, Sold};

/// What is told of each deal, and how many days after it closed: a day before it is due.
const TOLD: [(&str, i64); 2] = [("kickoff_booked", 9), ("warm_intro", 1)];

/// Every timer is told once, by one letter, and handoffs have their turn in the order of what was due first of each.
pub fn check(company: &Company, sold: &[Sold]) {
    let told = company.runtime.block_on(told(company));
    let mut of_handoff = BTreeMap::<HandoffId, BTreeMap<String, Vec<Timestamp>>>::new();
    for Told { handoff, step, due_at, .. } in &told {
        of_handoff.entry(*handoff).or_default().entry(step.clone()).or_default().push(*due_at);
    }
    for Sold { id, closed } in sold {
        let found = of_handoff.remove(id).unwrap_or_default();
        let expected = TOLD.map(|(step, days)| {
            (step.to_owned(), vec![*closed + SignedDuration::from_hours(24 * (days + 1))])
        });
        assert_eq!(found, expected.into(), "of {id}, whose deal closed at {closed}");
    }
    assert!(of_handoff.is_empty(), "told of others: {of_handoff:?}");

    let mut letters = company.runtime.block_on(letters(company));
    // By what they were made of: what was told in the same millisecond is still told one after the other.
    letters.sort_by_key(|letter| letter.outbox);
    let facts: BTreeSet<(HandoffId, u64)> = told.iter().map(|told| (told.handoff, told.seq)).collect();
    let tells = |letter: &Letter| letter.handoff.zip(letter.follows).filter(|fact| facts.contains(fact));
    let about: Vec<(HandoffId, u64)> = letters.iter().filter_map(tells).collect();
    assert_eq!(about.len(), facts.len(), "letters about what was told");
    assert_eq!(about.iter().collect::<BTreeSet<_>>().len(), facts.len(), "each has one letter");

    let closed: BTreeMap<HandoffId, Timestamp> = sold.iter().map(|sold| (sold.id, sold.closed)).collect();
    let mut seen = BTreeSet::new();
    let turns = about.iter().filter(|(handoff, _)| seen.insert(*handoff));
    // Places in line are whole milliseconds.
    let turns: Vec<i64> = turns.map(|(handoff, _)| closed[handoff].as_millisecond()).collect();
    let early = turns.windows(2).filter(|two| two[1] < two[0]).count();
    assert_eq!(early, 0, "had their turn before others who had waited longer");
}

/// A fact that tells of a clock.
pub struct Told {
    pub handoff: HandoffId,
    /// Its place in the journal.
    pub seq: u64,
    /// When it was told.
    pub at: Timestamp,
    pub step: String,
    pub due_at: Timestamp,
}

/// All of them.
pub async fn told(company: &Company) -> Vec<Told> {
    let mut query = ToldQuery {
        reach: Reach::Organisation,
        playbook: None,
        from: Timestamp::UNIX_EPOCH,
        until: "2100-01-01T00:00:00Z".parse().unwrap(),
        after: None,
        limit: PAGE,
    };
    let mut told = Vec::new();
    loop {
        let page = company.app.store().told(company.org, &query).await.unwrap();
        for row in &page.rows {
            match row.open(&|_| None).unwrap().fact {
                Fact::Reminded { matter: Matter::Step { step }, due_at, .. } => {
                    let (handoff, seq, at, step) = (row.handoff, row.seq, row.at, step.to_string());
                    told.push(Told { handoff, seq, at, step, due_at });
                }
                other => panic!("{other:?}"),
            }
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return told,
        }
    }
}

/// Every letter.
async fn letters(company: &Company) -> Vec<Letter> {
    let (mut letters, mut before) = (Vec::new(), None);
    loop {
        let page = company.app.store().letters(company.org, None, before, PAGE).await.unwrap();
        let Some(last) = page.last() else { return letters };
        before = Some(last.id);
        letters.extend(page);
    }
}
