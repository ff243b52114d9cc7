//! Where in a file something stands: a way through the document, and the line and column it leads to.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use crate::playbook::model::At;

/// A line and a column, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: u64,
    /// The column.
    pub column: u64,
}

impl Place {
    /// The first character.
    pub const START: Place = Place { line: 1, column: 1 };

    /// The place of a byte of the source.
    pub fn of(source: &str, byte: usize) -> Self {
        let before = source.get(..byte).unwrap_or(source);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before[line_start..].chars().filter(|c| *c != '\u{feff}').count();
        let line = before.bytes().filter(|byte| *byte == b'\n').count();
        Self { line: line as u64 + 1, column: column as u64 + 1 }
    }

    pub(super) fn at(location: &serde_saphyr::Location) -> Self {
        Self { line: location.line().max(1), column: location.column().max(1) }
    }
}

/// A way through the document: `steps[3].due.from`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Path(Vec<Turn>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Key(&'static str),
    Nth(usize),
}

impl Path {
    /// From the document's root into one of its keys.
    pub fn root(key: &'static str) -> Self {
        Self(vec![Turn::Key(key)])
    }

    /// Into a group's key.
    pub fn key(&self, key: &'static str) -> Self {
        self.and(Turn::Key(key))
    }

    /// Into a list, counted from 0.
    pub fn nth(&self, index: usize) -> Self {
        self.and(Turn::Nth(index))
    }

    fn and(&self, turn: Turn) -> Self {
        Self(self.0.iter().copied().chain([turn]).collect())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(place, turn)| match (turn, place) {
            (Turn::Key(key), 0) => f.write_str(key),
            (Turn::Key(key), _) => write!(f, ".{key}"),
            (Turn::Nth(index), _) => write!(f, "[{index}]"),
        })
    }
}

/// A byte within a text of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inside {
    /// The text as read.
    pub text: String,
    /// The byte, from 0.
    pub byte: usize,
}

/// The document once more, with nothing but places.
pub(super) struct Tree<'s> {
    source: &'s str,
    root: Option<At<Node>>,
}

impl<'s> Tree<'s> {
    pub(super) fn of(source: &'s str) -> Self {
        Self { source, root: serde_saphyr::from_str_with_options(source, super::options()).ok() }
    }

    /// Where a way leads; where it ends early, the last thing on it that exists.
    pub(super) fn place(&self, path: &Path, inside: Option<&Inside>) -> Place {
        let Some(mut here) = self.root.as_ref() else { return Place::START };
        for turn in &path.0 {
            let next = match (turn, &here.value) {
                (Turn::Key(key), Node::Map(entries)) => {
                    entries.iter().find(|(name, _)| name.value == *key).map(|(_, value)| value)
                }
                (Turn::Nth(index), Node::List(items)) => items.get(*index),
                _ => None,
            };
            match next {
                Some(next) => here = next,
                None => return Place::at(&here.referenced),
            }
        }
        match inside {
            Some(inside) => within(self.source, &here.referenced, inside),
            None => Place::at(&here.referenced),
        }
    }

    /// Where the group begins that has a key at a place.
    pub(super) fn group_with(&self, place: Place) -> Option<Place> {
        let mut waiting: Vec<&At<Node>> = self.root.iter().collect();
        while let Some(node) = waiting.pop() {
            match &node.value {
                Node::Map(entries) => {
                    if entries.iter().any(|(key, _)| Place::at(&key.referenced) == place) {
                        return Some(Place::at(&node.referenced));
                    }
                    waiting.extend(entries.iter().map(|(_, value)| value));
                }
                Node::List(items) => waiting.extend(items),
                Node::Leaf => {}
            }
        }
        None
    }
}

enum Node {
    Map(Vec<(At<String>, At<Node>)>),
    List(Vec<At<Node>>),
    Leaf,
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Nodes;
        impl<'de> Visitor<'de> for Nodes {
            type Value = Node;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Node::Map(entries))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(Node::List(items))
            }
            fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Node, D::Error> {
                Node::deserialize(inner)
            }
            fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Node, D::Error> {
                IgnoredAny::deserialize(inner).map(|_| Node::Leaf)
            }
            fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
                Ok(Node::Leaf)
            }
            fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
                Ok(Node::Leaf)
            }
            fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
                Ok(Node::Leaf)
            }
            fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
                Ok(Node::Leaf)
            }
            fn visit_str<E>(self, _: &str) -> Result<Node, E> {
                Ok(Node::Leaf)
            }
            fn visit_unit<E>(self) -> Result<Node, E> {
                Ok(Node::Leaf)
            }
            fn visit_none<E>(self) -> Result<Node, E> {
                Ok(Node::Leaf)
            }
        }
        from.deserialize_any(Nodes)
    }
}

/// The place of a byte inside a text, however the file writes it: plain, quoted, or as a block over several lines.
///
/// Blanks fold and indent, so the characters that are none are counted: the text's tenth is the file's tenth.
pub(super) fn within(source: &str, location: &serde_saphyr::Location, inside: &Inside) -> Place {
    let start = location.span().byte_offset().and_then(|at| usize::try_from(at).ok());
    let Some((start, raw)) = start.and_then(|at| Some((at, source.get(at..)?))) else {
        return Place::at(location);
    };
    let (before, after) = inside.text.split_at_checked(inside.byte).unwrap_or((&inside.text, ""));
    let ink = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let (passed, at_end) = (ink(before), ink(after) == 0);
    let mut last_end = 0;
    for (nth, (from, to)) in written(raw, &inside.text).enumerate() {
        if nth == passed && !at_end {
            return Place::of(source, start + from);
        }
        if nth == passed {
            break;
        }
        last_end = to;
    }
    Place::of(source, start + last_end)
}

/// The characters of a text as the file writes them, blanks left out: byte ranges from the text's first.
fn written<'r>(raw: &'r str, text: &str) -> impl Iterator<Item = (usize, usize)> + 'r {
    let first_word = text.split_whitespace().next().unwrap_or_default();
    let quote = raw.chars().next().filter(|c| matches!(c, '\'' | '"') && !raw.starts_with(first_word));
    let mut rest = raw.char_indices().skip(usize::from(quote.is_some())).peekable();
    std::iter::from_fn(move || {
        loop {
            let (from, c) = rest.next()?;
            if c.is_whitespace() {
                continue;
            }
            let mut to = from + c.len_utf8();
            match (quote, c) {
                (Some('\''), '\'') => to = rest.next_if(|(_, next)| *next == '\'')?.0 + 1,
                (Some('"'), '"') => return None,
                (Some('"'), '\\') => {
                    let (at, escaped) = rest.next()?;
                    to = at + escaped.len_utf8();
                    let digits = match escaped {
                        'x' => 2,
                        'u' => 4,
                        'U' => 8,
                        'n' | 't' | 'r' | ' ' | '_' | '\n' => continue,
                        _ => 0,
                    };
                    for _ in 0..digits {
                        to = rest.next()?.0 + 1;
                    }
                }
                _ => {}
            }
            return Some((from, to));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Doc {
        rule: At<String>,
    }

    /// Puts `@` where the finding should point and reads back where it does.
    fn finds(file: &str, needle: &str) {
        let wanted = file.find('@').unwrap();
        let source = file.replacen('@', "", 1);
        let doc: Doc = serde_saphyr::from_str(&source).unwrap();
        let text = doc.rule.value.clone();
        let byte = if needle.is_empty() { text.len() } else { text.find(needle).unwrap() };
        let place = within(&source, &doc.rule.referenced, &Inside { text, byte });
        assert_eq!(place, Place::of(&source, wanted), "{file}");
    }

    #[test]
    fn a_byte_of_a_text_is_found_however_the_file_writes_it() {
        finds("rule: a && @b > 1\n", "b");
        finds("rule: ä == 'ö' && @b > 1\n", "b");
        finds("rule: 'a == ''x'' && @b'\n", "b");
        finds("rule: \"a == \\\"x\\\" && \\u0062 && @c\"\n", "c");
        finds("x: 1\nrule: |\n    'a' &&\n    (@b > 1)\n", "b");
        finds("x: 1\nrule: >-\n  a &&\n\n  c ||\n  @b\n", "b");
        finds("rule: a &&\n  @b\n", "b");
        finds("rule: a &&@\nx: 1\n", "");
        finds("\u{feff}rule: a @b\n", "b");
        finds("a: 1\r\nrule: |\r\n  a\r\n  @b\r\n", "b");
    }

    #[test]
    fn a_way_that_ends_early_leads_to_the_last_thing_that_exists() {
        let tree = Tree::of("a:\n  - x: 1\n    y:\n      z: [1, 2]\n");
        let y = Path::root("a").nth(0).key("y");
        let place = |path: &Path| tree.place(path, None);
        assert_eq!(place(&y.key("z").nth(1)), Place { line: 4, column: 14 });
        assert_eq!(place(&y.key("nothing").nth(7)), Place { line: 4, column: 7 });
        assert_eq!(place(&Path::root("b")), Place { line: 1, column: 1 });
        assert_eq!(y.key("z").nth(1).to_string(), "a[0].y.z[1]");
    }
}
