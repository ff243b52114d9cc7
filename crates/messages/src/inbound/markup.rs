//! The words of a mail that is written as markup alone, with what it quotes marked as plain text marks it.

use mail_parser::{Message, PartType, decoders::html::html_to_text};

/// The words of a mail: as written where it has them as plain text.
pub fn body(message: &Message<'_>) -> String {
    let part = message.text_body.first().and_then(|at| message.parts.get(usize::try_from(*at).ok()?));
    match part.map(|part| &part.body) {
        Some(PartType::Text(text)) => text.clone().into_owned(),
        Some(PartType::Html(html)) => text(html),
        _ => String::new(),
    }
}

/// The words of markup; those within a `blockquote` are quoted.
fn text(html: &str) -> String {
    let (mut text, mut depth, mut begin, mut at) = (String::new(), 0_usize, 0, 0);
    while let Some(found) = html[at..].find('<') {
        let tag = at + found;
        let (closes, name) = match html[tag + 1..].strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, &html[tag + 1..]),
        };
        at = tag + 1;
        if !is_quote(name) {
            continue;
        }
        add(&mut text, &html[begin..tag], depth > 0);
        begin = html[tag..].find('>').map_or(html.len(), |end| tag + end + 1);
        at = begin;
        depth = if closes { depth.saturating_sub(1) } else { depth.saturating_add(1) };
    }
    add(&mut text, &html[begin..], depth > 0);
    text
}

fn is_quote(tag: &str) -> bool {
    const NAME: &str = "blockquote";
    tag.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME))
        && !tag[NAME.len()..].starts_with(|letter: char| letter.is_alphanumeric() || letter == '-')
}

fn add(text: &mut String, html: &str, quoted: bool) {
    for line in html_to_text(html).lines().map(str::trim_end) {
        if quoted && !line.is_empty() {
            text.push_str("> ");
        }
        text.push_str(line);
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn what_is_quoted_is_marked_however_deep_and_whatever_follows() {
        let lines = |html: &str| {
            text(html)
                .lines()
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect::<Vec<_>>()
                .join("|")
        };
        assert_eq!(lines("<p>Yes.</p><blockquote type=\"cite\">old</blockquote>"), "Yes.|> old");
        assert_eq!(lines("a<BLOCKQUOTE>b<blockquote>c</blockquote>d</BLOCKQUOTE>e"), "a|> b|> c|> d|e");
        assert_eq!(lines("a</blockquote>b"), "a|b", "closed and never opened");
        assert_eq!(lines("a<blockquote>b"), "a|> b", "opened and never closed");
        assert_eq!(lines("a<blockquote"), "a");
        assert_eq!(lines("<p>1 &lt; 2</p>"), "1 < 2");
        assert_eq!(lines("<blockquotes>a</blockquotes>"), "a");
        assert_eq!(lines("<"), "");
    }
}
