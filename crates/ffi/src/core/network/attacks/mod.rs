//! Peers that do not keep to the protocol: members of the network that went bad, and strangers with
//! half of what a member needs. No handler runs for them, and honest peers never notice.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::FutureExt;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use quinn::Connection;
use runar_common::logging::Component;
use runar_keys::node::NodeKeyManagerState;
use tokio::sync::Notify;

use super::wire::{Handshake, Role, CORE_LIMIT, SESSION_VERSION};
use super::*;
use crate::core::ServiceEntry;
use crate::identity;
use crate::runtime;

const WAIT: Duration = Duration::from_secs(10);

/// A node whose handlers answer with what they get, or never.
#[derive(Default)]
struct Counting {
    calls: AtomicUsize,
    waiting: AtomicUsize,
    changed: Notify,
}

struct Here(Arc<Counting>);

struct Waiting(Arc<Counting>);

impl Waiting {
    fn new(counting: &Arc<Counting>) -> Self {
        counting.waiting.fetch_add(1, Ordering::SeqCst);
        counting.changed.notify_waiters();
        Self(counting.clone())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
        self.0.changed.notify_waiters();
    }
}

impl Counting {
    async fn until_waiting(&self, count: usize) {
        loop {
            let changed = self.changed.notified();
            let mut changed = std::pin::pin!(changed);
            changed.as_mut().enable();
            if self.waiting.load(Ordering::SeqCst) == count {
                return;
            }
            changed.await;
        }
    }
}

impl Local for Here {
    fn serve(
        &self,
        _caller: Caller,
        path: String,
        payload: Carried,
    ) -> BoxFuture<'static, anyhow::Result<Carried>> {
        let counting = self.0.clone();
        counting.calls.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            if path == "here/wait" {
                let _waiting = Waiting::new(&counting);
                std::future::pending::<()>().await;
            }
            Ok(payload)
        })
    }

    fn room(&self) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }

    fn hear(&self, _topic: &str, _value: Option<ArcValue>, _exactly: bool) -> Result<()> {
        Ok(())
    }

    fn offered(&self, _paths: Vec<String>) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }

    fn peer_changed(&self, _change: String) {}
}

struct Member {
    network: Arc<Network>,
    counting: Arc<Counting>,
}

/// An authority, and the nodes that are its members.
struct Authority {
    keys: Vec<u8>,
    network_id: String,
}

impl Authority {
    fn new() -> Result<Self> {
        let keys = identity::create_network()?;
        let network_id = identity::network_ids(&keys)?.remove(0);
        Ok(Self { keys, network_id })
    }

    fn enrol(&self) -> Result<Vec<u8>> {
        let node = identity::create()?;
        let request = identity::request(&node)?;
        let (_, grant) = identity::grant(&self.keys, &self.network_id, &request, None)?;
        identity::install(&node, &grant, Some(&self.network_id))
    }

    async fn member(&self) -> anyhow::Result<Member> {
        let logger = Logger::new_root(Component::Node, "attacks");
        let state: NodeKeyManagerState = bincode::deserialize(&self.enrol()?)?;
        let keys = Arc::new(NodeKeyManager::from_state(state, Arc::new(logger.clone()))?);
        let membership = Membership { keys, network_id: self.network_id.clone() };
        let counting = Arc::new(Counting::default());
        let nothing: crate::core::Handler =
            Arc::new(|_, _| Box::pin(async { Ok(ArcValue::null()) }));
        let service = ServiceEntry {
            name: "here".to_owned(),
            path: "here".to_owned(),
            version: "1.0.0".to_owned(),
            description: String::new(),
            actions: ["echo", "wait"].map(|name| (name.to_owned(), nothing.clone())).into(),
        };
        let network = Network::start(
            membership,
            NetworkConfig::default(),
            logger,
            vec![service.metadata(self.network_id.clone())],
            Vec::new(),
            Box::new(Here(counting.clone())),
        )
        .await?;
        Ok(Member { network, counting })
    }
}

impl Member {
    async fn connect(&self, other: &Member) -> Result<()> {
        let addresses = other.network.addresses();
        self.network.connect(&other.network.public_key, addresses, WAIT).await.map(drop)
    }

    /// Connects anew.
    async fn reconnect(&self, other: &Member) -> anyhow::Result<Connection> {
        let id = &other.network.own_id;
        let mut changes = self.network.peers.watch();
        self.network.disconnect(id);
        while self.network.peers.is_connected(id) {
            timeout(WAIT, changes.changed()).await??;
        }
        self.connect(other).await?;
        self.connection(other)
    }

    /// The connection to another node, to be used in ways that a session never would.
    fn connection(&self, other: &Member) -> anyhow::Result<Connection> {
        let links = self.network.peers.all_links(&other.network.own_id);
        Ok(links.first().context("a link")?.connection.clone())
    }

    /// Calls another node as it should be called. `None` as long as there is no answer.
    fn call(
        &self,
        other: &Member,
        path: &str,
    ) -> anyhow::Result<(Arc<Ask>, oneshot::Receiver<Ended>)> {
        let sessions = self.network.sessions_with(&other.network.own_id, path)?;
        let terms = Terms { timeout_ms: 10_000, ..Terms::default() };
        let (told, ended) = oneshot::channel();
        let ask = self.network.ask(sessions, &terms, &value::nothing(), move |ended| {
            let _ = told.send(ended);
        });
        Ok((ask, ended))
    }

    async fn echo(&self, other: &Member) -> anyhow::Result<()> {
        let (_ask, ended) = self.call(other, "here/echo")?;
        match timeout(WAIT, ended).await?? {
            Ended::Reply(bytes, _) => assert_eq!(bytes, value::nothing()),
            _ => anyhow::bail!("an honest call has failed"),
        }
        Ok(())
    }
}

fn run(attack: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    runtime::handle()?.block_on(attack)
}

/// A victim, an honest peer and a hostile one, all members of one network.
async fn three() -> anyhow::Result<(Member, Member, Member)> {
    let authority = Authority::new()?;
    let (victim, honest) = (authority.member().await?, authority.member().await?);
    let hostile = authority.member().await?;
    honest.connect(&victim).await?;
    hostile.connect(&victim).await?;
    honest.echo(&victim).await?;
    Ok((victim, honest, hostile))
}

async fn closed(connection: &Connection) -> anyhow::Result<String> {
    Ok(timeout(WAIT, connection.closed()).await?.to_string())
}

async fn send(connection: &Connection, bytes: &[u8]) -> anyhow::Result<()> {
    let mut stream = connection.open_uni().await?;
    stream.write_all(bytes).await?;
    stream.finish()?;
    // However it ends.
    let _ = stream.stopped().await;
    Ok(())
}

#[test]
fn a_length_of_four_gibibytes_takes_no_memory_and_costs_the_connection() -> anyhow::Result<()> {
    run(async {
        let (victim, honest, hostile) = three().await?;
        for kind in [1, 2] {
            let connection = hostile.reconnect(&victim).await?;
            let mut stream = connection.open_uni().await?;
            stream.write_all(&[kind, 255, 255, 255, 255]).await?;
            let why = closed(&connection).await?;
            assert!(why.contains("a frame of 4294967295 bytes"), "{kind}: {why}");
        }
        honest.echo(&victim).await?;
        // Those of the honest peer alone.
        assert_eq!(victim.counting.calls.load(Ordering::SeqCst), 2);
        Ok(())
    })
}

#[test]
fn frames_that_are_cut_bent_or_made_up_run_no_handler() -> anyhow::Result<()> {
    run(async {
        let (victim, honest, hostile) = three().await?;
        let mut runner = TestRunner::deterministic();
        let frames = prop::collection::vec(any::<u8>(), 1..64);
        for round in 0..60 {
            let connection = hostile.reconnect(&victim).await?;
            let frame = frames.new_tree(&mut runner).map_err(anyhow::Error::msg)?.current();
            let kind = [1, 2, 3, 9][round % 4];
            let mut bytes = vec![kind];
            if kind != 3 {
                bytes.extend((frame.len() as u32).to_le_bytes());
            }
            bytes.extend(&frame);
            // What is cut costs the connection at once, or when the next comes; either may be closed.
            let _ = timeout(WAIT, send(&connection, &bytes)).await?;
            honest.echo(&victim).await?;
        }
        // Those of the honest peer alone.
        assert_eq!(victim.counting.calls.load(Ordering::SeqCst), 61);
        Ok(())
    })
}

#[test]
fn more_streams_than_a_peer_may_open_are_not_opened() -> anyhow::Result<()> {
    run(async {
        let (victim, honest, hostile) = three().await?;
        let connection = hostile.connection(&victim)?;
        let mut open = Vec::new();
        // A stream that says nothing stays open at the other end.
        while let Ok(stream) = timeout(Duration::from_millis(300), connection.open_uni()).await {
            open.push(stream?);
            assert!(open.len() <= 256, "{} streams", open.len());
        }
        honest.echo(&victim).await?;
        Ok(())
    })
}

#[test]
fn a_peer_cancels_its_own_calls_and_no_others() -> anyhow::Result<()> {
    run(async {
        let (victim, honest, hostile) = three().await?;
        let (ask, mut ended) = honest.call(&victim, "here/wait")?;
        timeout(WAIT, victim.counting.until_waiting(1)).await?;
        let connection = hostile.connection(&victim)?;
        let mut bytes = vec![1];
        for number in 0..1_000u32 {
            bytes.extend([5, 0, 0, 0, 3]);
            bytes.extend(number.to_le_bytes());
        }
        timeout(WAIT, send(&connection, &bytes)).await??;
        honest.echo(&victim).await?;
        assert!((&mut ended).now_or_never().is_none());
        ask.give_up();
        timeout(WAIT, victim.counting.until_waiting(0)).await?;
        Ok(())
    })
}

#[test]
fn answers_that_nobody_waits_for_are_nothing() -> anyhow::Result<()> {
    run(async {
        let (victim, honest, hostile) = three().await?;
        let connection = hostile.connection(&victim)?;
        let mut bytes = vec![1];
        for (kind, number) in [(4u8, 7u32), (5, 7), (6, 7), (4, 0)] {
            bytes.extend([6, 0, 0, 0, kind]);
            bytes.extend(number.to_le_bytes());
            bytes.push(0);
        }
        timeout(WAIT, send(&connection, &bytes)).await??;
        honest.echo(&victim).await?;
        hostile.echo(&victim).await?;
        Ok(())
    })
}

#[test]
fn strangers_that_connect_and_say_nothing_keep_no_peer_out() -> anyhow::Result<()> {
    run(async {
        let authority = Authority::new()?;
        let (victim, honest) = (authority.member().await?, authority.member().await?);
        let hostile = authority.member().await?;
        let address = victim.network.addresses[0];
        let name = tls::server_name(&victim.network.own_id);
        let mut silent = Vec::new();
        for _ in 0..20 {
            let connecting = hostile.network.endpoint.connect(address, &name)?;
            silent.push(timeout(WAIT, connecting).await??);
        }
        honest.connect(&victim).await?;
        honest.echo(&victim).await?;
        assert_eq!(victim.network.peers.count(), 1);
        Ok(())
    })
}

/// Introduces itself with what it has, proves what it says, and is turned away for that.
async fn turned_away(
    hostile: &Member,
    victim: &Member,
    challenge: Option<Vec<u8>>,
    proof: &[u8],
) -> anyhow::Result<String> {
    let name = tls::server_name(&victim.network.own_id);
    let connection = hostile.network.endpoint.connect(victim.network.addresses[0], &name)?.await?;
    let said = Handshake {
        node_info: hostile.network.description(),
        nonce: 1,
        role: Role::Initiator,
        sdk: Some(SESSION_VERSION),
        challenge,
        proof: None,
    };
    let ids = (hostile.network.own_id.as_str(), victim.network.own_id.as_str());
    let kind = runar_node::network::transport::MESSAGE_TYPE_HANDSHAKE;
    let message =
        wire::message(kind, ids, "handshake".to_owned(), wire::cbor(&said)?, "1".to_owned());
    let (mut stream, _answer) = connection.open_bi().await?;
    stream.write_all(&wire::framed(&message, CORE_LIMIT)?).await?;
    let mut first = vec![1];
    first.extend((5 + proof.len() as u32).to_le_bytes());
    first.extend([1, 0, 0, 0, 0]);
    first.extend(proof);
    // A call right behind it, in case that is enough.
    first.extend([5, 0, 0, 0, 2, 1, 0, 0, 0]);
    let _ = send(&connection, &first).await;
    closed(&connection).await
}

#[test]
fn a_certificate_without_the_key_of_the_network_opens_nothing() -> anyhow::Result<()> {
    run(async {
        let authority = Authority::new()?;
        let (victim, hostile) = (authority.member().await?, authority.member().await?);
        let sealed = |secret: u8| {
            let secret = ArcValue::new_bytes(vec![secret; 32]);
            hostile.network.vault.seal(Some(&secret))
        };
        // Says nothing of it; makes up a proof; or has none.
        for (challenge, proof) in
            [(None, vec![]), (Some(sealed(1)?), vec![7; 32]), (Some(sealed(2)?), vec![])]
        {
            let why = turned_away(&hostile, &victim, challenge, &proof).await?;
            assert!(why.contains("the key of the network"), "{why}");
        }
        assert_eq!(victim.network.peers.count(), 0);
        assert_eq!(victim.counting.calls.load(Ordering::SeqCst), 0);
        Ok(())
    })
}

#[test]
fn a_proof_is_good_for_one_connection() -> anyhow::Result<()> {
    run(async {
        let (victim, _honest, hostile) = three().await?;
        let connection = hostile.connection(&victim)?;
        let vault = &hostile.network.vault;
        let asked = session::challenge(vault, &connection)?;
        let proof = session::prove(vault, &connection, &asked.sealed)?;
        asked.check(&proof, "itself")?;
        let again = session::prove(vault, &hostile.reconnect(&victim).await?, &asked.sealed)?;
        assert_ne!(proof, again);
        assert!(asked.check(&again, "itself").is_err());
        Ok(())
    })
}

#[test]
fn a_challenge_shows_nobody_what_it_asks_for() -> anyhow::Result<()> {
    run(async {
        let authority = Authority::new()?;
        let member = authority.member().await?;
        let secret = [0x5a; 32];
        let sealed = member.network.vault.seal(Some(&ArcValue::new_bytes(secret.to_vec())))?;
        assert!(!sealed.windows(8).any(|part| part == &secret[..8]));
        let stranger = Authority::new()?.member().await?;
        assert!(stranger.network.vault.open(&sealed).is_err());
        Ok(())
    })
}
