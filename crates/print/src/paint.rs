//! Pages become a PDF.

use krilla::{
    Document as Pdf, SerializeSettings,
    color::rgb,
    configure::{Accessibility, Archival, ConfigurationBuilder},
    destination::XyzDestination,
    embed::{AssociationKind, EmbeddedFile, MimeType},
    geom::{Path, PathBuilder, Point, Rect},
    metadata::{DateTime, Metadata},
    num::NormalizedF32,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::{Fill, Stroke},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, SpanTag},
};

use crate::{
    Document, Fonts, Paper, PrintError,
    fonts::{Run, Shape, box_width, boxed},
    layout::Laid,
    lines::Line,
    piece::Drawn,
    place::Mark,
    style::{Colour, Style},
    tree::{Kind, NodeId, Tree},
};

/// Writes what was laid out.
pub fn paint(document: &Document, paper: Paper, fonts: &Fonts, laid: Laid) -> Result<Vec<u8>, PrintError> {
    let unwritten = |why: &dyn std::fmt::Debug| PrintError::Unwritten(format!("{why:?}"));
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|why| unwritten(&why))?;
    let settings = SerializeSettings { configuration, enable_tagging: true, ..SerializeSettings::default() };
    let mut pdf = Pdf::new_with(settings);
    let Laid { pages, mut tree, marks } = laid;
    let (wide, high) = paper.size();
    for page in pages {
        let size = PageSettings::from_wh(wide, high).ok_or_else(|| unwritten(&"a page without a size"))?;
        let mut sheet = pdf.start_page_with(size);
        Painter { surface: sheet.surface(), fonts, tree: &mut tree }.draw_all(&page.drawn);
        sheet.finish();
    }
    pdf.set_tag_tree(tree.written());
    pdf.set_outline(outline(&marks));
    pdf.set_metadata(metadata(document));
    if let Some(file) = &document.attachment {
        let embedded = EmbeddedFile {
            path: file.name.clone(),
            mime_type: MimeType::new(file.media),
            description: Some(file.about.clone()),
            association_kind: AssociationKind::Source,
            data: file.bytes.clone().into(),
            modification_date: Some(moment(document)),
            compress: Some(false),
            location: None,
        };
        pdf.embed_file(embedded).ok_or_else(|| unwritten(&"two files of one name"))?;
    }
    pdf.finish().map_err(|why| unwritten(&why))
}

fn metadata(document: &Document) -> Metadata {
    Metadata::new()
        .title(document.title.clone())
        .language(document.language.clone())
        .authors(vec![document.author.clone()])
        .creator("Throughline".to_owned())
        .producer("Throughline".to_owned())
        .creation_date(moment(document))
}

fn moment(document: &Document) -> DateTime {
    let at = document.at.to_zoned(jiff::tz::TimeZone::UTC);
    let small = |number: i8| number.unsigned_abs();
    DateTime::new(at.year().unsigned_abs())
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

/// Words of a heading that stand in the outline.
const LONGEST_ENTRY: usize = 120;

fn outline(marks: &[Mark]) -> Outline {
    let mut outline = Outline::new();
    let mut open: Option<OutlineNode> = None;
    for mark in marks {
        let words: String = mark.words.split_whitespace().collect::<Vec<_>>().join(" ");
        let words = words.chars().take(LONGEST_ENTRY).collect();
        let node =
            OutlineNode::new(words, XyzDestination::new(mark.page, Point::from_xy(0.0, mark.y - 10.0)));
        match &mut open {
            Some(parent) if mark.level > 2 => parent.push_child(node),
            _ => {
                if let Some(done) = open.replace(node) {
                    outline.push_child(done);
                }
            }
        }
    }
    if let Some(done) = open {
        outline.push_child(done);
    }
    outline
}

struct Painter<'a, 'b> {
    surface: Surface<'a>,
    fonts: &'b Fonts,
    tree: &'b mut Tree,
}

impl Painter<'_, '_> {
    fn draw_all(mut self, all: &[Drawn]) {
        for drawn in all {
            self.draw(drawn);
        }
        self.surface.finish();
    }

    fn draw(&mut self, drawn: &Drawn) {
        match drawn {
            Drawn::Words { x, baseline, line, node } => self.words(*x, *baseline, line, *node),
            Drawn::Ground { x, y, width, height, colour } => {
                self.shape(*colour, Rect::from_xywh(*x, *y, *width, *height).and_then(rectangle));
            }
        }
    }

    fn shape(&mut self, colour: Colour, path: Option<Path>) {
        let Some(path) = path else { return };
        self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(fill(colour)));
        self.surface.draw_path(&path);
        self.surface.end_tagged();
    }

    fn words(&mut self, x: f32, baseline: f32, line: &Line, node: Option<NodeId>) {
        let mut at = x;
        for run in &line.runs {
            let actual = matches!(run.shape, Shape::Boxes).then_some(run.text.as_str());
            let tag = match node {
                Some(_) => ContentTag::Span(SpanTag::empty().with_actual_text(actual)),
                None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther)),
            };
            let drawn = self.surface.start_tagged(tag);
            self.run(at, baseline, run);
            self.surface.end_tagged();
            if let Some(node) = node {
                let letters = actual.map(|letters| self.tree.grow(node, Kind::Letters(letters.to_owned())));
                self.tree.drawn(letters.unwrap_or(node), drawn);
            }
            at += run.width;
        }
    }

    fn run(&mut self, x: f32, baseline: f32, run: &Run) {
        let Style { face, size, colour, .. } = run.style;
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(fill(colour)));
        match &run.shape {
            Shape::Glyphs(glyphs) => {
                let font = self.fonts.font(face);
                self.surface.draw_glyphs(Point::from_xy(x, baseline), glyphs, font, &run.text, size, false);
            }
            Shape::Boxes => {
                let mut at = x;
                for (_, code) in boxed(&run.text) {
                    self.boxed(at, baseline, &code, run.style);
                    at += box_width(&code, run.style);
                }
            }
        }
    }

    /// A box with a letter's code in two rows.
    fn boxed(&mut self, x: f32, baseline: f32, code: &str, style: Style) {
        let (size, wide) = (style.size, box_width(code, style));
        let frame = Rect::from_xywh(x + size * 0.06, baseline - size * 0.78, wide - size * 0.12, size * 0.94);
        if let Some(path) = frame.and_then(rectangle) {
            self.surface.set_fill(None);
            let paint = paint_of(style.colour);
            self.surface.set_stroke(Some(Stroke { paint, width: 0.4, ..Stroke::default() }));
            self.surface.draw_path(&path);
        }
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(fill(style.colour)));
        let (upper, lower) = code.split_at(code.len() / 2);
        let small = size * 0.4;
        for (row, digits) in [(baseline - size * 0.385, upper), (baseline + size * 0.06, lower)] {
            let glyphs = self.fonts.glyphs(digits, style.face);
            let drawn = glyphs.iter().map(|glyph| glyph.x_advance).sum::<f32>() * small;
            let start = Point::from_xy(x + (wide - drawn) / 2.0, row);
            self.surface.draw_glyphs(start, &glyphs, self.fonts.font(style.face), digits, small, false);
        }
    }
}

fn paint_of((red, green, blue): Colour) -> krilla::paint::Paint {
    rgb::Color::new(red, green, blue).into()
}

fn fill(colour: Colour) -> Fill {
    Fill { paint: paint_of(colour), opacity: NormalizedF32::ONE, ..Fill::default() }
}

fn rectangle(rect: Rect) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(rect);
    path.finish()
}
