//! Records open when their time comes: "signature expected within thirty days" becomes true by waiting (R0.5).

use throughline_domain::{OrgId, deal::Deal};

use super::Swept;
use crate::{
    App, AppError, Caller,
    deals::{DealOptions, Taken},
};

/// Deals read at a time.
const PAGE: u32 = 500;

impl App {
    /// Opens the records of an organisation's deals whose time has come. Deals that are opened already, lost or of no
    /// interest stay as they are, however many nodes look.
    pub async fn sweep_openings(&self, org: OrgId) -> Result<Swept, AppError> {
        let (caller, house) = (Caller::system(org), self.house(org).await?);
        let (mut swept, mut after) = (Swept::default(), None);
        loop {
            let page = self.store.deals_without(org, after.take(), PAGE).await?;
            let Some(last) = page.last().map(|row| row.key.clone()) else { return Ok(swept) };
            for row in page {
                let Ok(deal) = serde_json::from_str::<Deal>(&row.body) else { continue };
                if deal.standing.is_gone() {
                    continue;
                }
                match self.take_row(&caller, &house, deal, true, DealOptions::default()).await {
                    Ok(answer) if answer.taken == Taken::Opened => swept.taken += 1,
                    Ok(_) => {}
                    Err(why) => {
                        tracing::warn!(deal = %row.key, %why, "a deal whose time has come cannot be opened");
                        swept.failed += 1;
                    }
                }
            }
            after = Some(last);
        }
    }
}
