//! Photos for the window: `saksi-photo://localhost/{id}` is the reading copy
//! of photo `id`, `saksi-photo://localhost/{id}-straight` its page as if seen
//! from straight in front. Nothing else of the disk can be named through it.

use device::Device;
use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager, Runtime, UriSchemeContext, UriSchemeResponder};

use crate::opening::Opened;

/// The scheme's name; the page's content security policy names it too.
pub(crate) const SCHEME: &str = "saksi-photo";

/// How the name of a straightened page ends.
const STRAIGHT: &str = "-straight";

/// A photo never changes under its id, so the window may keep it.
const KEEP: &str = "private, max-age=31536000, immutable";

/// Answers one request, off the window's thread.
pub(crate) fn answer<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let device = context.app_handle().state::<Opened>().device();
    let asked = asked(request.uri().path());
    tauri::async_runtime::spawn(async move {
        responder.respond(match (device, asked) {
            (Ok(device), Some(asked)) => photo(&device, asked).await,
            _ => without_body(StatusCode::NOT_FOUND),
        });
    });
}

/// A photo, or its page straightened.
#[derive(Clone, Copy)]
enum Asked {
    Photo(i64),
    Straightened(i64),
}

fn asked(path: &str) -> Option<Asked> {
    let name = path.trim_matches('/');
    match name.strip_suffix(STRAIGHT) {
        Some(id) => id.parse().ok().map(Asked::Straightened),
        None => name.parse().ok().map(Asked::Photo),
    }
}

async fn photo(device: &Device, asked: Asked) -> Response<Vec<u8>> {
    let jpeg = match asked {
        Asked::Photo(id) => device.photo_bytes(id).await,
        Asked::Straightened(id) => device.straightened_photo(id).await,
    };
    let Ok(jpeg) = jpeg else {
        return without_body(StatusCode::NOT_FOUND);
    };
    Response::builder()
        .header(header::CONTENT_TYPE, "image/jpeg")
        .header(header::CACHE_CONTROL, KEEP)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .body(jpeg)
        .unwrap_or_else(|_| without_body(StatusCode::INTERNAL_SERVER_ERROR))
}

fn without_body(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    response
}
