//! What a template may do: name values, choose, repeat, include the shipped pieces.
//!
//! Left out of the language on purpose is everything by which a few lines could make a text of any size out of a small
//! one before it is measured: assignments and captured blocks, joining and multiplying texts, macros, and calls. What is
//! left grows only by being written out, and what is written out is bounded.

use super::{fault::TemplateError, source::place};

const STATEMENTS: &[&str] = &["if", "elif", "else", "endif", "for", "endfor", "include"];
/// Named in the answer to somebody who tried something else.
const MEANT: &str = "a template may use if, for and include, the values of its message, and the filters default, first, join, last, length, lower, trim, upper";

/// Refuses what a template may not do, before anything of it runs.
pub fn look(source: &str) -> Result<(), TemplateError> {
    let mut at = 0;
    while let Some(found) = source[at..].find('{') {
        let open = at + found;
        let rest = &source[open..];
        let (close, statement) = if rest.starts_with("{#") {
            at = match rest.find("#}") {
                Some(end) => open + end + 2,
                None => return Err(fault(source, open, "this comment has no end")),
            };
            continue;
        } else if rest.starts_with("{{") {
            ("}}", false)
        } else if rest.starts_with("{%") {
            ("%}", true)
        } else {
            at = open + 1;
            continue;
        };
        let end = inside(&rest[2..], close).ok_or_else(|| fault(source, open, "this has no end"))?;
        let tag = &rest[2..2 + end];
        if let Some(bad) = tag.find(['~', '*', '+', '\\', '{', '`']) {
            let place = open + 2 + bad;
            return Err(fault(source, place, format!("`{}` cannot be used here", &tag[bad..=bad])));
        }
        if let Some(call) = call(tag) {
            return Err(fault(source, open + 2 + call, "nothing can be called here"));
        }
        if statement {
            let inner = tag.trim_start_matches('-').trim_start();
            let word: &str = inner
                .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
                .next()
                .unwrap_or("");
            if !STATEMENTS.contains(&word) {
                let shown = inner.split_whitespace().next().unwrap_or("nothing");
                let shown: String = shown.chars().take(20).collect();
                return Err(fault(source, open, format!("`{shown}` cannot be used here")));
            }
            if word == "for" && inner.contains("recursive") {
                return Err(fault(source, open, "a loop cannot call itself"));
            }
        }
        at = open + 2 + end + 2;
    }
    Ok(())
}

/// Where a tag ends: the first closing mark outside of quotes.
fn inside(rest: &str, close: &str) -> Option<usize> {
    let mut quote = None;
    for (at, letter) in rest.char_indices() {
        match quote {
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if letter == '"' || letter == '\'' => quote = Some(letter),
            None if rest[at..].starts_with(close) => return Some(at),
            None => {}
        }
    }
    None
}

/// Where something is called that is no filter: `loop(…)`, `value.method(…)`.
fn call(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (at, letter) in tag.char_indices() {
        match quote {
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if letter == '"' || letter == '\'' => quote = Some(letter),
            None if letter == '(' => {
                let before = tag[..at].trim_end();
                let name = before.trim_end_matches(|letter: char| letter.is_alphanumeric() || letter == '_');
                let word = &before[name.len()..];
                let joins = ["and", "or", "not", "in", "if", "elif", "else", "is", ""].contains(&word);
                let closes = before.ends_with([')', ']', '"', '\'']);
                if (!joins && !name.trim_end().ends_with('|')) || closes {
                    return Some(at);
                }
            }
            None => {}
        }
    }
    None
}

fn fault(source: &str, at: usize, reason: impl Into<String>) -> TemplateError {
    let (line, column) = place(source, at);
    TemplateError::at(line, reason).column(column).hint(MEANT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_message_needs_is_allowed() {
        for source in [
            "plain { text } with } braces { and 50 % off",
            "{{ account }} {{- csm or 'the + CSM' -}}".replace("+ ", "").as_str(),
            "{% if not (a or b) and c == 'x' %}{% elif a is defined %}{% else %}{% endif %}",
            "{%- for x in brief.people if x.name -%}{{ x.parts | join(', ') }}{{ loop.index }}{% endfor %}",
            "{# a comment with ~ and {% set %} #}{% include \"brief\" %}",
            "{{ \"}}\" }}",
        ] {
            assert_eq!(look(source), Ok(()), "{source}");
        }
    }

    #[test]
    fn what_could_grow_or_call_is_refused_where_it_stands() {
        for (source, line, column) in [
            ("a\n  {% set x = 1 %}", 2, 3),
            ("{% with x = a %}{% endwith %}", 1, 1),
            ("{% macro m() %}{% endmacro %}", 1, 11),
            ("{% raw %}{% endraw %}", 1, 1),
            ("{% block a %}{% endblock %}", 1, 1),
            ("{% filter upper %}{% endfilter %}", 1, 1),
            ("{{ a ~ a }}", 1, 6),
            ("{{ 'x' * 99 }}", 1, 8),
            ("{{ range(9) }}", 1, 9),
            ("{{ a.b() }}", 1, 7),
            ("{{ (a)(b) }}", 1, 7),
            ("{% for x in y recursive %}{% endfor %}", 1, 1),
            ("{{ a", 1, 1),
            ("{{ '}} }}", 1, 1),
            ("{% %}", 1, 1),
        ] {
            let fault = look(source).expect_err(source);
            assert_eq!((fault.line, fault.column), (line, Some(column)), "{source}: {fault}");
        }
    }
}
