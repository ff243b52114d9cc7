//! What the YAML reader says, in the words of somebody who writes a playbook.

use serde_saphyr::{Error, Location, budget::BudgetBreach, localizer::ExternalMessageSource};

use super::{Finding, place, place::Inside, place::Place};
use crate::{
    calendar::Span,
    playbook::rule::{Rule, distance},
};

/// The finding for an error of the reader.
pub(super) fn finding(source: &str, error: &Error) -> Finding {
    let place = error.location().map_or(Place::START, |location| Place::at(&location));
    let found = |reason: &str| Finding::at(place, reason);
    match error {
        Error::AliasError { error, .. } | Error::WithSnippet { error, .. } => finding(source, error),
        Error::Message { msg, location } | Error::HookError { msg, location } => value(source, location, msg),
        Error::ExternalMessage { source: from, msg, .. } => match from.as_ref() {
            ExternalMessageSource::Parser(_) => grammar(place, msg),
            _ => found(msg),
        },
        Error::Eof { .. } if source.trim().is_empty() => found("the file is empty")
            .hint("start from a shipped playbook: throughline playbook show default"),
        Error::Eof { .. } => found("the file ends too early"),
        Error::MultipleDocuments { .. } => {
            found("a second document begins here").hint("a file holds one playbook: take the line `---` out")
        }
        Error::MergeKeyNotAllowed { .. } | Error::MergeValueNotMapOrSeqOfMaps { .. } => {
            found("merging with `<<` is not used in playbooks").hint("write the lines out")
        }
        Error::UnknownAnchor { .. } => no_anchors(place),
        Error::UnsupportedTag { tag, .. } | Error::TaggedStructFieldName { tag, .. } => {
            found(&format!("the tag `{}` is not used in playbooks", short(tag))).hint("take it out")
        }
        Error::DuplicateMappingKey { key, .. } => {
            let key = key.as_deref().map_or_else(|| "a key".to_owned(), |key| format!("`{}`", short(key)));
            found(&format!("{key} is given twice")).hint("keep one of them")
        }
        Error::SerdeUnknownField { field, location, .. } if has_no_colon(source, location) => {
            found(&format!("`{}` stands where a key is wanted", short(field)))
                .hint("between { and } a text that holds a comma stands in quotes")
        }
        Error::SerdeUnknownField { field, expected, .. } => found(&format!(
            "there is no key `{}` here",
            short(field)
        ))
        .hint(meant(field, expected, "known here")),
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            found(&format!("`{}` is not known here", short(variant))).hint(meant(variant, expected, "one of"))
        }
        Error::SerdeMissingField { field, .. } => {
            // The reader points at the group's last key.
            let begins = place::Tree::of(source).group_with(place).unwrap_or(place);
            Finding::at(begins, format!("`{field}` is missing in what begins here"))
        }
        Error::NullIntoString { .. } => nothing(place),
        Error::InvalidBooleanStrict { .. } => found("true or false is wanted here"),
        Error::InvalidScalar { ty, .. } => match number(ty) {
            Some(range) => found(&format!("a whole number {range} is wanted here")),
            None => found(&format!("{ty} is wanted here")),
        },
        Error::Unexpected { expected, .. } => shape(source, error.location(), place, expected),
        Error::SerdeInvalidType { expected, .. } | Error::SerdeInvalidValue { expected, .. } => {
            found(&format!("{expected} is wanted here"))
        }
        Error::ExternallyTaggedEnumExpectedScalarOrMapping { .. }
        | Error::ExpectedStringKeyForExternallyTaggedEnum { .. }
        | Error::ExpectedMappingEndAfterEnumVariantValue { .. } => found("one name is wanted here"),
        Error::UnexpectedValueForUnitEnumVariant { .. } => found("this name takes nothing behind a colon"),
        Error::Budget { breach, .. } => too_much(place, breach),
        Error::FoldedBlockScalarMustIndentContent { .. } | Error::IndentationError { .. } => {
            found("the indentation does not fit").hint("use the same number of spaces as the lines around")
        }
        other => found(&format!("not a playbook: {other}")),
    }
}

fn no_anchors(place: Place) -> Finding {
    Finding::at(place, "anchors (&) and aliases (*) are not used in playbooks")
        .hint("write the lines out; a text that begins with & or * stands in quotes")
}

fn nothing(place: Place) -> Finding {
    Finding::at(place, "nothing stands after the colon").hint("write the value, or take the line out")
}

fn too_much(place: Place, breach: &BudgetBreach) -> Finding {
    match breach {
        BudgetBreach::Aliases { .. }
        | BudgetBreach::Anchors { .. }
        | BudgetBreach::AliasAnchorRatio { .. }
        | BudgetBreach::RecordedAnchorEvents { .. }
        | BudgetBreach::RecordedAnchorBytes { .. } => no_anchors(place),
        BudgetBreach::Depth { .. } => {
            Finding::at(place, format!("lists and groups nest more than {} deep", super::MAX_DEPTH))
        }
        BudgetBreach::Documents { .. } => Finding::at(place, "a file holds one playbook"),
        _ => Finding::at(place, format!("the file holds more than {} values", super::MAX_NODES)),
    }
}

/// The reader wanted a text, a list or a group and found something else.
fn shape(source: &str, location: Option<Location>, place: Place, expected: &str) -> Finding {
    let raw = location.and_then(|location| text_at(source, &location)).unwrap_or_default();
    if raw.is_empty() && !expected.contains("mapping start") {
        return nothing(place);
    }
    let (reason, hint) = if expected.contains("sequence") {
        ("a list is wanted here", "write [a, b], or one line `- a` for each")
    } else if expected.contains("mapping") {
        ("a group of `key: value` lines is wanted here", "indent them below the key")
    } else if expected.contains("scalar") {
        (
            "a single value is wanted here, not a list or group",
            "a text that begins with [ or { stands in quotes",
        )
    } else {
        return Finding::at(place, format!("{expected} is wanted here"));
    };
    Finding::at(place, reason).hint(hint)
}

/// A value refused by its own type: a rule, a time span, a name.
fn value(source: &str, location: &Location, message: &str) -> Finding {
    let place = Place::at(location);
    let raw = text_at(source, location).unwrap_or_default();
    let unquoted = raw.starts_with(['\'', '"']).then(|| serde_saphyr::from_str::<String>(raw).ok()).flatten();
    // A quoted rule is read without its quotes; any other as it stands: blanks and line ends mean nothing in it.
    for text in unquoted.as_deref().into_iter().chain([raw]) {
        if let Err(refused) = Rule::parse(text)
            && message.contains(&refused.reason)
        {
            let byte = refused.at.unwrap_or(0);
            let place = place::within(source, location, &Inside { text: text.to_owned(), byte });
            let cut = matches!(what_follows(source, location), Some('[' | ',' | '{'));
            let quotes = "between { and } a rule that holds a comma or a bracket stands in quotes";
            let hint = if cut { Some(quotes.to_owned()) } else { refused.hint };
            return Finding { hint, ..Finding::at(place, refused.reason) };
        }
        if message.contains("time span") && text.parse::<Span>().is_err() {
            return Finding::at(place, format!("`{}` is not a time span", short(text)))
                .hint("a number and a unit: 24 h, 14 d, 8 bh (working hours) or 5 bd (business days)");
        }
    }
    match message.split_once(": ") {
        Some((reason, hint)) => Finding::at(place, reason).hint(hint),
        None => Finding::at(place, message),
    }
}

/// The commonest slips in YAML's grammar; the rest keep the reader's words.
fn grammar(place: Place, message: &str) -> Finding {
    const SLIPS: &[(&[&str], &str, &str)] = &[
        (&["tab"], "a tab stands where spaces are wanted", "indent with spaces"),
        (
            &["unclosed quote", "unexpected document indicator"],
            "a quote is opened here and not closed",
            "close it on the same line",
        ),
        (
            &["unclosed bracket", "flow sequence", "flow mapping", "mismatched bracket", "misplaced bracket"],
            "a bracket is opened and not closed, or closed and not opened",
            "every [ needs its ], every { its }",
        ),
        (
            &["mapping values are not allowed", "illegal placement of ':'", "simple key"],
            "a colon stands where none can be",
            "a text that holds `: ` stands in quotes; a key is indented like its neighbours",
        ),
        (
            &["trailing content after"],
            "something stands after the closing quote",
            "put the whole text into one pair of quotes",
        ),
        (
            &[
                "expected '-' indicator",
                "did not find expected key",
                "invalid indentation",
                "wrongly indented",
                "indentation",
            ],
            "this line is not indented like its neighbours",
            "use the same number of spaces as the lines around",
        ),
        (
            &["alias", "anchor"],
            "anchors (&) and aliases (*) are not used in playbooks",
            "write the lines out; a text that begins with & or * stands in quotes",
        ),
        (
            &["unexpected character", "start any token"],
            "this character cannot begin a value",
            "put the text in quotes",
        ),
        (
            &["escape", "hexadecimal", "surrogate"],
            "the text after this backslash is not known",
            "use single quotes, where a backslash is only a backslash",
        ),
        (&["directive"], "lines that begin with % are not used in playbooks", "take it out"),
        (&["tag"], "tags (!) are not used in playbooks", "a text that begins with ! stands in quotes"),
        (&["recursion limit"], "lists and groups nest too deep", "a playbook needs eight levels"),
    ];
    match SLIPS.iter().find(|(signs, ..)| signs.iter().any(|sign| message.contains(sign))) {
        Some((_, reason, hint)) => Finding::at(place, *reason).hint(*hint),
        None => Finding::at(place, format!("not readable as YAML: {}", short(message))),
    }
}

/// The range of a whole number's type, in words.
fn number(ty: &str) -> Option<&'static str> {
    Some(match ty {
        "u8" => "from 0 to 255",
        "u16" => "from 0 to 65535",
        "u32" | "u64" => "from 0",
        _ => return None,
    })
}

/// The text a location spans, as the file writes it.
fn text_at<'s>(source: &'s str, location: &Location) -> Option<&'s str> {
    let from = usize::try_from(location.span().byte_offset()?).ok()?;
    let length = usize::try_from(location.span().byte_len()?).ok()?;
    source.get(from..from.checked_add(length)?)
}

/// Whether what was taken for a key ends like an item of a list: a comma before it cut a text in two.
fn has_no_colon(source: &str, location: &Location) -> bool {
    matches!(what_follows(source, location), Some(',' | '}'))
}

/// The first character behind what a location spans, blanks left out.
fn what_follows(source: &str, location: &Location) -> Option<char> {
    let (from, length) = location.span().byte_offset().zip(location.span().byte_len())?;
    let end = usize::try_from(from.checked_add(length)?).ok()?;
    source.get(end..)?.chars().find(|c| !c.is_whitespace())
}

/// What somebody may have meant, or else what there is.
pub(crate) fn meant(written: &str, known: &[&str], introduction: &str) -> String {
    let near = known.iter().map(|one| (distance(one, written), one)).min();
    match near {
        Some((away, one)) if away <= 2.max(one.len() / 3) && away < one.len().min(written.len()) => {
            format!("did you mean `{one}`?")
        }
        _ => format!("{introduction}: {}", known.join(", ")),
    }
}

/// At most forty characters of somebody's text, on one line.
pub(crate) fn short(text: &str) -> String {
    let mut shortened: String = text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(40).is_some() {
        shortened.push('…');
    }
    shortened
}
