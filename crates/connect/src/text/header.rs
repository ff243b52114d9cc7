//! Column names as they are compared: case, blanks, underscores, punctuation and accents do not count.

/// The letters and digits of a name, small and without accents: `Close Date`, `close_date` and `CLOSEDATE` are one.
pub fn key(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for character in name.chars().flat_map(char::to_lowercase) {
        match fold(character) {
            Some(folded) => out.push_str(folded),
            None if character.is_alphanumeric() => out.push(character),
            None => {}
        }
    }
    out
}

/// The words of a text, each in the form of [`key`].
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|character: char| !character.is_alphanumeric()).map(key).filter(|word| !word.is_empty())
}

fn fold(character: char) -> Option<&'static str> {
    Some(match character {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' => "o",
        'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ß' => "ss",
        'ť' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'æ' => "ae",
        'œ' => "oe",
        // Accents written as a sign of their own.
        '\u{300}'..='\u{36F}' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_count() {
        for name in ["Close Date", "close_date", "CLOSEDATE", " Close-Date: ", "\u{FEFF}Close\u{A0}Date"] {
            assert_eq!(key(name), "closedate");
        }
        assert_eq!(key("Probability (%)"), "probability");
        assert_eq!(key("Étape"), key("E\u{301}tape"));
        assert_eq!(key("Währung"), "wahrung");
        assert_eq!(words("Closed – Won (EU)").collect::<Vec<_>>(), ["closed", "won", "eu"]);
    }
}
