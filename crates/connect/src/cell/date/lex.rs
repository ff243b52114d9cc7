//! A date taken apart, letter by letter: years first, days first, months first, by name; times, halves of the day,
//! zones; counts of days and milliseconds.

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::Offset,
};

use super::{Day, Lexed};
use crate::{
    cell::{is_nothing, number::is_scientific},
    fault::Reason,
    text::header::key,
};

/// Takes a date apart; none where the cell is blank.
pub(crate) fn lex(cell: &str) -> Result<Option<Lexed>, Reason> {
    if is_nothing(cell) {
        return Ok(None);
    }
    let text = cell.trim();
    if text.len() > 80 {
        return Err(Reason::NotADate);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits_only(text).map(Some);
    }
    if is_serial(text) {
        return Err(Reason::SerialDate);
    }
    if is_scientific(text) {
        return Err(Reason::ShortenedNumber);
    }
    let mut reader = Reader { rest: text };
    reader.weekday();
    let day = reader.day()?;
    let (time, halves) = reader.time()?;
    let zone = if time.is_some() { reader.zone()? } else { None };
    if reader.rest.trim().is_empty() {
        Ok(Some(Lexed { day, time, zone, halves }))
    } else if time.is_some() {
        Err(Reason::NotAZone)
    } else {
        Err(Reason::NotADate)
    }
}

/// `45306` or `45306.4375`
fn is_serial(text: &str) -> bool {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    whole.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',')) && {
        fraction.bytes().all(|byte| byte.is_ascii_digit())
    }
}

fn digits_only(text: &str) -> Result<Lexed, Reason> {
    let number: i64 = text.parse().map_err(|_| Reason::NotADate)?;
    match text.len() {
        8 => {
            let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
            Ok(Lexed { day: Day::Known(date(year, month, day)?), time: None, zone: None, halves: false })
        }
        // Milliseconds since 1970, as APIs write them: 1973 to the year 2286.
        12 | 13 => {
            let instant = Timestamp::from_millisecond(number).map_err(|_| Reason::NotADate)?;
            let at = Offset::UTC.to_datetime(instant);
            Ok(Lexed {
                day: Day::Known(at.date()),
                time: Some(at.time()),
                zone: Some(Offset::UTC),
                halves: false,
            })
        }
        9 | 10 => Err(Reason::EpochSeconds),
        5 => Err(Reason::SerialDate),
        4 if (1900..=2200).contains(&number) => Err(Reason::NotADay),
        _ => Err(Reason::NotADate),
    }
}

fn date(year: i64, month: i64, day: i64) -> Result<Date, Reason> {
    let year = checked_year(year)?;
    let small = |number: i64| i8::try_from(number).map_err(|_| Reason::NoSuchDate);
    Date::new(year, small(month)?, small(day)?).map_err(|_| Reason::NoSuchDate)
}

/// The span of years CRMs allow, near enough.
fn checked_year(year: i64) -> Result<i16, Reason> {
    match i16::try_from(year) {
        Ok(short @ 1900..=4000) => Ok(short),
        _ => Err(Reason::YearOutOfRange(year)),
    }
}

/// Two digits mean 1970 to 2069.
fn written_year(digits: &str) -> Result<i16, Reason> {
    let number: i64 = digits.parse().map_err(|_| Reason::NotADate)?;
    match (digits.len(), number) {
        (2, 70..) => checked_year(1900 + number),
        (2, _) => checked_year(2000 + number),
        (4, _) => checked_year(number),
        _ => Err(Reason::NotADate),
    }
}

/// Months by the beginnings of their names in English, German and French, accents folded; the longer first where
/// one begins like another.
const MONTHS: &[(&str, i8)] = &[
    ("jan", 1),
    ("feb", 2),
    ("fev", 2),
    ("mar", 3),
    ("apr", 4),
    ("avr", 4),
    ("mai", 5),
    ("may", 5),
    ("juin", 6),
    ("jun", 6),
    ("juil", 7),
    ("jul", 7),
    ("aug", 8),
    ("aou", 8),
    ("sep", 9),
    ("oct", 10),
    ("okt", 10),
    ("nov", 11),
    ("dec", 12),
    ("dez", 12),
];
const WEEKDAYS: &[&str] = &[
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "mo",
    "di",
    "mi",
    "do",
    "fr",
    "sa",
    "so",
    "lun",
    "mar",
    "mer",
    "jeu",
    "ven",
    "sam",
    "dim",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
];

fn month(word: &str) -> Option<i8> {
    let word = key(word);
    if word.len() < 3 || word.len() > 9 {
        return None;
    }
    MONTHS.iter().find(|(start, _)| word.starts_with(start)).map(|(_, number)| *number)
}

struct Reader<'a> {
    rest: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    Blank,
    Sign(char),
    Several,
}

impl Separator {
    /// Whether it may stand between the numbers of a date.
    fn parts_numbers(self) -> bool {
        matches!(self, Separator::Sign('/' | '-' | '.'))
    }
}

impl<'a> Reader<'a> {
    fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|sign| !wanted(sign)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn digits(&mut self) -> &'a str {
        self.take(|sign| sign.is_ascii_digit())
    }

    fn letters(&mut self) -> &'a str {
        self.take(char::is_alphabetic)
    }

    /// The sign between two parts of a date, blanks aside; a blank where only blanks are, none where nothing is.
    fn separator(&mut self) -> Separator {
        let signs = self.take(|sign| sign.is_whitespace() || "/-.,".contains(sign));
        let mut others = signs.chars().filter(|sign| !sign.is_whitespace());
        match (others.next(), others.next()) {
            (None, _) => Separator::Blank,
            (Some(sign), None) => Separator::Sign(sign),
            (Some(_), Some(_)) => Separator::Several,
        }
    }

    fn weekday(&mut self) {
        let mut ahead = Reader { rest: self.rest };
        let word = key(ahead.letters());
        let known = WEEKDAYS.contains(&word.as_str()) || word.ends_with("day") && word != "day";
        let after = ahead.separator();
        if known
            && ahead.rest.starts_with(|sign: char| sign.is_alphanumeric())
            && matches!(after, Separator::Blank | Separator::Sign(',' | '.'))
        {
            // `Mar 20 2024` is a month and no Tuesday; `mar 20 mars 2024` is one.
            let after_day =
                ahead.rest.trim_start_matches(|sign: char| sign.is_ascii_digit() || " .-".contains(sign));
            if word != "mar" || after_day.starts_with(char::is_alphabetic) {
                self.rest = ahead.rest;
            }
        }
    }

    fn day(&mut self) -> Result<Day, Reason> {
        let first = self.digits();
        match first.len() {
            0 => self.month_first(),
            4 => self.year_first(first),
            1 | 2 => self.day_or_month_first(first),
            _ => Err(Reason::NotADate),
        }
    }

    /// `2024-01-31`, `2024/1/31`, `2024-Jan-31`
    fn year_first(&mut self, year: &str) -> Result<Day, Reason> {
        let year = written_year(year)?;
        let separator = self.separator();
        if !separator.parts_numbers() {
            return Err(Reason::NotADate);
        }
        let word = self.letters();
        let month_number = if word.is_empty() {
            self.digits().parse().map_err(|_| Reason::NotADate)?
        } else {
            i64::from(month(word).ok_or(if word.starts_with(['Q', 'q']) {
                Reason::NotADay
            } else {
                Reason::NotADate
            })?)
        };
        if self.rest.is_empty() {
            return Err(Reason::NotADay);
        }
        if self.separator() != separator {
            return Err(Reason::NotADate);
        }
        let day = self.digits();
        if day.is_empty() || day.len() > 2 {
            return Err(Reason::NotADate);
        }
        date(i64::from(year), month_number, day.parse().map_err(|_| Reason::NotADate)?).map(Day::Known)
    }

    /// `31/01/2024`, `01/31/24`, `31.01.2024`, `31-Jan-2024`, `31. Januar 2024`
    fn day_or_month_first(&mut self, first: &str) -> Result<Day, Reason> {
        let first: i8 = first.parse().map_err(|_| Reason::NotADate)?;
        self.ordinal();
        let separator = self.separator();
        let word = self.letters();
        if !word.is_empty() {
            let month = month(word).ok_or(Reason::NotADate)?;
            self.separator();
            let year = self.digits();
            if year.is_empty() {
                return Err(Reason::NotADay);
            }
            return Date::new(written_year(year)?, month, first)
                .map(Day::Known)
                .map_err(|_| Reason::NoSuchDate);
        }
        if !separator.parts_numbers() {
            return Err(Reason::NotADate);
        }
        let second = self.digits();
        if second.len() == 4 && self.rest.trim().is_empty() {
            return Err(Reason::NotADay);
        }
        let second: i8 = second.parse().map_err(|_| Reason::NotADate)?;
        if self.separator() != separator {
            return Err(Reason::NotADate);
        }
        let year = written_year(self.digits())?;
        if first == 0 || second == 0 || first > 12 && second > 12 {
            return Err(Reason::NoSuchDate);
        }
        if separator == Separator::Sign('.') {
            // Dots are written only where the day comes first.
            return Date::new(year, second, first).map(Day::Known).map_err(|_| Reason::NoSuchDate);
        }
        Ok(Day::Open { first, second, year })
    }

    /// `Jan 31, 2024`, `Mar 20 2024`, `January 31st 2024`
    fn month_first(&mut self) -> Result<Day, Reason> {
        let word = self.letters();
        let Some(month) = month(word) else {
            let coarse = word.eq_ignore_ascii_case("q")
                || word.eq_ignore_ascii_case("fy")
                || word.eq_ignore_ascii_case("cy");
            return Err(if coarse { Reason::NotADay } else { Reason::NotADate });
        };
        self.separator();
        let day = self.digits();
        if day.len() == 4 {
            return Err(Reason::NotADay);
        }
        self.ordinal();
        self.separator();
        let year = self.digits();
        if year.is_empty() {
            return Err(if day.is_empty() { Reason::NotADate } else { Reason::NotADay });
        }
        let day = day.parse().map_err(|_| Reason::NotADate)?;
        Date::new(written_year(year)?, month, day).map(Day::Known).map_err(|_| Reason::NoSuchDate)
    }

    /// The letters of `31st`.
    fn ordinal(&mut self) {
        for ending in ["st", "nd", "rd", "th", "er"] {
            if let Some(rest) = self.rest.strip_prefix(ending)
                && !rest.starts_with(char::is_alphabetic)
            {
                self.rest = rest;
                return;
            }
        }
    }

    /// `T10:15:30.000`, ` 8:55 PM`, `, 10:15 Uhr`
    fn time(&mut self) -> Result<(Option<Time>, bool), Reason> {
        let before = self.rest;
        self.take(|sign| sign.is_whitespace() || sign == ',');
        for word in ["T", "t", "at ", "um "] {
            if let Some(rest) = self.rest.strip_prefix(word) {
                self.rest = rest;
                break;
            }
        }
        let hour = self.digits();
        if hour.is_empty() {
            self.rest = before;
            return Ok((None, false));
        }
        let number = |digits: &str| match digits.len() {
            1 | 2 => digits.parse::<i8>().map_err(|_| Reason::NotATime),
            _ => Err(Reason::NotATime),
        };
        let mut hour = number(hour)?;
        if !self.rest.starts_with(':') {
            return Err(Reason::NotATime);
        }
        self.rest = &self.rest[1..];
        let minute = number(self.digits())?;
        let (mut second, mut nanosecond) = (0, 0);
        if let Some(rest) = self.rest.strip_prefix(':') {
            self.rest = rest;
            second = number(self.digits())?;
            if let Some(rest) = self.rest.strip_prefix(['.', ',']) {
                self.rest = rest;
                let digits = self.digits();
                let nine: String = digits.chars().chain("000000000".chars()).take(9).collect();
                nanosecond = nine.parse().map_err(|_| Reason::NotATime)?;
            }
        }
        let halves = self.half_of_day(&mut hour)?;
        // A leap second is the last one we count.
        let second = if second == 60 { 59 } else { second };
        let time = Time::new(hour, minute, second, nanosecond).map_err(|_| Reason::NotATime)?;
        Ok((Some(time), halves))
    }

    fn half_of_day(&mut self, hour: &mut i8) -> Result<bool, Reason> {
        let mut ahead = Reader { rest: self.rest.trim_start() };
        let word = ahead
            .take(|sign| sign.is_ascii_alphabetic() || sign == '.')
            .replace('.', "")
            .to_ascii_lowercase();
        match word.as_str() {
            "am" | "pm" => {
                if !(1..=12).contains(hour) {
                    return Err(Reason::NotATime);
                }
                *hour = *hour % 12 + if word == "pm" { 12 } else { 0 };
                self.rest = ahead.rest;
                Ok(true)
            }
            "uhr" => {
                self.rest = ahead.rest;
                Ok(false)
            }
            _ => Ok(false),
        }
    }

    /// `Z`, `+0800`, `-05:00`, `UTC`, `GMT+2`, `PST`; and `Z-0300`, where the letter is idle and the offset counts.
    fn zone(&mut self) -> Result<Option<Offset>, Reason> {
        self.rest = self.rest.trim_start();
        let word = self.letters().to_ascii_uppercase();
        let named = match word.as_str() {
            "" => None,
            "Z" | "UTC" | "GMT" | "WET" => Some(0),
            "BST" | "CET" | "MEZ" | "WEST" => Some(60),
            "CEST" | "MESZ" | "EET" => Some(120),
            "EEST" => Some(180),
            "EDT" => Some(-240),
            "EST" | "CDT" => Some(-300),
            "CST" | "MDT" => Some(-360),
            "MST" | "PDT" => Some(-420),
            "PST" => Some(-480),
            _ => return Err(Reason::NotAZone),
        };
        let universal = matches!(word.as_str(), "" | "Z" | "UTC" | "GMT");
        let signed = self.rest.starts_with(['+', '-', '−']);
        let minutes = if signed && universal { Some(self.offset()?) } else { named };
        // A zone's full name in brackets repeats what the offset says.
        if self.rest.starts_with('[') && self.rest.ends_with(']') {
            self.rest = "";
        }
        minutes.map(|minutes| Offset::from_seconds(minutes * 60).map_err(|_| Reason::NotAZone)).transpose()
    }

    fn offset(&mut self) -> Result<i32, Reason> {
        let negative = !self.rest.starts_with('+');
        self.take(|sign| "+-−".contains(sign));
        let digits = self.digits();
        let parse = |digits: &str| digits.parse::<i32>().map_err(|_| Reason::NotAZone);
        let (hours, minutes) = match digits.len() {
            4 => (parse(&digits[..2])?, parse(&digits[2..])?),
            1 | 2 => match self.rest.strip_prefix(':') {
                Some(rest) => {
                    self.rest = rest;
                    (parse(digits)?, parse(self.digits())?)
                }
                None => (parse(digits)?, 0),
            },
            _ => return Err(Reason::NotAZone),
        };
        if hours > 15 || minutes > 59 {
            return Err(Reason::NotAZone);
        }
        let total = hours * 60 + minutes;
        Ok(if negative { -total } else { total })
    }
}
