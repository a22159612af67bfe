//! What the system would remember of this app outside the profile.

/// Takes the files that were picked back from the system's list of recent files: it would tell
/// where backups and exports lie.
#[cfg(target_os = "linux")]
pub(crate) fn leave_none() {
    use gtk::prelude::RecentManagerExt;
    let Some(list) = gtk::RecentManager::default() else { return };
    // The switch of GTK that stops listing would empty the whole list, with what other apps put there.
    list.connect_changed(|list| {
        let Some(name) = gtk::glib::application_name() else { return };
        for item in list.items() {
            // What another app has opened too was in the list without us.
            let only_ours = matches!(&*item.applications(), [only] if *only == name);
            if only_ours
                && let Some(uri) = item.uri()
                && list.remove_item(&uri).is_err()
            {
                tracing::warn!("the system's list of recent files keeps what was picked");
            }
        }
    });
}

/// Other systems' dialogs keep such lists for themselves.
#[cfg(not(target_os = "linux"))]
pub(crate) fn leave_none() {}
