//! The demo's mail server: a drawer. It takes every mail and lets none out; what is in it is read in the mailbox.
//!
//! With it mail waits in the demo as it does elsewhere: for a daily mail, for the end of somebody's quiet hours. The
//! company's own people find theirs in the mailbox as letters; mail to customers, who have no letters, is laid beside
//! them as it left, so that the portal can be entered in the demo, too. Invitations to meetings are not: they are files.
//! Answers are awaited as elsewhere; where somebody tries that out, `POST /api/v1/mail` brings one.

use std::sync::Arc;

use async_trait::async_trait;
use throughline_app::{App, sweep::Outgoing};
use throughline_domain::Actor;
use throughline_messages::{Mail, Mailbox, Post, PostError, ReplyAddress};
use throughline_sample::email_of;
use throughline_store::{Audit, Change, Letter};

use crate::failure::Failure;

/// Who mail is from.
const SENDER: &str = "Handoffs";
/// Where answers would go.
const ANSWERS: &str = "Reply";

struct Drawer {
    app: App,
    public_url: String,
}

impl std::fmt::Debug for Drawer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Drawer").finish_non_exhaustive()
    }
}

#[async_trait]
impl Post for Drawer {
    async fn send(&self, mail: &Mail) -> Result<(), PostError> {
        let ours = mail.to.address.domain() == mail.from.address.domain();
        if !ours && mail.calendar.is_none() {
            self.lay(mail).await.map_err(PostError::later)?;
        }
        Ok(())
    }
}

impl Drawer {
    async fn lay(&self, mail: &Mail) -> Result<(), throughline_app::AppError> {
        let store = self.app.store();
        let Some(org) = store.orgs().await?.into_iter().next() else { return Ok(()) };
        let link = mail.text.split_whitespace().find_map(|word| word.strip_prefix(self.public_url.as_str()));
        let letter = Letter {
            id: self.app.fresh_id(),
            outbox: None,
            to: None,
            handoff: None,
            follows: None,
            subject: mail.subject.as_str().to_owned(),
            body: format!("To {}\n\n{}", mail.to.address, mail.text),
            topic: None,
            link: link.map(str::to_owned),
            at: self.app.now(),
            read_at: None,
        };
        let audit = Audit {
            at: self.app.now(),
            by: Actor::System,
            action: "lay-mail".to_owned(),
            subject: letter.id.to_string(),
            detail: serde_json::Value::Null,
        };
        Ok(store.apply(org.id, vec![Change::Deliver(letter)], audit).await?)
    }
}

/// The application with the drawer for a mail server.
pub fn onto(app: App, public_url: &str) -> Result<App, Failure> {
    let address = email_of(SENDER).parse();
    let address = address.map_err(|why| Failure::refused(format!("the demo's address: {why}")))?;
    let answers = email_of(ANSWERS).parse().ok().and_then(|address| ReplyAddress::new(&address));
    let answers = answers.ok_or_else(|| Failure::refused("the demo's address for answers is none"))?;
    let from = Mailbox::new(SENDER, address);
    let post = Arc::new(Drawer { app: app.clone(), public_url: public_url.to_owned() });
    Ok(app.with_mail(Outgoing { post, from, public_url: public_url.to_owned() }).with_answers(answers))
}
