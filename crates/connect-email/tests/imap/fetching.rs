//! What a look into a mailbox brings, whatever the mailbox does.

use std::time::Duration;

use throughline_connect_email::{Imap, ImapSettings, Password};
use throughline_messages::{Arrivals, Inbound, PostError, Ticket};

use crate::server::{Fault, Mailbox};

fn imap(port: u16, folder: &str) -> Imap {
    let settings: ImapSettings = format!("imap://answers@127.0.0.1:{port}/{folder}").parse().unwrap();
    Imap::new(settings.patience(Duration::from_secs(20)), Password::new("hush \"hush\""), &[]).unwrap()
}

fn numbers(arrived: &[throughline_messages::Arrived]) -> Vec<u32> {
    arrived.iter().map(|one| one.ticket.number).collect()
}

#[tokio::test]
async fn answers_come_oldest_first_and_stay_until_they_are_done() {
    let mailbox =
        Mailbox::with(&[(3, b"Subject: a\r\n\r\nA"), (5, b"Subject: b\r\n\r\nB {7}\r\n)"), (9, b"x")]).await;
    let imap = imap(mailbox.port, "Answers");
    let first = imap.waiting(2).await.unwrap();
    assert_eq!(numbers(&first), [3, 5]);
    assert_eq!(first[1].raw.as_deref(), Some(&b"Subject: b\r\n\r\nB {7}\r\n)"[..]));
    assert_eq!(first[0].ticket.to_string(), "7.3");
    assert_eq!(numbers(&imap.waiting(10).await.unwrap()), [3, 5, 9], "nothing was said to be done");
    let tickets: Vec<_> = first.iter().map(|one| one.ticket).collect();
    imap.done(&tickets).await.unwrap();
    imap.done(&tickets).await.unwrap();
    assert_eq!(numbers(&imap.waiting(10).await.unwrap()), [9]);
    imap.done(&[]).await.unwrap();
}

#[tokio::test]
async fn a_mailbox_that_counts_anew_loses_nothing_to_old_tickets() {
    let mailbox = Mailbox::with(&[(3, b"Subject: a\r\n\r\nA")]).await;
    let imap = imap(mailbox.port, "Answers");
    let old = imap.waiting(1).await.unwrap()[0].ticket;
    mailbox.change(|state| state.count = 8);
    imap.done(&[old]).await.unwrap();
    assert_eq!(mailbox.unread(), [3], "number 3 may be another mail now");
    assert_eq!(imap.waiting(1).await.unwrap()[0].ticket, Ticket { count: 8, number: 3 });
}

#[tokio::test]
async fn a_mail_that_is_too_large_is_told_and_not_fetched() {
    let mailbox = Mailbox::with(&[(1, b"huge"), (2, b"Subject: b\r\n\r\nB")]).await;
    let size = u32::try_from(Inbound::LARGEST + 1).unwrap();
    mailbox.change(|state| state.mails[0].claims = Some(size));
    let arrived = imap(mailbox.port, "Answers").waiting(10).await.unwrap();
    assert_eq!((arrived[0].size, arrived[0].raw.as_deref()), (size, None));
    assert!(arrived[1].raw.is_some());
}

#[tokio::test]
async fn whatever_a_mailbox_does_wrong_is_later_and_marks_nothing() {
    let mailbox = Mailbox::with(&[(1, b"Subject: a\r\n\r\nA")]).await;
    for (fault, said) in [
        (Fault::RefusesTheUser, "does not let answers in"),
        (Fault::HangsUpWhileFetching, ""),
        (Fault::SpeaksNonsense, ""),
        (Fault::NeverEnds, ""),
    ] {
        mailbox.change(|state| state.fault = fault);
        let result = imap(mailbox.port, "Answers").waiting(10).await;
        let Err(PostError::Later { reason }) = result else { unreachable!("{fault:?}: {result:?}") };
        assert!(reason.contains(said) && !reason.contains("hush"), "{fault:?}: {reason}");
    }
    mailbox.change(|state| state.fault = Fault::None);
    assert!(
        imap(mailbox.port, "Elsewhere")
            .waiting(1)
            .await
            .is_err_and(|why| why.to_string().contains("no such folder"))
    );
    assert_eq!(mailbox.unread(), [1]);
    assert_eq!(imap(mailbox.port, "Answers").waiting(1).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_silent_mailbox_is_given_up() {
    let mailbox = Mailbox::with(&[]).await;
    mailbox.change(|state| state.fault = Fault::SaysNothing);
    let settings: ImapSettings = format!("imap://a@127.0.0.1:{}/Answers", mailbox.port).parse().unwrap();
    let imap = Imap::new(settings.patience(Duration::from_millis(200)), Password::new("x"), &[]).unwrap();
    assert!(imap.waiting(1).await.is_err_and(|why| why.to_string().contains("did not answer within")));
}

#[tokio::test]
async fn an_empty_mailbox_brings_nothing() {
    let mailbox = Mailbox::with(&[]).await;
    assert_eq!(imap(mailbox.port, "Answers").waiting(10).await.unwrap(), []);
}
