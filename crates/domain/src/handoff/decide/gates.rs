//! Gates asked from outside, waivers, and calling it done (R2.8, R0.13).

use super::*;
use crate::clock;

/// Most waivers one handoff keeps, whatever became of them.
const MOST_WAIVERS: usize = 500;

impl Desk<'_> {
    pub(super) fn attempt(&self, gate: Gate) -> Decided {
        if self.handoff.passed(gate).is_some() || self.context.playbook.is_none() {
            return Ok(Outcome::AlreadySo);
        }
        self.through(gate, Vec::new())
    }

    pub(super) fn finish(&self) -> Decided {
        if matches!(self.handoff.life, Life::Done { .. }) {
            return Ok(Outcome::AlreadySo);
        }
        self.live()?;
        self.through(Gate::Done, vec![Fact::Finished])
    }

    pub(super) fn ask_waiver(&self, body: AskWaiver) -> Decided {
        let AskWaiver { gate, covers, reason } = body;
        self.running()?;
        self.by_a_person("a waiver is asked for by a person, never by a program")?;
        if self.handoff.waivers.len() >= MOST_WAIVERS {
            return Err(invalid(
                "covers",
                format!("a handoff has at most {MOST_WAIVERS} waivers; answer what is asked"),
            ));
        }
        let judgement = self.judge(gate)?;
        if covers.is_empty() {
            return Err(invalid("covers", "name at least one gap of the gate"));
        }
        for cover in &covers {
            match judgement.gaps.iter().find(|gap| gap.about == *cover) {
                None => return Err(invalid("covers", "the gate does not miss this now")),
                Some(gap) if !gap.waivable => return Err(Refusal::NotWaivable(cover.clone())),
                Some(_) => {}
            }
        }
        let lost = |cover: &Covers| judgement.gaps.iter().any(|gap| gap.about == *cover && gap.lost);
        if covers.iter().any(lost) && !covers.iter().all(lost) {
            return Err(invalid("covers", "what can no longer happen is waived apart from what still can"));
        }
        // Somebody else may ask for the same: where only one person may grant, their own request would wait for ever.
        let same = self.handoff.waivers.values().any(|waiver| {
            waiver.gate == gate
                && waiver.covers == covers
                && waiver.state == WaiverState::Asked
                && waiver.asked_by == self.context.actor
        });
        if same {
            return Ok(Outcome::AlreadySo);
        }
        let debtor = judgement.gaps.iter().find(|gap| covers.contains(&gap.about)).and_then(|gap| gap.person);
        happened(vec![Fact::WaiverAsked {
            waiver: WaiverId((self.context.fresh)()),
            gate,
            covers,
            reason,
            debtor: debtor.unwrap_or(self.handoff.process_owner),
        }])
    }

    pub(super) fn grant_waiver(&self, body: GrantWaiver) -> Decided {
        let GrantWaiver { waiver, expires_at } = body;
        self.running()?;
        let held = self.waiver(waiver)?;
        self.may_decide_waiver(held)?;
        if let WaiverState::Granted { .. } = held.state {
            return Ok(Outcome::AlreadySo);
        }
        if let WaiverState::Denied { .. } = held.state {
            return Err(self.out_of_turn("it was denied; ask anew"));
        }
        let playbook = self.playbook()?;
        let judgement = self.judge(held.gate)?;
        let mut covered = judgement.gaps.iter().filter(|gap| held.covers.contains(&gap.about)).peekable();
        if covered.peek().is_none() {
            return Err(self.out_of_turn("nothing it covers is missing any more"));
        }
        let (lost, owed): (Vec<_>, Vec<_>) = covered.partition(|gap| gap.lost);
        if !lost.is_empty() && !owed.is_empty() {
            return Err(
                self.out_of_turn("part of what it covers can no longer happen by now; ask anew, apart")
            );
        }
        match (!lost.is_empty(), expires_at) {
            (true, Some(_)) => {
                return Err(invalid(
                    "expires_at",
                    "what it covers can no longer happen: it is closed as lost, without expiry",
                ));
            }
            (true, None) => {}
            (false, None) => return Err(invalid("expires_at", "say until when the answer may stay open")),
            (false, Some(end)) => {
                let longest = clock::waiver_ends(held, playbook, self.context.calendars, self.context.now);
                if end <= self.context.now {
                    return Err(invalid("expires_at", "lies in the past"));
                }
                if longest.is_some_and(|longest| end > longest) {
                    return Err(invalid("expires_at", "is later than the playbook lets a waiver stand"));
                }
            }
        }
        let others = self.same_requests(held, &own_words("Granted on somebody else's request for the same"));
        happened([Fact::WaiverGranted { waiver, expires_at }].into_iter().chain(others).collect())
    }

    pub(super) fn deny_waiver(&self, body: DenyWaiver) -> Decided {
        let DenyWaiver { waiver, reason } = body;
        let held = self.waiver(waiver)?;
        self.may_decide_waiver(held)?;
        match held.state {
            WaiverState::Asked => {
                let others = self.same_requests(held, &reason);
                happened([Fact::WaiverDenied { waiver, reason }].into_iter().chain(others).collect())
            }
            WaiverState::Denied { .. } => Ok(Outcome::AlreadySo),
            WaiverState::Granted { .. } => Err(self.out_of_turn("it was granted already")),
        }
    }

    /// One decision answers everybody who asked for the same.
    fn same_requests(&self, answered: &Waiver, reason: &Personal) -> Vec<Fact> {
        let same = self.handoff.waivers.values().filter(|other| {
            other.id != answered.id
                && other.gate == answered.gate
                && other.covers == answered.covers
                && other.state == WaiverState::Asked
        });
        same.map(|other| Fact::WaiverDenied { waiver: other.id, reason: reason.clone() }).collect()
    }

    /// Asked for by one person, granted by another whose role the playbook names.
    fn may_decide_waiver(&self, waiver: &Waiver) -> Result<(), Refusal> {
        self.by_a_person("a waiver is decided by a person, never by a program")?;
        if waiver.asked_by.is_one_with(self.context.actor) {
            return Err(Refusal::NotYours("a waiver is granted by somebody else than who asked for it"));
        }
        let roles = self.playbook()?.gate(waiver.gate).map(|rule| rule.waived_by.clone()).unwrap_or_default();
        if roles.iter().any(|role| self.context.roles.contains(role)) {
            return Ok(());
        }
        Err(Refusal::WaiverAuthority { gate: waiver.gate, roles })
    }

    fn waiver(&self, id: WaiverId) -> Result<&Waiver, Refusal> {
        self.handoff.waivers.get(&id).ok_or_else(|| unknown("waiver", id))
    }
}
