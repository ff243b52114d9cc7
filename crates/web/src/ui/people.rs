//! People as a page names them.

/// A person with what they are here, and the initials and colour of their round mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// What they are here: a role, a company.
    pub note: Option<String>,
    /// It is nobody yet: the name only says so.
    pub nobody: bool,
}

impl Person {
    /// Somebody, by name.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), note: None, nobody: false }
    }

    /// A place nobody has yet; the text says so.
    pub fn nobody(text: impl Into<String>) -> Self {
        Self { nobody: true, ..Self::named(text) }
    }

    /// With what they are here.
    pub fn as_a(self, note: impl Into<String>) -> Self {
        Self { note: Some(note.into()), ..self }
    }

    /// First letters of the first and the last word of the name; a question mark for a name without letters.
    pub fn initials(&self) -> String {
        if self.nobody {
            return "?".to_owned();
        }
        let mut words =
            self.name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
        let first = words.next().unwrap_or('?');
        first.to_uppercase().chain(words.next_back().into_iter().flat_map(char::to_uppercase)).collect()
    }

    /// One of six colours, always the same for a name; 0 for nobody.
    pub fn hue(&self) -> u32 {
        if self.nobody {
            return 0;
        }
        self.name.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 6 + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_the_first_and_the_last_name() {
        let initials = |name: &str| Person::named(name).initials();
        assert_eq!(initials("Maya Lindqvist"), "ML");
        assert_eq!(initials("José María de la Cruz"), "JC");
        assert_eq!(initials("øyvind"), "Ø");
        assert_eq!(initials(" (pending) "), "P");
        assert_eq!(initials("—"), "?");
        let nobody = Person::nobody("Nobody yet").as_a("CSM");
        assert_eq!((nobody.initials().as_str(), nobody.hue()), ("?", 0));
    }

    #[test]
    fn a_name_keeps_its_colour_and_colours_are_among_the_six() {
        for name in ["Maya", "Jonas Weber", "", "一"] {
            let person = Person::named(name);
            assert!((1..=6).contains(&person.hue()));
            assert_eq!(person.hue(), person.clone().as_a("CSM").hue());
        }
    }
}
