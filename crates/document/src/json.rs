//! Lines as JSON: for versions and backups, which keep what Markdown has no sign for.
//!
//! The form is that of an editor's delta: `[{"insert":"words","attributes":{…}}, …]`, where a line
//! ends with `{"insert":"\n","attributes":{…}}`.

use crate::line::{Attrs, Content, Line};
use crate::refused::{Fault, Refused};
use serde_json::{Map, Value};

/// The lines as JSON.
#[must_use]
pub fn lines_to_json(lines: &[Line]) -> Value {
    let mut ops = Vec::new();
    for line in lines {
        for piece in &line.pieces {
            let insert = match &piece.content {
                Content::Text(text) => Value::String(text.clone()),
                Content::Embed(embed) => embed.clone(),
            };
            ops.push(op(insert, &piece.marks));
        }
        ops.push(op(Value::String("\n".to_owned()), &line.attrs));
    }
    Value::Array(ops)
}

fn op(insert: Value, attrs: &Attrs) -> Value {
    let mut map = Map::new();
    map.insert("insert".to_owned(), insert);
    if !attrs.is_empty() {
        map.insert("attributes".to_owned(), attrs.clone().into_iter().collect());
    }
    Value::Object(map)
}

/// Reads lines from JSON.
///
/// # Errors
/// [`Refused::Malformed`] at the number of the part that is not one.
pub fn lines_from_json(json: &Value) -> Result<Vec<Line>, Refused> {
    let fault = |at| Refused::Malformed { at, fault: Fault::Lines };
    let ops = json.as_array().ok_or_else(|| fault(0))?;
    let mut lines = Lines::default();
    for (at, op) in ops.iter().enumerate() {
        let insert = op.get("insert").ok_or_else(|| fault(at))?;
        let attrs = match op.get("attributes") {
            None => Attrs::new(),
            Some(Value::Object(map)) => map.clone().into_iter().collect(),
            Some(_) => return Err(fault(at)),
        };
        match insert {
            Value::String(text) => lines.text(text, &attrs),
            Value::Object(_) => lines.embed(insert.clone(), &attrs),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {
                return Err(fault(at));
            }
        }
    }
    Ok(lines.finish())
}

/// Collects a delta into lines. Text behind the last line end is a line too.
#[derive(Default)]
pub(crate) struct Lines {
    done: Vec<Line>,
    open: Line,
}

impl Lines {
    pub(crate) fn text(&mut self, text: &str, attrs: &Attrs) {
        let mut parts = text.split('\n');
        if let Some(first) = parts.next() {
            self.open.push_text(first, attrs);
        }
        for part in parts {
            self.open.attrs.clone_from(attrs);
            self.done.push(std::mem::take(&mut self.open));
            self.open.push_text(part, attrs);
        }
    }

    pub(crate) fn embed(&mut self, embed: Value, attrs: &Attrs) {
        self.open.push_embed(embed, attrs);
    }

    pub(crate) fn finish(mut self) -> Vec<Line> {
        if !self.open.pieces.is_empty() {
            self.done.push(self.open);
        }
        self.done
    }
}
