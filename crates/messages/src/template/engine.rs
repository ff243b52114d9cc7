//! The engine behind templates, with everything optional left out and everything else bounded.

use std::io::{self, Write};

use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value};

use super::{
    Written, allowed,
    fault::TemplateError,
    source::{Source, place},
};
use crate::{Kind, Subject, address::is_unseen, view::View};

/// Instructions a template may take; the longest shipped one takes some hundreds.
const FUEL: u64 = 50_000;
/// The longest text written, in bytes.
pub const LONGEST: usize = 64 * 1024;
/// The longest of a subject before it is cut, in bytes.
const LONGEST_SUBJECT: usize = 4 * 1024;
/// Pieces several templates share.
const PIECES: [(&str, &str); 3] = [
    ("brief", include_str!("../../templates/en/_brief.txt")),
    ("owed", include_str!("../../templates/en/_owed.txt")),
    ("why", include_str!("../../templates/en/_why.txt")),
];

/// An engine that knows the shared pieces only.
pub fn empty() -> Result<Environment<'static>, TemplateError> {
    let mut engine = Environment::empty();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    engine.set_trim_blocks(true);
    engine.set_lstrip_blocks(true);
    engine.set_fuel(Some(FUEL));
    engine.set_recursion_limit(60);
    engine.set_formatter(plain);
    engine.add_filter("default", minijinja::filters::default);
    engine.add_filter("first", minijinja::filters::first);
    engine.add_filter("join", join);
    engine.add_filter("last", minijinja::filters::last);
    engine.add_filter("length", minijinja::filters::length);
    engine.add_filter("lower", minijinja::filters::lower);
    engine.add_filter("trim", minijinja::filters::trim);
    engine.add_filter("upper", minijinja::filters::upper);
    engine.add_test("defined", minijinja::tests::is_defined);
    for (name, source) in PIECES {
        engine.add_template(name, source).map_err(|why| located(&why, source))?;
    }
    Ok(engine)
}

/// An engine with every shipped template.
pub fn shipped() -> Result<Environment<'static>, TemplateError> {
    let mut engine = empty()?;
    for kind in Kind::ALL {
        add(&mut engine, *kind, kind.shipped())?;
    }
    Ok(engine)
}

/// Reads a template and adds its two parts.
pub fn add(engine: &mut Environment<'static>, kind: Kind, source: &str) -> Result<(), TemplateError> {
    // The form first: what follows may count on a bounded length.
    let Source { subject, body } = Source::read(source)?;
    allowed::look(source)?;
    for (name, part) in [(subject_of(kind), subject), (text_of(kind), body)] {
        engine.add_template_owned(name, part.clone()).map_err(|why| located(&why, &part))?;
    }
    Ok(())
}

/// Writes a message; none when the engine has no template for it.
pub fn render(
    engine: &Environment<'static>,
    kind: Kind,
    view: &View,
) -> Option<Result<Written, TemplateError>> {
    let subject = engine.get_template(&subject_of(kind)).ok()?;
    let text = engine.get_template(&text_of(kind)).ok()?;
    let values = Value::from_serialize(view);
    let part = |template: &minijinja::Template<'_, '_>, most| {
        let mut out = Bounded { out: Vec::new(), most };
        match template.render_captured_to(&values, &mut out) {
            Ok(_) => Ok(String::from_utf8_lossy(&out.out).into_owned()),
            Err(why) => Err(why),
        }
    };
    Some(match (part(&subject, LONGEST_SUBJECT), part(&text, LONGEST)) {
        (Err(why), _) => Err(located(&why, subject.source())),
        (_, Err(why)) => Err(located(&why, text.source())),
        (Ok(subject), Ok(text)) => match Subject::of(&subject) {
            None => Err(TemplateError::at(1, "the subject comes out empty")),
            Some(subject) => Ok(Written { subject, text: format!("{}\n", text.trim()), fell_back: None }),
        },
    })
}

fn subject_of(kind: Kind) -> String {
    format!("{kind}: subject")
}

fn text_of(kind: Kind) -> String {
    format!("{kind}: text")
}

/// Writes a value as plain text. What is empty or no text would be printed as `none` or as code: a mistake of the
/// template, said as one.
fn plain(out: &mut minijinja::Output<'_>, _: &minijinja::State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    if value.is_none() {
        return Err(Error::new(ErrorKind::InvalidOperation, EMPTY));
    }
    if let Some(text) = value.as_str() {
        let mut rest = text;
        while let Some((at, letter)) =
            rest.char_indices().find(|(_, letter)| is_unseen(*letter) && !"\n\t".contains(*letter))
        {
            out.write_str(&rest[..at])?;
            rest = &rest[at + letter.len_utf8()..];
        }
        return Ok(out.write_str(rest)?);
    }
    if value.is_number() {
        return Ok(write!(out, "{value}")?);
    }
    Err(Error::new(ErrorKind::InvalidOperation, NO_TEXT))
}

const EMPTY: &str = "this value can be empty";
const NO_TEXT: &str = "this value is no text";

/// Joins short lists of texts; nested lists could be a way to make much of little.
fn join(list: &Value, between: Option<String>) -> Result<String, Error> {
    let between = between.unwrap_or_default();
    let mut out = String::new();
    for (place, value) in list.try_iter()?.enumerate() {
        let text = value.as_str().ok_or_else(|| Error::new(ErrorKind::InvalidOperation, NO_TEXT))?;
        if place > 0 {
            out.push_str(&between);
        }
        out.push_str(text);
        if out.len() > LONGEST {
            return Err(Error::new(ErrorKind::InvalidOperation, "the joined text is too long"));
        }
    }
    Ok(out)
}

struct Bounded {
    out: Vec<u8>,
    most: usize,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.out.len() + bytes.len() > self.most {
            return Err(io::Error::other("the text is too long"));
        }
        self.out.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The engine's error, at its place in the template.
fn located(why: &Error, part: &str) -> TemplateError {
    let text = why.range().and_then(|range| Some((range.start, part.get(range)?)));
    let (line, column) = match text {
        Some((start, _)) => place(part, start),
        None => (why.line().unwrap_or(1), 1),
    };
    // An included piece fails for what this message does not have: its author can only leave the piece out.
    let inner = std::error::Error::source(why).and_then(|inner| inner.downcast_ref::<Error>());
    let (reason, hint) = match inner.filter(|_| why.kind() == ErrorKind::BadInclude) {
        Some(inner) => (
            format!("in this piece, {}", explain(inner, None).0),
            Some("leave the piece out of this message"),
        ),
        None => {
            let named = text.map(|(_, text)| text).filter(|text| text.len() <= 80 && !text.contains('\n'));
            explain(why, named)
        }
    };
    let fault = TemplateError::at(line, reason).column(column);
    match hint {
        Some(hint) => fault.hint(hint),
        None => fault,
    }
}

fn explain(why: &Error, named: Option<&str>) -> (String, Option<&'static str>) {
    let what = named.map_or_else(|| "a value".to_owned(), |named| format!("`{named}`"));
    let detail = why.detail().unwrap_or_default();
    match why.kind() {
        ErrorKind::UndefinedError => {
            (format!("{what} is not known here"), Some("look the name up among the values of this message"))
        }
        ErrorKind::InvalidOperation if detail == EMPTY => (
            format!("{what} can be empty"),
            Some(
                "give what to say then, such as `{{ csm or \"the CSM\" }}`, or stand it inside an `{% if %}`",
            ),
        ),
        ErrorKind::InvalidOperation if detail == NO_TEXT => (
            format!("{what} is no text"),
            Some("repeat over a list with `{% for %}`, name a part of a group with a dot"),
        ),
        ErrorKind::OutOfFuel => ("the template takes too many steps".to_owned(), Some("repeat less")),
        ErrorKind::WriteFailure => ("the text becomes too long".to_owned(), Some("say less")),
        ErrorKind::UnknownFilter => (format!("{what}: there is no such filter"), None),
        ErrorKind::TemplateNotFound => {
            ("there is no such piece".to_owned(), Some("the pieces are `brief` and `why`"))
        }
        _ if detail.is_empty() => (why.kind().to_string(), None),
        _ => (detail.to_owned(), None),
    }
}
