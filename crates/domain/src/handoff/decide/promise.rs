//! The promise ledger: routed, decided, talked over with the customer, settled (R2.6). Criteria confirmed (R4.1).

use cel::Value;

use super::{customer::no_longer_than, *};
use crate::{gate::deal_facts, playbook::rule::text, record::*};

/// The longest a customer puts a goal of theirs, in characters.
const LONGEST_GOAL: usize = 2_000;

impl Desk<'_> {
    /// Where a promise must be decided; none: it passes by rule. A rule that fails to run routes, to be safe.
    pub(super) fn routing(&self, playbook: &Playbook, item: &Item) -> Option<Fact> {
        let Body::Promise(promise) = &item.body else { return None };
        if promise.life.routed.is_some() || promise.life.settled.is_some() {
            return None;
        }
        let facts = deal_facts(self.handoff, self.context.calendars.house(), self.context.now).with_fields(
            "promise",
            vec![
                ("kind", text(promise.kind.name())),
                ("strength", text(promise.strength.map_or("", Strength::name))),
                ("in_contract", Value::Bool(promise.in_contract.unwrap_or(false))),
                ("standard", Value::Bool(promise.standard.unwrap_or(false))),
                ("amount", Value::Float(promise.amount.map_or(0.0, crate::money::Money::major))),
                ("owed_by", text(promise.owed_by.map_or("", Side::name))),
            ],
        );
        let (route, failed) = playbook.promises.routing.iter().find_map(|route| {
            match route.when.as_ref().map(|when| when.value.holds(&facts)) {
                None | Some(Ok(true)) => Some((route, None)),
                Some(Ok(false)) => None,
                Some(Err(why)) => Some((route, Some(why))),
            }
        })?;
        let because = match failed {
            None => route.because.clone(),
            Some(why) => format!("{} (its rule could not run: {why})", route.because),
        };
        Some(Fact::PromiseRouted { item: item.id, to: route.to, because })
    }

    pub(super) fn decide_promise(&self, body: DecidePromise) -> Decided {
        let DecidePromise { item, verdict, reason } = body;
        self.running()?;
        self.by_a_person("a promise is decided by a person, never by a program")?;
        let promise = self.promise(item)?;
        let Some(routed) = &promise.life.routed else {
            return Err(self.out_of_turn("this promise passes by rule; nobody has to decide it"));
        };
        if !self.context.roles.contains(&routed.to) && !self.context.roles.contains(&Role::RevOps) {
            return Err(Refusal::NotYours("the promise was routed to another team"));
        }
        if promise.life.decision.as_ref().is_some_and(|made| made.verdict == verdict && made.reason == reason)
        {
            return Ok(Outcome::AlreadySo);
        }
        if promise.life.corrected.is_some() {
            return Err(self.out_of_turn("the customer has been told; record how it ends instead"));
        }
        happened(vec![Fact::PromiseDecided { item, verdict, reason }])
    }

    pub(super) fn correct_promise(&self, body: CorrectPromise) -> Decided {
        let CorrectPromise { item, evidence } = body;
        self.running()?;
        let promise = self.promise(item)?;
        let stands =
            promise.life.decision.as_ref().is_none_or(|made| made.verdict == DecisionVerdict::Approved);
        if stands {
            return Err(self.out_of_turn("the promise stands; there is nothing to correct with the customer"));
        }
        if !evidence.is_given() {
            return Err(invalid("evidence", "say in which call or mail, and with whom"));
        }
        if promise.life.corrected.as_ref().is_some_and(|done| done.evidence == evidence) {
            return Ok(Outcome::AlreadySo);
        }
        happened(vec![Fact::PromiseCorrected { item, evidence }])
    }

    pub(super) fn settle_promise(&self, body: SettlePromise) -> Decided {
        let SettlePromise { item, outcome, on, note } = body;
        self.running()?;
        let promise = self.promise(item)?;
        let today = self.context.calendars.house().local_date(self.context.now);
        if on > today {
            return Err(invalid("on", "lies in the future"));
        }
        if promise
            .life
            .settled
            .as_ref()
            .is_some_and(|held| held.outcome == outcome && held.on == on && held.note == note)
        {
            return Ok(Outcome::AlreadySo);
        }
        happened(vec![Fact::PromiseSettled { item, outcome, on, note }])
    }

    pub(super) fn confirm_criterion(&self, body: ConfirmCriterion) -> Decided {
        let ConfirmCriterion { item, still_accurate, read, words, at, evidence } = body;
        self.running()?;
        let Body::Criterion(criterion) = &self.item(item)?.body else {
            return Err(invalid("item", "is no success criterion"));
        };
        self.not_in_future("at", at)?;
        if !evidence.is_given() {
            return Err(invalid("evidence", "say where the customer said so"));
        }
        if still_accurate == words.is_some() {
            let reason = if still_accurate {
                "is given only when it changed"
            } else {
                "give the customer's new words"
            };
            return Err(invalid("words", reason));
        }
        let customer = self.context.actor.is_customer();
        if let Some(words) = words.as_ref().filter(|_| customer) {
            no_longer_than("words", words, LONGEST_GOAL)?;
        }
        let confirmation = CriterionConfirmed { still_accurate, at, by: self.context.actor, evidence };
        let held = criterion.confirmation.as_ref();
        // A customer who presses twice says one thing; who notes what they said may note it of several days.
        let again = held.is_some_and(|held| match customer {
            true => held.by == confirmation.by && held.still_accurate == still_accurate,
            false => *held == confirmation && words.is_none(),
        });
        if again && words.as_ref().is_none_or(|words| *words == criterion.words) {
            return Ok(Outcome::AlreadySo);
        }
        match read {
            Some(read) if read != criterion.imprint() => {
                return Err(self.out_of_turn("the goal has changed since it was read; read it again"));
            }
            None if customer => return Err(invalid("read", "say which words were read")),
            _ => {}
        }
        happened(vec![Fact::CriterionConfirmed { item, confirmation, words }])
    }

    fn promise(&self, item: ItemId) -> Result<&Promise, Refusal> {
        match &self.item(item)?.body {
            Body::Promise(promise) => Ok(promise),
            _ => Err(invalid("item", "is no promise")),
        }
    }
}
