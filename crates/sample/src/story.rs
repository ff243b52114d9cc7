//! The plays: each deal is led to where the demo finds it, by the people and commands that would lead it there.

mod acts;
mod customer;
mod open;
mod won;

use self::{open::*, won::*};
use super::stage::{Sold, Stage};
use crate::failure::Failure;

const AMARA: &str = "Amara Osei";
const JONAS: &str = "Jonas Brandt";

fn sold(id: &'static str, account: &'static str, name: &'static str, owner: &'static str, arr: i64) -> Sold {
    Sold {
        id,
        name,
        account,
        stage: "Negotiation",
        arr,
        probability: 60,
        owner,
        plan: "Business",
        deal_type: "New business",
        competitor: None,
    }
}

/// Plays everything and ends now.
pub async fn play(stage: &Stage<'_>) -> Result<(), Failure> {
    tarn_valley(stage).await?;
    quillon(stage).await?;
    pellworth(stage).await?;
    ridgeway(stage).await?;
    solvane(stage).await?;
    ostrava(stage).await?;
    nordhavn(stage).await?;
    kestrel(stage).await?;
    umber(stage).await?;
    verano(stage).await?;
    brightwater(stage).await?;
    wexford(stage).await?;
    yarrow(stage).await?;
    halden(stage).await
}
