//! A stream of events as the world delivers it, against the same news told once each and in order (reliability Q10).

use std::time::Instant;

use jiff::SignedDuration;
use serde_json::{Value, json};
use throughline_app::{App, deals::DealOptions, events::NotBelieved};
use throughline_connect::signature::{Key, sign};
use throughline_domain::{OrgId, deal::DealKey};
use throughline_store::EventState;

use super::{Sender, keyed, upserted};
use crate::company::{Company, TODAY, staffed};

/// Numbers that are the same again for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % most as u64) as usize
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

/// What a CRM has to tell: each deal's readings, in order, no two of a deal at the same time.
fn news(dice: &mut Dice, events: usize) -> Vec<Value> {
    let deals = (events / 8).max(1);
    let mut seconds = vec![0; deals];
    let mut told = Vec::new();
    while told.len() < events {
        let deal = dice.below(deals);
        seconds[deal] += 1 + dice.below(50) as i64;
        let at = TODAY.parse::<jiff::Timestamp>().unwrap() - SignedDuration::from_hours(48)
            + SignedDuration::from_secs(seconds[deal]);
        let mut data = json!({
            "external_id": format!("D-{deal}"), "source_time": at, "name": format!("Rollout {deal}, {}", told.len()),
            "account": format!("Customer {deal}"), "stage": format!("stage {}", dice.below(5)),
            "close_on": format!("2026-03-{:02}", 3 + dice.below(7)),
            "amount": { "minor": dice.below(1_000_000), "currency": "EUR" },
        });
        if dice.percent(10) {
            data["owner"] = json!({ "external_id": format!("005{}", dice.below(5)) });
        }
        told.push(upserted(data));
    }
    told
}

enum Kind {
    Good,
    Forged,
    Replayed,
}

struct Delivery {
    event: usize,
    kind: Kind,
}

/// 30 % doubled, all shuffled, 10 % late, and among them 5 % forged and 5 % from more than five minutes ago.
fn delivered(dice: &mut Dice, events: usize) -> Vec<Delivery> {
    let (mut soon, mut late) = (Vec::new(), Vec::new());
    for event in 0..events {
        let copies = if dice.percent(30) { 2 } else { 1 };
        for _ in 0..copies {
            if dice.percent(10) { &mut late } else { &mut soon }.push(Delivery { event, kind: Kind::Good });
        }
        for (kind, chance) in [(Kind::Forged, 5), (Kind::Replayed, 5)] {
            if dice.percent(chance) {
                soon.push(Delivery { event, kind });
            }
        }
    }
    dice.shuffle(&mut soon);
    dice.shuffle(&mut late);
    soon.extend(late);
    soon
}

/// What is known of a deal in the end, without what differs from run to run: ids and the time we heard of it.
async fn known(app: &App, org: OrgId, id: &str) -> Value {
    let key = DealKey { source: "crm".to_owned(), external_id: id.to_owned() };
    let Some(row) = app.store().deal(org, &key).await.unwrap() else { return Value::Null };
    let Some(handoff) = row.handoff else { return json!({ "deal": row.body }) };
    let handoff = app.load(org, handoff).await.unwrap().handoff;
    json!({ "deal": handoff.deal, "life": handoff.life })
}

struct Figures {
    deliveries: usize,
    new: usize,
    refused: usize,
    differences: Vec<String>,
}

async fn run(seed: u64, events: usize) -> Figures {
    let mut dice = Dice(seed);
    let news = news(&mut dice, events);
    let (once, world) = (keyed(staffed().await), keyed(staffed().await));
    for event in &news {
        let mut data = event["data"].clone();
        data["source"] = json!("crm");
        once.app
            .put_deal(&once.system(), serde_json::from_value(data).unwrap(), DealOptions::default())
            .await
            .unwrap();
    }

    let crm = Sender::added(&world, "crm").await;
    let stranger = Key::parse("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX").unwrap();
    let mut figures = Figures { deliveries: 0, new: 0, refused: 0, differences: Vec::new() };
    for Delivery { event, kind } in delivered(&mut dice, events) {
        let (id, body, now) = (format!("evt-{event}"), news[event].to_string(), world.app.now());
        figures.deliveries += 1;
        let answer = match kind {
            Kind::Good => crm.send_as_of(now, &id, &body).await,
            Kind::Replayed => crm.send_as_of(now - SignedDuration::from_secs(301), &id, &body).await,
            Kind::Forged if dice.percent(50) => {
                let changed = body.replace("Rollout", "Forgery");
                let signature = sign(&crm.key, &id, now, body.as_bytes()).unwrap();
                forged(&world, &id, &signature, &changed).await
            }
            Kind::Forged => {
                let changed = body.replace("Rollout", "Forgery");
                let signature = sign(&stranger, &id, now, changed.as_bytes()).unwrap();
                forged(&world, &id, &signature, &changed).await
            }
        };
        match (answer, kind) {
            (Ok(received), Kind::Good) => {
                figures.new += usize::from(received == throughline_app::events::Received::New);
            }
            (Err(NotBelieved::Signature), Kind::Forged | Kind::Replayed) => figures.refused += 1,
            (answer, _) => figures.differences.push(format!("{id}: {answer:?}")),
        }
        if dice.percent(2) {
            world.app.sweep_events().await.unwrap();
        }
    }
    while world.app.sweep_events().await.unwrap() > 0 {}

    for deal in 0..(events / 8).max(1) {
        let id = format!("D-{deal}");
        let (wanted, got) = (known(&once.app, once.org, &id).await, known(&world.app, world.org, &id).await);
        if wanted != got {
            figures.differences.push(format!("{id}: in order once: {wanted}\nas delivered: {got}"));
        }
    }
    let seen = world.app.events(&world.system(), None, 200).await.unwrap();
    let undone = seen.iter().filter(|event| event.state != EventState::Done);
    figures.differences.extend(undone.map(|event| format!("{event:?}")));
    figures
}

async fn forged(
    world: &Company,
    id: &str,
    signature: &str,
    body: &str,
) -> Result<throughline_app::events::Received, NotBelieved> {
    use throughline_app::events::{Arrival, Claims};
    let time = world.app.now().as_second().to_string();
    let claims = Claims { id: Some(id), timestamp: Some(&time), signatures: Some(signature) };
    let arrival = Arrival { org: None, source: "crm", claims };
    let event = world.app.believe_event(arrival, body.as_bytes()).await?;
    Ok(world.app.receive_event(event).await?)
}

#[tokio::test]
async fn however_events_come_they_end_as_if_told_once_and_in_order() {
    for seed in 0..4 {
        let figures = run(seed, 150).await;
        assert!(figures.differences.is_empty(), "seed {seed}: {}", figures.differences.join("\n"));
        assert_eq!(figures.new, 150, "seed {seed}");
        assert!(
            figures.refused > 0 && figures.deliveries > 180,
            "seed {seed}: the stream has lost its forgeries"
        );
    }
}

#[tokio::test]
#[ignore = "takes minutes; run before a release"]
#[expect(clippy::disallowed_methods, reason = "the figures it prints tell how long it took")]
async fn a_hundred_thousand_deliveries_end_as_if_told_once_and_in_order() {
    let began = Instant::now();
    let (mut deliveries, mut new, mut refused, mut differences) = (0, 0, 0, Vec::new());
    // One after the other: the store in memory takes longer for each the more it holds.
    for seed in 0..20 {
        let figures = run(seed, 3_600).await;
        deliveries += figures.deliveries;
        new += figures.new;
        refused += figures.refused;
        differences.extend(figures.differences.into_iter().map(|what| format!("stream {seed}: {what}")));
    }
    println!(
        "{deliveries} deliveries, {new} kept, {refused} refused, {} differences, {:.0?}",
        differences.len(),
        began.elapsed()
    );
    assert!(deliveries >= 100_000, "only {deliveries} deliveries");
    assert_eq!(new, 72_000);
    assert!(differences.is_empty(), "{}", differences[..differences.len().min(5)].join("\n"));
}
