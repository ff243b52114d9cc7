//! Drafts of playbooks: begun on the newest version, changed by whoever may publish, tried on deals, published or
//! dropped. What somebody typed is kept as it is, faults and all; only publishing asks that there are none.

use std::{collections::BTreeSet, sync::Arc};

use schemars::JsonSchema;
use serde::Serialize;
use throughline_domain::{
    HandoffId,
    access::Action,
    gate::{Trial, Verdict, trial},
    playbook::{
        Gate, Playbook, PlaybookRef,
        diff::{self, diff},
        load,
    },
};
use throughline_store::{Change, DRAFT_MOVED_ON, DraftRow, HandoffFilter, HandoffQuery, Reach, Sort};

use crate::{App, AppError, Caller, playbooks::PublishError};

/// Most deals a draft is tried on.
pub const TRIED: u32 = 50;
/// Most open handoffs counted.
const COUNTED: u32 = 10_000;

/// What publishing a draft would change.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The playbook and the version it would become.
    pub of: PlaybookRef,
    /// The version it is held against; none: it would be the first.
    pub against: Option<u32>,
    /// The differences from that version.
    pub changes: Vec<diff::Change>,
    /// Handoffs that run by an earlier version now, and keep it; counted up to 10,000.
    pub open: u32,
    /// How each gate answers for the deals it was tried on.
    pub gates: Vec<GateCount>,
    /// The deals, those changed last first.
    pub deals: Vec<Tried>,
}

/// How a gate answers for the deals a draft was tried on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GateCount {
    /// Which gate.
    pub gate: Gate,
    /// By the version in force.
    pub before: Answers,
    /// By the draft.
    pub after: Answers,
}

/// How often each answer was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Answers {
    /// Nothing is missing.
    pub pass: u32,
    /// Something is.
    pub refused: u32,
    /// Only by a waiver.
    pub waived: u32,
    /// The gate does not apply.
    pub not_required: u32,
}

impl Answers {
    fn count(&mut self, verdict: Verdict) {
        *match verdict {
            Verdict::Pass => &mut self.pass,
            Verdict::Refused => &mut self.refused,
            Verdict::Waived => &mut self.waived,
            Verdict::NotRequired => &mut self.not_required,
        } += 1;
    }
}

/// A deal the draft was tried on.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Tried {
    /// Its handoff.
    pub handoff_id: HandoffId,
    /// The customer.
    pub account: String,
    /// The deal.
    pub deal_name: String,
    /// What came of it.
    #[serde(flatten)]
    pub trial: Trial,
}

impl App {
    /// The draft of a playbook.
    pub async fn playbook_draft(&self, caller: &Caller, name: &str) -> Result<Option<DraftRow>, AppError> {
        Ok(self.last_draft(caller, name).await?.filter(|row| row.source.is_some()))
    }

    /// Every draft there is, without its text.
    pub async fn playbook_drafts(&self, caller: &Caller) -> Result<Vec<DraftRow>, AppError> {
        caller.may(Action::ManagePlaybooks)?;
        let all = self.store.drafts(caller.org).await?;
        Ok(all.into_iter().filter(|row| row.source.is_some()).collect())
    }

    /// The draft, or what is known of the last one.
    async fn last_draft(&self, caller: &Caller, name: &str) -> Result<Option<DraftRow>, AppError> {
        caller.may(Action::ManagePlaybooks)?;
        Ok(self.store.draft(caller.org, name).await?)
    }

    /// How often a playbook's draft was changed so far: what the next change is made on.
    pub async fn playbook_draft_version(&self, caller: &Caller, name: &str) -> Result<u64, AppError> {
        Ok(self.last_draft(caller, name).await?.map_or(0, |row| row.version))
    }

    /// Keeps a draft's text, whatever is wrong with it; with `if_version` only while it is at that version.
    pub async fn keep_playbook_draft(
        &self,
        caller: &Caller,
        name: &str,
        source: &str,
        if_version: Option<u64>,
    ) -> Result<DraftRow, AppError> {
        let held = self.last_draft(caller, name).await?;
        expect(held.as_ref(), if_version)?;
        let source = source.replace("\r\n", "\n");
        if source.len() > load::MAX_FILE {
            let most = load::MAX_FILE >> 10;
            return Err(AppError::invalid("source", format!("a playbook has at most {most} kB")));
        }
        // PostgreSQL keeps no NUL, and nobody types one.
        if source.contains('\0') {
            return Err(AppError::invalid("source", "an invisible control character stands in it"));
        }
        let (version, begun) = match held {
            Some(row) if row.source.as_deref() == Some(source.as_str()) => return Ok(row),
            Some(row) => {
                (row.version + 1, row.source.is_some().then_some((row.based_on, row.begun_at, row.begun_by)))
            }
            None => (1, None),
        };
        let (based_on, begun_at, begun_by) = match begun {
            Some(begun) => begun,
            None => {
                let newest = self.store.playbook(caller.org, name, None).await?;
                if newest.is_none() && !is_a_name(name) {
                    return Err(AppError::NotFound("playbook"));
                }
                (newest.map(|newest| newest.version), self.now(), caller.actor)
            }
        };
        let (changed_at, changed_by) = (self.now(), caller.actor);
        let source = Some(source);
        let name = name.to_owned();
        let row = DraftRow { name, version, source, based_on, begun_at, begun_by, changed_at, changed_by };
        self.put_draft(caller, row.clone(), "edit-playbook", Vec::new()).await?;
        Ok(row)
    }

    /// Drops a draft; nothing, where there is none.
    pub async fn drop_playbook_draft(
        &self,
        caller: &Caller,
        name: &str,
        if_version: Option<u64>,
    ) -> Result<(), AppError> {
        let held = self.last_draft(caller, name).await?;
        expect(held.as_ref(), if_version)?;
        match held.filter(|row| row.source.is_some()) {
            Some(row) => {
                self.put_draft(caller, self.ended(caller, row), "drop-playbook-draft", Vec::new()).await
            }
            None => Ok(()),
        }
    }

    fn ended(&self, caller: &Caller, row: DraftRow) -> DraftRow {
        let (version, changed_at) = (row.version + 1, self.now());
        DraftRow { version, source: None, changed_at, changed_by: caller.actor, ..row }
    }

    async fn put_draft(
        &self,
        caller: &Caller,
        row: DraftRow,
        action: &str,
        mut changes: Vec<Change>,
    ) -> Result<(), AppError> {
        let detail = serde_json::json!({ "draft": row.version, "based_on": row.based_on });
        let (audit, name) = (self.audit(caller, action, &row.name, detail), row.name.clone());
        changes.push(Change::Draft(row));
        match self.apply(caller, changes, audit).await {
            Err(AppError::Conflict(why)) if why == DRAFT_MOVED_ON => {
                Err(AppError::Stale { current: self.playbook_draft_version(caller, &name).await? })
            }
            done => done,
        }
    }

    /// Publishes a draft as a new version and ends it, in one step. `over`: the version the publisher has held it against,
    /// 0 for none; left out, the one it was begun on.
    ///
    /// # Errors
    /// [`AppError::Stale`] for a draft that was changed meanwhile; [`AppError::Conflict`] where `over` is not the newest
    /// version any more, which publishing would undo unseen; [`AppError::Invalid`] for a text that calls itself like
    /// another playbook there is.
    pub async fn publish_playbook_draft(
        &self,
        caller: &Caller,
        name: &str,
        if_version: Option<u64>,
        over: Option<u32>,
    ) -> Result<PlaybookRef, PublishError> {
        let held = self.playbook_draft(caller, name).await?.ok_or(AppError::NotFound("draft"))?;
        expect(Some(&held), if_version)?;
        let source = held.source.clone().unwrap_or_default();
        let (of, published) = self.next_version(caller, &source).await?;
        let newest = of.version - u32::from(published.is_some());
        let renamed = of.name != name;
        if renamed && newest > 0 {
            let reason = format!("there is a playbook {} already: change its own draft", of.name);
            return Err(AppError::invalid("playbook", reason).into());
        }
        let over = over.unwrap_or(if renamed { 0 } else { held.based_on.unwrap_or(0) });
        if over != newest {
            let why =
                format!("version {newest} was published meanwhile, and the draft was held against {over}");
            return Err(AppError::Conflict(why).into());
        }
        let changes = published.map(Change::Publish).into_iter().collect();
        self.put_draft(caller, self.ended(caller, held), "publish-playbook", changes).await?;
        Ok(of)
    }

    /// What publishing a text would change: the differences, and how the deals changed last would fare.
    pub async fn preview_playbook(&self, caller: &Caller, source: &str) -> Result<Preview, PublishError> {
        caller.may(Action::ManagePlaybooks)?;
        let new = load(source).map_err(PublishError::Faulty)?;
        let name = new.playbook.value.clone();
        let newest = match self.newest_playbook(caller.org, &name).await {
            Ok(newest) => Some(newest),
            Err(AppError::NotFound(_)) => None,
            Err(why) => return Err(why.into()),
        };
        let against = newest.as_ref().map(|(of, _)| of.version);
        let mut preview = Preview {
            of: PlaybookRef { name: name.clone(), version: against.map_or(1, |version| version + 1) },
            against,
            changes: Vec::new(),
            open: 0,
            gates: Vec::new(),
            deals: Vec::new(),
        };
        if let Some((_, old)) = newest {
            preview.changes = diff(&old, &new);
            let live = HandoffFilter {
                playbook: Some(name.clone()),
                life: ["live".to_owned()].into(),
                ..HandoffFilter::default()
            };
            // Who may publish and sees no handoffs is told of the process alone.
            if let Ok(reach) = caller.reach(Action::Read) {
                let count = self.store.count(caller.org, &reach, &live, COUNTED).await;
                preview.open = count.map_err(AppError::from)?;
                preview.deals = self.try_on_deals(caller, reach, &name, &old, &new).await?;
                preview.gates = counted(&preview.deals);
            }
        }
        Ok(preview)
    }

    async fn try_on_deals(
        &self,
        caller: &Caller,
        reach: Reach,
        name: &str,
        old: &Arc<Playbook>,
        new: &Playbook,
    ) -> Result<Vec<Tried>, AppError> {
        let filter = HandoffFilter {
            playbook: Some(name.to_owned()),
            life: ["live".to_owned(), "done".to_owned()].into(),
            ..HandoffFilter::default()
        };
        let query = HandoffQuery { reach, filter, sort: Sort::Updated, after: None, limit: TRIED };
        let rows = self.store.list(caller.org, &query).await?.rows;
        let ids: BTreeSet<HandoffId> = rows.iter().map(|row| row.id).collect();
        let mut loaded = self.load_several(caller, &ids).await?;
        let now = self.now();
        let tried = rows.into_iter().filter_map(|row| {
            let one = loaded.remove(&row.id)?;
            let trial = trial(&one.handoff, old, new, &one.calendars, now);
            Some(Tried { handoff_id: row.id, account: row.account, deal_name: row.deal_name, trial })
        });
        Ok(tried.collect())
    }
}

/// The draft must be at this version; 0 stands for none ever.
fn expect(held: Option<&DraftRow>, if_version: Option<u64>) -> Result<(), AppError> {
    let current = held.map_or(0, |row| row.version);
    match if_version {
        Some(version) if version != current => Err(AppError::Stale { current }),
        _ => Ok(()),
    }
}

fn counted(deals: &[Tried]) -> Vec<GateCount> {
    let mut gates: Vec<GateCount> = Vec::new();
    for one in deals.iter().flat_map(|deal| &deal.trial.gates) {
        let place = gates.iter().position(|count| count.gate == one.gate).unwrap_or_else(|| {
            gates.push(GateCount { gate: one.gate, before: Answers::default(), after: Answers::default() });
            gates.len() - 1
        });
        if let Some(count) = gates.get_mut(place) {
            count.before.count(one.before);
            count.after.count(one.after);
        }
    }
    gates
}

/// Whether a playbook could be called so.
fn is_a_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}
