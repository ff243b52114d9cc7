//! Amounts of money in whole minor units, and the currencies of ISO 4217. Absent on purpose: conversion.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::number::{DecimalMark, lex};
use crate::fault::Reason;

/// The currencies in circulation.
const CODES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN \
    BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ \
    GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD \
    LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR \
    PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP \
    TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ZWL";

/// A currency of ISO 4217.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// How many digits the minor unit has: 2 for most, 0 for yen, 3 for dinars.
    pub fn digits(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF"
            | b"UGX" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }

    /// The code: `EUR`.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Whether `$` may stand for it.
    fn is_dollar(self) -> bool {
        matches!(
            &self.0,
            b"USD"
                | b"AUD"
                | b"CAD"
                | b"NZD"
                | b"SGD"
                | b"HKD"
                | b"MXN"
                | b"ARS"
                | b"CLP"
                | b"COP"
                | b"TWD"
                | b"UYU"
                | b"BBD"
                | b"BMD"
                | b"BND"
                | b"BSD"
                | b"BZD"
                | b"FJD"
                | b"GYD"
                | b"JMD"
                | b"KYD"
                | b"LRD"
                | b"NAD"
                | b"SBD"
                | b"SRD"
                | b"TTD"
                | b"XCD"
                | b"DOP"
        )
    }
}

/// Text that is no currency in circulation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a currency of ISO 4217, such as EUR")]
pub struct NotACurrency(String);

impl FromStr for Currency {
    type Err = NotACurrency;
    fn from_str(text: &str) -> Result<Self, NotACurrency> {
        let refused = || NotACurrency(crate::limits::shown(text));
        let code: [u8; 3] = text.trim().as_bytes().try_into().map_err(|_| refused())?;
        let code = code.map(|byte| byte.to_ascii_uppercase());
        if CODES.split_whitespace().any(|known| known.as_bytes() == code) {
            Ok(Self(code))
        } else {
            Err(refused())
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// An amount in whole minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Amount {
    /// Cents for euros, yen for yen, a thousandth for Kuwaiti dinars; hundredths where the currency is unknown.
    pub minor: i64,
    /// None where neither file nor options name one.
    pub currency: Option<Currency>,
}

/// What a row and its file say of the currency, besides the cell itself.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Context {
    /// From the row's currency column, or the column's own name.
    pub said: Option<Currency>,
    /// The organisation's.
    pub usual: Option<Currency>,
    pub mark: Option<DecimalMark>,
}

/// Reads an amount; none where the cell is blank.
///
/// # Errors
/// A [`Reason`] for what is no amount, or contradicts the row's currency.
pub(crate) fn read_amount(cell: &str, context: Context) -> Result<Option<Amount>, Reason> {
    let Some(lexed) = lex(cell)? else { return Ok(None) };
    if lexed.percent {
        return Err(Reason::NotANumber);
    }
    let expected = context.said.or(context.usual);
    let own = match lexed.unit.map(|unit| unit_currency(unit, expected)) {
        None => None,
        Some(Unit::Currency(currency)) => Some(currency),
        Some(Unit::Unsure) => None,
        Some(Unit::Unknown) => return Err(Reason::NotANumber),
    };
    if let (Some(own), Some(said)) = (own, context.said)
        && own != said
    {
        return Err(Reason::CurrencyContradicts { cell: own, row: said });
    }
    let currency = own.or(expected);
    let minor = lexed.value(context.mark)?.in_units(currency.map_or(2, Currency::digits));
    Ok(Some(Amount { minor: minor.ok_or(Reason::NumberTooLarge)?, currency }))
}

enum Unit {
    Currency(Currency),
    /// A sign of several currencies.
    Unsure,
    Unknown,
}

fn unit_currency(unit: &str, expected: Option<Currency>) -> Unit {
    const SIGNS: &[(&str, &str)] = &[
        ("€", "EUR"),
        ("£", "GBP"),
        ("US$", "USD"),
        ("$US", "USD"),
        ("A$", "AUD"),
        ("AU$", "AUD"),
        ("C$", "CAD"),
        ("CA$", "CAD"),
        ("NZ$", "NZD"),
        ("HK$", "HKD"),
        ("S$", "SGD"),
        ("NT$", "TWD"),
        ("R$", "BRL"),
        ("MX$", "MXN"),
        ("JP¥", "JPY"),
        ("CN¥", "CNY"),
        ("₹", "INR"),
        ("Rs", "INR"),
        ("zł", "PLN"),
        ("Kč", "CZK"),
        ("₺", "TRY"),
        ("₪", "ILS"),
        ("₩", "KRW"),
        ("฿", "THB"),
        ("₫", "VND"),
        ("₱", "PHP"),
        ("₦", "NGN"),
        ("₴", "UAH"),
        ("₽", "RUB"),
        ("Ft", "HUF"),
        ("SFr", "CHF"),
        ("Fr", "CHF"),
        ("Euro", "EUR"),
    ];
    let unit = unit.trim();
    if let Ok(currency) = unit.parse() {
        return Unit::Currency(currency);
    }
    if let Some((_, code)) = SIGNS.iter().find(|(sign, _)| sign.eq_ignore_ascii_case(unit)) {
        return code.parse().map_or(Unit::Unknown, Unit::Currency);
    }
    let dollar = |code: &str| code.parse().map_or(Unit::Unknown, Unit::Currency);
    match unit {
        "$" if expected.is_some_and(Currency::is_dollar) => Unit::Unsure,
        "$" => dollar("USD"),
        "¥" | "￥" | "円" | "元"
            if expected.is_some_and(|currency| matches!(currency.code(), "JPY" | "CNY")) =>
        {
            Unit::Unsure
        }
        "¥" | "￥" | "円" => dollar("JPY"),
        "kr" | "kr." | "Kr" => Unit::Unsure,
        "R" => dollar("ZAR"),
        // `$ USD`, `USD $`
        other => match other.replace(['$', '€', '£', '¥'], "").trim().parse() {
            Ok(currency) => Unit::Currency(currency),
            Err(_) => Unit::Unknown,
        },
    }
}

/// The currency in a column's own name: `Amount (EUR)`, `Betrag [CHF]`.
pub(crate) fn named_currency(written: &str) -> Option<Currency> {
    let inside = written.trim_end().strip_suffix([')', ']'])?;
    let start = inside.rfind(['(', '['])?;
    let code = inside[start + 1..].trim();
    // `(ALL)` is a word long before it is the Albanian lek.
    let capitals = code != "ALL" && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if capitals { code.parse().ok() } else { None }
}

/// Reads a currency cell: `USD`, `US Dollar (USD)`, `USD - US Dollar`; none where it is blank.
///
/// # Errors
/// [`Reason::NotACurrency`] where no code is in it.
pub(crate) fn read_currency(cell: &str) -> Result<Option<Currency>, Reason> {
    if super::is_nothing(cell) {
        return Ok(None);
    }
    if let Ok(currency) = cell.parse() {
        return Ok(Some(currency));
    }
    let mut words = cell.split(|sign: char| !sign.is_alphanumeric());
    let code = words.find_map(|word| {
        let capitals = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase());
        if capitals { word.parse().ok() } else { None }
    });
    match code {
        Some(code) => Ok(Some(code)),
        None => match unit_currency(cell, None) {
            Unit::Currency(currency) => Ok(Some(currency)),
            Unit::Unsure | Unit::Unknown => Err(Reason::NotACurrency),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: &str, said: Option<&str>, usual: Option<&str>) -> Result<(i64, Option<String>), Reason> {
        let currency = |code: Option<&str>| code.map(|code| code.parse().unwrap());
        let context =
            Context { said: currency(said), usual: currency(usual), mark: Some(DecimalMark::Point) };
        let amount = read_amount(cell, context)?.unwrap();
        Ok((amount.minor, amount.currency.map(|currency| currency.to_string())))
    }

    #[test]
    fn minor_units_are_those_of_the_currency() {
        assert_eq!(read("1,000", Some("JPY"), None), Ok((1_000, Some("JPY".into()))));
        assert_eq!(read("1,000", Some("USD"), None), Ok((100_000, Some("USD".into()))));
        assert_eq!(read("1,000.5", Some("KWD"), None), Ok((1_000_500, Some("KWD".into()))));
        assert_eq!(read("12.34", None, None), Ok((1_234, None)));
    }

    #[test]
    fn the_cell_then_the_row_then_the_organisation_say_the_currency() {
        assert_eq!(read("€ 5", None, Some("USD")), Ok((500, Some("EUR".into()))));
        assert_eq!(read("5", Some("GBP"), Some("USD")), Ok((500, Some("GBP".into()))));
        assert_eq!(read("5", None, Some("USD")), Ok((500, Some("USD".into()))));
        assert_eq!(read("$5", None, Some("CAD")), Ok((500, Some("CAD".into()))));
        assert_eq!(read("$5", None, Some("EUR")), Ok((500, Some("USD".into()))));
        assert_eq!(read("5 kr", None, Some("SEK")), Ok((500, Some("SEK".into()))));
        assert!(matches!(read("€ 5", Some("USD"), None), Err(Reason::CurrencyContradicts { .. })));
    }

    #[test]
    fn words_are_no_currency() {
        assert_eq!(read("5 pieces", None, None), Err(Reason::NotANumber));
        assert_eq!(read("5%", None, None), Err(Reason::NotANumber));
        assert!("ABC".parse::<Currency>().is_err());
    }

    #[test]
    fn currency_cells_and_column_names_are_understood() {
        let code = |cell| read_currency(cell).map(|found| found.map(|currency| currency.to_string()));
        for cell in ["USD", "usd", "US Dollar (USD)", "USD - US Dollar", "US$"] {
            assert_eq!(code(cell), Ok(Some("USD".into())), "{cell}");
        }
        assert_eq!(code(""), Ok(None));
        assert_eq!(code("shells"), Err(Reason::NotACurrency));
        assert_eq!(named_currency("Amount (EUR)").map(|it| it.to_string()), Some("EUR".into()));
        assert_eq!(named_currency("Amount (converted)"), None);
        assert_eq!(named_currency("Probability (%)"), None);
    }
}
