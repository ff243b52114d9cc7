//! Templates that are wrong, each with the place and the words its author is told.

use throughline_messages::{Kind, Overrides, Templates, View, check};

fn fault(kind: Kind, source: &str) -> String {
    let why = check(kind, source).expect_err(source);
    let hint = why.hint.as_ref().map(|hint| format!(" / {hint}")).unwrap_or_default();
    let sample = why.sample.map(|sample| format!(" [{sample}]")).unwrap_or_default();
    format!("{why}{sample}{hint}")
}

#[test]
fn each_mistake_is_told_with_its_place_and_what_to_do() {
    let long = format!("Subject: x\n\n{}", "x".repeat(17_000));
    let nested = "{% for x in brief.people %}".repeat(1_000);
    let cases = [
        (Kind::Offered, "Dear {{ reader }},"),
        (Kind::Offered, ""),
        (Kind::Offered, "Subject:\n\ntext"),
        (Kind::Offered, "Subject: {{ acount }}\n\ntext"),
        (Kind::Offered, "Subject: {{ account }}\n\nHello\n  and {{ brief.criterion }} there"),
        (Kind::Offered, "Subject: {{ csm }}\n\ntext"),
        (Kind::Offered, "Subject: x\n\n{{ brief.criteria }}"),
        (Kind::Offered, "Subject: x\n\n{{ brief.people[0].name }}"),
        (Kind::Offered, "Subject: x\n\n{% if matter.late %}late{% endif %}"),
        (Kind::Offered, "Subject: x\n\n{% if csm %}late"),
        (Kind::Offered, "Subject: x\n\n{% set a = 1 %}"),
        (Kind::Offered, "Subject: x\n\n{{ account ~ deal }}"),
        (Kind::Offered, "Subject: x\n\n{{ account | replace('a', 'b') }}"),
        (Kind::Offered, "Subject: x\n\n{{ account | }}"),
        (Kind::Offered, "Subject: x\n\n{% include \"secrets\" %}"),
        (Kind::Offered, "Subject: x\n\n{% include \"offered: text\" %}"),
        (Kind::Offered, "Subject: x\n\na\0b"),
        (Kind::Invitation, "Subject: {{ account }}\n\ntext"),
        (Kind::Invitation, "Subject: x\n\n\n\n{% include \"brief\" %}"),
        (Kind::Offered, &long),
        (Kind::Offered, &format!("Subject: x\n\n{nested}")),
    ];
    let mut page = String::new();
    for (kind, source) in cases {
        let shown: String = source.chars().take(70).collect();
        page += &format!("{kind}: {shown:?}\n    {}\n", fault(kind, source));
    }
    insta::assert_snapshot!(page);
}

#[test]
fn a_template_that_repeats_without_end_is_stopped() {
    let mut source = "Subject: x\n\n".to_owned();
    let depth = 14;
    for level in 0..depth {
        source += &format!("{{% for a{level} in [1, 2, 3, 4, 5, 6, 7, 8, 9] %}}");
    }
    source += "{{ account }}";
    source += &"{% endfor %}".repeat(depth);
    let said = fault(Kind::Offered, &source);
    assert!(said.contains("too many steps") || said.contains("too long"), "{said}");
}

#[test]
fn nested_lists_cannot_make_much_of_little() {
    let mut source = "Subject: x\n\n".to_owned();
    let depth = 40;
    source += "{% for a0 in [account] %}";
    for level in 1..depth {
        source += &format!("{{% for a{level} in [[a{0}, a{0}] | join] %}}", level - 1);
    }
    source += &format!("{{{{ a{} }}}}", depth - 1);
    source += &"{% endfor %}".repeat(depth);
    assert!(fault(Kind::Offered, &source).contains("too long"), "the joined text has an end");
}

#[test]
fn a_changed_template_is_used_and_a_broken_one_never_costs_a_message() {
    let mut overrides = Overrides::new();
    overrides.insert(Kind::Invitation, "Subject: Welcome to {{ company }}\n\nHi {{ reader }}!".to_owned());
    overrides.insert(Kind::Reset, "Subject: x\n\n{% if %}".to_owned());
    overrides.insert(Kind::Mail, "Subject: x\n\n{{ gone }}".to_owned());
    let templates = Templates::new(&overrides).unwrap();
    let plain = View::plain("Northwind", "Ines");

    let welcome = templates.write(Kind::Invitation, &plain).unwrap();
    assert_eq!((welcome.subject.as_str(), welcome.text.as_str()), ("Welcome to Northwind", "Hi Ines!\n"));
    assert_eq!(welcome.fell_back, None);

    let reset = templates.write(Kind::Reset, &plain).unwrap();
    assert_eq!(reset.subject.as_str(), "Northwind: a fresh link to sign in");
    assert_eq!(reset.fell_back.map(|(_, why)| why.line), Some(3), "it could not be read");

    let mail = View::mail("Northwind", "Ines", ("About", "Words"), None, None);
    let mail = templates.write(Kind::Mail, &mail).unwrap();
    assert_eq!(mail.subject.as_str(), "About");
    assert!(mail.fell_back.unwrap().1.reason.contains("`gone` is not known here"), "it could not be written");
}
