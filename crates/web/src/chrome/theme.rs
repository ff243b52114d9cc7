//! Light, dark, or as the reader's system says.

use crate::i18n::Key;
use crate::key;

/// Light or dark. Kept in a cookie, so that the first byte of a page is already right, with or without scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the reader's system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The name of the cookie.
    pub const COOKIE: &str = "throughline_theme";
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// From the cookie or the form; anything unknown is as the system says.
    pub fn from_value(value: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.value() == value).unwrap_or_default()
    }

    /// For the cookie and the form.
    pub fn value(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The `Set-Cookie` header that keeps the choice for a year.
    pub fn set_cookie(self) -> String {
        format!("{}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", Self::COOKIE, self.value())
    }

    /// The daisyUI theme for `data-theme`; none leaves it to the system.
    pub fn daisy(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("throughline"),
            Self::Dark => Some("throughline-dark"),
        }
    }

    /// Its name.
    pub fn key(self) -> Key {
        match self {
            Self::System => key!("theme-system"),
            Self::Light => key!("theme-light"),
            Self::Dark => key!("theme-dark"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_comes_back_from_its_cookie_and_nonsense_is_as_the_system_says() {
        for theme in Theme::ALL {
            let cookie = theme.set_cookie();
            let value = cookie.split([';', '=']).nth(1).unwrap();
            assert_eq!(Theme::from_value(value), theme);
        }
        assert_eq!(Theme::from_value("\"><script>"), Theme::System);
    }
}
