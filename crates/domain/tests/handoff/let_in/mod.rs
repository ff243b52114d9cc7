//! Whoever gets in gets in through a gate: a million sequences of commands by people, stand-ins, programs, imports and
//! RevOps who change the organisation's mode on the way, watched fact by fact by somebody who knows nothing but the
//! rules of gates.

mod sequences;
mod watch;

use std::collections::BTreeMap;

use throughline_domain::{
    Actor,
    handoff::{Fact, Recorded, WaiverState},
    playbook::Gate,
};
use throughline_testkit::{
    Play, given,
    people::{LEE, MONA, holder_of, roles_of},
    shipped_playbook,
};

use self::{sequences::played, watch::Watch};

/// Sequences everyday.
const EVERYDAY: u64 = 5_000;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|why| panic!("{name}={text}: {why}")))
}

/// What must have come about for the watching to mean something.
fn means_something(seen: &BTreeMap<String, u64>) {
    if number("GATE_BLOCK").is_some() {
        return;
    }
    for what in [
        "customer success owns it",
        "the plan is open",
        "a gate passed on a waiver",
        "a gate refused",
        "bypassed by take-news",
        "bypassed by report-step",
        "bypassed by take-over",
        "a waiver granted",
        "nobody grants their own",
        "by a person",
        "by a stand-in",
        "by a token",
        "by the customer",
        "by the product",
        "the mode changed",
    ] {
        assert!(seen.contains_key(what), "no sequence came to this: {what}: {seen:?}");
    }
}

#[test]
fn whatever_anybody_does_nobody_gets_in_past_a_shut_gate() {
    let seen = played(number("GATE_SEQUENCES").unwrap_or(EVERYDAY));
    eprintln!("{seen:?}");
    means_something(&seen);
}

#[test]
#[ignore = "minutes; cargo xtask long runs it"]
fn a_million_sequences_let_nobody_in_past_a_shut_gate() {
    let seen = played(number("GATE_SEQUENCES").unwrap_or(1_000_000));
    eprintln!("{seen:?}");
    means_something(&seen);
}

/// A play that went all the way, with a waiver on the way.
fn waived() -> Play {
    use throughline_domain::handoff::command::{AskWaiver, GrantWaiver};
    use throughline_testkit::{Team, text};
    let mut play = given(shipped_playbook("default")).opened();
    let gap = play.judged(Gate::Handoff).gaps.into_iter().find(|gap| gap.waivable).unwrap();
    let covers = std::collections::BTreeSet::from([gap.about]);
    play.as_(MONA).does(AskWaiver { gate: Gate::Handoff, covers, reason: text("They sign today") });
    let waiver = *play.handoff().waivers.keys().next().unwrap();
    let roles = &play.playbook.gate(Gate::Handoff).unwrap().waived_by;
    let granter = roles.iter().map(|role| holder_of(*role)).find(|person| *person != MONA).unwrap();
    let expires_at = Some(play.later(24));
    play.as_(granter).does(GrantWaiver { waiver, expires_at });
    Team::new(200).finish(&mut play).unwrap();
    assert!(matches!(play.handoff().waivers[&waiver].state, WaiverState::Granted { .. }));
    play
}

/// What the watch says of a journal.
fn told(play: &Play, journal: &[Recorded]) -> Vec<String> {
    let mut watch = Watch::default();
    for recorded in journal {
        watch.hears(&play.playbook, recorded, recorded.by.acts_as().map(roles_of).as_ref());
    }
    watch.wrong
}

#[test]
fn the_watch_finds_nothing_in_an_honest_journal_and_every_forgery() {
    let play = waived();
    assert_eq!(told(&play, &play.journal), [] as [String; 0]);
    let forged = |change: &dyn Fn(&mut Recorded) -> bool| {
        let mut journal = play.journal.clone();
        let before = journal.clone();
        journal.retain_mut(change);
        assert_ne!(journal, before, "nothing was forged");
        told(&play, &journal).join("\n")
    };
    for (gate, found) in [
        (Gate::Handoff, "was offered"),
        (Gate::CsmAssignment, "accepted"),
        (Gate::CsAccess, "the plan was opened"),
        (Gate::Done, "was finished"),
    ] {
        let without =
            forged(&|one| !matches!(&one.fact, Fact::GatePassed { gate: passed, .. } if *passed == gate));
        assert!(without.contains(found), "without {}: {without}", gate.name());
    }
    let ungranted = forged(&|one| !matches!(one.fact, Fact::WaiverGranted { .. }));
    assert!(ungranted.contains("nobody granted"), "{ungranted}");
    let unasked = forged(&|one| !matches!(one.fact, Fact::WaiverAsked { .. }));
    assert!(unasked.contains("nobody asked for"), "{unasked}");
    let by = |whose: Actor| {
        forged(&move |one| {
            if let Fact::WaiverGranted { .. } = one.fact {
                one.by = whose;
            }
            true
        })
    };
    let own = by(Actor::Person { id: MONA });
    assert!(own.contains("their own"), "{own}");
    let in_stead = by(Actor::StandIn { id: LEE, of: MONA });
    assert!(in_stead.contains("their own"), "{in_stead}");
    let program = by(Actor::System);
    assert!(program.contains("by no person"), "{program}");
}
