//! The catalogues, compiled in and parsed once.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::{Locale, numbers, pseudo};

static FILES: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/catalogues.rs"));

static ENGLISH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Locale::En).0);
static PSEUDO: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Locale::Pseudo).0);

/// The catalogue files: name and content. For tests that compare them with what the pages use.
pub fn catalogues() -> &'static [(&'static str, &'static str)] {
    FILES
}

/// All texts of a locale, and what is wrong with the files: never anything in a tested build.
fn bundle(locale: Locale) -> (FluentBundle<FluentResource>, Vec<String>) {
    // Plural rules go by the language alone; a private-use tag has none.
    let english: LanguageIdentifier = "en".parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![english]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => Some(numbers::grouped(number.value)),
        _ => None,
    }));
    if locale != Locale::En {
        bundle.set_transform(Some(pseudo::stretched));
    }
    let mut problems = Vec::new();
    for (file, content) in FILES {
        let resource = FluentResource::try_new((*content).to_owned()).unwrap_or_else(|(readable, errors)| {
            problems.extend(errors.iter().map(|error| format!("{file}: {error}")));
            readable
        });
        if let Err(errors) = bundle.add_resource(resource) {
            problems.extend(errors.iter().map(|error| format!("{file}: {error}")));
        }
    }
    (bundle, problems)
}

pub(super) fn format(locale: Locale, key: &str, args: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
    let bundle: &'static FluentBundle<FluentResource> = match locale {
        Locale::En => &ENGLISH,
        Locale::Pseudo | Locale::Mirrored => &PSEUDO,
    };
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        tracing::error!(key, "there is no such text");
        return Cow::Owned(key.to_owned());
    };
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, args, &mut errors);
    if !errors.is_empty() {
        tracing::error!(key, ?errors, "a text could not be filled in");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_catalogue_parses_and_no_text_is_defined_twice() {
        assert!(!FILES.is_empty());
        for locale in Locale::ALL {
            assert_eq!(bundle(locale).1, Vec::<String>::new());
        }
    }
}
