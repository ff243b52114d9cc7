//! Pieces placed on pages.

use crate::{
    MOST_PAGES, Paper, PrintError,
    piece::{Drawn, Item, Piece},
    style::gap,
};

/// A page: what is drawn, from its upper left corner.
#[derive(Debug, Default)]
pub struct Page {
    pub drawn: Vec<Drawn>,
}

/// A heading and where it stands.
#[derive(Debug)]
pub struct Mark {
    pub level: u16,
    pub words: String,
    pub page: usize,
    pub y: f32,
}

/// Pages as they fill.
#[derive(Debug)]
pub struct Pages<'a> {
    pub pages: Vec<Page>,
    pub marks: Vec<Mark>,
    heads: &'a [Piece],
    bottom: f32,
}

/// Where the next piece goes.
#[derive(Debug, Clone, Copy)]
struct Cursor {
    page: usize,
    y: f32,
    /// Nothing stands above it.
    fresh: bool,
}

/// How much of what follows a heading wants to see below it where that cannot be said.
const SOME: f32 = 40.0;

impl<'a> Pages<'a> {
    /// Places everything.
    pub fn of(items: Vec<Item>, heads: &'a [Piece], paper: Paper) -> Result<Self, PrintError> {
        let bottom = paper.size().1 - gap::BOTTOM;
        let mut pages = Self { pages: vec![Page::default()], marks: Vec::new(), heads, bottom };
        let start = Cursor { page: 0, y: gap::TOP, fresh: true };
        pages.flow(items, gap::SIDE, start)?;
        Ok(pages)
    }

    fn flow(&mut self, items: Vec<Item>, x: f32, mut at: Cursor) -> Result<Cursor, PrintError> {
        let mut items = items.into_iter().peekable();
        while let Some(item) = items.next() {
            match item {
                Item::Columns(before, columns) => {
                    let start = if at.fresh { at } else { Cursor { y: at.y + before, ..at } };
                    let mut end = start;
                    for (right, column) in columns {
                        let reached = self.flow(column, x + right, start)?;
                        if (reached.page, reached.y) > (end.page, end.y) {
                            end = reached;
                        }
                    }
                    at = end;
                }
                Item::Piece(piece) => {
                    let mut together = vec![piece];
                    while together.last().is_some_and(|piece| piece.keep) {
                        let Some(Item::Piece(_)) = items.peek() else { break };
                        if let Some(Item::Piece(next)) = items.next() {
                            together.push(next);
                        }
                    }
                    at = self.together(together, x, at)?;
                }
            }
        }
        Ok(at)
    }

    /// Pieces that stay together where a page has room for them.
    fn together(&mut self, pieces: Vec<Piece>, x: f32, mut at: Cursor) -> Result<Cursor, PrintError> {
        let open = pieces.last().is_some_and(|piece| piece.keep);
        let first = pieces.first().map_or(0.0, |piece| piece.before);
        let rest: f32 = pieces.iter().skip(1).map(|piece| piece.before).sum();
        let high =
            pieces.iter().map(|piece| piece.height).sum::<f32>() + rest + if open { SOME } else { 0.0 };
        let fits = |at: Cursor| at.y + if at.fresh { 0.0 } else { first } + high <= self.bottom;
        if !fits(at) && !at.fresh && high <= self.bottom - gap::TOP {
            at = self.turn(at)?;
        }
        for piece in pieces {
            at = self.put(piece, x, at)?;
        }
        Ok(at)
    }

    fn put(&mut self, piece: Piece, x: f32, mut at: Cursor) -> Result<Cursor, PrintError> {
        let before = |at: Cursor| if at.fresh { 0.0 } else { piece.before };
        if at.y + before(at) + piece.height > self.bottom && !at.fresh {
            at = self.turn(at)?;
        }
        if at.fresh
            && let Some(head) = piece.head.and_then(|head| self.heads.get(head))
        {
            let head = head.clone().unread();
            let high = head.height;
            self.draw(head, x, at);
            at = Cursor { y: at.y + high, fresh: false, ..at };
        }
        let at = Cursor { y: at.y + before(at), fresh: false, ..at };
        if let Some((level, words)) = piece.heading.clone() {
            self.marks.push(Mark { level, words, page: at.page, y: at.y });
        }
        let high = piece.height;
        self.draw(piece, x, at);
        Ok(Cursor { y: at.y + high, ..at })
    }

    fn draw(&mut self, piece: Piece, x: f32, at: Cursor) {
        if let Some(page) = self.pages.get_mut(at.page) {
            page.drawn.extend(piece.moved(x, at.y).drawn);
        }
    }

    /// The next page; of columns the first to need it makes it.
    fn turn(&mut self, at: Cursor) -> Result<Cursor, PrintError> {
        let page = at.page + 1;
        if page >= MOST_PAGES {
            return Err(PrintError::TooLong);
        }
        if page >= self.pages.len() {
            self.pages.push(Page::default());
        }
        Ok(Cursor { page, y: gap::TOP, fresh: true })
    }
}
