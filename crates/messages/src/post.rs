//! The way out, as a port: whoever holds it hands a mail over and hears what became of it.

use std::time::Duration;

use async_trait::async_trait;

use crate::Mail;

/// How long handing a mail over may take where nobody says otherwise.
const PATIENCE: Duration = Duration::from_secs(30);

/// Takes mails to whoever delivers them. Handing the same mail over again is harmless: its
/// [`MessageId`](crate::MessageId) stays, so that a receiver can tell.
#[async_trait]
pub trait Post: Send + Sync + std::fmt::Debug {
    /// Hands a mail over. `Ok`: somebody else answers for its delivery now.
    async fn send(&self, mail: &Mail) -> Result<(), PostError>;

    /// The longest that handing one mail over takes: a server that has not answered by then did not answer.
    fn patience(&self) -> Duration {
        PATIENCE
    }
}

/// Why a mail was not handed over. Reasons are for people, say nothing secret, and are at most
/// [`PostError::REASON`] characters long.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// Try again: nobody was there, or they asked for patience.
    #[error("not now: {reason}")]
    Later {
        /// What stood in the way.
        reason: String,
    },
    /// This mail will never be taken: the address does not exist, or the mail itself is refused.
    #[error("never: {reason}")]
    Never {
        /// What was said.
        reason: String,
    },
}

impl PostError {
    /// The longest reason kept, in characters.
    pub const REASON: usize = 500;

    /// To be tried again.
    pub fn later(reason: impl std::fmt::Display) -> Self {
        Self::Later { reason: plain(reason) }
    }

    /// To be given up.
    pub fn never(reason: impl std::fmt::Display) -> Self {
        Self::Never { reason: plain(reason) }
    }
}

/// A server's words end up in logs and on pages: one line, bounded.
fn plain(reason: impl std::fmt::Display) -> String {
    let reason = reason.to_string();
    let words: Vec<&str> = reason
        .split(|letter: char| letter.is_control() || letter == ' ')
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ").chars().take(PostError::REASON).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_bounded_line_whatever_the_server_said() {
        let said = format!("550\r\n no  such\0user {}", "x".repeat(2_000));
        let PostError::Never { reason } = PostError::never(said) else { panic!() };
        assert!(reason.starts_with("550 no such user xxx"), "{reason}");
        assert_eq!(reason.chars().count(), PostError::REASON);
    }
}
