#!/usr/bin/env python3
"""Opens a Hearthkeep backup without Hearthkeep. Needs Python 3.9 and pyrage (pip install pyrage).

    open_backup.py PATH [--to FOLDER] [--words] [--passphrase-file FILE]

PATH is a backup folder (its newest archive is opened), one archive of it, or a one-file backup. Every hash and
the manifest's HMAC are compared before anything is unpacked. Written from docs/FORMATS.md, "Backups", alone.
"""
import argparse, getpass, hashlib, hmac, io, json, os, re, sys, tarfile, zlib
import pyrage

NAME = re.compile(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*\Z")
ARCHIVE = re.compile(r"hearthkeep-(\d{4}-\d\d-\d\d)(?:-(\d+))?\.tar\.gz\.age\Z")
MEMBERS, SLACK, EXPANSION, HEADER, WORK = 1_000_000, 64 << 20, 100, 16 << 10, 22


class Refused(Exception):
    """Why a backup was not opened."""


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise Refused(f"missing: {path}: {error.strerror}") from error


def stanza(sealed, path):
    head, found, _ = sealed[:HEADER].partition(b"\n--- ")
    lines = head.split(b"\n")
    if lines[0] != b"age-encryption.org/v1" or not found or len(lines) < 2:
        raise Refused(f"not_a_backup: {path}")
    words = lines[1].split(b" ")
    if words[1:2] == [b"scrypt"] and (len(words) != 4 or not words[3].isdigit() or int(words[3]) > WORK):
        raise Refused(f"too_much_work: {path}")
    return words[1]


def unseal(sealed, path, passphrase=None, identity=None):
    try:
        if passphrase is not None:
            return pyrage.passphrase.decrypt(sealed, passphrase)
        return pyrage.decrypt(sealed, [identity])
    except pyrage.DecryptError as error:  # pyrage tells a wrong secret from damage in words only
        code = "wrong_secret" if str(error) in ("Decryption failed", "No matching keys found") else "damaged"
        raise Refused(f"{code}: {path}: {error}") from error


def identity_file(text):
    keys = [line for line in text.decode().splitlines() if line and not line.startswith("#")]
    if len(keys) != 1 or not keys[0].startswith("AGE-SECRET-KEY-1"):
        raise Refused("not_a_backup: not one age identity")
    return keys[0]


def seed(key):
    """The 32 bytes of an AGE-SECRET-KEY-1… (Bech32; age has checked its checksum already)."""
    digits = ["qpzry9x8gf2tvdw0s3jn54khce6mua7l".index(c) for c in key[16:-6].lower()]
    bits = "".join(f"{digit:05b}" for digit in digits)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, 256, 8))


def gunzip(pressed, path):
    """All members of a gzip stream as one, bounded."""
    limit, out = SLACK + EXPANSION * len(pressed), io.BytesIO()
    if not pressed.startswith(b"\x1f\x8b"):
        raise Refused(f"not_a_backup: {path}")
    while pressed:
        member = zlib.decompressobj(31)
        try:
            out.write(member.decompress(pressed, limit - out.tell() + 1))
        except zlib.error as error:
            raise Refused(f"damaged: {path}: {error}") from error
        if out.tell() > limit:
            raise Refused(f"expands: {path}")
        if not member.eof:
            raise Refused(f"damaged: {path}: cut short")
        pressed = member.unused_data
    return out.getvalue()


def members(plain, path):
    """Name and content of every member: regular files with harmless names, each once."""
    found, folded = {}, set()
    try:
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as tar:
            for member in tar:
                if len(found) >= MEMBERS:
                    raise Refused(f"too_many: {path}")
                name = member.name
                if not member.isreg() or len(name) > 100 or not NAME.match(name) or {".", ".."} & set(name.split("/")):
                    raise Refused(f"member: {path}: {name[:100]!r} is no file or has no permitted name")
                if name.lower() in folded:
                    raise Refused(f"member: {path}: {name} is there twice")
                content = tar.extractfile(member).read()
                if len(content) != member.size:
                    raise Refused(f"damaged: {path}: {name} is cut short")
                folded.add(name.lower())
                found[name] = content
    except tarfile.TarError as error:
        raise Refused(f"damaged: {path}: {error}") from error
    return found


def check_manifest(found, key, path):
    """Compares every member with the manifest, and the manifest with its maker."""
    names = list(found)
    if names[:1] != ["README.txt"] or names[-1] != "MANIFEST.sha256":
        raise Refused(f"{'manifest_missing' if names[:1] == ['README.txt'] else 'not_a_backup'}: {path}")
    body, _, last = found["MANIFEST.sha256"].rpartition(b"# hmac-sha256 ")
    info = b"hearthkeep/backup/manifest/v1\0\x01"
    mac_key = hmac.digest(hmac.digest(bytes(32), seed(key), "sha256"), info, "sha256")
    if not hmac.compare_digest(last, hmac.digest(mac_key, body, "sha256").hex().encode() + b"\n"):
        raise Refused(f"not_ours: {path}")
    lines = body.decode().splitlines()
    head = dict(line[2:].split(" ", 1) for line in lines[:5])
    if head.get("hearthkeep-backup") != "1":
        raise Refused(f"newer: {path}: version {head.get('hearthkeep-backup')}")
    said = [tuple(line.split("  ", 1)) for line in lines[5:]]
    real = [(hashlib.sha256(found[name]).hexdigest(), name) for name in names[:-1]]
    if said != real or int(head["members"]) != len(real):
        differs = next((b[1] for a, b in zip(said, real) if a != b), "MANIFEST.sha256")
        raise Refused(f"manifest_differs: {path}: {differs}")
    entries = sum(name.startswith("entries/") and name.endswith(".json") for name in names)
    if not head["entries"].startswith(f"{entries} pictures "):
        raise Refused(f"manifest_differs: {path}: entries")
    return head


def pictures_of_packs(found, folder, key):
    """Opens the packs that the archive names and compares each picture."""
    identity, lost = pyrage.x25519.Identity.from_str(key), []
    places = [json.loads(line) for line in found.get("attachments.jsonl", b"").splitlines()]
    for line in found.get("packs.sha256", b"").decode().splitlines():
        digest, name = line.split("  ", 1)
        wanted = {place["file"]: place["sha256"] for place in places if place["pack"] == digest}
        try:
            sealed = read(os.path.join(folder, "packs", digest + ".tar.age"))
            if hashlib.sha256(sealed).hexdigest() != digest:
                raise Refused(f"damaged: {name}")
            pack = members(unseal(sealed, name, identity=identity), name)
            for file, sha256 in wanted.items():
                if hashlib.sha256(pack.get(file, b"")).hexdigest() != sha256:
                    raise Refused(f"manifest_differs: {name}: {file}")
                found[file] = pack[file]
        except Refused as error:
            lost.append(str(error))
    return lost


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path")
    parser.add_argument("--to", help="unpack into this new folder")
    parser.add_argument("--words", action="store_true", help="the secret is the 24 recovery words")
    parser.add_argument("--passphrase-file", help="read the secret from here instead of asking")
    args = parser.parse_args()
    path = args.path
    if os.path.isdir(path):
        archives = [(m[1], int(m[2] or 1), m[0]) for m in map(ARCHIVE.match, os.listdir(path)) if m]
        if not archives:
            raise Refused(f"missing: no archive in {path}")
        path = os.path.join(path, max(archives)[2])
    folder, sealed = os.path.dirname(path), read(path)
    one_file = stanza(sealed, path) == b"scrypt"
    secret = read(args.passphrase_file).decode().rstrip("\r\n") if args.passphrase_file else getpass.getpass("Secret: ")
    if args.words:
        secret = " ".join(secret.lower().split())
    if one_file:
        if args.words:
            raise Refused(f"wrong_kind_of_secret: {path} opens with its passphrase only")
        found = members(gunzip(unseal(sealed, path, passphrase=secret), path), path)
        key = identity_file(unseal(found.get("identity.age", b""), "identity.age", passphrase=secret))
    else:
        beside = os.path.join(folder, "kit.age" if args.words else "key.age")
        wrapped = read(beside)
        stanza(wrapped, beside)
        key = identity_file(unseal(wrapped, beside, passphrase=secret))
        identity = pyrage.x25519.Identity.from_str(key)
        found = members(gunzip(unseal(sealed, path, identity=identity), path), path)
    head = check_manifest(found, key, path)
    lost = [] if one_file else pictures_of_packs(found, folder, key)
    if args.to:
        for name, content in found.items():
            place = os.path.join(args.to, name)
            os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
            with open(place, "xb") as file:
                file.write(content)
    print(f"made {head['made']}: entries {head['entries']}: every hash compared")
    print(*lost, sep="\n", end="", file=sys.stderr)
    return 1 if lost else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Refused, OSError, UnicodeError) as error:
        sys.exit(f"refused: {error}")
