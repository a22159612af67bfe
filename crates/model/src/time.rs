//! Time as a person lived it. Nothing here reads a clock.

use jiff::{civil, tz};
use std::fmt;
use std::str::FromStr;

/// Why a text is not a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not RFC 3339 with an offset, or outside the years 1 to 9999.
    #[error("not a time with its offset, as in 2026-03-14T21:05:00+01:00")]
    Moment,
    /// Not a date as in ISO 8601, or outside the years 1 to 9999.
    #[error("not a date, as in 2026-03-14")]
    Day,
}

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

/// A date of the Gregorian calendar, as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// Year, month and day of the month.
    #[must_use]
    pub fn parts(self) -> (i16, i8, i8) {
        let date = self.civil();
        (date.year(), date.month(), date.day())
    }

    /// The date with these parts.
    ///
    /// # Errors
    /// [`TimeError::Day`] when there is no such date.
    pub fn from_parts(year: i16, month: i8, day: i8) -> Result<Self, TimeError> {
        civil::Date::new(year, month, day).map(Self::from_civil).map_err(|_| TimeError::Day)
    }

    fn civil(self) -> civil::Date {
        let epoch = civil::date(1970, 1, 1);
        let span = jiff::Span::new().try_days(i64::from(self.0));
        // Beyond the calendar's ends there is no date to show: the nearest one is.
        let end = if self.0 < 0 { civil::Date::MIN } else { civil::Date::MAX };
        span.and_then(|span| epoch.checked_add(span)).unwrap_or(end)
    }

    fn from_civil(date: civil::Date) -> Self {
        let days = date.duration_since(civil::date(1970, 1, 1)).as_hours() / 24;
        Self(i32::try_from(days).unwrap_or(0))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let date: civil::Date = text.parse().map_err(|_| TimeError::Day)?;
        Ok(Self::from_civil(date))
    }
}

/// An instant together with how it was lived: the local date and the offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The instant.
    pub at: Timestamp,
    /// The local date as lived. It may be set apart from the instant: a night belongs to its day.
    pub day: Day,
    /// Minutes that local time was ahead of UTC.
    pub offset_min: i16,
}

impl Moment {
    /// An instant at an offset; the day is the local date.
    #[must_use]
    pub fn new(at: Timestamp, offset_min: i16) -> Self {
        let local = local(at, offset_min);
        Self { at, day: Day::from_civil(local.date()), offset_min }
    }

    /// The moment as RFC 3339 with its offset, to the millisecond where there is one.
    #[must_use]
    pub fn rfc3339(&self) -> String {
        let time = local(self.at, self.offset_min);
        let sign = if self.offset_min < 0 { '-' } else { '+' };
        let minutes = self.offset_min.unsigned_abs();
        let milli = match time.millisecond() {
            0 => String::new(),
            milli => format!(".{milli:03}"),
        };
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{milli}{sign}{:02}:{:02}",
            time.year(),
            time.month(),
            time.day(),
            time.hour(),
            time.minute(),
            time.second(),
            minutes / 60,
            minutes % 60
        )
    }

    /// Reads RFC 3339 with an offset; `Z` is an offset of nought.
    ///
    /// # Errors
    /// [`TimeError::Moment`] when it is something else.
    pub fn parse_rfc3339(text: &str) -> Result<Self, TimeError> {
        let pieces = jiff::fmt::temporal::DateTimeParser::new()
            .parse_pieces(text)
            .map_err(|_| TimeError::Moment)?;
        let offset = pieces.to_numeric_offset().ok_or(TimeError::Moment)?;
        // The hour of an offset ends at 23, as that of a day.
        if offset.seconds().unsigned_abs() >= 24 * 60 * 60 {
            return Err(TimeError::Moment);
        }
        let time = pieces.time().ok_or(TimeError::Moment)?;
        let local = pieces.date().to_datetime(time);
        let at = offset.to_timestamp(local).map_err(|_| TimeError::Moment)?;
        let offset_min = i16::try_from(offset.seconds() / 60).map_err(|_| TimeError::Moment)?;
        Ok(Self::new(Timestamp(at.as_millisecond()), offset_min))
    }
}

fn local(at: Timestamp, offset_min: i16) -> civil::DateTime {
    let instant = jiff::Timestamp::from_millisecond(at.0).unwrap_or(if at.0 < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    });
    let seconds = i32::from(offset_min).saturating_mul(60);
    tz::Offset::from_seconds(seconds).unwrap_or(tz::Offset::UTC).to_datetime(instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_in_two_zones_has_two_days() {
        let tokyo = Moment::parse_rfc3339("2026-03-15T01:30:00+09:00").unwrap();
        let lisbon = Moment::new(tokyo.at, 0);
        assert_eq!(
            (tokyo.day.to_string(), lisbon.day.to_string()),
            ("2026-03-15".into(), "2026-03-14".into())
        );
        assert_eq!(tokyo.rfc3339(), "2026-03-15T01:30:00+09:00");
        assert_eq!(lisbon.rfc3339(), "2026-03-14T16:30:00+00:00");
    }

    #[test]
    fn milliseconds_and_negative_offsets_survive() {
        let text = "1969-07-20T16:17:40.250-03:30";
        assert_eq!(Moment::parse_rfc3339(text).unwrap().rfc3339(), text);
    }

    #[test]
    fn a_time_without_an_offset_is_refused() {
        for text in
            ["2026-03-15T01:30:00", "2026-03-15", "", "tomorrow", "2026-03-15T01:30:00+24:00"]
        {
            assert_eq!(Moment::parse_rfc3339(text), Err(TimeError::Moment), "{text}");
        }
    }

    #[test]
    fn a_day_is_read_back_and_never_panics() {
        for day in [Day(0), Day(-1), Day(20_417), Day(-700_000)] {
            assert_eq!(day.to_string().parse(), Ok(day));
        }
        assert_eq!(Day(i32::MAX).parts(), (9999, 12, 31));
    }
}
