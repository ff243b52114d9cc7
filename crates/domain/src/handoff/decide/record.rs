//! Filling the record: freely while it is prepared, by reopening once offered, as amendments once owned.

use super::*;
use crate::{
    gate::looks_at,
    playbook::Ask,
    record::*,
};

/// Most items one record holds, of all lists together.
const MOST_ITEMS: usize = 500;

impl Desk<'_> {
    pub(super) fn answer(&self, body: GiveAnswer) -> Decided {
        let GiveAnswer { ask, answer, reason } = body;
        let found = self.ask_named(&ask)?;
        fits(found, &answer)?;
        let provenance = Provenance::Hand { by: self.context.actor };
        if self.handoff.record.answers.get(&ask).is_some_and(|held| held.answer == answer && held.provenance == provenance) {
            return Ok(Outcome::AlreadySo);
        }
        let change = vec![Fact::Answered { ask: ask.clone(), answer, provenance }];
        happened(self.changed(BTreeSet::from([ask]), reason, change)?)
    }

    pub(super) fn clear(&self, body: Clear) -> Decided {
        let ask = body.ask;
        self.ask_named(&ask)?;
        let record = &self.handoff.record;
        if !record.answers.contains_key(&ask) && !record.none.contains_key(&ask) {
            return Ok(Outcome::AlreadySo);
        }
        happened(self.changed(BTreeSet::from([ask.clone()]), None, vec![Fact::Cleared { ask }])?)
    }

    pub(super) fn declare_none(&self, body: DeclareNone) -> Decided {
        let DeclareNone { ask, note } = body;
        let found = self.ask_named(&ask)?;
        if !found.allow_none {
            return Err(invalid("ask", "this one must be answered; there cannot be none"));
        }
        let list = List::of(found.kind);
        if self.handoff.record.items.values().any(|item| Some(item.body.list()) == list && looks_at(found, item)) {
            return Err(invalid("ask", "the list is not empty; remove its items first"));
        }
        if self.handoff.record.none.get(&ask).is_some_and(|held| held.note == note) {
            return Ok(Outcome::AlreadySo);
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
        if asks.is_empty() && !playbook.asks().any(|ask| List::of(ask.kind) == Some(item.body.list())) {
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
            return Ok(Outcome::AlreadySo);
        }
        let changed = Item { body, evidence, ..held.clone() };
        let asks: BTreeSet<Key> = asks_of(playbook, held).union(&asks_of(playbook, &changed)).cloned().collect();
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
            Stage::Owned { .. } => Err(self.out_of_turn("ownership has moved; change it, and the CSM acknowledges")),
            _ => {
                let stale = self.stale(&asks)?;
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

    /// Puts a change in the frame its stage asks for.
    pub(super) fn changed(
        &self,
        asks: BTreeSet<Key>,
        reason: Option<Personal>,
        change: Vec<Fact>,
    ) -> Result<Vec<Fact>, Refusal> {
        self.running()?;
        let stale = self.stale(&asks)?;
        let mut facts = Vec::new();
        match self.handoff.stage {
            Stage::Preparing => facts.extend(change),
            Stage::Offered { .. } | Stage::Assigned { .. } => {
                let covered = |ask: &Key| self.handoff.reopened.as_ref().is_some_and(|open| open.asks.contains(ask));
                let uncovered: BTreeSet<Key> = asks.iter().filter(|ask| !covered(ask)).cloned().collect();
                if let Some(first) = uncovered.first() {
                    let reason = reason.ok_or_else(|| Refusal::NeedsReopening(first.clone()))?;
                    facts.push(Fact::Reopened { asks: uncovered, reason });
                }
                facts.extend(change);
            }
            Stage::Owned { .. } => {
                facts.extend(change);
                if !self.receives() {
                    facts.extend(asks.iter().map(|ask| Fact::Amended { ask: ask.clone() }));
                }
                return Ok(facts);
            }
        }
        let reopens = facts.iter().any(|fact| matches!(fact, Fact::Reopened { .. })) || self.handoff.reopened.is_some();
        if reopens || !stale.is_empty() {
            facts.push(Fact::ChangeNoticed { asks, stale });
        }
        Ok(facts)
    }

    /// The categories whose marks looked at these asks.
    fn stale(&self, asks: &BTreeSet<Key>) -> Result<BTreeSet<Key>, Refusal> {
        let playbook = self.playbook()?;
        let category = |ask: &Key| playbook.ask(ask).and_then(|ask| ask.category.clone());
        Ok(asks
            .iter()
            .filter_map(category)
            .filter(|category| self.handoff.marks.get(category).is_some_and(|marked| !marked.stale))
            .collect())
    }

    fn ask_named(&self, id: &Key) -> Result<&Ask, Refusal> {
        self.playbook()?.ask(id).ok_or_else(|| unknown("ask", id))
    }

    pub(super) fn item(&self, id: ItemId) -> Result<&Item, Refusal> {
        self.handoff.record.items.get(&id).ok_or_else(|| unknown("item", id))
    }

    pub(super) fn receives(&self) -> bool {
        self.context.roles.iter().any(|role| role.receives())
    }

    /// What the CSM heard themselves is added without opening the AE's record again (R3.3).
    fn hears_first_hand(&self) -> bool {
        self.receives() && self.context.actor.person() == self.handoff.csm()
    }
}

fn asks_of(playbook: &Playbook, item: &Item) -> BTreeSet<Key> {
    playbook.asks().filter(|ask| looks_at(ask, item)).map(|ask| ask.id.value.clone()).collect()
}

/// An answer must be of the kind its ask wants.
fn fits(ask: &Ask, answer: &Answer) -> Result<(), Refusal> {
    if answer.kind() != ask.kind {
        let want = serde_json::to_value(ask.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
        return Err(invalid("answer", format!("this asks for {}", want.unwrap_or_default())));
    }
    match answer {
        Answer::Choice { chosen } => {
            if chosen.is_empty() || (chosen.len() > 1 && !ask.many) {
                return Err(invalid("answer", if ask.many { "choose at least one" } else { "choose exactly one" }));
            }
            match chosen.iter().find(|one| !ask.options.iter().any(|option| option.id == **one)) {
                Some(odd) => Err(invalid("answer", format!("`{odd}` is not among the options"))),
                None => Ok(()),
            }
        }
        Answer::Number { number } if !number.is_finite() => Err(invalid("answer", "is not a number")),
        _ => Ok(()),
    }
}

/// What the process keeps on an item is never taken from a caller.
fn own_life(body: Body, held: Option<&Body>) -> Result<Body, Refusal> {
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
                Some(Body::Criterion(before)) if before.words == criterion.words => before.confirmation.clone(),
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
    let bare = |promise: &Promise| Promise { life: PromiseLife::default(), strength: None, ..promise.clone() };
    bare(before) == bare(after)
}
