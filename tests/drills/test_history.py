"""Property 48: no secret was ever committed.

All blobs of the history are read, and also a repository with planted secrets.
"""

import re
import subprocess
from collections import Counter

import pytest

from tests.databases import ROOT

# What a secret looks like: kind -> pattern over bytes.
KINDS = {
    "private key": rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "access key": rb"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bLTAI[0-9A-Za-z]{12,24}\b|\bAKID[0-9A-Za-z]{32}\b",
    "token": rb"\bgh[pous]_[0-9A-Za-z]{36}\b|\bgithub_pat_\w{40,}|\bglpat-[\w-]{20}\b|\bxox[abprs]-[\w-]{20,}",
    "key of the portal": rb"PORTAL_(?:INDEX|MASTER)_KEY\W{1,4}[0-9a-f]{64}|PORTAL_FIELD_KEYS\W{1,4}\w+:[0-9a-f]{32}",
    "Django's key": rb"""SECRET_KEY\s*[=:]\s*["']?[^\s"'(){}]{40,}""",
    "password in an address": rb"(?:postgres(?:ql)?|rediss?|amqp|smtps?|https?)://[\w.-]*:[^\s@/'\"{}<>]{6,}@[\w.-]+",
}
PATTERNS = {name: re.compile(pattern) for name, pattern in KINDS.items()}
# Text that looks like a secret but is none: in the example of the check, in tests, in documents.
HARMLESS = (
    b"for-the-check-alone-",
    b"for-this-test-alone-",
    b"000102030405060708090a0b0c0d0e0f",
    b"1f1e1d1c1b1a19181716151413121110",
    b"PASSWORD@",
)


def git(folder, *arguments, **options):
    return subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=True, **options).stdout


def scan(folder):
    """Return (secrets found, number of blobs read) for the whole history.

    Each secret is given as (kind, path, start of the line).
    """
    listed = [line.partition(b" ") for line in git(folder, "rev-list", "--objects", "--all").splitlines()]
    names = {number: path for number, _blank, path in listed if path}
    stream = git(folder, "cat-file", "--batch", "--buffer", input=b"\n".join(names))
    found, read, place = [], 0, 0
    while place < len(stream):
        head, _newline, _rest = stream[place : place + 200].partition(b"\n")
        number, kind, size = head.split()
        begin = place + len(head) + 1
        place = begin + int(size) + 1
        if kind != b"blob":
            continue
        read += 1
        body = stream[begin : place - 1]
        for name, pattern in PATTERNS.items():
            texts = [match[0] for match in pattern.finditer(body)]
            found += [
                (name, names[number].decode(), text[:60].decode(errors="replace"))
                for text in texts
                if not any(mark in text for mark in HARMLESS)
            ]
    return found, read


def test_no_secret_in_the_history(measured):
    found, read = scan(ROOT)
    measured(blobs=read, found=dict(Counter(name for name, *_rest in found)))
    assert read > 500
    assert found == []


@pytest.mark.parametrize("kind", KINDS)
def test_control_a_planted_secret_is_found_after_it_was_deleted(tmp_path, kind):
    planted = {
        "private key": "-----BEGIN " + "PRIVATE KEY-----",
        "access key": "AKIA" + "Q" * 16,
        "token": "ghp_" + "a1" * 18,
        "key of the portal": "PORTAL_INDEX_KEY=" + "ab" * 32,
        "Django's key": "SECRET_KEY = '" + "q7" * 25 + "'",
        "password in an address": "postgresql://portal:" + "hunter22secret" + "@db.example.org/portal",
    }
    git(tmp_path, "init", "-q")
    author = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    (tmp_path / "settings.py").write_text(planted[kind] + "\n", encoding="utf-8")
    git(tmp_path, "add", "-A")
    git(tmp_path, *author, "commit", "-qm", "x")
    (tmp_path / "settings.py").write_text("\n", encoding="utf-8")
    git(tmp_path, *author, "commit", "-qam", "y")
    assert [name for name, *_rest in scan(tmp_path)[0]] == [kind]
