//! What a node offers to its peers: its services, and the topics that it subscribes to.

use std::collections::BTreeSet;
use std::sync::Mutex;

use runar_schemas::ServiceMetadata;

use crate::sync::lock;

#[derive(Default)]
pub struct Offers {
    services: Mutex<Vec<ServiceMetadata>>,
    topics: Mutex<BTreeSet<String>>,
}

impl Offers {
    pub fn add_service(&self, service: ServiceMetadata) {
        let mut services = lock(&self.services);
        services.retain(|known| known.service_path != service.service_path);
        services.push(service);
    }

    pub fn remove_service(&self, path: &str) {
        lock(&self.services).retain(|known| known.service_path != path);
    }

    pub fn clear_services(&self) {
        lock(&self.services).clear();
    }

    /// Adds or removes a topic. Returns whether that changed something.
    pub fn set_topic(&self, topic: &str, subscribed: bool) -> bool {
        let mut topics = lock(&self.topics);
        match subscribed {
            true => topics.insert(topic.to_owned()),
            false => topics.remove(topic),
        }
    }

    pub fn services(&self) -> Vec<ServiceMetadata> {
        lock(&self.services).clone()
    }

    pub fn topics(&self) -> Vec<String> {
        lock(&self.topics).iter().cloned().collect()
    }
}
