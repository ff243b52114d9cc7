//! Templates: the words of every message, shipped, and changed where a company likes.
//!
//! A template is a text with a subject in its first line. It may name the values of its message, choose and repeat by
//! them, and nothing else: see `allowed` for what is left out of the language, and `engine` for its bounds. A changed
//! template that fails when it is needed never costs a message: the shipped one stands in, and the failure is told.

mod allowed;
pub mod check;
mod engine;
pub mod fault;
pub mod source;

use std::collections::BTreeMap;

use minijinja::Environment;
use serde::Serialize;
use throughline_domain::handoff::Message;

use crate::{Kind, Subject, Told, view::Draft, view::View};
use fault::TemplateError;

/// The templates a company changed, as they wrote them.
pub type Overrides = BTreeMap<Kind, String>;

/// A message in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    /// Its subject.
    pub subject: Subject,
    /// Its text, ending with a line end.
    pub text: String,
    /// The company's own template of this kind failed with this, and the shipped one was used: its own, or that of a
    /// piece in it.
    #[serde(skip)]
    pub fell_back: Option<(Kind, TemplateError)>,
}

/// All templates of a company, ready to write with. Making one reads every template; keep it while nothing changes.
#[derive(Debug)]
pub struct Templates {
    shipped: Environment<'static>,
    changed: Environment<'static>,
    unread: BTreeMap<Kind, TemplateError>,
}

impl Templates {
    /// The shipped templates with a company's changes. A change that cannot be read is kept as the reason why the
    /// shipped template is used.
    pub fn new(overrides: &Overrides) -> Result<Self, TemplateError> {
        let mut templates =
            Self { shipped: engine::shipped()?, changed: engine::empty()?, unread: BTreeMap::new() };
        for (kind, source) in overrides {
            if let Err(why) = engine::add(&mut templates.changed, *kind, source) {
                templates.unread.insert(*kind, why);
            }
        }
        Ok(templates)
    }

    /// Writes a message from its values.
    pub fn write(&self, kind: Kind, view: &View) -> Result<Written, TemplateError> {
        let own = match self.unread.get(&kind) {
            Some(why) => Some(Err(why.clone())),
            None => engine::render(&self.changed, kind, view),
        };
        let fell_back = match own {
            Some(Ok(written)) => return Ok(written),
            Some(Err(why)) => Some((kind, why)),
            None => None,
        };
        let shipped = engine::render(&self.shipped, kind, view);
        let written = shipped.unwrap_or_else(|| Err(TemplateError::at(1, "there is no such template")))?;
        Ok(Written { fell_back, ..written })
    }

    /// Writes a message of the domain.
    pub fn message(&self, told: &Told<'_>, message: &Message) -> Result<Written, TemplateError> {
        let (mut failed, mut fell_back) = (None, None);
        let view = told.message(message, || match self.write(Kind::Introduction, &told.introduction()) {
            Ok(draft) => {
                fell_back = draft.fell_back;
                Draft { subject: draft.subject.as_str().to_owned(), text: draft.text.trim_end().to_owned() }
            }
            Err(why) => {
                failed = Some(why);
                Draft { subject: String::new(), text: String::new() }
            }
        });
        match failed {
            Some(why) => Err(why),
            None => {
                let written = self.write(Kind::of(message), &view)?;
                Ok(Written { fell_back: written.fell_back.or(fell_back), ..written })
            }
        }
    }
}
