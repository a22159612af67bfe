//! The shell: windows, IPC, deep links. It decides nothing about members' data: a command is one
//! expression that calls the client.
//!
//! Not here: what a screen shows (`ui/`), and everything that is kept, sealed or sent
//! (`hearthkeep-client`).
//!
//! The public interface is [`run`].

mod start;

mod leave;
mod lock;
mod login;
mod outside;
mod put_away;
mod scrub;
mod signals;
mod traces;
mod webview;
mod window;

mod app_core;
mod bindings;
mod clipboard;
mod commands;
mod invitation;
mod sealed;
mod sheet;

pub use start::run;
