//! Words broken into lines.

use unicode_linebreak::{BreakOpportunity, linebreaks};

use crate::{
    fonts::{Fonts, Run, Shape},
    style::Style,
};

/// A line: runs from left to right.
#[derive(Debug, Clone, Default)]
pub struct Line {
    pub runs: Vec<Run>,
}

impl Line {
    pub fn width(&self) -> f32 {
        self.runs.iter().map(|run| run.width).sum()
    }

    /// Appends a run; words of one look become one run.
    fn push(&mut self, run: Run) {
        if let Some(last) = self.runs.last_mut()
            && last.style == run.style
        {
            match (&mut last.shape, &run.shape) {
                (Shape::Glyphs(glyphs), Shape::Glyphs(more)) => {
                    let moved = last.text.len();
                    glyphs.extend(more.iter().cloned().map(|mut glyph| {
                        glyph.text_range = glyph.text_range.start + moved..glyph.text_range.end + moved;
                        glyph
                    }));
                    last.text.push_str(&run.text);
                    last.width += run.width;
                    return;
                }
                (Shape::Boxes, Shape::Boxes) => {
                    last.text.push_str(&run.text);
                    last.width += run.width;
                    return;
                }
                _ => {}
            }
        }
        self.runs.push(run);
    }
}

/// Breaks words into lines of a width. A word that is wider is broken where a letter ends. No words are one empty line.
pub fn broken(fonts: &Fonts, spans: &[(&str, Style)], width: f32) -> Vec<Line> {
    let mut text = String::new();
    let mut styles = Vec::new();
    for (words, style) in spans {
        let from = text.len();
        text.push_str(&plain(words));
        styles.push((from..text.len(), *style));
    }
    text.truncate(text.trim_end().len());
    let mut setter =
        Setter { width, lines: Vec::new(), line: Line::default(), used: 0.0, spaces: Vec::new() };
    let mut from = 0;
    for (to, kind) in linebreaks(&text) {
        let piece = &text[from..to];
        let word = piece.trim_end();
        let parts = |from: usize, to: usize| {
            let mut runs = Vec::new();
            for (range, style) in &styles {
                let (start, end) = (range.start.max(from), range.end.min(to));
                if start < end {
                    runs.extend(fonts.shape(&text[start..end], *style));
                }
            }
            runs
        };
        setter.word(fonts, parts(from, from + word.len()));
        let spaces = piece[word.len()..].trim_end_matches('\n').len();
        setter.spaces.extend(parts(from + word.len(), from + word.len() + spaces));
        if kind == BreakOpportunity::Mandatory && to < text.len() {
            setter.end();
        }
        from = to;
    }
    setter.end();
    setter.lines
}

/// One line, cut to a width with an ellipsis where it is longer.
pub fn cut(fonts: &Fonts, text: &str, style: Style, width: f32) -> Line {
    let text = plain(text).replace('\n', " ");
    let whole = |text: &str| {
        let mut line = Line::default();
        fonts.shape(text, style).into_iter().for_each(|run| line.push(run));
        line
    };
    let line = whole(&text);
    if line.width() <= width {
        return line;
    }
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let fits = |end: &usize| whole(&format!("{}…", text[..*end].trim_end())).width() <= width;
    let kept = ends.partition_point(fits);
    let end = kept.checked_sub(1).and_then(|last| ends.get(last)).copied().unwrap_or_default();
    whole(&format!("{}…", text[..end].trim_end()))
}

/// One kind of line's end, and no tabs.
fn plain(text: &str) -> String {
    let ends = |one| {
        if matches!(one, '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}') { '\n' } else { one }
    };
    text.replace("\r\n", "\n").chars().map(|one| if one == '\t' { ' ' } else { ends(one) }).collect()
}

struct Setter {
    width: f32,
    lines: Vec<Line>,
    line: Line,
    used: f32,
    /// After the last word; they count once another follows.
    spaces: Vec<Run>,
}

/// What is lost in adding.
const SLACK: f32 = 0.01;

impl Setter {
    fn word(&mut self, fonts: &Fonts, word: Vec<Run>) {
        let wide: f32 = word.iter().map(|run| run.width).sum();
        let spaces: f32 = self.spaces.iter().map(|run| run.width).sum();
        if self.used + spaces + wide <= self.width + SLACK {
            return self.take(word);
        }
        if !self.line.runs.is_empty() {
            self.end();
        }
        if wide <= self.width + SLACK {
            return self.take(word);
        }
        for run in word {
            self.letters(fonts, &run);
        }
    }

    /// A word that is wider than a line, letter by letter.
    fn letters(&mut self, fonts: &Fonts, run: &Run) {
        let starts: Vec<usize> = match &run.shape {
            Shape::Glyphs(glyphs) => glyphs.iter().map(|glyph| glyph.text_range.start).collect(),
            Shape::Boxes => run.text.char_indices().map(|(at, _)| at).collect(),
        };
        let mut from = 0;
        while from < run.text.len() {
            let room = self.width - self.used + SLACK;
            let shaped = |to: usize| fonts.shape(&run.text[from..to], run.style);
            let wide = |to: usize| shaped(to).iter().map(|run| run.width).sum::<f32>();
            let mut ends = starts.iter().copied().chain([run.text.len()]).filter(|end| *end > from);
            let first = ends.next().unwrap_or(run.text.len());
            let to = ends.take_while(|end| wide(*end) <= room).last().unwrap_or(first);
            if wide(to) > room && !self.line.runs.is_empty() {
                self.end();
                continue;
            }
            let part = shaped(to);
            self.take(part);
            from = to;
        }
    }

    fn take(&mut self, word: Vec<Run>) {
        for run in std::mem::take(&mut self.spaces).into_iter().chain(word) {
            self.used += run.width;
            self.line.push(run);
        }
    }

    /// Ends a line. A space at its end is kept: it parts words for whoever copies or listens.
    fn end(&mut self) {
        for space in std::mem::take(&mut self.spaces).into_iter().take(1) {
            self.line.push(space);
        }
        self.lines.push(std::mem::take(&mut self.line));
        self.used = 0.0;
    }
}
