//! Who hears every fact and knows only what gates are for. It folds nothing, and judges only what a gate let through.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use throughline_domain::{
    Actor, PersonId, Role, WaiverId, gate,
    handoff::{Fact, GateHistory, Handoff, Life, Move, Recorded, Stage, replay},
    playbook::{Gate, Playbook},
};
use throughline_testkit::Play;

#[derive(Clone)]
struct Waiver {
    gate: Gate,
    asked_by: Actor,
    /// Granted, until when.
    granted: Option<Option<Timestamp>>,
    used: bool,
}

/// What was heard so far, and what of it must not be.
#[derive(Clone, Default)]
pub struct Watch {
    passed: BTreeMap<Gate, Vec<WaiverId>>,
    bypassed: BTreeSet<Gate>,
    waivers: BTreeMap<WaiverId, Waiver>,
    pub wrong: Vec<String>,
}

fn behind(actor: Actor) -> BTreeSet<PersonId> {
    [actor.person(), actor.in_stead_of()].into_iter().flatten().collect()
}

impl Watch {
    /// Hears a fact by somebody in these roles; none: a program.
    pub fn hears(&mut self, playbook: &Playbook, recorded: &Recorded, roles: Option<&BTreeSet<Role>>) {
        match &recorded.fact {
            Fact::GatePassed { gate, waivers } => self.passes(recorded, *gate, waivers),
            Fact::Bypassed { gate, .. } => {
                self.bypassed.insert(*gate);
            }
            Fact::BypassLifted { gate, .. } => {
                self.bypassed.remove(gate);
            }
            Fact::WaiverAsked { waiver, gate, reason, .. } => {
                if reason.as_str().trim().is_empty() {
                    self.says(recorded, "a waiver was asked for without a reason");
                }
                if recorded.by.person().is_none() {
                    self.says(recorded, "a waiver was asked for by no person");
                }
                let asked = Waiver { gate: *gate, asked_by: recorded.by, granted: None, used: false };
                self.waivers.insert(*waiver, asked);
            }
            Fact::WaiverGranted { waiver, expires_at } => {
                self.granted(playbook, recorded, *waiver, *expires_at, roles)
            }
            Fact::Offered { .. } => self.needs(playbook, recorded, Gate::Handoff, "it was offered"),
            Fact::Accepted { .. } => self.needs(playbook, recorded, Gate::CsmAssignment, "a CSM accepted"),
            Fact::OwnershipMoved { moved_by, reason, .. } => {
                self.needs(playbook, recorded, Gate::CsmAssignment, "ownership moved");
                if *moved_by == Move::TakeOver && reason.is_none() {
                    self.says(recorded, "it was taken over without a reason");
                }
            }
            Fact::PlanOpened { .. } if !self.is_in_by_right(playbook) => {
                self.says(recorded, "the plan was opened and its gate never passed");
            }
            Fact::KickoffConfirmed => {
                self.needs(playbook, recorded, Gate::Kickoff, "the kickoff was confirmed")
            }
            Fact::Finished => self.needs(playbook, recorded, Gate::Done, "it was finished"),
            _ => {}
        }
    }

    fn granted(
        &mut self,
        playbook: &Playbook,
        recorded: &Recorded,
        id: WaiverId,
        expires_at: Option<Timestamp>,
        roles: Option<&BTreeSet<Role>>,
    ) {
        let Some(waiver) = self.waivers.get_mut(&id) else {
            return self.says(recorded, "a waiver was granted that nobody asked for");
        };
        waiver.granted = Some(expires_at);
        let (gate, asked_by) = (waiver.gate, waiver.asked_by);
        if !behind(recorded.by).is_disjoint(&behind(asked_by)) {
            self.says(recorded, "somebody granted their own waiver");
        }
        let may = playbook.gate(gate).map(|rule| rule.waived_by.clone()).unwrap_or_default();
        match roles.filter(|_| recorded.by.person().is_some()) {
            None => self.says(recorded, "a waiver was granted by no person"),
            Some(roles) if !may.iter().any(|role| roles.contains(role)) => {
                self.says(recorded, "a waiver was granted by somebody the playbook does not name");
            }
            Some(_) => {}
        }
    }

    fn passes(&mut self, recorded: &Recorded, gate: Gate, waivers: &[WaiverId]) {
        if self.passed.insert(gate, waivers.to_vec()).is_some() {
            self.says(recorded, "it passed a second time");
        }
        for id in waivers {
            let waiver = self.waivers.get_mut(id);
            let before = waiver.as_deref().cloned();
            waiver.into_iter().for_each(|waiver| waiver.used = true);
            let why = match before {
                None => Some("it passed on a waiver that nobody asked for"),
                Some(waiver) if waiver.gate != gate => Some("it passed on another gate's waiver"),
                Some(waiver) if waiver.used => Some("it passed on a waiver that was used before"),
                Some(waiver) => match waiver.granted {
                    None => Some("it passed on a waiver that nobody granted"),
                    Some(Some(end)) if end <= recorded.at => Some("it passed on a waiver that had run out"),
                    Some(_) => None,
                },
            };
            if let Some(why) = why {
                self.says(recorded, why);
            }
        }
    }

    /// Something for which a gate must have been passed, or been seen to be passed by.
    fn needs(&mut self, playbook: &Playbook, recorded: &Recorded, gate: Gate, what: &str) {
        if !self.lets_in(playbook, gate) {
            self.says(recorded, &format!("{what}, and gate {} was never passed", gate.name()));
        }
    }

    fn lets_in(&self, playbook: &Playbook, gate: Gate) -> bool {
        playbook.gate(gate).is_none() || self.passed.contains_key(&gate) || self.bypassed.contains(&gate)
    }

    /// Nothing but its gate leads into the customer's plan: no report passes it by.
    fn is_in_by_right(&self, playbook: &Playbook) -> bool {
        playbook.gate(Gate::CsAccess).is_none() || self.passed.contains_key(&Gate::CsAccess)
    }

    fn says(&mut self, recorded: &Recorded, what: &str) {
        self.wrong.push(format!("fact {} by {:?}: {what}: {:?}", recorded.seq, recorded.by, recorded.fact));
    }

    /// Looks at where a play stands, after facts that were all heard; `since` is where the newest of them begin, and
    /// `news` says whether they come of the CRM's, which may come late.
    pub fn looks(&mut self, play: &Play, since: usize, news: bool) {
        let handoff = play.handoff();
        if matches!(handoff.stage, Stage::Assigned { .. } | Stage::Owned { .. })
            && !self.lets_in(&play.playbook, Gate::CsmAssignment)
        {
            self.wrong.push("customer success has it, and its gate was never passed".to_owned());
        }
        if handoff.plan.is_some() && !self.is_in_by_right(&play.playbook) {
            self.wrong.push("customer success is in, and its gate was never passed".to_owned());
        }
        self.is_remembered(handoff);
        for recorded in &play.journal[since..] {
            if let Fact::GatePassed { gate, waivers } = &recorded.fact {
                self.judges_anew(play, recorded, news, *gate, waivers);
            }
        }
    }

    /// The state tells the same of gates as was heard: no pass without its fact.
    fn is_remembered(&mut self, handoff: &Handoff) {
        for gate in Gate::ALL {
            let history = handoff.gates.get(&gate);
            let passed = history.and_then(|history| history.passed.as_ref()).map(|passed| &passed.waivers);
            let bypassed = history.is_some_and(|history| history.bypassed.is_some());
            if passed != self.passed.get(&gate) || bypassed != self.bypassed.contains(&gate) {
                self.wrong.push(format!("of gate {} the state tells otherwise: {history:?}", gate.name()));
            }
        }
    }

    /// As it stood before the pass, nothing was missing but what the waivers cover.
    fn judges_anew(
        &mut self,
        play: &Play,
        recorded: &Recorded,
        news: bool,
        gate: Gate,
        waivers: &[WaiverId],
    ) {
        let before = usize::try_from(recorded.seq).unwrap() - 1;
        let Some(mut bare) = replay(&play.journal[..before]) else {
            return self.says(recorded, "it passed before it was opened");
        };
        bare.gates.insert(gate, GateHistory::default());
        // Late news tell what it was past while it still ran.
        if news && matches!(bare.life, Life::Withdrawn { .. } | Life::Cancelled { .. }) {
            bare.life = Life::Live;
        }
        let judged = gate::judge(&bare, &play.playbook, &play.calendars, recorded.at, gate);
        let covered: BTreeSet<_> = judged.waived.iter().map(|waived| waived.waiver).collect();
        if !judged.gaps.is_empty() || covered != waivers.iter().copied().collect() {
            self.says(recorded, &format!("it passed with {:?} missing", judged.gaps));
        }
    }
}
