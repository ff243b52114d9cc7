//! No sequence of commands passes a gate with a required ask open: told without the judge, from the playbook and the
//! journal alone, so that a judge who overlooks something is caught by somebody else.

use std::collections::BTreeSet;

use proptest::prelude::*;
use throughline_domain::{
    gate::deal_facts,
    handoff::{Covers, Fact, Handoff, evolve},
    playbook::{Ask, Demand, Playbook},
    record::{Answer, Body, List},
};
use throughline_testkit::Play;

use crate::{
    any::any_drafts,
    properties::{any_start, config, plays},
};

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_sequence_passes_a_gate_with_a_required_ask_open(start in any_start(), drafts in any_drafts(110)) {
        let play = plays(start, &drafts, |_| Ok(()))?;
        let mut state: Option<Handoff> = None;
        for recorded in &play.journal {
            let before = state.clone();
            state = evolve(state, recorded);
            let Fact::GatePassed { gate, waivers } = &recorded.fact else { continue };
            if !asks_for_the_record(&play.playbook, *gate) {
                continue;
            }
            let before = before.unwrap();
            let waived: BTreeSet<&Covers> =
                waivers.iter().flat_map(|waiver| &before.waivers[waiver].covers).collect();
            for ask in play.playbook.asks() {
                let covered = waived.contains(&Covers::Ask { ask: ask.id.value.clone() });
                let open = is_required(&play, &before, ask, recorded.at) && !is_answered(&before, ask);
                prop_assert!(!open || covered, "{} passed with `{}` open", gate.name(), ask.id.value);
            }
            let untouched = before.reopened.iter().flat_map(|reopened| &reopened.untouched);
            let still_asked = untouched.filter(|ask| play.playbook.ask(ask).is_some()).count();
            prop_assert_eq!(still_asked, 0, "{} passed with a reopened part untouched", gate.name());
            let returned = before.returns.last().is_some_and(|returned| returned.answered.is_none());
            prop_assert!(!returned, "{} passed with a return unanswered", gate.name());
        }
    }
}

fn asks_for_the_record(playbook: &Playbook, gate: throughline_domain::playbook::Gate) -> bool {
    let rule = playbook.gate(gate).unwrap();
    rule.demands.iter().any(|demand| demand.value == Demand::Record)
}

fn is_required(play: &Play, handoff: &Handoff, ask: &Ask, at: jiff::Timestamp) -> bool {
    let rule = ask.required_when.as_ref();
    let facts = deal_facts(handoff, play.calendars.house(), at);
    // A rule that cannot run requires the ask.
    ask.required || rule.is_some_and(|rule| rule.value.holds(&facts) != Ok(false))
}

fn is_answered(handoff: &Handoff, ask: &Ask) -> bool {
    let record = &handoff.record;
    if List::of(ask.kind).is_none() {
        return record.answers.get(&ask.id.value).is_some_and(|held| match &held.answer {
            Answer::Words { evidence, .. } => evidence.is_given(),
            answer => answer.kind() == ask.kind,
        });
    }
    let listed = record.items.values().filter(|item| match &item.body {
        Body::Stakeholder(person) => ask.role.is_none_or(|role| person.parts.contains(&role)),
        Body::Promise(promise) => ask.kinds.is_empty() || ask.kinds.contains(&promise.kind),
        _ => true,
    });
    let listed: Vec<_> = listed.filter(|item| Some(item.body.list()) == List::of(ask.kind)).collect();
    let enough = listed.len() >= usize::from(ask.min).max(1);
    let whole = listed.iter().all(|item| item.lacks(&ask.needs).is_empty());
    (enough && whole) || (listed.is_empty() && ask.allow_none && record.none.contains_key(&ask.id.value))
}
