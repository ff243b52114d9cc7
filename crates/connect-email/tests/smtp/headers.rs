//! Names, subjects and texts that try to become headers, commands or parts of their own.

use mail_parser::MessageParser;
use throughline_connect_email::translate;
use throughline_messages::{Mail, Mailbox, Post, Subject};

use crate::{
    mails::{plain, to},
    server::Server,
};

const EVIL: [&str; 12] = [
    "x\r\nBcc: eve@example.com",
    "x\nBcc: eve@example.com",
    "x\rBcc: eve@example.com",
    "x\r\n\r\nA body of its own",
    "x\r\n.\r\nMAIL FROM:<eve@example.com>",
    "x\0Bcc: eve@example.com",
    "x\u{2028}Bcc: eve@example.com",
    "x\u{85}Bcc: eve@example.com",
    "=?utf-8?q?x=0D=0ABcc=3A_eve=40example.com?=",
    "x\" <eve@example.com>, \"y",
    "x\u{b}\u{c}\u{1c}Bcc: eve@example.com",
    "%0d%0aBcc: eve@example.com",
];

fn header_names(raw: &[u8]) -> Vec<String> {
    let raw = String::from_utf8_lossy(raw).into_owned();
    let head = raw.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ").replace("\r\n\t", " ");
    head.split("\r\n").map(|line| line.split(':').next().unwrap().to_ascii_lowercase()).collect()
}

#[test]
fn no_text_becomes_a_header() {
    let usual = header_names(&translate::message(&plain()).unwrap().formatted());
    for evil in EVIL {
        let mut mail = plain();
        mail.subject = Subject::of(evil).unwrap();
        mail.from = Mailbox::new(evil, mail.from.address.clone());
        mail.to = Mailbox::new(evil, mail.to.address.clone());
        let raw = translate::message(&mail).unwrap().formatted();
        assert_eq!(header_names(&raw), usual, "{evil:?}:\n{}", String::from_utf8_lossy(&raw));
        let message = MessageParser::default().parse(&raw).unwrap();
        assert!(message.bcc().is_none(), "{evil:?}");
        let to: Vec<_> =
            message.all_to().flat_map(|list| list.iter()).filter_map(|one| one.address()).collect();
        assert_eq!(to, ["ines@customer.example"], "{evil:?}");
    }
}

#[tokio::test]
async fn no_text_becomes_a_command_or_a_second_mail() {
    let server = Server::start().await;
    let smtp = to(server.port);
    let texts = [
        "\r\n.\r\nMAIL FROM:<eve@example.com>\r\nRCPT TO:<eve@example.com>\r\nDATA\r\nx\r\n.\r\n",
        "\n.\nMAIL FROM:<eve@example.com>\n",
        "\r.\rQUIT\r",
        ".\r\n",
        "x\r\n.",
        "--\r\nContent-Type: text/html\r\n\r\n<b>x</b>",
    ];
    for text in texts {
        smtp.send(&Mail { text: text.to_owned(), ..plain() }).await.unwrap();
    }
    let taken = server.taken();
    assert_eq!(taken.len(), texts.len());
    assert!(taken.iter().all(|mail| mail.to == ["RCPT TO:<ines@customer.example>"]));
}
