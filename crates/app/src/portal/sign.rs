//! The customer signs the plan: by name, with a code that was mailed for it, under words that are kept by their hash
//! (R3.9, R4.2).

use throughline_domain::{
    HandoffId, Personal,
    access::customer_may,
    handoff::{Proof, command::SignPlan},
};
use throughline_store::{Change, PortalChange, PortalKeyKind};
use uuid::Uuid;

use super::{Visitor, WAITS};
use crate::{App, AppError, Handled, secrets};

/// What somebody signs with.
#[derive(Debug, Clone)]
pub struct SignForm {
    /// Their name as typed.
    pub name: Personal,
    /// The imprint of the plan they read.
    pub imprint: String,
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

impl App {
    /// Mails a visitor a code to sign with; gives which.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] without the right to sign; [`AppError::TooMany`] when they ask too often.
    pub async fn ask_signing_code(&self, visitor: &Visitor, id: HandoffId) -> Result<Uuid, AppError> {
        self.visited(visitor, id).await?;
        self.signs(visitor)?;
        let kind = PortalKeyKind::Signature;
        let key = self.mail_key(visitor.org, &visitor.person, kind, &visitor.session).await?;
        key.ok_or(AppError::TooMany { seconds: WAITS.as_secs().unsigned_abs() })
    }

    /// Signs the plan. The code is used up by the first try with the right digits, whatever comes of it.
    ///
    /// # Errors
    /// [`AppError::Refused`] when the plan is another than was read; [`AppError::Invalid`] for other digits.
    pub async fn sign_plan(
        &self,
        visitor: &Visitor,
        id: HandoffId,
        form: SignForm,
    ) -> Result<Handled, AppError> {
        let loaded = self.visited(visitor, id).await?;
        self.signs(visitor)?;
        let SignForm { name, imprint, key, code } = form;
        let kind = PortalKeyKind::Signature;
        let (key, person) = self.tried(visitor.org, key, kind, &code, &visitor.session).await?;
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
        let consent = secrets::hash(&consent(&loaded.org.name, &loaded.handoff.deal.account));
        let mailbox = Personal::parse(&person.email).map_err(AppError::broken)?;
        let signs = SignPlan { name, imprint, consent, proof: Proof::MailedCode { mailbox, at } };
        self.portal_command(visitor, id, |_| Ok(signs.clone().into())).await
    }

    fn signs(&self, visitor: &Visitor) -> Result<(), AppError> {
        if customer_may(SignPlan::VERB, visitor.person.may_sign) {
            return Ok(());
        }
        Err(AppError::Forbidden(throughline_domain::access::Action::Plan))
    }
}
