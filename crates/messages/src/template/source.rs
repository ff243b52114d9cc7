//! The form of a template: `Subject: …` in the first line, then the text.

use super::fault::TemplateError;

/// The longest template, in bytes.
pub const LONGEST: usize = 16 * 1024;
const LEAD: &str = "Subject:";

/// A template cut into its two parts. Both are led by as much blank as stood before them, so that places in a part are
/// places in the template; what is written is trimmed.
#[derive(Debug, Clone)]
pub struct Source {
    pub subject: String,
    pub body: String,
}

impl Source {
    pub fn read(source: &str) -> Result<Self, TemplateError> {
        if source.len() > LONGEST {
            return Err(TemplateError::at(
                1,
                format!("the template has {} bytes; at most {LONGEST}", source.len()),
            ));
        }
        let control = |letter: char| letter.is_control() && !"\n\r\t".contains(letter);
        if let Some(at) = source.find(control) {
            let (line, column) = place(source, at);
            return Err(TemplateError::at(line, "a control character")
                .column(column)
                .hint("delete it and type it anew"));
        }
        let (first, body) = source.split_once('\n').unwrap_or((source, ""));
        let Some(subject) = first.strip_prefix(LEAD) else {
            return Err(TemplateError::at(1, "the first line is not the subject").hint(
                "begin with a line such as `Subject: {{ company }}: …`, then a blank line, then the text",
            ));
        };
        Ok(Self { subject: format!("{}{subject}", " ".repeat(LEAD.len())), body: format!("\n{body}") })
    }
}

/// Line and column, in characters from 1, of a byte.
pub fn place(source: &str, at: usize) -> (usize, usize) {
    let before = source.get(..at).unwrap_or(source);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
