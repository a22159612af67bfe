//! A real relay process, and members that speak to it.
#![allow(
    dead_code,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    missing_docs,
    unreachable_pub,
    reason = "shared by several tests; a test that fails here fails as it should"
)]

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Once,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use ed25519_dalek::{Signer, SigningKey};
use hearthkeep_wire::{
    AUTH_HEADER, Append, Appended, Auth, CapKey, Class, Content, Create, Delete, Fetch, GetHead,
    Head, Hello, Idem, MailboxId, NewMailbox, Nonce, Op, Page, Preimage, Proof, Refusal,
    RefusalBody, Sub, Token, blob_hash, decode_exact, delete_hash, encode, follow, message_to_sign,
    sub_body,
};

/// A relay process on a database of its own.
pub struct RelayProcess {
    child: Child,
    pub address: SocketAddr,
    pub folder: tempfile::TempDir,
    pub token: Token,
    arguments: Vec<String>,
}

impl RelayProcess {
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    pub fn start_with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let arguments: Vec<String> = arguments.iter().map(|a| (*a).to_owned()).collect();
        let (child, address) = spawn(folder.path(), &arguments);
        let text = std::fs::read_to_string(folder.path().join("token")).unwrap();
        let token = Token::from_hex(&text).unwrap();
        Self { child, address, folder, token, arguments }
    }

    pub fn database(&self) -> PathBuf {
        self.folder.path().join("relay.db")
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as `kill -9` does.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, as an operator does, and waits.
    pub fn terminate(&mut self) -> std::process::ExitStatus {
        let status =
            Command::new("kill").args(["-TERM", &self.pid().to_string()]).status().unwrap();
        assert!(status.success());
        self.child.wait().unwrap()
    }

    /// Starts it again on the same file; the port is another.
    pub fn start_again(&mut self) {
        let (child, address) = spawn(self.folder.path(), &self.arguments);
        self.child = child;
        self.address = address;
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for RelayProcess {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

pub fn command(folder: &Path, arguments: &[String]) -> Command {
    let mut command = Command::new(binary());
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--database"])
        .arg(folder.join("relay.db"))
        .arg("--token-file")
        .arg(folder.join("token"))
        .args(arguments)
        .stdout(Stdio::piped());
    command
}

/// The relay that cargo has built for these tests: beside the folder of the tests themselves.
fn binary() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    tests.ancestors().nth(2).unwrap().join("hearthkeep-relay")
}

fn spawn(folder: &Path, arguments: &[String]) -> (Child, SocketAddr) {
    let mut child = command(folder, arguments).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on ").expect("says where it listens");
    (child, address.parse().unwrap())
}

/// An HTTP client, with the one provider of cryptography that there is here.
pub fn http() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        tokio_rustls::rustls::crypto::ring::default_provider().install_default().unwrap();
    });
    reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().unwrap()
}

/// A key from a number: throw-away keys of tests.
pub fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

pub fn cap(key: &SigningKey) -> CapKey {
    CapKey(key.verifying_key().to_bytes())
}

pub fn mailbox(seed: u8) -> MailboxId {
    MailboxId([seed; 32])
}

pub fn idem(number: u64) -> Idem {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    Idem(bytes)
}

/// Somebody who holds a capability.
pub struct Member {
    pub http: reqwest::Client,
    pub base: String,
    pub key: SigningKey,
    nonce: tokio::sync::Mutex<Option<Nonce>>,
    counter: AtomicU64,
}

impl Member {
    pub fn new(relay: &RelayProcess, key: SigningKey) -> Self {
        Self::at(relay.url(""), key)
    }

    pub fn at(base: String, key: SigningKey) -> Self {
        Self { http: http(), base, key, nonce: Default::default(), counter: AtomicU64::new(0) }
    }

    pub async fn nonce(&self) -> Nonce {
        let mut kept = self.nonce.lock().await;
        if let Some(nonce) = *kept {
            return nonce;
        }
        let answer = self.http.post(format!("{}/v1/hello", self.base)).body("").send().await;
        let bytes = answer.unwrap().bytes().await.unwrap();
        let hello: Hello = decode_exact(&bytes, 100).unwrap();
        *kept = Some(hello.nonce);
        hello.nonce
    }

    pub async fn sign(&self, op: Op, mailbox: MailboxId, body: &[u8]) -> Auth {
        let nonce = self.nonce().await;
        let counter = self.counter.fetch_add(1, Ordering::SeqCst) + 1;
        let body = blob_hash(body);
        let message = message_to_sign(op, &mailbox, &nonce, counter, &body);
        Auth { mailbox, nonce, counter, body, signature: self.key.sign(&message).to_bytes() }
    }

    pub async fn send(&self, op: Op, auth: &Auth, body: Vec<u8>) -> Result<Vec<u8>, Refusal> {
        self.send_raw(op.path(), Some(auth.to_header()), body).await
    }

    pub async fn send_raw(
        &self,
        path: &str,
        auth: Option<String>,
        body: Vec<u8>,
    ) -> Result<Vec<u8>, Refusal> {
        let mut request = self.http.post(format!("{}{path}", self.base)).body(body);
        if let Some(auth) = auth {
            request = request.header(AUTH_HEADER, auth);
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status();
        let bytes = answer.bytes().await.unwrap().to_vec();
        if status.is_success() {
            return Ok(bytes);
        }
        let body: RefusalBody = decode_exact(&bytes, 1_000).unwrap();
        let refusal = Refusal::from(body);
        assert_eq!(refusal.status(), status.as_u16());
        Err(refusal)
    }

    pub async fn ask(&self, op: Op, mailbox: MailboxId, body: Vec<u8>) -> Result<Vec<u8>, Refusal> {
        let auth = self.sign(op, mailbox, &body).await;
        self.send(op, &auth, body).await
    }

    pub async fn create(&self, token: Token, new: NewMailbox) -> Result<(), Refusal> {
        let mailbox = new.mailbox;
        self.ask(Op::Create, mailbox, encode(&Create { new, token })).await.map(drop)
    }

    /// Opens a log mailbox under this key.
    pub async fn open_log(&self, relay: &RelayProcess, seed: u8) -> MailboxId {
        let new = new_mailbox(seed, Class::Log, &self.key);
        self.create(relay.token, new).await.unwrap();
        mailbox(seed)
    }

    pub async fn append_with(
        &self,
        mailbox: MailboxId,
        append: &Append<'_>,
    ) -> Result<Head, Refusal> {
        let bytes = self.ask(Op::Append, mailbox, encode(append)).await?;
        Ok(decode_exact::<Appended>(&bytes, 1_000).unwrap().at)
    }

    pub async fn append(&self, mailbox: MailboxId, idem: Idem, blob: &[u8]) -> Head {
        self.append_with(mailbox, &plain(idem, blob)).await.unwrap()
    }

    pub async fn head(&self, mailbox: MailboxId) -> Result<Head, Refusal> {
        let bytes = self.ask(Op::Head, mailbox, encode(&GetHead {})).await?;
        Ok(decode_exact(&bytes, 1_000).unwrap())
    }

    pub async fn fetch(
        &self,
        mailbox: MailboxId,
        since: u64,
        limit: u16,
    ) -> Result<Vec<u8>, Refusal> {
        self.ask(Op::Fetch, mailbox, encode(&Fetch { since, limit })).await
    }

    pub async fn delete(&self, mailbox: MailboxId, seq: u64, proof: Proof) -> Result<(), Refusal> {
        self.ask(Op::Delete, mailbox, encode(&Delete { seq, proof })).await.map(drop)
    }

    /// Reads the whole mailbox, checking every link; tombstones are `None`.
    pub async fn read_all(&self, mailbox: MailboxId) -> Vec<Option<Vec<u8>>> {
        let (mut at, mut all) = (Head::genesis(&mailbox), Vec::new());
        loop {
            let bytes = self.fetch(mailbox, at.seq, 1_000).await.unwrap();
            let page: Page<'_> = decode_exact(&bytes, 10_000_000).unwrap();
            at = follow(&at, &page).unwrap();
            all.extend(page.entries.iter().map(|entry| match &entry.content {
                Content::Blob(blob) => Some(blob.to_vec()),
                Content::Tombstone(_) => None,
            }));
            if at == page.head {
                return all;
            }
        }
    }

    pub async fn sub(&self, mailbox: MailboxId, since: u64) -> Sub {
        let auth = self.sign(Op::Sub, mailbox, &sub_body(since)).await;
        Sub { auth: auth.to_bytes(), since }
    }

    /// A subscription under a nonce that a socket gave.
    pub fn sub_under(&self, nonce: Nonce, counter: u64, mailbox: MailboxId, since: u64) -> Sub {
        let body = blob_hash(&sub_body(since));
        let message = message_to_sign(Op::Sub, &mailbox, &nonce, counter, &body);
        let signature = self.key.sign(&message).to_bytes();
        Sub { auth: Auth { mailbox, nonce, counter, body, signature }.to_bytes(), since }
    }
}

pub fn new_mailbox(seed: u8, class: Class, key: &SigningKey) -> NewMailbox {
    let ttl_s = (class == Class::Drop).then_some(3_600);
    NewMailbox { mailbox: mailbox(seed), class, cap: cap(key), admin: None, ttl_s }
}

pub const fn plain(idem: Idem, blob: &[u8]) -> Append<'_> {
    Append { idem, expect_head: None, delete_hash: None, blob }
}

pub const fn author(seed: u8) -> Preimage {
    Preimage([seed; 32])
}

pub fn removable(idem: Idem, blob: &[u8], seed: u8) -> Append<'_> {
    Append { idem, expect_head: None, delete_hash: Some(delete_hash(&author(seed))), blob }
}

pub const fn by(seed: u8) -> Proof {
    Proof::Preimage(author(seed))
}

/// Waits for something that another process will bring about.
pub async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !holds().await {
        assert!(Instant::now() < end, "never came about: {what}");
        tokio::task::yield_now().await;
    }
}

/// Every file of a folder, as bytes.
pub fn bytes_in(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect()
}

pub fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
