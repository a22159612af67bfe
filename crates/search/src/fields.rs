//! The schema: one for every language, and nothing of a text is stored.

use hearthkeep_model::{Day, EntryId, Timestamp};
use tantivy::schema::{
    BytesOptions, FAST, Field, INDEXED, IndexRecordOption, NumericOptions, Schema, TantivyDocument,
    TextFieldIndexing, TextOptions,
};

/// What is known of an entry beside its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// When it was lived: the newest are found first.
    pub at: Timestamp,
    /// The local date as lived.
    pub day: Day,
    /// Tags.
    pub tags: Vec<String>,
    /// Feelings.
    pub feelings: Vec<String>,
    /// An excerpt of it was shared.
    pub shared: bool,
    /// It lies in the drawer.
    pub drawer: bool,
}

/// The version of the schema and of the fold. Another one: the index is built anew.
pub(crate) const VERSION: u32 = 2;

/// Names of the tokenizers.
pub(crate) const FOLD: &str = "fold";
pub(crate) const BEGINNINGS: &str = "beginnings";

/// The fields of the index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    pub(crate) id: Field,
    pub(crate) high: Field,
    pub(crate) low: Field,
    pub(crate) body: Field,
    /// The first letters of its words.
    pub(crate) begun: Field,
    pub(crate) tag: Field,
    pub(crate) feeling: Field,
    pub(crate) shared: Field,
    pub(crate) drawer: Field,
    pub(crate) at: Field,
    pub(crate) day: Field,
}

pub(crate) fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let words = TextFieldIndexing::default()
        .set_tokenizer(FOLD)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions)
        .set_fieldnorms(false);
    let plain = |tokenizer| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false);
        TextOptions::default().set_indexing_options(indexing)
    };
    let label = plain("raw");
    let number = NumericOptions::default().set_indexed().set_fast();
    let fields = Fields {
        id: schema.add_bytes_field("id", BytesOptions::default().set_indexed()),
        high: schema.add_u64_field("high", FAST),
        low: schema.add_u64_field("low", FAST),
        body: schema.add_text_field("body", TextOptions::default().set_indexing_options(words)),
        begun: schema.add_text_field("begun", plain(BEGINNINGS)),
        tag: schema.add_text_field("tag", label.clone()),
        feeling: schema.add_text_field("feeling", label),
        shared: schema.add_bool_field("shared", INDEXED),
        drawer: schema.add_bool_field("drawer", INDEXED),
        at: schema.add_i64_field("at", FAST),
        day: schema.add_i64_field("day", number),
    };
    (schema.build(), fields)
}

/// An id as two numbers, in which the engine keeps it.
pub(crate) fn halves(id: EntryId) -> (u64, u64) {
    let [a, b, c, d, e, f, g, h, rest @ ..] = *id.as_bytes();
    (u64::from_be_bytes([a, b, c, d, e, f, g, h]), u64::from_be_bytes(rest))
}

pub(crate) fn joined(high: u64, low: u64) -> EntryId {
    let mut bytes = [0u8; 16];
    let both = high.to_be_bytes().into_iter().chain(low.to_be_bytes());
    bytes.iter_mut().zip(both).for_each(|(to, from)| *to = from);
    EntryId::from_bytes(bytes)
}

pub(crate) fn document(fields: &Fields, id: EntryId, text: &str, facts: &Facts) -> TantivyDocument {
    let (high, low) = halves(id);
    let mut document = TantivyDocument::default();
    document.add_bytes(fields.id, id.as_bytes());
    document.add_u64(fields.high, high);
    document.add_u64(fields.low, low);
    document.add_text(fields.body, text);
    document.add_text(fields.begun, text);
    for tag in &facts.tags {
        document.add_text(fields.tag, tag);
    }
    for feeling in &facts.feelings {
        document.add_text(fields.feeling, feeling);
    }
    document.add_bool(fields.shared, facts.shared);
    document.add_bool(fields.drawer, facts.drawer);
    document.add_i64(fields.at, facts.at.0);
    document.add_i64(fields.day, i64::from(facts.day.0));
    document
}
