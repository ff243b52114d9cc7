//! The mail server of a world: out of reach now and then, and it says no to some.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use throughline_messages::{Mail, Post, PostError};

use crate::{turns::give_way, weather::Weather};

pub struct Server {
    pub weather: Arc<Weather>,
    /// Mails taken by their ids, and how often each came.
    pub taken: Mutex<BTreeMap<String, u32>>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a mail server")
    }
}

#[async_trait]
impl Post for Server {
    async fn send(&self, mail: &Mail) -> Result<(), PostError> {
        give_way().await;
        if self.weather.reaches(usize::MAX, "mail").is_err() {
            return Err(PostError::later("nobody there"));
        }
        let id = mail.id.to_string();
        *self.taken.lock().unwrap_or_else(PoisonError::into_inner).entry(id.clone()).or_default() += 1;
        let broken = self.weather.answers(usize::MAX, "mail", &id);
        give_way().await;
        broken.map_err(|_| PostError::later("it broke off"))
    }
}
