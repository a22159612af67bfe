//! Links that open in another program.

use tauri::Url;

// A link may ask for a page, a letter or a call; never for a file or another program's own scheme.
const SCHEMES: [&str; 4] = ["https", "http", "mailto", "tel"];

/// Hands a link to the desktop; tells whether it was taken.
pub(crate) fn open(link: &str) -> bool {
    may_open(link) && tauri_plugin_opener::open_url(link, None::<&str>).is_ok()
}

fn may_open(link: &str) -> bool {
    Url::parse(link).is_ok_and(|link| SCHEMES.contains(&link.scheme()))
}

#[cfg(test)]
mod tests {
    use super::may_open;

    #[test]
    fn only_pages_letters_and_calls_open_outside() {
        assert!(may_open("https://example.org/help"));
        assert!(may_open("tel:116123"));
        assert!(!may_open("file:///etc/passwd"));
        assert!(!may_open("javascript:alert(1)"));
        assert!(!may_open("smb://host/share"));
        assert!(!may_open("-e"));
    }
}
