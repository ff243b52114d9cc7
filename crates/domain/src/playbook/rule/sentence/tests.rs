use std::collections::HashMap;

use cel::{Value, objects::Map};
use proptest::prelude::*;

use super::*;
use crate::playbook::{
    load,
    rule::{Facts, text},
    shipped,
};

fn of(source: &str) -> Option<Sentence> {
    Sentence::of(&Rule::parse(source).unwrap())
}

fn again(source: &str) -> Option<String> {
    Some(of(source)?.rule())
}

#[test]
fn a_comparison_is_a_sentence_and_reads_back_as_it_was_written() {
    for source in [
        "true",
        "false",
        "deal.won",
        "!deal.won",
        "deal.arr >= 50000",
        "has(deal.arr) && deal.arr >= 50000",
        "deal.arr > -0.5",
        "deal.segment == 'enterprise'",
        "deal.segment.lowerAscii() != 'it\\'s'",
        "variant in ['light', 'short']",
        "!(variant in ['light', 'short'])",
        "has(deal.type) && deal.type.lowerAscii().contains('renew')",
        "!deal.name.startsWith('a') && !deal.name.endsWith('b')",
        "has(deal.competitor)",
        "!has(deal.competitor)",
        "'Seats' in deal.extra && deal.extra['Seats'] == '5'",
        "!('Seats' in deal.extra)",
        "deal.won || (has(deal.arr) && deal.arr < 10)",
        "!deal.lost && (deal.won || (has(deal.probability) && deal.probability >= 50))",
        "promise.kind in ['price'] && !(promise.in_contract && promise.standard)",
        "!(deal.won || deal.lost)",
        "!(has(deal.arr) && deal.arr >= 5)",
    ] {
        assert_eq!(again(source).as_deref(), Some(source), "{source}");
    }
}

#[test]
fn what_a_sentence_cannot_say_exactly_is_none() {
    for source in [
        "50000 <= deal.arr",
        "deal.arr >= deal.amount",
        "deal.arr * 2.0 > 5.0",
        "deal.won == true",
        "!(deal.arr >= 5)",
        "size(deal.name) > 5",
        "deal.name > 'a'",
        "double(deal.extra['Seats']) > 5.0",
        "deal.won ? deal.lost : true",
        "deal.won && true",
        "deal.segment in []",
        "deal.extra == deal.extra",
        "variant in deal.extra",
    ] {
        assert_eq!(again(source), None, "{source}");
    }
}

#[test]
fn a_guard_belongs_to_the_condition_right_behind_it_alone() {
    let Some(Sentence::Says(group)) = of("has(deal.arr) && deal.won && deal.arr > 5") else { panic!() };
    assert_eq!(group.parts().len(), 3);
    let Some(Sentence::Says(group)) = of("has(deal.arr) && deal.arr > 5") else { panic!() };
    assert!(matches!(group.parts(), [Part::Is(Condition { known: true, .. })]));
}

#[test]
fn brackets_that_change_nothing_are_let_go() {
    assert_eq!(
        again("(deal.won && (deal.lost && has(deal.arr)))").unwrap(),
        "deal.won && deal.lost && has(deal.arr)"
    );
}

#[test]
fn every_rule_of_the_shipped_playbooks_is_a_sentence() {
    let mut seen = 0;
    for (name, source) in shipped::shipped() {
        let playbook = load(source).unwrap();
        let asks = playbook.asks().filter_map(|ask| ask.required_when.as_ref());
        let routes = playbook.routes.iter().filter_map(|route| route.when.as_ref());
        let promises = playbook.promises.routing.iter().filter_map(|route| route.when.as_ref());
        let steps = playbook.steps.iter().filter_map(|step| step.when.as_ref());
        let forms = playbook.steps.iter().flat_map(|step| &step.forms);
        let forms = forms.flat_map(|form| form.when.iter().chain(&form.required_when));
        for rule in asks.chain(routes).chain(promises).chain(steps).chain(forms).chain([&playbook.opens_when])
        {
            assert!(Sentence::of(&rule.value).is_some(), "{name}: {}", rule.value.source());
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen}");
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zA-Z '\\\\ü€\"]{0,6}", Just("enterprise".to_owned()), Just("a\nb\t\u{1}".to_owned())]
}

fn any_like() -> impl Strategy<Value = Like> {
    let one = any_text();
    (one, prop::collection::vec(any_text(), 1..4), 0..10_usize).prop_map(|(one, many, which)| match which {
        0 => Like::Equal(one),
        1 => Like::NotEqual(one),
        2 => Like::OneOf(many),
        3 => Like::NoneOf(many),
        4 => Like::Contains(one),
        5 => Like::ContainsNot(one),
        6 => Like::Starts(one),
        7 => Like::StartsNot(one),
        8 => Like::Ends(one),
        _ => Like::EndsNot(one),
    })
}

fn any_number() -> impl Strategy<Value = Number> {
    prop_oneof![
        (-100_000..100_000_i64).prop_map(Number::Whole),
        (-1e12..1e12_f64).prop_map(Number::Decimal),
        Just(Number::Decimal(1e20)),
    ]
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let mut fields = Field::offered(Scope::Promise, true);
    fields.push(Field::Extra("Seats".to_owned()));
    fields.push(Field::Extra("It's \\ ours".to_owned()));
    let relation = prop::sample::select(Relation::ALL.to_vec());
    (
        prop::sample::select(fields),
        any::<bool>(),
        (relation, any_number()),
        (any::<bool>(), any_like()),
        0..8_usize,
        any::<bool>(),
    )
        .prop_map(|(field, known, (relation, number), (any_case, is), ask, yes)| {
            let test = match (ask, field.holds()) {
                (0, _) if field != Field::Variant => {
                    return Condition {
                        field,
                        known: false,
                        test: if yes { Test::Known } else { Test::Unknown },
                    };
                }
                (_, Type::Bool) => {
                    if yes {
                        Test::Yes
                    } else {
                        Test::No
                    }
                }
                (_, Type::Int | Type::Double) => Test::Number(relation, number),
                _ => Test::Text { any_case, is },
            };
            let known = known && field != Field::Variant;
            Condition { field, known, test }
        })
}

fn any_part() -> impl Strategy<Value = Part> {
    any_condition().prop_map(Part::Is).prop_recursive(2, 12, 4, |inner| {
        (prop::sample::select(Join::ALL.to_vec()), prop::collection::vec(inner, 0..4))
            .prop_map(|(join, parts)| Part::Group(Group { join, parts }))
    })
}

fn any_sentence() -> impl Strategy<Value = Sentence> {
    let group = (prop::sample::select(Join::ALL.to_vec()), prop::collection::vec(any_part(), 1..4));
    group.prop_filter_map("says nothing, or too much", |(join, parts)| {
        Group::new(join, parts).map(Sentence::Says).filter(Sentence::can_be_said)
    })
}

fn facts(amount: Option<f64>, segment: Option<&str>, won: bool) -> Facts {
    let mut fields = vec![
        ("won", Value::Bool(won)),
        ("lost", Value::Bool(false)),
        ("name", text("enterprise")),
        ("extra", Value::Map(Map { map: std::sync::Arc::new(HashMap::new()) })),
    ];
    fields.extend(amount.map(|amount| ("arr", Value::Float(amount))));
    fields.extend(segment.map(|segment| ("segment", text(segment))));
    let promise =
        vec![("kind", text("price")), ("in_contract", Value::Bool(won)), ("standard", Value::Bool(true))];
    Facts::default()
        .with_fields("deal", fields)
        .with_fields("promise", promise)
        .with("variant", text("light"))
}

proptest! {
    #[test]
    fn a_sentence_written_as_a_rule_reads_back_as_itself(sentence in any_sentence()) {
        let source = sentence.rule();
        prop_assume!(source.len() <= super::super::MAX_LENGTH);
        let rule = Rule::parse(&source).map_err(|why| TestCaseError::fail(format!("{source}: {why:?}")))?;
        prop_assert!(rule.check(Scope::Promise).is_ok(), "{}: {:?}", source, rule.check(Scope::Promise));
        prop_assert_eq!(Sentence::of(&rule), Some(sentence), "{}", source);
    }

    #[test]
    fn brought_into_its_shape_a_group_stays_in_it(join in prop::sample::select(Join::ALL.to_vec()), parts in prop::collection::vec(any_part(), 0..4)) {
        if let Some(group) = Group::new(join, parts) {
            prop_assert_eq!(Group::new(group.join, group.parts.clone()), Some(group));
        }
    }

    #[test]
    fn a_rule_and_its_sentence_answer_alike(
        sentence in any_sentence(),
        amount in prop::option::of(0.0..100_000.0_f64),
        segment in prop::option::of(prop::sample::select(vec!["enterprise", "Mid", ""])),
        won in any::<bool>(),
    ) {
        // The same rule with brackets around every part, and its blanks gone, is read as the same sentence.
        let source = sentence.rule();
        prop_assume!(source.len() + 2 <= super::super::MAX_LENGTH);
        let dressed = format!("({source})");
        let (plain, dressed) = (Rule::parse(&source).unwrap(), Rule::parse(&dressed).unwrap());
        let read = Sentence::of(&dressed).unwrap();
        let reread = Rule::parse(&read.rule()).unwrap();
        let facts = facts(amount, segment, won);
        prop_assert_eq!(plain.holds(&facts).ok(), reread.holds(&facts).ok());
    }
}
