//! The demo's mail server: a drawer. It takes every mail and lets none out; what is in it is read in the mailbox.
//!
//! With it mail waits in the demo as it does elsewhere: for a daily mail, for the end of somebody's quiet hours.

use std::sync::Arc;

use async_trait::async_trait;
use throughline_app::{App, sweep::Outgoing};
use throughline_messages::{Mail, Mailbox, Post, PostError};

use super::cast::email_of;
use crate::failure::Failure;

/// Who mail is from.
const SENDER: &str = "Handoffs";

#[derive(Debug)]
struct Drawer;

#[async_trait]
impl Post for Drawer {
    async fn send(&self, _mail: &Mail) -> Result<(), PostError> {
        Ok(())
    }
}

/// The application with the drawer for a mail server.
pub fn onto(app: App, public_url: &str) -> Result<App, Failure> {
    let address = email_of(SENDER).parse();
    let address = address.map_err(|why| Failure::refused(format!("the demo's address: {why}")))?;
    let from = Mailbox::new(SENDER, address);
    Ok(app.with_mail(Outgoing { post: Arc::new(Drawer), from, public_url: public_url.to_owned() }))
}
