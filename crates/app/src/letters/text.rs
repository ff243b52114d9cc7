//! The words of messages, by the shipped templates.

use std::sync::LazyLock;

use throughline_domain::handoff::Message;
pub use throughline_messages::Names;
use throughline_messages::{Kind, Overrides, TemplateError, Templates, Told, View, Written};
use throughline_store::Person;

use crate::{AppError, handle::Loaded};

/// Read once: every process writes with the same ones.
static SHIPPED: LazyLock<Result<Templates, TemplateError>> =
    LazyLock::new(|| Templates::new(&Overrides::new()));

fn templates() -> Result<&'static Templates, AppError> {
    SHIPPED.as_ref().map_err(AppError::broken)
}

/// Subject and text of a message.
pub fn write(
    loaded: &Loaded,
    message: &Message,
    to: &Person,
    names: &Names,
) -> Result<(String, String), AppError> {
    let written = templates()?.message(&told(loaded, &to.name, names), message);
    Ok(parts(written.map_err(AppError::broken)?))
}

/// The letter of an invitation: subject and text. The link itself is told once, elsewhere.
pub fn invitation(company: &str, name: &str) -> Result<(String, String), AppError> {
    plain(Kind::Invitation, company, name)
}

/// The letter of a password reset: subject and text.
pub fn reset(company: &str, name: &str) -> Result<(String, String), AppError> {
    plain(Kind::Reset, company, name)
}

/// The warm introduction, to the customer's executive by name, the champion in copy (R3.5).
pub fn introduction(loaded: &Loaded, names: &Names) -> Result<(String, String), AppError> {
    let view = told(loaded, &names.seller, names).introduction();
    let (subject, text) = parts(templates()?.write(Kind::Introduction, &view).map_err(AppError::broken)?);
    Ok((subject, text.trim_end().to_owned()))
}

fn plain(kind: Kind, company: &str, name: &str) -> Result<(String, String), AppError> {
    let written = templates()?.write(kind, &View::plain(company, name));
    Ok(parts(written.map_err(AppError::broken)?))
}

fn told<'a>(loaded: &'a Loaded, reader: &'a str, names: &'a Names) -> Told<'a> {
    Told { company: &loaded.org.name, reader, handoff: &loaded.handoff, names, matter: None }
}

fn parts(written: Written) -> (String, String) {
    (written.subject.as_str().to_owned(), written.text)
}
