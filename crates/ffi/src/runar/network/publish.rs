//! Publishing events to peers.

use futures_util::future::join_all;
use runar_node::network::transport::MESSAGE_TYPE_EVENT;
use runar_node::TopicPath;
use tokio::time::timeout;

use super::errors::check_size;
use super::link::Channel;
use super::Transport;
use crate::error::{Code, Error, Result};
use crate::runar::topic::path_of;
use crate::value::{self, ArcValue};

impl Transport {
    /// Publishes an event to the peers that subscribe to its topic.
    pub async fn publish(&self, topic: &str, value: Option<&ArcValue>) -> Result<()> {
        let topic = self.parse_topic(topic)?;
        let subscribers = self.peers.subscribers(&topic);
        if subscribers.is_empty() {
            return Ok(());
        }
        let path = path_of(&topic);
        let (mut sealed, mut portable) = (Vec::new(), Vec::new());
        if subscribers.iter().any(|link| link.as_session().is_none()) {
            sealed = self.cipher.seal(value).map_err(|error| error.at(path))?;
        }
        if subscribers.iter().any(|link| link.as_session().is_some()) {
            let null = ArcValue::null();
            portable = self.checked(path, value::from_core(value.unwrap_or(&null), None))?;
        }
        let published = join_all(subscribers.iter().map(|link| async {
            let publishing = async {
                match &link.channel {
                    Channel::Session(session) => session.publish(path, &portable).await,
                    Channel::Core(channel) => {
                        let frame = channel
                            .envelope
                            .frame(MESSAGE_TYPE_EVENT, topic.as_str(), &sealed)
                            .map_err(|error| error.at(&format!("{path}: the value")))?;
                        channel.publish(frame).await
                    }
                }
            };
            match timeout(self.step_timeout(), publishing).await {
                Ok(Err(error)) if error.code == Code::PeerLost => {
                    // The peer is gone, which the table of peers will show.
                    self.logger.debug(format!("{error}"));
                    Ok(())
                }
                Ok(published) => published,
                Err(_) => {
                    let text = format!("{path}: the peer {} takes no events", link.peer);
                    Err(Error::new(Code::Overload, text))
                }
            }
        }));
        published.await.into_iter().collect()
    }

    /// Publishes an event to the peers that subscribe to its topic, if each is a node of this SDK
    /// with capacity. `portable` makes the value.
    pub fn publish_now(
        &self,
        topic: &str,
        portable: impl FnOnce() -> Result<Vec<u8>>,
    ) -> Result<bool> {
        let topic = self.parse_topic(topic)?;
        let subscribers = self.peers.subscribers(&topic);
        let sessions = subscribers.iter().map(|link| link.as_session());
        let sessions = sessions.map(|session| session.filter(|session| session.has_capacity()));
        let Some(sessions) = sessions.collect::<Option<Vec<_>>>() else { return Ok(false) };
        if sessions.is_empty() {
            return Ok(true);
        }
        let path = path_of(&topic);
        let portable = self.checked(path, portable())?;
        for session in sessions {
            if let Err(error) = session.publish_now(path, &portable) {
                // The peer is gone, which the table of peers will show.
                self.logger.debug(format!("{error}"));
            }
        }
        Ok(true)
    }

    fn parse_topic(&self, topic: &str) -> Result<TopicPath> {
        let invalid = |why| Error::new(Code::InvalidArgument, why);
        TopicPath::new(topic, &self.network_id).map_err(invalid)
    }

    /// The value of an event, if it is not too large.
    fn checked(&self, path: &str, value: Result<Vec<u8>>) -> Result<Vec<u8>> {
        let bytes = value.map_err(|error| error.at(path))?;
        check_size(bytes.len(), self.config.max_payload_size.0 as usize)
            .map_err(|error| error.at(&format!("{path}: the value")))?;
        Ok(bytes)
    }
}
