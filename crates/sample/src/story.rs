//! The plays: each deal is led to where it is found, by the people and commands that would lead it there.

mod acts;
mod customer;
mod open;
mod won;

use self::{open::*, won::*};
use crate::{
    PlayError,
    stage::{Sold, Stage},
};

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
///
/// # Errors
/// [`PlayError`] when the application would not have some of it.
pub async fn play(stage: &Stage<'_>) -> Result<(), PlayError> {
    tarn_valley(stage).await?;
    quillon(stage).await?;
    let pellworth = pellworth(stage).await?;
    pellworths_own_part(stage, pellworth).await?;
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

/// Plays one deal of every kind and ends now. Nobody outside takes part, as nothing is mailed.
///
/// # Errors
/// [`PlayError`] when the application would not have some of it.
pub async fn play_short(stage: &Stage<'_>) -> Result<(), PlayError> {
    quillon(stage).await?;
    pellworth(stage).await?;
    solvane(stage).await?;
    ostrava(stage).await?;
    nordhavn(stage).await?;
    kestrel(stage).await?;
    umber(stage).await?;
    verano(stage).await?;
    halden(stage).await
}
