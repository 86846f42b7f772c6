//! The endpoint's line of events, as the console's browser reads it.

use anyhow::{Context as _, Result};
use protocol::console::SlotChanged;
use reqwest::Response;

/// How a line with content begins.
const DATA: &str = "data:";

/// What changes, one after the other.
pub struct Changes {
    answer: Response,
    /// What has come of the next line.
    begun: Vec<u8>,
}

impl Changes {
    /// Out of an answer that does not end.
    #[must_use]
    pub fn of(answer: Response) -> Self {
        Self {
            answer,
            begun: Vec::new(),
        }
    }

    /// The next one; `None` when the endpoint ended the line.
    ///
    /// # Errors
    /// When the line breaks, or says what is no change.
    pub async fn next(&mut self) -> Result<Option<SlotChanged>> {
        loop {
            while let Some(end) = self.begun.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.begun.drain(..=end).collect();
                let line = String::from_utf8(line)?;
                let Some(data) = line.trim_end().strip_prefix(DATA) else {
                    continue;
                };
                let change = serde_json::from_str(data.trim_start());
                return change
                    .with_context(|| format!("no change: {line}"))
                    .map(Some);
            }
            let Some(more) = self.answer.chunk().await? else {
                return Ok(None);
            };
            self.begun.extend_from_slice(&more);
        }
    }
}
