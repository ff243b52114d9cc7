//! A signed plan as a document of its own, and its seal: a signature over every byte of it, which anybody checks without
//! us, with a few lines in any language (R3.9).
//!
//! Here is their shape, and how they are held against each other; they are made in `make`. On paper a plan is a PDF that
//! carries the document byte for byte, sealed over every byte of its own. Absent on purpose: typesetting.

mod make;
#[cfg(test)]
mod tests;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{Timestamp, civil::Date};
use ring::signature::{ED25519, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use throughline_domain::{HandoffId, MilestoneId, OrgId, handoff, record::Side};

pub use make::SealedPlan;

/// What a document calls itself; another shape is another name.
const DOCUMENT: &str = "throughline.plan/1";
/// What a seal calls itself.
const SEAL: &str = "throughline.seal/1";
/// The largest document or seal that is looked at, in bytes.
pub const LARGEST_SEALED: usize = 4 << 20;

/// How a PDF begins.
const PAPER: &[u8] = b"%PDF-";

/// What was signed, by whom, when, and where that stands in the journal.
#[derive(Debug, Serialize, Deserialize)]
pub struct PlanDocument {
    /// Its shape.
    pub document: String,
    /// Whose portal it was signed in.
    pub organisation: OrgId,
    /// That company's name.
    pub company: String,
    /// The customer's.
    pub account: String,
    /// Which handoff.
    pub handoff: HandoffId,
    /// SHA-256 over the milestones, in hexadecimal: what the signature is bound to.
    pub imprint: String,
    /// The milestones, by id.
    pub milestones: Vec<SealedMilestone>,
    /// What success was to them then, in their words.
    pub goals: Vec<String>,
    /// The signature.
    pub signed: SealedSignature,
    /// Where it stands in the journal: its place, and the hash that everything before it leads to.
    pub journal: SealedPlace,
}

/// A milestone as it was signed.
#[derive(Debug, Serialize, Deserialize)]
pub struct SealedMilestone {
    /// Which.
    pub id: MilestoneId,
    /// What is reached.
    pub title: String,
    /// Whose it is.
    pub side: Side,
    /// Who owns it, by name.
    pub owner: Option<String>,
    /// By when.
    pub due_on: Option<Date>,
}

/// A signature.
#[derive(Debug, Serialize, Deserialize)]
pub struct SealedSignature {
    /// The name as it was typed.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// The words agreed to; none where they were signed before the company's name was kept with them, and it is called
    /// otherwise since.
    pub consent: Option<String>,
    /// SHA-256 of those words, in hexadecimal.
    pub consent_sha256: String,
    /// How it was known who signs.
    pub proof: String,
    /// To which mailbox a code was mailed.
    pub mailbox: String,
    /// When it came back.
    pub proved_at: Timestamp,
}

/// A place in a journal.
#[derive(Debug, Serialize, Deserialize)]
pub struct SealedPlace {
    /// The fact's place, from 1.
    pub seq: u64,
    /// Its hash.
    pub hash: String,
}

/// A seal as it stands in its file.
#[derive(Debug, Serialize, Deserialize)]
struct SealFile {
    seal: String,
    algorithm: String,
    /// The public key, base64.
    key: String,
    /// SHA-256 of the document, in hexadecimal: to see at a glance which one it belongs to.
    document_sha256: String,
    /// Over all bytes of the document, base64.
    signature: String,
}

/// Why a seal does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsealed {
    /// One of the files is none of ours.
    #[error("the {0} cannot be read: {1}")]
    Unreadable(&'static str, String),
    /// The document is not as it was sealed.
    #[error("the document is not as it was sealed: a byte of it, or of the seal, was changed")]
    Changed,
    /// Another key than was expected.
    #[error("it is sealed with the key {0}, not with the one that was given")]
    OtherKey(String),
    /// The seal holds, and the document contradicts itself.
    #[error("the document contradicts itself: {0}")]
    Contradicts(&'static str),
}

/// A document whose seal holds.
#[derive(Debug)]
pub struct Verified {
    /// What it says.
    pub plan: PlanDocument,
    /// The public key it is sealed with, base64: to be compared with the company's.
    pub key: String,
}

/// Holds a document against its seal, and its parts against each other. `key`: the company's, where it is known.
///
/// # Errors
/// [`Unsealed`] says what does not hold.
pub fn verify_sealed(document: &[u8], seal: &[u8], key: Option<&str>) -> Result<Verified, Unsealed> {
    let unreadable = |what, why: String| Unsealed::Unreadable(what, why);
    let file: SealFile = serde_json::from_slice(seal).map_err(|why| unreadable("seal", why.to_string()))?;
    if file.seal != SEAL || file.algorithm != "ed25519" {
        return Err(unreadable("seal", format!("it is a {} by {}", file.seal, file.algorithm)));
    }
    let public = STANDARD.decode(&file.key).map_err(|why| unreadable("seal", why.to_string()))?;
    let signature = STANDARD.decode(&file.signature).map_err(|why| unreadable("seal", why.to_string()))?;
    UnparsedPublicKey::new(&ED25519, &public).verify(document, &signature).map_err(|_| Unsealed::Changed)?;
    if key.is_some_and(|key| key.trim() != file.key) {
        return Err(Unsealed::OtherKey(file.key));
    }
    let written = if document.starts_with(PAPER) { carried(document) } else { Some(document) };
    let written = written.ok_or_else(|| unreadable("document", "the PDF carries no plan".to_owned()))?;
    let plan: PlanDocument =
        serde_json::from_slice(written).map_err(|why| unreadable("document", why.to_string()))?;
    if plan.document != DOCUMENT {
        return Err(unreadable("document", format!("it is a {}", plan.document)));
    }
    if imprint(&plan.milestones) != plan.imprint {
        return Err(Unsealed::Contradicts("its milestones are not those that were signed"));
    }
    if plan.signed.consent.as_ref().is_some_and(|words| hex(words.as_bytes()) != plan.signed.consent_sha256) {
        return Err(Unsealed::Contradicts("the words agreed to are not those that were signed"));
    }
    Ok(Verified { plan, key: file.key })
}

/// The document a PDF carries: it stands there as it is, beginning with its own name.
fn carried(pdf: &[u8]) -> Option<&[u8]> {
    let begins = format!("{{\n  \"document\": \"{DOCUMENT}\"");
    let at = pdf.windows(begins.len()).position(|window| window == begins.as_bytes())?;
    let rest = pdf.get(at..)?;
    let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<serde::de::IgnoredAny>();
    values.next()?.ok()?;
    rest.get(..values.byte_offset())
}

/// As the plan's own.
fn imprint(milestones: &[SealedMilestone]) -> String {
    let agreed = milestones.iter();
    handoff::imprint(
        agreed.map(|one| (one.id, one.title.as_str(), one.side, one.owner.as_deref(), one.due_on)),
    )
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
