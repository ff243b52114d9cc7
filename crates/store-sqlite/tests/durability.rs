//! What was answered is there, whenever the process dies.
#![expect(clippy::unwrap_used, reason = "a test's own plumbing")]

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use throughline_domain::{HandoffId, OrgId};
use throughline_store::{
    Handoffs, STRETCH,
    audit::{Depth, verify},
    contract::{Dice, Story, Told},
};
use throughline_store_sqlite::SqliteStore;
use uuid::Uuid;

const CHILD: &str = "THROUGHLINE_WRITES_UNTIL_KILLED";
const KILLS: u64 = 20;

/// The child: tells eight stories at once and says what was acknowledged, until somebody ends it.
#[test]
fn writes_until_killed() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let store = std::sync::Arc::new(SqliteStore::open(Path::new(&path)).unwrap());
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let store = std::sync::Arc::clone(&store);
            tasks.spawn(async move {
                // Ids must be new in every process that dies.
                let org = OrgId(Uuid::now_v7());
                let mut story = Story { id: HandoffId(Uuid::now_v7()), ..Story::new(org) };
                let mut told = vec![Told::Opened];
                loop {
                    let mut commit = story.tell(&told);
                    commit.outbox = vec![story.message()];
                    commit.promises = Some(vec![story.promise(None)]);
                    let version = store.commit(commit).await.unwrap();
                    let line = format!("\nacknowledged {org} {} {version}\n", story.id);
                    std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
                    told = vec![Told::Wrote("said before the lights went out"), Told::Lost, Told::Resumed];
                }
            });
        }
        tasks.join_next().await.unwrap().unwrap();
    });
}

/// Lets a child write for a while, ends it without warning, and gives what it said was acknowledged.
fn killed(path: &Path, after: Duration) -> BTreeMap<(OrgId, HandoffId), u64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "writes_until_killed", "--nocapture", "--test-threads=1"])
        .env(CHILD, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let (heard, first) = std::sync::mpsc::channel();
    let listener = std::thread::spawn(move || {
        let mut said = BTreeMap::new();
        for line in out.lines().map_while(Result::ok) {
            // A line cut short by the end is no acknowledgement anybody got.
            let words: Vec<&str> = line.split(' ').collect();
            if let ["acknowledged", org, id, version] = words[..]
                && let (Ok(org), Ok(id), Ok(version)) = (org.parse(), id.parse(), version.parse())
            {
                said.insert((org, id), version);
                let _ = heard.send(());
            }
        }
        said
    });
    first.recv().unwrap();
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    listener.join().unwrap()
}

#[tokio::test]
async fn an_acknowledged_commit_outlives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("throughline.db");
    let (mut acknowledged, mut dice) = (BTreeMap::new(), Dice::new(1));
    for _ in 0..KILLS {
        acknowledged.extend(killed(&path, Duration::from_millis(20 + dice.roll(120) as u64)));
    }
    assert!(acknowledged.len() >= KILLS as usize);
    let store = SqliteStore::open(&path).unwrap();
    let mut facts = 0;
    for ((org, id), version) in acknowledged {
        let stored = store.load(org, id).await.unwrap().expect("an acknowledged handoff is there");
        assert!(stored.version >= version, "{id}: {} is there, {version} was acknowledged", stored.version);
        // Nothing is there by half: facts, snapshot, texts, messages and views tell the same.
        let report = verify(&store, org, Depth::Replay).await.unwrap();
        assert!(report.is_sound(), "{report:?}");
        let written = (stored.version - 1) / 3;
        assert_eq!((report.facts, report.texts), (stored.version, written));
        assert_eq!(
            store.outbox(org, STRETCH).await.unwrap().len() as u64,
            (written + 1).min(u64::from(STRETCH))
        );
        assert_eq!(store.row(org, id).await.unwrap().map(|row| row.version), Some(stored.version));
        facts += report.facts;
    }
    assert!(facts > 0);
    let file = rusqlite::Connection::open(&path).unwrap();
    let state: String = file.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(state, "ok");
}
