//! A screen as a person uses it: sees words, presses what carries a label,
//! types into what is labelled.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

/// How long something is waited for before it is called broken: longer than the
/// app itself rests after the failures of half a minute without signal (16 to 32
/// seconds), and than it bears the silence of a link before that (30).
const PATIENCE: Duration = Duration::from_secs(90);

/// Answers `true` when an image has been painted, else with what was wrong.
const SHOWN: &str = "const [image, answer] = arguments;
    image.decode().then(
        () => requestAnimationFrame(() => requestAnimationFrame(() => answer(true))),
        (cause) => answer(String(cause)));";

/// A window or browser under a driver.
pub struct Screen {
    client: Client,
    driver: String,
}

impl Screen {
    /// The window that the driver at this address holds for the client.
    pub(super) fn new(client: Client, driver: String) -> Self {
        Self { client, driver }
    }

    /// The driver's own client, for what has no word here.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Gives Chromium a command of its own that no driver has a word for: what
    /// its printer would be given, what its page looks like on paper.
    ///
    /// # Errors
    /// When it does not take it.
    pub async fn devtools(&self, command: &str, parameters: &Value) -> Result<Value> {
        let session = self.client.session_id().await?.context("no session")?;
        let asked = format!("{}/session/{session}/goog/cdp/execute", self.driver);
        let body = json!({ "cmd": command, "params": parameters });
        let answer = reqwest::Client::new()
            .post(asked)
            .json(&body)
            .send()
            .await?;
        let mut said: Value = answer.error_for_status()?.json().await?;
        Ok(said["value"].take())
    }

    /// Opens an address.
    ///
    /// # Errors
    /// When the browser cannot.
    pub async fn open(&self, address: &str) -> Result<()> {
        Ok(self.client.goto(address).await?)
    }

    /// Makes the inside of the window `width` by `height`.
    ///
    /// # Errors
    /// When the driver cannot.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.client.set_window_size(width, height).await?;
        let inner = self
            .client
            .execute("return [window.innerWidth, window.innerHeight]", vec![])
            .await?;
        let lacking = |at: usize, wanted: u32| {
            wanted.saturating_sub(
                u32::try_from(inner[at].as_u64().unwrap_or_default()).unwrap_or(wanted),
            )
        };
        Ok(self
            .client
            .set_window_size(width + lacking(0, width), height + lacking(1, height))
            .await?)
    }

    /// Waits until the element is there.
    ///
    /// # Errors
    /// When it does not come; the message names what was looked for and the
    /// words on the screen.
    pub async fn find(&self, css: &str) -> Result<Element> {
        let found = self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::Css(css))
            .await;
        match found {
            Ok(element) => Ok(element),
            Err(_) => Err(anyhow::anyhow!(
                "no {css} on the screen, which says:\n{}",
                self.words().await?
            )),
        }
    }

    /// Waits until these words can be read anywhere on the screen.
    ///
    /// # Errors
    /// When they do not come; the message holds what is there instead.
    pub async fn see(&self, words: &str) -> Result<()> {
        self.wait_for_words(words, true).await
    }

    /// Waits until these words are gone.
    ///
    /// # Errors
    /// When they stay.
    pub async fn see_no_more(&self, words: &str) -> Result<()> {
        self.wait_for_words(words, false).await
    }

    async fn wait_for_words(&self, words: &str, are_there: bool) -> Result<()> {
        let deadline = std::time::Instant::now() + PATIENCE;
        loop {
            let screen = self.words().await?;
            if screen.contains(words) == are_there {
                return Ok(());
            }
            let verb = if are_there { "come" } else { "go" };
            anyhow::ensure!(
                std::time::Instant::now() < deadline,
                "the words {words:?} did not {verb}; the screen says:\n{screen}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// All words on the screen.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn words(&self) -> Result<String> {
        let text = self
            .client
            .execute(
                "return document.body ? document.body.innerText : ''",
                vec![],
            )
            .await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Presses the button or link that carries this label.
    ///
    /// # Errors
    /// When there is none.
    pub async fn press(&self, label: &str) -> Result<()> {
        let quoted = format!("{label:?}");
        let path = format!(
            "//*[self::button or self::a or self::summary or @role='button' or self::label]\
             [normalize-space(.)={quoted} or @aria-label={quoted} or .//*[normalize-space(text())={quoted}]]"
        );
        let found = self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::XPath(&path))
            .await;
        let Ok(button) = found else {
            anyhow::bail!(
                "nothing labelled {label:?} to press; the screen says:\n{}",
                self.words().await?
            );
        };
        self.click(&button).await
    }

    /// Presses an element found by its selector.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn press_at(&self, css: &str) -> Result<()> {
        let element = self.find(css).await?;
        self.click(&element).await
    }

    /// Scrolls to the element found by its selector.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn bring_into_sight(&self, css: &str) -> Result<()> {
        let element = self.find(css).await?;
        self.bring(&element).await
    }

    async fn click(&self, element: &Element) -> Result<()> {
        self.bring(element).await?;
        element.click().await.context("it cannot be clicked")
    }

    /// Scrolls as a person would, clear of the bars at the edges.
    async fn bring(&self, element: &Element) -> Result<()> {
        let argument = serde_json::to_value(element)?;
        let middle = "arguments[0].scrollIntoView({block: 'center'})";
        self.client.execute(middle, vec![argument]).await?;
        Ok(())
    }

    /// Types into the field found by its selector, replacing what stands there.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn fill(&self, css: &str, text: &str) -> Result<()> {
        let field = self.find(css).await?;
        self.bring(&field).await?;
        field.clear().await?;
        Ok(field.send_keys(text).await?)
    }

    /// Presses keys, wherever the focus is.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn key(&self, keys: &str) -> Result<()> {
        Ok(self.client.active_element().await?.send_keys(keys).await?)
    }

    /// Presses Enter.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn enter(&self) -> Result<()> {
        self.key(&Key::Enter.to_string()).await
    }

    /// Presses Ctrl and Enter together.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn ctrl_enter(&self) -> Result<()> {
        let (control, enter) = (char::from(Key::Control), char::from(Key::Enter));
        self.key(&format!("{control}{enter}")).await
    }

    /// Waits until a script that looks at the page returns true.
    ///
    /// # Errors
    /// When it never does.
    pub async fn until(&self, script: &str) -> Result<()> {
        let deadline = std::time::Instant::now() + PATIENCE;
        while self.client.execute(script, vec![]).await? != Value::Bool(true) {
            anyhow::ensure!(
                std::time::Instant::now() < deadline,
                "{script} never became true; the screen says:\n{}",
                self.words().await?
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Waits until the image found by its selector is on the screen, and not only
    /// in the page: one that is decoded, two frames later.
    ///
    /// # Errors
    /// When it is not there or is no image that can be shown.
    pub async fn see_image(&self, css: &str) -> Result<()> {
        let image = serde_json::to_value(self.find(css).await?)?;
        let shown = self.client.execute_async(SHOWN, vec![image]).await?;
        anyhow::ensure!(shown == Value::Bool(true), "{css} is not shown: {shown}");
        Ok(())
    }

    /// Keeps a picture of the screen in the folder that `SAKSI_SCREENSHOTS`
    /// names, if it names one.
    ///
    /// # Errors
    /// When the picture cannot be taken or kept.
    pub async fn picture(&self, name: &str) -> Result<()> {
        let Some(folder) = std::env::var_os("SAKSI_SCREENSHOTS").map(PathBuf::from) else {
            return Ok(());
        };
        std::fs::create_dir_all(&folder)?;
        Ok(std::fs::write(
            folder.join(format!("{name}.png")),
            self.client.screenshot().await?,
        )?)
    }
}
