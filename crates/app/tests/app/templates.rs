//! A company's own words: kept when they can be read, used from then on, and never the reason that nothing is said.

use throughline_app::{
    App, AppError,
    templates::{OwnTemplate, SaveError},
};
use throughline_domain::{PersonId, Role};
use throughline_messages::Kind;
use throughline_store::{Change, Letter, TemplateChange, TemplateRow};

use crate::{
    company::{Company, deal, staffed},
    sweeps::with_mail,
};

const OWN: &str = "Subject: {{ account }} awaits what you know\n\nDear {{ reader }}, tell us.\n";

async fn with_admin() -> (Company, throughline_app::Caller, PersonId) {
    let company = staffed().await;
    let ada = company.join("ada", &[Role::Admin], None).await;
    let dana = company.join("dana", &[Role::Ae], None).await;
    let caller = company.caller(ada).await;
    (company, caller, dana)
}

impl Company {
    async fn told_of(&self, person: PersonId, account: &str) -> Letter {
        self.sweeps().await;
        let letters = self.app.store().letters(self.org, Some(person), None, 200).await.unwrap();
        letters.into_iter().find(|letter| letter.subject.contains(account)).unwrap()
    }

    /// A template as somebody else's release may have left it.
    async fn template_is(&self, kind: Kind, source: &str) {
        let row = TemplateRow {
            kind: kind.name().to_owned(),
            version: 1,
            source: Some(source.to_owned()),
            changed_at: self.app.now(),
            changed_by: throughline_domain::Actor::System,
            failed: None,
        };
        self.writes(Change::Template(TemplateChange::Put(row))).await;
    }
}

#[tokio::test]
async fn a_saved_template_counts_from_the_next_message_on_every_node() {
    let (company, ada, dana) = with_admin().await;
    let other = App::new(std::sync::Arc::clone(company.app.store()), company.clock.clone());
    company.opened(deal("1", Some("dana"))).await;
    let shipped = company.told_of(dana, "Customer 1").await;
    let saved = company.app.save_template(&ada, Kind::RecordOpened, Some(OWN), Some(0)).await.unwrap();
    assert_eq!((saved.version, saved.text(), saved.changed), (1, OWN, Some((company.app.now(), ada.actor))));
    company.opened(deal("2", Some("dana"))).await;
    while other.sweep_outbox().await.unwrap().taken > 0 {}
    let own = company.told_of(dana, "Customer 2").await;
    assert_eq!(
        (own.subject.as_str(), own.body.as_str()),
        ("Customer 2 awaits what you know", "Dear dana, tell us.\n")
    );
    let back = company.app.save_template(&ada, Kind::RecordOpened, None, Some(1)).await.unwrap();
    assert_eq!((back.version, back.source), (2, None));
    company.opened(deal("3", Some("dana"))).await;
    while other.sweep_outbox().await.unwrap().taken > 0 {}
    let again = company.told_of(dana, "Customer 3").await;
    assert_eq!(again.subject, shipped.subject.replace("Customer 1", "Customer 3"));
    let lines = company.app.store().audit(company.org, None, 200).await.unwrap();
    let lines: Vec<_> = lines.iter().map(|(_, row)| (row.action.as_str(), row.subject.as_str())).collect();
    for line in [("change-template", "record_opened"), ("restore-template", "record_opened")] {
        assert!(lines.contains(&line), "{lines:?}");
    }
}

#[tokio::test]
async fn invitations_and_mails_are_in_the_companys_words_too() {
    let (mut company, ada, _) = with_admin().await;
    let server = with_mail(&mut company);
    for (kind, source) in [
        (Kind::Invitation, "Subject: Welcome aboard\n\nHi {{ reader }}\n"),
        (Kind::Mail, "Subject: [ours] {{ subject }}\n\n{{ text }}\n"),
        (Kind::Digest, "Subject: [ours] {{ digest.count }}\n\nLook.\n"),
    ] {
        company.app.save_template(&ada, kind, Some(source), None).await.unwrap();
    }
    let eve = company.join("eve", &[Role::Ae], None).await;
    let letters = company.app.store().letters(company.org, Some(eve), None, 9).await.unwrap();
    assert_eq!(letters[0].subject, "Welcome aboard");
    company.opened(deal("1", Some("eve"))).await;
    company.sweeps().await;
    company.app.sweep_post().await.unwrap();
    for number in ["2", "3"] {
        company.opened(deal(number, Some("eve"))).await;
    }
    company.sweeps().await;
    company.app.sweep_post().await.unwrap();
    let subjects: Vec<_> = server.subjects().into_iter().map(|(_, subject)| subject).collect();
    assert!(subjects[0].starts_with("[ours] Customer 1"), "{subjects:?}");
    assert_eq!(subjects[1], "[ours] 2");
}

#[tokio::test]
async fn a_template_is_saved_when_every_sample_can_be_written_and_by_who_read_it_last() {
    let (company, ada, dana) = with_admin().await;
    let app = &company.app;
    let save = |source, version| app.save_template(&ada, Kind::Offered, Some(source), version);
    let refused = save("Subject: x\n\n{{ csm }}\n", None).await;
    let Err(SaveError::Faulty(fault)) = refused else { panic!("{refused:?}") };
    assert_eq!((fault.line, fault.column, fault.sample), (3, Some(4), Some("as little as can be")));
    assert_eq!(app.own_template(&ada, Kind::Offered).await.unwrap().version, 0);
    let checked = app.check_template(&ada, Kind::Offered, OWN).unwrap().unwrap();
    assert_eq!(checked.len(), 2);
    assert!(checked[0].written.subject.as_str().contains("awaits what you know"));

    let as_posted = OWN.replace('\n', "\r\n");
    save(&as_posted, Some(0)).await.unwrap();
    let held = app.own_template(&ada, Kind::Offered).await.unwrap();
    assert_eq!(held.source.as_deref(), Some(OWN), "line ends are as we write them");
    assert!(matches!(save(OWN, Some(0)).await, Err(SaveError::App(AppError::Stale { current: 1 }))));
    assert_eq!(save(OWN, Some(1)).await.unwrap(), held, "the same again is no change");
    // The shipped words are not the company's own: a newer release may better them.
    let shipped = save(Kind::Offered.shipped(), Some(1)).await.unwrap();
    assert_eq!((shipped.source, shipped.version), (None, 2));

    let caller = company.caller(dana).await;
    assert!(matches!(app.own_templates(&caller).await, Err(AppError::Forbidden(_))));
    assert!(matches!(app.check_template(&caller, Kind::Offered, OWN), Err(AppError::Forbidden(_))));
    let refused = app.save_template(&caller, Kind::Offered, None, None).await;
    assert!(matches!(refused, Err(SaveError::App(AppError::Forbidden(_)))));
}

#[tokio::test]
async fn where_a_template_fails_the_shipped_one_stands_in_and_it_is_seen_until_it_is_changed() {
    let (company, ada, dana) = with_admin().await;
    company.template_is(Kind::RecordOpened, "Subject: x\n\n{{ gone }}\n").await;
    company.template_is(Kind::Offered, "no subject").await;
    company.opened(deal("1", Some("dana"))).await;
    let letter = company.told_of(dana, "Customer 1").await;
    assert!(letter.body.contains("Hello dana"), "{}", letter.body);
    let of = |kind: Kind, all: &[OwnTemplate]| all.iter().find(|one| one.kind == kind).unwrap().clone();
    let all = company.app.own_templates(&ada).await.unwrap();
    assert_eq!(all.len(), Kind::ALL.len());
    let failed = of(Kind::RecordOpened, &all).failed.unwrap();
    assert!(failed.reason.contains("line 3") && failed.reason.contains("`gone` is not known"), "{failed:?}");
    assert_eq!(of(Kind::Offered, &all).failed, None, "it was not needed yet");
    company.app.save_template(&ada, Kind::RecordOpened, Some(OWN), Some(1)).await.unwrap();
    assert_eq!(company.app.own_template(&ada, Kind::RecordOpened).await.unwrap().failed, None);
}
