//! Checking the journals in stretches, while others go on writing.

use throughline_app::{HandleOptions, inspect::Progress};
use throughline_domain::{Role, handoff::command};
use throughline_store::Tally;

use crate::company::{deal, staffed};

#[tokio::test]
async fn a_check_in_stretches_adds_up_and_misses_nothing_that_is_there() {
    let company = staffed().await;
    let maya = company.join("maya", &[Role::Csm], None).await;
    let first = company.opened(deal("1", None)).await.id;
    company.opened(deal("2", None)).await;
    let before = company.app.store().tally(company.org).await.unwrap();
    let verify = async |so_far| company.app.verify_journals(&company.system(), so_far, 1).await.unwrap();

    let one = verify(Progress::default()).await;
    assert_eq!((one.so_far.committed, one.so_far.handoffs, one.missing), (Some(before), 1, None));
    // What is committed behind the check's back is no fact that went missing.
    let nominate = command::Nominate { csm: maya };
    company.app.handle(&company.system(), first, nominate, HandleOptions::default()).await.unwrap();
    let two = verify(one.so_far).await;
    let end = verify(two.so_far).await;
    assert_eq!(end.missing, Some(Tally::default()));
    let sums = (end.so_far.handoffs, end.so_far.facts, end.so_far.known, end.so_far.broken);
    assert_eq!(sums, (before.handoffs, before.facts, before.facts, 0));
}

#[tokio::test]
async fn what_was_committed_and_is_nowhere_is_missed_with_the_last_stretch() {
    let company = staffed().await;
    company.opened(deal("1", None)).await;
    let there = company.app.store().tally(company.org).await.unwrap();
    // As when a handoff was put back to an older state, together with its journal.
    let committed = Tally { handoffs: there.handoffs + 1, facts: there.facts + 3 };
    let begun = Progress { committed: Some(committed), ..Progress::default() };
    let found = company.app.verify_journals(&company.system(), begun, 10).await.unwrap();
    assert_eq!(found.missing, Some(Tally { handoffs: 1, facts: 3 }));
    assert_eq!(found.broken, Vec::new());
}
