//! Tables: a head that is repeated on every page, and rows that are not cut.

use crate::{
    layout::Layout,
    lines::{Line, broken},
    model::{Cell, Table},
    piece::{Drawn, Item, Piece},
    style::{Colour, LINE, LINE_STRONG, Style, gap},
    tree::{Kind, NodeId},
};

/// A line of a cell: its style, the distance above, and whose it is.
type Said = (Line, Style, f32, NodeId);

/// The cells of a row: where each begins, and its lines.
type Row = Vec<(f32, Vec<Said>)>;

/// The line below a row: how thick, and its colour.
type Hair = (f32, Colour);

/// The pieces of a table.
pub fn pieces(layout: &mut Layout<'_>, table: &Table, width: f32, parent: NodeId) -> Vec<Item> {
    if table.columns.is_empty() || table.rows.is_empty() {
        return Vec::new();
    }
    let node = layout.tree.grow(parent, Kind::Table);
    let columns = columns(table, width);
    let head = head(layout, table, &columns, node);
    let head = set(layout, head, width, (0.75, LINE_STRONG), layout.page);
    // A head that takes much of a page stands there once.
    let high: f32 = head.iter().map(|piece| piece.height).sum();
    let repeated = (high < layout.page / 4.0).then_some(layout.heads.len());
    if repeated.is_some() {
        layout.heads.extend(head.iter().take(1).cloned());
    }
    let mut items: Vec<Item> =
        head.into_iter().map(|piece| Item::Piece(Piece { keep: true, ..piece })).collect();
    if let Some(Item::Piece(first)) = items.first_mut() {
        first.before = gap::BLOCK;
    }
    let tallest = layout.page - repeated.map_or(0.0, |_| high);
    let body = layout.tree.grow(node, Kind::TableBody);
    for cells in &table.rows {
        let row = row(layout, cells, &columns, body);
        let pieces = set(layout, row, width, (0.5, LINE), tallest);
        items.extend(pieces.into_iter().map(|piece| Item::Piece(Piece { head: repeated, ..piece })));
    }
    items
}

/// Where each column begins, and how wide it is.
fn columns(table: &Table, width: f32) -> Vec<(f32, f32)> {
    let all: f32 = table.columns.iter().map(|column| column.share.max(0.01)).sum();
    let mut x = 0.0;
    let mut placed = Vec::new();
    for column in &table.columns {
        let wide = width * column.share.max(0.01) / all;
        placed.push((x, (wide - 2.0 * gap::CELL).max(Style::BODY.size)));
        x += wide;
    }
    placed
}

fn head(layout: &mut Layout<'_>, table: &Table, columns: &[(f32, f32)], node: NodeId) -> Row {
    let part = layout.tree.grow(node, Kind::TableHead);
    let row = layout.tree.grow(part, Kind::Row);
    let mut cells = Row::new();
    for (column, (x, wide)) in table.columns.iter().zip(columns) {
        let cell = layout.tree.grow(row, Kind::HeadCell);
        let lines = broken(layout.fonts, &[(column.head.as_str(), Style::COLUMN)], *wide);
        cells.push((*x, lines.into_iter().map(|line| (line, Style::COLUMN, 0.0, cell)).collect()));
    }
    cells
}

fn row(layout: &mut Layout<'_>, cells: &[Cell], columns: &[(f32, f32)], body: NodeId) -> Row {
    let row = layout.tree.grow(body, Kind::Row);
    let mut said = Row::new();
    for (at, (x, wide)) in columns.iter().enumerate() {
        let node = layout.tree.grow(row, Kind::Cell);
        let mut lines = Vec::new();
        for text in cells.get(at).into_iter().flat_map(|cell| &cell.0) {
            let part = layout.tree.grow(node, Kind::Paragraph);
            let (broken, style) = layout.lines_of(text, *wide);
            let first = if lines.is_empty() { 0.0 } else { 1.0 };
            let before = |at: usize| if at == 0 { first } else { 0.0 };
            lines.extend(broken.into_iter().enumerate().map(|(at, line)| (line, style, before(at), part)));
        }
        said.push((*x, lines));
    }
    said
}

/// A row as one piece; line by line where it is taller than it may be.
fn set(layout: &Layout<'_>, row: Row, width: f32, (thick, colour): Hair, tallest: f32) -> Vec<Piece> {
    let high = |lines: &[Said]| lines.iter().map(|(_, style, before, _)| style.leading + before).sum::<f32>();
    let whole = row.iter().map(|(_, lines)| high(lines)).fold(0.0, f32::max) + 2.0 * gap::CELL;
    let longest = row.iter().map(|(_, lines)| lines.len()).max().unwrap_or_default();
    let slices: Vec<Row> = if whole <= tallest {
        vec![row]
    } else {
        let mut columns: Vec<_> = row.into_iter().map(|(x, lines)| (x, lines.into_iter())).collect();
        let slice =
            |_| columns.iter_mut().map(|(x, lines)| (*x, lines.next().into_iter().collect())).collect();
        (0..longest).map(slice).collect()
    };
    let last = slices.len().saturating_sub(1);
    let pieces = slices.into_iter().enumerate().map(|(at, cells)| {
        let side_by_side = |whole: Piece, (x, lines)| whole.beside(stack(layout, lines, x));
        let piece = cells.into_iter().fold(Piece::default(), side_by_side);
        let edge = |here: bool| if here { gap::CELL } else { 0.0 };
        let mut piece = piece.padded(edge(at == 0), edge(at == last));
        if at == last {
            let y = piece.height - thick;
            piece.drawn.push(Drawn::Ground { x: 0.0, y, width, height: thick, colour });
        }
        piece
    });
    pieces.collect()
}

fn stack(layout: &Layout<'_>, lines: Vec<Said>, x: f32) -> Piece {
    let mut whole = Piece::default();
    for (line, style, before, node) in lines {
        let piece = Piece::line(layout.fonts, style, x, line, node);
        let down = whole.height + before;
        let high = down + piece.height;
        whole.drawn.extend(piece.moved(0.0, down).drawn);
        whole.height = high;
    }
    whole
}
