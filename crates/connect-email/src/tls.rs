//! Encryption: the system's authorities, and those a company adds. A certificate is always verified.

use std::sync::Arc;

use throughline_messages::PostError;
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

use crate::{settings::Authorities, stream::Stream};

/// Speaks TLS to a host.
#[derive(Clone)]
pub struct Tls(TlsConnector);

impl Tls {
    /// `trusted` are authorities beside the system's.
    pub fn new(trusted: &[Authorities]) -> Result<Self, PostError> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        for certificate in trusted.iter().flat_map(Authorities::certificates) {
            roots.add(certificate.clone()).map_err(PostError::later)?;
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(PostError::later)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }

    /// Encrypts a connection. It fails for a certificate nobody vouches for, or of another host.
    pub async fn encrypt(&self, host: &str, socket: TcpStream) -> Result<Stream, PostError> {
        let name = ServerName::try_from(host.to_owned()).map_err(PostError::later)?;
        let encrypted = self.0.connect(name, socket).await;
        Ok(Stream::tls(encrypted.map_err(|why| PostError::later(format!("{host}: {why}")))?))
    }
}
