//! The app.

use std::process::ExitCode;

fn main() -> ExitCode {
    hearthkeep_shell::run()
}
