//! What each CSM holds, and who is told.

use throughline_app::{AppError, HandleOptions, people::NewAbsence};
use throughline_domain::{Role, access::Action, handoff::command::Nominate};

use crate::company::{deal, staffed};

#[tokio::test]
async fn who_is_here_comes_before_who_is_away_and_then_who_holds_least() {
    let company = staffed().await;
    let app = &company.app;
    company.join("dana", &[Role::Ae], None).await;
    let mei = company.join("mei", &[Role::Csm], None).await;
    let luca = company.join("luca", &[Role::Csm], None).await;
    let away = company.join("ana", &[Role::Csm], None).await;
    let lea = company.join("lea", &[Role::CsLeader], None).await;
    for (number, csm) in [(1, mei), (2, mei), (3, mei), (4, luca), (5, mei), (6, mei)] {
        let mut deal = deal(&number.to_string(), Some("dana"));
        deal.arr = Some(throughline_domain::Money {
            minor: 100_000 * number,
            currency: if number == 5 { "USD".parse().unwrap() } else { "EUR".parse().unwrap() },
        });
        let id = company.opened(deal).await.id;
        app.handle(&company.system(), id, Nominate { csm }, HandleOptions::default()).await.unwrap();
    }
    let today = "2026-03-02".parse().unwrap();
    let absence = NewAbsence { from: today, until: "2026-03-06".parse().unwrap(), stand_in: mei };
    app.set_absence(&company.system(), away, absence).await.unwrap();
    let leader = company.caller(lea).await;
    let found = app.workloads(&leader).await.unwrap();
    let told: Vec<_> = found
        .iter()
        .map(|one| {
            let arr: Vec<_> = one.arr.iter().map(|sum| (sum.minor, sum.currency.to_string())).collect();
            (one.person.name.as_str(), one.nominated, one.all(), arr, one.room.name())
        })
        .collect();
    let (eur, usd) = (|minor| (minor, "EUR".to_owned()), |minor| (minor, "USD".to_owned()));
    assert_eq!(
        told,
        [
            ("luca", 1, 1, vec![eur(400_000)], "much"),
            ("mei", 5, 5, vec![eur(1_200_000), usd(500_000)], "little"),
            ("ana", 0, 0, vec![], "much"),
        ]
    );
    assert_eq!(found[2].stood_in_by.as_ref().map(|person| person.id), Some(mei));
    let auditor = company.join("aud", &[Role::Auditor], None).await;
    let refused = app.workloads(&company.caller(auditor).await).await;
    assert!(matches!(refused, Err(AppError::Forbidden(Action::Nominate))));
}
