//! What the style sheet promises and no linter sees: lengths of files, where sentences and hosts
//! live, and that protocol rules and their tests name each other.

use std::fs;
use std::path::{Path, PathBuf};

/// Lines of a file without its tests.
const FILE_LINES_MAX: usize = 500;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(folder: &Path, endings: &[&str], out: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("a readable folder").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if path.is_dir() {
            if !["node_modules", "target", "dist", "generated", "gen"].contains(&name.as_str()) {
                files(&path, endings, out);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            out.push(path);
        }
    }
}

fn sources(folders: &[&str], endings: &[&str]) -> Vec<(PathBuf, String)> {
    let mut paths = Vec::new();
    for folder in folders {
        files(&root().join(folder), endings, &mut paths);
    }
    assert!(!paths.is_empty(), "no file under {folders:?}");
    paths.into_iter().map(|path| (path.clone(), fs::read_to_string(&path).expect("text"))).collect()
}

fn short(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

#[test]
fn files_are_short() {
    let ours = ["crates", "src-tauri", "ui/src", "tests", "tools"];
    let long: Vec<String> = sources(&ours, &[".rs", ".ts", ".svelte", ".css", ".py"])
        .into_iter()
        .map(|(path, text)| {
            let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            (path, code.lines().count())
        })
        .filter(|(_, lines)| *lines > FILE_LINES_MAX)
        .map(|(path, lines)| format!("{}: {lines} lines", short(&path)))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn only_one_file_speaks_to_tauri() {
    let wrong: Vec<String> = sources(&["ui/src"], &[".ts", ".svelte"])
        .into_iter()
        .filter(|(path, text)| {
            text.contains("@tauri-apps/") && !path.ends_with("core/host/tauri.ts")
        })
        .map(|(path, _)| short(&path))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Text between tags that holds a sentence: three words in a row with a space between them.
fn sentence_in_markup(text: &str) -> Option<&str> {
    let markup = text.rsplit("</script>").next().unwrap_or_default();
    let markup = markup.split("<style").next().unwrap_or_default();
    markup.split('>').skip(1).find_map(|after| {
        let words = after.split('<').next().unwrap_or_default().trim();
        let bare = !words.contains(['{', '}', '=', '(', ';']);
        (bare
            && words
                .split_whitespace()
                .filter(|word| word.chars().all(char::is_alphabetic))
                .count()
                >= 3)
            .then_some(words)
    })
}

#[test]
fn sentences_live_in_text() {
    let wrong: Vec<String> = sources(&["ui/src"], &[".svelte"])
        .into_iter()
        .filter_map(|(path, text)| {
            Some(format!("{}: {}", short(&path), sentence_in_markup(&text)?))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_of_the_page_is_kept_by_the_browser() {
    let kept = ["localStorage", "sessionStorage", "indexedDB"];
    let wrong: Vec<String> = sources(&["ui/src"], &[".ts", ".svelte"])
        .into_iter()
        .filter(|(_, text)| kept.iter().any(|word| text.contains(&format!("{word}."))))
        .map(|(path, _)| short(&path))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn words_that_shame_are_not_on_the_screen() {
    // Whole words: a help-line may be one for addiction; a person is never called an addict.
    let shaming = ["relapse", "relapsed", "streak", "streaks", "addict", "addicts", "oops"];
    let wrong: Vec<String> = sources(&["ui/src/text"], &[".ts"])
        .into_iter()
        .filter(|(path, _)| !path.to_string_lossy().ends_with(".test.ts"))
        .flat_map(|(path, text)| {
            let lower = text.to_lowercase();
            let words = lower.split(|letter: char| !letter.is_alphabetic());
            words
                .filter(|word| shaming.contains(word))
                .map(|word| format!("{}: {word}", short(&path)))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_test_is_left_for_later() {
    let later = ["#[ignore", "it.skip(", "it.only(", "describe.only(", "test.only(", "it.todo("];
    let wrong: Vec<String> =
        sources(&["crates", "src-tauri", "ui/src", "tests/tests"], &[".rs", ".ts"])
            .into_iter()
            .filter(|(path, _)| !path.ends_with("tidy.rs"))
            .filter(|(_, text)| later.iter().any(|word| text.contains(word)))
            .map(|(path, _)| short(&path))
            .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_merge_is_left_half_done() {
    let half_done = |line: &str| ["<<<<<<< ", ">>>>>>> "].iter().any(|mark| line.starts_with(mark));
    let rooms = ["crates", "docs", "fuzz/fuzz_targets", "src-tauri", "tests", "tools", "ui/src"];
    let wrong: Vec<String> = sources(&rooms, &[".rs", ".ts", ".svelte", ".css", ".md", ".py"])
        .into_iter()
        .filter(|(_, text)| text.lines().any(half_done))
        .map(|(path, _)| short(&path))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn documents_that_are_promised_are_there() {
    let promised = [
        "README.md",
        "LICENSE",
        "dev",
        ".ci/run",
        "deny.toml",
        "docs/ARCHITECTURE.md",
        "docs/GLOSSARY.md",
        "docs/PROTOCOL.md",
        "docs/FORMATS.md",
        "docs/THREAT_MODEL.md",
        "docs/STYLE.md",
        "docs/NUMBERS.md",
    ];
    let missing: Vec<_> = promised.iter().filter(|name| !root().join(name).exists()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
