//! Somebody at a console with a keyboard and no mouse, and how long he or she
//! waits.
//!
//! A wait is measured in the page: it begins with the key's own time stamp and
//! ends behind the frame that shows what the key was pressed for, so that the
//! way of driver and test does not count.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use fantoccini::Locator;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::steps::{Steps, Wait};
use crate::stage::screen::Screen;

/// Keys without a letter, as the driver has them.
pub const ENTER: &str = "\u{e006}";
/// To the next thing that takes the focus.
pub const TAB: &str = "\u{e004}";
/// Away from a field, or out of a dialog.
pub const ESCAPE: &str = "\u{e00c}";
/// One up.
pub const BACKSPACE: &str = "\u{e003}";
/// The arrows that are used.
pub const DOWN: &str = "\u{e015}";
/// See [`DOWN`].
pub const RIGHT: &str = "\u{e014}";
/// Both together.
pub const CTRL_ENTER: &str = "\u{e009}\u{e006}";

/// Control and Shift are held for the key that follows them.
const HELD: [char; 2] = ['\u{e009}', '\u{e008}'];
/// More presses of Tab than any screen has things to reach.
const TABS_MAX: usize = 120;
/// The watcher that measures, with what it waits for left open.
const WATCH: &str = include_str!("watch.js");

/// Somebody at a console.
pub struct Person<'a> {
    /// What he or she sees.
    pub screen: &'a Screen,
    /// What was done, and how long it took.
    pub steps: Steps,
    /// How long a screen is looked at before the key that is measured: of no
    /// account for what works, and of much for how long is waited, for
    /// meanwhile the screen before is finished and the next items are loaded.
    look: Duration,
}

impl<'a> Person<'a> {
    /// Somebody who has done nothing yet.
    #[must_use]
    pub fn at(screen: &'a Screen, look: Duration) -> Self {
        Self {
            screen,
            steps: Steps::default(),
            look,
        }
    }

    /// Presses these keys one after the other.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn press(&self, keys: &str) -> Result<()> {
        let mut actions = KeyActions::new("keyboard".to_owned());
        let mut held = None;
        for value in keys.chars() {
            actions = actions.then(KeyAction::Down { value });
            if HELD.contains(&value) {
                held = Some(value);
                continue;
            }
            actions = actions.then(KeyAction::Up { value });
            if let Some(value) = held.take() {
                actions = actions.then(KeyAction::Up { value });
            }
        }
        Ok(self.screen.client().perform_actions(actions).await?)
    }

    /// Presses these keys, and notes how long after the last one `shown` says
    /// something else than before: an expression of the page that is false, or
    /// null, or as it was, until the screen shows what was wanted.
    ///
    /// # Errors
    /// When it is shown already, or never comes.
    pub async fn waits(&mut self, step: &'static str, keys: &str, shown: &str) -> Result<()> {
        let wait = self.measured(step, keys, shown).await?;
        self.steps.add(step, wait);
        Ok(())
    }

    /// The same for a file that is made or taken in: what has to come at once
    /// is the sight of how far it is.
    ///
    /// # Errors
    /// When it is shown already, or never comes.
    pub async fn waits_for_file(
        &mut self,
        step: &'static str,
        keys: &str,
        shown: &str,
    ) -> Result<()> {
        let wait = self.measured(step, keys, shown).await?;
        self.steps.add_file(step, wait);
        Ok(())
    }

    async fn measured(&self, step: &str, keys: &str, shown: &str) -> Result<Wait> {
        let (before, last) = split(keys);
        if !before.is_empty() {
            self.press(before).await?;
        }
        tokio::time::sleep(self.look).await;
        self.watch("keydown", step, shown).await?;
        self.press(last).await?;
        self.watched(step, shown).await
    }

    /// Picks a file for the input found by its selector, which a key has opened,
    /// as the system's own dialog would; and notes how long it was until
    /// `shown`.
    ///
    /// # Errors
    /// When no key has opened it, or `shown` never comes.
    pub async fn brings(
        &mut self,
        step: &'static str,
        input: &str,
        file: &Path,
        shown: &str,
    ) -> Result<()> {
        self.screen
            .until("return window.saksiPicking === true")
            .await
            .context("no key opens the choice of a file")?;
        self.script("window.saksiPicking = false").await?;
        self.watch("change", step, shown).await?;
        let field = self.screen.client().find(Locator::Css(input)).await?;
        field.send_keys(&file.to_string_lossy()).await?;
        let wait = self.watched(step, shown).await?;
        self.steps.add_file(step, wait);
        Ok(())
    }

    async fn watch(&self, event: &str, step: &str, shown: &str) -> Result<()> {
        let script = WATCH
            .replace("__SHOWN__", shown)
            .replace("__EVENT__", &format!("{event:?}"));
        let said = self.script(&script).await?;
        ensure!(said.is_null(), "{step}: {said}");
        Ok(())
    }

    async fn watched(&self, step: &str, shown: &str) -> Result<Wait> {
        let script = "const done = arguments[arguments.length - 1]; window.saksiWatch.then(done)";
        match self.screen.client().execute_async(script, vec![]).await {
            Ok(said) => serde_json::from_value(said).context("no wait"),
            Err(cause) => bail!(
                "{step}: {shown} never came ({cause}); the screen says:\n{}",
                self.screen.words().await?
            ),
        }
    }

    /// What a script says of the page.
    ///
    /// # Errors
    /// When it cannot be run.
    pub async fn script(&self, script: &str) -> Result<Value> {
        Ok(self.screen.client().execute(script, vec![]).await?)
    }

    /// The same, as a type.
    ///
    /// # Errors
    /// When it cannot be run or says something else.
    pub async fn read<T: DeserializeOwned>(&self, expression: &str) -> Result<T> {
        let said = self.script(&format!("return {expression}")).await?;
        serde_json::from_value(said).with_context(|| expression.to_owned())
    }

    /// Waits, unmeasured, until an expression of the page is true.
    ///
    /// # Errors
    /// When it never is.
    pub async fn sees(&self, expression: &str) -> Result<()> {
        self.screen.until(&format!("return !!({expression})")).await
    }

    /// Presses Tab until the focus is on what the selector finds.
    ///
    /// # Errors
    /// When it never is.
    pub async fn tab_to(&self, css: &str) -> Result<()> {
        let is_there = format!("!!document.activeElement?.matches({css:?})");
        for _ in 0..TABS_MAX {
            if self.read(&is_there).await? {
                return Ok(());
            }
            self.press(TAB).await?;
        }
        bail!("Tab never comes to {css}")
    }

    /// Waits until what the selector finds has the focus by itself.
    ///
    /// # Errors
    /// When it does not get it.
    pub async fn is_on(&self, css: &str) -> Result<()> {
        let focus = format!("document.activeElement?.matches({css:?})");
        self.sees(&focus)
            .await
            .with_context(|| format!("{css} does not get the focus"))
    }

    /// Keeps a picture of the screen, once nothing on it is still to come.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub async fn picture(&self, name: &str) -> Result<()> {
        let still = "!document.querySelector('[aria-busy=true]')
            && [...document.images].every((image) => image.complete)";
        self.sees(still).await?;
        // What was said of the step before belongs to no picture.
        let said = "const said = document.querySelector('.notices')?.style;
            if (said) said.visibility = said.visibility ? '' : 'hidden';";
        self.script(said).await?;
        self.screen.picture(name).await?;
        self.script(said).await.map(drop)
    }
}

/// All keys but the last, and the last with what is held for it.
fn split(keys: &str) -> (&str, &str) {
    let mut starts = keys.char_indices().rev();
    let mut at = starts.next().map_or(0, |(at, _)| at);
    for (before, key) in starts {
        if !HELD.contains(&key) {
            break;
        }
        at = before;
    }
    keys.split_at(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_belongs_to_the_last_key() {
        assert_eq!(split("abc"), ("ab", "c"));
        assert_eq!(split("a\u{e009}\u{e006}"), ("a", CTRL_ENTER));
        assert_eq!(split(CTRL_ENTER), ("", CTRL_ENTER));
        assert_eq!(split("x"), ("", "x"));
    }
}
