//! A small endpoint on a real socket: keeps what it is sent, signs for it, and
//! misbehaves when told to.

mod endpoint;
mod wire;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use protocol::ProblemCode;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};

pub(crate) use endpoint::Endpoint;
use wire::{Asked, Told};

/// How the world misbehaves.
#[derive(Debug, Clone)]
pub(crate) enum Mischief {
    /// A page with this status in the endpoint's place.
    Page(u16),
    /// A redirect to a log-in page.
    Redirect,
    /// JSON of somebody else, with this status.
    OtherJson(u16),
    /// The endpoint's own problem.
    Problem(ProblemCode),
    /// Busy, and when to come back, in seconds.
    BusyFor(u64),
    /// The answer is cut in half.
    HalfAnswer,
    /// Everything is done, and the answer is lost.
    LostAnswer,
    /// Nothing is ever said.
    Silence,
    /// The connection ends after this many bytes of the request's body.
    CutBodyAt(usize),
    /// The receipts in the answer are signed by another server.
    ForeignReceipts,
    /// The receipts in the answer are for another device.
    ReceiptsForAnother,
}

/// One rule: requests whose method and path begin so meet this mischief.
struct Rule {
    begins: String,
    mischief: Mischief,
    times: usize,
}

/// What the peer holds, and how it misbehaves.
pub(crate) struct State {
    pub(crate) endpoint: Endpoint,
    rules: VecDeque<Rule>,
    /// Every request, as `POST /v1/revisions`.
    pub(crate) asked: Vec<String>,
    /// Bytes of photos that came, resent ones included.
    pub(crate) photo_bytes_in: u64,
}

/// A running peer. It ends with the test's runtime.
#[derive(Clone)]
pub(crate) struct Peer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Peer {
    /// Starts on a free port.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State {
            endpoint: Endpoint::new(address),
            rules: VecDeque::new(),
            asked: Vec::new(),
            photo_bytes_in: 0,
        }));
        let peer = Self { address, state };
        let serving = peer.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let peer = serving.clone();
                tokio::spawn(async move { peer.serve(stream).await });
            }
        });
        peer
    }

    pub(crate) fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The next `times` requests that begin so meet `mischief`.
    pub(crate) fn misbehave(&self, begins: &str, mischief: Mischief, times: usize) {
        self.state().rules.push_back(Rule {
            begins: begins.to_owned(),
            mischief,
            times,
        });
    }

    /// From now on everything goes well.
    pub(crate) fn heal(&self) {
        self.state().rules.clear();
    }

    /// Requests so far that begin so.
    pub(crate) fn count(&self, begins: &str) -> usize {
        let state = self.state();
        state
            .asked
            .iter()
            .filter(|own| own.starts_with(begins))
            .count()
    }

    async fn serve(&self, mut stream: TcpStream) {
        let Some(head) = wire::read_head(&mut stream).await else {
            return;
        };
        let line = head.line();
        let mischief = self.meet(&line);
        if matches!(mischief, Some(Mischief::Silence)) {
            // Held open, and nothing is said, until the caller gives up.
            wire::wait_for_end(&mut stream).await;
            return;
        }
        let most = match mischief {
            Some(Mischief::CutBodyAt(bytes)) => bytes,
            _ => usize::MAX,
        };
        let asked = wire::read_body(&mut stream, head, most).await;
        let told = self.answer(&line, &asked, mischief.as_ref());
        let Some(told) = told else {
            return;
        };
        let bytes = told.to_bytes();
        let whole = if matches!(mischief, Some(Mischief::HalfAnswer)) {
            &bytes[..bytes.len() - told.body.len() / 2 - 1]
        } else {
            &bytes[..]
        };
        // The caller may be gone by now: that is its business.
        let _ = stream.write_all(whole).await;
        let _ = stream.shutdown().await;
    }

    fn meet(&self, line: &str) -> Option<Mischief> {
        let mut state = self.state();
        state.asked.push(line.to_owned());
        let rule = state
            .rules
            .iter_mut()
            .find(|rule| rule.times > 0 && line.starts_with(&rule.begins))?;
        rule.times -= 1;
        Some(rule.mischief.clone())
    }

    fn answer(&self, line: &str, asked: &Asked, mischief: Option<&Mischief>) -> Option<Told> {
        let page = "<!doctype html><title>Masuk</title><p>Silakan masuk ke jaringan ini.</p>";
        match mischief {
            Some(Mischief::Page(status)) => return Some(Told::new(*status, "text/html", page)),
            Some(Mischief::Redirect) => {
                let told = Told::new(302, "text/html", page);
                return Some(told.header("location", "http://masuk.example/"));
            }
            Some(Mischief::OtherJson(status)) => {
                return Some(Told::new(*status, "application/json", r#"{"ok":true}"#));
            }
            Some(Mischief::Problem(code)) => return Some(Told::problem(*code)),
            Some(Mischief::BusyFor(seconds)) => {
                let told = Told::problem(ProblemCode::Overloaded);
                return Some(told.header("retry-after", &seconds.to_string()));
            }
            _ => {}
        }
        let mut state = self.state();
        if line.starts_with("PATCH") {
            state.photo_bytes_in += asked.body.len() as u64;
        }
        let told = match mischief {
            Some(Mischief::ForeignReceipts) => {
                state.endpoint.as_another_server(|own| own.answer(asked))
            }
            Some(Mischief::ReceiptsForAnother) => {
                state.endpoint.for_another_device(|own| own.answer(asked))
            }
            _ => state.endpoint.answer(asked),
        };
        let is_lost = matches!(
            mischief,
            Some(Mischief::LostAnswer | Mischief::CutBodyAt(_))
        );
        (!is_lost).then_some(told)
    }
}
