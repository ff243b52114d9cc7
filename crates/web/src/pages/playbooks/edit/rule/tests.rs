use jiff::tz::TimeZone;

use super::*;
use crate::i18n::Locale;

fn t() -> Text {
    Text::new(Locale::En, TimeZone::UTC)
}

fn again(rule: &str) -> RuleForm {
    let form = RuleForm::filled(Some(rule), false);
    RuleForm::posted(&Posted::filled(form.fields("when")), "when")
}

#[test]
fn a_sentence_that_is_posted_as_it_was_shown_leaves_the_rule_as_it_was_written() {
    for rule in [
        "has(deal.arr)   &&  deal.arr >= 50000",
        "!deal.lost && (deal.won\n  || (has(deal.probability) && deal.probability >= 50))",
        "promise.kind in [\"price\", 'terms'] && !(promise.in_contract && promise.standard)",
        "'Seats' in deal.extra && deal.extra['Seats'] != '5'",
        "has(deal.type) && deal.type.lowerAscii().contains('renew')",
        "true",
        "size(deal.name) > 5",
        "deal.arr >",
        "deal.segment in ['a,b']",
    ] {
        let form = again(rule);
        assert_eq!(form.rule(&t(), Some(rule)).unwrap().as_deref(), Some(rule), "{form:?}");
    }
    assert_eq!(again("deal.segment in ['a,b']").mode, Mode::Text, "a comma could not be typed");
}

#[test]
fn a_changed_value_is_written_and_nothing_else_changes() {
    let mut form = again("!(variant in ['light']) && (deal.won || (has(deal.arr) && deal.arr >= 5))");
    form.rows.last_mut().unwrap().value = "7.5".to_owned();
    assert_eq!(
        form.rule(&t(), None).unwrap().unwrap(),
        "!(variant in ['light']) && (deal.won || (has(deal.arr) && deal.arr >= 7.5))"
    );
}

#[test]
fn buttons_add_and_remove_lines_and_whole_groups() {
    let mut form = RuleForm::filled(None, false);
    form.press("add", None);
    form.press("group", None);
    assert_eq!(
        form.rows.iter().map(|row| (row.depth, row.group)).collect::<Vec<_>>(),
        [(0, false), (0, true), (1, false), (1, false)]
    );
    form.press("add", Some(1));
    assert_eq!((form.rows.len(), form.rows[4].depth), (5, 1));
    form.press("remove", Some(1));
    assert_eq!((form.rows.len(), form.mode), (1, Mode::Says));
    for (row, field) in form.rows.iter_mut().zip(["deal.arr"]) {
        (row.field, row.value) = (field.to_owned(), "5".to_owned());
    }
    assert_eq!(form.rule(&t(), None).unwrap().unwrap(), "has(deal.arr) && deal.arr >= 5");
}

#[test]
fn what_does_not_fit_is_told_with_its_line() {
    let mut form = again("deal.won && deal.arr >= 5");
    form.rows[1].value = "much".to_owned();
    assert_eq!(form.rule(&t(), None).unwrap_err().0, Some(1));
    form.rows[0].field.clear();
    assert_eq!(form.rule(&t(), None).unwrap_err().0, Some(0));
    form.rows.clear();
    assert_eq!(form.rule(&t(), None).unwrap_err().0, None);
}

#[test]
fn a_fault_of_a_text_has_its_place_within_the_text() {
    let told = fault(&t(), "deal.won &&\n  deal.amuont > 1", false).unwrap();
    assert!(told.contains("line 2, column 7") && told.contains("deal.amount"), "{told}");
    assert_eq!(fault(&t(), "promise.standard", true), None);
    assert!(fault(&t(), "promise.standard", false).is_some());
}
