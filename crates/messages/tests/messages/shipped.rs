//! Every shipped template, on every sample: read the difference, it is what people will read.

use throughline_messages::{Kind, Overrides, Templates, check, variables};

#[test]
fn every_shipped_template_writes_every_sample() {
    let mut page = String::new();
    for kind in Kind::ALL {
        for checked in
            check(*kind, kind.shipped()).unwrap_or_else(|why| panic!("{kind}: {why}\n{:?}", why.hint))
        {
            let written = checked.written;
            page += &format!(
                "==== {kind}: {}\n{}\n\n{}\n",
                checked.sample,
                written.subject.as_str(),
                written.text
            );
        }
    }
    insta::assert_snapshot!(page);
}

/// Names and quotes come as they are; what we wrote ourselves begins as a sentence does.
#[test]
fn what_follows_a_greeting_begins_with_a_capital() {
    for kind in Kind::ALL {
        for checked in check(*kind, kind.shipped()).unwrap() {
            let text = checked.written.text;
            let Some((_, after)) = text.split_once(",\n\n") else { continue };
            let first = after.trim_start().chars().next();
            assert!(!first.is_some_and(char::is_lowercase), "{kind}, {}: {text}", checked.sample);
        }
    }
}

#[test]
fn every_value_an_author_can_name_is_listed_with_an_example() {
    let mut page = String::new();
    for kind in Kind::ALL {
        page += &format!("==== {kind}\n");
        for (name, example) in variables(*kind) {
            page += &format!("{name} = {example}\n");
        }
    }
    insta::assert_snapshot!(page);
}

#[test]
fn every_kind_is_tried_with_much_and_with_little() {
    for kind in Kind::ALL {
        let samples = check(*kind, "Subject: x\n\ny").unwrap();
        assert!(samples.len() >= 2, "{kind}");
    }
}

#[test]
fn the_shipped_templates_need_no_company_to_be_written() {
    assert!(Templates::new(&Overrides::new()).is_ok());
}

/// Prerequisites stand in mail to the customer, under “What it needs from you”: none speaks of them as of others.
#[test]
fn what_a_shipped_playbook_asks_of_the_customer_is_said_to_the_customer() {
    for (name, _) in throughline_domain::playbook::shipped::shipped() {
        for wanted in &throughline_testkit::shipped_playbook(name).plan.prerequisites {
            let words = wanted.label.to_lowercase();
            assert!(
                !words.split(' ').any(|word| ["their", "they", "them"].contains(&word)),
                "{name}: {words}"
            );
        }
    }
}
