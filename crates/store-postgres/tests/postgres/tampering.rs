//! Whatever somebody changes in the database behind the program's back, the check names it (Q24).

use crate::kept::Kept;
use sqlx_core::{query::query, raw_sql::raw_sql, row::Row, sql_str::AssertSqlSafe};
use sqlx_postgres::{PgConnection, PgRow};
use throughline_store::{
    Handoffs,
    audit::{Depth, verify, verify_one},
    contract::{Dice, Story, Told, org},
};

const CHANGES: usize = 500;

async fn told(kept: &Kept) -> Vec<Story> {
    let org = org();
    let mut stories: Vec<Story> = (0..6).map(|_| Story::new(org)).collect();
    for story in &mut stories {
        story.open(&**kept).await;
        for _ in 0..4 {
            let commit = story.tell(&[Told::Wrote("she likes brevity"), Told::Lost, Told::Resumed]);
            kept.commit(commit).await.unwrap();
        }
    }
    stories
}

/// One random byte of a value becomes another, as an expression.
fn bent(column: &str, row: &PgRow, dice: &mut Dice) -> String {
    let bend = |bytes: &mut [u8], dice: &mut Dice, from: u8, many: usize| {
        let place = dice.roll(bytes.len());
        let other = loop {
            let other = from + u8::try_from(dice.roll(many)).unwrap();
            if other != bytes[place] {
                break other;
            }
        };
        bytes[place] = other;
    };
    match column {
        "seq" => (row.get::<i64, _>(0) ^ (1 << dice.roll(8))).to_string(),
        "prev" | "hash" => {
            let mut bytes: Vec<u8> = row.get(0);
            bend(&mut bytes, dice, 0, 256);
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("'\\x{hex}'::bytea")
        }
        _ => {
            let mut bytes = row.get::<String, _>(0).into_bytes();
            bend(&mut bytes, dice, 0x20, 0x5e);
            format!("'{}'", String::from_utf8(bytes).unwrap().replace('\'', "''"))
        }
    }
}

async fn run(somebody: &mut PgConnection, sql: &str) -> Result<u64, sqlx_core::Error> {
    Ok(raw_sql(AssertSqlSafe(sql.to_owned())).execute(somebody).await?.rows_affected())
}

#[tokio::test]
async fn every_changed_byte_of_a_journal_is_found() {
    let kept = Kept::new().await;
    let stories = told(&kept).await;
    let mut somebody = kept.past_the_store().await;
    run(&mut somebody, "CREATE TABLE untouched AS SELECT * FROM journal").await.unwrap();
    let mut dice = Dice::new(24);
    for change in 0..CHANGES {
        let story = dice.pick(&stories).clone();
        let seq = 1 + dice.roll(13);
        let column = dice.pick(&["body", "body", "body", "body", "prev", "hash", "at", "kind", "seq"]);
        let place = format!("WHERE handoff_id = '{}' AND seq = {seq}", story.id);
        let found = query(AssertSqlSafe(format!("SELECT {column} FROM journal {place}")));
        let value = bent(column, &found.fetch_one(&mut somebody).await.unwrap(), &mut dice);
        if run(&mut somebody, &format!("UPDATE journal SET {column} = {value} {place}")).await.is_err() {
            // The place of another fact: the database itself refuses two.
            continue;
        }
        let checked = verify_one(&*kept, story.org, story.id, Depth::Chains).await.unwrap();
        assert!(checked.broken.is_some(), "change {change}: {column} of {seq} became {value}");
        put_back(&mut somebody, &story).await;
    }
    let report = verify(&*kept, stories[0].org, Depth::Replay).await.unwrap();
    assert!(report.is_sound(), "put back, all is well: {report:?}");
}

async fn put_back(somebody: &mut PgConnection, story: &Story) {
    let sql = format!(
        "DELETE FROM journal WHERE handoff_id = '{0}'; INSERT INTO journal SELECT * FROM untouched WHERE handoff_id = '{0}'",
        story.id
    );
    run(somebody, &sql).await.unwrap();
}

#[tokio::test]
async fn what_is_cut_off_moved_or_forged_is_found() {
    let kept = Kept::new().await;
    let stories = told(&kept).await;
    let org = stories[0].org;
    let mut somebody = kept.past_the_store().await;
    let attacks = [
        ("a fact cut off at the end", "DELETE FROM journal WHERE handoff_id = '$' AND seq = 13"),
        ("a fact cut out", "DELETE FROM journal WHERE handoff_id = '$' AND seq = 5"),
        ("the whole journal gone", "DELETE FROM journal WHERE handoff_id = '$'"),
        ("facts in another order", "UPDATE journal SET seq = seq + 100 WHERE handoff_id = '$' AND seq = 4"),
        ("no body", "UPDATE journal SET body = '' WHERE handoff_id = '$' AND seq = 3"),
        ("no hash", "UPDATE journal SET hash = '\\x00' WHERE handoff_id = '$' AND seq = 3"),
        ("no time", "UPDATE journal SET at = 'tomorrow' WHERE handoff_id = '$' AND seq = 3"),
        ("a text changed", "UPDATE text SET text = 'she loves meetings' WHERE handoff_id = '$'"),
        ("a salt changed", "UPDATE text SET salt = decode(repeat('00', 16), 'hex') WHERE handoff_id = '$'"),
        ("a salt cut", "UPDATE text SET salt = '\\x00' WHERE handoff_id = '$'"),
        (
            "the head changed",
            "UPDATE snapshot SET head = decode(repeat('00', 32), 'hex') WHERE handoff_id = '$'",
        ),
        ("an older version", "UPDATE snapshot SET version = 12 WHERE handoff_id = '$'"),
        ("a later version", "UPDATE snapshot SET version = 14 WHERE handoff_id = '$'"),
        ("a negative version", "UPDATE snapshot SET version = -1 WHERE handoff_id = '$'"),
        ("the snapshot gone", "DELETE FROM snapshot WHERE handoff_id = '$'"),
        (
            "the state changed",
            "UPDATE snapshot SET body = replace(body, 'Acme', 'Akme') WHERE handoff_id = '$'",
        ),
    ];
    save(&mut somebody, &stories[2]).await;
    for (attack, sql) in attacks {
        let changed = run(&mut somebody, &sql.replace('$', &stories[2].id.to_string())).await.unwrap();
        assert!(changed > 0, "{attack} changes something");
        let report = verify(&*kept, org, Depth::Replay).await.unwrap();
        let broken: Vec<_> = report.broken.iter().map(|broken| broken.handoff).collect();
        assert_eq!(broken, [stories[2].id], "{attack}: {report:?}");
        restore(&mut somebody, &stories[2]).await;
        assert!(verify(&*kept, org, Depth::Replay).await.unwrap().is_sound(), "after {attack}");
    }
}

#[tokio::test]
async fn a_handoff_that_vanishes_whole_or_goes_back_in_time_is_missed() {
    let kept = Kept::new().await;
    let mut stories = told(&kept).await;
    let org = stories[0].org;
    let mut somebody = kept.past_the_store().await;

    save(&mut somebody, &stories[1]).await;
    let version = stories[1].version;
    let commit = stories[1].tell(&[Told::Lost, Told::Resumed]);
    kept.commit(commit).await.unwrap();
    assert!(verify(&*kept, org, Depth::Replay).await.unwrap().is_sound());
    restore(&mut somebody, &stories[1]).await;
    let report = verify(&*kept, org, Depth::Replay).await.unwrap();
    assert_eq!((report.broken_handoffs, report.missing_handoffs, report.missing_facts), (0, 0, 2));
    assert!(!report.is_sound(), "an older state is whole in itself: {report:?}");

    for table in ["journal", "text", "snapshot", "handoff"] {
        let sql = format!("DELETE FROM {table} WHERE handoff_id = '{}'", stories[1].id);
        assert!(run(&mut somebody, &sql).await.unwrap() > 0, "{table}");
    }
    let report = verify(&*kept, org, Depth::Replay).await.unwrap();
    assert_eq!((report.broken_handoffs, report.missing_handoffs), (0, 1));
    assert_eq!(report.missing_facts, version + 2);
    assert!(!report.is_sound());
}

const TABLES: [&str; 3] = ["journal", "text", "snapshot"];

async fn save(somebody: &mut PgConnection, story: &Story) {
    for table in TABLES {
        let sql =
            format!("CREATE TABLE kept_{table} AS SELECT * FROM {table} WHERE handoff_id = '{}'", story.id);
        run(somebody, &sql).await.unwrap();
    }
}

async fn restore(somebody: &mut PgConnection, story: &Story) {
    for table in TABLES {
        let sql = format!(
            "DELETE FROM {table} WHERE handoff_id = '{}'; INSERT INTO {table} SELECT * FROM kept_{table}",
            story.id
        );
        run(somebody, &sql).await.unwrap();
    }
}
