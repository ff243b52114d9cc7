//! How a handoff begins, what CRM news mean, and who holds which seat.

use super::*;
use crate::{
    deal::{Deal, Standing},
    playbook::{AskKind, CsmChoice, asks::CrmField},
    record::{Answer, Carried, Item, Provenance},
};

const FOUND_WON: &str = "closed-won before a record was complete";
const FOUND_CSM: &str = "a CSM was set in the CRM";

/// Opens a record: the deal, its way, what the account and the CRM already answer, and what it is already past.
pub(super) fn open(context: &Context<'_>, open: Open) -> Vec<Fact> {
    let Open { id, account, deal, route, life, seller, process_owner, csm_of_record, carried } = open;
    let of_record = route.csm == CsmChoice::OfRecord;
    let standing = deal.standing;
    let csm_shown = deal.csm.is_some();
    let mut facts =
        vec![Fact::Opened { id, account, deal: deal.clone(), route, life, seller, process_owner }];
    facts.extend(csm_of_record.map(|csm| Fact::CsmOfRecord { csm }));
    let Some(handoff) = fold(None, context, &facts) else { return facts };
    let Some(playbook) = context.playbook.filter(|_| handoff.life.is_live()) else { return facts };
    if standing.is_gone() {
        facts.extend(
            Desk { handoff: &handoff, context, verb: Open::VERB }.turn_of_life(Standing::Open, standing),
        );
        return facts;
    }
    let desk = Desk { handoff: &handoff, context, verb: Open::VERB };
    facts.extend(desk.carry(playbook, carried));
    facts.extend(desk.prefill(playbook, &deal).into_iter().map(|(_, fact)| fact));
    if let Some(csm) = csm_of_record.filter(|_| of_record) {
        facts.push(Fact::Nominated { csm });
    }
    // Judged with all this taken: what is answered is answered.
    let Some(filled) = fold(None, context, &facts) else { return facts };
    let desk = Desk { handoff: &filled, ..desk };
    if standing == Standing::Won {
        facts.extend(desk.past(Gate::Handoff, FOUND_WON));
    }
    if csm_shown && !of_record {
        facts.extend(desk.past(Gate::CsmAssignment, FOUND_CSM));
    }
    facts
}

impl Desk<'_> {
    pub(super) fn take_news(&self, news: TakeNews) -> Decided {
        let TakeNews { deal, seller, csm } = news;
        let known = &self.handoff.deal;
        if deal.source_time < known.source_time {
            let mut standings = self.handoff.standings.clone();
            standings.hear(deal.source_time, deal.standing);
            let heard = standings != self.handoff.standings;
            let heard = heard.then_some(Fact::DealHeard { at: deal.source_time, standing: deal.standing });
            let facts: Vec<Fact> = heard.into_iter().chain(self.past_then(&deal, csm)).collect();
            return if facts.is_empty() { Ok(Outcome::AlreadySo) } else { happened(facts) };
        }
        let mut facts = Vec::new();
        if deal != *known {
            facts.push(Fact::DealRead { deal: deal.clone() });
            facts.extend(self.turn_of_life(known.standing, deal.standing));
        }
        facts.extend(seller.into_iter().flat_map(|seat| self.seated_by_crm(&deal, seat)));
        let Some(playbook) = self.context.playbook else { return happened(facts) };
        if self.after(&facts).life.takes_reports() {
            facts.extend(self.prefilled_late(playbook, &deal));
        }
        // Judged with the news taken: what the CRM now answers is answered.
        let after = self.after(&facts);
        if after.life.is_live() {
            let desk = Desk { handoff: &after, ..*self };
            if known.standing != Standing::Won && deal.standing == Standing::Won {
                facts.extend(desk.past(Gate::Handoff, FOUND_WON));
            }
            facts.extend(desk.csm_in_crm(csm));
        }
        happened(facts)
    }

    /// What a reading that comes late shows the deal to have been past, as if it had come in its turn: it was live
    /// then, whatever became of it since.
    fn past_then(&self, deal: &Deal, csm: Option<PersonId>) -> Vec<Fact> {
        let ran = matches!(self.handoff.life, Life::Live | Life::Withdrawn { .. } | Life::Cancelled { .. });
        if !ran || deal.standing.is_gone() || self.context.playbook.is_none() {
            return Vec::new();
        }
        let then = Handoff { life: Life::Live, ..self.handoff.clone() };
        let desk = Desk { handoff: &then, ..*self };
        let won = (deal.standing == Standing::Won).then(|| desk.past(Gate::Handoff, FOUND_WON)).flatten();
        let assigned = desk.csm_in_crm(csm);
        won.into_iter().chain(assigned).collect()
    }

    /// What a CSM in the CRM shows, when nobody assigned one here.
    fn csm_in_crm(&self, csm: Option<PersonId>) -> Option<Fact> {
        let of_record = self.handoff.route.csm == CsmChoice::OfRecord && csm == self.handoff.csm_of_record;
        let shown = csm.is_some() && !of_record && self.handoff.stage.assigned_at().is_none();
        shown.then(|| self.past(Gate::CsmAssignment, FOUND_CSM)).flatten()
    }

    /// The AE's seat as the CRM has it, when the CRM has changed or somebody was mapped meanwhile: what a person
    /// set by hand is not set back by the next message.
    fn seated_by_crm(&self, deal: &Deal, seat: Seat) -> Vec<Fact> {
        let held = self.handoff.seats.get(&Role::Ae);
        let mapped = held.is_some_and(|held| held.unmapped && !seat.unmapped);
        let same = held.is_some_and(|held| held.person == seat.person && held.unmapped == seat.unmapped);
        if same || (deal.owner == self.handoff.deal.owner && !mapped) {
            return Vec::new();
        }
        let along = held.into_iter().flat_map(|held| held.contributors.iter().copied());
        let contributors = along.chain(seat.contributors.iter().copied()).collect();
        let reason = Some(own_words("the CRM names another owner"));
        let person = seat.person;
        let changes = held.filter(|held| !seat.unmapped && !held.unmapped && held.person != person);
        let changed = changes.map(|held| another_ae(held, person));
        let seated = Fact::Seated { role: Role::Ae, seat: Seat { contributors, ..seat }, reason };
        std::iter::once(seated).chain(changed).collect()
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
            // Undone by mistake, and won again.
            Life::Cancelled { .. } if after == Standing::Won => Some(Fact::Resumed),
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

    /// What the account's last handoff leaves to start from, in the lists this playbook keeps (R0.7).
    fn carry(&self, playbook: &Playbook, carried: Vec<Carried>) -> Vec<Fact> {
        let items = carried.into_iter().filter_map(|Carried { body, evidence }| {
            let body = record::own_life(body, None).ok()?;
            let id = ItemId((self.context.fresh)());
            Some(Item { id, body, evidence, provenance: Provenance::CarriedOver, at: self.context.now })
        });
        let kept = items.filter(|item| record::keeps(playbook, item.body.list())).take(record::MOST_ITEMS);
        kept.flat_map(|item| {
            let routed = self.routing(playbook, &item);
            [Some(Fact::ItemAdded { item }), routed]
        })
        .flatten()
        .collect()
    }

    /// Answers the CRM gives to asks no person has answered (R1.9).
    fn prefill(&self, playbook: &Playbook, deal: &Deal) -> Vec<(Key, Fact)> {
        let mut facts = Vec::new();
        for ask in playbook.asks() {
            let Some(field) = ask.from_crm else { continue };
            let Some(answer) = crm_answer(deal, field, ask.kind) else { continue };
            let held = self.handoff.record.answers.get(&ask.id.value);
            let free = held.is_none_or(|held| {
                matches!(held.provenance, Provenance::Crm { .. }) && held.answer != answer
            });
            if free {
                let name = serde_json::to_value(field).ok().and_then(|name| name.as_str().map(str::to_owned));
                let provenance = Provenance::Crm { field: name.unwrap_or_default() };
                let ask = ask.id.value.clone();
                facts.push((ask.clone(), Fact::Answered { ask, answer, provenance }));
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
        self.framed(playbook, asks, Some(own_words("changed in the CRM")), change).unwrap_or_default()
    }

    pub(super) fn reroute(&self, body: Reroute) -> Decided {
        let Reroute { route, reason } = body;
        if self.handoff.stage.is_owned() || !matches!(self.handoff.life, Life::Live | Life::OutOfScope) {
            return Err(self.out_of_turn("ownership has moved or it no longer runs"));
        }
        if self.handoff.deal.standing.is_gone() {
            return Err(self.out_of_turn("the deal is lost or deleted in the CRM"));
        }
        if route.playbook == self.handoff.route.playbook && route.variant == self.handoff.route.variant {
            return Ok(Outcome::AlreadySo);
        }
        let life = if route.playbook.is_some() { Life::Live } else { Life::OutOfScope };
        let runs = life.is_live();
        let mut facts = vec![Fact::Rerouted { route, life, reason }];
        if let Some(playbook) = self.context.playbook.filter(|_| runs) {
            let after = self.after(&facts);
            let desk = Desk { handoff: &after, ..*self };
            facts.extend(desk.prefill(playbook, &after.deal).into_iter().map(|(_, fact)| fact));
            facts.extend(after.record.promises().filter_map(|(item, _)| desk.routing(playbook, item)));
        }
        happened(facts)
    }

    pub(super) fn set_seat(&self, body: SetSeat) -> Decided {
        let SetSeat { role, person, contributors, reason } = body;
        self.running()?;
        if role == Role::Csm {
            return Err(invalid("role", "the CSM changes by nomination, offer, re-assignment or take-over"));
        }
        self.gives_seat(role)?;
        if contributors.len() > MOST_CONTRIBUTORS {
            return Err(invalid("contributors", format!("are at most {MOST_CONTRIBUTORS}")));
        }
        let held = self.handoff.seats.get(&role);
        let replaces = held.is_some_and(|held| held.person != person && !held.unmapped);
        if role == Role::Ae && reason.is_none() && replaces {
            return Err(invalid("reason", "say why the AE changes"));
        }
        let seat = Seat { person, unmapped: false, contributors };
        if held == Some(&seat) {
            return Ok(Outcome::AlreadySo);
        }
        let mut facts = vec![Fact::Seated { role, seat, reason }];
        // Given at once, because somebody decides: the new AE is told what they take over like one who was asked.
        facts.extend(held.filter(|_| role == Role::Ae && replaces).map(|held| another_ae(held, person)));
        happened(facts)
    }
}

fn another_ae(held: &Seat, to: PersonId) -> Fact {
    Fact::SellerChanged { from: held.person, to }
}

/// Most people who work along in one seat.
const MOST_CONTRIBUTORS: usize = 50;

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
