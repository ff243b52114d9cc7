//! Filling the record: freely while it is prepared, by reopening once offered, as amendments once owned.

use super::*;
use crate::{
    gate::{
        judge::{blocks, untouched},
        looks_at,
    },
    playbook::Ask,
    record::*,
};

/// Most items one record holds, of all lists together.
pub(super) const MOST_ITEMS: usize = 500;

impl Desk<'_> {
    pub(super) fn answer(&self, body: GiveAnswer) -> Decided {
        let GiveAnswer { ask, answer, reason } = body;
        gate::answers(self.ask_named(&ask)?, &answer).map_err(|reason| invalid("answer", reason))?;
        if let Some(held) = self.handoff.record.answers.get(&ask).filter(|held| held.answer == answer) {
            // While it is prepared, a person can make their own what the CRM said; later it changes nothing.
            let by_hand = matches!(held.provenance, Provenance::Hand { .. });
            if by_hand || self.handoff.stage != Stage::Preparing {
                return self.repeated(&BTreeSet::from([ask]));
            }
        }
        let provenance = Provenance::Hand { by: self.context.actor };
        let change = vec![Fact::Answered { ask: ask.clone(), answer, provenance }];
        happened(self.changed(BTreeSet::from([ask]), reason, change)?)
    }

    pub(super) fn clear(&self, body: Clear) -> Decided {
        let Clear { ask, reason } = body;
        self.ask_named(&ask)?;
        let record = &self.handoff.record;
        if !record.answers.contains_key(&ask) && !record.none.contains_key(&ask) {
            return self.repeated(&BTreeSet::from([ask]));
        }
        happened(self.changed(BTreeSet::from([ask.clone()]), reason, vec![Fact::Cleared { ask }])?)
    }

    pub(super) fn declare_none(&self, body: DeclareNone) -> Decided {
        let DeclareNone { ask, note } = body;
        let found = self.ask_named(&ask)?;
        if !found.allow_none {
            return Err(invalid("ask", "this one must be answered; there cannot be none"));
        }
        let list = List::of(found.kind);
        if self
            .handoff
            .record
            .items
            .values()
            .any(|item| Some(item.body.list()) == list && looks_at(found, item))
        {
            return Err(invalid("ask", "the list is not empty; remove its items first"));
        }
        if self.handoff.record.none.get(&ask).is_some_and(|held| held.note == note) {
            return self.repeated(&BTreeSet::from([ask]));
        }
        let change = vec![Fact::NoneDeclared { ask: ask.clone(), note: note.clone() }];
        happened(self.changed(BTreeSet::from([ask]), note, change)?)
    }

    pub(super) fn add_item(&self, body: AddItem) -> Decided {
        let AddItem { body, evidence, reason } = body;
        let playbook = self.playbook()?;
        if self.handoff.record.items.len() >= MOST_ITEMS {
            return Err(invalid("body", format!("a record holds at most {MOST_ITEMS} items")));
        }
        let item = Item {
            id: ItemId((self.context.fresh)()),
            body: own_life(body, None)?,
            evidence,
            provenance: Provenance::Hand { by: self.context.actor },
            at: self.context.now,
        };
        let asks = asks_of(playbook, &item);
        if !keeps(playbook, item.body.list()) {
            return Err(invalid("body", format!("this playbook keeps no {}", item.body.list().name())));
        }
        let mut change = vec![Fact::ItemAdded { item: item.clone() }];
        change.extend(self.routing(playbook, &item));
        if self.hears_first_hand() {
            self.running()?;
            return happened(change);
        }
        happened(self.changed(asks, reason, change)?)
    }

    pub(super) fn change_item(&self, body: ChangeItem) -> Decided {
        let ChangeItem { item, body, evidence, reason } = body;
        let playbook = self.playbook()?;
        let held = self.item(item)?;
        if held.body.list() != body.list() {
            return Err(invalid("body", format!("item stands in {}", held.body.list().name())));
        }
        let body = own_life(body, Some(&held.body))?;
        if held.body == body && held.evidence == evidence {
            return self.repeated(&asks_of(playbook, held));
        }
        self.may_be_replaced(&held.body, &body)?;
        let changed = Item { body, evidence, ..held.clone() };
        let asks: BTreeSet<Key> =
            asks_of(playbook, held).union(&asks_of(playbook, &changed)).cloned().collect();
        let mut change = vec![Fact::ItemChanged { item: changed.clone() }];
        change.extend(self.routing(playbook, &changed));
        happened(self.changed(asks, reason, change)?)
    }

    pub(super) fn remove_item(&self, body: RemoveItem) -> Decided {
        let RemoveItem { item, reason } = body;
        let playbook = self.playbook()?;
        let held = self.item(item)?;
        if let Body::Promise(promise) = &held.body
            && (promise.life.decision.is_some() || promise.life.transferred_at.is_some())
        {
            return Err(invalid("item", "a decided promise is not removed; settle it as released instead"));
        }
        let asks = asks_of(playbook, held);
        happened(self.changed(asks, reason.clone(), vec![Fact::ItemRemoved { item, reason }])?)
    }

    pub(super) fn reopen(&self, body: Reopen) -> Decided {
        let Reopen { asks, reason } = body;
        self.live()?;
        if asks.is_empty() {
            return Err(invalid("asks", "name at least one"));
        }
        for ask in &asks {
            self.ask_named(ask)?;
        }
        match self.handoff.stage {
            Stage::Preparing if self.handoff.complete_since.is_none() => {
                Err(self.out_of_turn("it is open already; change what you need"))
            }
            Stage::Owned { .. } => {
                Err(self.out_of_turn("ownership has moved; change it, and the CSM acknowledges"))
            }
            _ => {
                let stale = self.stale(self.playbook()?, &asks);
                let mut facts = vec![Fact::Reopened { asks, reason }];
                if !stale.is_empty() {
                    facts.push(Fact::ChangeNoticed { asks: BTreeSet::new(), stale });
                }
                happened(facts)
            }
        }
    }

    pub(super) fn acknowledge_amendments(&self) -> Decided {
        if self.handoff.amendments.iter().all(|amendment| amendment.acknowledged_at.is_some()) {
            return Ok(Outcome::AlreadySo);
        }
        happened(vec![Fact::AmendmentsAcknowledged])
    }

    /// Puts a change in the frame its stage asks for: as it is while the record is prepared, by reopening once it
    /// was offered, as an amendment once ownership has moved.
    fn changed(
        &self,
        asks: BTreeSet<Key>,
        reason: Option<Personal>,
        change: Vec<Fact>,
    ) -> Result<Vec<Fact>, Refusal> {
        self.running()?;
        self.framed(self.playbook()?, asks, reason, change)
    }

    /// The same for what nobody can refuse.
    pub(super) fn framed(
        &self,
        playbook: &Playbook,
        asks: BTreeSet<Key>,
        reason: Option<Personal>,
        change: Vec<Fact>,
    ) -> Result<Vec<Fact>, Refusal> {
        let stale = self.stale(playbook, &asks);
        let mut facts = Vec::new();
        let mut reopened = self.handoff.reopened.is_some();
        if matches!(self.handoff.stage, Stage::Offered { .. } | Stage::Assigned { .. }) {
            let covered =
                |ask: &Key| self.handoff.reopened.as_ref().is_some_and(|open| open.asks.contains(ask));
            let uncovered: BTreeSet<Key> = asks.iter().filter(|ask| !covered(ask)).cloned().collect();
            if let Some(first) = uncovered.first() {
                let reason = reason.ok_or_else(|| Refusal::NeedsReopening(first.clone()))?;
                facts.push(Fact::Reopened { asks: uncovered, reason });
                reopened = true;
            }
        }
        facts.extend(change);
        if self.handoff.stage.is_owned() && !self.receives() {
            facts.extend(asks.iter().map(|ask| Fact::Amended { ask: ask.clone() }));
        }
        if (reopened && !asks.is_empty()) || !stale.is_empty() {
            facts.push(Fact::ChangeNoticed { asks, stale });
        }
        Ok(facts)
    }

    /// Nothing new, unless it answers for something reopened: then it says that it is right as it stands.
    fn repeated(&self, asks: &BTreeSet<Key>) -> Decided {
        let asks: BTreeSet<Key> =
            untouched(self.handoff, self.playbook()?).intersection(asks).cloned().collect();
        if asks.is_empty() {
            return Ok(Outcome::AlreadySo);
        }
        self.running()?;
        happened(vec![Fact::ChangeNoticed { asks, stale: BTreeSet::new() }])
    }

    /// The categories whose marks looked at these asks. After the transfer nothing is reviewed again, except what
    /// was marked as not good enough (R0.11).
    fn stale(&self, playbook: &Playbook, asks: &BTreeSet<Key>) -> BTreeSet<Key> {
        let category = |ask: &Key| playbook.category(playbook.ask(ask)?.category.as_ref()?);
        let looked_at = asks.iter().filter_map(category).filter(|category| {
            let marked = self.handoff.marks.get(&category.id.value).filter(|marked| !marked.stale);
            marked.is_some_and(|marked| !self.handoff.stage.is_owned() || blocks(category, marked))
        });
        looked_at.map(|category| category.id.value.clone()).collect()
    }

    /// A promise that was turned down stays until the customer knows (R2.6): another text would hide the talk the
    /// AE owes.
    fn may_be_replaced(&self, held: &Body, body: &Body) -> Result<(), Refusal> {
        match (held, body) {
            (Body::Promise(before), Body::Promise(after))
                if before.life.state() == PromiseState::ToBeCorrected && !same_promise(before, after) =>
            {
                Err(self.out_of_turn("the promise does not stand; record the talk with the customer first"))
            }
            _ => Ok(()),
        }
    }

    fn ask_named(&self, id: &Key) -> Result<&Ask, Refusal> {
        self.playbook()?.ask(id).ok_or_else(|| unknown("ask", id))
    }

    pub(super) fn item(&self, id: ItemId) -> Result<&Item, Refusal> {
        self.handoff.record.items.get(&id).ok_or_else(|| unknown("item", id))
    }

    /// What the CSM heard themselves is added without opening the AE's record again (R3.3).
    fn hears_first_hand(&self) -> bool {
        self.receives() && self.context.actor.acts_as() == self.handoff.csm()
    }
}

/// Whether a playbook asks for a list at all.
pub(super) fn keeps(playbook: &Playbook, list: List) -> bool {
    playbook.asks().any(|ask| List::of(ask.kind) == Some(list))
}

fn asks_of(playbook: &Playbook, item: &Item) -> BTreeSet<Key> {
    playbook.asks().filter(|ask| looks_at(ask, item)).map(|ask| ask.id.value.clone()).collect()
}

/// What the process keeps on an item is never taken from a caller.
pub(super) fn own_life(body: Body, held: Option<&Body>) -> Result<Body, Refusal> {
    Ok(match body {
        Body::Promise(promise) => {
            let life = match held {
                Some(Body::Promise(before)) if same_promise(before, &promise) => before.life.clone(),
                Some(Body::Promise(before)) => {
                    PromiseLife { transferred_at: before.life.transferred_at, ..PromiseLife::default() }
                }
                _ => PromiseLife::default(),
            };
            Body::Promise(Promise { life, ..promise })
        }
        Body::Criterion(criterion) => {
            let confirmation = match held {
                Some(Body::Criterion(before)) if before.imprint() == criterion.imprint() => {
                    before.confirmation.clone()
                }
                _ => None,
            };
            Body::Criterion(Criterion { confirmation, ..criterion })
        }
        Body::Stakeholder(person) if person.parts.is_empty() => {
            return Err(invalid("body.parts", "say at least one part they play"));
        }
        other => other,
    })
}

/// Whether a decision on one still speaks of the other.
fn same_promise(before: &Promise, after: &Promise) -> bool {
    let bare =
        |promise: &Promise| Promise { life: PromiseLife::default(), strength: None, ..promise.clone() };
    bare(before) == bare(after)
}
