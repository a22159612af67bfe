//! `sealed://localhost/ID`: pictures, opened in memory on their way to the page.

use crate::app_core::AppCore;
use crate::window;
use hearthkeep_client::Picture;
use tauri::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use tauri::http::{Request, Response, StatusCode};
use tauri::{AppHandle, Manager, UriSchemeContext, UriSchemeResponder, Wry};

// What may be shown as a picture. No SVG: it can hold scripts.
const TYPES: [&str; 5] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];

/// Answers the journal's page, and only that, with a picture. Tauri asks no permission for a
/// scheme, so it is asked here.
pub(crate) fn answer(
    context: UriSchemeContext<'_, Wry>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    if context.webview_label() != window::MAIN {
        responder.respond(response(None));
        return;
    }
    let app = context.app_handle().clone();
    tauri::async_runtime::spawn(async move {
        responder.respond(response(opened(&app, request.uri().path()).await));
    });
}

async fn opened(app: &AppHandle, path: &str) -> Option<Picture> {
    let id = path.strip_prefix('/')?;
    app.state::<AppCore>().client().ok()?.picture(id).await.ok()
}

fn response(picture: Option<Picture>) -> Response<Vec<u8>> {
    let shown = picture.and_then(|picture| {
        let media_type = TYPES.iter().find(|known| **known == picture.media_type)?;
        Some((HeaderValue::from_static(media_type), picture.bytes.to_vec()))
    });
    let mut response = Response::new(Vec::new());
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let no_guess = HeaderName::from_static("x-content-type-options");
    headers.insert(no_guess, HeaderValue::from_static("nosniff"));
    match shown {
        Some((media_type, bytes)) => {
            headers.insert(CONTENT_TYPE, media_type);
            *response.body_mut() = bytes;
        }
        None => *response.status_mut() = StatusCode::NOT_FOUND,
    }
    response
}
