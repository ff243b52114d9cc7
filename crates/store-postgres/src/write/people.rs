//! People and accounts, with the names they can be found by.

use throughline_store::{Account, Person, PersonStatus, Sought, folded, found, haystack};
use uuid::Uuid;

use super::{
    apply::{Halt, Tables, json},
    words,
};
use crate::{faults::Fault, sql::Sql, values::plain};

/// Frees the addresses and aliases of people who are about to be put.
pub(super) async fn let_go(to: &mut Tables<'_, '_>, people: &[Uuid]) -> Result<(), Fault> {
    if people.is_empty() {
        return Ok(());
    }
    for sql in [
        "UPDATE person SET email = NULL WHERE org_id = $1 AND person_id = ANY ($2) AND email IS NOT NULL",
        "DELETE FROM person_alias WHERE org_id = $1 AND person_id = ANY ($2)",
        "DELETE FROM person_role WHERE org_id = $1 AND person_id = ANY ($2)",
    ] {
        to.run(&Sql::of(sql).bind(to.org).bind(people.to_vec())).await?;
    }
    Ok(())
}

pub(super) async fn put(to: &mut Tables<'_, '_>, person: &Person) -> Result<(), Halt> {
    if to.meets_again(person.id.0) {
        let_go(to, &[person.id.0]).await?;
    }
    let email = person.email.as_deref().map(folded);
    let search = haystack(&[&person.name, person.email.as_deref().unwrap_or_default()]);
    let sql = Sql::of(
        "INSERT INTO person (org_id, person_id, name_key, search, email, team_id, doc)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (org_id, person_id) DO UPDATE SET name_key = excluded.name_key,
             search = excluded.search, email = excluded.email, team_id = excluded.team_id, doc = excluded.doc",
    );
    let sql = sql.bind(to.org).bind(person.id.0).bind(plain(&person.name.to_lowercase()));
    let sql = sql.bind(plain(&search)).bind(email.as_deref().map(plain));
    let sql = sql.bind(person.team.map(|team| team.0)).bind(json(person)?);
    to.claim(&sql, || format!("the address {} is taken", email.as_deref().unwrap_or_default())).await?;
    let called = found::words(&[&person.name, person.email.as_deref().unwrap_or_default()]);
    words::put(to, Sought::People, person.id.0, called).await?;
    for alias in &person.aliases {
        let sql = Sql::of("INSERT INTO person_alias (org_id, alias, person_id) VALUES ($1, $2, $3)");
        let sql = sql.bind(to.org).bind(plain(alias)).bind(person.id.0);
        to.claim(&sql, || format!("the alias {alias} is somebody else's")).await?;
    }
    if person.status != PersonStatus::Deactivated && !person.grants.is_empty() {
        let roles: Vec<String> = person.grants.iter().map(|grant| grant.role.name().to_owned()).collect();
        let sql = Sql::of(
            "INSERT INTO person_role (org_id, person_id, role) SELECT $1, $2, unnest($3) ON CONFLICT DO NOTHING",
        );
        to.run(&sql.bind(to.org).bind(person.id.0).bind(roles)).await?;
    }
    Ok(())
}

/// Frees the aliases of accounts that are about to be put.
pub(super) async fn let_go_accounts(to: &mut Tables<'_, '_>, accounts: &[Uuid]) -> Result<(), Fault> {
    if accounts.is_empty() {
        return Ok(());
    }
    let sql = Sql::of("DELETE FROM account_alias WHERE org_id = $1 AND account_id = ANY ($2)");
    to.run(&sql.bind(to.org).bind(accounts.to_vec())).await?;
    Ok(())
}

pub(super) async fn put_account(to: &mut Tables<'_, '_>, account: &Account) -> Result<(), Halt> {
    if to.meets_again(account.id.0) {
        let_go_accounts(to, &[account.id.0]).await?;
    }
    let sql = Sql::of(
        "INSERT INTO account (org_id, account_id, doc) VALUES ($1, $2, $3)
         ON CONFLICT (org_id, account_id) DO UPDATE SET doc = excluded.doc",
    );
    to.run(&sql.bind(to.org).bind(account.id.0).bind(json(account)?)).await?;
    words::put(to, Sought::Accounts, account.id.0, found::words(&[&account.name])).await?;
    for alias in &account.aliases {
        let sql = Sql::of("INSERT INTO account_alias (org_id, alias, account_id) VALUES ($1, $2, $3)");
        let sql = sql.bind(to.org).bind(plain(alias)).bind(account.id.0);
        to.claim(&sql, || format!("the alias {alias} is another account's")).await?;
    }
    Ok(())
}
