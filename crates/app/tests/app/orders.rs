//! The order in which a deal's readings come does not matter: late, early and again, what comes of them is what had come
//! of them one by one (reliability Q10).

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use throughline_app::orgs::Settings;
use throughline_domain::{
    deal::{Deal, DealKey},
    gate::Mode,
};

use crate::company::{Company, TODAY, deal, staffed};

/// Draws that a seed repeats.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for place in (1..all.len()).rev() {
            let other = usize::try_from(self.roll(place as u64 + 1)).unwrap();
            all.swap(place, other);
        }
    }
}

/// Readings of one deal, oldest first: some open its record, some do not, some show it won, lost or with a CSM.
fn readings(dice: &mut Dice, id: &str) -> Vec<Deal> {
    let start: Timestamp = TODAY.parse().unwrap();
    let many = 2 + dice.roll(4);
    (0..many)
        .map(|number| {
            let standing =
                ["open", "open", "open", "won", "lost", "deleted"][usize::try_from(dice.roll(6)).unwrap()];
            let mut raw: Value = serde_json::to_value(deal(id, None)).unwrap();
            raw["source_time"] = json!(start - SignedDuration::from_hours(24 - number.cast_signed()));
            raw["standing"] = json!(standing);
            raw["stage"] = json!(format!("Stage {number}"));
            raw["probability"] = json!([10, 60][usize::try_from(dice.roll(2)).unwrap()]);
            // Of a deal whose record is not open yet only the newest reading is kept, so a CSM that such a reading alone
            // shows is forgotten or not as it happens to come.
            let opens = standing == "won" || (standing == "open" && raw["probability"] == 60);
            if opens && dice.roll(3) == 0 {
                raw["csm"] = json!({ "external_id": format!("csm-{}", dice.roll(2)) });
            }
            serde_json::from_value(raw).unwrap()
        })
        .collect()
}

/// What came of a deal, without what tells one deal from another.
async fn outcome(company: &Company, id: &str) -> Value {
    let key = DealKey { source: "crm".to_owned(), external_id: id.to_owned() };
    let row = company.app.store().deal(company.org, &key).await.unwrap().unwrap();
    let Some(handoff) = row.handoff else {
        let kept: Deal = serde_json::from_str(&row.body).unwrap();
        return json!({ "kept": kept.stage, "at": kept.source_time });
    };
    let state = company.app.load(company.org, handoff).await.unwrap().handoff;
    let gates: BTreeMap<String, bool> = state
        .gates
        .iter()
        .map(|(gate, history)| (format!("{gate:?}"), history.bypassed.is_some()))
        .filter(|(_, bypassed)| *bypassed)
        .collect();
    let mut newest = state.deal.clone();
    newest.key.external_id.clear();
    (newest.name, newest.account) = Default::default();
    newest.existing_account = None;
    // Why it ended first, lost or deleted, is how it came to be told.
    let life = &json!(state.life)["life"];
    json!({ "life": life, "deal": newest, "bypassed": gates })
}

#[tokio::test]
async fn readings_of_a_deal_come_to_the_same_in_any_order_and_however_often() {
    let company = staffed().await;
    let settings = Settings { mode: Some(Mode::BlockClose), ..Settings::default() };
    company.app.change_settings(&company.system(), settings).await.unwrap();
    let (mut opened, mut kept, mut bypassed) = (0, 0, 0);
    for seed in 0..300 {
        let mut dice = Dice(seed);
        let (one, other) = (format!("one-{seed}"), format!("other-{seed}"));
        let in_turn = readings(&mut dice, &one);
        for reading in &in_turn {
            company.put(reading.clone()).await;
        }
        let mut anyhow: Vec<Deal> = in_turn
            .iter()
            .cloned()
            .map(|reading| {
                let key = DealKey { external_id: other.clone(), ..reading.key.clone() };
                Deal { key, account: format!("Customer {other}"), ..reading }
            })
            .collect();
        let again = usize::try_from(dice.roll(anyhow.len() as u64)).unwrap();
        anyhow.push(anyhow[again].clone());
        dice.shuffle(&mut anyhow);
        for reading in &anyhow {
            company.put(reading.clone()).await;
        }
        let (wanted, found) = (outcome(&company, &one).await, outcome(&company, &other).await);
        let order: Vec<&String> = anyhow.iter().map(|reading| &reading.stage).collect();
        let told: Vec<Value> = in_turn
            .iter()
            .map(|one| json!([one.stage, one.standing, one.probability.map(|it| it.to_string()), one.csm]))
            .collect();
        assert_eq!(found, wanted, "seed {seed}: {order:?} of {told:?}");
        kept += u32::from(wanted["kept"].is_string());
        opened += u32::from(wanted["life"] != Value::Null);
        bypassed += u32::from(wanted["bypassed"].as_object().is_some_and(|gates| !gates.is_empty()));
    }
    assert!(opened > 50 && kept > 20 && bypassed > 20, "{opened} opened, {kept} kept, {bypassed} bypassed");
}
