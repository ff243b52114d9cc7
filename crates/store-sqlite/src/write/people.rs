//! People and accounts, with the names they can be found by.

use rusqlite::params;
use throughline_store::{Account, ApplyError, Person, PersonStatus, Sought, folded, found, haystack};

use super::{
    apply::{Tables, json},
    words,
};
use crate::{faults::Fault, values::blob};

/// Frees the address and aliases of a person who is about to be put.
pub(super) fn let_go(to: &Tables<'_>, person: &Person) -> Result<(), Fault> {
    let id = blob(person.id);
    to.run("UPDATE person SET email = NULL WHERE org_id = ?1 AND person_id = ?2", params![to.org, id])?;
    to.run("DELETE FROM person_alias WHERE org_id = ?1 AND person_id = ?2", params![to.org, id])?;
    to.run("DELETE FROM person_role WHERE org_id = ?1 AND person_id = ?2", params![to.org, id])?;
    Ok(())
}

pub(super) fn put(to: &Tables<'_>, person: &Person) -> Result<(), ApplyError> {
    let_go(to, person)?;
    let id = blob(person.id);
    let email = person.email.as_deref().map(folded);
    let search = haystack(&[&person.name, person.email.as_deref().unwrap_or_default()]);
    let sql = "INSERT INTO person (org_id, person_id, name_key, search, email, team_id, doc)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
               ON CONFLICT (org_id, person_id) DO UPDATE SET name_key = excluded.name_key,
                   search = excluded.search, email = excluded.email, team_id = excluded.team_id, doc = excluded.doc";
    let values =
        params![to.org, id, person.name.to_lowercase(), search, email, person.team.map(blob), json(person)?];
    to.claim(sql, values, || format!("the address {} is taken", email.as_deref().unwrap_or_default()))?;
    let called = found::words(&[&person.name, person.email.as_deref().unwrap_or_default()]);
    words::put(to.conn, to.org, Sought::People, id, &called, 0)?;
    for alias in &person.aliases {
        let sql = "INSERT INTO person_alias (org_id, alias, person_id) VALUES (?1, ?2, ?3)";
        to.claim(sql, params![to.org, alias, id], || format!("the alias {alias} is somebody else's"))?;
    }
    if person.status != PersonStatus::Deactivated {
        for grant in &person.grants {
            let sql = "INSERT OR IGNORE INTO person_role (org_id, person_id, role) VALUES (?1, ?2, ?3)";
            to.run(sql, params![to.org, id, grant.role.name()])?;
        }
    }
    Ok(())
}

/// Frees the aliases of an account that is about to be put.
pub(super) fn let_go_account(to: &Tables<'_>, account: &Account) -> Result<(), Fault> {
    let sql = "DELETE FROM account_alias WHERE org_id = ?1 AND account_id = ?2";
    to.run(sql, params![to.org, blob(account.id)])?;
    Ok(())
}

pub(super) fn put_account(to: &Tables<'_>, account: &Account) -> Result<(), ApplyError> {
    let_go_account(to, account)?;
    let id = blob(account.id);
    let sql = "INSERT INTO account (org_id, account_id, doc) VALUES (?1, ?2, ?3)
               ON CONFLICT (org_id, account_id) DO UPDATE SET doc = excluded.doc";
    to.run(sql, params![to.org, id, json(account)?])?;
    words::put(to.conn, to.org, Sought::Accounts, id, &found::words(&[&account.name]), 0)?;
    for alias in &account.aliases {
        let sql = "INSERT INTO account_alias (org_id, alias, account_id) VALUES (?1, ?2, ?3)";
        to.claim(sql, params![to.org, alias, id], || format!("the alias {alias} is another account's"))?;
    }
    Ok(())
}
