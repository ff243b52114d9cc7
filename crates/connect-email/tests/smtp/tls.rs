//! Encryption: what is required is had, and a certificate nobody vouches for gets nothing.

use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use throughline_connect_email::{Settings, Smtp};
use throughline_messages::{Post, PostError};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

use crate::{
    mails::plain,
    server::{At, Instead, Server},
};

/// A certificate for names, and what a server needs to show it.
fn certificate(names: &[&str]) -> (String, TlsAcceptor) {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    (cert.pem(), TlsAcceptor::from(Arc::new(config)))
}

async fn send(url: &str, trusted: Option<&str>) -> Result<(), PostError> {
    let mut settings: Settings = url.parse().unwrap();
    if let Some(pem) = trusted {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("authority.pem");
        std::fs::write(&file, pem).unwrap();
        settings = settings.trusting(&file).unwrap();
    }
    Smtp::new(settings).unwrap().send(&plain()).await
}

#[tokio::test]
async fn a_trusted_server_gets_mail_encrypted_by_starttls_and_from_the_first_byte() {
    for implicit in [false, true] {
        let (pem, tls) = certificate(&["localhost"]);
        let server = Server::with(Some(tls), implicit).await;
        let url = if implicit {
            format!("smtps://localhost:{}", server.port)
        } else {
            format!("smtp://localhost:{}?starttls=required", server.port)
        };
        send(&url, Some(&pem)).await.unwrap();
        assert!(server.taken()[0].encrypted, "{url}");
    }
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_or_of_another_host_gets_nothing() {
    for (names, trusts) in [(["localhost"], false), (["other.example"], true)] {
        for implicit in [false, true] {
            let (pem, tls) = certificate(&names);
            let server = Server::with(Some(tls), implicit).await;
            let url = if implicit {
                format!("smtps://localhost:{}", server.port)
            } else {
                format!("smtp://localhost:{}?starttls=offered", server.port)
            };
            let result = send(&url, trusts.then_some(pem.as_str())).await;
            assert!(matches!(result, Err(PostError::Later { .. })), "{names:?} {url}: {result:?}");
            assert_eq!(server.taken(), [], "{names:?} {url}");
        }
    }
}

#[tokio::test]
async fn what_somebody_on_the_way_adds_before_the_encryption_is_never_taken_for_the_servers_word() {
    let (pem, tls) = certificate(&["localhost"]);
    let server = Server::with(Some(tls), false).await;
    // Read as the answer to what is asked next, it would put every answer one too early: "go on" for "taken".
    server.once(At::StartTls, Instead::Says("220 go on\r\n250 here"));
    server.once(At::End, Instead::Says("550 refused"));
    let url = format!("smtp://localhost:{}?starttls=required", server.port);
    let result = send(&url, Some(&pem)).await;
    assert!(matches!(result, Err(PostError::Later { .. })), "{result:?}");
    assert_eq!(server.taken(), []);
}

#[tokio::test]
async fn a_server_that_does_not_encrypt_gets_nothing_where_it_must() {
    let server = Server::start().await;
    let result = send(&format!("smtp://localhost:{}?starttls=required", server.port), None).await;
    assert!(result.is_err_and(|why| why.to_string().contains("does not offer STARTTLS")));
    assert_eq!(server.taken(), []);
    send(&format!("smtp://localhost:{}?starttls=offered", server.port), None).await.unwrap();
    assert!(!server.taken()[0].encrypted);
}
