//! The desktop's clipboard: pictures in, words out.

use tauri::AppHandle;
use tokio::sync::oneshot;

/// The picture that lies in the clipboard, as PNG: drawn anew, so that nothing but the picture
/// comes along.
pub(crate) async fn picture(app: &AppHandle) -> Option<Vec<u8>> {
    let (told, answer) = oneshot::channel();
    app.run_on_main_thread(move || read_picture(told)).ok()?;
    answer.await.ok()?
}

#[cfg(target_os = "linux")]
fn read_picture(told: oneshot::Sender<Option<Vec<u8>>>) {
    let clipboard = gtk::Clipboard::get(&gtk::gdk::SELECTION_CLIPBOARD);
    clipboard.request_image(move |_, picture| {
        let png = picture.and_then(|picture| picture.save_to_bufferv("png", &[]).ok());
        drop(told.send(png));
    });
}

#[cfg(not(target_os = "linux"))]
fn read_picture(told: oneshot::Sender<Option<Vec<u8>>>) {
    drop(told.send(None));
}

/// Lays words into the clipboard; locking takes them out again.
pub(crate) fn put_words(app: &AppHandle, words: String) {
    let laid = app.run_on_main_thread(move || {
        #[cfg(target_os = "linux")]
        gtk::Clipboard::get(&gtk::gdk::SELECTION_CLIPBOARD).set_text(&words);
        #[cfg(not(target_os = "linux"))]
        drop(words);
    });
    if laid.is_err() {
        tracing::warn!("the clipboard was not reached");
    }
}
