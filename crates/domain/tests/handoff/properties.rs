//! What holds whatever anybody does, in whatever order.

use std::{collections::BTreeSet, sync::Arc};

use proptest::prelude::*;
use throughline_domain::{
    PersonId,
    gate::{self, Mode, Verdict},
    handoff::{
        Command, Fact, GateHistory, Handoff, Life, Outcome, Recorded, Stage, WaiverState, evolve, replay,
    },
    personal::{pointers, salted, seal, unseal},
    playbook::{Gate, Playbook, shipped},
};
use throughline_testkit::{Play, Team, given, shipped_playbook};
use uuid::Uuid;

use crate::any::{Draft, any_drafts, command, sets};

/// Commands in one play.
const MOST: usize = 110;

/// How many playbooks there are to play by.
pub const PLAYBOOKS: u8 = 7;

/// The shipped playbooks, and the one with what they leave out.
pub fn playbook(which: u8) -> Arc<Playbook> {
    match shipped::shipped().get(usize::from(which)) {
        Some((name, _)) => shipped_playbook(name),
        None => crate::compact(),
    }
}

fn any_mode() -> impl Strategy<Value = Mode> {
    prop_oneof![Just(Mode::Observe), Just(Mode::BlockOwnership), Just(Mode::BlockClose)]
}

/// A handoff just opened, or brought some way by a team: worth little or much, with an AE or without, sold or
/// still being sold.
pub fn any_start() -> impl Strategy<Value = Play> {
    let way = prop_oneof![1 => Just(0), 2 => 0usize..90];
    (0..PLAYBOOKS, any_mode(), any::<bool>(), 0u8..4, 5_000i64..90_000, way).prop_map(
        |(which, mode, unmapped, standing, arr, way)| {
            let start = given(playbook(which)).mode(mode).arr(arr).deal(|deal| {
                if standing == 0 {
                    deal.standing = throughline_domain::deal::Standing::Won;
                }
                deal.se_involved = (standing == 1).then_some(true);
                // A rule over what the CRM does not say cannot run.
                deal.term_months = deal.term_months.filter(|_| standing != 2);
            });
            let start = if unmapped { start.unmapped_seller() } else { start };
            let mut play = start.opened();
            // It stops where its commands run out; where it gets stuck is another test's question.
            let _ = Team::new(way).finish(&mut play);
            play
        },
    )
}

/// Plays drafts, looking at the state after each command that happened.
pub fn plays(
    mut play: Play,
    drafts: &[Draft],
    mut look: impl FnMut(&Play) -> Result<(), TestCaseError>,
) -> Result<Play, TestCaseError> {
    look(&play)?;
    for draft in drafts {
        sets(&mut play, draft);
        let Some(command) = command(&play, draft) else { continue };
        if let Ok(Outcome::Happened(_) | Outcome::Shut { .. }) = play.tries(command) {
            look(&play)?;
        }
    }
    Ok(play)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn replaying_the_journal_gives_the_snapshot(start in any_start(), drafts in any_drafts(MOST)) {
        let play = plays(start, &drafts, |_| Ok(()))?;
        let snapshot = play.handoff();
        prop_assert_eq!(&replay(&play.journal), &play.state);
        // Through what is stored: facts as JSON, the snapshot as JSON.
        let stored: Vec<String> = play.journal.iter().map(|one| serde_json::to_string(one).unwrap()).collect();
        let read: Vec<Recorded> = stored.iter().map(|one| serde_json::from_str(one).unwrap()).collect();
        prop_assert_eq!(&read, &play.journal);
        prop_assert_eq!(&replay(&read), &play.state);
        let kept: Handoff = serde_json::from_str(&serde_json::to_string(snapshot).unwrap()).unwrap();
        prop_assert_eq!(&kept, snapshot);
    }

    #[test]
    fn sealed_facts_hold_no_personal_text_and_unsealed_ones_give_the_snapshot(start in any_start(), drafts in any_drafts(MOST)) {
        let play = plays(start, &drafts, |_| Ok(()))?;
        let mut rows = Vec::new();
        let mut next = 0u128;
        let mut journal = Vec::new();
        for recorded in &play.journal {
            let mut fact = serde_json::to_value(recorded).unwrap();
            let sealed = seal(&mut fact, &mut || {
                next += 1;
                (Uuid::from_u128(next), next.to_be_bytes())
            });
            let written = fact.to_string();
            for row in &sealed {
                let quoted = format!("\"{}\"", row.text);
                prop_assert!(row.text.len() < 12 || !written.contains(&quoted), "{} in {}", row.text, written);
            }
            let pointed: Vec<(Uuid, String)> = sealed.iter().map(|row| (row.id, salted(row))).collect();
            prop_assert_eq!(pointers(&fact), pointed);
            rows.extend(sealed);
            unseal(&mut fact, &|id| rows.iter().find(|row| row.id == id).map(|row| row.text.clone()));
            journal.push(serde_json::from_value::<Recorded>(fact).unwrap());
        }
        prop_assert_eq!(&replay(&journal), &play.state);
        // With every text erased the journal still replays, and what it says of the process is the same.
        let erased: Vec<Recorded> = journal
            .iter()
            .map(|recorded| {
                let mut fact = serde_json::to_value(recorded).unwrap();
                seal(&mut fact, &mut || (Uuid::nil(), [0; 16]));
                unseal(&mut fact, &|_| None);
                serde_json::from_value(fact).unwrap()
            })
            .collect();
        let erased = replay(&erased).unwrap();
        let kept = play.handoff();
        prop_assert_eq!(&erased.stage, &kept.stage);
        prop_assert_eq!(&erased.tenures, &kept.tenures);
        prop_assert_eq!(erased.life.name(), kept.life.name());
        for gate in Gate::ALL {
            let judged = |handoff: &Handoff| gate::judge(handoff, &play.playbook, &play.calendars, play.now(), gate).verdict;
            prop_assert_eq!(judged(&erased), judged(kept), "{}", gate.name());
        }
    }

    #[test]
    fn a_waived_or_bypassed_gate_is_never_a_pass(start in any_start(), drafts in any_drafts(MOST)) {
        plays(start, &drafts, |play| {
            for gate in Gate::ALL {
                let judged = play.judged(gate);
                let verdict = judged.verdict;
                prop_assert!(judged.waived.is_empty() || verdict != Verdict::Pass, "{} passes on a waiver", gate.name());
                let history = play.handoff().gates.get(&gate).cloned().unwrap_or_default();
                let used = history.passed.as_ref().is_some_and(|passed| !passed.waivers.is_empty());
                let bypassed = play.handoff().bypassed(gate).is_some();
                if used || bypassed {
                    prop_assert_ne!(verdict, Verdict::Pass, "{}", gate.name());
                }
                if history.passed.is_some() && !used && !bypassed {
                    let lives = play.handoff().life.takes_reports();
                    prop_assert!(!lives || verdict == Verdict::Pass, "a pass un-happened at {}", gate.name());
                }
            }
            // Nor does it make the record complete.
            let missing = gate::record_gaps(play.handoff(), &play.playbook, &play.calendars, play.now());
            let judged_now = play.last_facts().next().is_some_and(|fact| !matches!(fact, Fact::GateRefused { .. } | Fact::GateRefusedAgain { .. }));
            if judged_now && play.handoff().life.takes_reports() && play.handoff().route.playbook.is_some() {
                prop_assert_eq!(missing.is_empty(), play.handoff().complete_since.is_some());
            }
            Ok(())
        })?;
    }

    #[test]
    fn exactly_one_person_is_answerable_at_every_instant(start in any_start(), drafts in any_drafts(MOST)) {
        let play = plays(start, &drafts, |play| {
            let handoff = play.handoff();
            prop_assert_eq!(handoff.answerable_at(play.now()), Some(handoff.answerable()));
            prop_assert_eq!(handoff.tenures[0].since, handoff.opened_at);
            prop_assert!(handoff.tenures.windows(2).all(|pair| pair[0].since <= pair[1].since));
            if let Stage::Owned { by, .. } = handoff.stage {
                prop_assert_eq!(handoff.answerable(), by);
            } else {
                prop_assert_eq!(handoff.answerable(), handoff.seller());
            }
            Ok(())
        })?;
        let handoff = play.handoff();
        let last = play.now();
        let mut at = handoff.opened_at;
        while at <= last {
            prop_assert!(handoff.answerable_at(at).is_some());
            at = at.checked_add(jiff::SignedDuration::from_hours(7)).unwrap();
        }
        prop_assert_eq!(handoff.answerable_at(handoff.opened_at.checked_sub(jiff::SignedDuration::from_secs(1)).unwrap()), None);
    }

    #[test]
    fn no_sequence_passes_a_gate_with_something_missing_that_nobody_waived(start in any_start(), drafts in any_drafts(MOST)) {
        // What came of news of the CRM's: they may tell late what it was past while it still ran.
        let mut news = BTreeSet::new();
        let mut play = start;
        for draft in &drafts {
            sets(&mut play, draft);
            let Some(command) = command(&play, draft) else { continue };
            let told = matches!(command, Command::TakeNews(_));
            let known = play.journal.len();
            let _ = play.tries(command);
            if told {
                news.extend(play.journal[known..].iter().map(|recorded| recorded.seq));
            }
        }
        let mut state: Option<Handoff> = None;
        for recorded in &play.journal {
            let before = state.clone();
            state = evolve(state, recorded);
            let Fact::GatePassed { gate, waivers } = &recorded.fact else { continue };
            let mut bare = before.unwrap();
            bare.gates.insert(*gate, GateHistory::default());
            if news.contains(&recorded.seq) && matches!(bare.life, Life::Withdrawn { .. } | Life::Cancelled { .. }) {
                bare.life = Life::Live;
            }
            let judged = gate::judge(&bare, &play.playbook, &play.calendars, recorded.at, *gate);
            prop_assert!(judged.gaps.is_empty(), "{}: {:?}", gate.name(), judged.gaps);
            let used: BTreeSet<_> = judged.waived.iter().map(|waived| waived.waiver).collect();
            prop_assert_eq!(&used, &waivers.iter().copied().collect());
            for waiver in used {
                let waiver = &bare.waivers[&waiver];
                let WaiverState::Granted { by, expires_at, .. } = waiver.state else { panic!("used without a grant") };
                prop_assert!(expires_at.is_none_or(|end| end > recorded.at), "a waiver is used before it ends");
                prop_assert_ne!(by, waiver.asked_by, "nobody grants their own waiver");
                prop_assert_eq!(waiver.used_at, None, "a waiver is used once");
            }
        }
    }

    #[test]
    fn ownership_moves_once_and_never_before_acceptance(start in any_start(), drafts in any_drafts(MOST)) {
        let play = plays(start, &drafts, |_| Ok(()))?;
        let mut accepted: Option<PersonId> = None;
        let mut owner: Option<PersonId> = None;
        for recorded in &play.journal {
            match &recorded.fact {
                Fact::Accepted { by } => accepted = Some(*by),
                Fact::OwnershipMoved { to, moved_by, reason, .. } => {
                    prop_assert_eq!(owner, None, "ownership moved twice");
                    owner = Some(*to);
                    if *moved_by == throughline_domain::handoff::Move::TakeOver {
                        prop_assert!(reason.is_some());
                    } else {
                        prop_assert_eq!(accepted, Some(*to));
                    }
                }
                Fact::CsmChanged { from, to, .. } => {
                    prop_assert_eq!(owner.or(accepted), Some(*from));
                    prop_assert_eq!(recorded.by.person(), Some(*to), "only who follows accepts");
                    if owner.is_some() {
                        owner = Some(*to);
                    }
                    accepted = Some(*to);
                }
                _ => {}
            }
        }
        if let Stage::Owned { by, .. } = play.handoff().stage {
            prop_assert_eq!(owner, Some(by));
        } else {
            prop_assert_eq!(owner, None);
        }
    }

    #[test]
    fn deciding_twice_gives_the_same_and_changes_nothing(start in any_start(), drafts in any_drafts(MOST)) {
        let mut play = start;
        for draft in &drafts {
            sets(&mut play, draft);
            let Some(command) = command(&play, draft) else { continue };
            let before = play.state.clone();
            let one = play.clone().decides(command.clone());
            let two = play.clone().decides(command.clone());
            prop_assert_eq!(&one, &two);
            prop_assert_eq!(&play.state, &before);
            prop_assert_eq!(&play.tries(command), &one);
        }
    }

    #[test]
    fn a_handoff_lives_and_ends_only_as_it_may(start in any_start(), drafts in any_drafts(MOST)) {
        let mut last = "live";
        plays(start, &drafts, |play| {
            let now = play.handoff().life.name();
            let may = match (last, now) {
                (before, after) if before == after => true,
                ("live", "done" | "withdrawn" | "cancelled" | "out_of_scope") => true,
                ("done", "cancelled" | "withdrawn") => true,
                ("withdrawn" | "out_of_scope", "live") => true,
                ("cancelled", "live") => true,
                _ => false,
            };
            prop_assert!(may, "from {last} to {now}");
            let owned = play.handoff().stage.is_owned();
            prop_assert!(now != "cancelled" || owned);
            prop_assert!(now != "withdrawn" || !owned);
            prop_assert!(now != "done" || owned || play.verdict(Gate::Done) != Verdict::Pass);
            last = now;
            Ok(())
        })?;
    }

    #[test]
    fn every_refused_attempt_leaves_its_fact(start in any_start(), drafts in any_drafts(MOST)) {
        let mut play = start;
        for draft in &drafts {
            sets(&mut play, draft);
            let Some(command) = command(&play, draft) else { continue };
            let refusals = |play: &Play, gate: Gate| play.handoff().gates.get(&gate).map_or(0, |history| history.refusals);
            let before: Vec<u32> = Gate::ALL.iter().map(|gate| refusals(&play, *gate)).collect();
            let facts = play.journal.len();
            match play.tries(command) {
                Ok(Outcome::Shut { gate, gaps, .. }) => {
                    prop_assert!(!gaps.is_empty());
                    let counted = refusals(&play, gate) - before[Gate::ALL.iter().position(|one| *one == gate).unwrap()];
                    prop_assert_eq!(counted, 1);
                    prop_assert_eq!(play.journal.len(), facts + 1);
                    for gap in &gaps {
                        prop_assert!(!gap.title.is_empty());
                        prop_assert!(!gate::remedies(gap).is_empty());
                    }
                }
                Ok(Outcome::Happened(told)) => prop_assert!(!told.is_empty()),
                Ok(Outcome::AlreadySo) | Err(_) => prop_assert_eq!(play.journal.len(), facts),
            }
        }
    }

    #[test]
    fn facts_in_any_order_never_break_the_state(start in any_start(), drafts in any_drafts(MOST), order in any::<u64>()) {
        let play = plays(start, &drafts, |_| Ok(()))?;
        let mut journal = play.journal.clone();
        let mut seed = order | 1;
        for index in (2..journal.len()).rev() {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            let other = 1 + usize::try_from(seed % index as u64).unwrap();
            journal.swap(index, other);
        }
        let state = replay(&journal).unwrap();
        prop_assert!(!state.tenures.is_empty());
        for gate in Gate::ALL {
            gate::judge(&state, &play.playbook, &play.calendars, play.now(), gate);
        }
        throughline_domain::clock::readings(&state, &play.playbook, &play.calendars, play.now());
    }
}

/// Fewer cases than proptest's own number: each is a whole play. `PROPTEST_CASES` raises it. What fails becomes a
/// test with a name instead of a file of seeds.
pub fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(48);
    ProptestConfig { cases, max_shrink_iters: 3_000, failure_persistence: None, ..ProptestConfig::default() }
}

#[test]
fn random_plays_get_far_enough_to_mean_something() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for _ in 0..150 {
        let start = any_start().new_tree(&mut runner).unwrap().current();
        let drafts = any_drafts(MOST).new_tree(&mut runner).unwrap().current();
        let play = plays(start, &drafts, |_| Ok(())).unwrap();
        seen.extend(play.journal.iter().map(|recorded| throughline_testkit::kind_of(&recorded.fact)));
    }
    for kind in [
        "accepted",
        "ownership_moved",
        "gate_passed",
        "waiver_granted",
        "bypassed",
        "plan_opened",
        "reopened",
        "returned",
        "withdrawn",
        "amended",
        "csm_changed",
    ] {
        assert!(seen.contains(kind), "no random play reached `{kind}`: {seen:?}");
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn clocks_strike_once_remind_before_they_escalate_and_stay_silent_until_the_next_call(
        start in any_start(),
        drafts in any_drafts(MOST / 2),
    ) {
        let mut play = start;
        for draft in &drafts {
            sets(&mut play, draft);
            if let Some(command) = command(&play, draft) {
                let _ = play.tries(command);
            }
            let now = play.now();
            if let Some(next) = play.next_call().filter(|next| *next > now) {
                play.at_instant(next - jiff::SignedDuration::from_secs(1));
                prop_assert!(play.strikes().is_empty(), "something was told before its time");
                // A step may have become impossible meanwhile: then there is nothing to tell.
                play.at_instant(next);
            }
            play.strikes();
            prop_assert!(play.strikes().is_empty(), "something was told twice");
            let now = play.now();
            prop_assert!(play.next_call().is_none_or(|next| next > now), "it would be looked at without end");
        }
        prop_assert_eq!(&replay(&play.journal), &play.state);
        let mut reminded = BTreeSet::new();
        for recorded in &play.journal {
            match &recorded.fact {
                Fact::Reminded { matter, due_at, .. } => {
                    reminded.insert((matter.clone(), *due_at));
                }
                Fact::Escalated { matter, due_at, .. } => {
                    prop_assert!(reminded.contains(&(matter.clone(), *due_at)), "escalated without a reminder");
                    prop_assert!(*due_at <= recorded.at, "escalated before it was due");
                }
                _ => {}
            }
        }
    }
}
