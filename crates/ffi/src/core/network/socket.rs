//! The UDP socket that a node listens on and calls from.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use quinn::{Endpoint, EndpointConfig, ServerConfig, TokioRuntime};
use socket2::{Domain, Protocol, Socket, Type};

/// What the kernel keeps while the Runar thread is busy. It gives less where it is not allowed more.
const BUFFER: usize = 4 * 1024 * 1024;

pub fn open(bind: SocketAddr, server: ServerConfig) -> io::Result<Endpoint> {
    let socket = Socket::new(Domain::for_address(bind), Type::DGRAM, Some(Protocol::UDP))?;
    if bind.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    // A node with less is a slower one.
    let _ = socket.set_recv_buffer_size(BUFFER);
    let _ = socket.set_send_buffer_size(BUFFER);
    socket.bind(&bind.into())?;
    Endpoint::new(EndpointConfig::default(), Some(server), socket.into(), Arc::new(TokioRuntime))
}
