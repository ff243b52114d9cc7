//! Rows becoming deals, many on their way at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroUsize,
    sync::Arc,
};

use jiff::Timestamp;
use throughline_connect::{
    self as connect, Amount, DealRow, Export, Fault, Moment, Reason, Reject, RejectsWriter,
};
use throughline_domain::{
    Money, Personal,
    deal::{Deal, DealKey, Standing},
};
use tokio::task::JoinSet;

use super::{Counts, Outcome, Refused, TOLD};
use crate::{
    App, AppError, Caller,
    deals::{DealOptions, House, Taken, check, crm_person},
};

/// Rows on their way at once: enough that one durable commit holds many of them.
const IN_FLIGHT: NonZeroUsize = NonZeroUsize::new(64).unwrap();

/// An import under way.
pub(super) struct Intake<'a> {
    pub app: &'a App,
    pub caller: &'a Caller,
    pub house: Arc<House>,
    pub source: String,
    pub options: DealOptions,
    pub now: Timestamp,
    /// The ids met, where they are to be held against what is known.
    pub ids: Option<BTreeSet<String>>,
    pub counts: Counts,
    pub nameless: u64,
    pub refused: Vec<Refused>,
    pub rejects: Option<RejectsWriter<Vec<u8>>>,
    pub running: JoinSet<Result<Taken, AppError>>,
}

impl Intake<'_> {
    pub async fn take(
        &mut self,
        export: &Export<'_>,
        row: Result<DealRow, Reject>,
        cells: impl Fn() -> Vec<String>,
    ) -> Result<(), AppError> {
        self.counts.read += 1;
        let row = match row {
            Ok(row) => row,
            Err(reject) => return self.refuse(export, &reject),
        };
        let line = row.line;
        let dated = row.modified.is_some();
        self.nameless += u64::from(row.account_name.is_none());
        if let Some(ids) = &mut self.ids {
            ids.insert(row.external_id.clone());
        }
        let deal = match self.deal(row) {
            Ok(deal) => deal,
            Err((field, reason)) => {
                let fault = Fault::new(line, None, "", Reason::NotTaken(format!("{field} {reason}")));
                return self.refuse(export, &Reject { line, faults: vec![fault], cells: cells() });
            }
        };
        while self.running.len() >= IN_FLIGHT.get() {
            self.settle().await?;
        }
        // Rows of one customer or owner may run beside each other: who comes second finds what the first made.
        let (app, caller, house) = (self.app.clone(), self.caller.clone(), Arc::clone(&self.house));
        let options = self.options;
        self.running
            .spawn(async move { Ok(app.take_row(&caller, &house, deal, dated, options).await?.taken) });
        Ok(())
    }

    async fn settle(&mut self) -> Result<(), AppError> {
        if let Some(taken) = self.running.join_next().await {
            self.counts.count(taken.map_err(AppError::broken)??);
        }
        Ok(())
    }

    pub async fn finish(&mut self) -> Result<(), AppError> {
        while !self.running.is_empty() {
            self.settle().await?;
        }
        Ok(())
    }

    fn refuse(&mut self, export: &Export<'_>, reject: &Reject) -> Result<(), AppError> {
        self.counts.refused += 1;
        if self.refused.len() < TOLD {
            self.refused.extend(reject.faults.iter().map(Refused::from));
        }
        if self.rejects.is_none() {
            self.rejects = Some(RejectsWriter::new(export, Vec::new()).map_err(AppError::broken)?);
        }
        match &mut self.rejects {
            Some(writer) => writer.write(reject).map_err(AppError::broken),
            None => Ok(()),
        }
    }

    /// The row as a deal, or the field that cannot be taken and why.
    fn deal(&self, row: DealRow) -> Result<Deal, (String, String)> {
        let zone = self.house.org.calendar.zone().time_zone();
        let start = |moment: Option<Moment>| moment.and_then(|moment| moment.start(zone));
        let account =
            row.account_name.clone().or_else(|| row.account_id.clone()).unwrap_or_else(|| row.name.clone());
        let standing = match (row.is_deleted, row.outcome) {
            (true, _) => Standing::Deleted,
            (false, Outcome::Won) => Standing::Won,
            (false, Outcome::Lost) => Standing::Lost,
            (false, Outcome::Open) => Standing::Open,
        };
        let deal = Deal {
            key: DealKey { source: self.source.clone(), external_id: row.external_id },
            source_time: start(row.modified).unwrap_or(self.now),
            name: one_line(&row.name),
            account: one_line(&account),
            account_external_id: row.account_id,
            stage: row.stage.map(|stage| one_line(&stage)).unwrap_or_default(),
            standing,
            amount: row.amount.and_then(money),
            arr: row.arr.and_then(money),
            term_months: None,
            discount_percent: None,
            probability: row.probability.map(connect::Percent::whole),
            close_on: row.close_date,
            signed_at: start(row.signed_at),
            // Only what the file says. A close date alone tells the day the CRM expects, which `close_on` keeps.
            closed_at: start(row.closed_at),
            deal_type: row.deal_type,
            segment: row.segment,
            lead_source: row.lead_source,
            partner: row.partner,
            plan: row.plan,
            renews_on: row.renewal_date,
            competitor: row.competitor,
            se_involved: None,
            existing_account: None,
            owner: crm_person(row.owner.id, row.owner.name.as_deref(), row.owner.email.as_deref()),
            csm: crm_person(row.csm.id, row.csm.name.as_deref(), row.csm.email.as_deref()),
            extra: extra(row.extra),
        };
        match check(&deal) {
            Ok(()) => Ok(deal),
            Err(AppError::Invalid { field, reason }) => Err((field, reason)),
            Err(other) => Err(("row".to_owned(), other.to_string())),
        }
    }
}

/// Both sides count in the minor units of ISO 4217; a currency nobody named is the one ISO calls none.
fn money(amount: Amount) -> Option<Money> {
    let code = amount.currency.map_or_else(|| "XXX".to_owned(), |currency| currency.code().to_owned());
    Some(Money { minor: amount.minor, currency: code.parse().ok()? })
}

/// Line breaks and other controls become blanks: names are one line here.
fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.trim().to_owned()
}

fn extra(columns: BTreeMap<String, String>) -> BTreeMap<String, Personal> {
    let printable = |text: &str| -> String {
        text.chars()
            .map(|c| if c.is_control() && !matches!(c, '\n' | '\r' | '\t') { ' ' } else { c })
            .collect()
    };
    let kept =
        columns.into_iter().filter_map(|(name, text)| Some((name, Personal::parse(&printable(&text)).ok()?)));
    kept.collect()
}
