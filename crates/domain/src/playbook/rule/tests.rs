use std::collections::HashMap;

use cel::objects::Map;

use super::*;

fn facts() -> Facts {
    Facts::default()
        .with_fields(
            "deal",
            vec![
                ("amount", Value::Float(60_000.0)),
                ("segment", text("Enterprise")),
                ("probability", Value::Int(40)),
                ("extra", Value::Map(Map { map: Arc::new(HashMap::new()) })),
            ],
        )
        .with("variant", text("full"))
}

fn checked(source: &str) -> Result<(), NotARule> {
    Rule::parse(source)?.check(Scope::Deal)
}

#[test]
fn a_rule_compares_numbers_of_either_sort_and_text() {
    for (source, answer) in [
        ("deal.amount > 50000", true),
        ("deal.amount > 50000 && deal.probability >= 50", false),
        ("deal.segment in ['Enterprise', 'mid']", true),
        ("has(deal.days_to_signature) && deal.days_to_signature <= 30", false),
        ("variant != 'light'", true),
        ("deal.segment.startsWith('Ent')", true),
        ("!(deal.amount < 1.5)", true),
        ("deal.segment.lowerAscii() == 'enterprise'", true),
        ("size(deal.segment) == 10 && !('Seats' in deal.extra)", true),
        ("(deal.probability > 50 ? 1 : 2) == int('2') && double('1.5') > 1.0", true),
    ] {
        let rule = Rule::parse(source).unwrap();
        rule.check(Scope::Deal).unwrap_or_else(|why| panic!("{source}: {why}"));
        assert_eq!(rule.holds(&facts()), Ok(answer), "{source}");
    }
}

#[test]
fn a_rule_over_a_field_the_deal_lacks_is_an_error_not_false() {
    let rule = Rule::parse("deal.term_months > 12").unwrap();
    assert!(rule.holds(&facts()).unwrap_err().contains("term_months"));
}

#[test]
fn what_does_not_fit_is_refused_with_a_reason_and_a_place() {
    for (source, reason) in [
        ("deal.amuont > 1", "no field `amuont`"),
        ("deal.amount > 'much'", "cannot be ordered against"),
        ("deal.amount", "true or false"),
        ("customer.size > 1", "`customer` is not known"),
        ("promise.kind == 'sla'", "only in promise routing"),
        ("[1,2].exists(x, x > 1)", "loops"),
        ("deal.segment.matches('a+')", "no function `matches`"),
        ("deal.amount.contains('5')", "`contains` does not fit"),
        ("contains(deal.segment)", "`contains` does not fit"),
        ("size() > 1", "`size` does not fit"),
        ("deal.segment in 'mid'", "looks into a list"),
        ("-deal.segment == 'x'", "only a number can be negative"),
        ("deal.segment['a'] == 'x'", "cannot be looked up"),
        ("deal.won ? true : 1", "one side of `:`"),
        ("deal.amount >", "not a CEL expression"),
        ("", "not a CEL expression"),
    ] {
        let refused = checked(source).expect_err(source);
        assert!(refused.reason.contains(reason), "{source}: {refused:?}");
    }
    assert_eq!(checked("deal.amuont > 1").unwrap_err().hint.unwrap(), "did you mean deal.amount?");
    for source in
        ["deal.won && deal.amuont > 1", "deal.name == 'ü€' && deal.amuont > 1", "'ü' == deal.name && (1 <"]
    {
        let refused = checked(source).unwrap_err();
        let wanted = source.find(".amuont").unwrap_or(source.len());
        assert_eq!(refused.at, Some(wanted), "{source}: {refused:?}");
    }
}

#[test]
fn what_a_field_is_compared_with_is_found() {
    let rule =
        Rule::parse("promise.kind in ['price', 'terms'] || 'x' == variant || variant != deal.name").unwrap();
    let texts = |path: &str| rule.compared(path).into_iter().map(|(text, _)| text).collect::<Vec<_>>();
    assert_eq!(texts("promise.kind"), ["price", "terms"]);
    assert_eq!(rule.compared("variant"), [("x".to_owned(), Some(38))]);
    assert!(rule.mentions("variant") && !rule.mentions("kind"));
}

#[test]
fn hostile_rules_are_refused_before_they_cost_anything() {
    assert!(Rule::parse(&"(".repeat(900)).is_err());
    assert!(Rule::parse(&"deal.won && ".repeat(200)).is_err());
    assert!(checked(&format!("deal.amount > {}1", "1+".repeat(300))).is_err());
}
