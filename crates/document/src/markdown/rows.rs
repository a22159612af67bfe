//! The rows of a Markdown source, and which of them are blank.

/// One row.
struct Row {
    start: usize,
    /// How many quotes a blank row stands in; `None` when the row is not blank.
    blank: Option<u8>,
}

pub(super) struct SourceRows {
    rows: Vec<Row>,
}

impl SourceRows {
    pub(super) fn of(source: &str) -> Self {
        let mut start = 0usize;
        let mut rows = Vec::new();
        for text in source.split_inclusive('\n') {
            let bare = text.trim_end_matches('\n');
            let blank = bare.chars().all(|c| matches!(c, '>' | ' ' | '\t'));
            let quotes = bare.bytes().filter(|byte| *byte == b'>').count();
            let quotes = u8::try_from(quotes).unwrap_or(u8::MAX);
            rows.push(Row { start, blank: blank.then_some(quotes) });
            start = start.saturating_add(text.len());
        }
        Self { rows }
    }

    /// The number of the row in which a byte stands.
    pub(super) fn row_of(&self, offset: usize) -> usize {
        self.rows.partition_point(|row| row.start <= offset).saturating_sub(1)
    }

    /// The quotes of the blank rows right before a row, in their order.
    pub(super) fn blank_before(&self, row: usize) -> Vec<u8> {
        let before = self.rows.get(..row).unwrap_or_default();
        let mut blank: Vec<u8> = before.iter().rev().map_while(|row| row.blank).collect();
        blank.reverse();
        blank
    }

    /// The quotes of the blank rows at the end.
    pub(super) fn blank_at_end(&self) -> Vec<u8> {
        self.blank_before(self.rows.len())
    }
}
