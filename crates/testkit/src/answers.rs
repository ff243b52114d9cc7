//! Good answers: whatever an ask wants, whole and with its source.

use throughline_domain::{
    Key, Money, Personal,
    playbook::{Ask, AskKind},
    record::*,
};

use crate::time::date;

/// A text a person wrote.
pub fn text(text: &str) -> Personal {
    Personal::parse(text).expect("a text")
}

/// A source somebody could go back to.
pub fn evidence() -> Evidence {
    Evidence {
        source: Some(Source::Call),
        reference: Some(text("Discovery call")),
        speaker: Some(text("Ines Vega")),
        on: Some(date("2026-02-10")),
        quote: Some(text("We lose two days every month on this")),
    }
}

/// A good answer to a single ask; `words` tells answers apart.
pub fn answer_for(ask: &Ask, words: &str) -> Answer {
    match ask.kind {
        AskKind::Words => Answer::Words { said: text(words), evidence: evidence() },
        AskKind::Choice => {
            let chosen: Key = ask.options.first().expect("a choice has options").id.clone();
            Answer::Choice { chosen: vec![chosen] }
        }
        AskKind::Date => Answer::Date { on: date("2027-03-31") },
        AskKind::Money => {
            Answer::Money { amount: Money { minor: 6_000_000, currency: "EUR".parse().expect("a currency") } }
        }
        AskKind::Number => Answer::Number { number: 12.0 },
        AskKind::YesNo => Answer::YesNo { yes: true },
        AskKind::Person => {
            Answer::Person { name: text("Ines Vega"), contact: Some(text("ines@acme.example")) }
        }
        _ => Answer::Text { text: text(words) },
    }
}

/// An item that counts for a list ask and carries all it could need.
pub fn good_item(ask: &Ask, words: &str) -> Body {
    let list = List::of(ask.kind).expect("an ask for a list");
    match body_for(list, words) {
        Body::Stakeholder(person) => Body::Stakeholder(Stakeholder {
            parts: ask.role.map_or(person.parts, |role| vec![role]),
            ..person
        }),
        Body::Promise(promise) => {
            let kind = ask.kinds.first().copied().unwrap_or(promise.kind);
            Body::Promise(Promise { kind, ..promise })
        }
        other => other,
    }
}

/// A whole item of a list. A promise is one that passes by rule: standard, and in the contract.
pub fn body_for(list: List, words: &str) -> Body {
    let what = text(words);
    whole(match list {
        List::Promises => Body::Promise(Promise {
            what,
            kind: PromiseKind::Support,
            strength: None,
            owed_by: None,
            due_on: None,
            in_contract: Some(true),
            standard: Some(true),
            amount: None,
            life: PromiseLife::default(),
        }),
        List::Criteria => {
            Body::Criterion(Criterion { words: what, measure: None, by_on: None, confirmation: None })
        }
        List::Stakeholders => Body::Stakeholder(Stakeholder {
            name: what,
            parts: vec![StakeholderRole::Champion],
            title: None,
            contact: None,
            influence: None,
            stance: None,
            goals: None,
            said: None,
            signed: false,
            drove: false,
            needs_early_win: false,
            may_block: false,
        }),
        List::Risks => {
            Body::Risk(Risk { what, kind: RiskKind::Timeline, severity: None, owner: None, mitigation: None })
        }
        List::Integrations => Body::Integration(Integration {
            tool: words.to_owned(),
            what: None,
            owner: None,
            needed_first: true,
        }),
        List::DataMoves => Body::DataMove(DataMove { what, from: None, format: None, owner: None }),
    })
}

/// The same item with everything it left open filled in.
pub fn whole(body: Body) -> Body {
    match body {
        Body::Promise(promise) => Body::Promise(Promise {
            strength: promise.strength.or(Some(Strength::Promised)),
            owed_by: promise.owed_by.or(Some(Side::Us)),
            due_on: promise.due_on.or(Some(date("2026-09-30"))),
            in_contract: promise.in_contract.or(Some(true)),
            standard: promise.standard.or(Some(true)),
            ..promise
        }),
        Body::Criterion(criterion) => Body::Criterion(Criterion {
            measure: criterion.measure.or_else(|| Some(text("Days to close the month, from 5 to 3"))),
            ..criterion
        }),
        Body::Stakeholder(person) => Body::Stakeholder(Stakeholder {
            title: person.title.or_else(|| Some(text("VP Operations"))),
            contact: person.contact.or_else(|| Some(text("ines@acme.example"))),
            influence: person.influence.or(Some(Influence::High)),
            stance: person.stance.or(Some(Stance::Enthusiastic)),
            goals: person.goals.or_else(|| Some(text("One report before the board meeting"))),
            said: person.said.or_else(|| Some(text("I will open every door you need"))),
            ..person
        }),
        Body::Risk(risk) => Body::Risk(Risk {
            severity: risk.severity.or(Some(Influence::Medium)),
            owner: risk.owner.or_else(|| Some(text("Ines Vega"))),
            mitigation: risk.mitigation.or_else(|| Some(text("A second trainer in May"))),
            ..risk
        }),
        Body::Integration(tool) => Body::Integration(Integration {
            what: tool.what.or_else(|| Some(text("Orders, every night"))),
            owner: tool.owner.or_else(|| Some(text("Jon Park"))),
            ..tool
        }),
        Body::DataMove(data) => Body::DataMove(DataMove {
            from: data.from.or_else(|| Some("the old system".to_owned())),
            format: data.format.or_else(|| Some("CSV".to_owned())),
            owner: data.owner.or_else(|| Some(text("Jon Park"))),
            ..data
        }),
    }
}
