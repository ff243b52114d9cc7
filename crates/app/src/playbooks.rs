//! Playbooks in memory: each published version is compiled once and kept.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use throughline_domain::{
    OrgId, PlaybookId,
    access::Action,
    playbook::{Finding, Playbook, PlaybookRef, load, shipped},
};
use throughline_store::{Change, PublishedPlaybook};

use crate::{App, AppError, Caller};

/// Compiled playbooks by organisation and version.
#[derive(Default)]
pub struct Playbooks(RwLock<HashMap<(OrgId, PlaybookRef), Arc<Playbook>>>);

impl Playbooks {
    fn get(&self, org: OrgId, of: &PlaybookRef) -> Option<Arc<Playbook>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&(org, of.clone())).cloned()
    }

    fn keep(&self, org: OrgId, of: PlaybookRef, playbook: Arc<Playbook>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert((org, of), playbook);
    }
}

/// Why a playbook was not published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// What the check found.
    #[error("the playbook has {} faults", .0.len())]
    Faulty(Vec<Finding>),
    /// Anything else.
    #[error(transparent)]
    App(#[from] AppError),
}

impl App {
    /// A published version, compiled.
    pub async fn playbook(&self, org: OrgId, of: &PlaybookRef) -> Result<Arc<Playbook>, AppError> {
        if let Some(held) = self.playbooks.get(org, of) {
            return Ok(held);
        }
        let published = self.store.playbook(org, &of.name, Some(of.version)).await?;
        let published = published.ok_or_else(|| AppError::broken(format!("playbook {of} is not there")))?;
        self.compile(org, published)
    }

    /// The newest version of a name, compiled, with its reference.
    pub async fn newest_playbook(
        &self,
        org: OrgId,
        name: &str,
    ) -> Result<(PlaybookRef, Arc<Playbook>), AppError> {
        let published = self.store.playbook(org, name, None).await?.ok_or(AppError::NotFound("playbook"))?;
        let of = PlaybookRef { name: published.name.clone(), version: published.version };
        match self.playbooks.get(org, &of) {
            Some(held) => Ok((of, held)),
            None => Ok((of, self.compile(org, published)?)),
        }
    }

    fn compile(&self, org: OrgId, published: PublishedPlaybook) -> Result<Arc<Playbook>, AppError> {
        let of = PlaybookRef { name: published.name, version: published.version };
        let playbook = load(&published.source).map_err(|findings| {
            let first = findings.first().map(ToString::to_string).unwrap_or_default();
            AppError::broken(format!("published playbook {of} cannot be read: {first}"))
        })?;
        let playbook = Arc::new(playbook);
        self.playbooks.keep(org, of, playbook.clone());
        Ok(playbook)
    }

    /// Publishes a new version. Running handoffs keep theirs.
    pub async fn publish_playbook(&self, caller: &Caller, source: &str) -> Result<PlaybookRef, PublishError> {
        let (of, published) = self.next_version(caller, source).await?;
        if let Some(published) = published {
            let detail = serde_json::json!({ "version": of.version });
            let audit = self.audit(caller, "publish-playbook", &of.name, detail);
            self.apply(caller, vec![Change::Publish(published)], audit).await?;
        }
        Ok(of)
    }

    /// What a text would be published as; nothing new, where it is the newest version already.
    pub(crate) async fn next_version(
        &self,
        caller: &Caller,
        source: &str,
    ) -> Result<(PlaybookRef, Option<PublishedPlaybook>), PublishError> {
        caller.may(Action::ManagePlaybooks)?;
        let playbook = load(source).map_err(PublishError::Faulty)?;
        let name = playbook.playbook.value.clone();
        let newest = self.store.playbook(caller.org, &name, None).await.map_err(AppError::from)?;
        if let Some(newest) = newest.as_ref().filter(|newest| newest.source == source) {
            return Ok((PlaybookRef { name, version: newest.version }, None));
        }
        let version = newest.map_or(1, |newest| newest.version + 1);
        let published = PublishedPlaybook {
            id: PlaybookId(self.fresh_id()),
            name: name.clone(),
            version,
            source: source.to_owned(),
            at: self.now(),
        };
        Ok((PlaybookRef { name, version }, Some(published)))
    }

    /// All published versions, without their files.
    pub async fn list_playbooks(&self, caller: &Caller) -> Result<Vec<PublishedPlaybook>, AppError> {
        caller.may(Action::ReadPlaybooks)?;
        Ok(self.store.playbooks(caller.org).await?)
    }

    /// One published version with its file, or the newest of a name.
    pub async fn show_playbook(
        &self,
        caller: &Caller,
        name: &str,
        version: Option<u32>,
    ) -> Result<(PublishedPlaybook, Arc<Playbook>), AppError> {
        caller.may(Action::ReadPlaybooks)?;
        let published =
            self.store.playbook(caller.org, name, version).await?.ok_or(AppError::NotFound("playbook"))?;
        let of = PlaybookRef { name: published.name.clone(), version: published.version };
        let compiled = self.playbook(caller.org, &of).await?;
        Ok((published, compiled))
    }

    /// The changes that give a new organisation the shipped playbooks.
    pub(crate) fn shipped_playbooks(&self) -> Vec<Change> {
        shipped::shipped()
            .iter()
            .map(|(name, source)| {
                Change::Publish(PublishedPlaybook {
                    id: PlaybookId(self.fresh_id()),
                    name: (*name).to_owned(),
                    version: 1,
                    source: (*source).to_owned(),
                    at: self.now(),
                })
            })
            .collect()
    }
}
