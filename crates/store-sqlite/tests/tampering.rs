//! Whatever somebody changes in the file behind the program's back, the check names it (Q24).
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test's own plumbing")]

use rusqlite::{Connection, params, types::Value};
use throughline_store::{
    Handoffs,
    audit::{Depth, verify, verify_one},
    contract::{Dice, Story, Told, org},
};
use throughline_store_sqlite::SqliteStore;

const CHANGES: usize = 500;

async fn told(store: &SqliteStore) -> Vec<Story> {
    let org = org();
    let mut stories: Vec<Story> = (0..6).map(|_| Story::new(org)).collect();
    for story in &mut stories {
        story.open(store).await;
        for _ in 0..4 {
            let commit = story.tell(&[Told::Wrote("she likes brevity"), Told::Lost, Told::Resumed]);
            store.commit(commit).await.unwrap();
        }
    }
    stories
}

/// One random byte of a value becomes another.
fn bent(value: &Value, dice: &mut Dice) -> Value {
    let bend = |bytes: &mut Vec<u8>, dice: &mut Dice, ascii: bool| {
        let place = dice.roll(bytes.len());
        let most = if ascii { 0x5e } else { 0xff };
        let other = loop {
            let other = u8::try_from(dice.roll(most)).unwrap() + if ascii { 0x20 } else { 0 };
            if other != bytes[place] {
                break other;
            }
        };
        bytes[place] = other;
    };
    match value {
        Value::Text(text) => {
            let mut bytes = text.clone().into_bytes();
            bend(&mut bytes, dice, true);
            Value::Text(String::from_utf8(bytes).unwrap())
        }
        Value::Blob(bytes) => {
            let mut bytes = bytes.clone();
            bend(&mut bytes, dice, false);
            Value::Blob(bytes)
        }
        Value::Integer(number) => Value::Integer(number ^ (1 << dice.roll(8))),
        other => panic!("{other:?} is in no column"),
    }
}

#[tokio::test]
async fn every_changed_byte_of_a_journal_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("throughline.db");
    let store = SqliteStore::open(&path).unwrap();
    let stories = told(&store).await;
    let file = Connection::open(&path).unwrap();
    let rows: i64 = file.query_row("SELECT max(rowid) FROM journal", [], |row| row.get(0)).unwrap();
    let mut dice = Dice::new(24);
    for change in 0..CHANGES {
        let row = 1 + i64::try_from(dice.roll(usize::try_from(rows).unwrap())).unwrap();
        let column = dice.pick(&["body", "body", "body", "body", "prev", "hash", "at", "kind", "seq"]);
        let sql = format!("SELECT {column}, handoff_id FROM journal WHERE rowid = ?1");
        let (value, id): (Value, [u8; 16]) =
            file.query_row(&sql, [row], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        let story = stories.iter().find(|story| story.id.0.as_bytes() == &id).unwrap();
        let bent = bent(&value, &mut dice);
        let set = format!("UPDATE journal SET {column} = ?2 WHERE rowid = ?1");
        if file.execute(&set, params![row, bent]).is_err() {
            // The place of another fact: the file itself refuses two.
            continue;
        }
        let checked = verify_one(&store, story.org, story.id, Depth::Chains).await.unwrap();
        assert!(checked.broken.is_some(), "change {change}: {column} of {row} from {value:?} to {bent:?}");
        file.execute(&set, params![row, value]).unwrap();
    }
    let report = verify(&store, stories[0].org, Depth::Replay).await.unwrap();
    assert!(report.is_sound(), "put back, all is well: {report:?}");
}

#[tokio::test]
async fn what_is_cut_off_moved_or_forged_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("throughline.db");
    let store = SqliteStore::open(&path).unwrap();
    let stories = told(&store).await;
    let org = stories[0].org;
    let file = Connection::open(&path).unwrap();
    let attacks = [
        ("a fact cut off at the end", "DELETE FROM journal WHERE handoff_id = ?1 AND seq = 13"),
        ("a fact cut out", "DELETE FROM journal WHERE handoff_id = ?1 AND seq = 5"),
        ("the whole journal gone", "DELETE FROM journal WHERE handoff_id = ?1"),
        ("facts in another order", "UPDATE journal SET seq = seq + 100 WHERE handoff_id = ?1 AND seq = 4"),
        (
            "bytes that are no text",
            "UPDATE journal SET body = CAST(X'7B22FF' AS TEXT) WHERE handoff_id = ?1 AND seq = 3",
        ),
        ("no body", "UPDATE journal SET body = '' WHERE handoff_id = ?1 AND seq = 3"),
        ("a text changed", "UPDATE text SET text = 'she loves meetings' WHERE handoff_id = ?1"),
        ("a salt changed", "UPDATE text SET salt = zeroblob(16) WHERE handoff_id = ?1"),
        ("a salt cut", "UPDATE text SET salt = X'00' WHERE handoff_id = ?1"),
        ("the head changed", "UPDATE snapshot SET head = zeroblob(32) WHERE handoff_id = ?1"),
        ("an older version", "UPDATE snapshot SET version = 12 WHERE handoff_id = ?1"),
        ("a later version", "UPDATE snapshot SET version = 14 WHERE handoff_id = ?1"),
        ("a negative version", "UPDATE snapshot SET version = -1 WHERE handoff_id = ?1"),
        ("the snapshot gone", "DELETE FROM snapshot WHERE handoff_id = ?1"),
        (
            "the state changed",
            "UPDATE snapshot SET body = replace(body, 'Acme', 'Akme') WHERE handoff_id = ?1",
        ),
    ];
    for (attack, sql) in attacks {
        let before = saved(&file, &stories[2]);
        let changed = file.execute(sql, [stories[2].id.0.as_bytes()]).unwrap();
        assert!(changed > 0, "{attack} changes something");
        let report = verify(&store, org, Depth::Replay).await.unwrap();
        let broken: Vec<_> = report.broken.iter().map(|broken| broken.handoff).collect();
        assert_eq!(broken, [stories[2].id], "{attack}: {report:?}");
        restore(&file, &stories[2], before);
        assert!(verify(&store, org, Depth::Replay).await.unwrap().is_sound(), "after {attack}");
    }
}

#[tokio::test]
async fn a_handoff_that_vanishes_whole_or_goes_back_in_time_is_missed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("throughline.db");
    let store = SqliteStore::open(&path).unwrap();
    let mut stories = told(&store).await;
    let org = stories[0].org;
    let file = Connection::open(&path).unwrap();

    let (before, version) = (saved(&file, &stories[1]), stories[1].version);
    let commit = stories[1].tell(&[Told::Lost, Told::Resumed]);
    store.commit(commit).await.unwrap();
    assert!(verify(&store, org, Depth::Replay).await.unwrap().is_sound());
    restore(&file, &stories[1], before);
    let report = verify(&store, org, Depth::Replay).await.unwrap();
    assert_eq!((report.broken_handoffs, report.missing_handoffs, report.missing_facts), (0, 0, 2));
    assert!(!report.is_sound(), "an older state is whole in itself: {report:?}");

    for table in ["journal", "text", "snapshot", "handoff"] {
        let sql = format!("DELETE FROM {table} WHERE handoff_id = ?1");
        assert!(file.execute(&sql, [stories[1].id.0.as_bytes()]).unwrap() > 0, "{table}");
    }
    let report = verify(&store, org, Depth::Replay).await.unwrap();
    assert_eq!((report.broken_handoffs, report.missing_handoffs), (0, 1));
    assert_eq!(report.missing_facts, version + 2);
    assert!(!report.is_sound());
}

type Table = (&'static str, Vec<Vec<Value>>);

fn saved(file: &Connection, story: &Story) -> Vec<Table> {
    let read = |table: &'static str| {
        let mut all = file.prepare(&format!("SELECT * FROM {table} WHERE handoff_id = ?1")).unwrap();
        let columns = all.column_count();
        let row = |row: &rusqlite::Row<'_>| {
            (0..columns).map(|column| row.get(column)).collect::<Result<Vec<Value>, _>>()
        };
        (table, all.query_map([story.id.0.as_bytes()], row).unwrap().map(Result::unwrap).collect())
    };
    ["journal", "text", "snapshot"].map(read).into()
}

fn restore(file: &Connection, story: &Story, tables: Vec<Table>) {
    for (table, rows) in tables {
        file.execute(&format!("DELETE FROM {table} WHERE handoff_id = ?1"), [story.id.0.as_bytes()]).unwrap();
        for row in rows {
            let places = vec!["?"; row.len()].join(",");
            let sql = format!("INSERT INTO {table} VALUES ({places})");
            file.execute(&sql, rusqlite::params_from_iter(row)).unwrap();
        }
    }
}
