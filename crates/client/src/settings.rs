//! Settings: the few that are readable while locked, and the sealed ones.

use crate::hearthkeep::Hearthkeep;
use crate::view::{Look, Settings, Theme};
use crate::{ClientError, Event};
use hearthkeep_store::OpenFile;

/// The setting's name.
pub(crate) const SETTINGS: &str = "settings";
const SIZES: [u8; 4] = [16, 18, 21, 24];

/// The look as `open.toml` says it; what is missing or unknown is as at first.
pub(crate) fn look(file: &OpenFile) -> Look {
    let size = file.get("size").and_then(|size| size.parse().ok());
    Look {
        theme: theme(file.get("theme").unwrap_or_default()),
        size: size.filter(|size| SIZES.contains(size)).unwrap_or(18),
        language: file.get("language").unwrap_or("en").to_owned(),
        country: file.get("country").map(str::to_owned),
    }
}

fn theme(name: &str) -> Theme {
    match name {
        "light" => Theme::Light,
        "dark" => Theme::Dark,
        "contrastLight" => Theme::ContrastLight,
        "contrastDark" => Theme::ContrastDark,
        _ => Theme::System,
    }
}

fn theme_name(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
        Theme::ContrastLight => "contrastLight",
        Theme::ContrastDark => "contrastDark",
    }
}

/// As a vault begins.
fn at_first() -> Settings {
    Settings {
        lock_after_min: 10,
        prompts: true,
        on_this_day: true,
        words_rehearsed: false,
        backup_daily: true,
    }
}

/// The settings of a vault whose words are new: nobody has tried those yet.
pub(crate) fn with_untried_words(mut settings: serde_json::Value) -> serde_json::Value {
    if let Some(tried) = settings.get_mut("wordsRehearsed") {
        *tried = false.into();
    }
    settings
}

impl Hearthkeep {
    /// Keeps how the page looks.
    ///
    /// # Errors
    /// What the file system says.
    pub fn set_look(&self, look: &Look) -> Result<(), ClientError> {
        let mut file = self.inner.folder.read_open_file();
        file.set("theme", theme_name(look.theme));
        file.set("size", &look.size.to_string());
        file.set("language", &look.language);
        match &look.country {
            Some(country) => file.set("country", country),
            None => file.remove("country"),
        }
        self.inner.folder.write_open_file(&file)?;
        self.tell(Event::Settings);
        Ok(())
    }

    /// The person's settings.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub async fn settings(&self) -> Result<Settings, ClientError> {
        let kept = self.store()?.setting(SETTINGS).await?;
        Ok(kept.and_then(|kept| serde_json::from_slice(&kept).ok()).unwrap_or_else(at_first))
    }

    /// Keeps the person's settings.
    ///
    /// # Errors
    /// [`ClientError::Locked`], or what the store says.
    pub async fn set_settings(&self, settings: &Settings) -> Result<(), ClientError> {
        let mut tx = self.store()?.begin().await?;
        let bytes = serde_json::to_vec(settings).expect("settings are plain data");
        tx.put_setting(SETTINGS, &bytes);
        let changes = tx.commit().await?;
        self.tell_changes(&changes);
        self.tell(Event::Settings);
        Ok(())
    }
}
