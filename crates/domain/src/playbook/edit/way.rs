//! The way to a part of the text: `sections.0.asks.2.required_when`.

use std::{fmt, str::FromStr};

/// A step of a way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Turn {
    /// Into a key of a group.
    Key(String),
    /// Into an item of a list, from 0.
    Nth(usize),
}

/// The way to a part; the empty one is the whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Way(pub Vec<Turn>);

impl Way {
    /// On into a key.
    #[must_use]
    pub fn key(&self, key: impl Into<String>) -> Self {
        self.and(Turn::Key(key.into()))
    }

    /// On into an item.
    #[must_use]
    pub fn nth(&self, index: usize) -> Self {
        self.and(Turn::Nth(index))
    }

    fn and(&self, turn: Turn) -> Self {
        let mut turns = self.0.clone();
        turns.push(turn);
        Self(turns)
    }

    /// The way to what it stands in, and the last step.
    pub fn split(&self) -> Option<(Way, &Turn)> {
        let (last, before) = self.0.split_last()?;
        Some((Way(before.to_vec()), last))
    }

    /// Whether this is the same way, or leads into it.
    pub fn is_within(&self, outer: &Way) -> bool {
        self.0.starts_with(&outer.0)
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, turn) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str(".")?;
            }
            match turn {
                Turn::Key(key) => f.write_str(key)?,
                Turn::Nth(index) => index.fmt(f)?,
            }
        }
        Ok(())
    }
}

/// Text that is no way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this names no part of a playbook")]
pub struct NotAWay;

impl FromStr for Way {
    type Err = NotAWay;
    fn from_str(text: &str) -> Result<Self, NotAWay> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        if text.len() > 200 {
            return Err(NotAWay);
        }
        let turn = |part: &str| match part.bytes().next() {
            Some(first) if first.is_ascii_digit() => part.parse().map(Turn::Nth).map_err(|_| NotAWay),
            Some(first) if first.is_ascii_lowercase() => Ok(Turn::Key(part.to_owned())),
            _ => Err(NotAWay),
        };
        text.split('.').map(turn).collect::<Result<_, _>>().map(Self)
    }
}
