//! Lists: the journal, today, the calendar, tags and feelings.

use super::{entry_row, memories};
use crate::ClientError;
use crate::hearthkeep::Hearthkeep;
use crate::view::{DayMark, EntryFilter, EntryPage, EntryRow, Today};
use hearthkeep_model::{Day, EntryHead, EntryId};
use hearthkeep_store::StoreError;
use std::collections::BTreeMap;

/// Rows that one call answers at most.
const MOST: u32 = 1_000;

/// A filter whose days were read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Narrowed {
    from: Option<Day>,
    to: Option<Day>,
    tag: Option<String>,
    feeling: Option<String>,
    shared: bool,
    drawer: bool,
}

impl Narrowed {
    pub(crate) fn parse(filter: &EntryFilter) -> Result<Self, ClientError> {
        let day = |text: &Option<String>| text.as_deref().map(str::parse::<Day>).transpose();
        Ok(Self {
            from: day(&filter.from)?,
            to: day(&filter.to)?,
            tag: filter.tag.clone(),
            feeling: filter.feeling.clone(),
            shared: filter.shared,
            drawer: filter.drawer,
        })
    }

    pub(crate) fn fits(&self, head: &EntryHead) -> bool {
        let day = head.fields.moment.day;
        head.trashed.is_some() == self.drawer
            && self.from.is_none_or(|from| day >= from)
            && self.to.is_none_or(|to| day <= to)
            && self.tag.as_ref().is_none_or(|tag| head.fields.tags.contains(tag))
            && self.feeling.as_ref().is_none_or(|one| head.fields.feelings.contains(one))
            && (!self.shared || head.shared)
    }
}

impl Hearthkeep {
    /// The first screen.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub async fn today(&self) -> Result<Today, ClientError> {
        let (store, day) = (self.store()?, self.clock().moment().day);
        let remembered = self.settings().await?.on_this_day;
        let away = if remembered { Some(self.put_away().await?) } else { None };
        let (mut total, mut entries, mut on_this_day) = (0u32, Vec::new(), Vec::new());
        store.each_head(|head| {
            if head.trashed.is_some() {
                return;
            }
            total = total.saturating_add(1);
            let lived = head.fields.moment.day;
            if lived == day {
                entries.push(entry_row(head));
            } else if memories::is_of(lived, day)
                && away.as_ref().is_some_and(|away| !away.hides(head.id, day))
            {
                on_this_day.push(entry_row(head));
            }
        });
        Ok(Today { day: day.to_string(), entries, on_this_day, total })
    }

    /// A part of the list, newest first.
    ///
    /// # Errors
    /// [`ClientError::Locked`], [`ClientError::Time`] when a day of the filter is none.
    pub fn entries(
        &self,
        filter: &EntryFilter,
        offset: u32,
        limit: u32,
    ) -> Result<EntryPage, ClientError> {
        let filter = Narrowed::parse(filter)?;
        let most = usize::try_from(limit.min(MOST)).unwrap_or(usize::MAX);
        let (mut total, mut rows) = (0u32, Vec::new());
        self.store()?.each_head(|head| {
            if filter.fits(head) {
                if total >= offset && rows.len() < most {
                    rows.push(entry_row(head));
                }
                total = total.saturating_add(1);
            }
        });
        Ok(EntryPage { total, offset, rows })
    }

    /// Days of a month ("2026-11") that have entries.
    ///
    /// # Errors
    /// [`ClientError::Time`] when it is no month.
    pub fn calendar(&self, month: &str) -> Result<Vec<DayMark>, ClientError> {
        let (year, of_year, _) = format!("{month}-01").parse::<Day>()?.parts();
        let mut days: BTreeMap<Day, u32> = BTreeMap::new();
        self.store()?.each_head(|head| {
            let day = head.fields.moment.day;
            let (its_year, its_month, _) = day.parts();
            if head.trashed.is_none() && (its_year, its_month) == (year, of_year) {
                let count = days.entry(day).or_default();
                *count = count.saturating_add(1);
            }
        });
        let mark = |(day, entries): (Day, u32)| DayMark { day: day.to_string(), entries };
        Ok(days.into_iter().map(mark).collect())
    }

    /// One entry's row.
    ///
    /// # Errors
    /// [`StoreError::NoEntry`].
    pub fn entry(&self, id: &str) -> Result<EntryRow, ClientError> {
        let id: EntryId = id.parse()?;
        let head = self.store()?.head(id).ok_or(StoreError::NoEntry(id))?;
        Ok(entry_row(&head))
    }

    /// All tags, the most used first.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub fn tags(&self) -> Result<Vec<String>, ClientError> {
        self.words_of(|head| &head.fields.tags)
    }

    /// All feelings, the most used first.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub fn feelings(&self) -> Result<Vec<String>, ClientError> {
        self.words_of(|head| &head.fields.feelings)
    }

    fn words_of(&self, of: impl Fn(&EntryHead) -> &[String]) -> Result<Vec<String>, ClientError> {
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        self.store()?.each_head(|head| {
            for word in of(head).iter().filter(|_| head.trashed.is_none()) {
                let count = counts.entry(word.clone()).or_default();
                *count = count.saturating_add(1);
            }
        });
        let mut words: Vec<_> = counts.into_iter().collect();
        words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Ok(words.into_iter().map(|(word, _)| word).collect())
    }
}
