//! How the system is set up before the app starts.

use crate::process::built;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// What is not as usual.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Setting<'a> {
    /// The address of a system bus.
    pub(crate) system_bus: Option<&'a str>,
    /// Where every address is written down that the app, or its page, asks for.
    pub(crate) asked: Option<&'a Path>,
}

impl Setting<'_> {
    /// What starts the app.
    pub(crate) fn program(&self, home: &Path) -> PathBuf {
        match self.asked {
            Some(asked) => watched(asked, home),
            None => built("hearthkeep"),
        }
    }
}

/// A program that starts the app and writes down whom any of its processes speaks to.
fn watched(asked: &Path, home: &Path) -> PathBuf {
    let (program, app) = (home.join("watched"), built("hearthkeep"));
    let script = format!(
        "#!/bin/sh\nexec strace -f --seccomp-bpf -qq -e trace=connect,sendto,sendmmsg \
         -o '{}' '{}' \"$@\"\n",
        asked.display(),
        app.display(),
    );
    fs::write(&program, script).expect("a script beside the profile");
    let only_ours = Permissions::from_mode(0o700);
    fs::set_permissions(&program, only_ours).expect("a script can be started");
    program
}
