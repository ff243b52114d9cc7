//! A change is written, and its answer gets lost on the way: whoever asked is told that it is written, and it is
//! written once.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use throughline_store::{
    Change, CommitError, Directory, Handoffs, Link,
    audit::{Depth, verify},
    contract::{Story, Told, at, audit, org},
};
use throughline_store_postgres::PostgresStore;
use throughline_testkit::postgres::Database;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixStream},
};

/// A line to the server that can swallow an answer and break.
struct Line {
    port: u16,
    /// The next question that holds these words loses its answer.
    losing: Arc<Mutex<Option<&'static str>>>,
}

impl Line {
    async fn to(database: &Database) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let losing = Arc::new(Mutex::new(None));
        let (socket, swallow) = (database.socket(), Arc::clone(&losing));
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, socket.clone(), Arc::clone(&swallow)));
            }
        });
        Self { port, losing }
    }

    fn url(&self, database: &Database) -> String {
        format!("postgres://throughline@127.0.0.1:{}/{}?sslmode=disable", self.port, database.name())
    }

    fn lose(&self, words: &'static str) {
        *self.losing.lock().unwrap() = Some(words);
    }

    fn has_lost(&self) -> bool {
        self.losing.lock().unwrap().is_none()
    }
}

/// Carries both ways until an answer is to be lost: then the server has answered, and nobody hears it.
async fn carry(mut near: TcpStream, socket: PathBuf, losing: Arc<Mutex<Option<&'static str>>>) {
    let mut far = UnixStream::connect(socket).await.unwrap();
    let (mut asked, mut answered) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        tokio::select! {
            Ok(many) = near.read(&mut asked) => {
                if many == 0 || far.write_all(&asked[..many]).await.is_err() {
                    return;
                }
                let text = String::from_utf8_lossy(&asked[..many]);
                if losing.lock().unwrap().take_if(|words| text.contains(*words)).is_some() {
                    assert!(far.read(&mut answered).await.unwrap() > 0, "the server has done it");
                    return;
                }
            }
            Ok(many) = far.read(&mut answered) => {
                if many == 0 || near.write_all(&answered[..many]).await.is_err() {
                    return;
                }
            }
            else => return,
        }
    }
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_found_again() {
    let database = Database::new();
    let line = Line::to(&database).await;
    let store = PostgresStore::open(&line.url(&database)).await.unwrap();
    let mut story = Story::new(org());
    story.open(&store).await;
    for _ in 0..2 {
        let mut commit = story.tell(&[Told::Wrote("heard by nobody")]);
        commit.idempotency = Some(story.answer(&format!("mail:{}", story.version)));
        // The fact's own words pass only when the statement is carried out, not when it is prepared.
        line.lose("none_declared");
        assert_eq!(store.commit(commit).await.unwrap(), story.version);
        assert!(line.has_lost());
    }
    assert_eq!(store.texts(story.org, story.id).await.unwrap().len(), 2);
    let report = verify(&store, story.org, Depth::Replay).await.unwrap();
    assert!(report.is_sound() && report.facts == 3, "{report:?}");
}

#[tokio::test]
async fn a_commit_that_lost_the_race_and_the_answer_is_still_stale() {
    let database = Database::new();
    let line = Line::to(&database).await;
    let store = PostgresStore::open(&line.url(&database)).await.unwrap();
    let mut story = Story::new(org());
    story.open(&store).await;
    let mut rival = story.clone();
    store.commit(rival.tell(&[Told::Wrote("first")])).await.unwrap();
    line.lose("none_declared");
    let late = store.commit(story.tell(&[Told::Wrote("second")])).await;
    assert!(line.has_lost());
    assert!(matches!(late, Err(CommitError::Stale { current: 2 })), "{late:?}");
}

#[tokio::test]
async fn changes_whose_answer_is_lost_are_found_again() {
    let database = Database::new();
    let line = Line::to(&database).await;
    let store = PostgresStore::open(&line.url(&database)).await.unwrap();
    let org = org();
    for (number, words) in ["COMMIT", "INSERT INTO audit"].into_iter().enumerate() {
        let link = Link { secret: format!("link {number}"), person: None, expires_at: at(0) };
        line.lose(words);
        store.apply(org, vec![Change::PutLink(link)], audit("invite")).await.unwrap();
        assert!(line.has_lost(), "{words}");
    }
    assert_eq!(database.run("SELECT count(*) FROM link"), "2");
    assert_eq!(store.audit(org, None, 9).await.unwrap().len(), 2);
}
