//! Messages of the domain about a handoff that was really played.

use jiff::tz::TimeZone;
use throughline_domain::handoff::Message;
use throughline_messages::{Kind, Matter, Names, Overrides, Templates, Told, ToldAs, View};
use throughline_testkit::{Play, default_playbook, given};

fn filled() -> Play {
    let mut play = given(default_playbook()).opened();
    play.record_filled();
    play
}

fn names() -> Names {
    Names { seller: "Dana".to_owned(), csm: Some("Maya".to_owned()), answerable: "Dana".to_owned() }
}

#[test]
fn an_offer_carries_the_brief_and_never_name_and_value_only() {
    let play = filled();
    let told = Told {
        company: "Northwind",
        reader: "Maya",
        handoff: play.handoff(),
        names: &names(),
        matter: None,
        handover: None,
    };
    let written = Templates::new(&Overrides::new()).unwrap().message(&told, &Message::Offered).unwrap();
    assert_eq!(written.subject.as_str(), "Acme: Dana offers you the account");
    for part in
        ["Hello Maya,", "Success, in their words:\n  - “", "Who matters:\n  - ", "What was promised:\n  - "]
    {
        assert!(written.text.contains(part), "{part} is not in:\n{}", written.text);
    }
}

#[test]
fn the_introduction_greets_the_executive_by_name_and_the_company_may_word_it() {
    let play = filled();
    let told = Told {
        company: "Northwind",
        reader: "Dana",
        handoff: play.handoff(),
        names: &names(),
        matter: None,
        handover: None,
    };
    let templates = Templates::new(&Overrides::new()).unwrap();
    let draft = templates.write(Kind::Introduction, &told.introduction()).unwrap();
    assert_eq!(draft.subject.as_str(), "Meet Maya, your customer success manager");
    assert!(draft.text.starts_with("Dear ") && !draft.text.contains("[name]"), "{}", draft.text);
    let letter = templates.message(&told, &Message::IntroductionDraft).unwrap();
    assert!(letter.text.contains(draft.text.trim_end()), "the AE gets the same draft");

    let mut overrides = Overrides::new();
    overrides.insert(Kind::Introduction, "Subject: Hi\n\nOur own words.".to_owned());
    let own = Templates::new(&overrides).unwrap().message(&told, &Message::IntroductionDraft).unwrap();
    assert!(own.text.ends_with("Subject: Hi\n\nOur own words.\n"), "{}", own.text);
    assert_eq!(own.fell_back, None);

    overrides.insert(Kind::Introduction, "Subject: Hi\n\n{{ gone }}".to_owned());
    let own = Templates::new(&overrides).unwrap().message(&told, &Message::IntroductionDraft).unwrap();
    assert!(own.text.contains(draft.text.trim_end()), "the shipped draft stands in");
    assert_eq!(own.fell_back.map(|(kind, why)| (kind, why.line)), Some((Kind::Introduction, 3)));
}

#[test]
fn an_account_with_a_line_end_in_its_name_makes_no_second_header() {
    let mut play = filled();
    let handoff = play.state.as_mut().unwrap();
    handoff.deal.account = "Acme\r\nBcc: eve@example.com\r\n\r\nHello".to_owned();
    let told = Told {
        company: "Northwind",
        reader: "Maya",
        handoff: play.handoff(),
        names: &names(),
        matter: None,
        handover: None,
    };
    let written = Templates::new(&Overrides::new()).unwrap().message(&told, &Message::Rated).unwrap();
    assert_eq!(written.subject.as_str(), "Acme Bcc: eve@example.com Hello: the handoff was rated");
}

#[test]
fn an_escalation_says_what_is_late_since_when_whose_it_is_and_why_one_is_told() {
    let play = filled();
    let (due, now) = ("2026-11-24T16:00:00Z".parse().unwrap(), "2026-11-25T16:00:00Z".parse().unwrap());
    let zone = TimeZone::get("America/New_York").unwrap();
    let told_as = ToldAs::ManagerOf("Dana".to_owned());
    let matter = Matter::new("Internal handoff call", "Dana", due, now, &zone, told_as);
    let names = names();
    let told = Told {
        company: "Northwind",
        reader: "Owen",
        handoff: play.handoff(),
        names: &names,
        matter: Some(&matter),
        handover: None,
    };
    let templates = Templates::new(&Overrides::new()).unwrap();
    let written = templates.write(Kind::Escalation, &told.due()).unwrap();
    for part in
        ["was due on Tue 24 Nov 2026, 11:00 EST and has not happened", "Dana owes it.", "you manage Dana"]
    {
        assert!(written.text.contains(part), "{part} is not in:\n{}", written.text);
    }
    let nothing = templates.write(Kind::Escalation, &Told { matter: None, ..told }.due());
    assert!(nothing.unwrap_err().reason.contains("matter.title"), "never a mail that says nothing");
}

#[test]
fn one_letter_in_its_mail_says_where_it_leads() {
    let templates = Templates::new(&Overrides::new()).unwrap();
    let link = Some("https://handoffs.example/handoffs/7".to_owned());
    let view = View::mail("Northwind", "Maya", ("Acme: rated", "Hello Maya,\n\nLook.\n"), link, None);
    let mail = templates.write(Kind::Mail, &view).unwrap();
    assert_eq!(mail.text, "Hello Maya,\n\nLook.\n\nhttps://handoffs.example/handoffs/7\n\n-- \nNorthwind\n");
}
