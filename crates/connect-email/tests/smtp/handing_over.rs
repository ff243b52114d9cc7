//! What becomes of a mail, whatever the server does.

use mail_parser::{MessageParser, MimeHeaders};
use throughline_connect_email::{Password, Settings, Smtp};
use throughline_messages::{Mail, Method, Post, PostError};

use crate::{
    mails::{invite, plain, to, to_url, with_invite},
    server::{At, Instead, Server},
};

fn is_later(result: &Result<(), PostError>) -> bool {
    matches!(result, Err(PostError::Later { .. }))
}

fn is_never(result: &Result<(), PostError>) -> bool {
    matches!(result, Err(PostError::Never { .. }))
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_written() {
    let server = Server::start().await;
    to(server.port).send(&plain()).await.unwrap();
    let taken = server.taken().pop().unwrap();
    assert!(taken.from.starts_with("MAIL FROM:<handoffs@handoffs.example>"), "{}", taken.from);
    assert_eq!(taken.to, ["RCPT TO:<ines@customer.example>"]);
    let message = MessageParser::default().parse(taken.raw.as_bytes()).unwrap();
    assert_eq!(message.subject(), Some("Würth & Söhne: „der Kickoff“ findet statt"));
    assert_eq!(message.message_id(), Some("00000000-0000-0000-0000-000000000007@handoffs.example"));
    assert_eq!(message.from().unwrap().first().unwrap().name(), Some("Northwind Übergaben"));
    assert_eq!(
        message.reply_to().unwrap().first().unwrap().address(),
        Some("reply+k3v9q2m8w5x7t4r6z1y0p3n8b2@handoffs.example")
    );
    assert_eq!(message.date().unwrap().to_rfc3339(), "2026-11-24T16:00:00Z");
    assert_eq!(message.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
    assert_eq!(
        message.in_reply_to().as_text(),
        Some("00000000-0000-0000-0000-000000000006@handoffs.example")
    );
    assert_eq!(message.references().as_text_list().map(<[_]>::len), Some(2));
    let text = message.body_text(0).unwrap().replace("\r\n", "\n");
    assert_eq!(text.trim_end(), plain().text.trim_end(), "dots at the beginning of lines stay");
}

#[tokio::test]
async fn an_invitation_is_the_other_form_of_the_words() {
    let server = Server::start().await;
    to(server.port).send(&with_invite(&invite())).await.unwrap();
    let taken = server.taken().pop().unwrap();
    let message = MessageParser::default().parse(taken.raw.as_bytes()).unwrap();
    assert!(message.is_content_type("multipart", "alternative"));
    let part = message.parts.iter().find(|part| part.is_content_type("text", "calendar")).unwrap();
    assert_eq!(part.content_type().unwrap().attribute("method"), Some(Method::Request.name()));
    assert_eq!(part.text_contents(), Some(invite().file(plain().at).unwrap().as_str()));
}

#[tokio::test]
async fn patience_asked_for_is_later_and_then_the_same_mail_arrives_once() {
    let server = Server::start().await;
    let smtp = to(server.port);
    for at in [At::Greeting, At::Mail, At::Rcpt, At::Data, At::End] {
        server.once(at, Instead::Says("451 4.3.0 not now"));
        let result = smtp.send(&plain()).await;
        assert!(is_later(&result), "{at:?}: {result:?}");
        assert!(result.unwrap_err().to_string().contains("not now"), "the server's words are told");
    }
    smtp.send(&plain()).await.unwrap();
    assert_eq!(server.taken().len(), 1);
}

#[tokio::test]
async fn a_refused_addressee_or_mail_is_never_and_a_refused_sender_is_our_set_up() {
    let server = Server::start().await;
    let smtp = to(server.port);
    for at in [At::Rcpt, At::Data, At::End] {
        server.once(at, Instead::Says("550 5.1.1 nobody here"));
        let result = smtp.send(&plain()).await;
        assert!(is_never(&result), "{at:?}: {result:?}");
    }
    for (at, said) in [
        (At::Greeting, "554 no service"),
        (At::Mail, "553 not allowed to send as that"),
        (At::Rcpt, "530 sign in first"),
        (At::Rcpt, "521 no mail here"),
    ] {
        server.once(at, Instead::Says(said));
        let result = smtp.send(&plain()).await;
        assert!(is_later(&result), "{said}: {result:?}");
    }
    assert_eq!(server.taken(), []);
}

#[tokio::test]
async fn a_connection_that_breaks_anywhere_is_later() {
    let server = Server::start().await;
    let smtp = to(server.port);
    for at in [At::Greeting, At::Mail, At::Rcpt, At::Data, At::End] {
        server.once(at, Instead::HangsUp);
        let result = smtp.send(&plain()).await;
        assert!(is_later(&result), "{at:?}: {result:?}");
    }
    server.once(At::End, Instead::Says("this is no answer"));
    assert!(is_later(&smtp.send(&plain()).await));
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    assert!(is_later(&to(nobody).send(&plain()).await), "nobody listens");
    smtp.send(&plain()).await.unwrap();
    assert_eq!(server.taken().len(), 1, "what broke did not spoil what came after");
}

#[tokio::test]
async fn a_silent_server_is_given_up_and_its_connection_with_it() {
    let server = Server::start().await;
    let smtp = to_url(&format!("smtp://127.0.0.1:{}?timeout=1", server.port));
    server.once(At::End, Instead::Sleeps);
    let result = smtp.send(&plain()).await;
    assert!(
        result.as_ref().is_err_and(|why| why.to_string().contains("did not answer within 1 s")),
        "{result:?}"
    );
    assert!(is_later(&result));
    smtp.send(&plain()).await.unwrap();
    assert_eq!((server.taken().len(), server.connections()), (1, 2));
}

#[tokio::test]
async fn many_mails_share_few_connections() {
    let server = Server::start().await;
    let smtp = std::sync::Arc::new(to(server.port));
    for _ in 0..5 {
        smtp.send(&plain()).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
    let all: Vec<_> = (0..40)
        .map(|_| {
            let smtp = smtp.clone();
            tokio::spawn(async move { smtp.send(&plain()).await })
        })
        .collect();
    for one in all {
        one.await.unwrap().unwrap();
    }
    assert_eq!(server.taken().len(), 45);
    assert!(server.connections() <= 4, "{}", server.connections());
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_meanwhile_is_replaced() {
    let server = Server::start().await;
    let smtp = to(server.port);
    smtp.send(&plain()).await.unwrap();
    server.once(At::Mail, Instead::HangsUp);
    assert!(is_later(&smtp.send(&plain()).await));
    smtp.send(&plain()).await.unwrap();
    assert_eq!((server.taken().len(), server.connections()), (2, 2));
}

#[tokio::test]
async fn a_password_that_is_refused_is_our_set_up_and_is_not_told() {
    let server = Server::start().await;
    let settings: Settings = format!("smtp://dana@127.0.0.1:{}", server.port).parse().unwrap();
    let smtp = Smtp::new(settings.with(Some(Password::new("hush-hush"))).unwrap()).unwrap();
    smtp.probe().await.unwrap();
    server.once(At::Auth, Instead::Says("535 5.7.8 wrong"));
    let result = smtp.send(&plain()).await;
    assert!(is_later(&result), "{result:?}");
    assert!(!format!("{result:?} {smtp:?}").contains("hush"), "{result:?}");
    smtp.send(&plain()).await.unwrap();
}

#[tokio::test]
async fn a_mail_from_before_there_was_mail_is_refused_and_not_a_panic() {
    let server = Server::start().await;
    let old = Mail { at: "1969-01-01T00:00:00Z".parse().unwrap(), ..plain() };
    assert!(is_never(&to(server.port).send(&old).await));
}
