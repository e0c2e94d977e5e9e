//! The UDP socket that a node listens on and calls from.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use quinn::{Endpoint, EndpointConfig, ServerConfig, TokioRuntime};
use socket2::{Domain, Protocol, Socket, Type};

/// What the kernel keeps while the Runar thread is busy. It gives less where it is not allowed more.
const BUFFER: usize = 4 * 1024 * 1024;

/// A node that has just stopped may have its port for a moment more; the kernel tells nobody when it
/// is free.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(25);

pub async fn open(bind: SocketAddr, server: &ServerConfig) -> io::Result<Endpoint> {
    let mut tries = 0;
    let socket = loop {
        tries += 1;
        match bound(bind) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && tries < TRIES => {
                tokio::time::sleep(PAUSE).await;
            }
            bound => break bound?,
        }
    };
    let server = Some(server.clone());
    Endpoint::new(EndpointConfig::default(), server, socket.into(), Arc::new(TokioRuntime))
}

fn bound(bind: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(bind), Type::DGRAM, Some(Protocol::UDP))?;
    if bind.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    // A node with less is a slower one.
    let _ = socket.set_recv_buffer_size(BUFFER);
    let _ = socket.set_send_buffer_size(BUFFER);
    socket.bind(&bind.into())?;
    Ok(socket)
}
