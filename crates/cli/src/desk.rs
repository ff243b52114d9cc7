//! What commands on an organisation work with: the application, the organisation, the operator's own rights.

use throughline_app::{App, Caller};
use throughline_store::{Org, Person};

use crate::{
    args::{Global, OrgArg},
    database::{self, Absent},
    failure::Failure,
};

/// An organisation, opened.
pub struct Desk {
    /// The application.
    pub app: App,
    /// The organisation.
    pub org: Org,
    /// Whoever holds the database acts with the product's own rights.
    pub caller: Caller,
}

impl Desk {
    /// Opens the database and finds the organisation.
    pub async fn open(global: &Global, org: &OrgArg) -> Result<Self, Failure> {
        let app = database::open(global, Absent::Refuse).await?;
        // A sample is nobody's to work on by command line.
        let orgs = app.store().orgs().await?.into_iter();
        let orgs: Vec<Org> = orgs.filter(|org| org.sample_of.is_none()).collect();
        let known = || orgs.iter().map(|org| org.slug.as_str()).collect::<Vec<_>>().join(", ");
        let org = match &org.org {
            Some(slug) => orgs.iter().find(|org| org.slug == *slug).cloned().ok_or_else(|| {
                let there = if orgs.is_empty() {
                    "there is none yet".to_owned()
                } else {
                    format!("there is {}", known())
                };
                Failure::refused(format!("there is no organisation `{slug}`")).hint(there)
            })?,
            None => match orgs.as_slice() {
                [only] => only.clone(),
                [] => {
                    return Err(Failure::refused("there is no organisation yet")
                        .hint("`throughline org create SLUG` makes one"));
                }
                _ => {
                    return Err(
                        Failure::usage("which organisation?").hint(format!("give --org, one of {}", known()))
                    );
                }
            },
        };
        let caller = Caller::system(org.id);
        Ok(Self { app, org, caller })
    }

    /// A person by id, mail address, name in a CRM (`salesforce:005…`) or exact name.
    pub async fn person(&self, who: &str) -> Result<Person, Failure> {
        let store = self.app.store();
        if let Ok(id) = who.parse()
            && let Some(person) = store.person(self.org.id, id).await?
        {
            return Ok(person);
        }
        if who.contains('@') {
            let found = store.people_by_email(&who.trim().to_lowercase()).await?;
            if let Some((_, person)) = found.into_iter().find(|(org, _)| *org == self.org.id) {
                return Ok(person);
            }
        }
        if let Some(person) = store.person_by_alias(self.org.id, who).await? {
            return Ok(person);
        }
        let named = store.people(self.org.id, Some(who), None, 200).await?.rows;
        let mut named = named.into_iter().filter(|person| person.name.eq_ignore_ascii_case(who.trim()));
        match (named.next(), named.next()) {
            (Some(person), None) => Ok(person),
            (Some(_), Some(_)) => Err(Failure::refused(format!("several people are called {who}"))
                .hint("give the id or the mail address")),
            _ => Err(Failure::refused(format!("nobody here is `{who}`"))
                .hint("`throughline people list` shows everybody")),
        }
    }
}
