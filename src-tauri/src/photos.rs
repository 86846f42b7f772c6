//! Photos for the window: `saksi-photo://localhost/{id}` is the reading copy
//! of photo `id`. Nothing else of the disk can be named through it.

use device::Device;
use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager, Runtime, UriSchemeContext, UriSchemeResponder};

use crate::opening::Opened;

/// The scheme's name; the page's content security policy names it too.
pub(crate) const SCHEME: &str = "saksi-photo";

/// A photo never changes under its id, so the window may keep it.
const KEEP: &str = "private, max-age=31536000, immutable";

/// Answers one request, off the window's thread.
pub(crate) fn answer<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let device = context.app_handle().state::<Opened>().device();
    let id = request.uri().path().trim_matches('/').parse();
    tauri::async_runtime::spawn(async move {
        responder.respond(match (device, id) {
            (Ok(device), Ok(id)) => photo(&device, id).await,
            _ => without_body(StatusCode::NOT_FOUND),
        });
    });
}

async fn photo(device: &Device, id: i64) -> Response<Vec<u8>> {
    let jpeg = device.photo_bytes(id).await;
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
