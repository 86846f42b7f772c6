//! What only a phone can do, asked of `PhonePlugin.kt`: to deliver later, to
//! open the share sheet or the app for messages, and to say what the
//! connection costs. No screen can call the plugin: no capability names it.

use device::Device;
use device::view::{Failure, Link};
use serde::{Deserialize, Serialize};
use tauri::ipc::{Channel, InvokeResponseBody};
use tauri::plugin::{Builder, PluginHandle, TauriPlugin};
use tauri::{AppHandle, Manager, Runtime};

use crate::surroundings;

/// Package and class of the Kotlin half.
const PACKAGE: &str = "id.saksi.witness";
const CLASS: &str = "PhonePlugin";

struct Phone<R: Runtime>(PluginHandle<R>);

/// What the phone says of its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
struct Connection {
    is_connected: bool,
    is_unmetered: bool,
}

/// The plugin; to be registered before a window is built.
pub(crate) fn plugin<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("phone")
        .setup(|app, api| {
            app.manage(Phone(api.register_android_plugin(PACKAGE, CLASS)?));
            Ok(())
        })
        .build()
}

/// Tells the phone where the data are, and the device about the connection
/// from now on.
pub(crate) fn begin<R: Runtime>(app: &AppHandle<R>, device: Device) {
    #[derive(Serialize)]
    struct Begin {
        folder: String,
        network: Channel,
    }
    let last = std::sync::Mutex::new(None);
    let network = Channel::new(move |said: InvokeResponseBody| {
        let now: Connection = said.deserialize()?;
        let mut last = last
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        // Android tells of every change of the signal's strength too.
        if last.replace(now) != Some(now) {
            tauri::async_runtime::spawn(heed(device.clone(), now));
        }
        Ok(())
    });
    let Ok(dir) = surroundings::data_dir(app) else {
        return;
    };
    let folder = dir.to_string_lossy().into_owned();
    ask(app, "begin", Begin { folder, network });
}

async fn heed(device: Device, now: Connection) {
    let link = if now.is_unmetered {
        Link::Unmetered
    } else {
        Link::Metered
    };
    if let Err(failure) = device.set_link(link).await {
        tracing::warn!(?failure, "the device did not heed the connection");
    }
    if now.is_connected {
        device.nudge();
    }
}

/// Something was sealed: it is to arrive even if the app is closed now.
pub(crate) fn deliver_later<R: Runtime>(app: &AppHandle<R>) {
    ask(app, "deliverLater", ());
}

/// Opens the share sheet for an exported file.
///
/// # Errors
/// [`Failure::Internal`] when the phone cannot.
pub(crate) async fn share<R: Runtime>(app: &AppHandle<R>, file: &str) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Share<'a> {
        file: &'a str,
    }
    run(app, "share", Share { file }).await
}

/// Opens the app for messages with this one written.
///
/// # Errors
/// [`Failure::Internal`] when the phone has no such app.
pub(crate) async fn compose_sms<R: Runtime>(
    app: &AppHandle<R>,
    number: &str,
    body: &str,
) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Sms<'a> {
        number: &'a str,
        body: &'a str,
    }
    run(app, "composeSms", Sms { number, body }).await
}

/// Asks for what the app can go on without, and does not wait for it: the
/// phone answers from the thread that may be asking.
fn ask<R: Runtime>(
    app: &AppHandle<R>,
    command: &'static str,
    arguments: impl Serialize + Send + 'static,
) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if run(&app, command, arguments).await.is_err() {
            tracing::warn!(command, "the app goes on without it");
        }
    });
}

async fn run<R: Runtime>(
    app: &AppHandle<R>,
    command: &str,
    arguments: impl Serialize,
) -> Result<(), Failure> {
    let phone = app.state::<Phone<R>>();
    let asked = phone.0.run_mobile_plugin_async::<()>(command, arguments);
    asked.await.map_err(|cause| {
        tracing::error!(%cause, command, "the phone refused");
        Failure::Internal
    })
}
