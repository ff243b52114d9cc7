//! The sequences: many from each start, so that most begin where something is at stake.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use throughline_domain::{
    Actor, PersonId,
    gate::Mode,
    handoff::{Fact, Outcome, Refusal, Stage},
};
use throughline_testkit::{
    Play,
    people::{DANA, EVERYBODY, LEE, MONA, RAVI, SOL, roles_of},
};

use super::watch::Watch;
use crate::{
    any::{Draft, Verb, any_drafts, command, sets},
    properties::any_start,
};

/// Sequences from one start.
const BRANCHES: u64 = 100;
/// Commands of one sequence, at most.
const MOST: u64 = 24;
/// Drafts that sequences are made of; each is drawn with other places, dice and coin.
const DRAFTS: usize = 600;

/// What stands at a gate, and what leads past it.
const AT_STAKE: [Verb; 16] = [
    Verb::AttemptGate,
    Verb::AskWaiver,
    Verb::AskWaiver,
    Verb::GrantWaiver,
    Verb::GrantWaiver,
    Verb::Offer,
    Verb::Accept,
    Verb::TakeOver,
    Verb::OpenPlan,
    Verb::ConfirmKickoff,
    Verb::Finish,
    Verb::TakeNews,
    Verb::ReportStep,
    Verb::Reassign,
    Verb::TakeOn,
    Verb::CorrectStep,
];

/// Whom the shipped playbooks let grant waivers, and one they do not.
const GRANTERS: [PersonId; 5] = [LEE, MONA, SOL, RAVI, DANA];

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn roll(&mut self, sides: u64) -> u64 {
        self.next() % sides
    }

    fn one_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }

    fn one_of<'t, T>(&mut self, things: &'t [T]) -> &'t T {
        &things[usize::try_from(self.roll(things.len() as u64)).unwrap()]
    }
}

type Seen = BTreeMap<String, u64>;

fn sees(seen: &mut Seen, what: &str) {
    match seen.get_mut(what) {
        Some(times) => *times += 1,
        None => drop(seen.insert(what.to_owned(), 1)),
    }
}

/// Plays so many sequences on all cores, and tells how often what came about. `GATE_BLOCK` plays the sequences of one
/// start alone.
pub fn played(sequences: u64) -> Seen {
    let blocks = match super::number("GATE_BLOCK") {
        Some(block) => block..block + 1,
        None => 0..sequences.div_ceil(BRANCHES),
    };
    let next = AtomicU64::new(blocks.start);
    let one_after_another = || {
        let mut seen = Seen::new();
        loop {
            let block = next.fetch_add(1, Ordering::Relaxed);
            if block >= blocks.end {
                return seen;
            }
            // One asked for by its number is played whole.
            let left = sequences.checked_sub(block * BRANCHES).unwrap_or(BRANCHES);
            plays(block, BRANCHES.min(left), &mut seen);
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let playing: Vec<_> = (0..threads).map(|_| scope.spawn(one_after_another)).collect();
        let all = playing
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_else(|why| std::panic::resume_unwind(why)));
        all.fold(Seen::new(), |mut sum, (what, times)| {
            *sum.entry(what).or_default() += times;
            sum
        })
    })
}

/// One start, and the sequences that go on from it.
fn plays(block: u64, branches: u64, seen: &mut Seen) {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&block.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let start = any_start().new_tree(&mut runner).unwrap().current();
    let mut drafts: Vec<Draft> = Vec::new();
    while drafts.len() < DRAFTS {
        drafts.extend(any_drafts(110).new_tree(&mut runner).unwrap().current());
    }
    let mut watch = Watch::default();
    for recorded in &start.journal {
        let roles = recorded.by.acts_as().map(roles_of);
        watch.hears(&start.playbook, recorded, roles.as_ref());
    }
    watch.looks(&start, 0, false);
    assert!(watch.wrong.is_empty(), "GATE_BLOCK={block} begins with this: {:#?}", watch.wrong);
    let mut dice = Dice(block);
    for branch in 0..branches {
        let mut one = Sequence { play: start.clone(), watch: watch.clone(), seen };
        for _ in 0..=dice.roll(MOST) {
            one.goes_on(&drafts, &mut dice);
            assert!(
                one.watch.wrong.is_empty(),
                "GATE_BLOCK={block} replays this, sequence {branch}:\n{:#?}\nin {:?}\nbegun as {start:?}",
                one.watch.wrong,
                one.play
            );
        }
        sees(one.seen, "sequences");
        if let Stage::Owned { .. } = one.play.handoff().stage {
            sees(one.seen, "customer success owns it");
        }
        if one.play.handoff().plan.is_some() {
            sees(one.seen, "the plan is open");
        }
    }
}

struct Sequence<'s> {
    play: Play,
    watch: Watch,
    seen: &'s mut Seen,
}

impl Sequence<'_> {
    /// Somebody does something, RevOps change the mode, or clocks strike.
    fn goes_on(&mut self, drafts: &[Draft], dice: &mut Dice) {
        match dice.roll(40) {
            0 => {
                self.play.mode = *dice.one_of(&[Mode::Observe, Mode::BlockOwnership, Mode::BlockClose]);
                sees(self.seen, "the mode changed");
            }
            1 => {
                let since = self.play.journal.len();
                self.play.strikes();
                self.hears(since, None);
            }
            2 | 3 => {
                for draft in on_a_waiver(drawn(drafts, dice), dice) {
                    self.commands(&draft, dice);
                }
            }
            _ => self.commands(&drawn(drafts, dice), dice),
        }
    }

    fn commands(&mut self, draft: &Draft, dice: &mut Dice) {
        sets(&mut self.play, draft);
        if let (Actor::Person { id }, true) = (self.play.actor(), dice.one_in(9)) {
            let stand_in = dice.one_of(&EVERYBODY).0;
            self.play.as_stand_in(stand_in, id);
        }
        let Some(command) = command(&self.play, draft) else { return };
        let verb = command.verb();
        let by = match self.play.actor() {
            Actor::Person { .. } => "by a person",
            Actor::StandIn { .. } => "by a stand-in",
            Actor::Token { .. } => "by a token",
            Actor::Customer { .. } => "by the customer",
            Actor::System => "by the product",
        };
        let since = self.play.journal.len();
        match self.play.tries(command) {
            Ok(Outcome::Happened(_)) => sees(self.seen, by),
            Ok(Outcome::Shut { .. }) => sees(self.seen, "a gate refused"),
            Ok(Outcome::AlreadySo) => {}
            Err(Refusal::NotYours(_)) if draft.verb == Verb::GrantWaiver => {
                sees(self.seen, "nobody grants their own");
            }
            Err(_) => {}
        }
        self.hears(since, Some(verb));
    }

    fn hears(&mut self, since: usize, verb: Option<&str>) {
        if since == self.play.journal.len() {
            return;
        }
        for recorded in &self.play.journal[since..] {
            self.watch.hears(&self.play.playbook, recorded, Some(self.play.roles()));
            match (&recorded.fact, verb) {
                (Fact::Bypassed { .. }, Some(verb @ ("take-news" | "report-step" | "take-over"))) => {
                    sees(self.seen, &format!("bypassed by {verb}"));
                }
                // What asks a gate is let through or refused; only what was done anyway passes it by.
                (Fact::Bypassed { gate, .. }, verb) => {
                    self.watch.wrong.push(format!("gate {} was bypassed by {verb:?}", gate.name()));
                }
                (Fact::WaiverGranted { .. }, _) => sees(self.seen, "a waiver granted"),
                (Fact::GatePassed { waivers, .. }, _) if !waivers.is_empty() => {
                    sees(self.seen, "a gate passed on a waiver");
                }
                _ => {}
            }
        }
        self.watch.looks(&self.play, since, verb == Some("take-news"));
    }
}

/// A draft, drawn anew.
fn drawn(drafts: &[Draft], dice: &mut Dice) -> Draft {
    let mut draft = dice.one_of(drafts).clone();
    draft.at = dice.one_of(drafts).at;
    draft.other = dice.one_of(drafts).other;
    draft.coin = dice.one_in(2);
    draft.dice = if dice.one_in(9) { dice.roll(8) as u8 } else { dice.roll(256) as u8 };
    if dice.one_in(3) {
        draft.verb = *dice.one_of(&AT_STAKE);
    }
    draft
}

/// Somebody asks for a waiver of what a gate misses, somebody grants one, somebody tries the gate.
fn on_a_waiver(asks: Draft, dice: &mut Dice) -> [Draft; 3] {
    let by = |verb, who, dice| Draft { verb, who, dice, coin: false, extra_role: None, ..asks.clone() };
    let (asker, granter) = (*dice.one_of(&GRANTERS), *dice.one_of(&GRANTERS));
    // By the one named, until the day after: see how drafts become commands.
    [by(Verb::AskWaiver, asker, 44), by(Verb::GrantWaiver, granter, 44), by(Verb::AttemptGate, asker, 45)]
}
