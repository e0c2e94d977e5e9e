//! The encryption of payloads for nodes of the core, with the key of the network.

use std::any::type_name;
use std::collections::HashMap;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;

use runar_keys::NodeKeyManager;
use runar_serializer::traits::{
    ConfigurableLabelResolver, KeyMappingConfig, LabelResolver, SerializationContext,
};

use crate::error::{Code, Error, Result};
use crate::value::{self, ArcValue, HandleTable, ValueCategory};

pub struct PayloadCipher {
    keys: Arc<NodeKeyManager>,
    network_id: String,
    labels: Arc<dyn LabelResolver>,
}

impl PayloadCipher {
    pub fn new(keys: Arc<NodeKeyManager>, network_id: String) -> Self {
        let labels = KeyMappingConfig { label_mappings: Default::default() };
        let labels = Arc::new(ConfigurableLabelResolver::new(labels));
        Self { keys, network_id, labels }
    }

    pub fn seal(&self, value: Option<&ArcValue>) -> Result<Vec<u8>> {
        let Some(value) = value.filter(|value| !value.is_null()) else {
            return Ok(vec![0]);
        };
        if is_readable(value, 0) {
            if let Ok(sealed) = self.seal_as_is(value) {
                return Ok(sealed);
            }
        }
        // A received value is refused too: the core cannot write what it has only read.
        self.seal_as_is(&rebuilt(value)?)
    }

    /// Seals a value without the check that the core can read it.
    pub fn seal_as_is(&self, value: &ArcValue) -> Result<Vec<u8>> {
        let context = SerializationContext {
            keystore: self.keys.clone(),
            resolver: self.labels.clone(),
            network_id: self.network_id.clone(),
            profile_public_key: None,
        };
        value.serialize(Some(&context)).map_err(|error| {
            Error::new(Code::Value, format!("cannot be sent to a peer: {error:#}"))
        })
    }

    pub fn open(&self, bytes: &[u8]) -> Result<Option<ArcValue>> {
        // The core's decoder takes the shortest of its headers for granted.
        let opened = catch_unwind(AssertUnwindSafe(|| {
            ArcValue::deserialize(bytes, Some(self.keys.clone()))
        }))
        .map_err(Error::from_panic)?
        .map_err(|error| Error::new(Code::Value, format!("cannot be read: {error:#}")))?;
        Ok(Some(opened).filter(|value| !value.is_null()))
    }
}

/// Whether the core of the peer can read a value as it is. It cannot read a top-level i32, u32, u64
/// or f32, nor null within a map or a list.
fn is_readable(value: &ArcValue, depth: usize) -> bool {
    if depth > value::MAX_DEPTH {
        return false;
    }
    match value.category() {
        ValueCategory::Null => depth == 0,
        ValueCategory::Primitive => {
            let readable = [type_name::<String>(), "i64", "f64", "bool"];
            value.type_name().is_some_and(|name| readable.contains(&name))
        }
        ValueCategory::List => value::typed::<Vec<ArcValue>>(value)
            .is_none_or(|items| items.iter().all(|item| is_readable(item, depth + 1))),
        ValueCategory::Map => value::typed::<HashMap<String, ArcValue>>(value)
            .is_none_or(|items| items.values().all(|item| is_readable(item, depth + 1))),
        ValueCategory::Bytes | ValueCategory::Struct | ValueCategory::Json => true,
    }
}

/// The value, made anew from its binary form.
fn rebuilt(value: &ArcValue) -> Result<ArcValue> {
    let bytes = value::from_core(value, None)?;
    Ok(value::to_core(&bytes, &HandleTable::default())?.unwrap_or_else(ArcValue::null))
}
