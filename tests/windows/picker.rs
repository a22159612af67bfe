//! The system's own dialogs for files and folders. A driver of the page does not reach them: the
//! display's keyboard does.

use crate::time::until;
use crate::window::Window;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long a dialog is given to answer a key before it is pressed again.
const A_DIALOG_ANSWERS: Duration = Duration::from_secs(2);

/// A dialog, by the title that the system gives it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Picker {
    OpenFile,
    SelectFolder,
    SaveFile,
}

impl Picker {
    fn title(self) -> &'static str {
        match self {
            Self::OpenFile => "Open File",
            Self::SelectFolder => "Select Folder",
            Self::SaveFile => "Save File",
        }
    }
}

impl Window {
    /// Waits for a dialog, types a path into it and takes it.
    pub(crate) fn picks(&self, picker: Picker, path: &Path) {
        let path = path.to_str().expect("a path that can be typed");
        let dialog = until(picker.title(), || self.dialogs(picker.title()).pop());
        // Nobody manages the windows of this display, so nobody else gives a dialog the keyboard.
        self.hand(&["windowfocus", "--sync", &dialog]);
        if !matches!(picker, Picker::SaveFile) {
            // Opens the line for a path.
            self.hand(&["key", "ctrl+l"]);
        }
        self.hand(&["key", "ctrl+a"]);
        self.hand(&["type", "--delay", "20", path]);
        // The dialog completes what is typed, to the folder in the folder: that is taken away. The
        // first Return may only close the list of what the path could become.
        let mut pressed: Option<Instant> = None;
        until(&format!("{} to close", picker.title()), || {
            if self.dialogs(picker.title()).is_empty() {
                return Some(());
            }
            if pressed.is_none_or(|at| at.elapsed() > A_DIALOG_ANSWERS) {
                self.hand(&["key", "Delete", "Return"]);
                pressed = Some(Instant::now());
            }
            None
        });
    }

    /// Waits for the dialog for printing and prints to a file, under the name that it proposes.
    pub(crate) fn prints_to_a_file(&self) {
        const TITLE: &str = "Print";
        let dialog = until(TITLE, || self.dialogs(TITLE).pop());
        self.hand(&["windowfocus", "--sync", &dialog]);
        // Into the list of printers, where a file is the only one; until one is chosen there,
        // nothing can be printed.
        self.hand(&["key", "Tab"]);
        let mut pressed: Option<Instant> = None;
        until("the dialog for printing to close", || {
            if self.dialogs(TITLE).is_empty() {
                return Some(());
            }
            if pressed.is_none_or(|at| at.elapsed() > A_DIALOG_ANSWERS) {
                self.hand(&["key", "Down", "alt+p"]);
                pressed = Some(Instant::now());
            }
            None
        });
    }

    /// The dialogs with this title that are on the display.
    fn dialogs(&self, title: &str) -> Vec<String> {
        let title = format!("^{title}$");
        let found = self.hand(&["search", "--onlyvisible", "--name", &title]);
        String::from_utf8_lossy(&found.stdout).lines().map(str::to_owned).collect()
    }
}
