//! The account a deal belongs to, and what its earlier handoffs leave to the next (R0.7).

use std::collections::BTreeSet;

use throughline_domain::{
    AccountId,
    deal::Deal,
    record::{Body, Carried, Item},
};
use throughline_store::{Account, ApplyError, Change, HandoffRow, Org};

use crate::{App, AppError, Caller};

impl App {
    /// What the account's last accepted handoff leaves to the next deal (R0.7). Its promises stay where they are
    /// kept or broken.
    pub(super) async fn carried(
        &self,
        org: &Org,
        of_account: &[HandoffRow],
    ) -> Result<Vec<Carried>, AppError> {
        let accepted = |row: &&HandoffRow| runs(row) && matches!(row.stage.as_str(), "assigned" | "owned");
        let Some(last) = newest(of_account.iter().filter(accepted)) else { return Ok(Vec::new()) };
        let items = self.load(org.id, last.id).await?.handoff.record.items.into_values();
        let stays = |item: &Item| !matches!(item.body, Body::Promise(_));
        Ok(items.filter(stays).map(|Item { body, evidence, .. }| Carried { body, evidence }).collect())
    }

    /// The account a deal names, when it is known.
    pub(super) async fn known_account(&self, org: &Org, deal: &Deal) -> Result<Option<AccountId>, AppError> {
        Ok(self.store.account_by_alias(org.id, &alias(deal)).await?.map(|account| account.id))
    }

    /// Adds the account a deal names.
    pub(super) async fn add_account(
        &self,
        caller: &Caller,
        org: &Org,
        deal: &Deal,
    ) -> Result<AccountId, AppError> {
        let id = AccountId(self.fresh_id());
        let account = Account { id, name: deal.account.clone(), aliases: BTreeSet::from([alias(deal)]) };
        let audit = self.audit(caller, "add-account", &id.to_string(), serde_json::Value::Null);
        match self.store.apply(org.id, vec![Change::PutAccount(account)], audit).await {
            Ok(()) => Ok(id),
            // Another of its deals came in the same moment.
            Err(ApplyError::Conflict(why)) => {
                self.known_account(org, deal).await?.ok_or(AppError::Conflict(why))
            }
            Err(other) => Err(other.into()),
        }
    }
}

/// What an account is known by: its id in the CRM, or else its name.
fn alias(deal: &Deal) -> String {
    match &deal.account_external_id {
        Some(id) => format!("{}:{id}", deal.key.source),
        None => format!("name:{}", deal.account.trim().to_lowercase()),
    }
}

/// Whether a handoff is of the process: neither history nor stopped.
pub(super) fn runs(row: &HandoffRow) -> bool {
    matches!(row.life.as_str(), "live" | "done")
}

/// The one opened last.
pub(super) fn newest<'r>(rows: impl Iterator<Item = &'r HandoffRow>) -> Option<&'r HandoffRow> {
    rows.max_by_key(|row| (row.opened_at, row.id))
}
