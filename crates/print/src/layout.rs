//! Blocks become pieces, pieces become pages.

use crate::{
    Document, Paper, PrintError,
    fonts::{Fonts, Shape},
    lines::{Line, broken, cut},
    model::{Block, Fact, Figure, SpanStyle, Text, Tone},
    piece::{Drawn, Item, Piece},
    place::{Mark, Page, Pages},
    style::{self, LINE, Style, gap},
    table,
    tree::{Kind, NodeId, Tree},
};

/// A document on pages.
pub struct Laid {
    pub pages: Vec<Page>,
    pub tree: Tree,
    pub marks: Vec<Mark>,
}

/// Lays a document out.
pub fn lay(document: &Document, paper: Paper, fonts: &Fonts) -> Result<Laid, PrintError> {
    let width = paper.size().0 - 2.0 * gap::SIDE;
    let mut layout =
        Layout { fonts, tree: Tree::new(), heads: Vec::new(), page: paper.size().1 - gap::TOP - gap::BOTTOM };
    let mut items = layout.opening(document, width);
    items.extend(layout.blocks(&document.blocks, width, Tree::ROOT));
    if items.iter().any(has_boxes) {
        let note = Text::muted(document.boxes.clone());
        items.extend(layout.text(&note, width, Tree::ROOT, gap::HEADING));
    }
    let Layout { tree, heads, .. } = layout;
    let Pages { mut pages, marks, .. } = Pages::of(items, &heads, paper)?;
    frame(document, paper, fonts, &mut pages);
    Ok(Laid { pages, tree, marks })
}

/// The layout at work.
pub struct Layout<'a> {
    pub fonts: &'a Fonts,
    pub tree: Tree,
    /// Heads of tables, to be repeated.
    pub heads: Vec<Piece>,
    /// How much a page takes, in points.
    pub page: f32,
}

impl Layout<'_> {
    fn opening(&mut self, document: &Document, width: f32) -> Vec<Item> {
        let mut items = Vec::new();
        let kind = self.tree.grow(Tree::ROOT, Kind::Paragraph);
        items.extend(self.styled(&document.kind, Style::KIND, width, kind, 0.0));
        let title = self.tree.grow(Tree::ROOT, Kind::Heading(1, document.title.clone()));
        let mut lines = self.styled(&document.title, Style::TITLE, width, title, gap::TITLE);
        mark(&mut lines, 1, &document.title);
        items.extend(lines);
        if let Some(subtitle) = &document.subtitle {
            let node = self.tree.grow(Tree::ROOT, Kind::Paragraph);
            items.extend(self.styled(subtitle, Style::SUBTITLE, width, node, gap::TITLE));
        }
        for item in &mut items {
            if let Item::Piece(piece) = item {
                piece.keep = true;
            }
        }
        items.push(rule(width, 7.0, gap::AFTER_TITLE - 7.0));
        items
    }

    /// Blocks, one below the other.
    pub fn blocks(&mut self, blocks: &[Block], width: f32, parent: NodeId) -> Vec<Item> {
        blocks.iter().flat_map(|block| self.block(block, width, parent)).collect()
    }

    fn block(&mut self, block: &Block, width: f32, parent: NodeId) -> Vec<Item> {
        match block {
            Block::Heading(words) => self.heading(words, 2, Style::HEADING, width, (parent, gap::HEADING)),
            Block::Subheading(words) => {
                self.heading(words, 3, Style::SUBHEADING, width, (parent, gap::SUBHEADING))
            }
            Block::Text(text) => self.text(text, width, parent, gap::TEXT),
            Block::Quote(words, by) => self.quote(words, by.as_deref(), width, parent),
            Block::Facts(facts) => self.facts(facts, width, parent),
            Block::List(list) => self.list(list, width, parent),
            Block::Entries(entries) => self.entries(entries, width, parent),
            Block::Figures(figures) => self.figures(figures, width, parent),
            Block::Table(held) => table::pieces(self, held, width, parent),
            Block::Panel(tone, blocks) => self.panel(*tone, blocks, width, parent),
            Block::Rule => {
                let line = Drawn::Ground { x: 0.0, y: 0.0, width, height: 0.5, colour: LINE };
                vec![Item::Piece(
                    Piece { height: 0.5, drawn: vec![line], ..Piece::default() }.after(gap::BLOCK),
                )]
            }
            Block::Columns(share, left, right) => {
                let first = (width - gap::COLUMN) * share.clamp(0.1, 0.9);
                let second = width - gap::COLUMN - first;
                let left_part = self.tree.grow(parent, Kind::Part);
                let left = topped(self.blocks(left, first, left_part));
                let right_part = self.tree.grow(parent, Kind::Part);
                let right = topped(self.blocks(right, second, right_part));
                vec![Item::Columns(gap::BLOCK, vec![(0.0, left), (first + gap::COLUMN, right)])]
            }
        }
    }

    fn heading(
        &mut self,
        words: &str,
        level: u16,
        style: Style,
        width: f32,
        (parent, before): (NodeId, f32),
    ) -> Vec<Item> {
        let node = self.tree.grow(parent, Kind::Heading(level, words.to_owned()));
        let mut items = self.styled(words, style, width, node, before);
        mark(&mut items, level, words);
        for item in &mut items {
            if let Item::Piece(piece) = item {
                piece.keep = true;
            }
        }
        items
    }

    /// Words of one look, line by line.
    fn styled(&self, words: &str, style: Style, width: f32, node: NodeId, before: f32) -> Vec<Item> {
        let lines = broken(self.fonts, &[(words, style)], width);
        self.stacked(lines, style, 0.0, node, before)
    }

    /// Lines, one below the other; the first two and the last two stay together.
    fn stacked(&self, lines: Vec<Line>, style: Style, x: f32, node: NodeId, before: f32) -> Vec<Item> {
        let all = lines.len();
        let lines = lines.into_iter().enumerate();
        lines
            .map(|(at, line)| {
                let mut piece = Piece::line(self.fonts, style, x, line, node);
                piece.before = if at == 0 { before } else { 0.0 };
                piece.keep = all > 1 && (at == 0 || at + 2 == all);
                Item::Piece(piece)
            })
            .collect()
    }

    /// The lines of a paragraph.
    pub fn lines_of(&self, text: &Text, width: f32) -> (Vec<Line>, Style) {
        let base = Style::body(text.size);
        let spans: Vec<_> =
            text.spans.iter().map(|span| (span.text.as_str(), base.span(span.style))).collect();
        (broken(self.fonts, &spans, width), base)
    }

    fn text(&mut self, text: &Text, width: f32, parent: NodeId, before: f32) -> Vec<Item> {
        let node = self.tree.grow(parent, Kind::Paragraph);
        let (lines, style) = self.lines_of(text, width);
        self.stacked(lines, style, 0.0, node, before)
    }

    fn quote(&mut self, words: &str, by: Option<&str>, width: f32, parent: NodeId) -> Vec<Item> {
        let node = self.tree.grow(parent, Kind::Quote);
        let inset = gap::PANEL;
        let within = width - inset;
        let mut items = self.text(&Text::plain(words), within, node, gap::TEXT);
        items.extend(by.into_iter().flat_map(|by| self.text(&Text::muted(by), within, node, 1.0)));
        grounded(items, |piece| {
            let bar = Drawn::Ground { x: 0.0, y: 0.0, width: 2.0, height: piece.height, colour: LINE };
            let mut piece = piece.moved(inset, 0.0);
            piece.drawn.insert(0, bar);
            piece
        })
    }

    fn facts(&mut self, facts: &[Fact], width: f32, parent: NodeId) -> Vec<Item> {
        let list = self.tree.grow(parent, Kind::List(false));
        let label = (width * 0.3).clamp(70.0, 150.0).min(width / 2.0);
        let mut items = Vec::new();
        for (at, fact) in facts.iter().enumerate() {
            let entry = self.tree.grow(list, Kind::Entry);
            let (name, body) = (self.tree.grow(entry, Kind::Label), self.tree.grow(entry, Kind::Body));
            let named = broken(self.fonts, &[(fact.label.as_str(), Style::LABEL)], label - 10.0);
            let (lines, style) = self.lines_of(&fact.value, width - label);
            let mut named = named.into_iter();
            let mut rows: Vec<Piece> =
                lines.into_iter().map(|line| Piece::line(self.fonts, style, label, line, body)).collect();
            for row in &mut rows {
                if let Some(line) = named.next() {
                    *row = std::mem::take(row).beside(Piece::line(self.fonts, Style::LABEL, 0.0, line, name));
                }
            }
            rows.extend(named.map(|line| Piece::line(self.fonts, Style::LABEL, 0.0, line, name)));
            let all = rows.len();
            for (line, mut row) in rows.into_iter().enumerate() {
                row.before = match (at, line) {
                    (0, 0) => gap::TEXT,
                    (_, 0) => gap::FACT,
                    _ => 0.0,
                };
                row.keep = line + 1 < all && (line == 0 || line + 2 == all);
                items.push(Item::Piece(row));
            }
        }
        items
    }

    fn list(&mut self, list: &[Text], width: f32, parent: NodeId) -> Vec<Item> {
        let node = self.tree.grow(parent, Kind::List(true));
        let inset = 11.0;
        let mut items = Vec::new();
        for text in list {
            let entry = self.tree.grow(node, Kind::Entry);
            let (sign, body) = (self.tree.grow(entry, Kind::Label), self.tree.grow(entry, Kind::Body));
            let (lines, style) = self.lines_of(text, width - inset);
            let mut pieces = self.stacked(lines, style, inset, body, gap::FACT);
            if let Some(Item::Piece(first)) = pieces.first_mut() {
                let dot = broken(self.fonts, &[("•", style)], inset).into_iter().next().unwrap_or_default();
                let dot = Piece::line(self.fonts, style, 1.0, dot, sign);
                let before = first.before;
                *first = std::mem::take(first).beside(dot).after(before);
            }
            items.extend(pieces);
        }
        items
    }

    fn entries(&mut self, entries: &[Vec<Text>], width: f32, parent: NodeId) -> Vec<Item> {
        let node = self.tree.grow(parent, Kind::List(false));
        let mut items = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            let one = self.tree.grow(node, Kind::Entry);
            let body = self.tree.grow(one, Kind::Body);
            let mut pieces = Vec::new();
            for (line, text) in entry.iter().enumerate() {
                let before = match (at, line) {
                    (0, 0) => gap::TEXT,
                    (_, 0) => gap::ENTRY,
                    _ => 1.0,
                };
                pieces.extend(self.text(text, width, body, before));
            }
            let all: f32 = pieces.iter().map(height).sum();
            // An entry that takes a third of a page may be cut between its lines.
            let (last, together) = (pieces.len().saturating_sub(1), all < self.page / 3.0);
            for (line, item) in pieces.iter_mut().enumerate() {
                if let Item::Piece(piece) = item {
                    piece.keep = line < last && (together || piece.keep);
                }
            }
            items.extend(pieces);
        }
        items
    }

    fn figures(&mut self, figures: &[Figure], width: f32, parent: NodeId) -> Vec<Item> {
        let list = self.tree.grow(parent, Kind::List(false));
        let mut items = Vec::new();
        for row in figures.chunks(4) {
            #[expect(clippy::cast_precision_loss, reason = "four at most")]
            let each = (width - 8.0 * (row.len() - 1) as f32) / row.len().max(1) as f32;
            let mut whole = Piece::default().after(gap::BLOCK);
            let tiles: Vec<Piece> = row.iter().map(|figure| self.figure(figure, each - 18.0, list)).collect();
            let high = tiles.iter().map(|tile| tile.height).fold(0.0, f32::max);
            if high > self.page / 3.0 {
                // Somebody has much to say: below each other then.
                items.extend(self.facts(&told(row), width, parent));
                continue;
            }
            let mut x = 0.0;
            for (tile, figure) in tiles.into_iter().zip(row) {
                let mut tile = tile.moved(9.0, 0.0);
                tile.height = high;
                let tile = tile.on(0.0, each, style::ground(figure.tone)).moved(x, 0.0);
                whole = whole.beside(tile).after(gap::BLOCK);
                x += each + 8.0;
            }
            items.push(Item::Piece(whole));
        }
        items
    }

    fn figure(&mut self, figure: &Figure, width: f32, list: NodeId) -> Piece {
        let entry = self.tree.grow(list, Kind::Entry);
        let (label, body) = (self.tree.grow(entry, Kind::Label), self.tree.grow(entry, Kind::Body));
        let note = Style { colour: style::colour(figure.tone), ..Style::TINY };
        let parts = [
            (figure.label.as_str(), Style::COLUMN, label),
            (figure.value.as_str(), Style::FIGURE, body),
            (figure.note.as_str(), note, body),
        ];
        let mut tile = Piece { height: 8.0, ..Piece::default() };
        for (words, style, node) in parts.into_iter().filter(|(words, ..)| !words.is_empty()) {
            for line in broken(self.fonts, &[(words, style)], width) {
                let piece = Piece::line(self.fonts, style, 0.0, line, node);
                let (down, high) = (tile.height, piece.height);
                tile.drawn.extend(piece.moved(0.0, down).drawn);
                tile.height = down + high;
            }
        }
        tile.height += 7.0;
        tile
    }

    fn panel(&mut self, tone: Tone, blocks: &[Block], width: f32, parent: NodeId) -> Vec<Item> {
        let part = self.tree.grow(parent, Kind::Part);
        let items = self.blocks(blocks, width - 2.0 * gap::PANEL - 3.0, part);
        let last = items.len().saturating_sub(1);
        let mut at = 0;
        grounded(items, |piece| {
            let (first, end) = (at == 0, at == last);
            at += 1;
            // What parts its lines belongs to the panel's ground.
            let above = if first { gap::PANEL - 2.0 } else { piece.before };
            let below = if end { gap::PANEL - 1.0 } else { 0.0 };
            let mut piece = piece.moved(gap::PANEL + 3.0, 0.0).padded(above, below);
            piece.before = if first { gap::BLOCK } else { 0.0 };
            let bar = Drawn::Ground {
                x: 0.0,
                y: 0.0,
                width: 3.0,
                height: piece.height,
                colour: style::colour(tone),
            };
            let mut piece = piece.on(0.0, width, style::ground(tone));
            piece.drawn.insert(1, bar);
            piece
        })
    }
}

fn told(figures: &[Figure]) -> Vec<Fact> {
    let told = figures.iter().map(|figure| Fact {
        label: figure.label.clone(),
        value: Text::strong(&figure.value).and(format!("  {}", figure.note), SpanStyle::Plain),
    });
    told.collect()
}

fn height(item: &Item) -> f32 {
    match item {
        Item::Piece(piece) => piece.before + piece.height,
        Item::Columns(before, columns) => {
            let high = |items: &Vec<Item>| items.iter().map(height).sum::<f32>();
            before + columns.iter().map(|(_, items)| high(items)).fold(0.0, f32::max)
        }
    }
}

/// Something done to every piece.
fn grounded(items: Vec<Item>, mut change: impl FnMut(Piece) -> Piece) -> Vec<Item> {
    let mut changed = |item| match item {
        Item::Piece(piece) => {
            let (keep, before) = (piece.keep, piece.before);
            let heading = piece.heading.clone();
            let head = piece.head;
            let done = change(Piece { before, ..piece });
            Item::Piece(Piece { keep, heading, head, ..done })
        }
        columns @ Item::Columns(..) => columns,
    };
    items.into_iter().map(&mut changed).collect()
}

/// Columns begin at one height, whatever they begin with.
fn topped(mut items: Vec<Item>) -> Vec<Item> {
    if let Some(Item::Piece(first)) = items.first_mut() {
        first.before = 0.0;
    }
    items
}

/// The first line of a heading carries its words for the outline.
fn mark(items: &mut [Item], level: u16, words: &str) {
    if let Some(Item::Piece(first)) = items.first_mut() {
        first.heading = Some((level, words.to_owned()));
    }
}

fn rule(width: f32, above: f32, below: f32) -> Item {
    let line = Drawn::Ground { x: 0.0, y: above, width, height: 0.75, colour: style::LINE_STRONG };
    Item::Piece(Piece { height: above + below, drawn: vec![line], ..Piece::default() })
}

fn has_boxes(item: &Item) -> bool {
    let boxes = |drawn: &Drawn| match drawn {
        Drawn::Words { line, .. } => line.runs.iter().any(|run| matches!(run.shape, Shape::Boxes)),
        Drawn::Ground { .. } => false,
    };
    match item {
        Item::Piece(piece) => piece.drawn.iter().any(boxes),
        Item::Columns(_, columns) => columns.iter().any(|(_, items)| items.iter().any(has_boxes)),
    }
}

/// What stands at the head and the foot of every page. It is read out nowhere: the document says it once.
fn frame(document: &Document, paper: Paper, fonts: &Fonts, pages: &mut [Page]) {
    let (wide, high) = paper.size();
    let width = wide - 2.0 * gap::SIDE;
    let right = wide - gap::SIDE;
    let all = pages.len();
    let words = |x: f32, y: f32, line: Line, style: Style| Drawn::Words {
        x,
        baseline: y + fonts.baseline(style),
        line,
        node: None,
    };
    let hair = |y: f32| Drawn::Ground { x: gap::SIDE, y, width, height: 0.5, colour: LINE };
    for (at, page) in pages.iter_mut().enumerate() {
        let whose = cut(fonts, &document.head.0, Style::TINY_STRONG, width * 0.45);
        page.drawn.push(words(gap::SIDE, gap::HEADER, whose, Style::TINY_STRONG));
        let about = cut(fonts, &document.head.1, Style::TINY, width * 0.5);
        page.drawn.push(words(right - about.width(), gap::HEADER, about, Style::TINY));
        page.drawn.push(hair(gap::HEADER + 15.0));
        let foot = high - gap::FOOTER;
        page.drawn.push(hair(foot - 6.0));
        let counted =
            document.counted.replace("{page}", &(at + 1).to_string()).replace("{pages}", &all.to_string());
        let counted = cut(fonts, &counted, Style::TINY, width * 0.2);
        page.drawn.push(words(right - counted.width(), foot, counted, Style::TINY));
        let lines = broken(fonts, &[(document.foot.as_str(), Style::TINY)], width * 0.78);
        let mut y = foot;
        for line in lines.into_iter().take(3) {
            page.drawn.push(words(gap::SIDE, y, line, Style::TINY));
            y += Style::TINY.leading;
        }
    }
}
