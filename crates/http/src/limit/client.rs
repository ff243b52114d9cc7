//! Whose address a request comes from. `X-Forwarded-For` counts only from a proxy the operator names.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    str::FromStr,
};

use axum::http::{Extensions, HeaderMap};

/// The other end of the connection, as the server saw it. Put on every request by [`crate::server`].
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// A network such as `10.0.0.0/8`; a bare address is a network of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr {
    network: u128,
    prefix: u8,
}

/// Text that is no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no network: write an address such as 10.0.0.7, or a network such as 10.0.0.0/8")]
pub struct NotACidr(String);

impl FromStr for Cidr {
    type Err = NotACidr;
    fn from_str(text: &str) -> Result<Self, NotACidr> {
        let refused = || NotACidr(text.chars().take(60).collect());
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse::<u8>().map_err(|_| refused())?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| refused())?;
        // IPv4 is kept as IPv4-mapped IPv6, so that both spellings of an address compare equal.
        let (bits, most) = (bits(address), if address.is_ipv4() { 32 } else { 128 });
        let prefix = prefix.unwrap_or(most);
        if prefix > most {
            return Err(refused());
        }
        let prefix = 128 - most + prefix;
        Ok(Self { network: bits & mask(prefix), prefix })
    }
}

impl Cidr {
    /// Whether an address lies in the network.
    pub fn holds(&self, address: IpAddr) -> bool {
        bits(address) & mask(self.prefix) == self.network
    }
}

fn mask(prefix: u8) -> u128 {
    if prefix == 0 { 0 } else { u128::MAX << (128 - prefix) }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

/// The address of who asks: the peer's, or, where the peer is a trusted proxy, the last one in `X-Forwarded-For`
/// that is none. What stands before that could be anybody's invention.
pub fn client_of(proxies: &[Cidr], extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
    // A request that came through no socket (a test, an internal call) comes from here.
    let peer =
        extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip().to_canonical());
    let trusted = |address: IpAddr| proxies.iter().any(|proxy| proxy.holds(address));
    if !trusted(peer) {
        return peer;
    }
    let mut client = peer;
    let lines: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Some(address) = address_of(hop.trim()) else { break };
        client = address;
        if !trusted(address) {
            break;
        }
    }
    client
}

/// Some proxies write the port along.
fn address_of(hop: &str) -> Option<IpAddr> {
    hop.parse()
        .ok()
        .or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
        .map(|ip: IpAddr| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let proxies = ["10.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()];
        let mut extensions = Extensions::new();
        extensions.insert(Peer(peer.parse().unwrap()));
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        client_of(&proxies, &extensions, &headers).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(client("203.0.113.9:1", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(client("10.1.2.3:1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.1.2.3:1", &[]), "10.1.2.3");
        assert_eq!(client("[::ffff:10.1.2.3]:1", &["198.51.100.1:4711"]), "198.51.100.1");
    }

    #[test]
    fn what_a_client_writes_before_the_proxy_does_not_count() {
        assert_eq!(client("10.1.2.3:1", &["1.1.1.1, 198.51.100.1, 10.9.9.9"]), "198.51.100.1");
        assert_eq!(client("10.1.2.3:1", &["1.1.1.1", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("[::1]:1", &["nonsense, 10.2.2.2"]), "10.2.2.2");
    }

    #[test]
    fn networks_are_read_strictly() {
        for text in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "ten"] {
            assert!(text.parse::<Cidr>().is_err(), "{text}");
        }
        assert!("0.0.0.0/0".parse::<Cidr>().unwrap().holds("9.9.9.9".parse().unwrap()));
    }
}
