//! The CRM's news: each told at least once, some twice, in any order, some days late; over the API or as events.

use jiff::{SignedDuration, Timestamp};
use throughline_app::{App, AppError, Caller, deals::DealOptions};
use throughline_domain::{Actor, OrgId, deal::Deal};
use throughline_store::{Audit, Change, EventRow, ports::ApplyError};

use crate::company::SOURCE;

/// A reading on its way.
pub struct Delivery {
    pub deal: Deal,
    pub number: usize,
    /// Not told before this.
    pub from: Timestamp,
    /// How often it is still to be told.
    pub left: u32,
    pub under_way: bool,
}

/// Tells it. Whether it arrived for certain.
pub async fn tells(app: &App, org: OrgId, deal: Deal, number: usize) -> Result<bool, AppError> {
    if deal.key.source != SOURCE {
        let told = app.put_deal(&Caller::system(org), deal, DealOptions::default()).await;
        return match told {
            Ok(_) => Ok(true),
            Err(AppError::Unavailable(_) | AppError::Conflict(_) | AppError::Stale { .. }) => Ok(false),
            Err(other) => Err(other),
        };
    }
    let row = EventRow {
        source: SOURCE.to_owned(),
        id: format!("event-{number}"),
        received_at: app.now(),
        tries: 0,
        body: event(&deal),
    };
    let audit = Audit {
        at: app.now(),
        by: Actor::System,
        action: "receive-event".to_owned(),
        subject: row.id.clone(),
        detail: serde_json::Value::Null,
    };
    match app.store().apply(org, vec![Change::Receive(row)], audit).await {
        Ok(()) | Err(ApplyError::Conflict(_)) => Ok(true),
        Err(_) => Ok(false),
    }
}

fn event(deal: &Deal) -> Vec<u8> {
    let mut data = serde_json::to_value(deal).unwrap();
    let fields = data.as_object_mut().unwrap();
    fields.remove("source");
    fields.retain(|_, value| !value.is_null());
    serde_json::to_vec(&serde_json::json!({ "type": "deal.upserted", "data": data })).unwrap()
}

/// When news of that time comes: mostly soon, sometimes days late.
pub fn late(dice: &crate::dice::Dice, deal: &Deal) -> Timestamp {
    let minutes = if dice.one_in(4) { dice.within(60, 5 * 24 * 60) } else { dice.within(0, 30) };
    deal.source_time + SignedDuration::from_mins(minutes)
}
