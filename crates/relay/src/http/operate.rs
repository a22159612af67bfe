//! The operations: from checked bytes to a command or a reading, and back to bytes.

use axum::{body::Bytes, extract::Request};
use hearthkeep_wire::{
    Append, Auth, Class, Content, Create, Delete, DropDel, Entry, Fetch, GetHead, GetQuota,
    MailboxId, NewMailbox, Op, Page, Proof, Quota, Refusal, Rotate, Seal, Unseal, decode_canonical,
    encode, limits, token_hash,
};
use minicbor::{Decode, Encode};

use crate::{
    command::{AppendBlob, Command, MayRemove, Outcome},
    database::{MailboxRow, PageLimit, Reading},
    desk::{Desk, Granted, Keys, cannot_read, content_length},
    rate::Block,
};

/// Serves one request.
pub(super) async fn operate<R: Reading>(
    desk: &Desk<R>,
    op: Op,
    block: Block,
    request: Request,
) -> Result<Vec<u8>, Refusal> {
    desk.per_block.take(block, 1.0)?;
    let (parts, body) = request.into_parts();
    if op == Op::Create {
        if content_length(&parts.headers)? > limits::CONTROL_MAX {
            return Err(Refusal::TooLarge);
        }
        let body = desk.read_body(&parts, body, None).await?;
        return create(desk, block, &parts, &body.bytes).await;
    }
    let (granted, auth) = match desk.grant(op, block, &parts).await {
        Ok(granted) => granted,
        Err(refusal) => {
            desk.pour_away(&refusal, &parts, body).await;
            return Err(refusal);
        }
    };
    let body = desk.read_body(&parts, body, Some(&auth)).await?;
    match op {
        Op::Append => append(desk, &granted, &body.bytes).await,
        Op::Fetch => fetch(desk, granted.mailbox, &body.bytes).await,
        Op::Head => {
            control::<GetHead>(&body.bytes)?;
            Ok(encode(&row(desk, granted.mailbox).await?.head))
        }
        Op::Rotate => rotate(desk, &granted, &body.bytes).await,
        Op::Seal => {
            control::<Seal>(&body.bytes)?;
            answer(desk, Command::Seal(granted.mailbox)).await
        }
        Op::Unseal => {
            control::<Unseal>(&body.bytes)?;
            answer(desk, Command::Unseal(granted.mailbox)).await
        }
        Op::Delete => delete(desk, &granted, &body.bytes).await,
        Op::DropDel => {
            control::<DropDel>(&body.bytes)?;
            answer(desk, Command::DropDel(granted.mailbox)).await
        }
        Op::Quota => {
            control::<GetQuota>(&body.bytes)?;
            quota(desk, granted.mailbox).await
        }
        Op::Create | Op::Sub => Err(Refusal::Malformed),
    }
}

/// The key to verify with stands in the body, so this body is read first; it is a short one.
async fn create<R: Reading>(
    desk: &Desk<R>,
    block: Block,
    parts: &axum::http::request::Parts,
    body: &Bytes,
) -> Result<Vec<u8>, Refusal> {
    let auth = parts
        .headers
        .get(hearthkeep_wire::AUTH_HEADER)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| Auth::from_header(text).ok())
        .ok_or(Refusal::Malformed)?;
    auth.verify_body(body).map_err(|_| Refusal::Signature)?;
    let create: Create = control(body)?;
    if create.new.mailbox != auth.mailbox {
        return Err(Refusal::Malformed);
    }
    check_new(&create.new)?;
    let keys = Keys { class: create.new.class, cap: create.new.cap, admin: create.new.admin };
    desk.verify(Op::Create, block, &auth, &keys)?;
    let token = token_hash(&create.token);
    answer(desk, Command::Create { new: create.new, token }).await
}

/// Keys that can be used, and a life for drops alone.
fn check_new(new: &NewMailbox) -> Result<(), Refusal> {
    new.cap.check().map_err(|_| Refusal::Malformed)?;
    if let Some(admin) = &new.admin {
        admin.check().map_err(|_| Refusal::Malformed)?;
    }
    let ttl_fits = match (new.class, new.ttl_s) {
        (Class::Drop, Some(ttl)) => ttl > 0 && ttl <= limits::DROP_TTL_S_MAX,
        (Class::Log | Class::Handshake, None) => true,
        (Class::Drop, None) | (Class::Log | Class::Handshake, Some(_)) => false,
    };
    if ttl_fits { Ok(()) } else { Err(Refusal::Malformed) }
}

async fn append<R: Reading>(
    desk: &Desk<R>,
    granted: &Granted,
    body: &Bytes,
) -> Result<Vec<u8>, Refusal> {
    let max = granted.keys.class.blob_max().saturating_add(limits::APPEND_OVERHEAD_MAX);
    let append: Append<'_> = read(body, max)?;
    let command = Command::Append(AppendBlob::new(granted.mailbox, &append, body));
    answer(desk, command).await
}

async fn rotate<R: Reading>(
    desk: &Desk<R>,
    granted: &Granted,
    body: &Bytes,
) -> Result<Vec<u8>, Refusal> {
    let rotate: Rotate<'_> = read(body, body.len())?;
    if rotate.seal.len() > limits::ROTATE_MAX || rotate.open.len() > limits::ROTATE_MAX {
        return Err(Refusal::TooLarge);
    }
    for (at, new) in rotate.open.iter().enumerate() {
        check_new(new)?;
        let twice = rotate.open.iter().skip(at.saturating_add(1)).any(|o| o.mailbox == new.mailbox);
        if twice || new.class == Class::Drop {
            return Err(Refusal::Malformed);
        }
    }
    let command = Command::Rotate {
        commit: AppendBlob::new(granted.mailbox, &rotate.commit, body),
        seal: rotate.seal.clone(),
        open: rotate.open.clone(),
        cap: granted.keys.cap,
    };
    answer(desk, command).await
}

async fn delete<R: Reading>(
    desk: &Desk<R>,
    granted: &Granted,
    body: &Bytes,
) -> Result<Vec<u8>, Refusal> {
    let delete: Delete = control(body)?;
    let why = match delete.proof {
        Proof::Preimage(preimage) => MayRemove::Author(preimage),
        Proof::Admin if granted.as_admin => MayRemove::Admin,
        Proof::Admin => return Err(Refusal::Signature),
    };
    answer(desk, Command::Delete { mailbox: granted.mailbox, seq: delete.seq, why }).await
}

async fn fetch<R: Reading>(
    desk: &Desk<R>,
    mailbox: MailboxId,
    body: &Bytes,
) -> Result<Vec<u8>, Refusal> {
    let fetch: Fetch = control(body)?;
    let row = row(desk, mailbox).await?;
    let limit = PageLimit {
        entries: usize::from(fetch.limit).clamp(1, limits::PAGE_ENTRIES_MAX),
        bytes: limits::PAGE_BYTES_MAX,
    };
    let stored = if fetch.since < row.head.seq {
        let page = desk.reader.page(row.id, fetch.since, row.head.seq, limit).await;
        page.map_err(cannot_read)?
    } else {
        Vec::new()
    };
    let entries = stored
        .iter()
        .map(|entry| Entry {
            seq: entry.seq,
            link: entry.link,
            content: match &entry.blob {
                Some(blob) => Content::Blob(blob),
                None => Content::Tombstone(entry.hash),
            },
        })
        .collect();
    Ok(encode(&Page { entries, head: row.head }))
}

async fn quota<R: Reading>(desk: &Desk<R>, mailbox: MailboxId) -> Result<Vec<u8>, Refusal> {
    let row = row(desk, mailbox).await?;
    let bytes_left = desk.reader.bytes_left(row.budget).await.map_err(cannot_read)?;
    Ok(encode(&Quota { bytes: row.bytes, entries: row.entries, bytes_left }))
}

/// The mailbox as it is now.
async fn row<R: Reading>(desk: &Desk<R>, name: MailboxId) -> Result<MailboxRow, Refusal> {
    let now = desk.clock.now();
    desk.reader
        .mailbox(name)
        .await
        .map_err(cannot_read)?
        .filter(|row| row.expires_at.is_none_or(|at| at > now))
        .ok_or(Refusal::NoSuchMailbox)
}

async fn answer<R: Reading>(desk: &Desk<R>, command: Command) -> Result<Vec<u8>, Refusal> {
    Ok(match desk.writer.ask(command).await? {
        Outcome::Appended(appended) => encode(&appended),
        Outcome::Rotated(rotated) => encode(&rotated),
        Outcome::Done | Outcome::Swept { .. } => Vec::new(),
    })
}

fn control<T: for<'b> Decode<'b, ()> + Encode<()>>(body: &[u8]) -> Result<T, Refusal> {
    decode_canonical(body, limits::CONTROL_MAX).map_err(|_| Refusal::Malformed)
}

fn read<'b, T: Decode<'b, ()> + Encode<()>>(body: &'b [u8], max: usize) -> Result<T, Refusal> {
    decode_canonical(body, max).map_err(|_| Refusal::Malformed)
}
