//! What every simulation begins with, made once: an endpoint's folder with a
//! small election and a signed-in coordinator, and folders of enrolled phones.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use domain::{Contest, TpsCode};
use protocol::console::Role;
use protocol::pack::WitnessRole;
use protocol::{EnrolCode, SlotId};
use server::AppState;
use server::enrol::code::{CodeFault, NewDevice, make_code};
use server::room::users::{self, KnownUser, User};
use server::seed::{self, ElectionData};
use server::storage::StorageError;
use tempfile::TempDir;

use super::chance::Chance;
use super::clocks::Time;
use super::endpoint::Endpoint;
use super::phone::{Drive, Phone};
use super::pictures::{Picture, pictures};
use super::wire::{self, Arriving};

/// Polling stations of the small election: two in one district, one in another.
const STATIONS: [&str; 3] = ["6472011001001", "6472011001002", "6472021001001"];
/// Where the phones are posted: three at one polling station, one elsewhere.
pub const POSTS: [&str; 4] = [STATIONS[0], STATIONS[0], STATIONS[1], STATIONS[0]];
/// The coordinator's name.
pub const COORDINATOR: &str = "koordinator";
/// The coordinator's session.
pub const SESSION: &str = "a-session-of-the-simulation";
/// A code's validity: longer than any simulation.
const CODE_VALID_MS: i64 = 50 * 365 * 24 * 3_600_000;

/// What simulations begin with.
pub struct Template {
    folder: TempDir,
    /// The photographs that witnesses take.
    pub pictures: Vec<Picture>,
    /// The contests of each polling station.
    pub contests: Vec<(TpsCode, Contest)>,
}

impl Template {
    /// Makes it, in memory where the system has such a place.
    ///
    /// # Errors
    /// When any part does not do what it should without any fault.
    pub fn make() -> Result<Self> {
        let folder = scratch()?;
        let election = election()?;
        let contests = contests(&election);
        let mut endpoint = Endpoint::new(&folder.path().join("endpoint"), Time::default());
        endpoint.start()?;
        endpoint.inside(async |app| populate(&app, election).await)?;
        for (number, post) in POSTS.iter().enumerate() {
            let code = endpoint.inside(async |app| new_code(&app, post, &witness(number)).await)?;
            enrol(&endpoint, &folder.path().join(phone_folder(number)), &code)?;
        }
        endpoint.stop()?;
        Ok(Self {
            folder,
            pictures: pictures()?,
            contests,
        })
    }

    /// The endpoint's folder.
    #[must_use]
    pub fn endpoint(&self) -> PathBuf {
        self.folder.path().join("endpoint")
    }

    /// The folder of the phone with this number.
    #[must_use]
    pub fn phone(&self, number: usize) -> PathBuf {
        self.folder.path().join(phone_folder(number))
    }

    /// The slots of a polling station.
    #[must_use]
    pub fn slots(&self, tps: &str) -> Vec<SlotId> {
        let here = self.contests.iter().filter(|(own, _)| own.as_str() == tps);
        here.map(|(own, contest)| SlotId {
            election: sample::ELECTION_ID.to_owned(),
            tps: own.clone(),
            contest: contest.id.clone(),
        })
        .collect()
    }
}

/// A folder for a simulation, in memory where there is such a place.
///
/// # Errors
/// When there is none to be had.
pub fn scratch() -> Result<TempDir> {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    folder.context("no folder for the simulation")
}

/// The witness who has the phone with this number.
#[must_use]
pub fn witness(number: usize) -> String {
    format!("Saksi {number} (contoh)")
}

/// A code for one more phone of a witness.
///
/// # Errors
/// When the endpoint does not make it.
pub async fn new_code(app: &AppState, tps: &str, witness: &str) -> Result<EnrolCode> {
    let wanted = NewDevice {
        tps: tps.parse()?,
        witness: witness.to_owned(),
        role: WitnessRole::Inside,
        valid_ms: CODE_VALID_MS,
    };
    let key = app.key.clone();
    let made: Result<EnrolCode, CodeFault> = app
        .writer
        .run(move |tx| Box::pin(async move { make_code(tx, &key, None, wanted).await }))
        .await;
    Ok(made?)
}

/// Takes a device's access away.
///
/// # Errors
/// When the endpoint cannot write.
pub async fn revoke_device(app: &AppState, device: String) -> Result<()> {
    let revoked: Result<bool, StorageError> = app
        .writer
        .run(move |tx| {
            Box::pin(async move { server::enrol::revoke(tx, Some(COORDINATOR), &device).await })
        })
        .await;
    Ok(revoked.map(drop)?)
}

/// Begins a session of the coordinator, as signing in does.
///
/// # Errors
/// When the endpoint cannot write.
pub async fn sign_in(app: &AppState, token: &str) -> Result<()> {
    let token = token.to_owned();
    let begun: Result<(), StorageError> = app
        .writer
        .run(move |tx| Box::pin(async move { users::begin_session(tx, COORDINATOR, &token).await }))
        .await;
    Ok(begun?)
}

fn phone_folder(number: usize) -> String {
    format!("phone-{number}")
}

fn election() -> Result<sample::SampleElection> {
    let mut election = sample::kaltim()?;
    election
        .tps
        .retain(|tps| STATIONS.contains(&tps.code.as_str()));
    let stations: Vec<TpsCode> = election.tps.iter().map(|tps| tps.code.clone()).collect();
    election.regions.retain(|region| {
        stations
            .iter()
            .any(|tps| tps.region().is_within(&region.code))
    });
    Ok(election)
}

fn contests(election: &sample::SampleElection) -> Vec<(TpsCode, Contest)> {
    let held = election.tps.iter().flat_map(|tps| {
        let contests = election.contests_at(&tps.code).into_iter();
        contests.map(|contest| (tps.code.clone(), contest.clone()))
    });
    held.collect()
}

async fn populate(app: &AppState, election: sample::SampleElection) -> Result<()> {
    let data: ElectionData = election.into();
    let coordinator = KnownUser {
        user: User {
            name: COORDINATOR.to_owned(),
            role: Role::Coordinator,
            region: None,
        },
        password_hash: "nobody signs in with a password here".to_owned(),
    };
    let put: Result<(), StorageError> = app
        .writer
        .run(move |tx| {
            Box::pin(async move {
                seed::seed(tx, data, |_, _| ()).await?;
                users::put(tx, &coordinator).await
            })
        })
        .await;
    put?;
    sign_in(app, SESSION).await
}

fn enrol(endpoint: &Endpoint, folder: &Path, code: &EnrolCode) -> Result<()> {
    let mut phone = Phone::new("a phone", folder, Time::default(), Chance::of(1, 1));
    phone.open();
    phone.begin_enrolment(&code.to_string());
    loop {
        match phone.go_on() {
            Drive::Asks(request) => {
                let request = wire::http_request(&request, Arriving::Whole);
                let answer = endpoint.answer(request)?.context("the endpoint is down")?;
                phone.receive(Ok(answer));
            }
            Drive::Done(outcome) => {
                phone.close();
                return outcome.map_err(|failure| anyhow!("not enrolled: {failure}"));
            }
            Drive::Killed => return Err(anyhow!("nobody killed it")),
        }
    }
}
