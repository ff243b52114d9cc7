//! `throughline journal`: the truth, checked, replayed, taken out.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::PathBuf,
};

use clap::Subcommand;
use serde_json::{Value, json};
use throughline_app::{
    App, AppError, Caller,
    erase::Forget,
    project::{When, project},
};
use throughline_domain::{
    HandoffId, OrgId,
    handoff::{Handoff, evolve},
    personal,
};
use throughline_store::{
    Org,
    audit::{Depth, verify},
};

use crate::{
    args::{Global, OrgArg},
    database::{self, Absent},
    failure::{Exit, Failure},
    output::Out,
};

/// Journal rows read at once.
const STRETCH: u32 = 1_000;

#[derive(Debug, Subcommand)]
pub enum JournalCommand {
    /// Check every hash chain, every personal text and the stored heads
    #[command(after_help = "\
Examples:
  throughline journal verify
  throughline journal verify --org acme --json

Exit codes: 0 whole, 1 something was changed.")]
    Verify {
        #[command(flatten)]
        org: OrgArg,
    },
    /// Work every handoff's state and list row out from its journal anew and compare with what is stored
    #[command(after_help = "\
Examples:
  throughline journal replay --org acme

Exit codes: 0 equal, 1 something differs.")]
    Replay {
        #[command(flatten)]
        org: OrgArg,
    },
    /// Print journals, one JSON object a line: `body` is what was hashed, `fact` is for reading
    #[command(after_help = "\
Examples:
  throughline journal export --org acme --out journal.ndjson
  throughline journal export --org acme --handoff 0199f1c2-7d1e-7000-8000-000000000000")]
    Export {
        /// Only this handoff
        #[arg(long, value_name = "ID")]
        handoff: Option<HandoffId>,
        /// Where to; standard output when left out
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        #[command(flatten)]
        org: OrgArg,
    },
    /// Erase personal texts of a handoff for good: in the record, its history and its letters
    #[command(after_help = "\
Examples:
  throughline journal erase 0199f1c2-7d1e-7000-8000-000000000000 --mentioning \"Tom Ebner\"
  throughline journal erase 0199f1c2-7d1e-7000-8000-000000000000 --everything

The chain of hashes stays whole: it never held the words. Older backups still hold them.")]
    Erase {
        /// Which handoff
        #[arg(value_name = "HANDOFF")]
        handoff: HandoffId,
        /// Every text that contains this name, mail address or phrase
        #[arg(
            long,
            value_name = "PHRASE",
            conflicts_with = "everything",
            required_unless_present = "everything"
        )]
        mentioning: Option<String>,
        /// Every personal text
        #[arg(long)]
        everything: bool,
        #[command(flatten)]
        org: OrgArg,
    },
}

pub async fn run(global: &Global, what: JournalCommand, out: Out) -> Result<Exit, Failure> {
    let app = database::open(global, Absent::Refuse).await?;
    let orgs = app.store().orgs().await?;
    let (JournalCommand::Verify { org }
    | JournalCommand::Replay { org }
    | JournalCommand::Export { org, .. }
    | JournalCommand::Erase { org, .. }) = &what;
    // What is handed on to others holds made-up facts only where somebody asks for them by name.
    let real = matches!(what, JournalCommand::Export { .. });
    let meant = |one: &Org| match &org.org {
        Some(slug) => one.slug == *slug,
        None => !real || one.sample_of.is_none(),
    };
    let orgs: Vec<Org> = orgs.into_iter().filter(meant).collect();
    if let (true, Some(slug)) = (orgs.is_empty(), &org.org) {
        return Err(Failure::refused(format!("there is no organisation `{slug}`")));
    }
    let books = Books { app: &app };
    match what {
        JournalCommand::Verify { .. } => tell(books.verify(&orgs).await?, "whole", out),
        JournalCommand::Replay { .. } => tell(books.replay(&orgs).await?, "equal to what is stored", out),
        JournalCommand::Erase { handoff, mentioning, .. } => {
            let forget = mentioning.map_or(Forget::Everything, Forget::Mentioning);
            let texts = erase(&app, &orgs, handoff, &forget).await?;
            out.value(&json!({ "handoff": handoff, "texts": texts }))?;
            out.line(format_args!("{texts} texts are erased"))?;
            Ok(Exit::Done)
        }
        JournalCommand::Export { handoff, out: file, .. } => {
            match file {
                Some(path) => {
                    let file = File::create(&path)
                        .map_err(|why| Failure::unreachable(format!("{}: {why}", path.display())))?;
                    let mut to = BufWriter::new(file);
                    let rows = books.export(&orgs, handoff, &mut to).await?;
                    to.flush()?;
                    out.value(&json!({ "facts": rows }))?;
                    out.line(format_args!("{rows} facts are in {}", path.display()))?;
                }
                None => {
                    // Held for a stretch at a time: a lock on standard output does not live across an await.
                    let mut to = Lines::default();
                    books.export(&orgs, handoff, &mut to).await?;
                    to.flush()?;
                }
            }
            Ok(Exit::Done)
        }
    }
}

/// Erases in whichever of the organisations the handoff is.
async fn erase(app: &App, orgs: &[Org], handoff: HandoffId, forget: &Forget) -> Result<usize, Failure> {
    for org in orgs {
        match app.erase(&Caller::system(org.id), handoff, forget).await {
            Err(AppError::NotFound(_)) => {}
            done => return Ok(done?),
        }
    }
    Err(Failure::refused(format!("there is no handoff {handoff}")))
}

/// What was looked at and what is wrong.
#[derive(Default)]
struct Found {
    handoffs: u64,
    facts: u64,
    erased: u64,
    wrong: Vec<Wrong>,
}

struct Wrong {
    org: String,
    /// None: something is wrong with the whole.
    handoff: Option<HandoffId>,
    seq: Option<u64>,
    reason: String,
}

fn tell(found: Found, well: &str, out: Out) -> Result<Exit, Failure> {
    let wrong: Vec<Value> = found
        .wrong
        .iter()
        .map(|one| json!({ "org": one.org, "handoff": one.handoff, "fact": one.seq, "reason": one.reason }))
        .collect();
    out.value(&json!({
        "handoffs": found.handoffs, "facts": found.facts, "erased_texts": found.erased, "wrong": wrong,
    }))?;
    for Wrong { org, handoff, seq, reason } in &found.wrong {
        let fact = seq.map(|seq| format!(", fact {seq}")).unwrap_or_default();
        let handoff = handoff.map(|id| format!("handoff {id}{fact}: ")).unwrap_or_default();
        out.line(format_args!("{org}: {handoff}{reason}"))?;
    }
    let Found { handoffs, facts, .. } = found;
    if wrong.is_empty() {
        out.line(format_args!("{handoffs} handoffs, {facts} facts: {well}"))?;
        return Ok(Exit::Done);
    }
    out.line(format_args!("{handoffs} handoffs, {facts} facts: {} wrong", wrong.len()))?;
    Ok(Exit::Findings)
}

struct Books<'a> {
    app: &'a App,
}

impl Books<'_> {
    async fn ids(&self, org: OrgId, after: Option<HandoffId>) -> Result<Vec<HandoffId>, Failure> {
        Ok(self.app.store().ids(org, after, STRETCH).await?)
    }

    async fn verify(&self, orgs: &[Org]) -> Result<Found, Failure> {
        let mut found = Found::default();
        for org in orgs {
            let report = verify(self.app.store().as_ref(), org.id, Depth::Chains).await?;
            found.handoffs += report.handoffs;
            found.facts += report.facts;
            found.erased += report.erased;
            let of = |handoff, seq, reason| Wrong { org: org.slug.clone(), handoff, seq, reason };
            let broken = report.broken.into_iter();
            found.wrong.extend(broken.map(|one| of(Some(one.handoff), Some(one.seq), one.reason)));
            if report.missing_handoffs > 0 {
                let reason = format!("{} handoffs that were committed are gone", report.missing_handoffs);
                found.wrong.push(of(None, None, reason));
            }
            if report.missing_facts > 0 {
                let reason = format!("{} facts that were committed are gone", report.missing_facts);
                found.wrong.push(of(None, None, reason));
            }
        }
        Ok(found)
    }

    async fn replay(&self, orgs: &[Org]) -> Result<Found, Failure> {
        let mut found = Found::default();
        for org in orgs {
            let mut after = None;
            loop {
                let ids = self.ids(org.id, after).await?;
                for id in &ids {
                    found.handoffs += 1;
                    if let Err(reason) = self.replay_one(org, *id, &mut found.facts).await? {
                        found.wrong.push(Wrong {
                            org: org.slug.clone(),
                            handoff: Some(*id),
                            seq: None,
                            reason,
                        });
                    }
                }
                after = ids.last().copied();
                if after.is_none() {
                    break;
                }
            }
        }
        Ok(found)
    }

    async fn replay_one(
        &self,
        org: &Org,
        id: HandoffId,
        facts: &mut u64,
    ) -> Result<Result<(), String>, Failure> {
        let store = self.app.store();
        let texts = store.texts(org.id, id).await?;
        let mut state: Option<Handoff> = None;
        let (mut seq, mut changed) = (0, None);
        loop {
            let rows = store.journal(org.id, id, seq, STRETCH).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let recorded = match row.open(&|text| texts.get(&text).map(|(_, text)| text.clone())) {
                    Ok(recorded) => recorded,
                    Err(why) => return Ok(Err(format!("fact {} cannot be read: {why}", row.seq))),
                };
                state = evolve(state, &recorded);
                seq = row.seq;
                if !recorded.fact.is_notice() {
                    changed = Some(row.at);
                }
                *facts += 1;
            }
        }
        let (Some(state), Some(changed)) = (state, changed) else {
            return Ok(Err("its journal leads to no state".to_owned()));
        };
        let stored = store.load(org.id, id).await?;
        let Some(stored) = stored else { return Ok(Err("its state is not stored".to_owned())) };
        if stored.version != seq {
            return Ok(Err(format!("is stored at version {}, its journal has {seq} facts", stored.version)));
        }
        let held: Handoff = match serde_json::from_str(&stored.snapshot) {
            Ok(held) => held,
            Err(why) => return Ok(Err(format!("its stored state cannot be read: {why}"))),
        };
        if held != state {
            return Ok(Err("the stored state is not what the journal leads to".to_owned()));
        }
        let playbook = match &state.route.playbook {
            Some(of) => Some(self.app.playbook(org.id, of).await?),
            None => None,
        };
        let calendars = self.app.calendars(org).await?;
        let Some(held) = store.row(org.id, id).await? else {
            return Ok(Err("it has no row in lists".to_owned()));
        };
        let when = When { changed, seen: held.as_of };
        let row = project(&state, playbook.as_deref(), &calendars, seq, when).row;
        // A calendar changed since would move due times; everything else in the row must be equal.
        Ok(if held == row || undated(&held) == undated(&row) {
            Ok(())
        } else {
            Err("its row in lists is not what the journal leads to".to_owned())
        })
    }

    async fn export(
        &self,
        orgs: &[Org],
        only: Option<HandoffId>,
        to: &mut impl Write,
    ) -> Result<u64, Failure> {
        let mut written = 0;
        for org in orgs {
            if let Some(id) = only {
                written += self.export_one(org, id, to).await?;
                continue;
            }
            let mut after = None;
            loop {
                let ids = self.ids(org.id, after).await?;
                for id in &ids {
                    written += self.export_one(org, *id, to).await?;
                }
                after = ids.last().copied();
                if after.is_none() {
                    break;
                }
            }
        }
        match only {
            Some(id) if written == 0 => Err(Failure::refused(format!("there is no handoff {id}"))),
            _ => Ok(written),
        }
    }

    async fn export_one(&self, org: &Org, id: HandoffId, to: &mut impl Write) -> Result<u64, Failure> {
        let texts = self.app.store().texts(org.id, id).await?;
        let (mut written, mut after) = (0, 0);
        loop {
            let rows = self.app.store().journal(org.id, id, after, STRETCH).await?;
            if rows.is_empty() {
                return Ok(written);
            }
            for row in rows {
                let opened = row.open(&|text| texts.get(&text).map(|(_, text)| text.clone())).ok();
                let line = json!({
                    "org": org.slug, "handoff": row.handoff, "seq": row.seq, "at": row.at, "kind": row.kind,
                    "by": opened.as_ref().map(|recorded| recorded.by),
                    "fact": opened.map(|recorded| personal::plain(json!(recorded.fact))),
                    "prev": row.prev, "hash": row.hash, "body": row.body,
                });
                writeln!(to, "{line}")?;
                (written, after) = (written + 1, row.seq);
            }
            to.flush()?;
        }
    }
}

/// A row without what hangs on the calendar.
fn undated(row: &throughline_store::HandoffRow) -> throughline_store::HandoffRow {
    throughline_store::HandoffRow {
        next_due_at: None,
        next_step: None,
        next_step_id: None,
        signature_on: None,
        closed_at: None,
        ..row.clone()
    }
}

/// Lines for standard output, written out whenever they are flushed.
#[derive(Default)]
struct Lines(Vec<u8>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let mut out = std::io::stdout().lock();
        out.write_all(&self.0)?;
        self.0.clear();
        out.flush()
    }
}
