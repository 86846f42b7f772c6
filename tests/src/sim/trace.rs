//! What happened, as lines that are the same whenever the seed is.
//!
//! Ids and keys come from the system's randomness; a trace uses names of its
//! own for them, so that two runs of a seed can be compared line by line.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

/// The lines of one run, hashed as they come.
pub struct Trace {
    lines: Option<Vec<String>>,
    hash: Sha256,
    events: u64,
    names: BTreeMap<String, String>,
}

impl Trace {
    /// An empty trace that keeps its lines when `is_kept`.
    #[must_use]
    pub fn new(is_kept: bool) -> Self {
        Self {
            lines: is_kept.then(Vec::new),
            hash: Sha256::new(),
            events: 0,
            names: BTreeMap::new(),
        }
    }

    /// One more line.
    pub fn say(&mut self, at_ms: i64, who: &str, what: &str) {
        let line = format!("{:>10.3}s  {who:<9} {what}", at_ms as f64 / 1_000.0);
        self.hash.update(line.as_bytes());
        self.hash.update(b"\n");
        self.events += 1;
        if let Some(lines) = &mut self.lines {
            lines.push(line);
        }
    }

    /// Calls a thing with this id so from now on.
    pub fn call(&mut self, id: &str, name: impl Into<String>) {
        self.names.insert(id.to_owned(), name.into());
    }

    /// The name of a thing.
    #[must_use]
    pub fn name(&self, id: &str) -> String {
        let name = self.names.get(id);
        name.cloned().unwrap_or_else(|| "something".to_owned())
    }

    /// Whether a thing has a name.
    #[must_use]
    pub fn knows(&self, id: &str) -> bool {
        self.names.contains_key(id)
    }

    /// Number of lines.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events
    }

    /// The hash of all lines, and the lines if they were kept.
    #[must_use]
    pub fn finish(self) -> (String, Vec<String>) {
        let hash = hex::encode(self.hash.finalize());
        (hash[..16].to_owned(), self.lines.unwrap_or_default())
    }
}
