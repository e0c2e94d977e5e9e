//! The way of answers from the threads that have them to the gateway's own, which is woken once for
//! all that a thread has to say.

use std::sync::{Arc, Mutex};

use tokio::sync::{oneshot, Notify};

use super::endpoint::Endpoint;
use crate::error::{Code, Error, Result};
use crate::isolate::wakeups;
use crate::sync::lock;

type Answer = Result<Vec<u8>>;

#[derive(Clone, Default)]
pub struct Calls(Arc<Shared>);

#[derive(Default)]
struct Shared {
    answers: Mutex<Vec<(oneshot::Sender<Answer>, Answer)>>,
    arrived: Notify,
}

impl Calls {
    /// Calls, and waits for the answer. The call is given up when this future is dropped.
    pub async fn call(&self, endpoint: &dyn Endpoint, path: String, payload: Vec<u8>) -> Answer {
        let (tell, told) = oneshot::channel();
        let shared = self.0.clone();
        let _cancel =
            endpoint.call(path, payload, Box::new(move |answer| shared.put(tell, answer)));
        let lost = || Error::new(Code::Stopped, "The gateway has stopped");
        told.await.unwrap_or_else(|_| Err(lost()))
    }

    /// Hands answers out, without end. Runs on the gateway's thread, where that wakes cheaply.
    pub async fn hand_out(&self) {
        loop {
            self.0.arrived.notified().await;
            let answers = std::mem::take(&mut *lock(&self.0.answers));
            for (tell, answer) in answers {
                // The client has hung up.
                let _ = tell.send(answer);
            }
        }
    }
}

impl Shared {
    fn put(self: &Arc<Self>, tell: oneshot::Sender<Answer>, answer: Answer) {
        let mut answers = lock(&self.answers);
        let is_first = answers.is_empty();
        answers.push((tell, answer));
        drop(answers);
        if is_first {
            let shared = self.clone();
            wakeups::wake(move || shared.arrived.notify_one());
        }
    }
}
