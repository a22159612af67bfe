//! Bad weather: killed while writing, half requests, floods, a second process, a restart.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails here fails as it should"
)]

mod support;

use std::{
    collections::BTreeSet,
    io::{Read, Write},
    net::TcpStream,
    process::Stdio,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use hearthkeep_wire::{AUTH_HEADER, Op, encode, limits};
use rand::{Rng, SeedableRng};
use support::{
    Member, RelayProcess, bytes_in, command, holds, idem, key, mailbox, plain, removable,
};

/// Appends without end until the relay dies, and says what was acknowledged.
async fn append_until_it_dies(
    member: &Member,
    log: hearthkeep_wire::MailboxId,
    next: &AtomicU64,
    acknowledged: &tokio::sync::Mutex<Vec<u64>>,
) {
    loop {
        let number = next.fetch_add(1, Ordering::SeqCst);
        let body = encode(&plain(idem(number), &blob(number)));
        let auth = member.sign(Op::Append, log, &body).await;
        let request = member
            .http
            .post(format!("{}{}", member.base, Op::Append.path()))
            .header(AUTH_HEADER, auth.to_header())
            .body(body);
        match request.send().await {
            Ok(answer) if answer.status().is_success() => {
                acknowledged.lock().await.push(number);
            }
            Ok(answer) => panic!("refused with {}", answer.status()),
            Err(_) => return,
        }
    }
}

fn blob(number: u64) -> Vec<u8> {
    number.to_le_bytes().repeat(64)
}

#[tokio::test(flavor = "multi_thread")]
async fn w10_killed_while_appending_nothing_acknowledged_is_lost() {
    let seed = std::env::var("SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(20_261_125);
    eprintln!("SEED={seed}");
    let mut random = rand::rngs::StdRng::seed_from_u64(seed);
    let mut relay = RelayProcess::start_with(&["--rate", "0"]);
    let member = Member::new(&relay, key(1));
    let log = member.open_log(&relay, 1).await;
    let (next, acknowledged) = (AtomicU64::new(1), tokio::sync::Mutex::new(Vec::new()));
    for _ in 0..12 {
        let mut member = Member::new(&relay, key(1));
        member.nonce().await;
        let writers = (0..16).map(|_| append_until_it_dies(&member, log, &next, &acknowledged));
        let kill_after = Duration::from_millis(random.random_range(5..120));
        let kill = async {
            let before = acknowledged.lock().await.len();
            tokio::time::sleep(kill_after).await;
            while acknowledged.lock().await.len() == before {
                tokio::task::yield_now().await;
            }
            relay.kill();
        };
        tokio::join!(futures_util::future::join_all(writers), kill);
        relay.start_again();
        member.base = relay.url("");
    }
    let member = Member::new(&relay, key(1));
    let kept = member.read_all(log).await;
    let numbers: Vec<u64> = kept
        .iter()
        .map(|entry| {
            let entry = entry.as_ref().unwrap();
            let number = u64::from_le_bytes(entry[..8].try_into().unwrap());
            assert_eq!(entry, &blob(number), "no entry is half written");
            number
        })
        .collect();
    let once: BTreeSet<u64> = numbers.iter().copied().collect();
    assert_eq!(once.len(), numbers.len(), "nothing stands twice");
    let acknowledged = acknowledged.into_inner();
    let lost: Vec<&u64> = acknowledged.iter().filter(|number| !once.contains(number)).collect();
    assert!(acknowledged.len() >= 12 && lost.is_empty(), "lost: {lost:?}");
    // Who had no answer asks again, and it stands once.
    for number in 1..next.load(Ordering::SeqCst) {
        member.append(log, idem(number), &blob(number)).await;
    }
    let all = member.read_all(log).await;
    assert_eq!(u64::try_from(all.len()).unwrap(), next.load(Ordering::SeqCst) - 1);
}

#[tokio::test]
async fn w10_who_hangs_up_does_not_undo_the_append() {
    let relay = RelayProcess::start();
    let member = Member::new(&relay, key(1));
    let log = member.open_log(&relay, 1).await;
    for number in 1..=20 {
        let body = encode(&plain(idem(number), b"hung up"));
        let auth = member.sign(Op::Append, log, &body).await;
        let mut stream = TcpStream::connect(relay.address).unwrap();
        let head = format!(
            "POST {} HTTP/1.1\r\nhost: relay\r\n{AUTH_HEADER}: {}\r\ncontent-length: {}\r\n\r\n",
            Op::Append.path(),
            auth.to_header(),
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body).unwrap();
        drop(stream);
    }
    for number in 1..=20 {
        member.append(log, idem(number), b"hung up").await;
    }
    assert_eq!(member.read_all(log).await.len(), 20);
}

#[tokio::test]
async fn w25_a_second_relay_on_the_same_file_does_not_start() {
    let mut relay = RelayProcess::start();
    let second = command(relay.folder.path(), &[])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap();
    assert!(!second.status.success());
    assert!(String::from_utf8_lossy(&second.stderr).contains("another relay already runs"));
    relay.kill();
    relay.start_again();
    let member = Member::new(&relay, key(1));
    member.open_log(&relay, 1).await;
}

#[tokio::test]
async fn a_relay_that_is_asked_to_end_ends_in_order_and_goes_on_where_it_was() {
    let mut relay = RelayProcess::start();
    let member = Member::new(&relay, key(1));
    let log = member.open_log(&relay, 1).await;
    let head = member.append(log, idem(1), b"kept").await;
    assert!(relay.terminate().success());
    let wal = relay.folder.path().join("relay.db-wal");
    assert!(!wal.exists(), "the log was written into the file");
    relay.start_again();
    let member = Member::new(&relay, key(1));
    assert_eq!(member.head(log).await, Ok(head));
}

#[tokio::test]
async fn w23_half_requests_are_let_go_of_and_others_are_served_meanwhile() {
    let relay = RelayProcess::start_with(&["--connections-per-address", "100"]);
    let member = Member::new(&relay, key(1));
    let log = member.open_log(&relay, 1).await;
    let mut half: Vec<TcpStream> = (0..60)
        .map(|_| {
            let mut stream = TcpStream::connect(relay.address).unwrap();
            stream.write_all(b"POST /v1/append HTTP/1.1\r\nhost: rel").unwrap();
            stream
        })
        .collect();
    let begin = Instant::now();
    member.append(log, idem(1), b"served").await;
    assert!(begin.elapsed() < Duration::from_secs(5));
    for stream in &mut half {
        stream.set_read_timeout(Some(Duration::from_secs(25))).unwrap();
        let mut rest = Vec::new();
        // Closed, with or without a word: what matters is that it ends.
        match stream.read_to_end(&mut rest) {
            Ok(_) => {}
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
        }
    }
    assert!(begin.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn w23_one_address_holds_so_many_connections_and_no_more() {
    let relay = RelayProcess::start_with(&["--connections-per-address", "8"]);
    let open: Vec<TcpStream> =
        (0..30).map(|_| TcpStream::connect(relay.address).unwrap()).collect();
    let closed = |stream: &TcpStream| {
        stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
        let mut stream = stream;
        match stream.read(&mut [0; 1]) {
            Ok(0) => true,
            Ok(_) => false,
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    };
    let refused = open.iter().filter(|stream| closed(stream)).count();
    assert_eq!(refused, 22);
    drop(open);
    let member = Member::new(&relay, key(1));
    support::eventually("the places are free again", async || {
        member.http.post(relay.url("/v1/hello")).body("").send().await.is_ok()
    })
    .await;
}

#[tokio::test]
async fn w23_a_flood_of_bodies_for_mailboxes_that_are_not_there_costs_no_memory() {
    let relay = RelayProcess::start_with(&["--rate", "0"]);
    let member = Member::new(&relay, key(1));
    member.open_log(&relay, 1).await;
    let before = memory_kib(relay.pid());
    let body = vec![7; limits::LOG_BLOB_MAX];
    for round in 0..8 {
        let flood = (0..16_u8).map(|n| {
            let append = plain(idem(1), &body);
            let body = encode(&append);
            let member = &member;
            async move { member.ask(Op::Append, mailbox(100 + n), body).await }
        });
        let answers = futures_util::future::join_all(flood).await;
        assert!(answers.iter().all(|a| a == &Err(hearthkeep_wire::Refusal::NoSuchMailbox)));
        assert!(memory_kib(relay.pid()) < before + 16 * 1024, "round {round}");
    }
    assert!(!bytes_in(relay.folder.path()).iter().any(|(_, bytes)| holds(bytes, &body[..64])));
}

#[tokio::test]
async fn w18_what_was_taken_back_stays_gone_after_a_kill() {
    let mut relay = RelayProcess::start();
    let member = Member::new(&relay, key(1));
    let log = member.open_log(&relay, 1).await;
    let secret = b"not to be brought back by a log".repeat(30);
    member.append_with(log, &removable(idem(1), &secret, 3)).await.unwrap();
    member.delete(log, 1, support::by(3)).await.unwrap();
    relay.kill();
    relay.start_again();
    let member = Member::new(&relay, key(1));
    assert_eq!(member.read_all(log).await, [None]);
    let gone = || !bytes_in(relay.folder.path()).iter().any(|(_, b)| holds(b, &secret[..31]));
    support::eventually("the blob leaves every file", async || gone()).await;
}

#[tokio::test]
async fn w24_no_mailbox_and_no_address_reaches_the_log_at_any_level() {
    let folder = tempfile::tempdir().unwrap();
    let log_file = std::fs::File::create(folder.path().join("log")).unwrap();
    let mut child = command(folder.path(), &[])
        .env("RUST_LOG", "hearthkeep_relay=trace,info")
        .stderr(log_file)
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut out, &mut line).unwrap();
    let base = format!("http://{}", line.trim().strip_prefix("listening on ").unwrap());
    let text = std::fs::read_to_string(folder.path().join("token")).unwrap();
    let token = hearthkeep_wire::Token::from_hex(&text).unwrap();
    let member = Member::at(base, key(1));
    let new = support::new_mailbox(0xab, hearthkeep_wire::Class::Log, &member.key);
    member.create(token, new).await.unwrap();
    member.append(mailbox(0xab), idem(1), b"letter").await;
    let refused = member.append_with(mailbox(0xab), &plain(idem(1), b"other")).await;
    assert!(refused.is_err());
    child.kill().unwrap();
    child.wait().unwrap();
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    for forbidden in ["abab", "171, 171", "127.0.0.1", "letter"] {
        assert!(!log.contains(forbidden), "{forbidden} stands in the log");
    }
}

/// Resident memory of a process.
fn memory_kib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
