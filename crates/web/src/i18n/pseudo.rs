//! A language nobody speaks: English with accents and two fifths longer. What shows up plain on a page was never
//! in a catalogue; what is cut off had too little room. Variables stay as they are.

use std::borrow::Cow;

const PLAIN: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ACCENTED: &str = "ÅƁÇĐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçđéƒĝĥîĵķļṁñöþǫŕšţûṽŵẋýž";

/// One piece of text between variables, accented and lengthened.
pub(super) fn stretched(text: &str) -> Cow<'_, str> {
    let letters = text.chars().filter(char::is_ascii_alphabetic).count();
    if letters == 0 {
        return Cow::Borrowed(text);
    }
    let mut out: String = text.trim_end().chars().map(accented).collect();
    out.extend(std::iter::repeat_n('·', (letters * 2).div_ceil(5)));
    out.push_str(&text[text.trim_end().len()..]);
    Cow::Owned(out)
}

fn accented(letter: char) -> char {
    PLAIN
        .chars()
        .zip(ACCENTED.chars())
        .find(|(plain, _)| *plain == letter)
        .map_or(letter, |(_, accented)| accented)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_gets_accents_and_two_fifths_more_length() {
        assert_eq!(stretched("My queue "), "Ṁý ǫûéûé··· ");
        let long = "Everything that is still missing before the handoff";
        let letters = long.chars().filter(|c| c.is_alphabetic()).count();
        assert!(stretched(long).chars().count() * 5 >= long.chars().count() * 5 + letters * 2);
    }

    #[test]
    fn signs_without_letters_stay_and_every_letter_has_an_accented_twin() {
        assert_eq!(stretched(" – 12 "), " – 12 ");
        assert_eq!(PLAIN.chars().count(), ACCENTED.chars().count());
        assert!(PLAIN.chars().all(|letter| accented(letter) != letter));
    }
}
