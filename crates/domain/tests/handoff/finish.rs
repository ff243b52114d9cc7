//! Every live handoff can be brought to its end (R2.12).

use proptest::prelude::*;
use throughline_domain::{
    deal::{Deal, Standing},
    handoff::{
        Life, RouteTaken,
        command::{Reroute, TakeNews},
    },
    playbook::PlaybookRef,
};
use throughline_testkit::{Play, Team, default_playbook, given, people::RAVI, text};

use crate::{
    any::any_drafts,
    properties::{PLAYBOOKS, any_start, config, playbook, plays},
};

/// More commands than any handoff needs, whatever was done to it before.
const MOST: usize = 400;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_helpful_team_brings_any_live_handoff_to_its_end(start in any_start(), drafts in any_drafts(90)) {
        let mut play = plays(start, &drafts, |_| Ok(()))?;
        brought_back(&mut play);
        let mut team = Team::new(MOST);
        if let Err(stuck) = team.finish(&mut play) {
            let last: Vec<_> = stuck.done.iter().rev().take(30).collect();
            return Err(TestCaseError::fail(format!("{}\nbefore that: {last:#?}\n{play:?}", stuck.why)));
        }
        let done = matches!(play.handoff().life, Life::Done { .. });
        prop_assert!(done);
    }
}

/// What was lost is won after all; what was out of scope takes the whole way.
fn brought_back(play: &mut Play) {
    if play.handoff().life == Life::OutOfScope {
        let of = PlaybookRef { name: play.playbook.playbook.value.clone(), version: 1 };
        let route = RouteTaken { playbook: Some(of), ..play.handoff().route.clone() };
        play.as_(RAVI).tries(Reroute { route, reason: text("It is new business after all") }).ok();
    }
    if !play.handoff().life.takes_reports() {
        let known = play.handoff().deal.clone();
        let source_time =
            known.source_time.max(play.now()).checked_add(jiff::SignedDuration::from_secs(1)).unwrap();
        let deal = Deal { standing: Standing::Won, source_time, ..known };
        play.as_system().tries(TakeNews { deal, seller: None, csm: None }).unwrap();
    }
    if play.handoff().life == Life::OutOfScope {
        brought_back(play);
    }
}

#[test]
fn a_fresh_handoff_is_finished_in_few_commands() {
    for which in 0..PLAYBOOKS {
        let mut play = given(playbook(which)).opened();
        let mut team = Team::new(MOST);
        team.finish(&mut play).unwrap();
        assert!(team.done.len() < 70, "{}: {}", play.playbook.title, team.done.len());
    }
}

#[test]
fn a_large_deal_with_an_unmapped_seller_is_finished_too() {
    let mut play = given(default_playbook()).unmapped_seller().arr(900_000).opened();
    Team::new(MOST).finish(&mut play).unwrap();
    assert!(matches!(play.handoff().life, Life::Done { .. }));
}
