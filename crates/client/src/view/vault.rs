//! The profile before and after it is opened.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Where a profile stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ProfileState {
    /// There is no vault yet.
    New,
    /// The vault is closed.
    Locked,
    /// The vault is open.
    Unlocked,
}

/// All that a screen may know without a passphrase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// New, locked or unlocked.
    pub state: ProfileState,
    /// How the page looks.
    pub look: Look,
    /// An invitation was opened and waits for the vault.
    pub invitation_waits: bool,
    /// The slot file is damaged and its kept copy opens.
    pub slots_damaged: bool,
}

/// The few settings that are readable while locked (`open.toml`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Look {
    /// The theme.
    pub theme: Theme,
    /// Size of one's own words on the page, px: 16, 18, 21 or 24.
    pub size: u8,
    /// Language of the screen, BCP 47.
    pub language: String,
    /// Country of the help-lines, ISO 3166-1 alpha-2; none until chosen.
    pub country: Option<String>,
}

/// A theme of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the system.
    System,
    /// A window.
    Light,
    /// A lamp.
    Dark,
    /// High contrast, light.
    ContrastLight,
    /// High contrast, dark.
    ContrastDark,
}

/// How long a passphrase would hold against somebody who has this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Holds {
    /// An evening or less.
    Evening,
    /// About a month.
    Month,
    /// About ten years.
    TenYears,
    /// A lifetime.
    Lifetime,
}

/// An estimate made on this computer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Strength {
    /// Which of the four times on the line.
    pub holds: Holds,
    /// 0 to 1 along the line.
    pub place: f64,
    /// May a vault be made with it? Anything but the empty passphrase and the shortest ones.
    pub enough: bool,
}

/// A vault was made, or its recovery words replaced: the only time that the words are shown.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewWords {
    /// The 24 words of the recovery phrase.
    pub words: Vec<String>,
    /// Which three (1 to 24) are asked back.
    pub ask: Vec<u8>,
}

// The words open the vault: they are not printed.
impl std::fmt::Debug for NewWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewWords(…)")
    }
}

/// One word asked back.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AskedWord {
    /// Its place, 1 to 24.
    pub place: u8,
    /// What was typed.
    pub word: String,
}

impl std::fmt::Debug for AskedWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AskedWord(…)")
    }
}

/// The person's own settings, kept sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Minutes without a key or a click until the vault locks; 0 never.
    pub lock_after_min: u16,
    /// Offer one quiet prompt on an empty page.
    pub prompts: bool,
    /// Show entries of this day in earlier years.
    pub on_this_day: bool,
    /// The three words were typed back once.
    pub words_rehearsed: bool,
    /// Daily backup by itself, where a folder is chosen.
    pub backup_daily: bool,
}

/// A row that could not be opened. The rest of the vault is fine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DamagedRow {
    /// Which table.
    pub table: String,
    /// The row's sealed name, hexadecimal.
    pub row: String,
    /// What the list knows of the entry, where the row is an entry's.
    pub entry: Option<super::EntryRow>,
}
