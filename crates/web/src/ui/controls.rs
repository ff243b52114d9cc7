//! A form as a list of controls: filled from what is known, or from what was typed when it was refused.

use super::{Choice, Field};
use crate::{
    form::Posted,
    i18n::{Key, Text},
};

/// One control of a form; `components/controls.html` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    /// One line; the second is the input's type.
    Line(Field, &'static str),
    /// Several lines.
    Area(Field),
    /// One of a list.
    Select(Field, Vec<Choice>),
    /// One of a few, all in sight.
    Radios(Field, Vec<Choice>),
    /// Several of a few.
    Checks(Field, Vec<Choice>),
    /// A single yes.
    Tick(Field),
    /// Several side by side. Pairs in pairs are not shown.
    Pair(Vec<Control>),
    /// A heading between controls.
    Heading(String),
    /// Sent along unseen.
    Hidden(String, String),
}

impl Control {
    /// The control as it was filled, with what is wrong with it.
    pub fn typed(self, posted: &Posted, wrong: Option<(&str, &str)>) -> Self {
        let said = |field: Field| {
            let why = wrong.filter(|(name, _)| *name == field.name).map(|(_, why)| why);
            field.error(why)
        };
        let held = |field: Field| {
            let value = posted.typed(&field.name).to_owned();
            said(field.value(value))
        };
        let chosen = |field: &Field, choices: Vec<Choice>| {
            let is = |choice: &Choice| posted.all(&field.name).any(|value| value == choice.value);
            choices.into_iter().map(|choice| Choice { chosen: is(&choice), ..choice }).collect::<Vec<_>>()
        };
        match self {
            Self::Line(field, kind) => Self::Line(held(field), kind),
            Self::Area(field) => Self::Area(held(field)),
            Self::Select(field, choices) => {
                let choices = chosen(&field, choices);
                Self::Select(said(field), choices)
            }
            Self::Radios(field, choices) => {
                let choices = chosen(&field, choices);
                Self::Radios(said(field), choices)
            }
            Self::Checks(field, choices) => {
                let choices = chosen(&field, choices);
                Self::Checks(said(field), choices)
            }
            Self::Tick(field) => {
                let ticked = posted.ticked(&field.name);
                Self::Tick(said(field.ticked(ticked)))
            }
            Self::Pair(parts) => {
                Self::Pair(parts.into_iter().map(|part| part.typed(posted, wrong)).collect())
            }
            Self::Heading(_) | Self::Hidden(..) => self,
        }
    }

    /// The fields in it.
    pub fn fields(&self) -> Vec<&Field> {
        match self {
            Self::Line(field, _)
            | Self::Area(field)
            | Self::Select(field, _)
            | Self::Radios(field, _)
            | Self::Checks(field, _)
            | Self::Tick(field) => vec![field],
            Self::Pair(parts) => parts.iter().flat_map(Self::fields).collect(),
            Self::Heading(_) | Self::Hidden(..) => Vec::new(),
        }
    }
}

/// Makes controls whose values come from a form, posted or made from what is known.
pub struct Draft<'a> {
    /// The reader's words.
    pub t: &'a Text,
    /// The values.
    pub values: &'a Posted,
    /// The field that was refused, and why.
    pub wrong: Option<(&'a str, &'a str)>,
    /// Stands before every control's id: two forms of a page may have fields of one name.
    pub prefix: &'a str,
}

impl Draft<'_> {
    /// A field with its value and, where it was refused, the reason.
    pub fn field(&self, name: &str, label: impl Into<String>) -> Field {
        let wrong = self.wrong.filter(|(field, _)| *field == name).map(|(_, why)| why);
        Field::new(name, label)
            .value(self.values.typed(name))
            .id(format!("{}-{name}", self.prefix))
            .error(wrong)
    }

    /// The same, labelled by a text.
    pub fn named(&self, name: &str, label: Key) -> Field {
        self.field(name, self.t.get(label))
    }

    /// One line.
    pub fn line(&self, name: &str, label: Key) -> Control {
        Control::Line(self.named(name, label), "text")
    }

    /// A date.
    pub fn date(&self, name: &str, label: Key) -> Control {
        Control::Line(self.named(name, label), "date")
    }

    /// Several lines.
    pub fn area(&self, name: &str, label: Key) -> Control {
        Control::Area(self.named(name, label))
    }

    /// One of a list; `options` is given what is chosen.
    pub fn select(&self, name: &str, label: Key, options: impl FnOnce(&[&str]) -> Vec<Choice>) -> Control {
        Control::Select(self.named(name, label), options(&[self.values.get(name).unwrap_or_default()]))
    }

    /// Several of a few.
    pub fn checks(&self, name: &str, label: Key, options: impl FnOnce(&[&str]) -> Vec<Choice>) -> Control {
        let chosen: Vec<&str> = self
            .values
            .fields
            .iter()
            .filter(|(field, _)| field == name)
            .map(|(_, value)| value.trim())
            .collect();
        Control::Checks(self.named(name, label), options(&chosen))
    }

    /// A single yes.
    pub fn tick(&self, name: &str, label: Key) -> Control {
        let ticked = self.values.ticked(name);
        Control::Tick(self.named(name, label).ticked(ticked))
    }
}
