//! Each command, done by the core.

use crate::args::{Args, Backup, Command, Fields};
use crate::exit::{DAMAGED, Failure};
use crate::secret::WordsFile;
use crate::{out, secret, stop};
use hearthkeep_client::view::{
    BackupProof, EntryFilter, ExportFormat, FieldsPatch, RestoreSecret, WholeEntry,
};
use hearthkeep_client::{ClientError, Events, Hearthkeep, SystemClock};
use serde_json::json;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// Rows asked for at a time.
const PAGE: u32 = 500;

/// Does what the arguments say.
pub(crate) async fn run(args: Args) -> Result<ExitCode, Failure> {
    if needs_a_profile(&args.command) && !args.profile.exists() {
        return Err(Failure::NoProfile(args.profile.display().to_string()));
    }
    let app = Hearthkeep::open(&args.profile, Arc::new(SystemClock::new()), Events::unheard())?;
    let cli = Cli { app: app.clone(), json: args.json };
    let outcome = tokio::select! {
        outcome = cli.command(&args) => outcome,
        () = stop::asked_to(&app, ends_cleanly(&args.command)) => {
            Err(ClientError::Stopped.into())
        }
    };
    // Locking empties the log and wipes the keys; the answer counts even if that must wait.
    app.lock().await?;
    outcome
}

/// Whether a command has nothing to do where no profile is: a mistyped folder is not made.
const fn needs_a_profile(command: &Command) -> bool {
    !matches!(
        command,
        Command::Init { .. }
            | Command::Restore { .. }
            | Command::Backup { what: Backup::Verify { .. } }
    )
}

/// Whether a command has an end of its own to come to when it is stopped.
const fn ends_cleanly(command: &Command) -> bool {
    matches!(
        command,
        Command::Import { .. }
            | Command::Export { .. }
            | Command::Backup { .. }
            | Command::Restore { .. }
    )
}

struct Cli {
    app: Hearthkeep,
    json: bool,
}

impl Cli {
    async fn command(&self, args: &Args) -> Result<ExitCode, Failure> {
        if let Command::Init { words_file } = &args.command {
            return self.init(args, words_file.as_deref()).await;
        }
        if let Command::Restore { path, backup_passphrase_file, words_file, new_words_file } =
            &args.command
        {
            let secret = match (backup_passphrase_file, words_file) {
                (Some(file), _) => RestoreSecret::Passphrase(secret::read(file)?),
                (None, Some(file)) => RestoreSecret::Words(secret::read(file)?),
                (None, None) => return Err(Failure::NoPassphrase),
            };
            return self.restore(args, path, secret, new_words_file.as_deref()).await;
        }
        let verify = |what: &Backup| match what {
            Backup::Verify { path, backup_passphrase_file } => {
                backup_passphrase_file.clone().map(|file| (path.clone(), file))
            }
            Backup::Folder { .. } | Backup::File { .. } => None,
        };
        if let Command::Backup { what } = &args.command
            && let Some((path, file)) = verify(what)
        {
            return self.verify(&path, Some(&secret::read(&file)?)).await;
        }
        self.unlock(args).await?;
        match &args.command {
            Command::Init { .. } | Command::Restore { .. } => Ok(ExitCode::SUCCESS),
            Command::Add(fields) => self.add(fields).await,
            Command::List => self.list().await,
            Command::Show { id } => self.show(&self.app.whole_entry(id).await?),
            Command::Edit { id, fields } => self.edit(id, fields).await,
            Command::Search { words } => self.search(&words.join(" ")).await,
            Command::Import { path } => self.import(path).await,
            Command::Export { path, as_json } => self.export(path, *as_json).await,
            Command::Check => self.check().await,
            Command::Backup { what } => self.backup(what).await,
        }
    }

    // A copy of a damaged slot file that still reads is named, not used: that is for a person to
    // decide.
    async fn unlock(&self, args: &Args) -> Result<(), Failure> {
        let refused = |error: ClientError| {
            if self.app.profile().slots_damaged {
                Failure::SlotsKept(args.profile.display().to_string())
            } else {
                error.into()
            }
        };
        self.app.unlock(&passphrase(args)?).await.map_err(refused)
    }

    async fn init(&self, args: &Args, words_file: Option<&Path>) -> Result<ExitCode, Failure> {
        let passphrase = passphrase(args)?;
        let file = words_file.map(WordsFile::create).transpose()?;
        let words = match self.app.create_vault(&passphrase).await {
            Ok(words) => words.words,
            Err(error) => {
                file.into_iter().for_each(WordsFile::discard);
                return Err(error.into());
            }
        };
        self.words(&words, file, json!({}))?;
        Ok(ExitCode::SUCCESS)
    }

    /// Gives the words to their file, or shows them this once.
    fn words(
        &self,
        words: &[String],
        file: Option<WordsFile<'_>>,
        mut rest: serde_json::Value,
    ) -> Result<(), Failure> {
        let shown = file.is_none();
        if let Some(file) = file {
            file.write(words)?;
        }
        match (self.json, shown) {
            (true, true) => {
                if let Some(rest) = rest.as_object_mut() {
                    rest.insert("words".to_owned(), json!(words));
                }
                out::json(&rest)
            }
            (true, false) => out::json(&rest),
            (false, true) => out::line(&words.join(" ")),
            (false, false) => Ok(()),
        }
    }

    async fn restore(
        &self,
        args: &Args,
        path: &Path,
        secret: RestoreSecret,
        new_words_file: Option<&Path>,
    ) -> Result<ExitCode, Failure> {
        let passphrase = passphrase(args)?;
        let file = new_words_file.map(WordsFile::create).transpose()?;
        let restored =
            match self.app.restore(path, secret, &passphrase, out::progress("restore")).await {
                Ok(restored) => restored,
                Err(error) => {
                    file.into_iter().for_each(WordsFile::discard);
                    return Err(error.into());
                }
            };
        let rest = json!({
            "entries": restored.entries,
            "pictures": restored.pictures,
            "groups": restored.groups,
            "damaged": restored.damaged,
        });
        self.words(&restored.words.words, file, rest)?;
        Ok(if restored.damaged.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(DAMAGED) })
    }

    async fn add(&self, fields: &Fields) -> Result<ExitCode, Failure> {
        let row = self.app.add_entry(&standard_input().await?, patch(fields)).await?;
        self.told(&json!({ "id": row.id }), &row.id)
    }

    async fn edit(&self, id: &str, fields: &Fields) -> Result<ExitCode, Failure> {
        self.app.replace_markdown(id, &standard_input().await?, patch(fields)).await?;
        self.told(&json!({ "id": id }), id)
    }

    async fn list(&self) -> Result<ExitCode, Failure> {
        let mut offset = 0;
        loop {
            let page = self.app.entries(&EntryFilter::default(), offset, PAGE)?;
            for row in &page.rows {
                if self.json {
                    self.show(&self.app.whole_entry(&row.id).await?)?;
                } else {
                    let name = if row.title.is_empty() { &row.first_line } else { &row.title };
                    out::line(&format!("{}  {}  {name}", row.id, row.at))?;
                }
            }
            offset = offset.saturating_add(PAGE);
            if offset >= page.total {
                return Ok(ExitCode::SUCCESS);
            }
        }
    }

    async fn search(&self, words: &str) -> Result<ExitCode, Failure> {
        for id in self.app.find_everywhere(words).await? {
            let entry = self.app.whole_entry(&id).await?;
            if self.json {
                self.show(&entry)?;
            } else {
                out::line(&format!("{}  {}  {}", entry.id, entry.at, entry.title))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn show(&self, entry: &WholeEntry) -> Result<ExitCode, Failure> {
        let heading = format!("{}\n{}\n\n{}", entry.at, entry.title, entry.text);
        self.told(entry, &heading)
    }

    async fn import(&self, path: &Path) -> Result<ExitCode, Failure> {
        let imported = self.app.import(path, out::progress("import")).await?;
        for item in &imported.unreadable {
            if !self.json {
                out::line(&format!("not read: {}: {}", item.what, item.why))?;
            }
        }
        let text = format!(
            "{} added, {} were here, {} not read",
            imported.added,
            imported.known,
            imported.unreadable.len()
        );
        self.told(&imported, &text)?;
        if imported.cancelled { Err(ClientError::Stopped.into()) } else { Ok(ExitCode::SUCCESS) }
    }

    async fn export(&self, path: &Path, as_json: bool) -> Result<ExitCode, Failure> {
        let format = if as_json { ExportFormat::Json } else { ExportFormat::Markdown };
        let exported = self.app.export(path, format, out::progress("export")).await?;
        let text =
            format!("{} entries, {} pictures, in clear", exported.entries, exported.pictures);
        self.told(&exported, &text)
    }

    async fn check(&self) -> Result<ExitCode, Failure> {
        let report = self.app.check().await?;
        let text = format!(
            "{} entries, {} versions, {} pictures open; {} damaged",
            report.entries,
            report.versions,
            report.attachments,
            report.damaged.len()
        );
        self.told(&report, &text)?;
        let sound = report.damaged.is_empty() && report.database_sound;
        Ok(if sound { ExitCode::SUCCESS } else { ExitCode::from(DAMAGED) })
    }

    async fn backup(&self, what: &Backup) -> Result<ExitCode, Failure> {
        let progress = out::progress("backup");
        match what {
            Backup::Folder { path, backup_passphrase_file } => {
                // It is kept, for days on which other folders are the current one.
                let path = std::path::absolute(path).map_err(|error| Failure::file(path, error))?;
                if let Some(file) = backup_passphrase_file {
                    self.app.choose_backup_folder(&path, &secret::read(file)?).await?;
                } else if self.app.backup_status().await?.folder.as_deref() != path.to_str() {
                    return Err(ClientError::NoBackupFolder.into());
                }
                self.proof(&self.app.backup_now(progress).await?)
            }
            Backup::File { path, backup_passphrase_file } => {
                let passphrase = secret::read(backup_passphrase_file)?;
                self.proof(&self.app.backup_file(path, &passphrase, progress).await?)
            }
            Backup::Verify { path, backup_passphrase_file } => {
                let passphrase = backup_passphrase_file.as_deref().map(secret::read).transpose()?;
                self.verify(path, passphrase.as_deref()).await
            }
        }
    }

    async fn verify(&self, path: &Path, passphrase: Option<&str>) -> Result<ExitCode, Failure> {
        self.proof(&self.app.prove_backup(path, passphrase, out::progress("verify")).await?)
    }

    fn proof(&self, proof: &BackupProof) -> Result<ExitCode, Failure> {
        let text = format!(
            "{}: made {}, {} entries, {} pictures, every hash compared; {} damaged",
            proof.name,
            proof.made,
            proof.entries,
            proof.pictures,
            proof.damaged.len()
        );
        self.told(proof, &text)?;
        Ok(if proof.damaged.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(DAMAGED) })
    }

    fn told(&self, json: &impl serde::Serialize, text: &str) -> Result<ExitCode, Failure> {
        if self.json {
            out::json(json)?
        } else {
            out::line(text)?
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn passphrase(args: &Args) -> Result<String, Failure> {
    secret::read(args.passphrase_file.as_deref().ok_or(Failure::NoPassphrase)?)
}

/// Read on a thread of its own: nobody waits for it once the person gave up typing.
async fn standard_input() -> Result<String, Failure> {
    let (send, typed) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || send.send(read_to_end()).ok());
    typed.await.unwrap_or(Err(Failure::Input))
}

fn read_to_end() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take((16 << 20) + 1).read_to_end(&mut bytes)?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::Input)?;
    if text.len() > 16 << 20 { Err(Failure::Input) } else { Ok(text) }
}

fn patch(fields: &Fields) -> FieldsPatch {
    let given = |words: &Vec<String>| (!words.is_empty()).then(|| words.clone());
    FieldsPatch {
        title: fields.title.clone(),
        tags: given(&fields.tags),
        feelings: given(&fields.feelings),
        at: fields.at.clone(),
    }
}
