//! Whether whoever saves has seen what stands there now: two windows lose nothing silently.
//!
//! The version a form was made from decides, not who wrote: the same person in a second window is another writer. What a
//! window itself sent is no news to it, also where the answer to that never came back; so it says along with a save
//! what it knew or sent before.

use std::collections::BTreeSet;

use throughline_app::AppError;
use throughline_domain::{
    HandoffId,
    handoff::{Fact, Recorded},
    playbook::Ask,
    record::Answer,
};

use super::answers;
use crate::{form::Posted, visit::Visit};

/// Facts looked through at once.
const STRETCH: u32 = 200;
/// How often, at most: who has had a page open for longer than that looks at it anew.
const STRETCHES: usize = 50;
/// How many answers a window may say that it knew.
const KNOWN: usize = 8;

/// The newest fact since a version that touches what a form is about: whoever sends that form from the older
/// version would write over it unseen.
///
/// # Errors
/// [`AppError::Stale`] when more has happened since than is looked through.
pub async fn touched_since(
    visit: &Visit,
    id: HandoffId,
    version: u64,
    touches: impl Fn(&Fact) -> bool,
) -> Result<Option<Recorded>, AppError> {
    let mut before = None;
    for _ in 0..STRETCHES {
        let news = visit.web.app.timeline(&visit.caller, id, before, STRETCH).await?;
        let Some(oldest) = news.last().map(|entry| entry.recorded.seq) else { return Ok(None) };
        let mut newer = news.into_iter().map(|entry| entry.recorded).filter(|one| one.seq > version);
        if let Some(found) = newer.find(|recorded| touches(&recorded.fact)) {
            return Ok(Some(found));
        }
        if oldest <= version + 1 {
            return Ok(None);
        }
        before = Some(oldest);
    }
    // Better to ask than to write over it.
    Err(AppError::Stale { current: version })
}

/// Whether a window knew this answer when it sent another: it showed it, or sent it itself.
pub fn knew(ask: &Ask, posted: &Posted, held: Option<&Answer>) -> bool {
    (0..KNOWN).any(|number| {
        let prefix = format!("before.{number}.");
        let fields = posted.fields.iter().filter_map(|(name, value)| {
            Some((name.strip_prefix(prefix.as_str())?.to_owned(), value.clone()))
        });
        let fields: Vec<_> = fields.collect();
        let said = !fields.is_empty();
        said && answers::read(ask, &Posted::filled(fields)).is_ok_and(|known| known.as_ref() == held)
    })
}

/// What a form holds beside what an entry says.
const BESIDE: [&str; 5] = ["seen", "reason", "then", "from", "back"];

/// Whether a posted form says what an entry says already: pressed twice, nothing is overwritten.
pub fn says_the_same(posted: &Posted, held: &Posted) -> bool {
    let said = |posted: &Posted| -> BTreeSet<(String, String)> {
        let fields = posted.fields.iter().map(|(name, value)| (name.clone(), value.trim().to_owned()));
        fields.filter(|(name, value)| !value.is_empty() && !BESIDE.contains(&name.as_str())).collect()
    };
    said(posted) == said(held)
}
