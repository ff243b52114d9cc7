//! What is what: the tree that a screen reader follows, apart from where things stand on paper.

use std::num::NonZeroU16;

use krilla::tagging::{Identifier, ListNumbering, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};

/// A place in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeId(usize);

/// What something is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Document,
    Paragraph,
    /// Its level, from 1, and its words.
    Heading(u16, String),
    Quote,
    /// Whether its entries carry a sign of their own.
    List(bool),
    Entry,
    Label,
    Body,
    Table,
    TableHead,
    TableBody,
    Row,
    HeadCell,
    Cell,
    Part,
    /// Letters that are drawn as something else.
    Letters(String),
}

struct Held {
    kind: Kind,
    within: Vec<Within>,
}

enum Within {
    Node(usize),
    Leaf(Identifier),
}

/// The tree, as it grows.
pub struct Tree {
    nodes: Vec<Held>,
}

/// Words of a heading that its tag repeats.
const LONGEST_NAME: usize = 300;

impl Tree {
    pub const ROOT: NodeId = NodeId(0);

    pub fn new() -> Self {
        Self { nodes: vec![Held { kind: Kind::Document, within: Vec::new() }] }
    }

    /// A new node, last of its parent's.
    pub fn grow(&mut self, parent: NodeId, kind: Kind) -> NodeId {
        let id = self.nodes.len();
        self.nodes.push(Held { kind, within: Vec::new() });
        if let Some(parent) = self.nodes.get_mut(parent.0) {
            parent.within.push(Within::Node(id));
        }
        NodeId(id)
    }

    /// Something that was drawn belongs to a node.
    pub fn drawn(&mut self, node: NodeId, what: Identifier) {
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.within.push(Within::Leaf(what));
        }
    }

    /// As the file holds it.
    pub fn written(&self) -> TagTree {
        let mut tree = TagTree::new();
        let root = self.nodes.first();
        for node in root.iter().flat_map(|root| &root.within).filter_map(|within| self.node(within)) {
            tree.push(node);
        }
        tree
    }

    fn node(&self, within: &Within) -> Option<Node> {
        let id = match within {
            Within::Leaf(leaf) => return Some(Node::Leaf(*leaf)),
            Within::Node(id) => *id,
        };
        let held = self.nodes.get(id)?;
        let mut group = TagGroup::new(tag(&held.kind));
        for child in held.within.iter().filter_map(|within| self.node(within)) {
            group.push(child);
        }
        // What holds nothing is not told.
        (!group.children.is_empty()).then_some(Node::Group(group))
    }
}

fn tag(kind: &Kind) -> TagKind {
    match kind {
        Kind::Document | Kind::Part => Tag::Part.into(),
        Kind::Paragraph => Tag::P.into(),
        Kind::Heading(level, words) => {
            let name: String = words.chars().take(LONGEST_NAME).collect();
            Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(name)).into()
        }
        Kind::Letters(words) => Tag::Span.with_actual_text(Some(words.clone())).into(),
        Kind::Quote => Tag::BlockQuote.into(),
        Kind::List(true) => Tag::L(ListNumbering::Disc).into(),
        Kind::List(false) => Tag::L(ListNumbering::None).into(),
        Kind::Entry => Tag::LI.into(),
        Kind::Label => Tag::Lbl.into(),
        Kind::Body => Tag::LBody.into(),
        Kind::Table => Tag::Table.into(),
        Kind::TableHead => Tag::THead.into(),
        Kind::TableBody => Tag::TBody.into(),
        Kind::Row => Tag::TR.into(),
        Kind::HeadCell => Tag::TH(TableHeaderScope::Column).into(),
        Kind::Cell => Tag::TD.into(),
    }
}
