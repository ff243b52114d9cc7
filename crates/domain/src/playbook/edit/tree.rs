//! The text as groups, lists and scalars, each with the bytes it takes.

use granit_parser::{Event, Parser, ScalarStyle, Span, StrInput, StructureStyle};

use super::{Finding, NotChanged, Turn, Way};
use crate::playbook::load::{self, place::Place};

/// How deep a text may nest: what the loader takes, and some.
const DEEPEST: usize = 32;

/// A text that was read.
#[derive(Debug)]
pub struct Document<'s> {
    pub(super) source: &'s str,
    /// All of it.
    pub root: Node,
}

/// A part of the text.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its first byte.
    pub(super) from: usize,
    /// The byte behind its last.
    pub(super) to: usize,
    /// What it is.
    pub body: Body,
}

/// What a part of the text is.
#[derive(Debug, Clone)]
pub enum Body {
    /// `key: value` lines, or `{ key: value }`.
    Map {
        /// Whether it is written in braces.
        flow: bool,
        /// In the order of the text.
        entries: Vec<Entry>,
    },
    /// `- item` lines, or `[item]`.
    List {
        /// Whether it is written in brackets.
        flow: bool,
        /// In the order of the text.
        items: Vec<Node>,
    },
    /// A text, a number, true or false.
    Scalar(String),
}

/// A key with its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key.
    pub key: String,
    pub(super) from: usize,
    /// Behind the key's colon.
    pub(super) colon: usize,
    /// What it leads to.
    pub value: Node,
}

impl<'s> Document<'s> {
    /// Reads a text.
    ///
    /// # Errors
    /// What is no YAML, or uses what playbooks do without, with its place.
    pub fn read(source: &'s str) -> Result<Self, NotChanged> {
        let refused = |place, reason: &str| NotChanged::Unreadable(Finding::said(place, reason));
        if source.len() > load::MAX_FILE {
            return Err(refused(Place::START, "the file is too long"));
        }
        let mut reader = Reader { source, events: Parser::new_from_str(source) };
        reader.read().map_err(|(byte, reason)| refused(Place::of(source, byte), &reason))
    }

    /// The part a way leads to.
    pub fn get(&self, way: &Way) -> Option<&Node> {
        way.0.iter().try_fold(&self.root, |here, turn| match turn {
            Turn::Key(key) => here.get(key),
            Turn::Nth(index) => here.items().get(*index),
        })
    }

    /// The way to the innermost part at a place of the text, as a finding names it.
    pub fn way_at(&self, line: u64, column: u64) -> Way {
        let byte = byte_of(self.source, line, column);
        let (mut way, mut here) = (Way::default(), &self.root);
        loop {
            let next = match &here.body {
                Body::Map { entries, .. } => entries
                    .iter()
                    .find(|entry| entry.from <= byte && byte <= entry.value.to.max(entry.colon))
                    .map(|entry| (way.key(&entry.key), &entry.value)),
                Body::List { items, .. } => items
                    .iter()
                    .enumerate()
                    .find(|(_, item)| item.from <= byte && byte <= item.to)
                    .map(|(index, item)| (way.nth(index), item)),
                Body::Scalar(_) => None,
            };
            match next {
                Some((on, node)) => (way, here) = (on, node),
                None => return way,
            }
        }
    }

    /// The lines a part takes, from 1: its first and its last.
    pub fn lines(&self, way: &Way) -> Option<(u64, u64)> {
        let node = self.get(way)?;
        Some((Place::of(self.source, node.from).line, Place::of(self.source, node.to).line))
    }
}

/// The byte of a line and a column, both from 1; the column in characters.
fn byte_of(source: &str, line: u64, column: u64) -> usize {
    let before = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
    let start: usize = source.split_inclusive('\n').take(before).map(str::len).sum();
    let passed = usize::try_from(column.saturating_sub(1)).unwrap_or(0);
    let rest = source.get(start..).unwrap_or_default().trim_start_matches('\u{feff}');
    source.len() - rest.len() + rest.chars().take(passed).map(char::len_utf8).sum::<usize>()
}

impl Node {
    /// A key's value.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.body {
            Body::Map { entries, .. } => {
                entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
            }
            _ => None,
        }
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> &[Node] {
        match &self.body {
            Body::List { items, .. } => items,
            _ => &[],
        }
    }

    /// The text; none of lists and groups.
    pub fn text(&self) -> Option<&str> {
        match &self.body {
            Body::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// A key's text.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }
}

type Fault = (usize, String);

struct Reader<'s> {
    source: &'s str,
    events: Parser<'s, StrInput<'s>>,
}

impl<'s> Reader<'s> {
    fn read(&mut self) -> Result<Document<'s>, Fault> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd => {}
                event if root.is_none() => root = Some(self.node(event, span, 0)?),
                _ => return Err((start(&span), "a second document begins here".to_owned())),
            }
        }
        let root = root.ok_or_else(|| (0, "the file is empty".to_owned()))?;
        Ok(Document { source: self.source, root })
    }

    fn next(&mut self) -> Result<(Event<'s>, Span), Fault> {
        match self.events.next() {
            Some(Ok(next)) => Ok(next),
            Some(Err(why)) => {
                let at = why.marker().byte_offset().unwrap_or(0).min(self.source.len());
                Err((at, why.info().to_string()))
            }
            None => Err((self.source.len(), "the file ends too early".to_owned())),
        }
    }

    /// The `>` or `|` of a block whose first byte this is: the reader begins such a text with its words.
    fn header(&self, from: usize) -> usize {
        if self.source[from..].starts_with(['>', '|']) {
            return from;
        }
        let before = self.source[..from].trim_end();
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        let words = before[line..].find(" #").map_or(before.len(), |comment| line + comment);
        before[line..words].rfind(['>', '|']).map_or(from, |sign| line + sign)
    }

    fn node(&mut self, event: Event<'s>, span: Span, depth: usize) -> Result<Node, Fault> {
        let from = start(&span);
        if depth > DEEPEST {
            return Err((from, format!("lists and groups nest more than {DEEPEST} deep")));
        }
        match event {
            Event::Scalar(text, style, 0, None) => {
                let mut to = end(&span).max(from);
                if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded | ScalarStyle::Plain) {
                    to = from + self.source[from..to].trim_end().len();
                }
                let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let from = if is_block { self.header(from) } else { from };
                Ok(Node { from, to, body: Body::Scalar(text.into_owned()) })
            }
            Event::SequenceStart(style, 0, None) => {
                let mut items: Vec<Node> = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, span) => {
                            let flow = style == StructureStyle::Flow;
                            let last = items.last().map_or(from, |item| item.to);
                            let to = if flow { end(&span) } else { last };
                            return Ok(Node { from, to, body: Body::List { flow, items } });
                        }
                        (event, span) => items.push(self.node(event, span, depth + 1)?),
                    }
                }
            }
            Event::MappingStart(style, 0, None) => {
                let mut entries: Vec<Entry> = Vec::new();
                loop {
                    let (event, span) = self.next()?;
                    if event == Event::MappingEnd {
                        let flow = style == StructureStyle::Flow;
                        let last = entries.last().map_or(from, |entry| entry.value.to.max(entry.colon));
                        let to = if flow { end(&span) } else { last };
                        // A block begins with its first key, wherever the reader says it does.
                        let from = match entries.first() {
                            Some(entry) if !flow => entry.from,
                            _ => from,
                        };
                        return Ok(Node { from, to, body: Body::Map { flow, entries } });
                    }
                    let key = self.node(event, span, depth + 1)?;
                    let Body::Scalar(name) = key.body else {
                        return Err((key.from, "a key is a name".to_owned()));
                    };
                    let colon = self.source[key.to..].find(':').map_or(key.to, |found| key.to + found + 1);
                    let (event, span) = self.next()?;
                    let mut value = self.node(event, span, depth + 1)?;
                    if matches!(&value.body, Body::Scalar(text) if text.is_empty()) && value.from >= value.to
                    {
                        (value.from, value.to) = (colon, colon);
                    }
                    entries.push(Entry { key: name, from: key.from, colon, value });
                }
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                Err((from, "anchors (&) and aliases (*) are not used in playbooks".to_owned()))
            }
            _ => Err((from, "anchors (&) and tags (!) are not used in playbooks".to_owned())),
        }
    }
}

fn start(span: &Span) -> usize {
    span.start.byte_offset().unwrap_or(0)
}

fn end(span: &Span) -> usize {
    span.end.byte_offset().unwrap_or(0)
}
