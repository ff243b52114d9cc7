//! Forgetting: personal texts of a handoff are erased, with every copy the product made of them (architecture:
//! personal text beside the journal). The journal keeps its facts and its chain; what was said reads as erased.

use std::collections::BTreeSet;

use throughline_domain::{
    HandoffId,
    access::Action,
    handoff::{Handoff, Recorded, replay},
};
use throughline_store::{Change, DealRow, Letter, Rebuilt};
use uuid::Uuid;

use crate::{App, AppError, Caller, project::project};

/// Which texts are forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forget {
    /// Every personal text of the handoff.
    Everything,
    /// Every text that contains this name, mail address or phrase, without regard to case.
    Mentioning(String),
}

/// Journal rows read at a time.
const PAGE: u32 = 500;

impl App {
    /// Erases texts of one handoff. Answers how many; the audit row names the count, never the words.
    pub async fn erase(&self, caller: &Caller, id: HandoffId, forget: &Forget) -> Result<usize, AppError> {
        caller.may(Action::ManageSettings)?;
        let loaded = self.load(caller.org, id).await?;
        let wanted = match forget {
            Forget::Everything => None,
            Forget::Mentioning(phrase) if phrase.trim().chars().count() < 3 => {
                return Err(AppError::invalid("mentioning", "give at least three characters"));
            }
            Forget::Mentioning(phrase) => Some(phrase.trim().to_lowercase()),
        };
        let mut texts = self.store.texts(caller.org, id).await?;
        let gone: BTreeSet<Uuid> = texts
            .iter()
            .filter(|(_, (_, text))| {
                wanted.as_ref().is_none_or(|phrase| text.to_lowercase().contains(phrase))
            })
            .map(|(text, _)| *text)
            .collect();
        if gone.is_empty() {
            return Ok(0);
        }
        texts.retain(|text, _| !gone.contains(text));
        let text_of = |text: Uuid| texts.get(&text).map(|(_, words)| words.clone());
        let state = self.reread(caller, id, &text_of).await?;
        // Erasing is no step of the process: lists keep the time the handoff last changed.
        let shown = self.store.row(caller.org, id).await?.ok_or(AppError::NotFound("handoff"))?;
        let at = shown.updated_at;
        let projection =
            project(&state, loaded.playbook.as_deref(), &loaded.calendars, loaded.version, at);
        let rebuilt = Rebuilt {
            snapshot: serde_json::to_string(&state).map_err(AppError::broken)?,
            row: projection.row,
            promises: projection.promises,
            deal: Some(DealRow {
                key: state.deal.key.clone(),
                source_time: state.deal.source_time,
                handoff: Some(id),
                body: serde_json::to_string(&state.deal).map_err(AppError::broken)?,
            }),
        };
        let count = gone.len();
        let erase =
            Change::EraseTexts { handoff: id, texts: gone.into_iter().collect(), rebuilt: Box::new(rebuilt) };
        let mut changes = vec![erase];
        changes.extend(self.blanked_letters(caller, id).await?);
        let audit = self.audit(caller, "erase-texts", &id.to_string(), serde_json::json!({ "texts": count }));
        self.store.apply(caller.org, changes, audit).await?;
        Ok(count)
    }

    /// The state as the journal tells it with these texts.
    async fn reread(
        &self,
        caller: &Caller,
        id: HandoffId,
        text_of: &(dyn Fn(Uuid) -> Option<String> + Sync),
    ) -> Result<Handoff, AppError> {
        let mut facts: Vec<Recorded> = Vec::new();
        loop {
            let after = facts.last().map_or(0, |last| last.seq);
            let rows = self.store.journal(caller.org, id, after, PAGE).await?;
            let full = rows.len() == PAGE as usize;
            for row in rows {
                facts.push(row.open(text_of).map_err(AppError::broken)?);
            }
            if !full {
                break;
            }
        }
        replay(&facts).ok_or_else(|| AppError::broken("the journal leads to no state"))
    }

    /// Letters about the handoff quote its texts: they keep address and time, and lose their words.
    async fn blanked_letters(&self, caller: &Caller, id: HandoffId) -> Result<Vec<Change>, AppError> {
        let mut changes = Vec::new();
        let mut before = None;
        loop {
            let page = self.store.letters(caller.org, None, before, 200).await?;
            before = page.last().map(|last| last.id);
            let done = page.len() < 200;
            changes.extend(page.into_iter().filter(|letter| letter.handoff == Some(id)).map(|letter| {
                Change::Deliver(Letter {
                    outbox: None,
                    subject: "[erased]".into(),
                    body: "[erased]".into(),
                    ..letter
                })
            }));
            if done {
                return Ok(changes);
            }
        }
    }
}
