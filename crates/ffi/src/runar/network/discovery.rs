//! Multicast discovery in the core's own messages: a node announces its key and where it listens,
//! and says goodbye. The core's own never closes its socket; it joins on one interface, which a
//! machine with nothing but loopback does not have.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::sync::Arc;

use runar_common::compact_ids::compact_id;
use runar_node::network::discovery::multicast_discovery::{MulticastMessage, PeerInfo};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;
use tokio::time::interval;

use super::addresses::ipv4_interfaces;
use super::core_peer::wire;
use crate::config::DiscoveryOptions;
use crate::error::{Code, Error, Result};

const DEFAULT_PORT: u16 = 45678;

/// A message of another node.
pub enum DiscoveryEvent {
    Announced { public_key: Vec<u8>, addresses: Vec<String> },
    Goodbye { id: String },
}

pub struct Discovery {
    socket: Arc<UdpSocket>,
    group: SocketAddrV4,
    interfaces: Vec<Ipv4Addr>,
    announcement: Vec<u8>,
    own_id: String,
}

impl Discovery {
    /// With `is_local`, announcements stay on this machine, which others could not reach anyway.
    pub fn open(
        options: &DiscoveryOptions,
        public_key: &[u8],
        addresses: &[SocketAddr],
        is_local: bool,
    ) -> Result<Self> {
        let group = group_of(&options.multicast_group.0)?;
        let ttl = match (is_local, options.local_network_only) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => 32,
        };
        let (socket, interfaces) = open(group, ttl).map_err(|error| {
            Error::new(
                Code::Listen,
                format!("multicast discovery cannot use the group {group}: {error}"),
            )
        })?;
        let addresses = addresses.iter().map(SocketAddr::to_string).collect();
        let announce = Some(PeerInfo::new(public_key.to_vec(), addresses));
        Ok(Self {
            socket: Arc::new(socket),
            group,
            interfaces,
            announcement: wire::cbor(&MulticastMessage { announce, goodbye: None })?,
            own_id: compact_id(public_key),
        })
    }

    /// Announces the node and listens, until the future is dropped.
    pub async fn run(&self, options: &DiscoveryOptions, mut on_event: impl FnMut(DiscoveryEvent)) {
        let mut announcing = interval(options.announce_interval_ms.duration());
        let mut datagram = vec![0; 4096];
        loop {
            tokio::select! {
                _ = announcing.tick() => self.send(&self.announcement).await,
                received = self.socket.recv_from(&mut datagram) => {
                    if let Some(event) = received.ok().and_then(|(length, _)| self.read(&datagram[..length])) {
                        on_event(event);
                    }
                }
            }
        }
    }

    pub async fn say_goodbye(&self) {
        let goodbye = Some(self.own_id.clone());
        if let Ok(message) = wire::cbor(&MulticastMessage { announce: None, goodbye }) {
            self.send(&message).await;
        }
    }

    /// Sends once on each interface. One that is down may be up for the next announcement.
    async fn send(&self, message: &[u8]) {
        for interface in &self.interfaces {
            let chosen = socket2::SockRef::from(&*self.socket).set_multicast_if_v4(interface);
            if chosen.is_ok() {
                let _ = self.socket.send_to(message, SocketAddr::V4(self.group)).await;
            }
        }
    }

    /// Any host may send to the group: malformed messages are ignored.
    fn read(&self, datagram: &[u8]) -> Option<DiscoveryEvent> {
        let message: MulticastMessage = serde_cbor::from_slice(datagram).ok()?;
        let event = match (message.announce, message.goodbye) {
            (Some(PeerInfo { public_key, addresses }), None) => {
                DiscoveryEvent::Announced { public_key, addresses }
            }
            (None, Some(id)) => DiscoveryEvent::Goodbye { id },
            _ => return None,
        };
        let id = match &event {
            DiscoveryEvent::Announced { public_key, .. } => compact_id(public_key),
            DiscoveryEvent::Goodbye { id } => id.clone(),
        };
        (id != self.own_id).then_some(event)
    }
}

fn group_of(text: &str) -> Result<SocketAddrV4> {
    text.parse()
        .or_else(|_| text.parse().map(|ip| SocketAddrV4::new(ip, DEFAULT_PORT)))
        .map_err(|_| Error::new(Code::Config, format!("{text:?} is no multicast group")))
}

fn open(group: SocketAddrV4, ttl: u32) -> io::Result<(UdpSocket, Vec<Ipv4Addr>)> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_reuse_address(true)?;
    #[cfg(unix)]
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    socket.set_multicast_ttl_v4(ttl)?;
    socket.set_multicast_loop_v4(true)?;
    socket.bind(&SocketAddr::from((Ipv4Addr::UNSPECIFIED, group.port())).into())?;
    let mut interfaces = Vec::new();
    let mut failure = None;
    for interface in ipv4_interfaces() {
        match socket.join_multicast_v4(group.ip(), &interface) {
            Ok(()) => interfaces.push(interface),
            Err(error) => failure = Some(error),
        }
    }
    if interfaces.is_empty() {
        let none = || io::Error::new(io::ErrorKind::NotFound, "no network interface has IPv4");
        return Err(failure.unwrap_or_else(none));
    }
    Ok((UdpSocket::from_std(socket.into())?, interfaces))
}
