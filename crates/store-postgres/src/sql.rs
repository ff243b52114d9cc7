//! Statements with their values. Values are always bound, never written into the text.

use std::borrow::Cow;

use crate::driver::{
    Arguments, AssertSqlSafe, BoxDynError, Encode, PgArguments, Postgres, SqlSafeStr, SqlStr, Type,
};

/// A statement and its values, to be asked as often as needed.
#[derive(Clone)]
pub(crate) struct Sql {
    text: Cow<'static, str>,
    values: PgArguments,
    bound: usize,
    /// A value the protocol cannot carry.
    unbound: Option<String>,
}

impl Sql {
    /// A statement written out, or the beginning of one.
    pub fn of(text: &'static str) -> Self {
        Self { text: Cow::Borrowed(text), values: PgArguments::default(), bound: 0, unbound: None }
    }

    /// The same with the value of its next place.
    pub fn bind<'v, T: Encode<'v, Postgres> + Type<Postgres>>(mut self, value: T) -> Self {
        self.add(value);
        self
    }

    /// More of the statement.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.to_mut().push_str(text);
        self
    }

    /// A value where the statement has got to.
    pub fn value<'v, T: Encode<'v, Postgres> + Type<Postgres>>(&mut self, value: T) -> &mut Self {
        self.add(value);
        let place = format!("${}", self.bound);
        self.push(&place)
    }

    fn add<'v, T: Encode<'v, Postgres> + Type<Postgres>>(&mut self, value: T) {
        self.bound += 1;
        if let Err(why) = self.values.add(value) {
            self.unbound.get_or_insert(why.to_string());
        }
    }

    /// What the driver is given.
    pub fn parts(&self) -> Result<(SqlStr, PgArguments), BoxDynError> {
        if let Some(why) = &self.unbound {
            return Err(why.as_str().into());
        }
        // The texts are ours: values never become part of them.
        Ok((AssertSqlSafe(self.text.clone()).into_sql_str(), self.values.clone()))
    }

    /// The statement, for tests of how the server goes about it.
    #[cfg(test)]
    pub fn text(&self) -> &str {
        &self.text
    }
}
