//! Poppler reads what was written: another program's eyes.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

/// The words of each page; none where Poppler is not installed.
pub fn pages(pdf: &[u8]) -> Option<Vec<String>> {
    let text = ask("pdftotext", &["-layout", "-enc", "UTF-8", "-", "-"], pdf)?;
    let mut pages: Vec<String> = text.split('\u{c}').map(str::to_owned).collect();
    pages.pop();
    Some(pages)
}

/// The structure tree as Poppler shows it.
pub fn structure(pdf: &[u8]) -> Option<String> {
    ask("pdfinfo", &["-struct-text", "-"], pdf)
}

/// What Poppler says of the file.
pub fn info(pdf: &[u8]) -> Option<String> {
    ask("pdfinfo", &["-"], pdf)
}

fn ask(program: &str, arguments: &[&str], pdf: &[u8]) -> Option<String> {
    let started = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = started else {
        // The words are read where Poppler is; everything else is looked at everywhere.
        assert!(std::env::var_os("THROUGHLINE_POPPLER").is_none(), "{program} is not installed");
        return None;
    };
    let mut input = child.stdin.take().unwrap();
    let bytes = pdf.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    // A reader that stops early says why itself.
    drop(writer.join().unwrap());
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    // Poppler cuts names of headings in the middle of a letter.
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Without the spaces and line ends that setting puts in.
pub fn squeezed(text: &str) -> String {
    text.chars().filter(|one| !one.is_whitespace()).collect()
}
