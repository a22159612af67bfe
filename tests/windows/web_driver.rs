//! The WebDriver protocol over one HTTP connection a request, each with a time limit: two states
//! of the web view never answer.

use serde_json::{Value, json};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(60);

/// A session with one app.
#[derive(Debug)]
pub(crate) struct Session {
    port: u16,
    path: String,
}

impl Session {
    /// Starts the app.
    pub(crate) fn start(port: u16, program: &str, arguments: &[String]) -> io::Result<Self> {
        let wish = json!({ "capabilities": { "alwaysMatch": {
            "webkitgtk:browserOptions": { "binary": program, "args": arguments }
        } } });
        let answer = request(port, "POST", "/session", &wish)?;
        let id = answer.get("sessionId").and_then(Value::as_str).unwrap_or_default();
        Ok(Self { port, path: format!("/session/{id}") })
    }

    /// Asks for something.
    pub(crate) fn get(&self, what: &str) -> io::Result<Value> {
        request(self.port, "GET", &format!("{}/{what}", self.path), &Value::Null)
    }

    /// Asks for something to be done.
    pub(crate) fn post(&self, what: &str, body: &Value) -> io::Result<Value> {
        request(self.port, "POST", &format!("{}/{what}", self.path), body)
    }
}

/// Whether a driver listens.
pub(crate) fn listens(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_ok()
}

fn request(port: u16, method: &str, path: &str, body: &Value) -> io::Result<Value> {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(LIMIT))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = BufReader::new(stream);
    let length = content_length(&mut answer)?;
    let mut text = vec![0; length];
    answer.read_exact(&mut text)?;
    let mut answer: Value = serde_json::from_slice(&text).map_err(io::Error::other)?;
    let value = answer.get_mut("value").map(Value::take).unwrap_or_default();
    match value.get("error").and_then(Value::as_str) {
        Some(error) => {
            let message = value.get("message").and_then(Value::as_str).unwrap_or_default();
            Err(io::Error::other(format!("{error}: {message}")))
        }
        None => Ok(value),
    }
}

fn content_length(answer: &mut impl BufRead) -> io::Result<usize> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if answer.read_line(&mut line)? == 0 || line.trim().is_empty() {
            return Ok(length);
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
    }
}
