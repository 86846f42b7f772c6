//! Server-sent events: which slots changed, for who looks at them.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use protocol::ProblemCode;
use protocol::console::SlotChanged;
use serde::Deserialize;
use tokio::sync::broadcast::{
    self,
    error::{RecvError, TryRecvError},
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use utoipa::IntoParams;

use super::feed::{self, News};
use super::signed_in::SignedIn;
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::http::StrictQuery;
use crate::log;
use crate::operations::metrics::Metrics;

/// Consoles that may follow at a time, per process.
const FOLLOWERS_MAX: usize = 2_000;
/// Log entries that a console may resume over; more, and it reads its lists
/// anew.
const RESUME_MAX_ENTRIES: i64 = 2_000;
/// How often an idle line shows that it is alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How long one line lives before the console has to ask, and show its
/// session, again.
const LINE_MAX: Duration = Duration::from_secs(30 * 60);

/// Where to resume.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EventsQuery {
    /// Log index of the last change that is known; `Last-Event-ID` says the
    /// same and comes first.
    after: Option<i64>,
}

/// Follows what changes in the user's region: events named `slot`, and `reset`
/// when the lists have to be read anew.
#[utoipa::path(get, path = "/v1/events", tag = "slots",
    params(EventsQuery, ("Last-Event-ID" = Option<String>, Header, description = "Where to resume")),
    responses(
        (status = 200, content_type = "text/event-stream", body = SlotChanged),
        (status = 401, description = "`not_signed_in`"),
        (status = 503, description = "`overloaded`"),
    ))]
pub(super) async fn follow(
    State(app): State<AppState>,
    who: SignedIn,
    StrictQuery(query): StrictQuery<EventsQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiProblem> {
    if app.room.feed.followers() >= FOLLOWERS_MAX {
        return Err(ProblemCode::Overloaded.into());
    }
    let resume = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok())
        .and_then(|id| id.trim().parse().ok())
        .or(query.after);
    let line = Line::begin(&app, who, resume).await?;
    Ok(answer(line))
}

fn answer(line: Line) -> Response {
    let events = stream::unfold(line, |mut line| async move {
        let event = line.next().await?;
        Some((Ok::<_, Infallible>(event), line))
    });
    let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    // A proxy that gathers an answer before passing it on would keep all news.
    let facts = [(header::CACHE_CONTROL, "no-store"), (BUFFERING, "no")];
    (facts, sse).into_response()
}

const BUFFERING: header::HeaderName = header::HeaderName::from_static("x-accel-buffering");

/// One console's line.
struct Line {
    who: SignedIn,
    waiting: VecDeque<Event>,
    live: broadcast::Receiver<Arc<News>>,
    /// Changes up to this log index have been sent.
    after: u64,
    ends_at: Instant,
    stopping: CancellationToken,
    _counted: Counted,
}

impl Line {
    async fn begin(app: &AppState, who: SignedIn, resume: Option<i64>) -> Result<Self, ApiProblem> {
        // Before the log is read, or changes in between would be lost.
        let live = app.room.feed.subscribe();
        let pool = app.storage.reading();
        let newest = log::newest_index(pool).await?;
        let mut line = Self {
            who,
            waiting: VecDeque::new(),
            live,
            after: u64::try_from(newest).unwrap_or_default(),
            ends_at: Instant::now() + LINE_MAX,
            stopping: app.stopping.clone(),
            _counted: Counted::new(&app.metrics),
        };
        match resume {
            Some(from) if (0..=newest).contains(&from) && newest - from <= RESUME_MAX_ENTRIES => {
                let missed = log::entries_after(pool, from, RESUME_MAX_ENTRIES).await?;
                for change in feed::changed_slots(pool, &missed).await? {
                    line.after = line.after.max(change.log_index);
                    let event = line.event(&News::of(change)?);
                    line.waiting.extend(event);
                }
            }
            Some(_) => line.waiting.push_back(reset(newest)),
            None => {}
        }
        // An id without data moves the place to resume at, and is no event.
        line.waiting
            .push_back(Event::default().id(line.after.to_string()));
        Ok(line)
    }

    /// The next event; `None` ends the line.
    async fn next(&mut self) -> Option<Event> {
        if let Some(event) = self.waiting.pop_front() {
            return Some(event);
        }
        loop {
            let heard = match self.live.try_recv() {
                // The rest of a handful is here already.
                Ok(news) => Ok(news),
                Err(TryRecvError::Lagged(lost)) => Err(RecvError::Lagged(lost)),
                Err(TryRecvError::Empty | TryRecvError::Closed) => tokio::select! {
                    () = self.stopping.cancelled() => return None,
                    () = tokio::time::sleep_until(self.ends_at) => return None,
                    heard = self.live.recv() => heard,
                },
            };
            match heard {
                Ok(news) if news.change.log_index <= self.after => {}
                Ok(news) => {
                    if let Some(event) = self.event(&news) {
                        return Some(event);
                    }
                }
                Err(RecvError::Lagged(_)) => {
                    return Some(reset(i64::try_from(self.after).unwrap_or(i64::MAX)));
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// The change as an event, if this user sees its slot.
    fn event(&self, news: &News) -> Option<Event> {
        if !self.who.sees(&news.change.tps.region()) {
            return None;
        }
        let event = Event::default()
            .event("slot")
            .id(news.change.log_index.to_string());
        Some(event.data(&news.json))
    }
}

/// A browser drops an event without data, so there is some.
fn reset(log_index: i64) -> Event {
    Event::default()
        .event("reset")
        .id(log_index.to_string())
        .data("{}")
}

/// Counts a line as long as it lives.
struct Counted(Arc<Metrics>);

impl Counted {
    fn new(metrics: &Arc<Metrics>) -> Self {
        metrics.event_followers.inc();
        Self(Arc::clone(metrics))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.event_followers.dec();
    }
}

#[cfg(test)]
mod tests {
    use domain::SlotState;
    use protocol::console::Role;

    use super::*;
    use crate::room::users::User;

    fn change(log_index: u64) -> SlotChanged {
        SlotChanged {
            slot: "kaltim-2024/6472011001001/gub".parse().unwrap(),
            tps: "6472011001001".parse().unwrap(),
            state: SlotState::Single,
            log_index,
        }
    }

    #[tokio::test]
    async fn a_console_that_does_not_keep_up_is_told_to_read_anew_and_goes_on() {
        let (news, live) = broadcast::channel(2);
        let stopping = CancellationToken::new();
        let line = Line {
            who: SignedIn {
                user: User {
                    name: "rani".to_owned(),
                    role: Role::Coordinator,
                    region: Some("6472".parse().unwrap()),
                },
                token_hash: String::new(),
            },
            waiting: VecDeque::new(),
            live,
            after: 1,
            ends_at: Instant::now() + LINE_MAX,
            stopping,
            _counted: Counted::new(&Arc::default()),
        };
        // Nobody waits for the console: all are sent before it reads one.
        for log_index in 1..=5 {
            let told = News::of(change(log_index)).unwrap();
            news.send(Arc::new(told)).unwrap();
        }
        drop(news);
        let body = axum::body::to_bytes(answer(line).into_body(), 64 * 1024).await;
        let text = String::from_utf8(body.unwrap().to_vec()).unwrap();
        let names: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("event: "))
            .collect();
        assert_eq!(names, ["reset", "slot", "slot"]);
        assert!(text.contains("id: 4") && text.contains("id: 5"), "{text}");
    }
}
