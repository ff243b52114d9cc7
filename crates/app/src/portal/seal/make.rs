//! Making the document and its seal.
//!
//! It is made anew from the journal whenever it is asked for, and is the same bytes each time: all it holds was written
//! down when the plan was signed, the company's name, too. What was signed before that name was kept goes by the one of
//! today. Once any text of it was erased it is made no more. The key is worked out of the server's, one for each
//! organisation. Absent on purpose: a way to seal what was not signed.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde::Serialize;
use throughline_domain::{
    HandoffId, OrgId, Personal,
    access::Action,
    handoff::{self, Fact, Handoff, Proof, Signature},
    record::Body,
};
use throughline_store::JournalRow;

use super::{
    DOCUMENT, PlanDocument, SEAL, SealFile, SealedMilestone, SealedPlace, SealedSignature, carried, hex,
    imprint, verify_sealed,
};
use crate::{
    App, AppError, Caller,
    handle::Loaded,
    portal::{Visitor, sign::consent},
};

/// Rows of a journal read at once.
const ROWS: u32 = 200;

/// A document with its seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedPlan {
    /// The document: JSON as it was sealed.
    pub document: Vec<u8>,
    /// Its seal: JSON that names the key and the signature.
    pub seal: Vec<u8>,
}

pub(super) fn written<T: Serialize>(value: &T) -> Result<Vec<u8>, AppError> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(AppError::broken)?;
    bytes.push(b'\n');
    Ok(bytes)
}

pub(super) fn sealed(key: &Ed25519KeyPair, document: Vec<u8>) -> Result<SealedPlan, AppError> {
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
        caller.may_on(Action::Read, &loaded.handoff)?;
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
        let goals: Vec<_> = handoff
            .record
            .items
            .values()
            .filter_map(|item| match &item.body {
                Body::Criterion(criterion) => Some(&criterion.words),
                _ => None,
            })
            .collect();
        let Proof::MailedCode { mailbox, .. } = &signature.proof;
        let agreed = plan.milestones.values().flat_map(|one| std::iter::once(&one.title).chain(&one.owner));
        let texts = [&signature.name, mailbox].into_iter().chain(agreed).chain(goals.iter().copied());
        if texts.into_iter().any(Personal::is_erased) {
            return Err(AppError::Conflict("texts of what was signed were erased".to_owned()));
        }
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
            return Err(AppError::broken("the milestones are not those that were signed"));
        }
        let company = signature.company.clone().unwrap_or_else(|| org.name.clone());
        let account = handoff.deal.account.clone();
        let document = PlanDocument {
            document: DOCUMENT.to_owned(),
            organisation: org.id,
            handoff: handoff.id,
            imprint: signature.imprint.clone(),
            milestones,
            goals: goals.into_iter().map(ToString::to_string).collect(),
            signed: signed(signature, &consent(&company, &account)),
            company,
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
                let signs = matches!(recorded.fact, Fact::PlanSigned { .. });
                signed += usize::from(signs);
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
