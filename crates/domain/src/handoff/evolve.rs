//! Folding facts into the state. Never fails: what happened is not up for debate.

use std::collections::BTreeMap;

use super::{fact::*, state::*};
use crate::{
    deal::Standings,
    ids::*,
    people::Role,
    record::{Body, Corrected, Decision, Item, NoneDeclared, Promise, Routed, Settled},
};

/// The state after one more fact. `None` before the first.
pub fn evolve(handoff: Option<Handoff>, recorded: &Recorded) -> Option<Handoff> {
    match (handoff, &recorded.fact) {
        (None, Fact::Opened { id, account, deal, route, life, seller, process_owner }) => {
            let mut standings = Standings::default();
            standings.hear(deal.source_time, deal.standing);
            let answerable = if seller.unmapped { *process_owner } else { seller.person };
            Some(Handoff {
                id: *id,
                account: *account,
                deal: deal.clone(),
                standings,
                opened_at: recorded.at,
                route: route.clone(),
                life: life.clone(),
                stage: Stage::Preparing,
                seats: BTreeMap::from([(Role::Ae, seller.clone())]),
                process_owner: *process_owner,
                csm_of_record: None,
                nominated: None,
                successor: None,
                next_seller: None,
                reintroduction: None,
                record: Default::default(),
                complete_since: None,
                first_complete_at: None,
                completions: Vec::new(),
                marks: BTreeMap::new(),
                offers: Vec::new(),
                returns: Vec::new(),
                reopened: None,
                amendments: Vec::new(),
                questions: BTreeMap::new(),
                steps: BTreeMap::new(),
                gates: BTreeMap::new(),
                waivers: BTreeMap::new(),
                plan: None,
                kickoff_confirmed_at: None,
                ratings: BTreeMap::new(),
                tenures: vec![Tenure {
                    person: answerable,
                    since: recorded.at,
                    moved_by: Move::Opened,
                    bypassed: false,
                }],
                notices: Vec::new(),
                meetings: BTreeMap::new(),
                signs: Vec::new(),
            })
        }
        (None, _) => None,
        (Some(mut handoff), _) => {
            handoff.take(recorded);
            Some(handoff)
        }
    }
}

/// The state after a whole journal.
pub fn replay<'a>(journal: impl IntoIterator<Item = &'a Recorded>) -> Option<Handoff> {
    journal.into_iter().fold(None, evolve)
}

impl Handoff {
    fn take(&mut self, recorded: &Recorded) {
        let (at, by) = (recorded.at, recorded.by);
        match recorded.fact.clone() {
            Fact::Opened { .. } => {}
            Fact::CsmOfRecord { csm } => self.csm_of_record = Some(csm),
            Fact::Rerouted { route, life, .. } => {
                self.route = route;
                self.life = life;
            }
            Fact::DealRead { deal } => {
                self.standings.hear(deal.source_time, deal.standing);
                self.deal = deal;
            }
            Fact::DealHeard { at, standing } => self.standings.hear(at, standing),
            Fact::Seated { role, seat, .. } => self.seat(role, seat, recorded),

            Fact::Answered { ask, answer, provenance } => {
                self.record.answers.insert(ask, crate::record::Answered { answer, provenance, at });
            }
            Fact::Cleared { ask } => {
                self.record.answers.remove(&ask);
                self.record.none.remove(&ask);
            }
            Fact::NoneDeclared { ask, note } => {
                self.record.none.insert(ask, NoneDeclared { by, at, note });
            }
            Fact::ItemAdded { item } | Fact::ItemChanged { item } => {
                self.record.items.insert(item.id, item);
            }
            Fact::ItemRemoved { item, .. } => {
                self.record.items.remove(&item);
            }
            Fact::ChangeNoticed { asks, stale } => {
                if let Some(reopened) = &mut self.reopened {
                    reopened.untouched.retain(|ask| !asks.contains(ask));
                }
                for category in stale {
                    if let Some(marked) = self.marks.get_mut(&category) {
                        marked.stale = true;
                    }
                }
            }
            Fact::RecordCompleted => {
                self.complete_since = Some(at);
                self.first_complete_at.get_or_insert(at);
                self.completions.push(Completed { at, until: None });
            }
            Fact::RecordIncomplete => {
                self.complete_since = None;
                if let Some(last) = self.completions.last_mut() {
                    last.until.get_or_insert(at);
                }
            }
            Fact::Reopened { asks, reason } => {
                let earlier = self.reopened.take();
                let mut all = asks.clone();
                let mut untouched = asks;
                if let Some(earlier) = earlier {
                    all.extend(earlier.asks);
                    untouched.extend(earlier.untouched);
                }
                self.reopened = Some(Reopened { asks: all, untouched, reason, by, at });
            }
            Fact::ReopeningClosed => self.reopened = None,
            Fact::Amended { ask } => {
                self.amendments.push(Amendment { ask, by, at, acknowledged_at: None });
            }
            Fact::AmendmentsAcknowledged => {
                for amendment in &mut self.amendments {
                    amendment.acknowledged_at.get_or_insert(at);
                }
            }

            Fact::PromiseRouted { item, to, because } => {
                self.promise(item, |promise| promise.life.routed = Some(Routed { to, at, because }));
            }
            Fact::PromiseDecided { item, verdict, reason } => {
                self.promise(item, |promise| {
                    promise.life.decision = Some(Decision { verdict, by, at, reason })
                });
            }
            Fact::PromiseCorrected { item, evidence } => {
                self.promise(item, |promise| promise.life.corrected = Some(Corrected { by, at, evidence }));
            }
            Fact::PromiseSettled { item, outcome, on, note } => {
                self.promise(item, |promise| promise.life.settled = Some(Settled { outcome, on, by, note }));
            }
            Fact::CriterionConfirmed { item, confirmation, words } => {
                if let Some(Item { body: Body::Criterion(criterion), .. }) = self.record.items.get_mut(&item)
                {
                    criterion.confirmation = Some(confirmation);
                    if let Some(words) = words {
                        criterion.words = words;
                    }
                }
            }

            Fact::Nominated { csm } => self.nominated = Some(Nominated { csm, at }),
            Fact::Offered { to } => {
                self.stage = Stage::Offered { to, at };
                self.offers.push(OfferMade { to, at, answered_at: None });
            }
            Fact::OfferWithdrawn { .. } => self.end_offer(at),
            Fact::Accepted { by } => {
                self.answer_offer(at);
                self.stage = Stage::Assigned { to: by, at };
            }
            Fact::Returned { code, reason } => {
                self.end_offer(at);
                self.returns.push(Return { code, reason, by, at, answered: None });
            }
            Fact::ReturnAnswered { text } => {
                if let Some(back) = self.returns.last_mut() {
                    back.answered = Some(Answered { by, at, text });
                }
                for marked in self.marks.values_mut().filter(|marked| marked.mark == Mark::Unclear) {
                    marked.stale = true;
                }
            }
            Fact::Marked { category, mark, note } => {
                self.marks.insert(category, Marked { mark, by, at, note, stale: false });
            }
            Fact::Asked { question, text } => {
                self.questions.insert(question, Question { text, by, at, answer: None });
            }
            Fact::QuestionAnswered { question, text } => {
                if let Some(asked) = self.questions.get_mut(&question) {
                    asked.answer = Some(Answered { by, at, text });
                }
            }

            Fact::SuccessorNamed { to, reason } => self.successor = Some(Successor { to, by, at, reason }),
            Fact::CsmChanged { from, to, introduce_again } => self.change_csm(from, to, introduce_again, at),
            Fact::SellerNamed { to, reason } => self.next_seller = Some(Successor { to, by, at, reason }),
            Fact::SellerChanged { to, .. } => self.change_seller(to, recorded),
            Fact::SuccessionDeclined { role: Role::Csm, .. } => self.successor = None,
            Fact::SuccessionDeclined { .. } => self.next_seller = None,

            Fact::GatePassed { gate, waivers } => {
                for used in &waivers {
                    if let Some(waiver) = self.waivers.get_mut(used) {
                        waiver.used_at = Some(at);
                    }
                }
                let history = self.gates.entry(gate).or_default();
                history.first_attempt_at.get_or_insert(at);
                history.passed = Some(Passed { at, by, waivers });
            }
            Fact::GateRefused { gate, gaps } => {
                let history = self.gates.entry(gate).or_default();
                history.refusals += 1;
                history.first_attempt_at.get_or_insert(at);
                history.last_refusal = Some(Refused { at, by, gaps });
            }
            Fact::GateRefusedAgain { gate } => {
                let history = self.gates.entry(gate).or_default();
                history.refusals += 1;
                if let Some(refused) = &mut history.last_refusal {
                    refused.at = at;
                }
            }
            Fact::Bypassed { gate, found, would_have_been_refused } => {
                self.gates.entry(gate).or_default().bypassed =
                    Some(Bypassed { at, by, found, would_have_been_refused });
            }
            Fact::BypassLifted { gate, .. } => {
                if let Some(history) = self.gates.get_mut(&gate) {
                    history.bypassed = None;
                }
            }
            Fact::WaiverAsked { waiver, gate, covers, reason, debtor } => {
                let asked = Waiver {
                    id: waiver,
                    gate,
                    covers,
                    reason,
                    asked_by: by,
                    asked_at: at,
                    debtor,
                    state: WaiverState::Asked,
                    used_at: None,
                    paid_at: None,
                };
                self.waivers.insert(waiver, asked);
            }
            Fact::WaiverGranted { waiver, expires_at } => {
                self.waiver(waiver, |waiver| waiver.state = WaiverState::Granted { by, at, expires_at });
            }
            Fact::WaiverDenied { waiver, reason } => {
                self.waiver(waiver, |waiver| waiver.state = WaiverState::Denied { by, at, reason });
            }
            Fact::WaiverPaid { waiver } => self.waiver(waiver, |waiver| waiver.paid_at = Some(at)),

            Fact::StepReported { step, report } => self.steps.entry(step).or_default().reports.push(report),
            Fact::StepConfirmed { step, number } => self.report(&step, number, |report| {
                report.counts_since.get_or_insert(at);
                report.disputed = None;
            }),
            Fact::StepDisputed { step, number, reason } => self.report(&step, number, |report| {
                report.disputed = Some(reason);
                report.counts_since = None;
            }),
            Fact::StepCorrected { step, number, reason } => {
                self.report(&step, number, |report| report.corrected = Some(reason));
            }
            Fact::MeetingPlanned { step, starts_at, minutes, place } => {
                let planned = MeetingState { starts_at, minutes, place, by, at, called_off: None };
                self.meetings.insert(step, planned);
            }
            Fact::MeetingCalledOff { step, reason } => {
                if let Some(meeting) = self.meetings.get_mut(&step) {
                    meeting.called_off = Some(CalledOff { by, at, reason });
                }
            }
            Fact::OwnershipMoved { to, at, moved_by, bypassed, .. } => {
                if matches!(self.stage, Stage::Offered { .. }) {
                    self.answer_offer(at);
                }
                let assigned_at = self.stage.assigned_at().unwrap_or(at);
                self.stage = Stage::Owned { by: to, assigned_at, since: at };
                self.begin_tenure(Tenure { person: to, since: at, moved_by, bypassed });
                for item in self.record.items.values_mut() {
                    if let Body::Promise(promise) = &mut item.body {
                        promise.life.transferred_at.get_or_insert(at);
                    }
                }
            }

            Fact::PlanOpened { milestones } => {
                self.plan = Some(Plan {
                    opened_at: at,
                    milestones: milestones.into_iter().collect(),
                    prerequisites: BTreeMap::new(),
                    confirmed: None,
                    first_confirmed_at: None,
                    proposals: BTreeMap::new(),
                    comments: Vec::new(),
                    signatures: Vec::new(),
                });
            }
            Fact::MilestoneSet { id, milestone } => {
                if let Some(plan) = &mut self.plan {
                    let agreed = |milestone: &Milestone| Milestone { reached_on: None, ..milestone.clone() };
                    let before = plan.milestones.insert(id, milestone.clone());
                    if before.as_ref().map(agreed) != Some(agreed(&milestone)) {
                        plan.confirmed = None;
                    }
                }
            }
            Fact::MilestoneRemoved { id, .. } => {
                if let Some(plan) = &mut self.plan {
                    plan.milestones.remove(&id);
                    plan.confirmed = None;
                }
            }
            Fact::PrerequisiteCommitted { prerequisite, evidence } => {
                if let Some(plan) = &mut self.plan {
                    plan.prerequisites.insert(prerequisite, Committed { at, by, evidence });
                }
            }
            Fact::KickoffConfirmed => self.kickoff_confirmed_at = Some(at),
            Fact::PlanConfirmed { form, at, evidence } => {
                if let Some(plan) = &mut self.plan {
                    // Told anew while it stands, it corrects the first telling; after a change it is another.
                    let corrects = plan.confirmed.as_ref().map(|held| held.at) == plan.first_confirmed_at;
                    if corrects {
                        plan.first_confirmed_at = Some(at);
                    }
                    plan.confirmed = Some(PlanConfirmed { form, at, by, evidence });
                }
            }
            Fact::MilestoneProposed { proposal, of, milestone, base } => {
                if let Some(plan) = &mut self.plan {
                    plan.proposals.insert(proposal, Proposal { of, milestone, base, by, at, answer: None });
                }
            }
            Fact::ProposalAnswered { proposal, accepted, reason } => {
                let held = self.plan.as_mut().and_then(|plan| plan.proposals.get_mut(&proposal));
                if let Some(held) = held {
                    held.answer = Some(ProposalAnswer { accepted, by, at, reason });
                }
            }
            Fact::PlanCommented { milestone, text } => {
                if let Some(plan) = &mut self.plan {
                    plan.comments.push(Comment { milestone, text, by, at });
                }
            }
            Fact::PlanSigned { name, imprint, consent, proof, company } => {
                if let Some(plan) = &mut self.plan {
                    plan.signatures.push(Signature { by, at, name, imprint, consent, proof, company });
                }
            }
            Fact::Rated { rating, score, reason, comment } => {
                let first_at = self.ratings.get(&rating).map_or(at, |rated| rated.first_at);
                self.ratings.insert(rating, Rated { score, reason, comment, by, at, first_at });
            }

            Fact::SignSeen { number, sign, note } => {
                self.signs.push(SignSeen { number, sign, note, by, at, taken_back: None });
            }
            Fact::SignTakenBack { number, reason } => {
                if let Some(seen) = self.signs.iter_mut().find(|seen| seen.number == number) {
                    seen.taken_back = Some(SignTakenBack { by, at, reason });
                }
            }

            Fact::Reminded { matter, due_at, nth } => self.note_reminder(matter, due_at, nth, at),
            Fact::Escalated { matter, due_at, whom } => self.note_escalation(&matter, due_at, whom),
            Fact::Withdrawn { reason } => self.life = Life::Withdrawn { at, reason },
            Fact::Resumed => self.life = Life::Live,
            Fact::Cancelled { reason } => self.life = Life::Cancelled { at, reason },
            Fact::Finished => self.life = Life::Done { at },
            // The texts are gone from the facts before it already.
            Fact::TextsErased { .. } => {}
        }
    }

    fn seat(&mut self, role: Role, seat: Seat, recorded: &Recorded) {
        let answerable = if seat.unmapped { self.process_owner } else { seat.person };
        let moves = role == Role::Ae && !self.stage.is_owned() && self.answerable() != answerable;
        self.seats.insert(role, seat);
        if moves {
            let since = recorded.at;
            self.begin_tenure(Tenure {
                person: answerable,
                since,
                moved_by: Move::Reassigned,
                bypassed: false,
            });
        }
    }

    fn change_seller(&mut self, to: PersonId, recorded: &Recorded) {
        self.next_seller = None;
        let mut contributors =
            self.seats.get(&Role::Ae).map(|seat| seat.contributors.clone()).unwrap_or_default();
        contributors.remove(&to);
        self.seat(Role::Ae, Seat { person: to, unmapped: false, contributors }, recorded);
    }

    /// A tenure begins where the last one ends, also when a clock was put back between the two.
    fn begin_tenure(&mut self, tenure: Tenure) {
        let since = self.tenures.last().map_or(tenure.since, |last| last.since.max(tenure.since));
        self.tenures.push(Tenure { since, ..tenure });
    }

    fn change_csm(&mut self, from: PersonId, to: PersonId, introduce_again: bool, at: jiff::Timestamp) {
        let named_at = self.successor.take().map_or(at, |successor| successor.at);
        match &mut self.stage {
            Stage::Assigned { to: csm, .. } => *csm = to,
            Stage::Owned { by, .. } => *by = to,
            Stage::Preparing | Stage::Offered { .. } => {}
        }
        if self.stage.is_owned() {
            self.begin_tenure(Tenure { person: to, since: at, moved_by: Move::Reassigned, bypassed: false });
        }
        if introduce_again {
            self.reintroduction = Some(Reintroduction { since: named_at, from });
        }
    }

    fn end_offer(&mut self, at: jiff::Timestamp) {
        self.answer_offer(at);
        self.stage = Stage::Preparing;
    }

    fn answer_offer(&mut self, at: jiff::Timestamp) {
        if let Some(offer) = self.offers.last_mut() {
            offer.answered_at.get_or_insert(at);
        }
    }

    fn promise(&mut self, item: ItemId, change: impl FnOnce(&mut Promise)) {
        if let Some(Item { body: Body::Promise(promise), .. }) = self.record.items.get_mut(&item) {
            change(promise);
        }
    }

    fn waiver(&mut self, id: WaiverId, change: impl FnOnce(&mut Waiver)) {
        if let Some(waiver) = self.waivers.get_mut(&id) {
            change(waiver);
        }
    }

    fn report(&mut self, step: &Key, number: u32, change: impl FnOnce(&mut Report)) {
        let reports = self.steps.get_mut(step).map(|state| &mut state.reports);
        if let Some(report) = reports.into_iter().flatten().find(|report| report.number == number) {
            change(report);
        }
    }
}
