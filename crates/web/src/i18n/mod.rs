//! Words: every text a person reads comes from a Fluent catalogue compiled into the binary, and every number,
//! amount and date is written for its reader here.
//!
//! A page holds one [`Text`] and its template says `{{ t.get("queue-title") }}` or
//! `{{ t.with("gaps-count", ("n", gaps.len())) }}`. Rust that picks a text for a value names it with `key!`.
//! A test reads all templates and sources and compares them with the catalogues, both ways; at run time a
//! missing text shows as its key. Absent on purpose: texts a company writes itself. Those are in its playbook.

mod args;
mod catalogue;
mod dates;
mod numbers;
mod plain;
mod pseudo;

use std::borrow::Cow;

use jiff::tz::TimeZone;

pub use args::{Args, Value};
pub use catalogue::catalogues;
pub use plain::Plain;

/// The key of a text, written with `key!` so that the test that compares keys and catalogues finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub &'static str);

impl AsRef<str> for Key {
    fn as_ref(&self) -> &str {
        self.0
    }
}

/// Names a text of the catalogues: `key!("reading-met")`.
#[macro_export]
macro_rules! key {
    ($name:literal) => {
        $crate::i18n::Key($name)
    };
}

/// How many languages of a browser are looked at.
const LANGUAGES: usize = 32;

/// A language the pages can be read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Made from English at start: accents and longer words, to show what was not translated or does not fit.
    Pseudo,
    /// The same, read from right to left, to show what was not mirrored.
    Mirrored,
}

impl Locale {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::En, Self::Pseudo, Self::Mirrored];

    /// The language tag for the `lang` attribute.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Pseudo => "en-x-pseudo",
            Self::Mirrored => "en-x-mirror",
        }
    }

    /// The first language of an `Accept-Language` header that the pages can be read in; none when it asks for others.
    pub fn asked_for(accepted: &str) -> Option<Self> {
        let wish = |part: &str| {
            let (tag, weight) = part.split_once(';').unwrap_or((part, "q=1"));
            let weight =
                weight.trim().strip_prefix("q=")?.parse::<f32>().ok().filter(|weight| *weight > 0.0)?;
            let tag = tag.trim();
            let language = || Self::from_tag(tag.split('-').next()?);
            Some((weight, Self::from_tag(tag).or_else(language)?))
        };
        let wishes = accepted.split(',').take(LANGUAGES).filter_map(wish);
        // Of equal ones the first.
        wishes.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, locale)| locale)
    }

    /// The locale of a language tag as a setting or a cookie holds it.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.tag() == tag)
    }
}

/// Everything that depends on who reads: language and time zone. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Text {
    locale: Locale,
    zone: TimeZone,
}

impl Text {
    /// For a reader of `locale` in `zone`.
    pub fn new(locale: Locale, zone: TimeZone) -> Self {
        Self { locale, zone }
    }

    /// A text without variables; the key itself where there is none.
    pub fn get(&self, key: impl AsRef<str>) -> Cow<'static, str> {
        catalogue::format(self.locale, key.as_ref(), None)
    }

    /// A text with variables: `t.with("gaps-count", ("n", 3))`, or an array or tuple of such pairs.
    pub fn with(&self, key: impl AsRef<str>, args: impl Args) -> Cow<'static, str> {
        catalogue::format(self.locale, key.as_ref(), Some(&args.fluent_args()))
    }

    /// Several things in one phrase: `Maya, Jonas and Priya`.
    pub fn list<S: AsRef<str>>(&self, items: &[S]) -> String {
        let mut rest = items.iter().map(AsRef::as_ref);
        let Some(last) = rest.next_back() else { return String::new() };
        match rest.map(str::to_owned).reduce(|a, b| self.with("list-join", (("a", a), ("b", b))).into_owned())
        {
            None => last.to_owned(),
            Some(before) => self.with("list-last", (("a", before), ("b", last))).into_owned(),
        }
    }

    /// For the `lang` attribute.
    pub fn lang(&self) -> &'static str {
        self.locale.tag()
    }

    /// For the `dir` attribute.
    pub fn dir(&self) -> &'static str {
        match self.locale {
            Locale::En | Locale::Pseudo => "ltr",
            Locale::Mirrored => "rtl",
        }
    }

    /// The reader's zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The IANA name of the reader's zone, for scripts; `UTC` where the zone has none.
    pub fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english() -> Text {
        Text::new(Locale::En, TimeZone::UTC)
    }

    #[test]
    fn a_text_takes_its_variables_and_the_right_plural() {
        assert_eq!(english().with("time-days-ago", ("n", 1)), "1 day ago");
        assert_eq!(english().with("time-days-ago", [("n", 1_200)]), "1,200 days ago");
        let text = english().with("meter-of", (("done", 9), ("all", 12_usize)));
        assert_eq!(text, "9 of 12");
    }

    #[test]
    fn a_missing_text_shows_as_its_key_rather_than_as_nothing() {
        assert_eq!(english().get("no-such-text"), "no-such-text");
        assert_eq!(english().with("meter-of", ("done", 9)), "9 of {$all}");
    }

    #[test]
    fn values_stand_in_a_text_without_invisible_marks() {
        let text = english().with("meter-next", ("name", "<b>Economic buyer</b>"));
        assert_eq!(text, "Next: <b>Economic buyer</b>", "escaping is the template's work");
    }

    #[test]
    fn lists_read_as_people_write_them() {
        assert_eq!(english().list::<&str>(&[]), "");
        assert_eq!(english().list(&["Maya"]), "Maya");
        assert_eq!(english().list(&["Maya", "Jonas"]), "Maya and Jonas");
        assert_eq!(english().list(&["Maya", "Jonas", "Priya"]), "Maya, Jonas and Priya");
    }

    #[test]
    fn every_locale_is_found_by_its_tag() {
        for locale in Locale::ALL {
            assert_eq!(Locale::from_tag(locale.tag()), Some(locale));
        }
        assert_eq!(Locale::from_tag("tlh"), None);
    }

    #[test]
    fn a_browser_gets_the_language_it_likes_best_of_those_there_are() {
        let asked = |accepted| Locale::asked_for(accepted);
        assert_eq!(asked("de-DE, de;q=0.9, en-GB;q=0.8"), Some(Locale::En));
        assert_eq!(asked("en;q=0.3, en-x-mirror;q=0.7, en-x-pseudo;q=0.5"), Some(Locale::Mirrored));
        assert_eq!(asked("en-x-pseudo, en"), Some(Locale::Pseudo));
        for others in ["", "de, fr;q=0.5", "en;q=0", "en;q=x", "*", ";;;,,,"] {
            assert_eq!(asked(others), None, "{others}");
        }
    }
}
