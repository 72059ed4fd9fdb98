"""The encrypted archive for recovery of the database to any minute, and of the private files.

PostgreSQL's own tools do the work: ``archive_command`` passes each segment of the write-ahead log, ``pg_basebackup``
copies the cluster, ``restore_command`` asks for segments again. This program packs them, encrypts them to a public key
as backups are (age; the private key is not on the server), writes each file completely or not at all, and removes what
is no longer needed.

  DIR/base/20261129T024000Z-000000010000000000000002.tar.gz.age  a copy: its end, the first segment it needs
  DIR/wal/000000010000000000000002-0123456789abcdef.gz.age       a segment and the head of its SHA-256
  DIR/ab/abcdef....age                                           a private file (``files``, separate folder)

Used by deploy/postgresql/ and deploy/systemd/; the guide is docs/operating.md, "Backup" and "Restore".
"""

import argparse
import hashlib
import os
import re
import shlex
import subprocess
import sys
import tarfile
import time
import zlib
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from portal.core import sealing
from portal.core.sealing import SealingError

ROOT = Path(__file__).resolve().parents[1]
PIECE = 64 * 1024
STAMP = "%Y%m%dT%H%M%SZ"
FIRST_SEGMENT = re.compile(rb"START WAL LOCATION: [0-9A-F/]+ \(file ([0-9A-F]{24})\)")
BASE = re.compile(r"(\d{8}T\d{6}Z)-([0-9A-F]{24})\.tar\.gz\.age")
SEGMENT = re.compile(r"[0-9A-F]{24}[.-]")
GZIP = 31  # zlib's value for gzip format
# PostgreSQL reads exit code 1 as "there is no such segment", which is the end of the archive, and stops at any code
# above 125.
NOT_THERE, BROKEN = 1, 200
SETTLED_SECONDS = 5
DAY = 24 * 3600


class ArchiveError(Exception):
    """Something cannot be archived or recovered; the text says what."""


def wal_store(path, folder, keys):
    """Store a segment in the archive; return False if it is stored already.

    Raises ArchiveError if the archive holds a segment of the same name with another content.
    """
    wal = _made(folder / "wal")
    target = wal / f"{path.name}-{_sum(path)[:16]}.gz.age"
    there = list(wal.glob(f"{path.name}-*.gz.age"))
    if target in there:
        return False
    if there:
        raise ArchiveError(
            f"{path.name} is archived already, with another content: is this the archive of this cluster?"
        )
    with path.open("rb") as file:
        _publish(_sealed(_packed(iter(lambda: file.read(PIECE), b"")), target, keys), target)
    return True


def wal_fetch(name, target, folder, keys):
    """Write a segment of the archive to ``target``; return False if there is none.

    Raises ArchiveError if the segment is damaged.
    """
    found = list((folder / "wal").glob(f"{name}-*.gz.age"))
    if not found:
        return False
    unpacked, digest = zlib.decompressobj(GZIP), hashlib.sha256()
    with open(target, "wb") as file:

        def write(piece):
            clear = unpacked.decompress(piece)
            digest.update(clear)
            file.write(clear)

        sealing.unseal(found[0], keys, write)
    if not unpacked.eof or not found[0].name.startswith(f"{name}-{digest.hexdigest()[:16]}."):
        raise ArchiveError(f"{found[0].name} is damaged.")
    return True


def base_store(folder, keys, options=()):
    """Copy the cluster with pg_basebackup into the archive; return the path of the copy."""
    base = _made(folder / "base")
    command = ["pg_basebackup", "--pgdata=-", "--format=tar", "--wal-method=none", "--checkpoint=fast", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        head = process.stdout.read(PIECE)
        first = FIRST_SEGMENT.search(head)
        if first is None:
            raise ArchiveError("pg_basebackup gave no copy of a cluster.")

        def pieces():
            yield head
            yield from iter(lambda: process.stdout.read(PIECE), b"")

        part = _sealed(_packed(pieces()), base / "making.tar.gz.age", keys)
        if process.wait():
            part.unlink()
            raise ArchiveError(f"pg_basebackup ended with {process.returncode}.")
    except BaseException:
        process.kill()
        raise
    finally:
        process.stdout.close()
        process.wait()
    # Named by the time when it ended: only a later moment can be recovered from this copy.
    target = base / f"{datetime.now(UTC).strftime(STAMP)}-{first.group(1).decode()}.tar.gz.age"
    _publish(part, target)
    return target


def bases(folder):
    """Return (when it ended, first segment, path) of the copies, oldest first."""
    found = []
    for path in sorted((folder / "base").glob("*.tar.gz.age")):
        if match := BASE.fullmatch(path.name):
            ended = datetime.strptime(match[1], STAMP).replace(tzinfo=UTC)
            found.append((ended, match[2], path))
    return found


def prune(folder, keep):
    """Remove all copies but the newest ``keep``, and segments that these do not need; return both counts."""
    there = bases(folder)
    old, kept = there[:-keep], there[-keep:]
    for _ended, _first, path in old:
        path.unlink()
    removed = 0
    if kept:
        first = kept[0][1]
        for path in (folder / "wal").glob("*.gz.age"):
            # The timeline at the start of the name is ignored: a new timeline continues the numbers.
            if SEGMENT.match(path.name) and path.name[8:24] < first[8:24]:
                path.unlink()
                removed += 1
    return len(old), removed


def recover(folder, data, keys, *, key_file, until=None):
    """Unpack the newest suitable copy into the empty ``data`` and configure recovery; return its path.

    PostgreSQL is told where to fetch the segments. ``until`` is the moment to stop at, with its time zone; without it
    everything that was archived is recovered.
    """
    fitting = [(ended, path) for ended, _first, path in bases(folder) if until is None or ended <= until]
    if not fitting:
        raise ArchiveError("The archive holds no copy that ended before that moment.")
    if data.exists() and any(data.iterdir()):
        raise ArchiveError(f"{data} is not empty: a cluster is never recovered over another.")
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    data.chmod(0o700)
    path = fitting[-1][1]
    with sealing.opened(path, keys) as stream, tarfile.open(fileobj=stream, mode="r|gz") as archive:
        for member in archive:
            _lay_out(archive, member, data)
        while stream.read(PIECE):
            pass
    paths = dict.fromkeys([str(ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))])
    fetch = ["env", f"PYTHONPATH={os.pathsep.join(paths)}", sys.executable, "-m", "deploy.archive", "fetch"]
    fetch += ["--from", str(folder.resolve()), "--key", str(key_file)]
    command = " ".join(shlex.quote(part).replace("%", "%%") for part in fetch) + " %f %p"
    lines = [f"restore_command = '{_quoted(command)}'", "recovery_target_action = 'promote'"]
    if until is not None:
        lines.append(f"recovery_target_time = '{until.astimezone(UTC).isoformat(sep=' ')}'")
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as conf:
        conf.write("\n".join(["", *lines, ""]))
    (data / "recovery.signal").touch(mode=0o600)
    os.sync()
    return path


def files_store(storage, folder, keys, *, keep_days):
    """Copy new files of the private storage into ``folder``; return how many.

    Files deleted from the storage are kept ``keep_days`` longer, for a recovery to an earlier moment.
    """
    _made(folder)
    stored, there, now = 0, set(), time.time()
    for path in storage.glob("[0-9a-f][0-9a-f]/*"):
        target = folder / path.parent.name / f"{path.name}.age"
        there.add(target)
        try:
            written = path.stat().st_mtime_ns
            if (target.exists() and target.stat().st_mtime_ns == written) or now - written / 1e9 < SETTLED_SECONDS:
                continue
            _made(target.parent)
            with path.open("rb") as file:
                part = _sealed(iter(lambda file=file: file.read(PIECE), b""), target, keys)
        except FileNotFoundError:
            continue
        # The copy gets the modification time read before: a file that is still being written has another one at the
        # next run.
        os.utime(part, ns=(written, written))
        _publish(part, target)
        stored += 1
    for target in folder.glob("[0-9a-f][0-9a-f]/*.age"):
        if target not in there:
            gone = target.with_name(f"{target.name}.gone")
            target.rename(gone)
            os.utime(gone)
    for gone in folder.glob("[0-9a-f][0-9a-f]/*.age.gone"):
        if gone.stat().st_mtime < now - keep_days * DAY:
            gone.unlink()
    return stored


def files_recover(folder, storage, keys, *, until=None):
    """Recover the private files into the empty ``storage``; return how many.

    Deleted files stay deleted; with ``until``, files deleted after that moment are recovered too.
    """
    if storage.exists() and any(storage.iterdir()):
        raise ArchiveError(f"{storage} is not empty: files are never recovered over others.")
    brought = 0
    for path in sorted(folder.glob("[0-9a-f][0-9a-f]/*.age*")):
        if path.suffix == ".gone" and (until is None or path.stat().st_mtime < until.timestamp()):
            continue
        if path.suffix not in (".age", ".gone"):
            continue
        place = storage / path.parent.name
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = path.name.removesuffix(".gone").removesuffix(".age")
        with open(os.open(place / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            sealing.unseal(path, keys, file.write)
        brought += 1
    return brought


def _lay_out(archive, member, data):
    """Write one entry of the copy; refuse all but plain files and folders with safe relative names."""
    name = PurePosixPath(member.name)
    if not (member.isreg() or member.isdir()) or name.is_absolute() or ".." in name.parts:
        raise ArchiveError(
            f"The copy holds {member.name}, which is neither file nor folder: tablespaces are not supported."
        )
    path = data / name
    if member.isdir():
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = archive.extractfile(member)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while piece := content.read(PIECE):
            file.write(piece)


def _packed(pieces):
    packer = zlib.compressobj(level=1, wbits=GZIP)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()


def _sealed(pieces, target, keys):
    """Write ``pieces`` encrypted beside ``target``, under a name that no reader matches; return that path."""
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    sealing.seal((piece for piece in pieces if piece), part, keys)
    return part


def _publish(part, target):
    part.rename(target)
    handle = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _made(folder):
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _sum(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _quoted(text):
    return text.replace("'", "''")


def _moment(text):
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("say the zone too, as in 2026-11-29T10:20:00+08:00")
    return moment


def _parser():
    parser = argparse.ArgumentParser(prog="deploy.archive", description="The archive of database and private files.")
    actions = parser.add_subparsers(dest="action", required=True)
    for name, words in (
        ("wal", "archive_command: put a segment into the archive"),
        ("base", "copy the cluster into the archive; what stands after -- goes to pg_basebackup"),
        ("files", "put what is new in the private storage into an archive of files"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("--to", type=Path, required=True, help="the folder of the archive")
        action.add_argument("--public-key", type=Path, required=True, help="a file with the public key (age1...)")
        if name == "wal":
            action.add_argument("path", type=Path)
        elif name == "base":
            action.add_argument("--keep", type=int, default=8, help="how many copies stay, with their segments")
            action.add_argument("options", nargs="*", help="for pg_basebackup")
        else:
            action.add_argument("--storage", type=Path, required=True)
            action.add_argument("--keep-days", type=float, default=8, help="days that deleted files stay")
    for name, words in (
        ("fetch", "restore_command: take a segment out of the archive"),
        ("recover", "lay the newest fitting copy out in an empty folder, ready to be started"),
        ("recover-files", "bring the private files into an empty folder"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("--from", type=Path, required=True, dest="source", help="the folder of the archive")
        action.add_argument("--key", type=Path, required=True, help="the file with the private key")
        if name == "fetch":
            action.add_argument("name")
            action.add_argument("target", type=Path)
        else:
            action.add_argument("--into", type=Path, required=True)
            action.add_argument("--until", type=_moment, help="stop at this moment; without it everything comes back")
    return parser


def _run(asked):
    if asked.action in ("wal", "base", "files"):
        keys = sealing.recipients(asked.public_key.read_text(encoding="ascii"))
    else:
        keys = sealing.identities(asked.key.read_text(encoding="ascii"))
    match asked.action:
        case "wal":
            wal_store(asked.path, asked.to, keys)
        case "base":
            print(base_store(asked.to, keys, asked.options).name)
            print("removed: {} copies, {} segments".format(*prune(asked.to, max(asked.keep, 1))))
        case "files":
            stored = files_store(asked.storage, asked.to, keys, keep_days=asked.keep_days)
            if stored:
                print(f"{stored} files")
        case "fetch":
            return 0 if wal_fetch(asked.name, asked.target, asked.source, keys) else NOT_THERE
        case "recover":
            path = recover(asked.source, asked.into, keys, key_file=asked.key.resolve(), until=asked.until)
            print(f"{path.name}: start PostgreSQL on {asked.into}; it fetches the segments and opens when it is done")
        case "recover-files":
            print(f"{files_recover(asked.source, asked.into, keys, until=asked.until)} files")
    return 0


def main(arguments=None):
    """Run a command line and return the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        return _run(asked)
    except (ArchiveError, SealingError, OSError, zlib.error, tarfile.TarError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    except Exception as error:
        if asked.action != "fetch":
            raise
        # Any other exit code would read as "no more segments", and the database would open without the rest.
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    return BROKEN if asked.action == "fetch" else 1


if __name__ == "__main__":
    # Files that it writes are readable for its own user only.
    os.umask(0o077)
    sys.exit(main())
