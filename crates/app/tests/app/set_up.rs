//! What an organisation starts with.

use throughline_app::deals::Taken;
use throughline_domain::deal::{Deal, Standing};

use crate::company::{PASSWORD, company, deal, secret_in, staffed};

fn won(id: &str, at: &str) -> Deal {
    let at: jiff::Timestamp = at.parse().unwrap();
    Deal { standing: Standing::Won, closed_at: Some(at), source_time: at, ..deal(id, None) }
}

#[tokio::test]
async fn the_go_live_date_is_the_day_an_organisation_is_made_and_stays() {
    let company = staffed().await;
    assert_eq!(company.put(won("before", "2026-02-27T12:00:00Z")).await.taken, Taken::History);
    company.clock.set("2026-03-12T08:00:00Z".parse().unwrap());
    assert_eq!(company.put(won("yesterday", "2026-03-11T12:00:00Z")).await.taken, Taken::Opened);
    assert_eq!(company.put(won("long ago", "2026-03-01T12:00:00Z")).await.taken, Taken::History);
}

#[tokio::test]
async fn the_first_set_up_takes_the_day_of_its_own_zone() {
    let company = company().await;
    // The second in UTC, the third in Auckland.
    let link = company.app.setup_link().await.unwrap().unwrap();
    company.clock.set("2026-03-02T20:00:00Z".parse().unwrap());
    let password = PASSWORD.to_owned();
    let set_up =
        company.app.set_up(secret_in(&link), "Acme", "Pacific/Auckland", "Ada", "ada@acme.example", password);
    let (org, _) = set_up.await.unwrap();
    let org = company.app.organisation(org).await.unwrap();
    assert_eq!(org.go_live_on, Some(jiff::civil::date(2026, 3, 3)));
}
