//! How a handoff begins, what CRM news mean, and who holds which seat.

use super::*;
use crate::{
    deal::{Deal, Standing},
    record::{Answer, Provenance},
    playbook::{AskKind, asks::CrmField},
};

/// Opens a record: the deal, its way, what the CRM already answers, and what it is already past.
pub(super) fn open(context: &Context<'_>, open: Open) -> Vec<Fact> {
    let Open { id, account, deal, route, life, seller, process_owner, csm_of_record } = open;
    let named = csm_of_record.filter(|_| route.csm == crate::playbook::CsmChoice::OfRecord);
    let opened = Fact::Opened { id, account, deal: deal.clone(), route, life, seller, process_owner };
    let mut facts = vec![opened];
    let recorded = |fact: &Fact| Recorded { seq: 0, at: context.now, by: context.actor, fact: fact.clone() };
    let Some(handoff) = facts.iter().fold(None, |state, fact| evolve(state, &recorded(fact))) else { return facts };
    if let (Some(playbook), true) = (context.playbook, handoff.life.is_live()) {
        let desk = Desk { handoff: &handoff, context, verb: "open" };
        facts.extend(desk.prefill(playbook, &deal).into_iter().map(|(_, fact)| fact));
        if let Some(csm) = named {
            facts.push(Fact::Nominated { csm });
        }
        if deal.standing == Standing::Won {
            facts.extend(desk.past(Gate::Handoff, "closed-won before a record was complete"));
        }
    }
    facts
}

impl Desk<'_> {
    pub(super) fn take_news(&self, news: TakeNews) -> Decided {
        let TakeNews { deal, seller, csm } = news;
        let known = &self.handoff.deal;
        if deal == *known {
            return Ok(Outcome::AlreadySo);
        }
        if deal.source_time < known.source_time {
            let mut standings = self.handoff.standings.clone();
            standings.hear(deal.source_time, deal.standing);
            if standings == self.handoff.standings {
                return Ok(Outcome::AlreadySo);
            }
            return happened(vec![Fact::DealHeard { at: deal.source_time, standing: deal.standing }]);
        }
        let mut facts = vec![Fact::DealRead { deal: deal.clone() }];
        facts.extend(self.turn_of_life(known.standing, deal.standing));
        if let Some(seat) = seller
            && self.handoff.seats.get(&Role::Ae).map(|held| (held.person, held.unmapped)) != Some((seat.person, seat.unmapped))
        {
            facts.push(Fact::Seated { role: Role::Ae, seat, reason: Some(own_words("the CRM names another owner")) });
        }
        if let (Some(playbook), true) = (self.context.playbook, self.handoff.life.takes_reports()) {
            facts.extend(self.prefilled_late(playbook, &deal));
            // Judged with the news taken: what the CRM now answers is answered.
            let recorded = |fact: &Fact| Recorded { seq: 0, at: self.context.now, by: self.context.actor, fact: fact.clone() };
            let after = facts.iter().fold(Some(self.handoff.clone()), |state, fact| evolve(state, &recorded(fact)));
            if let Some(after) = after.filter(|after| after.life.is_live()) {
                let desk = Desk { handoff: &after, ..*self };
                if known.standing != Standing::Won && deal.standing == Standing::Won {
                    facts.extend(desk.past(Gate::Handoff, "closed-won before a record was complete"));
                }
                if csm.is_some() && after.stage.assigned_at().is_none() {
                    facts.extend(desk.past(Gate::CsmAssignment, "a CSM was set in the CRM"));
                }
            }
        }
        happened(facts)
    }

    /// Lost, deleted, re-won, un-won (R0.6).
    fn turn_of_life(&self, before: Standing, after: Standing) -> Option<Fact> {
        let owned = self.handoff.stage.is_owned();
        match &self.handoff.life {
            Life::Live | Life::Done { .. } if after.is_gone() => {
                let reason = if after == Standing::Lost { "lost in the CRM" } else { "deleted in the CRM" };
                let reason = reason.to_owned();
                Some(if owned { Fact::Cancelled { reason } } else { Fact::Withdrawn { reason } })
            }
            Life::Live | Life::Done { .. } if owned && before == Standing::Won && after == Standing::Open => {
                Some(Fact::Cancelled { reason: "un-won in the CRM".to_owned() })
            }
            Life::Withdrawn { .. } if !after.is_gone() => Some(Fact::Resumed),
            _ => None,
        }
    }

    /// A deal found past a gate: a pass when the gate would have let it, else a bypass (R2.11).
    pub(super) fn past(&self, gate: Gate, found: &str) -> Option<Fact> {
        let history = self.handoff.gates.get(&gate);
        if history.is_some_and(|history| history.passed.is_some() || history.bypassed.is_some()) {
            return None;
        }
        let enforced = self.context.mode.enforces(gate);
        if !enforced && self.context.mode != Mode::Observe {
            return None;
        }
        let judgement = self.judge(gate).ok()?;
        match judgement.verdict {
            Verdict::NotRequired => None,
            Verdict::Pass | Verdict::Waived => Some(passed(&judgement)),
            Verdict::Refused => {
                Some(Fact::Bypassed { gate, found: found.to_owned(), would_have_been_refused: !enforced })
            }
        }
    }

    /// Answers the CRM gives to asks no person has answered (R1.9).
    fn prefill(&self, playbook: &Playbook, deal: &Deal) -> Vec<(Key, Fact)> {
        let mut facts = Vec::new();
        for ask in playbook.asks() {
            let Some(field) = ask.from_crm else { continue };
            let Some(answer) = crm_answer(deal, field, ask.kind) else { continue };
            let held = self.handoff.record.answers.get(&ask.id.value);
            let free = held.is_none_or(|held| matches!(held.provenance, Provenance::Crm { .. }) && held.answer != answer);
            if free {
                let name = serde_json::to_value(field).ok().and_then(|name| name.as_str().map(str::to_owned));
                let provenance = Provenance::Crm { field: name.unwrap_or_default() };
                facts.push((ask.id.value.clone(), Fact::Answered { ask: ask.id.value.clone(), answer, provenance }));
            }
        }
        facts
    }

    /// The same once the record was offered: what the CRM changes is reopened or amended like any change.
    fn prefilled_late(&self, playbook: &Playbook, deal: &Deal) -> Vec<Fact> {
        let fresh = self.prefill(playbook, deal);
        if fresh.is_empty() {
            return Vec::new();
        }
        let asks: BTreeSet<Key> = fresh.iter().map(|(ask, _)| ask.clone()).collect();
        let change: Vec<Fact> = fresh.into_iter().map(|(_, fact)| fact).collect();
        self.changed(asks, Some(own_words("changed in the CRM")), change).unwrap_or_default()
    }

    pub(super) fn reroute(&self, body: Reroute) -> Decided {
        let Reroute { route, reason } = body;
        if self.handoff.stage.is_owned() || !matches!(self.handoff.life, Life::Live | Life::OutOfScope) {
            return Err(self.out_of_turn("ownership has moved or it no longer runs"));
        }
        if route.playbook == self.handoff.route.playbook && route.variant == self.handoff.route.variant {
            return Ok(Outcome::AlreadySo);
        }
        let life = if route.playbook.is_some() { Life::Live } else { Life::OutOfScope };
        happened(vec![Fact::Rerouted { route, life, reason }])
    }

    pub(super) fn set_seat(&self, body: SetSeat) -> Decided {
        let SetSeat { role, person, contributors, reason } = body;
        self.running()?;
        if role == Role::Csm {
            return self.change_csm(person, reason);
        }
        if role == Role::Ae && reason.is_none() && self.handoff.seats.get(&Role::Ae).is_some_and(|held| !held.unmapped) {
            return Err(invalid("reason", "say why the AE changes"));
        }
        let seat = Seat { person, unmapped: false, contributors };
        if self.handoff.seats.get(&role) == Some(&seat) {
            return Ok(Outcome::AlreadySo);
        }
        happened(vec![Fact::Seated { role, seat, reason }])
    }

    /// Another CSM: nominated or offered anew, and once they own, ownership moves to the new one in one fact (R0.7).
    fn change_csm(&self, to: PersonId, reason: Option<Personal>) -> Decided {
        if !self.context.roles.iter().any(|role| matches!(role, Role::CsLeader | Role::RevOps)) {
            return Err(Refusal::NotYours("the CS leader gives an account to another CSM"));
        }
        if self.handoff.csm() == Some(to) {
            return Ok(Outcome::AlreadySo);
        }
        let Some(reason) = reason else { return Err(invalid("reason", "say why the CSM changes")) };
        happened(match self.handoff.stage {
            Stage::Preparing => vec![Fact::Nominated { csm: to }],
            Stage::Offered { .. } => vec![
                Fact::OfferWithdrawn { reason },
                Fact::Nominated { csm: to },
                Fact::Offered { to },
            ],
            Stage::Assigned { .. } => vec![Fact::Nominated { csm: to }, Fact::Offered { to }],
            Stage::Owned { .. } => vec![Fact::OwnershipMoved {
                to,
                at: self.context.now,
                moved_by: Move::Reassigned,
                bypassed: false,
                reason: Some(reason),
            }],
        })
    }
}

fn crm_answer(deal: &Deal, field: CrmField, kind: AskKind) -> Option<Answer> {
    let text = |value: &Option<String>| value.as_deref().and_then(|value| Personal::parse(value).ok());
    let number = |number: f64| match kind {
        AskKind::Number => Some(Answer::Number { number }),
        _ => None,
    };
    match field {
        CrmField::Plan => text(&deal.plan).map(|text| Answer::Text { text }),
        CrmField::Competitor => text(&deal.competitor).map(|text| Answer::Text { text }),
        CrmField::Segment => text(&deal.segment).map(|text| Answer::Text { text }),
        CrmField::DealType => text(&deal.deal_type).map(|text| Answer::Text { text }),
        CrmField::Amount => deal.amount.map(|amount| Answer::Money { amount }),
        CrmField::Arr => deal.arr.or(deal.amount).map(|amount| Answer::Money { amount }),
        CrmField::TermMonths => number(deal.term_months?.into()),
        CrmField::DiscountPercent => number(deal.discount_percent?.into()),
        CrmField::RenewsOn => deal.renews_on.map(|on| Answer::Date { on }),
    }
}
