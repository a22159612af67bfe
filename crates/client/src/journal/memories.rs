//! On this day: which earlier entries are shown, and which the person has put away.

use crate::hearthkeep::Hearthkeep;
use crate::{ClientError, Event};
use hearthkeep_model::{Day, EntryId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const SETTING: &str = "memories";

/// Memories that were put away: for one year, or for good.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct PutAway(BTreeMap<String, Option<i16>>);

impl PutAway {
    pub(crate) fn hides(&self, id: EntryId, today: Day) -> bool {
        let (this_year, ..) = today.parts();
        let until = self.0.get(&id.to_string());
        until.is_some_and(|year| year.is_none_or(|year| year == this_year))
    }
}

/// The same day in an earlier year. Who wrote on 29 February is reminded on the 28th of other
/// years.
pub(crate) fn is_of(then: Day, today: Day) -> bool {
    let ((then_year, then_month, then_day), (year, month, day)) = (then.parts(), today.parts());
    let leap = (then_month, then_day) == (2, 29) && (month, day) == (2, 28);
    let shown = leap && Day::from_parts(year, 2, 29).is_err();
    then_year < year && ((then_month, then_day) == (month, day) || shown)
}

impl Hearthkeep {
    /// Puts a memory away, for this year or for good. The entry stays where it is.
    ///
    /// # Errors
    /// [`ClientError::Locked`], or what the store says.
    pub async fn not_this_memory(&self, id: &str, this_year_only: bool) -> Result<(), ClientError> {
        let id: EntryId = id.parse()?;
        let (year, ..) = self.clock().moment().day.parts();
        let mut tx = self.store()?.begin().await?;
        let mut away = self.put_away().await?;
        away.0.insert(id.to_string(), this_year_only.then_some(year));
        let bytes = serde_json::to_vec(&away).expect("ids and years are plain data");
        tx.put_setting(SETTING, &bytes);
        tx.commit().await?;
        self.tell(Event::Entries);
        Ok(())
    }

    pub(crate) async fn put_away(&self) -> Result<PutAway, ClientError> {
        let kept = self.store()?.setting(SETTING).await?;
        Ok(kept.and_then(|kept| serde_json::from_slice(&kept).ok()).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_memory_is_of_the_same_day_in_an_earlier_year() {
        assert!(is_of(day("2025-11-24"), day("2026-11-24")));
        assert!(!is_of(day("2026-11-24"), day("2026-11-24")));
        assert!(!is_of(day("2025-11-23"), day("2026-11-24")));
        assert!(is_of(day("2024-02-29"), day("2026-02-28")));
        assert!(!is_of(day("2024-02-29"), day("2028-02-28")));
        assert!(is_of(day("2024-02-29"), day("2028-02-29")));
    }
}
