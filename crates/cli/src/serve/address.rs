//! Addresses as people write them.

use std::net::SocketAddr;

use crate::failure::Failure;

/// `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`.
pub async fn resolve(text: &str) -> Result<SocketAddr, Failure> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let odd =
        || Failure::usage(format!("`{text}` is no address to listen on")).hint("write it as 127.0.0.1:8080");
    if !text.contains(':') || text.starts_with(':') {
        return Err(odd());
    }
    tokio::net::lookup_host(text).await.map_err(|_| odd())?.next().ok_or_else(odd)
}

/// A public address without a slash at the end.
pub fn public(text: &str) -> Result<String, Failure> {
    let url = text.trim().trim_end_matches('/');
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    match host {
        Some(host) if !host.is_empty() && host.chars().all(plain) => Ok(url.to_owned()),
        _ => Err(Failure::usage(format!("`{text}` is no address of a server"))
            .hint("write it as https://handoff.acme.example, without a path")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_has_a_scheme_and_no_path() {
        assert_eq!(public("https://handoff.acme.example/").unwrap(), "https://handoff.acme.example");
        for odd in ["handoff.acme.example", "ftp://x", "https://", "https://a b", "https://x/path"] {
            assert!(public(odd).is_err(), "{odd}");
        }
    }
}
