//! Front matter and times as other apps write them.

use crate::import::Unfit;
use hearthkeep_model::{Moment, Timestamp};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::Deserialize;

/// What front matter may say. What else it says is not ours to guess.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Front {
    pub(crate) id: Option<String>,
    #[serde(alias = "date", alias = "created", alias = "creationDate")]
    pub(crate) at: Option<String>,
    pub(crate) day: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) tags: Option<List>,
    pub(crate) feelings: Option<List>,
}

/// A list, or one text with commas.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum List {
    Many(Vec<String>),
    One(String),
}

impl List {
    pub(crate) fn into_vec(self) -> Vec<String> {
        let texts = match self {
            Self::Many(texts) => texts,
            Self::One(text) => text.split(',').map(str::to_owned).collect(),
        };
        let clean = |text: String| text.trim().trim_start_matches('#').to_owned();
        texts.into_iter().map(clean).filter(|text| !text.is_empty()).collect()
    }
}

/// Splits a page into its front matter, if it has any, and its text.
pub(crate) fn split(page: &str) -> Result<(Front, &str), Unfit> {
    let page = page.strip_prefix('\u{feff}').unwrap_or(page);
    let Some(rest) = page.strip_prefix("---\n").or_else(|| page.strip_prefix("---\r\n")) else {
        return Ok((Front::default(), page));
    };
    let mut at = 0usize;
    for line in rest.split_inclusive('\n') {
        let after = at.saturating_add(line.len());
        if matches!(line.trim_end(), "---" | "...") {
            let yaml = rest.get(..at).unwrap_or_default();
            let text = rest.get(after..).unwrap_or_default();
            return match serde_yaml_ng::from_str::<Option<Front>>(yaml) {
                Ok(front) => Ok((front.unwrap_or_default(), text)),
                Err(_) if yaml.contains(": ") => Err(Unfit::Shape),
                // A rule at the top of a page without front matter: the page is all text.
                Err(_) => Ok((Front::default(), page)),
            };
        }
        at = after;
    }
    Ok((Front::default(), page))
}

/// A time with its offset, or a local one, or a date: then noon of it.
pub(crate) fn moment(text: &str, zone: &TimeZone) -> Result<Moment, Unfit> {
    let text = text.trim();
    if let Ok(moment) = Moment::parse_rfc3339(text) {
        return Ok(moment);
    }
    let local = text.parse::<DateTime>().ok().filter(|_| text.len() > 10);
    let local = local.or_else(|| text.parse::<Date>().ok().map(|date| date.at(12, 0, 0, 0)));
    lived(local.ok_or(Unfit::Time)?, zone)
}

/// A local time in its zone. One that a change of clocks left out is the one just after it.
pub(crate) fn lived(local: DateTime, zone: &TimeZone) -> Result<Moment, Unfit> {
    let at = zone.to_timestamp(local).map_err(|_| Unfit::Time)?;
    instant_in(Timestamp(at.as_millisecond()), zone)
}

/// An instant as it was lived in a zone.
pub(crate) fn instant_in(at: Timestamp, zone: &TimeZone) -> Result<Moment, Unfit> {
    let instant = jiff::Timestamp::from_millisecond(at.0).map_err(|_| Unfit::Time)?;
    let offset = i16::try_from(zone.to_offset(instant).seconds() / 60).map_err(|_| Unfit::Time)?;
    Ok(Moment::new(at, offset))
}
