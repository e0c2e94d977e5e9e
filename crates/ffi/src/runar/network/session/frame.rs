//! The frames of a session: a length (u32, little endian), a kind, the number of the call, and a
//! body.

use bytes::BufMut;

use crate::call_metadata::CallMetadata;
use crate::codec::{put_sized, Reader};
use crate::error::{Code, Error, Result};

/// The size of kind and number.
pub const HEAD: usize = 5;

pub fn put_head(out: &mut Vec<u8>, kind: u8, number: u32, body: usize) {
    out.put_u32_le((HEAD + body) as u32);
    out.push(kind);
    out.put_u32_le(number);
}

/// The head of a frame on a stream of its own, which has no length.
pub fn head(kind: u8, number: u32) -> Vec<u8> {
    let mut head = vec![kind];
    head.put_u32_le(number);
    head
}

pub struct Frame<'a> {
    pub kind: u8,
    pub number: u32,
    pub body: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Parses a frame without its length.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let mut reader = Reader::new(bytes);
        Ok(Self { kind: reader.u8()?, number: reader.u32()?, body: reader.rest() })
    }
}

/// The first whole frame without its length, and its size with it.
pub fn first(bytes: &[u8], limit: usize) -> Result<Option<(&[u8], usize)>> {
    let Some(length) = bytes.first_chunk::<4>() else {
        return Ok(None);
    };
    let length = u32::from_le_bytes(*length) as usize;
    if length < HEAD || length > limit {
        let text = format!("a frame of {length} bytes, where {HEAD} to {limit} may come");
        return Err(Error::new(Code::PeerLost, text));
    }
    Ok(bytes.get(4..4 + length).map(|frame| (frame, 4 + length)))
}

/// The body of a call without its timeout, which precedes it and changes when the call is sent again.
pub fn call_body(path: &str, metadata: &CallMetadata, payload: &[u8]) -> Vec<u8> {
    let texts = path.len() + metadata.request_id.len() + metadata.traceparent.len();
    let mut out = Vec::with_capacity(17 + texts + payload.len());
    metadata.write_after_timeout(&mut out);
    put_sized(&mut out, path.as_bytes());
    out.extend_from_slice(payload);
    out
}

/// A body of `call_body`, behind its timeout.
pub struct Call<'a> {
    pub path: &'a str,
    pub metadata: CallMetadata,
    pub payload: &'a [u8],
}

impl<'a> Call<'a> {
    pub fn parse(body: &'a [u8]) -> Result<Self> {
        let mut reader = Reader::new(body);
        let metadata = CallMetadata::read(&mut reader)?.sanitized();
        let path = reader.string()?;
        Ok(Self { path, metadata, payload: reader.rest() })
    }
}

pub fn event_body(topic: &str, payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(4 + topic.len() + payload.len());
    put_sized(&mut out, topic.as_bytes());
    out.extend_from_slice(payload);
    out
}

pub fn event(body: &[u8]) -> Result<(&str, &[u8])> {
    let mut reader = Reader::new(body);
    Ok((reader.string()?, reader.rest()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::protocol::frame_kind;

    const LIMIT: usize = 256;

    /// A frame of each kind, as a peer sends it.
    fn genuine() -> Vec<Vec<u8>> {
        let metadata = CallMetadata {
            timeout_ms: 500,
            positional: true,
            request_id: "order-7".to_owned(),
            traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
        };
        let mut call = metadata.timeout_ms.to_le_bytes().to_vec();
        call.extend(call_body("network:math/add", &metadata, &[13, 2, 0, 0, 0]));
        let event = event_body("orders/placed", &[7, 1, 0, 0, 0, 97]);
        let bodies = [
            (frame_kind::CALL, call.as_slice()),
            (frame_kind::CANCEL, &[]),
            (frame_kind::REPLY, &[4, 1, 0, 0, 0]),
            (frame_kind::ERROR, br#"{"code":"ERR_RUNAR_ACTION","message":"planned"}"#),
            (frame_kind::EVENT, &event),
        ];
        let framed = |(kind, body): (u8, &[u8])| {
            let mut frame = Vec::new();
            put_head(&mut frame, kind, 7, body.len());
            frame.extend_from_slice(body);
            frame
        };
        bodies.map(framed).into()
    }

    /// FrameReader with bits of them flipped, cut somewhere, and something made up behind them.
    fn hostile() -> impl Strategy<Value = Vec<u8>> {
        let frames = prop::collection::vec(prop::sample::select(genuine()), 1..3);
        let flips = prop::collection::vec((any::<prop::sample::Index>(), 0..8u8), 0..4);
        let made_up = prop::collection::vec(any::<u8>(), 0..16);
        (frames, flips, any::<prop::sample::Index>(), made_up).prop_map(
            |(frames, flips, cut, made_up)| {
                let mut bytes = frames.concat();
                for (at, bit) in flips {
                    let at = at.index(bytes.len());
                    bytes[at] ^= 1 << bit;
                }
                bytes.truncate(cut.index(bytes.len() + 1));
                bytes.extend(made_up);
                bytes
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000_000))]

        /// However a hostile peer cuts and bends its messages: an error, or what is there.
        #[test]
        fn any_bytes_are_frames_or_an_error(bytes in hostile()) {
            let mut rest = bytes.as_slice();
            while let Ok(Some((frame, length))) = first(rest, LIMIT) {
                prop_assert!(frame.len() <= LIMIT);
                prop_assert_eq!(frame, &rest[4..length]);
                let frame = Frame::parse(frame).map_err(|error| TestCaseError::fail(error.message))?;
                prop_assert_eq!(frame.body.len() + HEAD + 4, length);
                if let Ok(call) = Call::parse(frame.body) {
                    prop_assert!(call.path.len() + call.payload.len() < frame.body.len());
                }
                if let Ok((topic, payload)) = event(frame.body) {
                    prop_assert_eq!(topic.len() + payload.len() + 4, frame.body.len());
                }
                rest = &rest[length..];
            }
        }
    }

    #[test]
    fn a_call_arrives_as_it_was_sent_and_no_part_of_it_does() -> Result<()> {
        let metadata = CallMetadata {
            timeout_ms: 500,
            positional: true,
            request_id: "a".to_owned(),
            traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
        };
        let mut body = metadata.timeout_ms.to_le_bytes().to_vec();
        body.extend(call_body("network:math/add", &metadata, &[1, 2, 3]));
        let call = Call::parse(&body)?;
        assert_eq!(
            (call.path, &call.metadata, call.payload),
            ("network:math/add", &metadata, &[1, 2, 3][..])
        );
        for cut in 0..body.len() - 3 {
            assert!(Call::parse(&body[..cut]).is_err());
        }
        Ok(())
    }

    #[test]
    fn a_length_that_nobody_may_claim_is_an_error_before_the_rest_has_come() {
        assert!(first(&u32::MAX.to_le_bytes(), 1 << 20).is_err());
        assert!(first(&[0; 4], 1 << 20).is_err());
        assert!(matches!(first(&[5, 0, 0], 1 << 20), Ok(None)));
    }
}
