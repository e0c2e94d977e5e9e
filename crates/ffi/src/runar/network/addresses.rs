//! The addresses where peers reach this node: the bound one or, when it is unspecified, that of
//! each interface.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The addresses to announce, loopback last.
pub fn reachable(bound: SocketAddr) -> Vec<SocketAddr> {
    if !bound.ip().is_unspecified() {
        return vec![bound];
    }
    let mut addresses: Vec<IpAddr> = if_addrs::get_if_addrs()
        .unwrap_or_default()
        .into_iter()
        .map(|interface| interface.ip())
        .filter(|ip| ip.is_ipv4() == bound.is_ipv4() && !is_link_local(ip))
        .collect();
    // The core takes the first address of a peer and no other.
    addresses.sort_by_key(IpAddr::is_loopback);
    addresses.dedup();
    if addresses.is_empty() {
        addresses.push(Ipv4Addr::LOCALHOST.into());
    }
    addresses.into_iter().map(|ip| SocketAddr::new(ip, bound.port())).collect()
}

fn is_link_local(ip: &IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        // Useless without its interface.
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}

/// The IPv4 interfaces of this machine, by their addresses.
pub fn ipv4_interfaces() -> Vec<Ipv4Addr> {
    if_addrs::get_if_addrs()
        .unwrap_or_default()
        .into_iter()
        .filter_map(|interface| match interface.ip() {
            IpAddr::V4(ip) => Some(ip),
            IpAddr::V6(_) => None,
        })
        .collect()
}
