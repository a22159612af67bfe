//! Texts and pictures: their bytes cross as the raw body, never inside an argument.

use crate::app_core::AppCore;
use hearthkeep_client::view::Stored;
use hearthkeep_client::{ErrorCode, Refusal};
use tauri::ipc::{InvokeBody, Request, Response};
use tauri::{AppHandle, State, Url};

/// The text of an entry: a snapshot.
#[tauri::command]
pub(crate) async fn entry_text(
    core: State<'_, AppCore>,
    request: Request<'_>,
) -> Result<Response, Refusal> {
    let entry = header(&request, "entry")?;
    Ok(Response::new(core.client()?.entry_text(&entry).await?))
}

/// Keeps a batch of keystrokes; answers when it is on the disk.
#[tauri::command]
pub(crate) async fn save_text(
    core: State<'_, AppCore>,
    request: Request<'_>,
) -> Result<Stored, Refusal> {
    let (entry, batch) = (header(&request, "entry")?, number(&request, "batch")?);
    Ok(core.client()?.save_text(&entry, batch, body(&request)?).await?)
}

/// Seals a file and attaches it to an entry; answers its id.
#[tauri::command]
pub(crate) async fn attach(
    core: State<'_, AppCore>,
    request: Request<'_>,
) -> Result<String, Refusal> {
    let (entry, name) = (header(&request, "entry")?, header(&request, "name")?);
    let name = unescape(&name)?;
    Ok(core.client()?.attach(&entry, &name, body(&request)?.to_vec()).await?)
}

/// Attaches the picture that lies in the clipboard, if one does.
#[tauri::command]
#[specta::specta]
pub(crate) async fn paste_picture(
    app: AppHandle,
    core: State<'_, AppCore>,
    entry: String,
) -> Result<Option<String>, Refusal> {
    let Some(png) = crate::clipboard::picture(&app).await else { return Ok(None) };
    Ok(Some(core.client()?.attach(&entry, "clipboard.png", png).await?))
}

fn header(request: &Request<'_>, name: &'static str) -> Result<String, Refusal> {
    let value = request.headers().get(name).and_then(|value| value.to_str().ok());
    value.map(str::to_owned).ok_or_else(|| malformed(name))
}

fn number(request: &Request<'_>, name: &'static str) -> Result<u32, Refusal> {
    let value = header(request, name)?;
    value.parse().map_err(|_| malformed(name))
}

fn body<'a>(request: &'a Request<'_>) -> Result<&'a [u8], Refusal> {
    match request.body() {
        InvokeBody::Raw(bytes) => Ok(bytes),
        InvokeBody::Json(_) => Err(malformed("body")),
    }
}

/// Headers are ASCII: a name comes percent-encoded, as in a query.
fn unescape(name: &str) -> Result<String, Refusal> {
    let wrong = || malformed("name");
    let query = Url::parse(&format!("name:?{name}")).map_err(|_| wrong())?;
    let (name, _) = query.query_pairs().next().ok_or_else(wrong)?;
    Ok(name.into_owned())
}

fn malformed(what: &str) -> Refusal {
    Refusal { code: ErrorCode::Malformed, what: Some(what.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn a_name_crosses_in_any_script() {
        assert_eq!(unescape("caf%C3%A9%20%2B%20tea%26.png").unwrap(), "café + tea&.png");
        assert_eq!(unescape("%D8%B5%D9%88%D8%B1%D8%A9.jpg").unwrap(), "صورة.jpg");
    }
}
