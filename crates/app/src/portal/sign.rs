//! The customer signs the plan: by name, with a code that was mailed for it, under words that are kept by their hash
//! (R3.9, R4.2).

use throughline_domain::{
    HandoffId, Personal,
    access::customer_may,
    handoff::{Proof, Refusal, command::SignPlan},
};
use throughline_store::{Change, PortalChange, PortalKeyKind};
use uuid::Uuid;

use super::{Visitor, WAITS, entrance::For};
use crate::{App, AppError, Handled, handle::Loaded, secrets};

/// What somebody signs with.
#[derive(Debug, Clone)]
pub struct SignForm {
    /// Their name as typed.
    pub name: Personal,
    /// The imprint of the plan they read.
    pub imprint: String,
    /// The hash of the words they agree to, as they read them.
    pub consent: String,
    /// Which code was mailed: the answer of [`App::ask_signing_code`].
    pub key: Uuid,
    /// Its digits.
    pub code: String,
}

/// The words a signature is put under. Whoever changes them makes another text with another hash; what was signed before
/// names the old one.
pub fn consent(company: &str, account: &str) -> String {
    format!(
        "I have read this mutual success plan of {company} and {account} and agree to it for {account}. I may do so. \
         My typed name is my signature; that it is mine is shown by the code that was mailed to my address."
    )
}

/// The hash of the words a signature would be put under now: what whoever signs has to have read.
pub(super) fn consent_hash(loaded: &Loaded) -> String {
    secrets::hash(&consent(&loaded.org.name, &loaded.handoff.deal.account))
}

fn as_read(loaded: &Loaded, read: &str) -> Result<(), AppError> {
    if consent_hash(loaded) == read {
        return Ok(());
    }
    let because = "what is agreed to has changed since it was read; read it again and sign that";
    let stage = loaded.handoff.stage.name();
    Err(AppError::Refused(Refusal::OutOfTurn { command: SignPlan::VERB, stage, because }))
}

/// A code that signs one plan, asked for in the visitor's session.
fn to_sign<'a>(visitor: &'a Visitor, plan: &'a Loaded) -> For<'a> {
    For { kind: PortalKeyKind::Signature, browser: &visitor.session, plan: Some(plan) }
}

impl App {
    /// Mails a visitor a code to sign with; gives which.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] without the right to sign; [`AppError::TooMany`] when they ask too often.
    pub async fn ask_signing_code(&self, visitor: &Visitor, id: HandoffId) -> Result<Uuid, AppError> {
        let loaded = self.visited(visitor, id).await?;
        self.signs(visitor)?;
        let key = self.mail_key(visitor.org, &visitor.person, to_sign(visitor, &loaded)).await?;
        key.ok_or(AppError::TooMany { seconds: WAITS.as_secs().unsigned_abs() })
    }

    /// Signs the plan. The code is used up by the first try with the right digits, whatever comes of it.
    ///
    /// # Errors
    /// [`AppError::Refused`] when the plan, or what is agreed to, is another than was read; [`AppError::Invalid`] for
    /// other digits.
    pub async fn sign_plan(
        &self,
        visitor: &Visitor,
        id: HandoffId,
        form: SignForm,
    ) -> Result<Handled, AppError> {
        let loaded = self.visited(visitor, id).await?;
        self.signs(visitor)?;
        let SignForm { name, imprint, consent, key, code } = form;
        as_read(&loaded, &consent)?;
        let (key, person) = self.tried(visitor.org, key, to_sign(visitor, &loaded), &code).await?;
        if person.id != visitor.person.id {
            return Err(AppError::NotFound("code"));
        }
        let at = self.now();
        let uses = Change::Portal(PortalChange::Use { key: key.id, at });
        let audit = self.audit(
            &visitor.caller(),
            "use-signing-code",
            &person.id.to_string(),
            serde_json::Value::Null,
        );
        match self.store.apply(visitor.org, vec![uses], audit).await.map_err(AppError::from) {
            Err(AppError::Conflict(_)) => return Err(AppError::NotFound("code")),
            other => other?,
        }
        let mailbox = Personal::parse(&person.email).map_err(AppError::broken)?;
        let proof = Proof::MailedCode { mailbox, at };
        self.portal_command(visitor, id, |loaded| {
            // Names may have changed since: the words are those of the state that is signed.
            as_read(loaded, &consent)?;
            let company = Some(loaded.org.name.clone());
            let (name, imprint, consent) = (name.clone(), imprint.clone(), consent.clone());
            Ok(SignPlan { name, imprint, consent, proof: proof.clone(), company }.into())
        })
        .await
    }

    fn signs(&self, visitor: &Visitor) -> Result<(), AppError> {
        if customer_may(SignPlan::VERB, visitor.person.may_sign) {
            return Ok(());
        }
        Err(AppError::Forbidden(throughline_domain::access::Action::Plan))
    }
}
