//! A company's own words for what people are told: kept, tried before they are kept, and used by whoever writes.
//!
//! Templates are read once and remembered for as long as the company's bear the same mark, which is asked for each
//! message: a change counts on every node at once. A company that changed none costs nothing more. A template that fails
//! when it is needed never costs a message: the shipped one stands in, and the failure stands beside the template until
//! it is changed.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, PoisonError, RwLock},
};

use jiff::Timestamp;
use throughline_domain::{Actor, OrgId, access::Action, handoff::Message};
use throughline_messages::{Checked, Kind, TemplateError, Templates, Told, View, Written, check};
use throughline_store::{Change, TemplateChange, TemplateFailure, TemplateRow};

use crate::{App, AppError, Caller};

/// Companies whose templates are remembered; beyond, the memory begins anew.
const COMPANIES: usize = 256;

/// Templates by organisation, with the mark they were read under.
#[derive(Default)]
pub(crate) struct Known(RwLock<HashMap<OrgId, (u64, Arc<Own>)>>);

impl Known {
    fn get(&self, org: OrgId, mark: u64) -> Option<Arc<Own>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&org).filter(|(under, _)| *under == mark).map(|(_, own)| own.clone())
    }

    fn keep(&self, org: OrgId, mark: u64, own: Arc<Own>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= COMPANIES && !known.contains_key(&org) {
            known.clear();
        }
        known.insert(org, (mark, own));
    }
}

/// A company's templates, ready to write with.
pub(crate) struct Own {
    org: OrgId,
    templates: Templates,
    versions: BTreeMap<Kind, u64>,
}

impl Own {
    fn of(org: OrgId, rows: Vec<TemplateRow>) -> Result<Self, TemplateError> {
        let (mut overrides, mut versions) = (BTreeMap::new(), BTreeMap::new());
        for row in rows {
            // A kind of an older or newer release has nothing to be used for here.
            if let (Ok(kind), Some(source)) = (row.kind.parse::<Kind>(), row.source) {
                overrides.insert(kind, source);
                versions.insert(kind, row.version);
            }
        }
        Ok(Self { org, templates: Templates::new(&overrides)?, versions })
    }

    /// Writes a message; with the change to be kept beside it where the company's template failed.
    pub(crate) fn write(
        &self,
        kind: Kind,
        view: &View,
        now: Timestamp,
    ) -> Result<(Written, Option<Change>), AppError> {
        let written = self.templates.write(kind, view).map_err(AppError::broken)?;
        let noted = self.noted(&written, now);
        Ok((written, noted))
    }

    /// The same for a message of the domain.
    pub(crate) fn message(
        &self,
        told: &Told<'_>,
        message: &Message,
        now: Timestamp,
    ) -> Result<(Written, Option<Change>), AppError> {
        let written = self.templates.message(told, message).map_err(AppError::broken)?;
        let noted = self.noted(&written, now);
        Ok((written, noted))
    }

    fn noted(&self, written: &Written, at: Timestamp) -> Option<Change> {
        let (kind, why) = written.fell_back.as_ref()?;
        let reason = why.to_string();
        tracing::warn!(org = %self.org, template = %kind, %reason, "the company's own template failed; the shipped one stood in");
        let version = *self.versions.get(kind)?;
        let failure = TemplateFailure { at, reason };
        Some(Change::Template(TemplateChange::Failed { kind: kind.name().to_owned(), version, failure }))
    }
}

/// A template as its company has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnTemplate {
    /// Of which kind of message.
    pub kind: Kind,
    /// Counts its changes; 0 while there was none.
    pub version: u64,
    /// What the company says; none: the shipped template.
    pub source: Option<String>,
    /// When and by whom it was changed last.
    pub changed: Option<(Timestamp, Actor)>,
    /// When it first failed as it reads now, and how.
    pub failed: Option<TemplateFailure>,
}

impl OwnTemplate {
    /// The template in use.
    pub fn text(&self) -> &str {
        self.source.as_deref().unwrap_or_else(|| self.kind.shipped())
    }

    fn of(kind: Kind, row: Option<TemplateRow>) -> Self {
        match row {
            Some(row) => Self {
                kind,
                version: row.version,
                changed: Some((row.changed_at, row.changed_by)),
                failed: row.failed.filter(|_| row.source.is_some()),
                source: row.source,
            },
            None => Self { kind, version: 0, source: None, changed: None, failed: None },
        }
    }
}

/// Why a template was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// It has a fault.
    #[error(transparent)]
    Faulty(TemplateError),
    /// Anything else.
    #[error(transparent)]
    App(#[from] AppError),
}

impl App {
    /// A company's templates, ready to write with.
    pub(crate) async fn templates(&self, org: OrgId) -> Result<Arc<Own>, AppError> {
        let mark = self.store.templates_mark(org).await?;
        if let Some(own) = self.templates.get(org, mark) {
            return Ok(own);
        }
        let rows = if mark == 0 { Vec::new() } else { self.store.templates(org).await? };
        let own = Arc::new(Own::of(org, rows).map_err(AppError::broken)?);
        self.templates.keep(org, mark, own.clone());
        Ok(own)
    }

    /// Every template of the caller's company, in the order pages list them.
    pub async fn own_templates(&self, caller: &Caller) -> Result<Vec<OwnTemplate>, AppError> {
        caller.may(Action::ManageSettings)?;
        let mut rows: HashMap<String, TemplateRow> =
            self.store.templates(caller.org).await?.into_iter().map(|row| (row.kind.clone(), row)).collect();
        Ok(Kind::ALL.iter().map(|kind| OwnTemplate::of(*kind, rows.remove(kind.name()))).collect())
    }

    /// One template of the caller's company.
    pub async fn own_template(&self, caller: &Caller, kind: Kind) -> Result<OwnTemplate, AppError> {
        caller.may(Action::ManageSettings)?;
        let mut rows = self.store.templates(caller.org).await?.into_iter();
        Ok(OwnTemplate::of(kind, rows.find(|row| row.kind == kind.name())))
    }

    /// What a template makes of the samples of its kind. Nothing is saved or sent.
    pub fn check_template(
        &self,
        caller: &Caller,
        kind: Kind,
        source: &str,
    ) -> Result<Result<Vec<Checked>, TemplateError>, AppError> {
        caller.may(Action::ManageSettings)?;
        Ok(check(kind, &lines(source)))
    }

    /// Saves a template, or goes back to the shipped one when there is none or it reads the same; with `if_version` only
    /// while it is at that version. It must pass the check. Messages made from then on are in its words.
    pub async fn save_template(
        &self,
        caller: &Caller,
        kind: Kind,
        source: Option<&str>,
        if_version: Option<u64>,
    ) -> Result<OwnTemplate, SaveError> {
        let held = self.own_template(caller, kind).await?;
        if if_version.is_some_and(|version| version != held.version) {
            return Err(AppError::Stale { current: held.version }.into());
        }
        let source = source.map(lines).filter(|source| source != kind.shipped());
        if let Some(source) = &source {
            check(kind, source).map_err(SaveError::Faulty)?;
        }
        if source == held.source {
            return Ok(held);
        }
        let row = TemplateRow {
            kind: kind.name().to_owned(),
            version: held.version + 1,
            changed_at: self.now(),
            changed_by: caller.actor,
            failed: None,
            source,
        };
        let action = if row.source.is_some() { "change-template" } else { "restore-template" };
        let detail = serde_json::json!({ "version": row.version });
        let audit = self.audit(caller, action, kind.name(), detail);
        let put = Change::Template(TemplateChange::Put(row.clone()));
        self.apply(caller, vec![put], audit).await?;
        Ok(OwnTemplate::of(kind, Some(row)))
    }
}

/// The text with the line ends a form sends put right.
fn lines(source: &str) -> String {
    source.replace("\r\n", "\n")
}
