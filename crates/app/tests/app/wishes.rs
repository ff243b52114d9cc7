//! Who says how they want to be told is told so, what waits already included (R3.13).

use jiff::Timestamp;
use throughline_app::{AppError, wishes::mark_of};
use throughline_domain::{PersonId, notify::Notify};

use crate::{
    company::{Company, deal},
    sweeps::{Server, sold, with_mail},
};

fn wishes(text: &str) -> Notify {
    serde_json::from_str(text).unwrap()
}

impl Company {
    async fn wish(&self, person: PersonId, text: &str) {
        self.app.set_my_wishes(&self.caller(person).await, wishes(text), None).await.unwrap();
    }

    async fn mails_at(&self, when: &str) {
        self.clock.set(when.parse().unwrap());
        while self.app.sweep_post().await.unwrap().taken > 0 {}
    }

    async fn waits_until(&self, person: PersonId) -> Vec<Timestamp> {
        let post = self.app.my_post(&self.caller(person).await).await.unwrap();
        post.into_iter().map(|posting| posting.at).collect()
    }

    async fn mail_lines(&self) -> Vec<String> {
        let rows = self.app.store().audit(self.org, None, 200).await.unwrap();
        rows.into_iter()
            .filter(|(_, row)| row.action == "mail")
            .map(|(_, row)| row.detail.to_string())
            .collect()
    }
}

/// A company in which a letter to Dana waits for her daily mail at seven in the evening, in Berlin.
async fn waiting() -> (Company, std::sync::Arc<Server>, PersonId) {
    let (mut company, dana, _) = sold().await;
    let server = with_mail(&mut company);
    company.wish(dana, r#"{"digest":"19:00"}"#).await;
    company.sweeps().await;
    assert_eq!(company.waits_until(dana).await, ["2026-03-02T18:00:00Z".parse().unwrap()]);
    (company, server, dana)
}

#[tokio::test]
async fn what_waits_for_a_daily_mail_is_mailed_at_once_when_at_once_is_wanted() {
    let (company, server, dana) = waiting().await;
    company.wish(dana, "{}").await;
    company.mails_at("2026-03-02T08:00:01Z").await;
    assert_eq!(server.subjects().len(), 1);
    assert_eq!(company.waits_until(dana).await, []);
}

#[tokio::test]
async fn what_waits_moves_to_the_new_time_or_the_end_of_quiet_hours() {
    let (company, server, dana) = waiting().await;
    company.wish(dana, r#"{"digest":"08:30"}"#).await;
    // Half past eight has gone by in Berlin.
    assert_eq!(company.waits_until(dana).await, ["2026-03-03T07:30:00Z".parse().unwrap()]);
    company.wish(dana, r#"{"quiet":{"from":"06:00","until":"12:00"}}"#).await;
    assert_eq!(company.waits_until(dana).await, ["2026-03-02T11:00:00Z".parse().unwrap()]);
    let caller = company.caller(dana).await;
    company.app.set_my_zone(&caller, Some("America/New_York")).await.unwrap();
    assert_eq!(company.waits_until(dana).await, ["2026-03-02T08:00:00Z".parse().unwrap()], "it is 3 there");
    company.mails_at("2026-03-02T08:00:01Z").await;
    assert_eq!(server.subjects().len(), 1);
}

#[tokio::test]
async fn what_is_not_wanted_any_more_is_taken_off_and_lies_in_the_product() {
    for unwanted in [r#"{"mail":false}"#, r#"{"digest":"19:00","muted":["progress"]}"#] {
        let (company, server, dana) = waiting().await;
        company.wish(dana, unwanted).await;
        assert_eq!(company.waits_until(dana).await, [], "{unwanted}");
        company.mails_at("2026-03-03T18:00:01Z").await;
        assert_eq!(server.subjects(), []);
        let letters = company.app.store().letters(company.org, Some(dana), None, 9).await.unwrap();
        assert!(letters.iter().any(|letter| letter.handoff.is_some()));
    }
}

#[tokio::test]
async fn a_letter_made_under_old_wishes_is_not_mailed_against_the_new() {
    let (company, server, dana) = waiting().await;
    // As a node leaves it that read the person just before they changed their mind.
    let mut person = company.app.store().person(company.org, dana).await.unwrap().unwrap();
    person.notify = wishes(r#"{"muted":["progress"]}"#);
    company.puts(person).await;
    company.mails_at("2026-03-02T18:00:00Z").await;
    assert_eq!((server.subjects(), company.waits_until(dana).await), (vec![], vec![]));
    assert!(company.mail_lines().await.iter().any(|line| line.contains("not_wanted")));
}

#[tokio::test]
async fn what_comes_late_waits_for_the_end_of_quiet_hours() {
    let (company, server, dana) = waiting().await;
    company.wish(dana, r#"{"digest":"19:00","quiet":{"from":"20:00","until":"07:00"}}"#).await;
    // Nobody served at seven: it is past midnight in Berlin.
    company.mails_at("2026-03-03T00:30:00Z").await;
    assert_eq!(server.subjects(), []);
    assert_eq!(company.waits_until(dana).await, ["2026-03-03T06:00:00Z".parse().unwrap()]);
    company.mails_at("2026-03-03T06:00:00Z").await;
    assert_eq!(server.subjects().len(), 1);
}

#[tokio::test]
async fn a_mail_that_a_server_put_off_keeps_its_turn() {
    let (company, server, dana) = waiting().await;
    server.answers(throughline_messages::PostError::later("busy"));
    company.mails_at("2026-03-02T18:00:00Z").await;
    let turn: Timestamp = "2026-03-02T18:01:00Z".parse().unwrap();
    assert_eq!(company.waits_until(dana).await, [turn]);
    company.wish(dana, "{}").await;
    assert_eq!(company.waits_until(dana).await, [turn]);
    company.wish(dana, r#"{"digest":"21:00"}"#).await;
    assert_eq!(company.waits_until(dana).await, ["2026-03-02T20:00:00Z".parse().unwrap()]);
}

#[tokio::test]
async fn wishes_are_set_by_who_read_them_last_and_make_sense() {
    let (company, dana, _) = sold().await;
    let caller = company.caller(dana).await;
    let first = mark_of(&company.app.my_wishes(&caller).await.unwrap());
    let quiet = wishes(r#"{"quiet":{"from":"20:00","until":"07:00"}}"#);
    company.app.set_my_wishes(&caller, quiet.clone(), Some(first)).await.unwrap();
    let late = company.app.set_my_wishes(&caller, Notify::default(), Some(first)).await;
    assert!(matches!(late, Err(AppError::Stale { current }) if current == mark_of(&quiet)));
    let nothing = wishes(r#"{"quiet":{"from":"20:00","until":"20:00"}}"#);
    let refused = company.app.set_my_wishes(&caller, nothing, None).await;
    assert!(matches!(refused, Err(AppError::Invalid { field, .. }) if field == "quiet.until"));
    assert_eq!(company.app.my_wishes(&caller).await.unwrap(), quiet);
    // The same again changes nothing and leaves no line.
    let lines = company.app.store().audit(company.org, None, 200).await.unwrap().len();
    company.app.set_my_wishes(&caller, quiet, None).await.unwrap();
    assert_eq!(company.app.store().audit(company.org, None, 200).await.unwrap().len(), lines);
    let program = company.app.my_wishes(&company.system()).await;
    assert!(matches!(program, Err(AppError::NotFound(_))), "a program has none");
}

#[tokio::test]
async fn a_mail_says_where_wishes_are_set() {
    let (company, server, dana) = waiting().await;
    company.wish(dana, "{}").await;
    company.mails_at("2026-03-02T08:00:01Z").await;
    assert!(server.texts()[0].contains("https://handoffs.acme.example/settings/notifications"));
    company.wish(dana, r#"{"digest":"19:00"}"#).await;
    for number in ["2", "3"] {
        company.opened(deal(number, Some("dana"))).await;
    }
    company.sweeps().await;
    company.mails_at("2026-03-02T18:00:00Z").await;
    let digest = &server.texts()[1];
    assert!(
        digest.contains("How you are told: https://handoffs.acme.example/settings/notifications"),
        "{digest}"
    );
}
