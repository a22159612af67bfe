"""Writes the vectors of this folder from FORMATS alone: Python's `cryptography`, no line of ours in Rust.

Run it in this folder. All keys and nonces are fixed; nothing here seals anything that matters.
"""
import hashlib, hmac, json, struct
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def hkdf(ikm, info, size, salt=None):
    prk = hmac.new(salt or bytes(32), ikm, hashlib.sha256).digest()
    out, block, n = b"", b"", 1
    while len(out) < size:
        block = hmac.new(prk, block + info + bytes([n]), hashlib.sha256).digest()
        out, n = out + block, n + 1
    return out[:size]


def info(label, *args):
    return label.encode() + b"\0" + b"".join(struct.pack(">I", len(a)) + a for a in args)


def derive(secret, label, *args, size=32, salt=None):
    return hkdf(secret, info(label, *args), size, salt)


def hchacha(key, nonce16):
    state = list(struct.unpack("<4I", b"expand 32-byte k") + struct.unpack("<8I", key) + struct.unpack("<4I", nonce16))
    mask = 0xFFFFFFFF

    def quarter(a, b, c, d):
        for x, y, z, r in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            state[x] = (state[x] + state[y]) & mask
            v = state[z] ^ state[x]
            state[z] = ((v << r) | (v >> (32 - r))) & mask

    for _ in range(10):
        for q in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15), (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            quarter(*q)
    return struct.pack("<8I", *(state[:4] + state[12:]))


def aead(key, nonce, aad, plain):
    return ChaCha20Poly1305(hchacha(key, nonce[:16])).encrypt(bytes(4) + nonce[16:], plain, aad)


def padme(size, floor):
    if size <= floor or size < 2:
        return max(size, floor)
    e = size.bit_length() - 1
    s = e.bit_length()
    mask = (1 << (e - s)) - 1
    return (size + mask) & ~mask


def pad(plain, floor):
    body = struct.pack(">I", len(plain)) + plain
    return body + bytes(padme(len(body), floor) - len(body))


def envelope(secret, label, tag, ctx, nonce, plain, floor=256):
    both = derive(secret, label, tag, ctx, size=64, salt=nonce)
    key, com = both[:32], both[32:]
    return b"\1" + tag + nonce + com + aead(key, nonce, b"\1" + tag + com + ctx, pad(plain, floor))


def sealed_file(secret, label, name, nonce, plain):
    both = derive(secret, label, name, size=64, salt=nonce)
    key, com = both[:32], both[32:]
    content = struct.pack(">Q", len(plain)) + plain
    content += bytes(padme(len(content), 512) - len(content))
    chunks = [content[i:i + 65536] for i in range(0, len(content), 65536)]
    out = b"\1" + nonce + com
    for n, chunk in enumerate(chunks):
        last = n == len(chunks) - 1
        out += aead(key, struct.pack(">Q", n) + bytes([last]) + bytes(15), com, chunk)
    return out


def slot(kek, at, nonce, profile):
    both = derive(kek, "hearthkeep/slot/v1", bytes([at]), size=64, salt=nonce)
    return nonce + both[32:] + aead(both[:32], nonce, bytes([at]), profile)


def public(seed):
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def run(n):
    return bytes(range(n, n + 32))


def write(name, value):
    with open(name, "w") as file:
        json.dump(value, file, indent=1, default=bytes.hex)
        file.write("\n")


profile, epoch, account, link = run(0), run(32), run(64), run(96)
nonce = bytes(range(100, 124))

label = "hearthkeep/row/entry/v1"
row_id, plain = bytes(range(16)), "Ein ruhiger Abend 🌊".encode()
table_key = derive(profile, label)
row = b"\1" + nonce + aead(table_key, nonce, label.encode() + b"\0\1" + row_id, pad(plain, 64))
write("row.json", {"profile_key": profile, "table": label, "row_id": row_id, "version": 1, "plain": plain, "sealed": row})

group = bytes(range(16, 32))
ctx = hashlib.sha256(b"hearthkeep/ctx/v1\0" + struct.pack(">Q", 16) + group + struct.pack(">Q", 1) + b"c").digest()
kid = derive(epoch, "hearthkeep/kid/v1", size=8)
write("record.json", {
    "epoch_secret": epoch, "group": group, "class": "content", "context": ctx, "kid": kid, "plain": plain,
    "record": envelope(epoch, "hearthkeep/rec/v1", kid, ctx, nonce, plain),
    "body": envelope(epoch, "hearthkeep/audience/v1", b"", ctx, nonce, plain),
})

files = [(b"", b"a"), (plain, b"a"), (bytes(range(200)), b"b")]
key = derive(profile, "hearthkeep/key/attachment/v1")
write("sealed_file.json", [{
    "profile_key": profile, "kind": "attachment", "name": name, "plain": content,
    "sealed": sealed_file(key, "hearthkeep/file/attachment/v1", name, nonce, content),
} for content, name in files])

salt, entropy, passphrase = run(128), run(160), "Grüße an Bea"
import unicodedata
argon = Argon2id(salt=salt, length=32, iterations=3, lanes=1, memory_cost=65536).derive(unicodedata.normalize("NFKD", passphrase).encode())
head = b"HKSLOTS\1" + struct.pack(">III", 65536, 3, 1) + salt
slots = [hashlib.sha512(bytes([n])).digest() + hashlib.sha512(bytes([n, n])).digest()[:40] for n in range(8)]
slots[2] = slot(derive(argon, "hearthkeep/slot/passphrase/v1"), 2, nonce, profile)
slots[5] = slot(derive(entropy, "hearthkeep/slot/words/v1"), 5, nonce[::-1], profile)
kinds = bytes([0, 0, 1, 0, 0, 2, 0, 0])
before = head + b"".join(slots)
plan = nonce + aead(derive(profile, "hearthkeep/key/slot-plan/v1"), nonce, before, kinds)
whole = before + plan


def with_cost(memory, passes, lanes):
    return whole[:8] + struct.pack(">III", memory, passes, lanes) + whole[20:]


flipped = bytearray(whole)
flipped[52] ^= 1
write("slots.json", {
    "file": whole, "passphrase": passphrase, "entropy": entropy, "profile_key": profile,
    "refused": [
        {"name": "cost_lowered", "file": with_cost(8192, 3, 1), "error": "Cost"},
        {"name": "passes_lowered", "file": with_cost(65536, 1, 1), "error": "Cost"},
        {"name": "cost_absurd", "file": with_cost(2**32 - 1, 3, 1), "error": "Cost"},
        {"name": "no_lanes", "file": with_cost(65536, 3, 0), "error": "Cost"},
        {"name": "newer_version", "file": whole[:7] + b"\2" + whole[8:], "error": "Version"},
        {"name": "another_file", "file": b"x" + whole[1:], "error": "NotSlots"},
        {"name": "cut_short", "file": whole[:-1], "error": "Length"},
        {"name": "unused_slot_changed", "file": bytes(flipped), "error": "Changed"},
    ],
})

id_key = derive(profile, "hearthkeep/key/id/v1")
write("derive.json", {
    "profile_key": profile, "epoch_secret": epoch, "account_secret": account, "invite_secret": link, "group": group,
    "table_key": table_key, "index_key": derive(profile, "hearthkeep/key/index/v1"), "attachment_key": key,
    "keyed_id": hmac.new(id_key, b"hearthkeep/id/entry/v1\0" + row_id, hashlib.sha256).digest()[:16],
    "kid": kid,
    "handshake_mailbox": derive(epoch, "hearthkeep/mbx/h/v1"),
    "content_mailbox": derive(epoch, "hearthkeep/mbx/c/v1"),
    "capability_public": public(derive(epoch, "hearthkeep/cap/v1")),
    "account_public_0": public(derive(account, "hearthkeep/account/v1", group, struct.pack(">I", 0))),
    "account_public_1": public(derive(account, "hearthkeep/account/v1", group, struct.pack(">I", 1))),
    "delete_preimage": derive(account, "hearthkeep/delete/v1", row_id),
    "invite_public": public(derive(link, "hearthkeep/invite/sig/v1")),
    "invite_drop": derive(link, "hearthkeep/invite/drop/v1"),
    "invite_drop_public": public(derive(link, "hearthkeep/invite/cap/v1")),
    "signature": Ed25519PrivateKey.from_private_bytes(run(7)).sign(b"hearthkeep/rec/v1\0" + plain),
    "signed": plain, "signer_seed": run(7),
})
