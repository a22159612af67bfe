//! A display that nobody sees.

use crate::process::Tree;
use crate::time::until;
use std::path::Path;
use std::process::Command;

/// An X server of one's own.
#[derive(Debug)]
pub(crate) struct Display {
    name: String,
    desktop: Option<Tree>,
    _server: Tree,
}

impl Display {
    /// Starts one; its files lie in `folder`.
    pub(crate) fn start(folder: &Path) -> Self {
        // The server writes the number that it took; with a number of our own, two tests would
        // now and then ask for the same.
        let told = folder.join("display");
        let script = r#"exec Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$0""#;
        let mut command = Command::new("sh");
        command.args(["-c", script]).arg(&told);
        let server = Tree::start(&mut command, folder.join("display.log"));
        let number = until("the display", || {
            let text = std::fs::read_to_string(&told).ok()?;
            text.ends_with('\n').then(|| text.trim().to_owned())
        });
        Self { name: format!(":{number}"), desktop: None, _server: server }
    }

    /// One with a program that says which window is in front, as every desktop has it.
    pub(crate) fn with_a_desktop(folder: &Path) -> Self {
        let mut display = Self::start(folder);
        let mut desktop = Command::new("openbox");
        desktop.arg("--sm-disable").env("DISPLAY", &display.name).env("HOME", folder);
        display.desktop = Some(Tree::start(&mut desktop, folder.join("desktop.log")));
        display
    }

    /// As programs are told it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}
