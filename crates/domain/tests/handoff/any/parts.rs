//! What commands are made of: answers, items, reports, news, and whatever exists by now to point at.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};
use throughline_domain::{
    ItemId, Key, PersonId, WaiverId,
    deal::Standing,
    handoff::{Command, Handoff, KnownBy, RouteTaken, Seat, command::*, meeting},
    playbook::{Ask, CsmChoice, Gate, Playbook, PlaybookRef, StepKind},
    record::*,
};
use throughline_testkit::{Play, answer_for, body_for, evidence, good_item, people::*, text};
use uuid::Uuid;

use super::{Draft, Verb};

pub fn fill(ask: &Ask, draft: &Draft) -> Command {
    let words = draft.words.clone().unwrap_or_else(|| "so".to_owned());
    let reason = Some(text("It changed"));
    match List::of(ask.kind) {
        Some(_) => {
            let body =
                if draft.one_in(8) { varied(good_item(ask, &words), draft) } else { good_item(ask, &words) };
            AddItem { body, evidence: evidence(), reason }.into()
        }
        None => {
            let answer = answer(ask, draft);
            GiveAnswer { ask: ask.id.value.clone(), answer, reason }.into()
        }
    }
}

/// An answer to an ask; words come with their source at most times.
pub fn answer(ask: &Ask, draft: &Draft) -> Answer {
    match answer_for(ask, draft.words.as_deref().unwrap_or("so")) {
        Answer::Words { said, .. } => Answer::Words { said, evidence: source(draft) },
        other => other,
    }
}

pub fn ask(playbook: &Playbook, draft: &Draft) -> Ask {
    let count = playbook.asks().count();
    let mut found = playbook.asks().nth(draft.at.index(count)).unwrap().clone();
    if draft.dice == 99 {
        found.id.value = "no_such_ask".parse().unwrap();
    }
    found
}

pub fn body(draft: &Draft) -> Body {
    let lists = [
        List::Promises,
        List::Promises,
        List::Criteria,
        List::Stakeholders,
        List::Risks,
        List::Integrations,
        List::DataMoves,
    ];
    varied(body_for(lists[draft.other.index(lists.len())], draft.words.as_deref().unwrap_or("so")), draft)
}

/// The same item with something different about it.
pub fn varied(body: Body, draft: &Draft) -> Body {
    match body {
        Body::Promise(promise) => Body::Promise(Promise {
            kind: PromiseKind::ALL[draft.other.index(PromiseKind::ALL.len())],
            in_contract: [None, Some(true), Some(false)][usize::from(draft.dice) % 3],
            standard: [Some(true), Some(false), None][usize::from(draft.dice) % 3],
            strength: draft.coin.then_some(Strength::Soft),
            ..promise
        }),
        Body::Criterion(criterion) => Body::Criterion(Criterion {
            measure: criterion.measure.filter(|_| draft.coin),
            words: text(draft.words.as_deref().unwrap_or("so")),
            ..criterion
        }),
        Body::Stakeholder(person) => Body::Stakeholder(Stakeholder {
            parts: if draft.one_in(9) {
                vec![]
            } else {
                vec![StakeholderRole::ALL[draft.other.index(StakeholderRole::ALL.len())]]
            },
            contact: person.contact.filter(|_| draft.coin),
            ..person
        }),
        other => other,
    }
}

pub fn route(playbook: &Playbook, draft: &Draft) -> RouteTaken {
    let variants: Vec<_> = playbook.routes.iter().filter_map(|route| route.variant.clone()).collect();
    let version = if draft.coin { 1 } else { 2 };
    let of = PlaybookRef { name: playbook.playbook.value.clone(), version };
    RouteTaken {
        rule: None,
        playbook: (!draft.one_in(5)).then_some(of),
        variant: variants.get(draft.at.index(variants.len().max(1))).cloned(),
        csm: CsmChoice::Named,
        because: "a person chose".to_owned(),
    }
}

pub fn news(play: &Play, draft: &Draft) -> TakeNews {
    let mut deal = play.handoff().deal.clone();
    let hours = i64::from(draft.dice % 40) - 10;
    deal.source_time = deal.source_time.checked_add(jiff::SignedDuration::from_hours(hours)).unwrap();
    deal.standing = match draft.dice % 16 {
        0..=5 => Standing::Won,
        6 => Standing::Lost,
        7 => Standing::Deleted,
        8..=10 => Standing::Open,
        _ => deal.standing,
    };
    if draft.coin {
        deal.close_on = Some(day(play, draft));
        deal.term_months = (draft.one_in(2)).then_some(u16::from(draft.dice));
        deal.se_involved = Some(draft.one_in(2));
        deal.closed_at = (draft.one_in(3)).then(|| play.now());
        deal.plan = draft.words.clone();
    }
    let seller = (draft.one_in(10)).then(|| {
        deal.owner = None;
        Seat {
            person: [DANA, EMIL, OWEN][draft.at.index(3)],
            unmapped: draft.coin,
            contributors: BTreeSet::new(),
        }
    });
    TakeNews { deal, seller, csm: (draft.one_in(11)).then(|| csm(draft)) }
}

pub fn report(play: &Play, draft: &Draft) -> Option<ReportStep> {
    let all: Vec<_> =
        play.playbook.steps.iter().filter(|step| step.kind.is_reported() || draft.one_in(20)).collect();
    let step = all.get(draft.at.index(all.len()))?;
    let booking = step.kind == StepKind::KickoffBooked;
    let happened_at = moment(play.now(), draft);
    let form = match step.forms.get(draft.other.index(step.forms.len().max(1))) {
        Some(form) if !draft.one_in(17) => Some(form.form.value.clone()),
        _ => None,
    };
    Some(ReportStep {
        happened_at,
        ended_at: (draft.one_in(3)).then_some(happened_at),
        booked_for: (booking != (draft.one_in(19))).then(|| play.later(i64::from(draft.dice))),
        form,
        known_by: if draft.coin { KnownBy::Attested } else { KnownBy::Calendar },
        outcomes: step.outcomes.iter().take(usize::from(draft.dice) % 3).map(|one| one.id.clone()).collect(),
        note: draft.words.as_deref().map(text),
        ..play.report_of(step.id.value.as_str())
    })
}

pub fn any_step(play: &Play, draft: &Draft) -> Option<Key> {
    let meets = |kind| meeting::is_meeting(kind) || draft.one_in(9);
    let all: Vec<_> = play.playbook.steps.iter().filter(|step| meets(step.kind)).collect();
    all.get(draft.other.index(all.len().max(1))).map(|step| step.id.value.clone())
}

pub fn reported(handoff: &Handoff, draft: &Draft) -> (Key, u32) {
    let all: Vec<(Key, u32)> = handoff
        .steps
        .iter()
        .flat_map(|(step, state)| state.reports.iter().map(|report| (step.clone(), report.number)))
        .collect();
    all.get(draft.at.index(all.len().max(1))).cloned().unwrap_or_else(|| ("kickoff".parse().unwrap(), 0))
}

pub fn item(handoff: &Handoff, draft: &Draft) -> ItemId {
    let promises: Vec<ItemId> = handoff.record.promises().map(|(item, _)| item.id).collect();
    let items: Vec<ItemId> = handoff.record.items.keys().copied().collect();
    let wants_promise =
        matches!(draft.verb, Verb::DecidePromise | Verb::CorrectPromise | Verb::SettlePromise);
    let all = if wants_promise && !promises.is_empty() { promises } else { items };
    all.get(draft.at.index(all.len().max(1))).copied().unwrap_or(ItemId(strange(draft)))
}

pub fn waiver(handoff: &Handoff, draft: &Draft) -> WaiverId {
    let all: Vec<WaiverId> = handoff.waivers.keys().copied().collect();
    all.get(draft.at.index(all.len().max(1))).copied().unwrap_or(WaiverId(strange(draft)))
}

pub fn strange(draft: &Draft) -> Uuid {
    Uuid::from_u128(0xdead_0000 + u128::from(draft.dice))
}

pub fn gate(draft: &Draft) -> Gate {
    Gate::ALL[draft.at.index(Gate::ALL.len())]
}

pub fn csm(draft: &Draft) -> PersonId {
    [MAYA, MAYA, NOAH, LEE][draft.other.index(4)]
}

pub fn pick(mut all: Vec<Key>, draft: &Draft) -> Key {
    all.push("no_such_name".parse().unwrap());
    let most = if draft.one_in(30) { all.len() } else { all.len().max(2) - 1 };
    all.swap_remove(draft.at.index(most))
}

pub fn source(draft: &Draft) -> Evidence {
    if draft.one_in(7) { Evidence::default() } else { evidence() }
}

/// Mostly the past, at times the future.
pub fn moment(now: Timestamp, draft: &Draft) -> Timestamp {
    let hours = if draft.one_in(23) { 5 } else { -i64::from(draft.dice % 72) };
    now.checked_add(jiff::SignedDuration::from_hours(hours)).unwrap()
}

pub fn day(play: &Play, draft: &Draft) -> Date {
    let days = i64::from(draft.dice % 60) - 30;
    play.today().checked_add(jiff::Span::new().days(days)).unwrap()
}
