//! What keeps words out of freed memory and off the disk when something breaks.

use std::process::Command;
use std::{env, io};

// WebKit's own allocator keeps freed text; with `Malloc` it uses the system's, and with
// `MALLOC_PERTURB_` that one overwrites what is freed, in Rust's buffers too: but not what each
// thread lays aside for its next small request, so nothing may be laid aside. What is large goes back
// to the system as soon as it is freed, which also keeps a long journal's memory small. All are read
// once, when a process starts, and the web view's processes inherit them.
const SWITCHES: [(&str, &str); 3] = [
    ("Malloc", "1"),
    ("MALLOC_PERTURB_", "165"),
    ("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0:glibc.malloc.mmap_threshold=1048576"),
];

/// Replaces this process by itself with the allocator's switches set; comes back at once where
/// they are set already, and with the reason where that failed.
#[cfg(target_os = "linux")]
pub(crate) fn start_again() -> Option<io::Error> {
    use std::os::unix::process::CommandExt;
    let set = SWITCHES.iter().all(|(name, value)| env::var(name).is_ok_and(|now| now == *value));
    if set {
        return None;
    }
    let program = match env::current_exe() {
        Ok(program) => program,
        Err(error) => return Some(error),
    };
    Some(Command::new(program).args(env::args_os().skip(1)).envs(SWITCHES).exec())
}

/// Other systems have no such switches.
#[cfg(not(target_os = "linux"))]
pub(crate) fn start_again() -> Option<io::Error> {
    None
}

/// A crash leaves no copy of the memory on the disk; the web view's processes inherit the limit.
pub(crate) fn forbid_core_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit { current: Some(0), maximum: Some(0) };
        if setrlimit(Resource::Core, none).is_err() {
            tracing::warn!("core files could not be switched off");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SWITCHES;

    #[test]
    fn the_desktop_starts_the_app_with_the_same_switches() {
        let entry = include_str!("linux/hearthkeep.desktop");
        let words = SWITCHES.map(|(name, value)| format!("{name}={value}")).join(" ");
        let starts = format!("\nExec=env {words} {{{{exec}}}} %u\n");
        assert!(entry.contains(&starts), "not there: {starts}");
    }
}
