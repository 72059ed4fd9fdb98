"""The systemd units: separate users, secrets as credentials, and no rights that a unit does not need."""

import re

import pytest

from tests.databases import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted(path.name for path in (DEPLOY / "systemd").glob("*.service"))
SERVING = ["portal-beat.service", "portal-web.service", "portal-worker.service"]
OF_THE_PORTAL = ["portal-backup.service", *SERVING]
HARDENED = {
    "NoNewPrivileges": ["yes"],
    "ProtectSystem": ["strict"],
    "ProtectProc": ["invisible"],
    "ProcSubset": ["pid"],
    "SystemCallFilter": ["@system-service", "~@privileged @resources"],
    "SystemCallErrorNumber": ["EPERM"],
    "CapabilityBoundingSet": [""],
}


def directives(unit):
    """Return the directives of a unit as a dict of name -> values, in order."""
    found = {}
    for line in (DEPLOY / "systemd" / unit).read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and re.fullmatch(r"[A-Za-z]+", name):
            found.setdefault(name, []).append(value)
    return found


def configured(folder, kind):
    lines = (DEPLOY / folder / "portal.conf").read_text(encoding="utf-8").splitlines()
    return [line.split() for line in lines if line.startswith(kind)]


def test_each_service_has_a_user_of_its_own_and_that_user_is_made():
    users = {unit: directives(unit)["User"] for unit in OF_THE_PORTAL}
    assert users == {unit: [unit.removesuffix(".service")] for unit in OF_THE_PORTAL}
    assert {line[1] for line in configured("sysusers.d", "u ")} == {user for (user,) in users.values()}
    assert [line[1] for line in configured("sysusers.d", "g ")] == ["portal"]


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_is_closed(unit):
    found = directives(unit)
    assert {name: found.get(name) for name in HARDENED} == HARDENED
    assert {"MemoryMax", "TasksMax"} <= found.keys()
    # Values that a credential can supply are not in the environment, because child processes would inherit it.
    assert "EnvironmentFile" not in found
    assert "PASSWORD" not in str(found)


@pytest.mark.parametrize("unit", OF_THE_PORTAL)
def test_secrets_are_credentials_and_the_owners_are_the_backups_alone(unit):
    found = directives(unit)
    loaded = ["portal.env:/etc/portal/portal.env"]
    if unit == "portal-backup.service":
        loaded.append("owner.env:/etc/portal/owner.env")
    assert found["LoadCredential"] == loaded
    modes = {line[1]: (line[2], line[3]) for line in configured("tmpfiles.d", "z ")}
    assert modes == dict.fromkeys(("/etc/portal/owner.env", "/etc/portal/portal.env"), ("0600", "root"))


def test_backups_are_written_by_their_own_user_and_read_by_no_other():
    folders = {line[1]: tuple(line[2:5]) for line in configured("tmpfiles.d", "d ")}
    assert folders["/var/backups/portal"] == ("0700", "portal-backup", "portal-backup")
    assert [directives(unit)["InaccessiblePaths"][0].split()[0] for unit in SERVING] == ["-/var/backups"] * 3
    assert directives("portal-backup.service")["ReadWritePaths"] == ["/var/backups/portal"]


def test_web_and_worker_share_private_files_and_keys_and_beat_has_none_of_them():
    folders = {line[1]: tuple(line[2:5]) for line in configured("tmpfiles.d", "d ")}
    for folder in ("/var/lib/portal/storage", "/var/lib/portal/keys"):
        assert folders[folder] == ("2770", "root", "portal")
        writers = [unit for unit in UNITS if folder in " ".join(directives(unit).get("ReadWritePaths", []))]
        assert writers == ["portal-web.service", "portal-worker.service"]
    groups = {unit: directives(unit).get("SupplementaryGroups", []) for unit in OF_THE_PORTAL}
    assert [unit for unit in groups if groups[unit] == ["portal"]] == [
        "portal-backup.service",
        "portal-web.service",
        "portal-worker.service",
    ]
    assert [directives(unit)["UMask"] for unit in ("portal-web.service", "portal-worker.service")] == [["0007"]] * 2
    assert directives("portal-beat.service")["InaccessiblePaths"] == ["-/var/backups -/var/lib/portal"]
    assert directives("portal-backup.service")["InaccessiblePaths"] == ["-/var/lib/portal/keys"]


@pytest.mark.parametrize("unit", OF_THE_PORTAL)
def test_a_failure_is_told(unit):
    assert directives(unit)["OnFailure"] == ["portal-failure@%N.service"]
    assert "%i" in directives("portal-failure@.service")["ExecStart"][0]


def test_the_socket_outlives_the_web_server_and_nothing_reloads():
    web, socket = directives("portal-web.service"), directives("portal-web.socket")
    assert (web["Requires"], web["Type"]) == (["portal-web.socket"], ["notify"])
    assert int(socket["Backlog"][0]) >= 2048
    assert "ExecReload" not in web
    # systemd waits longer than gunicorn, and nginx longer than both.
    graceful = int(re.search(r"^graceful_timeout = (\d+)", (DEPLOY / "gunicorn_config.py").read_text(), re.M)[1])
    reading = int(re.search(r"proxy_read_timeout (\d+)s", (DEPLOY / "nginx/portal.conf").read_text())[1])
    assert graceful < int(web["TimeoutStopSec"][0]) < reading


@pytest.mark.parametrize("unit", OF_THE_PORTAL)
def test_units_name_what_exists(unit):
    text = (DEPLOY / "systemd" / unit).read_text(encoding="utf-8")
    for file in re.findall(r"deploy/\S+\.py", text):
        assert (ROOT / file).exists()
