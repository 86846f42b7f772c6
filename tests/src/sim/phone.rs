//! A witness's phone: the real device on a real database, with ports of the
//! simulation, which can be killed at any touch of the world.

use std::collections::BTreeSet;
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;

use device::view::{Failure, TroubleCode};
use device::{Cleartext, Device, Ports, Request};
use protocol::enrol::DeviceInfo;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use super::chance::{Chance, SimRandom};
use super::clocks::{SimClock, Time};
use super::disk::LosingDisk;
use super::endpoint::ADDRESS;
use super::line::{Ending, Line};
use super::trap::{Trap, unless_killed};

/// What a delivery or an enrolment ends in.
pub type Outcome = Result<(), Failure>;

/// How far something that a phone does has come.
pub enum Drive<T> {
    /// It is done.
    Done(T),
    /// It waits for the answer to this request.
    Asks(Request),
    /// The app was killed in it.
    Killed,
}

/// A phone.
pub struct Phone {
    /// What the trace calls it.
    pub name: String,
    /// Its data folder.
    pub folder: PathBuf,
    /// Its disk.
    pub disk: Arc<LosingDisk>,
    /// Its clock.
    pub clock: Arc<SimClock>,
    /// Ends the app.
    pub trap: Arc<Trap>,
    /// What it must never lose, by what it said itself.
    pub promised: Promised,
    line: Arc<Line>,
    ports: Ports,
    device: Option<Device>,
    task: Option<Pin<Box<dyn Future<Output = Outcome>>>>,
    ending: Option<oneshot::Sender<Ending>>,
    runtime: Runtime,
}

/// What a phone said.
#[derive(Debug, Clone, Default)]
pub struct Promised {
    /// Revisions that it called saved.
    pub sealed: BTreeSet<String>,
    /// Revisions and photos that it called received.
    pub received: BTreeSet<String>,
}

impl Phone {
    /// A phone whose app is closed.
    ///
    /// # Panics
    /// When the system gives no threads.
    #[must_use]
    pub fn new(name: &str, folder: &Path, time: Time, mut chance: Chance) -> Self {
        let trap = Arc::new(Trap::default());
        let clock = Arc::new(SimClock::new(time, Arc::clone(&trap)));
        let part = |chance: &mut Chance| Chance::of(chance.between(0, u64::MAX - 1), 1);
        let disk = Arc::new(LosingDisk::new(part(&mut chance), Arc::clone(&trap)));
        let line = Arc::new(Line::new(Arc::clone(&trap)));
        let ports = Ports {
            info: DeviceInfo {
                model: "Ponsel contoh".to_owned(),
                os: "Android 9".to_owned(),
                app: env!("CARGO_PKG_VERSION").to_owned(),
            },
            clock: Arc::<SimClock>::clone(&clock),
            random: Arc::new(SimRandom::new(part(&mut chance), Arc::clone(&trap))),
            transport: Arc::<Line>::clone(&line),
            disk: Arc::<LosingDisk>::clone(&disk),
            cleartext: Cleartext::ThisMachine,
            pictures: None,
        };
        let runtime = Builder::new_current_thread()
            .enable_time()
            .max_blocking_threads(1)
            .build();
        Self {
            name: name.to_owned(),
            folder: folder.to_owned(),
            disk,
            clock,
            trap,
            promised: Promised::default(),
            line,
            ports,
            device: None,
            task: None,
            ending: None,
            runtime: runtime.expect("a runtime"),
        }
    }

    /// Opens the app; what fails is a finding. `None` when it was killed while
    /// it opened.
    pub fn open(&mut self) -> Option<Result<(), Failure>> {
        self.clock.reboot();
        let opened = unless_killed(|| Device::open(&self.folder, self.ports.clone()));
        opened.map(|opened| {
            self.device = Some(opened?);
            Ok(())
        })
    }

    /// Whether the app is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.device.is_some()
    }

    /// Whether a delivery or an enrolment is under way.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.task.is_some()
    }

    /// Closes the app, whatever it is doing, as the system kills it.
    pub fn close(&mut self) {
        let inside = self.runtime.enter();
        self.task = None;
        self.device = None;
        drop(inside);
        self.ending = None;
        drop(self.line.take());
        self.trap.disarm();
        self.disk.end_app();
    }

    /// Closes the app by cutting the phone's power.
    ///
    /// # Errors
    /// When the simulation's own folder cannot be written.
    pub fn lose_power(&mut self) -> io::Result<()> {
        let inside = self.runtime.enter();
        self.task = None;
        self.device = None;
        drop(inside);
        self.ending = None;
        drop(self.line.take());
        self.trap.disarm();
        self.disk.lose_power()
    }

    /// Begins an enrolment; [`Phone::go_on`] does it.
    pub fn begin_enrolment(&mut self, code: &str) {
        let code = code.to_owned();
        self.begin(async move |device| device.enrol(ADDRESS, &code).await.map(drop));
    }

    /// Begins a delivery: of what is due, or (`is_tap`) of everything.
    pub fn begin_delivery(&mut self, is_tap: bool) {
        self.begin(async move |device| {
            if is_tap {
                device.deliver_now().await.map(drop)
            } else {
                device.deliver(|_| ()).await.map(drop)
            }
        });
    }

    fn begin(&mut self, work: impl AsyncFnOnce(Device) -> Outcome + 'static) {
        if let Some(device) = self.device.clone() {
            self.task = Some(Box::pin(work(device)));
        }
    }

    /// Hands over the ending of the request that the phone waits for.
    pub fn receive(&mut self, ending: Ending) {
        if let Some(waiting) = self.ending.take() {
            // Nobody waits any more when the app was killed.
            let _ = waiting.send(ending);
        }
    }

    /// Goes on with the delivery or enrolment until it asks something or ends.
    pub fn go_on(&mut self) -> Drive<Outcome> {
        let Some(mut task) = self.task.take() else {
            return Drive::Done(Ok(()));
        };
        let drive = self.drive(task.as_mut());
        match drive {
            Drive::Asks(_) => self.task = Some(task),
            Drive::Done(_) | Drive::Killed => {
                let _inside = self.runtime.enter();
                drop(task);
            }
        }
        drive
    }

    /// Does something on the phone that needs no connection. `None` when the
    /// app is closed, or was killed in it.
    pub fn act<T>(&mut self, work: impl AsyncFnOnce(&Device) -> T) -> Option<T> {
        let device = self.device.clone()?;
        let mut acting = Box::pin(work(&device));
        let acted = self.drive(acting.as_mut());
        {
            let _inside = self.runtime.enter();
            drop(acting);
        }
        match acted {
            Drive::Done(value) => Some(value),
            Drive::Killed | Drive::Asks(_) => None,
        }
    }

    fn drive<T>(&mut self, mut future: Pin<&mut dyn Future<Output = T>>) -> Drive<T> {
        let unpark = Arc::new(Unpark {
            thread: std::thread::current(),
            is_woken: AtomicBool::new(false),
        });
        let waker = Waker::from(Arc::clone(&unpark));
        let mut context = Context::from_waker(&waker);
        let _inside = self.runtime.enter();
        loop {
            // What was killed on another thread must not hear of it.
            if self.trap.has_sprung() {
                return Drive::Killed;
            }
            match unless_killed(|| future.as_mut().poll(&mut context)) {
                None => return Drive::Killed,
                Some(_) if self.trap.has_sprung() => return Drive::Killed,
                Some(Poll::Ready(value)) => return Drive::Done(value),
                Some(Poll::Pending) => {}
            }
            if let Some(call) = self.line.take() {
                self.ending = Some(call.ending);
                return Drive::Asks(call.request);
            }
            while !unpark.is_woken.swap(false, Ordering::SeqCst) {
                std::thread::park();
            }
        }
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        self.close();
    }
}

struct Unpark {
    thread: Thread,
    is_woken: AtomicBool,
}

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.is_woken.store(true, Ordering::SeqCst);
        self.thread.unpark();
    }
}

/// The word for what stopped a delivery.
#[must_use]
pub fn word(outcome: &Outcome) -> String {
    match outcome {
        Ok(()) => "ended".to_owned(),
        Err(Failure::Trouble {
            code: TroubleCode::Busy,
        }) => "was told to come back".to_owned(),
        Err(failure) => format!("failed: {failure}"),
    }
}
