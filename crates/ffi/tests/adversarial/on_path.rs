//! Attacks of an on-path attacker, who sees and changes all packets between two members of the
//! network.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

use proptest::prelude::{any, Strategy};
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use tokio::net::UdpSocket;
use tokio::task::AbortHandle;

use super::nodes::{run, Authority, Member};

const CALLS: usize = 200;

/// Relays packets between a node and the peers that dial the returned address. Each datagram to the
/// node is replaced by those that `meddle` makes of it.
async fn relay(
    to: &Member,
    mut meddle: impl FnMut(&[u8]) -> Vec<Vec<u8>> + Send + 'static,
) -> anyhow::Result<(String, AbortHandle)> {
    const ANY: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 0);
    let (outer, inner) = (UdpSocket::bind(ANY).await?, UdpSocket::bind(ANY).await?);
    inner.connect(to.transport.addresses[0]).await?;
    let address = outer.local_addr()?.to_string();
    let relaying = tokio::spawn(async move {
        let mut caller = None;
        let (mut there, mut back) = (vec![0; 65_536], vec![0; 65_536]);
        loop {
            tokio::select! {
                Ok((length, from)) = outer.recv_from(&mut there) => {
                    caller = Some(from);
                    for datagram in meddle(&there[..length]) {
                        // A datagram may be lost.
                        let _ = inner.send(&datagram).await;
                    }
                }
                Ok(length) = inner.recv(&mut back) => {
                    if let Some(caller) = caller {
                        let _ = outer.send_to(&back[..length], caller).await;
                    }
                }
            }
        }
    });
    Ok((address, relaying.abort_handle()))
}

/// Calls a node through a relay that begins to meddle once they are connected. Each call is served
/// once and answered correctly.
async fn calls_through(
    mut meddle: impl FnMut(&[u8]) -> Vec<Vec<u8>> + Send + 'static,
) -> anyhow::Result<()> {
    let authority = Authority::new()?;
    let (victim, honest) = (authority.member().await?, authority.member().await?);
    let connected = Arc::new(AtomicBool::new(false));
    let meddling = connected.clone();
    let meddle = move |datagram: &[u8]| match meddling.load(Ordering::SeqCst) {
        true => meddle(datagram),
        false => vec![datagram.to_vec()],
    };
    let (address, relay) = relay(&victim, meddle).await?;
    honest.connect_at(&victim, vec![address]).await?;
    connected.store(true, Ordering::SeqCst);
    for _ in 0..CALLS {
        honest.echo(&victim).await?;
    }
    relay.abort();
    assert_eq!(victim.counting.calls(), CALLS);
    Ok(())
}

#[test]
fn replayed_packets_run_no_handler_again() -> anyhow::Result<()> {
    run(async {
        let mut recorded: Vec<Vec<u8>> = Vec::new();
        calls_through(move |datagram| {
            recorded.push(datagram.to_vec());
            // Again, with the last twenty before it.
            let last = recorded.iter().rev().take(20).cloned();
            std::iter::once(datagram.to_vec()).chain(last).collect()
        })
        .await
    })
}

#[test]
fn corrupted_packets_reach_no_handler() -> anyhow::Result<()> {
    run(async {
        let mut runner = TestRunner::deterministic();
        let (at, bit) = (any::<Index>(), 0..8u8);
        let bends = (at, bit, any::<bool>());
        let mut datagrams = 0;
        calls_through(move |datagram| {
            datagrams += 1;
            let mut datagram = datagram.to_vec();
            if datagrams % 5 == 0 {
                if let Ok(tree) = bends.new_tree(&mut runner) {
                    let (at, bit, cuts) = tree.current();
                    let at = at.index(datagram.len());
                    match cuts {
                        true => datagram.truncate(at),
                        false => datagram[at] ^= 1 << bit,
                    }
                }
            }
            vec![datagram]
        })
        .await
    })
}
