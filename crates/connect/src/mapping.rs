//! Which column is which field: found by name, shown to the person, and theirs to change.

use std::collections::{BTreeMap, HashMap};

use crate::{
    cell::money::{Currency, named_currency},
    field::Field,
    text::{header::key, sheet::Column},
    vocabulary::{System, Vocabulary},
};

/// What a person decided: the column for a field, by name; empty to leave the field out.
pub type Overrides = BTreeMap<Field, String>;

/// An override that names a column the file does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the mapping takes {field} from the column `{column}`, which this file does not have")]
pub struct NoSuchColumn {
    /// The field.
    pub field: Field,
    /// The name given.
    pub column: String,
}

/// Fields with their columns, by place counted from 0. A field with several columns takes the first that is filled.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Mapping {
    /// By field, in the order of [`Field::ALL`].
    fields: Vec<Vec<usize>>,
    /// By column.
    by_column: Vec<Option<Field>>,
    /// The currency a column's own name gives its amounts: `Amount (EUR)`.
    pub named_currencies: BTreeMap<Field, Currency>,
    /// Columns whose cells may hold several values parted by `;`, of which the first counts.
    pub plural: Vec<usize>,
    /// Whether the id is a reference made for the export rather than the record's own.
    pub by_reference: bool,
}

impl Mapping {
    /// Finds each field's column.
    ///
    /// # Errors
    /// [`NoSuchColumn`] where an override names none of the columns.
    pub fn find(columns: &[Column], system: System, overrides: &Overrides) -> Result<Self, NoSuchColumn> {
        let mut finder = Finder::new(columns, system);
        let mut mapping = Mapping { fields: vec![Vec::new(); Field::ALL.len()], ..Mapping::default() };
        for (field, name) in overrides {
            if !name.trim().is_empty() {
                let place = finder.named(*field, name)?;
                finder.take(&[place]);
                mapping.fields[*field as usize] = vec![place];
            }
        }
        // The currency comes last: it is the amount's.
        let last = [Field::Currency];
        let others = Field::ALL.into_iter().filter(|field| !last.contains(field));
        for field in others.chain(last).filter(|field| !overrides.contains_key(field)) {
            let places = match field {
                Field::Currency => finder.currency_of(mapping.column(Field::Amount)),
                _ => finder.places(field),
            };
            finder.take(&places);
            mapping.fields[field as usize] = places;
        }
        mapping.by_column = vec![None; columns.len()];
        for field in Field::ALL {
            for at in &mapping.fields[field as usize] {
                mapping.by_column[*at] = Some(field);
            }
        }
        for field in [Field::Amount, Field::Arr] {
            if let Some(currency) = mapping.column(field).and_then(|at| named_currency(&columns[at].written))
            {
                mapping.named_currencies.insert(field, currency);
            }
        }
        let plural = system.vocabulary().plural;
        mapping.plural =
            (0..columns.len()).filter(|at| plural.contains(&columns[*at].key.as_str())).collect();
        mapping.by_reference =
            mapping.column(Field::ExternalId).is_some_and(|at| columns[at].key.ends_with("referenceid"));
        Ok(mapping)
    }

    /// The field's column, by place counted from 0.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns(field).first().copied()
    }

    /// All of the field's columns.
    pub fn columns(&self, field: Field) -> &[usize] {
        self.fields.get(field as usize).map_or(&[], Vec::as_slice)
    }

    /// Which field a column is.
    pub fn field_of(&self, column: usize) -> Option<Field> {
        self.by_column.get(column).copied().flatten()
    }

    /// Fields that have columns, with them.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &[usize])> {
        let all = Field::ALL.into_iter().zip(self.fields.iter().map(Vec::as_slice));
        all.filter(|(_, places)| !places.is_empty())
    }
}

struct Finder<'c> {
    columns: &'c [Column],
    tables: Vec<&'static Vocabulary>,
    /// Which columns answer to a key; the plain spelling before the derived ones.
    known: HashMap<String, Vec<usize>>,
    taken: Vec<bool>,
}

impl<'c> Finder<'c> {
    fn new(columns: &'c [Column], system: System) -> Self {
        let mut tables = vec![system.vocabulary()];
        if system != System::Other {
            tables.push(System::Other.vocabulary());
        }
        // The system's spellings count for the common names too: `Segment__c` is a segment.
        let mut known = HashMap::<String, Vec<usize>>::new();
        let mut spelled = Vec::new();
        for (at, column) in columns.iter().enumerate().filter(|(_, column)| column.named) {
            let bare = without_currency(&column.written).map(key);
            let mut keys = system.vocabulary().keys(&column.written).into_iter();
            if let Some(plain) = keys.next() {
                known.entry(plain).or_default().push(at);
            }
            spelled.extend(keys.chain(bare).map(|key| (key, at)));
        }
        for (key, at) in spelled {
            known.entry(key).or_default().push(at);
        }
        Self { columns, tables, known, taken: vec![false; columns.len()] }
    }

    fn take(&mut self, places: &[usize]) {
        for at in places {
            self.taken[*at] = true;
        }
    }

    fn named(&self, field: Field, name: &str) -> Result<usize, NoSuchColumn> {
        let exact = self.columns.iter().position(|column| column.name == name || column.written == name);
        let loose = || self.columns.iter().position(|column| column.named && column.key == key(name));
        let unnamed = || self.columns.iter().position(|column| column.name == name.trim());
        exact
            .or_else(loose)
            .or_else(unnamed)
            .ok_or_else(|| NoSuchColumn { field, column: crate::limits::shown(name) })
    }

    fn free(&self, key: &str) -> Option<usize> {
        self.known.get(key)?.iter().copied().find(|at| !self.taken[*at])
    }

    fn places(&self, field: Field) -> Vec<usize> {
        for table in &self.tables {
            let patterned: Vec<usize> = (0..self.columns.len())
                .filter(|at| !self.taken[*at] && (table.pattern)(&self.columns[*at].key) == Some(field))
                .collect();
            if !patterned.is_empty() {
                return patterned;
            }
            let names =
                table.columns.iter().filter(|(known, _)| *known == field).flat_map(|(_, names)| *names);
            if let Some(at) = names.filter_map(|name| self.free(name)).next() {
                return vec![at];
            }
        }
        Vec::new()
    }

    /// The currency column that belongs to the amount: one named after it, else the deal's, unless the amount has
    /// been converted and the deal's currency is not its.
    fn currency_of(&self, amount: Option<usize>) -> Vec<usize> {
        let Some(amount) = amount else { return self.places(Field::Currency) };
        let own = &self.columns[amount].key;
        let paired = ["currency", "currencyisocode", "wahrung", "devise"].map(|word| format!("{own}{word}"));
        let paired = paired.into_iter().chain([format!("devise{own}")]);
        if let Some(at) = paired.filter_map(|name| self.free(&name)).next() {
            return vec![at];
        }
        if self.tables.iter().any(|table| table.converted.contains(&own.as_str())) {
            return Vec::new();
        }
        let converted: Vec<String> = self
            .tables
            .iter()
            .flat_map(|table| table.converted)
            .flat_map(|name| [format!("{name}currency"), format!("{name}wahrung")])
            .collect();
        self.places(Field::Currency)
            .into_iter()
            .filter(|at| !converted.contains(&self.columns[*at].key))
            .collect()
    }
}

/// `Amount (EUR)` without the currency.
fn without_currency(written: &str) -> Option<&str> {
    named_currency(written)?;
    let end = written.trim_end().rfind(['(', '['])?;
    Some(&written[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sheet::Sheet;

    fn map(
        header: &str,
        system: System,
        overrides: &[(Field, &str)],
    ) -> Result<Vec<(Field, String)>, NoSuchColumn> {
        let text = format!("{header}\n");
        let sheet = Sheet::open(text.as_bytes(), &crate::vocabulary::is_known).unwrap();
        let overrides = overrides.iter().map(|(field, name)| (*field, (*name).to_owned())).collect();
        let mapping = Mapping::find(&sheet.columns, system, &overrides)?;
        let name = |(field, places): (Field, &[usize])| (field, sheet.columns[places[0]].name.clone());
        Ok(mapping.iter().map(name).collect())
    }

    fn of(mapped: &[(Field, String)], field: Field) -> Option<&str> {
        mapped.iter().find(|(mapped, _)| *mapped == field).map(|(_, column)| column.as_str())
    }

    #[test]
    fn the_better_of_two_columns_is_taken() {
        let header = "SystemModstamp,LastModifiedDate,External_Id__c,Id,Name,Account.Name,StageName,Amount";
        let mapped = map(header, System::Salesforce, &[]).unwrap();
        assert_eq!(of(&mapped, Field::ModifiedAt), Some("LastModifiedDate"));
        assert_eq!(of(&mapped, Field::ExternalId), Some("Id"));
        assert_eq!(of(&mapped, Field::AccountName), Some("Account.Name"));
    }

    #[test]
    fn an_amount_goes_with_its_own_currency() {
        let header = "Opportunity ID,Amount (converted) Currency,Amount (converted),Amount Currency,Amount";
        let mapped = map(header, System::Salesforce, &[]).unwrap();
        assert_eq!(
            (of(&mapped, Field::Amount), of(&mapped, Field::Currency)),
            (Some("Amount"), Some("Amount Currency"))
        );
        let mapped =
            map("Record ID,Deal Name,Amount in company currency,Currency", System::HubSpot, &[]).unwrap();
        assert_eq!(of(&mapped, Field::Amount), Some("Amount in company currency"));
        assert_eq!(of(&mapped, Field::Currency), None);
        let mapped = map("Opportunity ID,Opportunity Name,Amount (EUR)", System::Salesforce, &[]).unwrap();
        assert_eq!(of(&mapped, Field::Amount), Some("Amount (EUR)"));
    }

    #[test]
    fn a_person_may_change_the_mapping_and_empty_leaves_a_field_out() {
        let header = "Id,Name,Amount,ACV__c,Won Stage";
        let overrides = [(Field::Amount, "ACV__c"), (Field::Name, ""), (Field::Stage, "won stage")];
        let mapped = map(header, System::Salesforce, &overrides).unwrap();
        assert_eq!(of(&mapped, Field::Amount), Some("ACV__c"));
        assert_eq!(of(&mapped, Field::Name), None);
        assert_eq!(of(&mapped, Field::Stage), Some("Won Stage"));
        let error = map(header, System::Salesforce, &[(Field::Stage, "Stufe")]).unwrap_err();
        assert_eq!((error.field, error.column.as_str()), (Field::Stage, "Stufe"));
    }

    #[test]
    fn the_date_of_winning_may_stand_in_a_column_for_each_pipeline() {
        let header = "Record ID,Deal Name,\"Date entered \"\"Closed Won (A)\"\"\",\"Date entered \"\"Closed Won (B)\"\"\"";
        let text = format!("{header}\n");
        let sheet = Sheet::open(text.as_bytes(), &crate::vocabulary::is_known).unwrap();
        let mapping = Mapping::find(&sheet.columns, System::HubSpot, &Overrides::new()).unwrap();
        assert_eq!(mapping.columns(Field::ClosedAt), [2, 3]);
    }
}
