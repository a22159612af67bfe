//! Hearthkeep without a window: the same core, for scripts, rescue and measurements.
//!
//! Commands, shapes and exit codes are in docs/CLI.md.

mod args;
mod exit;
mod out;
mod run;
mod secret;
mod stop;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = args::Args::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return exit::Failure::from(error).told(),
    };
    match runtime.block_on(run::run(args)) {
        Ok(code) => code,
        Err(failure) => failure.told(),
    }
}
