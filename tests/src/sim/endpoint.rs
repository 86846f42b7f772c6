//! The endpoint: the real router on a real database and real folders, in a
//! runtime of its own, so that a crash is dropping that runtime.
//!
//! The endpoint does one thing at a time and then stands still until the next
//! event, apart from uploads whose bodies hang.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::body::Body;
use axum::http;
use device::{Answer, Request};
use server::app::Tasks;
use server::clock::Clock;
use server::config::Secret;
use server::{App, AppState, Config};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use tower::ServiceExt as _;

use super::clocks::{BEGINS_AT_MS, Time};
use super::folders;
use super::wire::{self, Arriving};

/// The address that devices are told; nothing is ever sent to it.
pub const ADDRESS: &str = "https://hitung.example";
/// What the SMS gateway shows.
pub const GATEWAY_SECRET: &str = "the-gateway-of-the-simulation-0123456789";
/// How long the threads of a dropped database may take to let go of it.
const LETTING_GO: Duration = Duration::from_secs(20);

/// Where an endpoint dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Death {
    /// Before it has looked at the request.
    Before,
    /// After it has put a photo away, before it has noted that.
    PutAway,
    /// When everything is durable, before it has answered.
    Unanswered,
}

/// The endpoint.
pub struct Endpoint {
    folder: PathBuf,
    clock: Clock,
    time: Time,
    ahead_ms: i64,
    running: Option<Running>,
}

struct Running {
    router: Router,
    tasks: Tasks,
    app: AppState,
    runtime: Runtime,
}

impl Endpoint {
    /// The endpoint whose data lie in `folder`, not yet started.
    #[must_use]
    pub fn new(folder: &Path, time: Time) -> Self {
        Self {
            folder: folder.to_owned(),
            clock: Clock::standing_at(BEGINS_AT_MS),
            time,
            ahead_ms: 0,
            running: None,
        }
    }

    /// Starts it on what lies in its folder.
    ///
    /// # Errors
    /// When it does not start: that is a finding.
    pub fn start(&mut self) -> Result<()> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(1)
            .build()?;
        let config = Config {
            clock: self.clock.clone(),
            public_urls: vec![ADDRESS.to_owned()],
            sms_numbers: vec!["+620000".to_owned()],
            sms_gateway_secret: Secret::new(GATEWAY_SECRET),
            ..Config::embedded(self.folder.clone())
        };
        self.set_clock();
        let (app, tasks) = runtime.block_on(App::open(config))?;
        self.running = Some(Running {
            router: server::http::router(app.clone()),
            tasks,
            app,
            runtime,
        });
        Ok(())
    }

    /// Whether it runs.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.running.is_some()
    }

    /// Sets its clock wrong by so much from now on.
    pub fn jump(&mut self, ahead_ms: i64) {
        self.ahead_ms = ahead_ms;
        self.set_clock();
    }

    /// The time by its clock, in milliseconds since 1970.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        BEGINS_AT_MS + self.time.now_ms() + self.ahead_ms
    }

    fn set_clock(&self) {
        self.clock.set(self.now_ms());
    }

    /// Does some work inside.
    ///
    /// # Errors
    /// When it does not run, or as the work says.
    pub fn inside<T>(&self, work: impl AsyncFnOnce(AppState) -> Result<T>) -> Result<T> {
        self.set_clock();
        let running = self.running.as_ref().context("the endpoint is down")?;
        running.runtime.block_on(work(running.app.clone()))
    }

    /// Answers a request; `None` when it is down.
    ///
    /// # Errors
    /// When the answer breaks off by itself: that is a finding.
    pub fn answer(&self, request: http::Request<Body>) -> Result<Option<Answer>> {
        self.set_clock();
        let Some(running) = &self.running else {
            return Ok(None);
        };
        let date = self.date();
        let router = running.router.clone();
        running.runtime.block_on(async move {
            let response = router.oneshot(request).await?;
            Ok(Some(wire::answer(response, date).await?))
        })
    }

    /// Takes in a body that hangs after so many bytes, until it waits for more
    /// or has ended the request by itself. The request stays.
    ///
    /// # Errors
    /// When it does neither.
    pub fn hang(&self, request: &Request, bytes: usize) -> Result<()> {
        self.set_clock();
        let Some(running) = &self.running else {
            return Ok(());
        };
        let (waiting, mut waits) = mpsc::unbounded_channel();
        let request = wire::http_request(request, Arriving::Hanging(bytes, waiting));
        let router = running.router.clone();
        running.runtime.block_on(async move {
            let handled = tokio::spawn(router.oneshot(request));
            let settled = async {
                tokio::select! {
                    _ = waits.recv() => {}
                    _ = handled => {}
                }
            };
            let settled = tokio::time::timeout(LETTING_GO, settled).await;
            settled.context("the endpoint neither reads on nor answers")
        })
    }

    /// Dies in the middle of a request.
    ///
    /// # Errors
    /// When its database is not let go of.
    pub fn die(&mut self, request: http::Request<Body>, death: Death, photo: &str) -> Result<()> {
        match death {
            Death::Before => {}
            Death::Unanswered => {
                self.answer(request)?;
            }
            Death::PutAway => self.handle_until_put_away(request, photo),
        }
        self.crash()
    }

    /// Works on the request until the photo's file lies in its place. From
    /// there to a row in the database it is many steps, and after each of them
    /// it is looked whether this was the last.
    fn handle_until_put_away(&self, request: http::Request<Body>, photo: &str) {
        let Some(running) = &self.running else { return };
        self.set_clock();
        let file = folders::photo_file(&self.folder, photo);
        if file.exists() {
            return;
        }
        let mut handling = Box::pin(running.router.clone().oneshot(request));
        running.runtime.block_on(std::future::poll_fn(|context| {
            if file.exists() || handling.as_mut().poll(context).is_ready() {
                return std::task::Poll::Ready(());
            }
            context.waker().wake_by_ref();
            std::task::Poll::Pending
        }));
    }

    /// Ends without a word, and waits until its threads are gone: what they
    /// had begun with the disk is done, what they had not is not.
    ///
    /// # Errors
    /// When they do not go.
    pub fn crash(&mut self) -> Result<()> {
        let Some(running) = self.running.take() else {
            return Ok(());
        };
        let Running {
            router,
            tasks,
            app,
            runtime,
        } = running;
        {
            let _inside = runtime.enter();
            drop((router, tasks, app));
        }
        drop(runtime);
        folders::wait_until_closed(&self.folder, LETTING_GO)
    }

    /// Stops as an operator stops it.
    ///
    /// # Errors
    /// When its database is not let go of.
    pub fn stop(&mut self) -> Result<()> {
        let Some(running) = self.running.take() else {
            return Ok(());
        };
        let Running {
            router,
            tasks,
            app,
            runtime,
        } = running;
        drop(router);
        runtime.block_on(tasks.finish(app));
        drop(runtime);
        folders::wait_until_closed(&self.folder, LETTING_GO)
    }

    /// Makes the folders of photos and of their parts take no more, or take
    /// again.
    ///
    /// # Errors
    /// When the simulation's own folder cannot be written.
    pub fn block_photos(&self, is_blocked: bool) -> Result<()> {
        for name in ["photos", "parts"] {
            let place = self.folder.join(name);
            let aside = self.folder.join(format!("{name}-aside"));
            if is_blocked && !aside.exists() {
                // A plain file stands where the folder was: nothing can be put
                // under it.
                if place.exists() {
                    fs::rename(&place, &aside)?;
                } else {
                    fs::create_dir(&aside)?;
                }
                fs::write(&place, "full")?;
            } else if !is_blocked && aside.exists() {
                fs::remove_file(&place)?;
                fs::rename(&aside, &place)?;
            }
        }
        Ok(())
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn date(&self) -> String {
        let moment = chrono::DateTime::from_timestamp_millis(self.now_ms()).unwrap_or_default();
        moment.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }
}

/// Waits for a moment that comes soon.
///
/// # Errors
/// When it does not.
pub fn wait_for(what: &str, limit: Duration, mut is_so: impl FnMut() -> bool) -> Result<()> {
    let began = Instant::now();
    while !is_so() {
        if began.elapsed() > limit {
            bail!("{what} did not happen");
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    Ok(())
}
