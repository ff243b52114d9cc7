//! Reads what `strace -f -y -xx` wrote down: whether the log was synced between a write and the answer to it.
//!
//! A commit is a run of frames in the write-ahead log, each a header of 24 bytes and its page; the header of the last
//! names the file's new size, all others nought. What counts is a sync that begins after that last frame and has
//! succeeded before the answer begins.

use std::{collections::HashMap, io::BufRead};

/// What a line tells.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Event {
    /// A request arrived: its bytes, in hex.
    Asked(String),
    /// Bytes go into the log.
    Logged(String),
    /// A sync of the log begins, on a thread.
    SyncBegins(String),
    /// It ended, and whether well.
    SyncEnds(String, bool),
    /// An answer with success goes out.
    Answered,
}

/// How far the commit of a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Commit {
    /// Nothing of it is in the log.
    Unwritten,
    /// Some of it is.
    Begun,
    /// All of it is.
    Whole,
    /// All of it is on disk.
    Durable,
}

/// What a record shows.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Answers whose commit was durable before.
    pub durable: usize,
    /// Syncs of the log that succeeded.
    pub syncs: usize,
    /// The tags of the others, with how far their commit was.
    pub early: Vec<String>,
}

/// Follows requests that came one after the other, each with its tag.
pub fn follow(record: impl BufRead, tags: &[String]) -> Shown {
    let (mut shown, mut tags) = (Shown::default(), tags.iter());
    let mut unfinished = HashMap::new();
    let mut now: Option<(&String, String)> = None;
    let mut next = tags.next();
    let (mut commit, mut last_header) = (Commit::Unwritten, false);
    let mut syncing = Vec::new();
    for line in record.lines() {
        let line = line.unwrap();
        for event in events(&line, &mut unfinished) {
            match event {
                Event::Asked(bytes) => {
                    if let Some(tag) = next.filter(|tag| holds(&bytes, tag)) {
                        now = Some((tag, hex(tag)));
                        next = tags.next();
                        (commit, last_header) = (Commit::Unwritten, false);
                        syncing.clear();
                    }
                }
                Event::Logged(bytes) => match header(&bytes) {
                    Some(last) => last_header = last,
                    None => {
                        let ours = now.as_ref().is_some_and(|(_, tag)| contains(&bytes, tag));
                        if ours || commit == Commit::Begun {
                            commit = if last_header { Commit::Whole } else { Commit::Begun };
                            syncing.clear();
                        }
                    }
                },
                Event::SyncBegins(thread) if commit == Commit::Whole => syncing.push(thread),
                Event::SyncBegins(_) => {}
                Event::SyncEnds(thread, well) => {
                    shown.syncs += usize::from(well);
                    if well && commit == Commit::Whole && syncing.contains(&thread) {
                        commit = Commit::Durable;
                    }
                    syncing.retain(|other| *other != thread);
                }
                Event::Answered => {
                    if let Some((tag, _)) = now.take() {
                        if commit == Commit::Durable {
                            shown.durable += 1;
                        } else {
                            shown.early.push(format!("{tag}: {commit:?}"));
                        }
                    }
                }
            }
        }
    }
    shown
}

/// What one line tells; calls that end on a later line wait in `unfinished`, by thread.
fn events(line: &str, unfinished: &mut HashMap<String, String>) -> Vec<Event> {
    let Some((thread, rest)) = line.trim_start().split_once(' ') else { return Vec::new() };
    let rest = rest.trim_start();
    if let Some(begun) = rest.strip_suffix("<unfinished ...>") {
        unfinished.insert(thread.to_owned(), begun.to_owned());
        return begins(thread, begun).into_iter().collect();
    }
    if let Some(resumed) = rest.strip_prefix("<... ") {
        let Some(begun) = unfinished.remove(thread) else { return Vec::new() };
        let more = resumed.split_once("resumed>").map_or("", |(_, more)| more);
        return ends(thread, &format!("{begun}{more}")).into_iter().collect();
    }
    begins(thread, rest).into_iter().chain(ends(thread, rest)).collect()
}

/// What is told by a call's begin.
fn begins(thread: &str, call: &str) -> Option<Event> {
    let (name, words) = call.split_once('(')?;
    match name {
        "pwrite64" if of_the_log(words) => Some(Event::Logged(quoted(words)?.to_owned())),
        "fsync" | "fdatasync" if of_the_log(words) => Some(Event::SyncBegins(thread.to_owned())),
        "write" | "writev" | "sendto" if quoted(words)?.starts_with(&hex("HTTP/1.1 2")) => {
            Some(Event::Answered)
        }
        _ => None,
    }
}

/// What is told by its end.
fn ends(thread: &str, call: &str) -> Option<Event> {
    let (name, words) = call.split_once('(')?;
    match name {
        "recvfrom" | "read" => Some(Event::Asked(quoted(words)?.to_owned())),
        "fsync" | "fdatasync" if of_the_log(words) => {
            Some(Event::SyncEnds(thread.to_owned(), words.trim_end().ends_with("= 0")))
        }
        _ => None,
    }
}

/// Whether the file a call is about is the write-ahead log.
fn of_the_log(words: &str) -> bool {
    let file = words.split_once('>').map_or("", |(file, _)| file);
    file.ends_with(&hex("-wal")) || file.ends_with("-wal")
}

/// The first text in quotes.
fn quoted(words: &str) -> Option<&str> {
    words.split_once('"')?.1.split('"').next()
}

/// Of a frame's header: whether it is a commit's last. None for anything else.
fn header(bytes: &str) -> Option<bool> {
    const HEX: usize = 4;
    (bytes.len() == 24 * HEX).then(|| bytes.get(4 * HEX..8 * HEX) != Some(&hex("\0\0\0\0")))
}

fn holds(bytes: &str, tag: &str) -> bool {
    contains(bytes, &hex(tag))
}

/// Whether a tag stands there, and not only as the begin of a longer one.
fn contains(bytes: &str, tag: &str) -> bool {
    bytes.match_indices(tag).any(|(at, _)| {
        let next = bytes.get(at + tag.len()..at + tag.len() + 4).unwrap_or_default();
        !(b'0'..=b'9').any(|digit| next == format!("\\x{digit:02x}"))
    })
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("\\x{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: &str = "1 recvfrom(9<socket>, {w0n1}, 8192, 0, NULL, NULL) = 4";
    const MORE: &str = "2 pwrite64(7<{/t/data.db-wal}>, {frame}, 24, 0) = 24";
    const LAST: &str = "2 pwrite64(7<{/t/data.db-wal}>, {last}, 24, 0) = 24";
    const OURS: &str = "2 pwrite64(7<{/t/data.db-wal}>, {a page with w0n1.}, 17, 0) = 17";
    const OTHER: &str = "2 pwrite64(7<{/t/data.db-wal}>, {a page with w0n11}, 17, 0) = 17";
    const SYNC: &str = "2 fsync(7<{/t/data.db-wal}>) = 0";
    const FAILS: &str = "2 fdatasync(7<{/t/data.db-wal}>) = -1 EIO (Input/output error)";
    const ANSWER: &str = "1 writev(9<socket>, [{iov_base={HTTP/1.1 200 OK}, iov_len=15}], 1) = 15";

    /// Writes texts as the tool does.
    fn record(lines: &[&str]) -> String {
        let header = |size: u8| {
            let bytes: String =
                (0..24).map(|place| format!("\\x{:02x}", if place == 7 { size } else { 0 })).collect();
            format!("\"{bytes}\"")
        };
        let written = |line: &&str| {
            let quoted = |text: &str| format!("\"{}\"", hex(text));
            let line = line.replace("{frame}", &header(0)).replace("{last}", &header(9));
            let line = line.replace("{/t/data.db-wal}", &hex("/t/data.db-wal"));
            ["w0n1", "a page with w0n1.", "a page with w0n11", "HTTP/1.1 200 OK"]
                .iter()
                .fold(line, |line, text| line.replace(&format!("{{{text}}}"), &quoted(text)))
                + "\n"
        };
        lines.iter().map(written).collect()
    }

    fn early(lines: &[&str]) -> Vec<String> {
        let shown = follow(record(lines).as_bytes(), &["w0n1".to_owned()]);
        assert_eq!(shown.durable + shown.early.len(), 1, "{shown:?}");
        shown.early
    }

    #[test]
    fn a_commit_that_is_synced_before_its_answer_is_durable() {
        let none = Vec::<String>::new();
        assert_eq!(early(&[ASKED, MORE, OURS, LAST, OTHER, SYNC, ANSWER]), none);
        assert_eq!(early(&[ASKED, LAST, OURS, SYNC, ANSWER]), none);
        let apart = ["2 fsync(7<{/t/data.db-wal}> <unfinished ...>", "2 <... fsync resumed>) = 0"];
        assert_eq!(early(&[ASKED, LAST, OURS, apart[0], apart[1], ANSWER]), none);
        // Another commit begins in between: ours is on disk all the same.
        assert_eq!(early(&[ASKED, LAST, OURS, SYNC, MORE, OTHER, ANSWER]), none);
    }

    #[test]
    fn an_answer_before_the_sync_is_found() {
        assert_eq!(early(&[ASKED, LAST, OURS, ANSWER, SYNC]), ["w0n1: Whole"]);
        assert_eq!(early(&[ASKED, ANSWER]), ["w0n1: Unwritten"]);
        assert_eq!(early(&[ASKED, LAST, OURS, FAILS, ANSWER]), ["w0n1: Whole"]);
        let apart = ["2 fsync(7<{/t/data.db-wal}> <unfinished ...>", "2 <... fsync resumed>) = 0"];
        assert_eq!(early(&[ASKED, LAST, OURS, apart[0], ANSWER, apart[1]]), ["w0n1: Whole"]);
    }

    #[test]
    fn a_sync_that_is_too_early_does_not_count() {
        assert_eq!(early(&[ASKED, MORE, OURS, SYNC, LAST, OTHER, ANSWER]), ["w0n1: Whole"]);
        assert_eq!(early(&[ASKED, SYNC, LAST, OURS, ANSWER]), ["w0n1: Whole"]);
        let apart = ["3 fsync(7<{/t/data.db-wal}> <unfinished ...>", "3 <... fsync resumed>) = 0"];
        assert_eq!(early(&[ASKED, apart[0], LAST, OURS, apart[1], ANSWER]), ["w0n1: Whole"]);
        // Written once more, and not synced again.
        assert_eq!(early(&[ASKED, LAST, OURS, SYNC, LAST, OURS, ANSWER]), ["w0n1: Whole"]);
        assert_eq!(early(&[ASKED, LAST, OTHER, SYNC, ANSWER]), ["w0n1: Unwritten"]);
    }
}
