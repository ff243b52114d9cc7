//! What the layout moves about: a piece is never cut; whatever may be cut is several pieces.

use crate::{
    fonts::Fonts,
    lines::Line,
    style::{Colour, Style},
    tree::NodeId,
};

/// A piece: what is drawn, from its own upper left corner.
#[derive(Debug, Clone, Default)]
pub struct Piece {
    pub height: f32,
    /// The distance to what is above it; none at the head of a page.
    pub before: f32,
    /// It does not stand at the foot of a page without what follows.
    pub keep: bool,
    pub drawn: Vec<Drawn>,
    /// What is repeated above it where it begins a page: an index into the layout's table heads.
    pub head: Option<usize>,
    /// It is a heading: of which level, and its words.
    pub heading: Option<(u16, String)>,
}

/// Something drawn.
#[derive(Debug, Clone)]
pub enum Drawn {
    /// Words. Without a node they are beside what is read out.
    Words { x: f32, baseline: f32, line: Line, node: Option<NodeId> },
    /// A filled rectangle.
    Ground { x: f32, y: f32, width: f32, height: f32, colour: Colour },
}

/// What follows what.
#[derive(Debug, Clone)]
pub enum Item {
    Piece(Piece),
    /// Columns side by side, each with the distance of its left edge.
    Columns(f32, Vec<(f32, Vec<Item>)>),
}

impl Piece {
    /// A line of words.
    pub fn line(fonts: &Fonts, style: Style, x: f32, line: Line, node: NodeId) -> Self {
        let words = Drawn::Words { x, baseline: fonts.baseline(style), line, node: Some(node) };
        Self { height: style.leading, drawn: vec![words], ..Self::default() }
    }

    /// The same with a distance above.
    pub fn after(mut self, before: f32) -> Self {
        self.before = before;
        self
    }

    /// Moved right and down.
    pub fn moved(mut self, right: f32, down: f32) -> Self {
        for drawn in &mut self.drawn {
            match drawn {
                Drawn::Words { x, baseline, .. } => (*x, *baseline) = (*x + right, *baseline + down),
                Drawn::Ground { x, y, .. } => (*x, *y) = (*x + right, *y + down),
            }
        }
        self
    }

    /// Two pieces side by side, as one.
    pub fn beside(mut self, other: Self) -> Self {
        self.height = self.height.max(other.height);
        self.drawn.extend(other.drawn);
        self
    }

    /// The same with room above as part of it, so that a ground goes through.
    pub fn padded(self, above: f32, below: f32) -> Self {
        let mut padded = self.moved(0.0, above);
        padded.height += above + below;
        padded
    }

    /// The same on a ground of its height.
    pub fn on(mut self, x: f32, width: f32, colour: Colour) -> Self {
        self.drawn.insert(0, Drawn::Ground { x, y: 0.0, width, height: self.height, colour });
        self
    }

    /// The same, read out by nobody: it is there a second time.
    pub fn unread(mut self) -> Self {
        for drawn in &mut self.drawn {
            if let Drawn::Words { node, .. } = drawn {
                *node = None;
            }
        }
        self
    }
}
