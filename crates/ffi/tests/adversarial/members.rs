//! Attacks of members of the network, which have everything that a session needs.

use bytes::BufMut;
use futures_util::FutureExt;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use quinn::VarInt;
use std::time::Duration;
use tokio::time::timeout;

use super::memory;
use super::nodes::{closed, run, run_alone, send, three, Authority, WAIT};
use crate::codec::put_sized;
use crate::config::NetworkConfig;

/// Kinds of streams and frames, written by hand: attackers use no code of the SDK.
const CALLS: u8 = 1;
const EVENTS: u8 = 2;
const SINGLE: u8 = 3;
const CALL: u8 = 2;
const CANCEL: u8 = 3;

fn frame(kind: u8, number: u32, body: &[u8]) -> Vec<u8> {
    let mut frame = Vec::new();
    frame.put_u32_le(5 + body.len() as u32);
    frame.push(kind);
    frame.put_u32_le(number);
    frame.extend_from_slice(body);
    frame
}

fn call(number: u32, topic: &str) -> Vec<u8> {
    let mut body = 10_000u32.to_le_bytes().to_vec();
    let mut metadata = vec![0];
    put_sized(&mut metadata, b"request");
    put_sized(&mut metadata, b"");
    put_sized(&mut body, &metadata);
    put_sized(&mut body, topic.as_bytes());
    body.extend_from_slice(b"payload");
    frame(CALL, number, &body)
}

#[test]
fn a_length_of_four_gibibytes_takes_no_memory_and_closes_the_connection() -> anyhow::Result<()> {
    run_alone(memory::stays(async {
        let (victim, honest, hostile) = three().await?;
        for kind in [CALLS, EVENTS] {
            let connection = hostile.reconnect(&victim).await?;
            let mut stream = connection.open_uni().await?;
            stream.write_all(&[kind, 255, 255, 255, 255]).await?;
            let why = closed(&connection).await?;
            assert!(why.contains("a frame of 4294967295 bytes"), "{kind}: {why}");
        }
        // Parts of a call that have lengths too.
        for part in [&[255; 4][..], &[5, 0, 0, 0, 0, 255, 255, 255, 255]] {
            let connection = hostile.reconnect(&victim).await?;
            let body = [10_000u32.to_le_bytes().as_slice(), part].concat();
            send(&connection, &[&[CALLS], frame(CALL, 1, &body).as_slice()].concat()).await?;
            let why = closed(&connection).await?;
            assert!(why.contains("shorter than it declares"), "{why}");
        }
        honest.echo(&victim).await?;
        // Those of the honest peer alone.
        assert_eq!(victim.counting.calls(), 2);
        Ok(())
    }))
}

#[test]
fn an_endless_message_closes_the_connection() -> anyhow::Result<()> {
    run_alone(async {
        let authority = Authority::new()?;
        let config =
            NetworkConfig { max_payload_size: crate::config::Bytes(1 << 20), ..Default::default() };
        let victim = authority.member_with(config).await?;
        let (honest, hostile) = (authority.member().await?, authority.member().await?);
        honest.connect(&victim).await?;
        hostile.connect(&victim).await?;
        memory::stays(async {
            let connection = hostile.connection(&victim)?;
            let mut stream = connection.open_uni().await?;
            stream.write_all(&[SINGLE, CALL]).await?;
            while stream.write_all(&[0; 1 << 16]).await.is_ok() {}
            let why = closed(&connection).await?;
            assert!(why.contains("a message of more than"), "{why}");
            honest.echo(&victim).await
        })
        .await?;
        assert_eq!(victim.counting.calls(), 1);
        Ok(())
    })
}

/// Streams of a hostile peer: arbitrary bytes, or a call of an unknown action, truncated and with
/// flipped bits.
fn bad_streams() -> impl Strategy<Value = Vec<u8>> {
    let made_up = (0..4u8, any::<bool>(), prop::collection::vec(any::<u8>(), 1..64)).prop_map(
        |(kind, is_framed, bytes)| {
            let length =
                if is_framed { (bytes.len() as u32).to_le_bytes().to_vec() } else { vec![] };
            [vec![kind], length, bytes].concat()
        },
    );
    let flips = prop::collection::vec((any::<prop::sample::Index>(), 0..8u8), 0..4);
    let bent =
        (prop::sample::select(vec![CALLS, EVENTS, SINGLE]), flips, any::<prop::sample::Index>())
            .prop_map(|(kind, flips, cut)| {
                let mut bytes = call(7, "network:nobody/has");
                for (at, bit) in flips {
                    let at = at.index(bytes.len());
                    bytes[at] ^= 1 << bit;
                }
                bytes.truncate(cut.index(bytes.len() + 1));
                [vec![kind], bytes].concat()
            });
    prop_oneof![made_up, bent]
}

#[test]
fn malformed_frames_run_no_handler() -> anyhow::Result<()> {
    const ROUNDS: usize = 500;
    run_alone(async {
        let (victim, honest, hostile) = three().await?;
        memory::stays(async {
            let mut runner = TestRunner::deterministic();
            let streams = bad_streams();
            for _ in 0..ROUNDS {
                // What is bad costs the connection, at once or when the next comes.
                let connection = hostile.open_connection(&victim).await?;
                let stream = streams.new_tree(&mut runner).map_err(anyhow::Error::msg)?.current();
                let _ = send(&connection, &stream).await;
                honest.echo(&victim).await?;
            }
            Ok(())
        })
        .await?;
        // Those of the honest peer alone.
        assert_eq!(victim.counting.calls(), 1 + ROUNDS);
        Ok(())
    })
}

#[test]
fn streams_beyond_the_limit_are_not_opened() -> anyhow::Result<()> {
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
fn a_hundred_thousand_streams_take_no_memory_and_delay_no_peer() -> anyhow::Result<()> {
    const STREAMS: usize = 100_000;
    run_alone(async {
        let (victim, honest, hostile) = three().await?;
        let connection = hostile.connection(&victim)?;
        memory::stays(async {
            let mut echoes = 0;
            for opened in 0..STREAMS {
                let mut stream = timeout(WAIT, connection.open_uni()).await??;
                match opened % 3 {
                    // A stream without a kind; a stream of calls without a call; one that is reset.
                    0 => stream.reset(VarInt::from_u32(0))?,
                    1 => stream.write_all(&[CALLS]).await?,
                    _ => {
                        stream.write_all(&[SINGLE]).await?;
                        stream.reset(VarInt::from_u32(0))?;
                    }
                }
                if opened % 1_000 == 0 {
                    honest.echo(&victim).await?;
                    echoes += 1;
                }
            }
            // Those of the honest peer alone, and the one before.
            assert_eq!(victim.counting.calls(), 1 + echoes);
            Ok(())
        })
        .await
    })
}

#[test]
fn a_peer_cancels_its_own_calls_and_no_others() -> anyhow::Result<()> {
    run(async {
        let (victim, honest, hostile) = three().await?;
        let (call, mut result) = honest.call(&victim, "here/wait", b"")?;
        victim.counting.until_waiting(1).await?;
        let connection = hostile.connection(&victim)?;
        let mut bytes = vec![CALLS];
        for number in 0..1_000 {
            bytes.extend(frame(CANCEL, number, &[]));
        }
        send(&connection, &bytes).await?;
        honest.echo(&victim).await?;
        assert!((&mut result).now_or_never().is_none());
        call.cancel();
        victim.counting.until_waiting(0).await
    })
}

#[test]
fn calls_with_the_same_number_do_not_evade_the_limit() -> anyhow::Result<()> {
    run(async {
        let (victim, honest, hostile) = three().await?;
        let connection = hostile.connection(&victim)?;
        let topic = format!("{}:here/wait", victim.transport.network_id);
        send(&connection, &[vec![CALLS], call(7, &topic).repeat(10)].concat()).await?;
        let why = closed(&connection).await?;
        assert!(why.contains("the number 7"), "{why}");
        victim.counting.until_waiting(0).await?;
        // One of the hostile peer, which was ended, and two of the honest one.
        honest.echo(&victim).await?;
        assert_eq!(victim.counting.calls(), 3);
        Ok(())
    })
}

#[test]
fn unexpected_replies_are_ignored() -> anyhow::Result<()> {
    run(async {
        let (victim, honest, hostile) = three().await?;
        let connection = hostile.connection(&victim)?;
        let answers = [(4, 7), (5, 7), (6, 7), (4, 0)];
        let frames = answers.map(|(kind, number)| frame(kind, number, &[0])).concat();
        send(&connection, &[vec![CALLS], frames].concat()).await?;
        honest.echo(&victim).await?;
        hostile.echo(&victim).await
    })
}
