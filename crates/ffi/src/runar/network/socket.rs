//! The UDP socket that a node listens on and calls from.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use quinn::{Endpoint, EndpointConfig, ServerConfig, TokioRuntime};
use socket2::{Domain, Protocol, Socket, Type};

/// The buffers of the kernel, which fill while the Runar thread is busy. The kernel may grant less.
const BUFFER_BYTES: usize = 4 * 1024 * 1024;

/// A node that has just stopped may keep its port for a moment; the kernel does not signal when it
/// is free.
const MAX_ATTEMPTS: u32 = 20;
const RETRY_INTERVAL: Duration = Duration::from_millis(25);

pub async fn open(bind: SocketAddr, server: &ServerConfig) -> io::Result<Endpoint> {
    let mut attempts = 0;
    let socket = loop {
        attempts += 1;
        match bound(bind) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && attempts < MAX_ATTEMPTS => {
                tokio::time::sleep(RETRY_INTERVAL).await;
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
    // With smaller buffers the node is only slower.
    let _ = socket.set_recv_buffer_size(BUFFER_BYTES);
    let _ = socket.set_send_buffer_size(BUFFER_BYTES);
    socket.bind(&bind.into())?;
    Ok(socket)
}
