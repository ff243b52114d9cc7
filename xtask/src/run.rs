//! Starting other programs: quietly for their answer, or with what they say streamed through.

use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Command, Stdio};

use crate::Failure;

/// The Cargo that started us, else the one on the PATH.
pub fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // A stream that is read on its way loses its colours; somebody at a terminal should keep them.
    if std::io::stdout().is_terminal() && std::env::var_os("CARGO_TERM_COLOR").is_none() {
        cargo.env("CARGO_TERM_COLOR", "always");
    }
    cargo
}

/// Which of a program's streams is read while it passes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// What a program prints to its standard output; failing is an error with what it said.
pub fn output(command: &mut Command) -> Result<String, Failure> {
    let name = name(command);
    let answer = command.output().map_err(|why| format!("cannot start {name}: {why}"))?;
    if answer.status.success() {
        Ok(String::from_utf8_lossy(&answer.stdout).trim().to_owned())
    } else {
        Err(format!("{name} failed: {}", String::from_utf8_lossy(&answer.stderr).trim()))
    }
}

/// Runs a program with both its streams left as they are; whether it succeeded.
pub fn streamed(command: &mut Command) -> Result<bool, Failure> {
    let name = name(command);
    command.status().map(|status| status.success()).map_err(|why| format!("cannot start {name}: {why}"))
}

/// Runs a program, passing one of its streams on line by line and showing each line, without colours, to `see`.
pub fn watched(command: &mut Command, stream: Stream, see: &mut dyn FnMut(&str)) -> Result<bool, Failure> {
    let name = name(command);
    let failed = |why: std::io::Error| format!("cannot run {name}: {why}");
    match stream {
        Stream::Out => command.stdout(Stdio::piped()),
        Stream::Err => command.stderr(Stdio::piped()),
    };
    let mut child = command.spawn().map_err(failed)?;
    let pipe: Option<Box<dyn Read>> = match stream {
        Stream::Out => child.stdout.take().map(|pipe| Box::new(pipe) as _),
        Stream::Err => child.stderr.take().map(|pipe| Box::new(pipe) as _),
    };
    let mut lines = BufReader::new(pipe.ok_or_else(|| format!("{name} has no output"))?);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).map_err(failed)? > 0 {
        // Nobody listening any more is no reason to stop the tests.
        let _ = match stream {
            Stream::Out => std::io::stdout().write_all(&line),
            Stream::Err => std::io::stderr().write_all(&line),
        };
        see(without_colours(&String::from_utf8_lossy(&line)).trim_end());
        line.clear();
    }
    child.wait().map(|status| status.success()).map_err(failed)
}

fn name(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    format!("`{}`", words.join(" "))
}

/// Drops terminal control sequences: ESC, `[`, and everything up to a letter.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line.chars();
    while let Some(letter) = rest.next() {
        if letter == '\u{1b}' {
            rest.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(letter);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_dropped_before_a_line_is_read() {
        assert_eq!(
            without_colours("\u{1b}[32;1m Summary\u{1b}[0m [0.1s] 3 tests"),
            " Summary [0.1s] 3 tests"
        );
    }

    #[test]
    fn a_program_that_fails_or_is_missing_is_named() {
        let why = output(Command::new("throughline-no-such-program").arg("--version")).unwrap_err();
        assert!(why.contains("`throughline-no-such-program --version`"), "{why}");
    }
}
