//! The tools that others wrote: `age` and `tar`, as somebody types them who has no Hearthkeep.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Opens the newest archive of a backup folder, and its packs, into `out`.
pub(crate) fn opens_a_folder(folder: &Path, passphrase: &str, out: &Path) {
    std::fs::create_dir(out).expect("a folder");
    let run = |command: &str| {
        on_a_terminal(out, &format!("F='{}'; {command}", folder.display()), passphrase)
    };
    run(
        "age -d -i \"$F/key.age\" \"$(ls -t \"$F\"/hearthkeep-*.tar.gz.age | head -1)\" > all.tar.gz",
    );
    run("age -d -o id.txt \"$F/key.age\"");
    run("for pack in \"$F\"/packs/*.age; do age -d -i id.txt \"$pack\" | tar x; done");
    run("tar xzf all.tar.gz && sha256sum -c --quiet MANIFEST.sha256");
}

/// Opens a backup in one file into `out`.
pub(crate) fn opens_a_file(file: &Path, passphrase: &str, out: &Path) {
    std::fs::create_dir(out).expect("a folder");
    on_a_terminal(out, &format!("age -d '{}' > all.tar.gz", file.display()), passphrase);
    on_a_terminal(out, "tar xzf all.tar.gz && sha256sum -c --quiet MANIFEST.sha256", passphrase);
}

/// All Markdown that came out of a backup.
pub(crate) fn words_in(out: &Path) -> String {
    let mut find = Command::new("find");
    find.arg(out).args(["-name", "*.md", "-exec", "cat", "{}", "+"]);
    let found = find.output().expect("find is part of every system");
    String::from_utf8(found.stdout).expect("words")
}

/// Runs a command on a terminal of its own, types the secret, and waits until it has ended well:
/// `age` reads a passphrase from nowhere but a terminal.
fn on_a_terminal(folder: &Path, command: &str, secret: &str) {
    let mut child = Command::new("script")
        .args(["-qefc", command, "/dev/null"])
        .current_dir(folder)
        .env("SHELL", "/bin/bash")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("script is part of util-linux");
    let mut typed = child.stdin.take().expect("a way to type");
    writeln!(typed, "{secret}").expect("it listens");
    let said = child.wait_with_output().expect("it ends");
    drop(typed);
    assert!(said.status.success(), "{command}: {}", String::from_utf8_lossy(&said.stdout));
}
