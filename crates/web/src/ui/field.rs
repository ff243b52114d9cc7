//! A form field with everything that stands around it.

/// One field: label, value, hint, error, where the value came from. The macros of `components/form.html` show it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// The name it is posted under.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What it holds now; on a refused post what was typed, so that nothing is typed twice.
    pub value: String,
    /// What is wanted, in a sentence.
    pub hint: Option<String>,
    /// What is wrong with the value.
    pub error: Option<String>,
    /// Where the value came from, when not from a hand: `Salesforce`.
    pub filled_from: Option<String>,
    /// Whether it must be filled before the form is taken at all. An ask that a gate wants is not that.
    pub required: bool,
    /// Whether the page opens with the focus in it.
    pub autofocus: bool,
    /// A short remark beside the label: `required at this size`.
    pub need: Option<String>,
    id: Option<String>,
    autocomplete: Option<&'static str>,
}

impl Field {
    /// A field by name and label.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { name: name.into(), label: label.into(), ..Self::default() }
    }

    /// With a value.
    pub fn value(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }

    /// With a hint.
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// With what is wrong, if anything is.
    pub fn error(self, error: Option<impl Into<String>>) -> Self {
        Self { error: error.map(Into::into), ..self }
    }

    /// With the system that filled it.
    pub fn filled_from(self, system: impl Into<String>) -> Self {
        Self { filled_from: Some(system.into()), ..self }
    }

    /// With a remark beside the label.
    pub fn need(self, need: impl Into<String>) -> Self {
        Self { need: Some(need.into()), ..self }
    }

    /// That must be filled.
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// Ticked or not, for a single checkbox.
    pub fn ticked(self, ticked: bool) -> Self {
        Self { value: if ticked { "on".to_owned() } else { String::new() }, ..self }
    }

    /// Whether a single checkbox is ticked.
    pub fn is_ticked(&self) -> bool {
        self.value == "on"
    }

    /// With an id of its own; needed where two forms of a page have fields of one name.
    pub fn id(self, id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), ..self }
    }

    /// With what a browser or a password manager may fill in: `username`, `current-password`.
    pub fn autocomplete(self, what: &'static str) -> Self {
        Self { autocomplete: Some(what), ..self }
    }

    /// The id of its control. Hint and error get it with `-hint` and `-error` behind it.
    pub fn control_id(&self) -> String {
        self.id.clone().unwrap_or_else(|| format!("f-{}", self.name))
    }

    /// The `autocomplete` attribute.
    pub fn autocomplete_attribute(&self) -> &'static str {
        self.autocomplete.unwrap_or("off")
    }

    /// For `aria-describedby`: what there is of hint and error; empty when there is neither.
    pub fn described_by(&self) -> String {
        let id = self.control_id();
        let hint = self.hint.iter().map(|_| format!("{id}-hint"));
        let error = self.error.iter().map(|_| format!("{id}-error"));
        hint.chain(error).collect::<Vec<_>>().join(" ")
    }
}

/// One of the options of a select, a group of radios or of checkboxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is posted.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Choice {
    /// An option that is not chosen.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), chosen: false }
    }

    /// The same, chosen or not.
    pub fn chosen(self, chosen: bool) -> Self {
        Self { chosen, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_described_by_exactly_what_stands_beside_it() {
        let field = Field::new("arr", "ARR");
        assert_eq!(field.described_by(), "");
        let field = field.hint("Per year").error(Some("Not an amount"));
        assert_eq!(field.described_by(), "f-arr-hint f-arr-error");
        assert_eq!(field.id("deal-arr").error(None::<String>).described_by(), "deal-arr-hint");
    }
}
