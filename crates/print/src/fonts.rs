//! Two weights of one typeface: what they have shapes for, how wide words are, and how they are drawn.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Feature, Script, ShapePlan, UnicodeBuffer, script, ttf_parser::Tag};

use crate::{
    PrintError,
    style::{Face, Style},
};

/// The typeface, ready.
pub struct Fonts {
    plain: Cut,
    strong: Cut,
}

struct Cut {
    face: rustybuzz::Face<'static>,
    /// How words are shaped in the scripts the typeface is for; others are worked out anew.
    plans: Vec<(Script, ShapePlan)>,
    font: Font,
    per_em: f32,
    /// Of the line's height without leading, in parts of the size: above the baseline, and below it.
    above: f32,
    below: f32,
}

/// Words of one look, shaped.
#[derive(Debug, Clone)]
pub struct Run {
    pub style: Style,
    pub width: f32,
    pub text: String,
    pub shape: Shape,
}

/// How a run is drawn.
#[derive(Debug, Clone)]
pub enum Shape {
    /// With glyphs of the typeface.
    Glyphs(Vec<KrillaGlyph>),
    /// As boxes with codes: the typeface has no shapes.
    Boxes,
}

/// How wide a box is, in parts of the size: with four digits of its code, and with up to six.
const BOX: (f32, f32) = (0.86, 1.16);

impl Fonts {
    /// Reads both weights, TrueType or OpenType.
    ///
    /// # Errors
    /// [`PrintError::Typeface`] where one cannot be read.
    pub fn new(plain: &'static [u8], strong: &'static [u8]) -> Result<Self, PrintError> {
        Ok(Self { plain: cut(plain, "plain")?, strong: cut(strong, "strong")? })
    }

    fn cut(&self, face: Face) -> &Cut {
        match face {
            Face::Plain => &self.plain,
            Face::Strong => &self.strong,
        }
    }

    pub(crate) fn font(&self, face: Face) -> Font {
        self.cut(face).font.clone()
    }

    /// From the top of a line to its baseline, in points.
    pub(crate) fn baseline(&self, style: Style) -> f32 {
        let cut = self.cut(style.face);
        (style.leading - style.size * (cut.above + cut.below)) / 2.0 + style.size * cut.above
    }

    /// Shapes words without a line's end in them: runs with glyphs, and runs of boxes between.
    pub(crate) fn shape(&self, text: &str, style: Style) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut from = 0;
        let mut known = true;
        for (at, one) in text.char_indices() {
            // What only joins or directs goes with what is before it.
            let knows = if is_unseen(one) { known } else { self.knows(style.face, one) };
            if knows != known {
                runs.extend(self.run(&text[from..at], style, known));
                (from, known) = (at, knows);
            }
        }
        runs.extend(self.run(&text[from..], style, known));
        runs
    }

    fn knows(&self, face: Face, one: char) -> bool {
        // What is for private use looks as its user wants, which nobody here knows.
        let private = matches!(one, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
        !private && !one.is_control() && self.cut(face).face.glyph_index(one).is_some_and(|id| id.0 > 0)
    }

    fn run(&self, text: &str, style: Style, known: bool) -> Option<Run> {
        if !known {
            return (!text.is_empty()).then(|| Run {
                width: boxes(text, style),
                text: text.to_owned(),
                style,
                shape: Shape::Boxes,
            });
        }
        let text: String = text.chars().filter(|one| !is_unseen(*one)).collect();
        if text.is_empty() {
            return None;
        }
        let glyphs = self.glyphs(&text, style.face);
        let width = glyphs.iter().map(|glyph| glyph.x_advance).sum::<f32>() * style.size;
        Some(Run { style, width, text, shape: Shape::Glyphs(glyphs) })
    }

    /// Glyphs of a text the typeface knows, with advances in parts of the size.
    pub(crate) fn glyphs(&self, text: &str, face: Face) -> Vec<KrillaGlyph> {
        let cut = self.cut(face);
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(Direction::LeftToRight);
        // Digits and signs alone take part in any script.
        let script = Some(buffer.script()).filter(|one| *one != script::COMMON && *one != script::UNKNOWN);
        let script = script.unwrap_or(script::LATIN);
        buffer.set_script(script);
        let shaped = match cut.plans.iter().find(|(of, _)| *of == script) {
            Some((_, plan)) => rustybuzz::shape_with_plan(&cut.face, plan, buffer),
            None => rustybuzz::shape(&cut.face, &features(), buffer),
        };
        let starts: Vec<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
        let ends = |at: usize| starts.iter().copied().filter(|other| *other > at).min().unwrap_or(text.len());
        let drawn = shaped.glyph_infos().iter().zip(shaped.glyph_positions());
        drawn
            .map(|(info, place)| {
                let start = info.cluster as usize;
                #[expect(clippy::cast_precision_loss, reason = "a font's units are small numbers")]
                let part = |units: i32| units as f32 / cut.per_em;
                let (id, range) = (GlyphId::new(info.glyph_id), start..ends(start));
                let (x, y) = (part(place.x_offset), part(place.y_offset));
                KrillaGlyph::new(id, part(place.x_advance), x, y, part(place.y_advance), range, None)
            })
            .collect()
    }
}

/// Nobody's words are drawn as others: "->" stays two signs.
fn features() -> [Feature; 3] {
    [b"calt", b"liga", b"clig"].map(|tag| Feature::new(Tag::from_bytes(tag), 0, ..))
}

fn cut(data: &'static [u8], name: &'static str) -> Result<Cut, PrintError> {
    let face = rustybuzz::Face::from_slice(data, 0).ok_or(PrintError::Typeface(name))?;
    let plan = |of| (of, ShapePlan::new(&face, Direction::LeftToRight, Some(of), None, &features()));
    let plans = [script::LATIN, script::GREEK, script::CYRILLIC].map(plan).into();
    let font = Font::new(data.into(), 0).ok_or(PrintError::Typeface(name))?;
    let per_em = font.units_per_em();
    let (above, below) = (f32::from(face.ascender()) / per_em, f32::from(-face.descender()) / per_em);
    Ok(Cut { face, plans, font, per_em, above, below })
}

/// Letters that are never seen: they join, direct or hint.
fn is_unseen(one: char) -> bool {
    matches!(
        one,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// The letters of a run of boxes that are drawn, each with its code.
pub fn boxed(text: &str) -> impl Iterator<Item = (char, String)> {
    text.chars().filter(|one| !is_unseen(*one)).map(|one| (one, format!("{:04X}", u32::from(one))))
}

/// How wide one box is.
pub fn box_width(code: &str, style: Style) -> f32 {
    style.size * if code.len() > 4 { BOX.1 } else { BOX.0 }
}

fn boxes(text: &str, style: Style) -> f32 {
    boxed(text).map(|(_, code)| box_width(&code, style)).sum()
}
