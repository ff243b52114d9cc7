//! The countries whose days off are known, in the reader's language.

use crate::{i18n::Text, key};

/// A country by its code; its own name in English where the catalogues have none yet.
pub fn name_of(t: &Text, code: &str, otherwise: &str) -> String {
    let known = match code {
        "AD" => key!("country-ad"),
        "AT" => key!("country-at"),
        "AU" => key!("country-au"),
        "BE" => key!("country-be"),
        "BR" => key!("country-br"),
        "CH" => key!("country-ch"),
        "CY" => key!("country-cy"),
        "CZ" => key!("country-cz"),
        "DE" => key!("country-de"),
        "DK" => key!("country-dk"),
        "EE" => key!("country-ee"),
        "ES" => key!("country-es"),
        "FI" => key!("country-fi"),
        "FR" => key!("country-fr"),
        "GB" => key!("country-gb"),
        "GR" => key!("country-gr"),
        "HR" => key!("country-hr"),
        "IS" => key!("country-is"),
        "IT" => key!("country-it"),
        "LI" => key!("country-li"),
        "LT" => key!("country-lt"),
        "LU" => key!("country-lu"),
        "MC" => key!("country-mc"),
        "MX" => key!("country-mx"),
        "NL" => key!("country-nl"),
        "NO" => key!("country-no"),
        "NZ" => key!("country-nz"),
        "PA" => key!("country-pa"),
        "PE" => key!("country-pe"),
        "PL" => key!("country-pl"),
        "PT" => key!("country-pt"),
        "RO" => key!("country-ro"),
        "SE" => key!("country-se"),
        "SI" => key!("country-si"),
        "US" => key!("country-us"),
        _ => return otherwise.to_owned(),
    };
    t.get(known).into_owned()
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use throughline_app::holidays;

    use super::*;
    use crate::i18n::Locale;

    #[test]
    fn every_country_there_is_has_a_name_in_the_catalogues() {
        let t = Text::new(Locale::En, TimeZone::UTC);
        for country in holidays::countries() {
            assert_eq!(name_of(&t, country.code, ""), country.name);
        }
    }
}
