//! A signed plan as a document of its own, and its seal: a signature over every byte of it, which anybody checks without
//! us, with a few lines in any language (R3.9).
//!
//! The document is made anew from the journal whenever it is asked for, and is the same bytes each time: all it holds was
//! written down when the plan was signed. The seal stands in a file beside it. The key is worked out of the server's, one
//! for each organisation.
//!
//! On paper it is the same plan: a PDF that carries the document byte for byte, sealed over every byte of its own. How it is
//! set is its writer's; nothing is sealed that does not carry what was. Absent on purpose: a way to seal what was not
//! signed, and typesetting.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{Timestamp, civil::Date};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use throughline_domain::{
    HandoffId, MilestoneId, OrgId,
    handoff::{self, Fact, Handoff, Proof, Signature},
    record::{Body, Side},
};
use throughline_store::JournalRow;

use super::{Visitor, sign::consent};
use crate::{App, AppError, Caller, handle::Loaded};

/// What a document calls itself; another shape is another name.
const DOCUMENT: &str = "throughline.plan/1";
/// What a seal calls itself.
const SEAL: &str = "throughline.seal/1";
/// Rows of a journal read at once.
const ROWS: u32 = 200;
/// The largest document or seal that is looked at, in bytes.
pub const LARGEST_SEALED: usize = 4 << 20;

/// How a PDF begins.
const PAPER: &[u8] = b"%PDF-";

/// A document with its seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedPlan {
    /// The document: JSON as it was sealed.
    pub document: Vec<u8>,
    /// Its seal: JSON that names the key and the signature.
    pub seal: Vec<u8>,
}

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
    /// The words agreed to; none where the company or the customer is called otherwise since.
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
    let agreed: Vec<_> = milestones
        .iter()
        .map(|one| (one.id, one.title.as_str(), one.side, one.owner.as_deref(), one.due_on))
        .collect();
    hex(serde_json::to_string(&agreed).unwrap_or_default().as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn written<T: Serialize>(value: &T) -> Result<Vec<u8>, AppError> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(AppError::broken)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn sealed(key: &Ed25519KeyPair, document: Vec<u8>) -> Result<SealedPlan, AppError> {
    let seal = written(&SealFile {
        seal: SEAL.to_owned(),
        algorithm: "ed25519".to_owned(),
        key: STANDARD.encode(key.public_key().as_ref()),
        document_sha256: hex(&document),
        signature: STANDARD.encode(key.sign(&document).as_ref()),
    })?;
    Ok(SealedPlan { document, seal })
}

impl App {
    /// Whether signed plans can be sealed: this server has a key.
    pub fn seals(&self) -> bool {
        self.key.is_some()
    }

    /// The key an organisation's plans are sealed with, in public: base64.
    pub fn seal_key(&self, org: OrgId) -> Option<String> {
        Some(STANDARD.encode(self.sealing(org)?.public_key().as_ref()))
    }

    /// A signed plan with its seal, for a visitor: their `number`th signature, from 1.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a handoff that is not theirs and for a signature that is not there;
    /// [`AppError::Conflict`] on a server without a key, and where texts of it were erased.
    pub async fn portal_sealed(
        &self,
        visitor: &Visitor,
        id: HandoffId,
        number: usize,
    ) -> Result<SealedPlan, AppError> {
        let loaded = self.visited(visitor, id).await?;
        self.sealed_of(&loaded, number).await
    }

    /// The same for whoever may read the handoff.
    pub async fn sealed_plan(
        &self,
        caller: &Caller,
        id: HandoffId,
        number: usize,
    ) -> Result<SealedPlan, AppError> {
        let loaded = self.load(caller.org, id).await?;
        caller.may_on(throughline_domain::access::Action::Read, &loaded.handoff)?;
        self.sealed_of(&loaded, number).await
    }

    /// The same plan on paper: a PDF that carries the sealed document, with a seal of its own over every byte.
    ///
    /// # Errors
    /// [`AppError::Broken`] for a PDF that carries another document or none, and for a document that this server did not
    /// seal.
    pub fn sealed_paper(&self, plan: &SealedPlan, pdf: Vec<u8>) -> Result<SealedPlan, AppError> {
        let held = verify_sealed(&plan.document, &plan.seal, None).map_err(AppError::broken)?;
        let org = held.plan.organisation;
        let key = self.sealing(org).ok_or_else(|| AppError::broken("there is no key to seal with"))?;
        let ours = self.seal_key(org).is_some_and(|ours| ours == held.key);
        let same = carried(&pdf).is_some_and(|carried| carried == plan.document.trim_ascii_end());
        if !ours || !same {
            return Err(AppError::broken("the paper does not carry what was signed"));
        }
        sealed(&key, pdf)
    }

    async fn sealed_of(&self, loaded: &Loaded, number: usize) -> Result<SealedPlan, AppError> {
        let org = &loaded.org;
        let key = self
            .sealing(org.id)
            .ok_or_else(|| AppError::Conflict("this server has no key of its own to seal with".to_owned()))?;
        let (handoff, row) = self.as_signed(loaded, number).await?;
        let plan = handoff.plan.as_ref().ok_or(AppError::NotFound("signature"))?;
        let signature = plan.signatures.last().ok_or(AppError::NotFound("signature"))?;
        let milestones: Vec<_> = plan
            .milestones
            .iter()
            .map(|(id, one)| SealedMilestone {
                id: *id,
                title: one.title.to_string(),
                side: one.side,
                owner: one.owner.as_ref().map(ToString::to_string),
                due_on: one.due_on,
            })
            .collect();
        if imprint(&milestones) != signature.imprint {
            return Err(AppError::Conflict("texts of what was signed were erased".to_owned()));
        }
        let goals = handoff.record.items.values().filter_map(|item| match &item.body {
            Body::Criterion(criterion) => Some(criterion.words.to_string()),
            _ => None,
        });
        let account = handoff.deal.account.clone();
        let document = PlanDocument {
            document: DOCUMENT.to_owned(),
            organisation: org.id,
            company: org.name.clone(),
            handoff: handoff.id,
            imprint: signature.imprint.clone(),
            milestones,
            goals: goals.collect(),
            signed: signed(signature, &consent(&org.name, &account)),
            journal: SealedPlace { seq: row.seq, hash: row.hash },
            account,
        };
        sealed(&key, written(&document)?)
    }

    /// The handoff as it was right after its `number`th signature, and where that stands in the journal.
    async fn as_signed(&self, loaded: &Loaded, number: usize) -> Result<(Handoff, JournalRow), AppError> {
        let (org, id) = (loaded.org.id, loaded.handoff.id);
        let texts = self.store.texts(org, id).await?;
        let (mut state, mut after, mut signed) = (None, 0, 0);
        loop {
            let rows = self.store.journal(org, id, after, ROWS).await?;
            if rows.is_empty() {
                return Err(AppError::NotFound("signature"));
            }
            for row in rows {
                let recorded = row
                    .open(&|text| texts.get(&text).map(|(_, text)| text.clone()))
                    .map_err(AppError::broken)?;
                signed += usize::from(matches!(recorded.fact, Fact::PlanSigned { .. }));
                let signs = matches!(recorded.fact, Fact::PlanSigned { .. });
                state = handoff::evolve(state, &recorded);
                after = row.seq;
                if signs && signed == number {
                    let state = state.ok_or_else(|| AppError::broken("a signature before its handoff"))?;
                    return Ok((state, row));
                }
            }
        }
    }

    fn sealing(&self, org: OrgId) -> Option<Ed25519KeyPair> {
        let seed = self.key.as_ref()?.seed(org)?;
        Ed25519KeyPair::from_seed_unchecked(&seed).ok()
    }
}

fn signed(signature: &Signature, words: &str) -> SealedSignature {
    let Proof::MailedCode { mailbox, at } = &signature.proof;
    SealedSignature {
        name: signature.name.to_string(),
        at: signature.at,
        consent: (hex(words.as_bytes()) == signature.consent).then(|| words.to_owned()),
        consent_sha256: signature.consent.clone(),
        proof: "mailed_code".to_owned(),
        mailbox: mailbox.to_string(),
        proved_at: *at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8) -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
    }

    fn plan() -> PlanDocument {
        let milestones = vec![SealedMilestone {
            id: "0197a000-0000-7000-8000-000000000001".parse().unwrap(),
            title: "Finance trained".to_owned(),
            side: Side::Customer,
            owner: Some("Ines".to_owned()),
            due_on: Some("2026-05-01".parse().unwrap()),
        }];
        let words = "I agree.";
        PlanDocument {
            document: DOCUMENT.to_owned(),
            organisation: "0197a000-0000-7000-8000-000000000002".parse().unwrap(),
            company: "Northwind".to_owned(),
            account: "Lindner GmbH".to_owned(),
            handoff: "0197a000-0000-7000-8000-000000000003".parse().unwrap(),
            imprint: imprint(&milestones),
            milestones,
            goals: vec!["Close in three days".to_owned()],
            signed: SealedSignature {
                name: "Ines Calloway".to_owned(),
                at: "2026-03-02T09:00:00Z".parse().unwrap(),
                consent: Some(words.to_owned()),
                consent_sha256: hex(words.as_bytes()),
                proof: "mailed_code".to_owned(),
                mailbox: "ines@customer.example".to_owned(),
                proved_at: "2026-03-02T09:00:00Z".parse().unwrap(),
            },
            journal: SealedPlace { seq: 12, hash: "ab".repeat(32) },
        }
    }

    #[test]
    fn a_sealed_plan_verifies_and_names_its_key() {
        let made = sealed(&key(1), written(&plan()).unwrap()).unwrap();
        let verified = verify_sealed(&made.document, &made.seal, None).unwrap();
        assert_eq!(verified.plan.signed.name, "Ines Calloway");
        verify_sealed(&made.document, &made.seal, Some(&verified.key)).unwrap();
        let other = STANDARD.encode(key(2).public_key().as_ref());
        assert_eq!(
            verify_sealed(&made.document, &made.seal, Some(&other)).unwrap_err(),
            Unsealed::OtherKey(verified.key)
        );
    }

    #[test]
    fn every_byte_is_under_the_seal() {
        let made = sealed(&key(1), written(&plan()).unwrap()).unwrap();
        for at in 0..made.document.len() {
            let mut changed = made.document.clone();
            changed[at] ^= 1;
            assert_eq!(
                verify_sealed(&changed, &made.seal, None).unwrap_err(),
                Unsealed::Changed,
                "byte {at}"
            );
        }
        for cut in [&made.document[1..], &made.document[..made.document.len() - 1], b""] {
            assert_eq!(verify_sealed(cut, &made.seal, None).unwrap_err(), Unsealed::Changed);
        }
        let another = sealed(&key(2), written(&plan()).unwrap()).unwrap();
        // Somebody else's seal holds, by somebody else's key: which is why the key is to be compared.
        assert_ne!(verify_sealed(&another.document, &another.seal, None).unwrap().key, {
            verify_sealed(&made.document, &made.seal, None).unwrap().key
        });
    }

    #[test]
    fn what_is_no_seal_of_ours_is_told_and_nothing_panics() {
        let made = sealed(&key(1), written(&plan()).unwrap()).unwrap();
        let seal = String::from_utf8(made.seal.clone()).unwrap();
        for odd in [
            "",
            "{}",
            "null",
            &seal.replace(SEAL, "x"),
            &seal.replace("ed25519", "none"),
            &seal.replace("\"key\": \"", "\"key\": \"!"),
        ] {
            let why = verify_sealed(&made.document, odd.as_bytes(), None).unwrap_err();
            assert!(matches!(why, Unsealed::Unreadable("seal", _)), "{odd}: {why}");
        }
        let short = seal.replace(&STANDARD.encode(key(1).public_key().as_ref()), "AAAA");
        assert_eq!(verify_sealed(&made.document, short.as_bytes(), None).unwrap_err(), Unsealed::Changed);
    }

    #[test]
    fn a_document_that_contradicts_itself_is_told_although_its_seal_holds() {
        let mut changed = plan();
        changed.milestones[0].title = "Finance half trained".to_owned();
        let made = sealed(&key(1), written(&changed).unwrap()).unwrap();
        let why = verify_sealed(&made.document, &made.seal, None).unwrap_err();
        assert!(matches!(why, Unsealed::Contradicts(text) if text.contains("milestones")), "{why}");
        let mut changed = plan();
        changed.signed.consent = Some("I agree to more.".to_owned());
        let made = sealed(&key(1), written(&changed).unwrap()).unwrap();
        let why = verify_sealed(&made.document, &made.seal, None).unwrap_err();
        assert!(matches!(why, Unsealed::Contradicts(text) if text.contains("words")), "{why}");
        let made =
            sealed(&key(1), written(&PlanDocument { document: "other/1".to_owned(), ..plan() }).unwrap())
                .unwrap();
        let why = verify_sealed(&made.document, &made.seal, None).unwrap_err();
        assert!(matches!(why, Unsealed::Unreadable("document", _)), "{why}");
    }

    /// As a typesetter writes it: the document stands in it as it is.
    fn paper(plan: &PlanDocument) -> Vec<u8> {
        let plan = written(plan).unwrap();
        [b"%PDF-1.7\n1 0 obj\nstream\n", plan.as_slice(), b"\nendstream\n%%EOF\n"].concat()
    }

    #[test]
    fn a_plan_on_paper_verifies_by_every_byte_of_it_and_says_what_it_carries() {
        let made = sealed(&key(1), paper(&plan())).unwrap();
        let verified = verify_sealed(&made.document, &made.seal, None).unwrap();
        assert_eq!(
            (verified.plan.signed.name.as_str(), verified.plan.milestones.len()),
            ("Ines Calloway", 1)
        );
        for at in 0..made.document.len() {
            let mut changed = made.document.clone();
            changed[at] ^= 1;
            let why = verify_sealed(&changed, &made.seal, None).unwrap_err();
            assert_eq!(why, Unsealed::Changed, "byte {at}");
        }
    }

    #[test]
    fn paper_that_carries_no_plan_or_half_of_one_or_another_is_told_apart() {
        let whole = paper(&plan());
        let half = whole[..whole.len() / 2].to_vec();
        for pdf in [b"%PDF-1.7\n".to_vec(), half] {
            let made = sealed(&key(1), pdf).unwrap();
            let why = verify_sealed(&made.document, &made.seal, None).unwrap_err();
            assert!(matches!(why, Unsealed::Unreadable("document", _)), "{why}");
        }
        let mut changed = plan();
        changed.milestones[0].title = "Finance half trained".to_owned();
        let made = sealed(&key(1), paper(&changed)).unwrap();
        let why = verify_sealed(&made.document, &made.seal, None).unwrap_err();
        assert!(matches!(why, Unsealed::Contradicts(text) if text.contains("milestones")), "{why}");
    }
}
