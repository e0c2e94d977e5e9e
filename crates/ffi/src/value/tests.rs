//! Properties of any value and any bytes.

use std::collections::HashMap;

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::access::as_json;
use super::core_value::ArcValue;
use super::decode::to_core;
use super::encode::from_core;
use super::handles::HandleTable;
use super::portable::{from_peer, to_peer};
use super::typed::make;
use crate::error::Code;

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        // A float that is whole comes back as an integer: JavaScript knows no difference.
        any::<i32>().prop_map(|number| Value::from(f64::from(number) + 0.5)),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(".{0,4}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn written(value: &ArcValue, handles: &HandleTable) -> Vec<u8> {
    let written = from_core(value, Some(handles));
    assert!(written.is_ok());
    written.unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn any_bytes_are_a_value_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let handles = HandleTable::default();
        if let Err(error) = to_core(&bytes, &handles) {
            prop_assert!(matches!(error.code, Code::Value | Code::Closed));
        }
    }

    /// Tags and small counts are more likely to get far than any bytes.
    #[test]
    fn likely_bytes_are_a_value_or_an_error(bytes in prop::collection::vec(0u8..18, 0..64)) {
        let handles = HandleTable::default();
        handles.insert(ArcValue::new_bytes(vec![1]));
        if let Err(error) = to_core(&bytes, &handles) {
            prop_assert!(matches!(error.code, Code::Value | Code::Closed));
        }
    }

    #[test]
    fn json_comes_back_as_it_was(value in json_value()) {
        let handles = HandleTable::default();
        let bytes = written(&ArcValue::new_json(value.clone()), &handles);
        let back = make(&bytes, Some("json"), &handles).and_then(|value| as_json(&value));
        prop_assert_eq!(back.ok(), Some(value));
        prop_assert_eq!(handles.len(), 0);
    }

    /// Whatever a peer sends reaches JavaScript whole and checked, or not at all.
    #[test]
    fn what_a_peer_sends_is_one_value_or_an_error(bytes in prop::collection::vec(0u8..18, 0..64)) {
        let handles = HandleTable::default();
        handles.insert(ArcValue::new_bytes(vec![1]));
        match from_peer(&bytes, &handles) {
            Ok(checked) => prop_assert_eq!(checked, bytes),
            Err(error) => prop_assert_eq!(error.code, Code::Value),
        }
        prop_assert_eq!(handles.len(), 1);
    }

    #[test]
    fn values_travel_without_handles(
        small in json_value(),
        bytes in prop::collection::vec(any::<u8>(), 0..40_000),
    ) {
        let handles = HandleTable::default();
        let map: HashMap<String, ArcValue> = [
            ("bytes".to_owned(), ArcValue::new_bytes(bytes)),
            ("small".to_owned(), ArcValue::new_json(small)),
        ].into();
        let map = ArcValue::new_map(map);
        let plain = from_core(&map, None);
        prop_assert!(plain.is_ok());
        let plain = plain.unwrap_or_default();
        let sent = to_peer(&written(&map, &handles), &handles).unwrap_or_default();
        prop_assert_eq!(&sent, &plain);
        // Large bytes reach JavaScript by a handle, which leads to what was sent.
        let there = HandleTable::default();
        let got = from_peer(&sent, &there).unwrap_or_default();
        prop_assert_eq!(to_peer(&got, &there).unwrap_or_default(), plain);
        prop_assert_eq!((handles.len(), there.len()), (0, 0));
    }

    #[test]
    fn bytes_and_floats_come_back_from_the_depth_of_maps(
        bytes in prop::collection::vec(any::<u8>(), 0..40_000),
        floats in prop::collection::vec(any::<f64>(), 1..20),
    ) {
        let handles = HandleTable::default();
        let map: HashMap<String, ArcValue> = [
            ("bytes".to_owned(), ArcValue::new_bytes(bytes.clone())),
            ("floats".to_owned(), ArcValue::new_list(floats.clone())),
        ].into();
        let sent = written(&ArcValue::new_list(vec![ArcValue::new_map(map)]), &handles);
        let once = to_core(&sent, &handles).ok().flatten().unwrap_or_default();
        prop_assert_eq!(handles.len(), 0);
        let again = written(&once, &handles);
        // Large bytes have a new handle each time, but the same one here: the first is free again.
        prop_assert_eq!(sent, again);
    }
}

#[test]
fn a_value_that_contains_itself_is_an_error_and_no_overflow() {
    let nested = |tag: u8, levels: usize| {
        let mut bytes = Vec::new();
        for _ in 0..levels {
            bytes.extend([tag, 1, 0, 0, 0]);
        }
        bytes
    };
    let handles = HandleTable::default();
    for bytes in [nested(11, 100_000), vec![14; 100_000]] {
        assert_eq!(from_peer(&bytes, &handles).map_err(|error| error.code), Err(Code::Value));
        assert_eq!(
            to_core(&bytes, &handles).map(drop).map_err(|error| error.code),
            Err(Code::Value)
        );
    }
}

#[test]
fn a_count_that_is_not_there_takes_no_memory() {
    let handles = HandleTable::default();
    for tag in [10, 11, 12, 13] {
        let bytes = [tag, 255, 255, 255, 255];
        assert_eq!(from_peer(&bytes, &handles).map_err(|error| error.code), Err(Code::Value));
        assert_eq!(
            to_core(&bytes, &handles).map(drop).map_err(|error| error.code),
            Err(Code::Value)
        );
    }
}
