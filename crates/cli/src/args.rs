//! What can be asked for. A passphrase is never an argument: others could see it.

use clap::{Args as ClapArgs, Parser, Subcommand};
use std::path::PathBuf;

/// Hearthkeep without a window.
#[derive(Debug, Parser)]
#[command(name = "hearthkeep-cli", version, about)]
pub(crate) struct Args {
    /// The profile folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) profile: PathBuf,
    /// A file with the vault's passphrase.
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Print JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a vault.
    Init {
        /// Write the 24 words to this new file, readable by its owner only.
        #[arg(long, value_name = "FILE")]
        words_file: Option<PathBuf>,
    },
    /// Write an entry; its text is read from standard input.
    Add(Fields),
    /// List all entries, newest first.
    List,
    /// Show an entry.
    Show {
        /// Its id.
        id: String,
    },
    /// Replace an entry's text by standard input; the old text stays as a version.
    Edit {
        /// Its id.
        id: String,
        /// What else to change.
        #[command(flatten)]
        fields: Fields,
    },
    /// Find entries that hold all these words; "in quotes" is a phrase.
    Search {
        /// The words.
        #[arg(required = true)]
        words: Vec<String>,
    },
    /// Import a Day One zip, a jrnl JSON file or a folder of Markdown.
    Import {
        /// Where it lies.
        path: PathBuf,
    },
    /// Write all entries, in clear, into a new or empty folder.
    Export {
        /// The folder.
        path: PathBuf,
        /// One JSON file instead of Markdown.
        #[arg(long)]
        as_json: bool,
    },
    /// Open everything once and say what does not open.
    Check,
    /// Back up, or check a backup.
    Backup {
        /// Which.
        #[command(subcommand)]
        what: Backup,
    },
    /// Bring a backup back onto an empty profile. --passphrase-file has the new passphrase.
    Restore {
        /// A backup folder, one of its archives, or a one-file backup.
        path: PathBuf,
        /// A file with the backup's passphrase.
        #[arg(long, value_name = "FILE", required_unless_present = "words_file")]
        backup_passphrase_file: Option<PathBuf>,
        /// A file with the 24 words.
        #[arg(long, value_name = "FILE", conflicts_with = "backup_passphrase_file")]
        words_file: Option<PathBuf>,
        /// Write the new 24 words to this new file, readable by its owner only.
        #[arg(long, value_name = "FILE")]
        new_words_file: Option<PathBuf>,
    },
}

/// What an entry has beside its text.
#[derive(Debug, ClapArgs)]
pub(crate) struct Fields {
    /// When it was lived, RFC 3339 with offset.
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// A tag; may be given several times.
    #[arg(long = "tag", value_name = "TAG")]
    pub(crate) tags: Vec<String>,
    /// A feeling; may be given several times.
    #[arg(long = "feeling", value_name = "FEELING")]
    pub(crate) feelings: Vec<String>,
    /// A title.
    #[arg(long)]
    pub(crate) title: Option<String>,
}

/// Backups.
#[derive(Debug, Subcommand)]
pub(crate) enum Backup {
    /// Back up into a folder. The passphrase is needed the first time.
    Folder {
        /// The folder.
        path: PathBuf,
        /// A file with the backup's passphrase.
        #[arg(long, value_name = "FILE")]
        backup_passphrase_file: Option<PathBuf>,
    },
    /// Back up into one file.
    File {
        /// The file.
        path: PathBuf,
        /// A file with the backup's passphrase.
        #[arg(long, value_name = "FILE")]
        backup_passphrase_file: PathBuf,
    },
    /// Read a backup to its end and compare every hash.
    Verify {
        /// A backup folder, one of its archives, or a one-file backup.
        path: PathBuf,
        /// A file with the backup's passphrase; without it the vault's own key is used.
        #[arg(long, value_name = "FILE")]
        backup_passphrase_file: Option<PathBuf>,
    },
}
