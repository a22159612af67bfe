//! Front matter and times as other apps write them.

use crate::import::Unfit;
use hearthkeep_model::{Moment, Timestamp};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

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

/// A list, or one text with commas. A number is the text that it is written as.
#[derive(Debug)]
pub(crate) struct List(Vec<String>);

impl List {
    /// The texts. Other apps put a sign before a tag; what our own export wrote is left as it is.
    pub(crate) fn into_vec(self, own: bool) -> Vec<String> {
        let clean = |text: String| {
            let text = text.trim();
            if own { text } else { text.trim_start_matches('#') }.to_owned()
        };
        self.0.into_iter().map(clean).filter(|text| !text.is_empty()).collect()
    }
}

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor)
    }
}

struct ListVisitor;

impl<'de> Visitor<'de> for ListVisitor {
    type Value = List;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of texts, or one text")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<List, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = seq.next_element::<Option<String>>()? {
            texts.extend(text);
        }
        Ok(List(texts))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<List, E> {
        Ok(List(text.split(',').map(str::to_owned).collect()))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<List, E> {
        Ok(List(vec![number.to_string()]))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<List, E> {
        Ok(List(vec![number.to_string()]))
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<List, E> {
        Ok(List(vec![truth.to_string()]))
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
    // Some write their offset apart: 2026-03-14 21:05:00 +0100.
    let (time, offset) = text.rsplit_once(' ').unwrap_or((text, ""));
    let joined = offset.starts_with(['+', '-']).then(|| format!("{time}{offset}"));
    if let Ok(moment) = Moment::parse_rfc3339(joined.as_deref().unwrap_or(text)) {
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
