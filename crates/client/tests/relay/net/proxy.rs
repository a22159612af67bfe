//! What stands between people and their relay: it hands on, breaks off, loses answers, records
//! every byte, and lies about pages as an evil relay would.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use hearthkeep_crypto::SigningKey;
use hearthkeep_wire::{
    AUTH_HEADER, Append, Auth, Content, Entry, Fetch, Head, Hello, MailboxId, Op, Page, Rotate,
    blob_hash, decode_exact, encode, message_to_sign,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufStream, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

/// How it treats one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    /// As it should be.
    HandOn,
    /// Broken off before the relay has seen it.
    BreakOff,
    /// The relay does it, and the answer is lost.
    LoseAnswer,
    /// The answer breaks off in its middle.
    HalfAnswer,
    /// The relay's page is told otherwise.
    Lie(Lie),
}

/// What an evil relay does with a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lie {
    /// Leaves its first entry out.
    Drop,
    /// Swaps its first two entries.
    Reorder,
    /// Gives its first entry twice.
    Replay,
    /// Ends before its last entry, and says that there the log ends.
    Truncate,
    /// Says that the log has one entry, whatever was read.
    RollBack,
    /// Gives another blob for its first entry, in a chain that fits.
    Fork,
    /// Flips a bit in its first blob.
    Flip,
    /// Garbage.
    Garbage,
}

/// A request that has passed, and its answer.
#[derive(Debug, Clone)]
pub(crate) struct Passed {
    pub(crate) path: String,
    pub(crate) head: Vec<u8>,
    pub(crate) body: Vec<u8>,
    pub(crate) answer: Vec<u8>,
}

impl Passed {
    /// What the request was about.
    pub(crate) fn mailbox(&self) -> MailboxId {
        mailbox_of(&String::from_utf8_lossy(&self.head))
    }

    /// The blob that the request put into a log, if it did.
    pub(crate) fn blob(&self) -> Option<Vec<u8>> {
        let limit = 1 << 24;
        match self.path.as_str() {
            "/v1/append" => decode_exact::<Append<'_>>(&self.body, limit).ok().map(|a| a.blob),
            "/v1/rotate" => {
                decode_exact::<Rotate<'_>>(&self.body, limit).ok().map(|r| r.commit.blob)
            }
            _ => None,
        }
        .map(<[u8]>::to_vec)
    }
}

/// Reads a mailbox with a key of one's choice, past every client; the answer is the status.
pub(crate) async fn fetches(relay: SocketAddr, key: &SigningKey, mailbox: &MailboxId) -> u16 {
    let request = |path: &str, auth: &str, length: usize| {
        format!("POST {path} HTTP/1.1\r\nhost: relay\r\ncontent-length: {length}\r\n{auth}\r\n")
    };
    let (_, hello) = ask(relay, request("/v1/hello", "", 0).as_bytes(), &[]).await.unwrap();
    let nonce = decode_exact::<Hello>(&hello, 1 << 10).unwrap().nonce;
    let body = encode(&Fetch { since: 0, limit: 1 });
    let hash = blob_hash(&body);
    let signed = message_to_sign(Op::Fetch, mailbox, &nonce, 1, &hash);
    let signature = key.sign_request(&signed).0;
    let auth = Auth { mailbox: *mailbox, nonce, counter: 1, body: hash, signature };
    let auth = format!("{AUTH_HEADER}: {}\r\n", auth.to_header());
    let head = request("/v1/fetch", &auth, body.len());
    let (status, _) = ask(relay, head.as_bytes(), &body).await.unwrap();
    status.split(' ').nth(1).unwrap().parse().unwrap()
}

type Decide = Box<dyn FnMut(&str, usize) -> Fate + Send>;

struct Shared {
    upstream: Mutex<SocketAddr>,
    decide: Mutex<Decide>,
    passed: Mutex<Vec<Passed>>,
}

/// The proxy.
#[derive(Clone)]
pub(crate) struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Proxy {
    pub(crate) async fn start(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            upstream: Mutex::new(upstream),
            decide: Mutex::new(Box::new(|_, _| Fate::HandOn)),
            passed: Mutex::default(),
        });
        let here = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&here);
                tokio::spawn(async move {
                    // A connection that breaks is what this is for.
                    drop(serve(stream, &shared).await);
                });
            }
        });
        Self { address, shared }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The relay has started at another address.
    pub(crate) fn now_at(&self, upstream: SocketAddr) {
        *self.shared.upstream.lock().unwrap() = upstream;
    }

    /// From now on every request meets the fate that this says, by path and length.
    pub(crate) fn decides(&self, decide: impl FnMut(&str, usize) -> Fate + Send + 'static) {
        *self.shared.decide.lock().unwrap() = Box::new(decide);
    }

    pub(crate) fn is_honest(&self) {
        self.decides(|_, _| Fate::HandOn);
    }

    /// All that has passed so far.
    pub(crate) fn passed(&self) -> Vec<Passed> {
        self.shared.passed.lock().unwrap().clone()
    }
}

async fn serve(stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut client = BufStream::new(stream);
    loop {
        let head = read_head(&mut client).await?;
        let text = String::from_utf8_lossy(&head).into_owned();
        let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
        let upstream = *shared.upstream.lock().unwrap();
        if path == "/v1/wake" {
            let mut relay = TcpStream::connect(upstream).await?;
            relay.write_all(&head).await?;
            copy_bidirectional(&mut client, &mut relay).await?;
            return Ok(());
        }
        let mut body = vec![0; content_length(&text)];
        client.read_exact(&mut body).await?;
        let fate = (shared.decide.lock().unwrap())(&path, body.len());
        if fate == Fate::BreakOff {
            return Ok(());
        }
        let (mut answer_head, mut answer) = ask(upstream, &head, &body).await?;
        shared.passed.lock().unwrap().push(Passed {
            path: path.clone(),
            head,
            body,
            answer: answer.clone(),
        });
        match fate {
            Fate::LoseAnswer => return Ok(()),
            Fate::Lie(lie) if path == "/v1/fetch" && is_ok(&answer_head) => {
                answer = told_otherwise(&answer, lie, &mailbox_of(&text));
                answer_head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/cbor\r\ncontent-length: {}\r\n\r\n",
                    answer.len()
                );
            }
            Fate::HalfAnswer => {
                client.write_all(answer_head.as_bytes()).await?;
                client.write_all(&answer[..answer.len() / 2]).await?;
                client.flush().await?;
                return Ok(());
            }
            Fate::HandOn | Fate::BreakOff | Fate::Lie(_) => {}
        }
        client.write_all(answer_head.as_bytes()).await?;
        client.write_all(&answer).await?;
        client.flush().await?;
    }
}

fn is_ok(head: &str) -> bool {
    head.starts_with("HTTP/1.1 200")
}

async fn ask(upstream: SocketAddr, head: &[u8], body: &[u8]) -> std::io::Result<(String, Vec<u8>)> {
    let mut relay = BufStream::new(TcpStream::connect(upstream).await?);
    relay.write_all(head).await?;
    relay.write_all(body).await?;
    relay.flush().await?;
    let head = String::from_utf8_lossy(&read_head(&mut relay).await?).into_owned();
    let mut answer = vec![0; content_length(&head)];
    relay.read_exact(&mut answer).await?;
    Ok((head, answer))
}

async fn read_head(stream: &mut BufStream<TcpStream>) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    Ok(head)
}

fn header<'t>(head: &'t str, name: &str) -> Option<&'t str> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

fn content_length(head: &str) -> usize {
    header(head, "content-length").map_or(0, |length| length.parse().unwrap())
}

fn mailbox_of(head: &str) -> MailboxId {
    header(head, "hearthkeep-auth")
        .and_then(|text| Auth::from_header(text).ok())
        .map_or(MailboxId([0; 32]), |auth| auth.mailbox)
}

fn told_otherwise(answer: &[u8], lie: Lie, mailbox: &MailboxId) -> Vec<u8> {
    if lie == Lie::Garbage {
        return b"<html>Please log in to this network</html>".to_vec();
    }
    let mut page: Page<'_> = decode_exact(answer, 1 << 26).unwrap();
    let flipped: Vec<u8>;
    match lie {
        Lie::Garbage => {}
        Lie::RollBack => {
            page.entries.clear();
            page.head = Head::genesis(mailbox);
        }
        _ if page.entries.is_empty() => return answer.to_vec(),
        Lie::Drop => drop(page.entries.remove(0)),
        Lie::Reorder => {
            let last = page.entries.len() - 1;
            page.entries.swap(0, last);
        }
        Lie::Replay => page.entries.insert(0, page.entries[0].clone()),
        Lie::Truncate => {
            page.entries.pop();
            // The head that an honest relay had told before this entry came is not known here, so
            // the chain is only cut where a reader still has its end.
            if let Some(last) = page.entries.last() {
                page.head = Head { seq: last.seq, link: last.link };
            } else {
                return answer.to_vec();
            }
        }
        Lie::Fork => {
            let first = &mut page.entries[0];
            first.content = Content::Blob(b"another past");
            first.link = blob_hash(b"another link");
        }
        Lie::Flip => {
            if let Content::Blob(blob) = page.entries[0].content {
                flipped = blob.iter().enumerate().map(|(n, b)| b ^ u8::from(n == 40)).collect();
                let Entry { seq, link, .. } = page.entries[0];
                page.entries[0] = Entry { seq, link, content: Content::Blob(&flipped) };
            }
        }
    }
    encode(&page)
}
