//! A document as whoever writes it sees it: words in order, and what they are. No places and no sizes; those are the
//! layout's.

use jiff::Timestamp;

/// A sheet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Paper {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 8.5 × 11 in.
    Letter,
}

/// What is set on paper.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its language, as BCP 47 writes it.
    pub language: String,
    /// What kind of document: stands small above the title.
    pub kind: String,
    /// Its title. Must not be empty.
    pub title: String,
    /// A line below the title.
    pub subtitle: Option<String>,
    /// At the head of every page: whose it is at the left, what it is about at the right.
    pub head: (String, String),
    /// At the foot of every page.
    pub foot: String,
    /// How pages are counted: `{page}` and `{pages}` become numbers.
    pub counted: String,
    /// Who wrote it, for the file's properties.
    pub author: String,
    /// Of when it is, for the file's properties.
    pub at: Timestamp,
    /// What it says.
    pub blocks: Vec<Block>,
    /// What is said at its end where letters are drawn as boxes.
    pub boxes: String,
    /// A file that travels inside.
    pub attachment: Option<Attachment>,
}

/// A file inside the document, byte for byte.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media: &'static str,
    /// What it is.
    pub about: String,
    /// Its bytes. They stand in the PDF as they are, unpacked, so that they are found without reading PDF.
    pub bytes: Vec<u8>,
}

/// A part of a document.
#[derive(Debug, Clone)]
pub enum Block {
    /// A heading.
    Heading(String),
    /// One below it.
    Subheading(String),
    /// A paragraph.
    Text(Text),
    /// Somebody's own words, and whose.
    Quote(String, Option<String>),
    /// What is called what.
    Facts(Vec<Fact>),
    /// A list.
    List(Vec<Text>),
    /// Entries of a few lines, kept together.
    Entries(Vec<Vec<Text>>),
    /// A few figures in a row.
    Figures(Vec<Figure>),
    /// A table.
    Table(Table),
    /// Something apart, on a ground of its own.
    Panel(Tone, Vec<Block>),
    /// A line from side to side.
    Rule,
    /// Two columns: the left one's share of the width, what stands in it, and what stands beside.
    Columns(f32, Vec<Block>, Vec<Block>),
}

/// A paragraph.
#[derive(Debug, Clone)]
pub struct Text {
    /// Its words.
    pub spans: Vec<Span>,
    /// How large.
    pub size: Size,
}

/// How large words are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Size {
    /// As most are.
    #[default]
    Body,
    /// Less important.
    Small,
}

/// Words of one look.
#[derive(Debug, Clone)]
pub struct Span {
    /// The words.
    pub text: String,
    /// Their look.
    pub style: SpanStyle,
}

/// A look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SpanStyle {
    /// As it is.
    #[default]
    Plain,
    /// What is seen first.
    Strong,
    /// What is seen last.
    Muted,
    /// How something stands; the words say it too.
    Tone(Tone),
}

/// How something stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// Well.
    Good,
    /// It wants a look.
    Warn,
    /// Badly.
    Bad,
    /// To be known.
    Info,
    /// Nothing special.
    #[default]
    Calm,
}

/// What is called what.
#[derive(Debug, Clone)]
pub struct Fact {
    /// What it is called.
    pub label: String,
    /// What it is.
    pub value: Text,
}

/// A figure.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What it counts.
    pub label: String,
    /// How many.
    pub value: String,
    /// What that means.
    pub note: String,
    /// How it stands.
    pub tone: Tone,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows; a row has as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    /// What stands at its head.
    pub head: String,
    /// Its share of the width, beside the others'.
    pub share: f32,
}

/// A cell: paragraphs, one below the other.
#[derive(Debug, Clone, Default)]
pub struct Cell(pub Vec<Text>);

impl Text {
    /// A paragraph of one look.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { spans: vec![Span::plain(text)], size: Size::Body }
    }

    /// One that is seen first.
    pub fn strong(text: impl Into<String>) -> Self {
        Self { spans: vec![Span::new(text, SpanStyle::Strong)], size: Size::Body }
    }

    /// One that is seen last.
    pub fn muted(text: impl Into<String>) -> Self {
        Self { spans: vec![Span::new(text, SpanStyle::Muted)], size: Size::Small }
    }

    /// One that says how something stands.
    pub fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self { spans: vec![Span::new(text, SpanStyle::Tone(tone))], size: Size::Body }
    }

    /// The same with more words.
    pub fn and(mut self, text: impl Into<String>, style: SpanStyle) -> Self {
        self.spans.push(Span::new(text, style));
        self
    }

    fn weight(&self) -> usize {
        self.spans.iter().map(|span| span.text.len()).sum()
    }

    /// The same, small.
    pub fn small(mut self) -> Self {
        self.size = Size::Small;
        self
    }
}

impl Span {
    /// Words of a look.
    pub fn new(text: impl Into<String>, style: SpanStyle) -> Self {
        Self { text: text.into(), style }
    }

    /// Words as they are.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::new(text, SpanStyle::Plain)
    }
}

impl From<Text> for Cell {
    fn from(text: Text) -> Self {
        Self(vec![text])
    }
}

impl Paper {
    /// Width and height in points.
    pub const fn size(self) -> (f32, f32) {
        match self {
            Self::A4 => (595.28, 841.89),
            Self::Letter => (612.0, 792.0),
        }
    }
}

impl Document {
    /// How much there is to set, in bytes of text.
    pub(crate) fn weight(&self) -> usize {
        let foot = self.head.0.len() + self.head.1.len() + self.foot.len() + self.counted.len();
        let top = self.kind.len() + self.title.len() + self.subtitle.as_ref().map_or(0, String::len);
        foot + top + self.blocks.iter().map(Block::weight).sum::<usize>()
    }
}

impl Block {
    fn weight(&self) -> usize {
        let all = |blocks: &[Self]| blocks.iter().map(Self::weight).sum::<usize>();
        match self {
            Self::Heading(words) | Self::Subheading(words) => words.len(),
            Self::Rule => 0,
            Self::Text(text) => text.weight(),
            Self::Quote(words, by) => words.len() + by.as_ref().map_or(0, String::len),
            Self::Facts(facts) => facts.iter().map(|fact| fact.label.len() + fact.value.weight()).sum(),
            Self::List(list) => list.iter().map(Text::weight).sum(),
            Self::Entries(entries) => entries.iter().flatten().map(Text::weight).sum(),
            Self::Figures(figures) => {
                figures.iter().map(|one| one.label.len() + one.value.len() + one.note.len()).sum()
            }
            Self::Table(table) => {
                let cells = table.rows.iter().flatten().flat_map(|cell| &cell.0);
                table.columns.iter().map(|column| column.head.len()).sum::<usize>()
                    + cells.map(Text::weight).sum::<usize>()
            }
            Self::Panel(_, blocks) => all(blocks),
            Self::Columns(_, left, right) => all(left) + all(right),
        }
    }
}
