//! `sealed://localhost/ID`: pictures, opened in memory on their way to the page.

use tauri::http::{Request, Response, StatusCode, header};
use tauri::{UriSchemeContext, UriSchemeResponder, Wry};

/// Answers the page's request for a picture.
pub(crate) fn answer(
    _context: UriSchemeContext<'_, Wry>,
    _request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    responder.respond(nothing());
}

fn nothing() -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
}
