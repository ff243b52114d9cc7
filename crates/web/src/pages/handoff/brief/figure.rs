//! The stakeholder map as a drawing: influence × stance, a cell for each pair, names below each other in their cell so
//! that they never lie on each other. Drawn twice, for a wide and for a narrow screen; styles choose.
//!
//! Absent on purpose: colours, which are classes, and measuring of fonts, which a server cannot: widths of letters are
//! guessed on the safe side, what does not fit ends with an ellipsis, and its cell clips it.

use throughline_domain::record::{Influence, Stance};

/// Somebody who has a place on the map.
#[derive(Debug, Clone)]
pub struct Placed {
    /// Their name.
    pub name: String,
    /// Their parts, in a line.
    pub parts: String,
    /// How much they move inside.
    pub influence: Influence,
    /// How much they want it.
    pub stance: Stance,
    /// What is to be known before anything else.
    pub mark: Mark,
}

/// The sign before a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Nothing particular.
    Plain,
    /// May block adoption.
    MayBlock,
    /// Needs a win early.
    EarlyWin,
}

impl Mark {
    /// Its class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Plain => "map-plain",
            Self::MayBlock => "map-block",
            Self::EarlyWin => "map-win",
        }
    }

    /// Its shape around the origin.
    pub fn path(self) -> &'static str {
        match self {
            Self::Plain => "M-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0-7.2 0",
            Self::MayBlock => "M0-4.6L4.8 3.8H-4.8z",
            Self::EarlyWin => "M0-5L5 0L0 5L-5 0z",
        }
    }
}

/// A text at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// From the left.
    pub x: u32,
    /// From the top, of the line the letters stand on.
    pub y: u32,
    /// The text.
    pub text: String,
}

/// A name in its cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The sign before it.
    pub mark: Mark,
    /// Where the sign stands.
    pub at: (u32, u32),
    /// The name, in up to two lines.
    pub lines: Vec<Words>,
    /// The parts, below it.
    pub below: Option<Words>,
    /// All of it, for whoever points at it.
    pub whole: String,
}

/// One pair of influence and stance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// From the left.
    pub x: u32,
    /// From the top.
    pub y: u32,
    /// How wide.
    pub width: u32,
    /// How high.
    pub height: u32,
    /// Its classes.
    pub class: String,
    /// Who stands there.
    pub entries: Vec<Entry>,
}

/// The whole drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// How wide.
    pub width: u32,
    /// How high.
    pub height: u32,
    /// Headings of columns.
    pub columns: Vec<Words>,
    /// Headings of rows.
    pub rows: Vec<Words>,
    /// The cells.
    pub cells: Vec<Cell>,
}

const INFLUENCES: [Influence; 3] = [Influence::High, Influence::Medium, Influence::Low];
const STANCES: [Stance; 5] =
    [Stance::Against, Stance::Doubtful, Stance::Neutral, Stance::For, Stance::Enthusiastic];

/// How a drawing is laid out, in its own units: one is about a pixel.
struct Form {
    cell: u32,
    gap: u32,
    gutter: u32,
    head: u32,
    /// A row's heading stands above it instead of beside it.
    row_head: u32,
    least: u32,
}

const PAD: u32 = 9;
const SIGN: u32 = 16;
const NAME_LINE: u32 = 15;
const PARTS_LINE: u32 = 14;
const BETWEEN: u32 = 7;
const NAME_SIZE: f32 = 12.0;
const PARTS_SIZE: f32 = 10.5;

/// Stance from left to right, influence from top to bottom.
pub fn wide(
    people: &[Placed],
    influence: impl Fn(Influence) -> String,
    stance: impl Fn(Stance) -> String,
) -> Figure {
    let form = Form { cell: 134, gap: 4, gutter: 66, head: 26, row_head: 0, least: 68 };
    let columns = STANCES.map(&stance);
    let rows = INFLUENCES.map(&influence);
    draw(&form, &columns, &rows, |row, column| {
        stands(people, INFLUENCES.get(row).copied(), STANCES.get(column).copied())
    })
}

/// Influence from left to right, stance from the best to the worst.
pub fn narrow(
    people: &[Placed],
    influence: impl Fn(Influence) -> String,
    stance: impl Fn(Stance) -> String,
) -> Figure {
    let form = Form { cell: 114, gap: 4, gutter: 0, head: 24, row_head: 20, least: 40 };
    let mut columns = INFLUENCES;
    columns.reverse();
    let mut rows = STANCES;
    rows.reverse();
    let (heads, sides) = (columns.map(&influence), rows.map(&stance));
    draw(&form, &heads, &sides, |row, column| {
        stands(people, columns.get(column).copied(), rows.get(row).copied())
    })
}

/// Who stands in a cell, and its classes.
fn stands(people: &[Placed], influence: Option<Influence>, stance: Option<Stance>) -> (String, Vec<&Placed>) {
    let here =
        people.iter().filter(|one| Some(one.influence) == influence && Some(one.stance) == stance).collect();
    let weight = match influence {
        Some(Influence::High) => "map-high",
        Some(Influence::Medium) => "map-medium",
        Some(Influence::Low) | None => "map-low",
    };
    let tone = match stance {
        Some(Stance::Against) => "tone-bad",
        Some(Stance::Doubtful) => "tone-warn",
        Some(Stance::Neutral) | None => "tone-calm",
        Some(Stance::For | Stance::Enthusiastic) => "tone-good",
    };
    (format!("{tone} {weight}"), here)
}

fn draw<'a>(
    form: &Form,
    columns: &[String],
    rows: &[String],
    cell: impl Fn(usize, usize) -> (String, Vec<&'a Placed>),
) -> Figure {
    let left = |column: usize| form.gutter + u32::try_from(column).unwrap_or(0) * (form.cell + form.gap);
    let mut figure = Figure {
        width: left(columns.len()).saturating_sub(form.gap),
        height: form.head,
        columns: Vec::new(),
        rows: Vec::new(),
        cells: Vec::new(),
    };
    for (at, head) in columns.iter().enumerate() {
        let text = fitted(head, form.cell, PARTS_SIZE);
        figure.columns.push(Words { x: left(at) + form.cell / 2, y: form.head - 9, text });
    }
    for (row, head) in rows.iter().enumerate() {
        let top = figure.height + form.row_head;
        let cells: Vec<_> = (0..columns.len()).map(|column| cell(row, column)).collect();
        let stacks: Vec<Vec<Entry>> = cells.iter().map(|(_, here)| stack(here, form.cell)).collect();
        let height = stacks.iter().map(|stack| tall(stack)).max().unwrap_or(0).max(form.least);
        let head = match form.row_head {
            0 => Words { x: 0, y: top + 20, text: fitted(head, form.gutter - 6, PARTS_SIZE) },
            _ => Words { x: 2, y: top - 6, text: fitted(head, figure.width, PARTS_SIZE) },
        };
        figure.rows.push(head);
        for (column, ((class, _), entries)) in cells.into_iter().zip(stacks).enumerate() {
            figure.cells.push(Cell { x: left(column), y: top, width: form.cell, height, class, entries });
        }
        figure.height = top + height + form.gap;
    }
    figure.height = figure.height.saturating_sub(form.gap);
    figure
}

/// Names below each other, from the top of their cell.
fn stack(here: &[&Placed], width: u32) -> Vec<Entry> {
    let mut top = PAD;
    let mut all = Vec::new();
    for one in here {
        let room = width.saturating_sub(PAD + SIGN + 4);
        let mut base = top + 11;
        let at = (PAD + 4, base - 4);
        let mut lines = Vec::new();
        for text in broken(&one.name, room, NAME_SIZE) {
            lines.push(Words { x: PAD + SIGN, y: base, text });
            base += NAME_LINE;
        }
        let below = (!one.parts.is_empty()).then(|| {
            let words = Words { x: PAD + SIGN, y: base - 2, text: parted(&one.parts, room, PARTS_SIZE) };
            base += PARTS_LINE;
            words
        });
        let whole =
            if one.parts.is_empty() { one.name.clone() } else { format!("{}: {}", one.name, one.parts) };
        all.push(Entry { mark: one.mark, at, lines, below, whole });
        top = base - 11 + BETWEEN;
    }
    all
}

/// How high a cell must be for what stands in it.
fn tall(stack: &[Entry]) -> u32 {
    let lowest = |entry: &Entry| entry.lines.iter().chain(&entry.below).map(|words| words.y).max();
    stack.last().and_then(lowest).map_or(0, |y| y + PAD)
}

/// A guess, on the safe side, of how wide a letter is, in parts of its size.
fn breadth(letter: char) -> f32 {
    match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | '(' | ')' | 'f' | 't'
        | 'r' => 0.4,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '&' | '—' => 0.96,
        _ if letter.is_ascii_uppercase() => 0.74,
        _ if letter.is_ascii() || letter < '\u{0250}' => 0.64,
        '\u{0300}'..='\u{036f}' => 0.0,
        _ if letter < '\u{1100}' => 0.78,
        _ => 1.04,
    }
}

fn width_of(text: &str, size: f32) -> f32 {
    text.chars().map(breadth).sum::<f32>() * size
}

/// A text in one line; what does not fit ends with an ellipsis.
fn fitted(text: &str, room: u32, size: f32) -> String {
    let room = room as f32;
    if width_of(text, size) <= room {
        return text.to_owned();
    }
    let mut used = size;
    let kept: String = text
        .chars()
        .take_while(|letter| {
            used += breadth(*letter) * size;
            used <= room
        })
        .collect();
    format!("{}…", kept.trim_end())
}

/// Parts in one line: whole ones, and how many there are besides.
fn parted(parts: &str, room: u32, size: f32) -> String {
    let all: Vec<&str> = parts.split(", ").collect();
    let told = |kept: usize| match all.len() - kept {
        0 => parts.to_owned(),
        more => format!("{} +{more}", all[..kept].join(", ")),
    };
    let fits = |text: &String| width_of(text, size) <= room as f32;
    (1..=all.len()).rev().map(told).find(fits).unwrap_or_else(|| fitted(parts, room, size))
}

/// A name in up to two lines, broken between words where it can be.
fn broken(name: &str, room: u32, size: f32) -> Vec<String> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let fits = |count: usize| width_of(&words[..count].join(" "), size) <= room as f32;
    if words.is_empty() || fits(words.len()) {
        return vec![words.join(" ")];
    }
    match (1..words.len()).rev().find(|count| fits(*count)) {
        Some(count) => vec![words[..count].join(" "), fitted(&words[count..].join(" "), room, size)],
        None => vec![fitted(&words.join(" "), room, size)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(name: &str, influence: Influence, stance: Stance) -> Placed {
        Placed {
            name: name.to_owned(),
            parts: "Champion, Economic buyer".to_owned(),
            influence,
            stance,
            mark: Mark::Plain,
        }
    }

    fn both(people: &[Placed]) -> [Figure; 2] {
        let label = |held| format!("{held:?}");
        [wide(people, label, |held| format!("{held:?}")), narrow(people, label, |held| format!("{held:?}"))]
    }

    #[test]
    fn every_person_stands_once_in_the_cell_of_their_influence_and_stance() {
        let people = [
            placed("Ines Keller", Influence::High, Stance::Against),
            placed("Tom Brandt", Influence::Low, Stance::Enthusiastic),
        ];
        for figure in both(&people) {
            assert_eq!(figure.cells.len(), 15);
            let of = |class: &str| {
                figure.cells.iter().filter(|cell| cell.class == class).flat_map(|cell| &cell.entries).count()
            };
            assert_eq!((of("tone-bad map-high"), of("tone-good map-low")), (1, 1));
            assert_eq!(figure.cells.iter().map(|cell| cell.entries.len()).sum::<usize>(), 2);
        }
    }

    #[test]
    fn many_and_long_names_neither_overlap_nor_leave_their_cell() {
        let long = "Wilhelmina-Antoinette Freifrau von und zu Oberunterwallmenach-Donaudampfschifffahrt";
        let people: Vec<Placed> = (0..40)
            .map(|n| placed(&format!("{long} {n}"), INFLUENCES[n % 2], STANCES[n % 3]))
            .chain([
                placed("", Influence::High, Stance::For),
                placed("山田太郎山田太郎山田太郎", Influence::High, Stance::For),
            ])
            .collect();
        for figure in both(&people) {
            for (n, cell) in figure.cells.iter().enumerate() {
                let lines: Vec<&Words> =
                    cell.entries.iter().flat_map(|entry| entry.lines.iter().chain(&entry.below)).collect();
                for pair in lines.windows(2) {
                    assert!(pair[0].y + 12 <= pair[1].y, "{pair:?}");
                }
                for words in lines {
                    let size = NAME_SIZE;
                    assert!(
                        words.x as f32 + width_of(&words.text, size) <= cell.width as f32 + size * 1.1,
                        "{words:?}"
                    );
                    assert!(words.y + 4 < cell.height, "{words:?}");
                }
                let below = figure.cells.iter().skip(n + 1).filter(|other| other.x == cell.x);
                assert!(below.clone().all(|other| other.y >= cell.y + cell.height));
                assert!(cell.x + cell.width <= figure.width && cell.y + cell.height <= figure.height);
            }
        }
    }

    #[test]
    fn parts_that_do_not_fit_are_counted() {
        assert_eq!(parted("Champion, Admin", 110, PARTS_SIZE), "Champion, Admin");
        assert_eq!(parted("Skeptic, Everyday user, Admin", 90, PARTS_SIZE), "Skeptic +2");
        let cut = parted("Wirtschaftsprüfungsgesellschaft, Admin", 60, PARTS_SIZE);
        assert!(cut.ends_with('…'), "{cut}");
    }

    #[test]
    fn a_name_breaks_between_words_and_ends_with_an_ellipsis_where_it_must() {
        assert_eq!(broken("Ines Keller", 110, NAME_SIZE), ["Ines Keller"]);
        assert_eq!(broken("Maximiliane Oberhuber", 110, NAME_SIZE), ["Maximiliane", "Oberhuber"]);
        let cut = broken("Donaudampfschifffahrtsgesellschaft", 110, NAME_SIZE);
        assert!(cut.len() == 1 && cut[0].ends_with('…'), "{cut:?}");
        assert_eq!(broken("  ", 110, NAME_SIZE), [""]);
    }
}
