//! Why a command ends, as scripts see it.

use std::process::ExitCode;

use throughline_app::AppError;
use throughline_sample::PlayError;
use throughline_store::StoreError;

use crate::output::Out;

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// What was asked is done.
    Done = 0,
    /// There are findings, or what was asked is refused.
    Findings = 1,
    /// The command line is wrong.
    Usage = 2,
    /// A file, a database or the network cannot be reached or read.
    Unreachable = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// A command that could not do what was asked.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    message: String,
    hint: Option<String>,
}

impl Failure {
    /// What was asked is refused.
    pub fn refused(message: impl Into<String>) -> Self {
        Self { exit: Exit::Findings, message: message.into(), hint: None }
    }

    /// The command line is wrong in a way its parser cannot see.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into(), hint: None }
    }

    /// Something outside cannot be reached or read.
    pub fn unreachable(message: impl Into<String>) -> Self {
        Self { exit: Exit::Unreachable, message: message.into(), hint: None }
    }

    /// With what to do about it.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Tells it on standard error.
    pub fn tell(&self, out: Out) -> Exit {
        // A reader that went away has heard enough.
        if self.message.is_empty() {
            return self.exit;
        }
        let text = if out.json {
            serde_json::json!({ "error": self.message, "hint": self.hint, "exit": self.exit as u8 })
                .to_string()
        } else {
            let hint = self.hint.as_ref().map(|hint| format!("\n  {hint}")).unwrap_or_default();
            format!("throughline: {}{hint}", self.message)
        };
        output_error(&text);
        self.exit
    }
}

fn output_error(text: &str) {
    use std::io::Write as _;
    // Where even standard error is closed there is nobody left to tell.
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}

impl From<AppError> for Failure {
    fn from(why: AppError) -> Self {
        let message = why.to_string();
        match why {
            AppError::Unavailable(inner) => Self::unreachable(format!("{message} ({inner})")),
            AppError::Broken(inner) => Self::unreachable(format!("{message} ({inner})")),
            AppError::Invalid { .. } => Self::refused(message),
            _ => Self::refused(message),
        }
    }
}

impl From<PlayError> for Failure {
    fn from(why: PlayError) -> Self {
        match why {
            PlayError::App(why) => why.into(),
            PlayError::Script(_) => Self::refused(why.to_string()),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(why: StoreError) -> Self {
        Self::unreachable(why.to_string())
    }
}

impl From<std::io::Error> for Failure {
    /// Writing to standard output.
    fn from(why: std::io::Error) -> Self {
        if why.kind() == std::io::ErrorKind::BrokenPipe {
            return Self { exit: Exit::Done, message: String::new(), hint: None };
        }
        Self::unreachable(format!("cannot write: {why}"))
    }
}
