//! Money in whole minor units with its currency. Absent on purpose: conversion; amounts of two currencies never mix.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An ISO 4217 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// Text that is no currency code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a currency code: three letters such as EUR")]
pub struct NotACurrency(String);

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

    /// The code as text.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl FromStr for Currency {
    type Err = NotACurrency;
    fn from_str(text: &str) -> Result<Self, NotACurrency> {
        let refused = || NotACurrency(text.chars().take(20).collect());
        let code: [u8; 3] = text.trim().as_bytes().try_into().map_err(|_| refused())?;
        let code = code.map(|byte| byte.to_ascii_uppercase());
        if code.iter().all(u8::is_ascii_uppercase) { Ok(Self(code)) } else { Err(refused()) }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Currency {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Currency".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[A-Za-z]{3}$" })
    }
}

/// An amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Minor units: cents for euros, yen for yen.
    pub minor: i64,
    /// Of which currency.
    pub currency: Currency,
}

impl Money {
    /// The amount in major units, for rules that compare (`deal.amount > 50000`), never for sums.
    pub fn major(self) -> f64 {
        self.minor as f64 / 10f64.powi(self.currency.digits() as i32)
    }

    /// Reads what a person types into an amount field: `12,500`, `12 500.50`. The last separator followed by
    /// exactly the currency's digits is the decimal mark.
    pub fn parse(amount: &str, currency: Currency) -> Result<Self, NotAnAmount> {
        let refused = || NotAnAmount(amount.chars().take(40).collect());
        let digits = currency.digits() as usize;
        let text: String = amount.chars().filter(|c| !c.is_whitespace() && *c != '\'').collect();
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest.to_owned()),
            None => (false, text),
        };
        let (whole, part) = match text.rfind(['.', ',']) {
            Some(mark) if (1..=digits).contains(&(text.len() - mark - 1)) => {
                (&text[..mark], &text[mark + 1..])
            }
            _ => (text.as_str(), ""),
        };
        let whole: String = whole.chars().filter(|c| !matches!(c, '.' | ',')).collect();
        let shaped = !whole.is_empty() && (whole + part).chars().all(|c| c.is_ascii_digit());
        if !shaped {
            return Err(refused());
        }
        let whole: String = text[..text.len() - part.len()].chars().filter(char::is_ascii_digit).collect();
        let minor: i64 = format!("{whole}{part:0<digits$}").parse().map_err(|_| refused())?;
        Ok(Self { minor: if negative { -minor } else { minor }, currency })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.currency.digits();
        let unit = 10u64.pow(digits);
        let (whole, part) = (self.minor.unsigned_abs() / unit, self.minor.unsigned_abs() % unit);
        let sign = if self.minor < 0 { "-" } else { "" };
        write!(f, "{sign}{}", grouped(whole))?;
        if part > 0 {
            write!(f, ".{part:0width$}", width = digits as usize)?;
        }
        write!(f, " {}", self.currency)
    }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Text that is no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an amount: digits, optionally with a decimal part such as 12500.50")]
pub struct NotAnAmount(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_and_shown_in_its_currency() {
        let eur: Currency = "eur".parse().unwrap();
        let yen: Currency = "JPY".parse().unwrap();
        for (typed, minor) in
            [("12,500", 1_250_000), ("12 500.50", 1_250_050), ("1.250.000,5", 125_000_050), ("0,07", 7)]
        {
            assert_eq!(Money::parse(typed, eur).unwrap().minor, minor, "{typed}");
        }
        assert_eq!(Money::parse("12,500", yen).unwrap().to_string(), "12,500 JPY");
        assert_eq!(Money { minor: -1_250_050, currency: eur }.to_string(), "-12,500.50 EUR");
        for typed in ["", "abc", "1e5", "--3", "."] {
            assert!(Money::parse(typed, eur).is_err(), "{typed}");
        }
    }
}
