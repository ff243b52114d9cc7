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

/// Plays everything and ends now. Each play is a long way with little to keep: it lies on the heap, so that whoever plays
/// needs no deeper a stack than for anything else.
///
/// # Errors
/// [`PlayError`] when the application would not have some of it.
pub async fn play(stage: &Stage<'_>) -> Result<(), PlayError> {
    Box::pin(tarn_valley(stage)).await?;
    Box::pin(quillon(stage)).await?;
    let pellworth = Box::pin(pellworth(stage)).await?;
    Box::pin(pellworths_own_part(stage, pellworth)).await?;
    Box::pin(ridgeway(stage)).await?;
    Box::pin(solvane(stage)).await?;
    Box::pin(ostrava(stage)).await?;
    Box::pin(nordhavn(stage)).await?;
    Box::pin(kestrel(stage)).await?;
    Box::pin(umber(stage)).await?;
    Box::pin(verano(stage)).await?;
    Box::pin(brightwater(stage)).await?;
    Box::pin(wexford(stage)).await?;
    Box::pin(yarrow(stage)).await?;
    Box::pin(halden(stage)).await
}

/// Plays one deal of every kind and ends now. Nobody outside takes part, as nothing is mailed.
///
/// # Errors
/// [`PlayError`] when the application would not have some of it.
pub async fn play_short(stage: &Stage<'_>) -> Result<(), PlayError> {
    Box::pin(quillon(stage)).await?;
    Box::pin(pellworth(stage)).await?;
    Box::pin(solvane(stage)).await?;
    Box::pin(ostrava(stage)).await?;
    Box::pin(nordhavn(stage)).await?;
    Box::pin(kestrel(stage)).await?;
    Box::pin(umber(stage)).await?;
    Box::pin(verano(stage)).await?;
    Box::pin(brightwater(stage)).await?;
    Box::pin(halden(stage)).await
}
