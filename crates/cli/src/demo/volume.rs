//! More of the same: deals by the thousand, so that lists and gates can be tried at size. Plain and deterministic:
//! the n-th deal is the same every time, counted from today.

use std::{
    collections::BTreeMap,
    io::{IsTerminal as _, Write as _},
};

use jiff::{SignedDuration, Timestamp};
use throughline_app::{App, AppError, Caller, deals::DealOptions};
use throughline_domain::{
    Money, OrgId,
    deal::{Deal, DealKey, Standing},
};
use throughline_sample::{SOURCE, Script, Stage, email_of};
use tokio::task::JoinSet;

use crate::failure::Failure;

/// How many deals the story itself has.
const OWN: u32 = 15;
/// Deals on their way at once.
const IN_FLIGHT: usize = 64;

const FIRST: [&str; 25] = [
    "Alder", "Birch", "Cedar", "Dover", "Ember", "Fjord", "Garnet", "Harbor", "Iris", "Juniper", "Kepler",
    "Linden", "Maple", "North", "Opal", "Prairie", "Quarry", "River", "Sable", "Thistle", "Upland", "Velvet",
    "Willow", "Yonder", "Zephyr",
];
const SECOND: [&str; 20] = [
    "brook", "field", "gate", "haven", "land", "mark", "mill", "mont", "port", "ridge", "side", "stone",
    "ton", "vale", "view", "ward", "well", "wick", "wood", "worth",
];
const TRADE: [&str; 20] = [
    "Foods",
    "Energy",
    "Clinics",
    "Logistics",
    "Retail",
    "Insurance",
    "Textiles",
    "Water",
    "Rail",
    "Schools",
    "Hotels",
    "Chemicals",
    "Timber",
    "Glass",
    "Dairy",
    "Transit",
    "Media",
    "Steel",
    "Farms",
    "Marine",
];
const OWNERS: [&str; 2] = ["Amara Osei", "Jonas Brandt"];

/// Makes deals until there are `wanted` in all, telling how far it is on standard error. Each is told of on its day, and
/// clocks say what they have to say on theirs, up to now.
pub async fn multiply(stage: &Stage<'_>, wanted: u32) -> Result<(), Failure> {
    let more = wanted.saturating_sub(OWN);
    if more == 0 {
        return Ok(());
    }
    let script = &stage.script;
    let mut hours: BTreeMap<Timestamp, Vec<Deal>> = BTreeMap::new();
    for deal in (0..more).map(|number| deal(number, script)) {
        hours.entry(script.hour_after(deal.source_time)).or_default().push(deal);
    }
    let mut made = 0;
    for (hour, deals) in hours {
        stage.at(hour).await?;
        made += deals.len();
        all(stage.app, stage.cast.org, deals).await?;
        if on_a_terminal() {
            tell(format_args!("\r{made} of {more} further deals"));
        }
    }
    stage.at(script.minutes_ago(0)).await?;
    tell(format_args!("{}{wanted} deals are there\n", if on_a_terminal() { "\r\x1b[K" } else { "" }));
    Ok(())
}

/// Tells of deals, many at a time.
async fn all(app: &App, org: OrgId, deals: Vec<Deal>) -> Result<(), AppError> {
    let mut running: JoinSet<Result<(), AppError>> = JoinSet::new();
    for deal in deals {
        while running.len() >= IN_FLIGHT {
            one_done(&mut running).await?;
        }
        let app = app.clone();
        running.spawn(async move {
            app.put_deal(&Caller::system(org), deal, DealOptions::default()).await.map(drop)
        });
    }
    while !running.is_empty() {
        one_done(&mut running).await?;
    }
    Ok(())
}

async fn one_done(running: &mut JoinSet<Result<(), AppError>>) -> Result<(), AppError> {
    match running.join_next().await {
        Some(done) => done.map_err(AppError::broken)?,
        None => Ok(()),
    }
}

/// A count that is written over itself is for a terminal; in a log only the end is worth a line.
fn on_a_terminal() -> bool {
    std::io::stderr().is_terminal()
}

fn tell(text: std::fmt::Arguments<'_>) {
    // Where standard error is closed, nobody misses the progress.
    drop(std::io::stderr().lock().write_fmt(text));
}

/// The n-th deal: of ten, one is history, one was signed past the gate, one is far off, seven are being sold.
fn deal(number: u32, script: &Script) -> Deal {
    let place = number as usize;
    let account = format!(
        "{}{} {}",
        FIRST[place % FIRST.len()],
        SECOND[place / FIRST.len() % SECOND.len()],
        TRADE[place / (FIRST.len() * SECOND.len()) % TRADE.len()]
    );
    let spread = i64::from(number / 10 % 25);
    let back = u32::try_from(spread).unwrap_or(0);
    let (standing, close_on, closed, stage, probability) = match number % 10 {
        0 => {
            let closed = script.back(90 + back, 15, 0);
            (Standing::Won, script.date(closed), Some(closed), "Closed won", 100)
        }
        1 => {
            let closed = script.back(1 + back / 2, 15, 0);
            (Standing::Won, script.date(closed), Some(closed), "Closed won", 100)
        }
        2 => (Standing::Open, script.ahead(60 + spread), None, "Discovery", 20),
        rest => (
            Standing::Open,
            script.ahead(2 + spread),
            None,
            "Negotiation",
            40 + 5 * u8::try_from(rest).unwrap_or(0),
        ),
    };
    let owner = OWNERS[place % OWNERS.len()];
    let major = 4_000 + i64::from(number.wrapping_mul(2_654_435_761) % 90) * 1_000;
    let amount = "EUR".parse().ok().map(|currency| Money { minor: major * 100, currency });
    Deal {
        key: DealKey { source: SOURCE.to_owned(), external_id: format!("D-{}", 20_000 + number) },
        source_time: closed.unwrap_or_else(|| {
            script.back(1 + back, 9, 0) + SignedDuration::from_secs(i64::from(number % 3_600))
        }),
        name: format!("{} for {account}", ["Planning", "Field work", "Store tasks"][place % 3]),
        account,
        account_external_id: None,
        stage: stage.to_owned(),
        standing,
        amount,
        arr: amount,
        term_months: Some(12),
        discount_percent: Some(u8::try_from(number % 25).unwrap_or(0)),
        probability: Some(probability),
        close_on: Some(close_on),
        signed_at: closed,
        closed_at: closed,
        deal_type: Some("New business".to_owned()),
        segment: Some(["Small", "Mid-market", "Enterprise"][place % 3].to_owned()),
        lead_source: None,
        partner: None,
        plan: Some(["Starter", "Business", "Enterprise"][place % 3].to_owned()),
        renews_on: None,
        competitor: None,
        se_involved: Some(number.is_multiple_of(4)),
        existing_account: None,
        owner: throughline_app::deals::crm_person(None, Some(owner), Some(&email_of(owner))),
        csm: None,
        extra: Default::default(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use throughline_sample::ZONE;

    use super::*;

    #[test]
    fn every_deal_has_its_own_customer_and_is_the_same_each_time() {
        let script = Script::new("2026-11-20T12:00:00Z".parse().unwrap(), ZONE).unwrap();
        let accounts: BTreeSet<String> = (0..9_985).map(|number| deal(number, &script).account).collect();
        assert_eq!(accounts.len(), 9_985);
        assert_eq!(deal(4_711, &script), deal(4_711, &script));
    }
}
