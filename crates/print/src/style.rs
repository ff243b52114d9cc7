//! Sizes, colours and distances: the product's own, on paper.

use crate::model::{Size, SpanStyle, Tone};

/// A colour: red, green, blue.
pub type Colour = (u8, u8, u8);

pub const INK: Colour = (22, 36, 42);
pub const MUTED: Colour = (78, 90, 96);
pub const BRAND: Colour = (0, 89, 103);
pub const LINE: Colour = (222, 221, 216);
pub const LINE_STRONG: Colour = (160, 164, 166);
pub const GROUND: Colour = (248, 247, 244);

/// Which of the two typefaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    Plain,
    Strong,
}

/// How words look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    pub face: Face,
    /// In points.
    pub size: f32,
    /// From one line to the next, in points.
    pub leading: f32,
    pub colour: Colour,
}

impl Style {
    const fn of(face: Face, size: f32, leading: f32, colour: Colour) -> Self {
        Self { face, size, leading, colour }
    }

    pub const KIND: Self = Self::of(Face::Strong, 8.5, 12.0, BRAND);
    pub const TITLE: Self = Self::of(Face::Strong, 20.0, 25.0, INK);
    pub const SUBTITLE: Self = Self::of(Face::Plain, 10.0, 14.5, MUTED);
    pub const HEADING: Self = Self::of(Face::Strong, 12.0, 16.0, INK);
    pub const SUBHEADING: Self = Self::of(Face::Strong, 9.25, 13.0, INK);
    pub const BODY: Self = Self::of(Face::Plain, 9.25, 13.5, INK);
    pub const SMALL: Self = Self::of(Face::Plain, 8.0, 11.5, INK);
    pub const LABEL: Self = Self::of(Face::Plain, 8.0, 13.5, MUTED);
    pub const COLUMN: Self = Self::of(Face::Strong, 7.5, 11.0, MUTED);
    pub const FIGURE: Self = Self::of(Face::Strong, 15.0, 19.0, INK);
    pub const TINY: Self = Self::of(Face::Plain, 7.0, 9.5, MUTED);
    pub const TINY_STRONG: Self = Self::of(Face::Strong, 7.5, 10.0, INK);

    pub fn body(size: Size) -> Self {
        match size {
            Size::Body => Self::BODY,
            Size::Small => Self::SMALL,
        }
    }

    /// The look of a span in a paragraph.
    pub fn span(self, style: SpanStyle) -> Self {
        match style {
            SpanStyle::Plain => self,
            SpanStyle::Strong => Self { face: Face::Strong, ..self },
            SpanStyle::Muted => Self { colour: MUTED, ..self },
            SpanStyle::Tone(tone) => Self { face: Face::Strong, colour: colour(tone), ..self },
        }
    }
}

/// A tone's colour, dark enough to be read.
pub const fn colour(tone: Tone) -> Colour {
    match tone {
        Tone::Good => (26, 95, 52),
        Tone::Warn => (122, 76, 13),
        Tone::Bad => (163, 34, 38),
        Tone::Info => (40, 86, 142),
        Tone::Calm => MUTED,
    }
}

/// The ground a panel of a tone stands on.
pub const fn ground(tone: Tone) -> Colour {
    match tone {
        Tone::Good => (238, 249, 242),
        Tone::Warn => (255, 246, 228),
        Tone::Bad => (255, 242, 241),
        Tone::Info => (240, 246, 254),
        Tone::Calm => GROUND,
    }
}

/// Distances in points.
pub mod gap {
    /// From the edges of the sheet.
    pub const SIDE: f32 = 54.0;
    pub const TOP: f32 = 74.0;
    pub const BOTTOM: f32 = 66.0;
    pub const HEADER: f32 = 38.0;
    pub const FOOTER: f32 = 46.0;
    /// Before parts.
    pub const TITLE: f32 = 3.0;
    pub const AFTER_TITLE: f32 = 16.0;
    pub const HEADING: f32 = 17.0;
    pub const SUBHEADING: f32 = 9.0;
    pub const TEXT: f32 = 5.0;
    pub const FACT: f32 = 3.0;
    pub const ENTRY: f32 = 7.0;
    pub const BLOCK: f32 = 9.0;
    /// Within.
    pub const CELL: f32 = 5.0;
    pub const COLUMN: f32 = 22.0;
    pub const PANEL: f32 = 11.0;
}
