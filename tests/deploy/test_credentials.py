"""Secrets as systemd credentials.

They are read from their folder, override the environment, and are not passed to child processes.
"""

import json
import subprocess
import sys

import pytest

from portal.settings.reading import variables
from tests.databases import ROOT
from tests.deploy.test_secrets import CHECK, NEEDED

CODE = """
import json, os, subprocess
import portal.wsgi
from django.conf import settings
from portal.settings.base import env
child = subprocess.run(["env"], capture_output=True, text=True).stdout
print(json.dumps([settings.SECRET_KEY, settings.DATABASES["default"]["HOST"], settings.SECRET_KEY in child,
                  env("DATABASE_OWNER_URL", default=""), settings.CELERY_WORKER_CONCURRENCY]))
"""


def start(tmp_path, **more):
    """Start the portal as its systemd units do: only the folder of the credentials is in the environment."""
    environment = {"DJANGO_SETTINGS_MODULE": "portal.settings.production", "PATH": "/usr/bin:/bin", **more}
    environment["CREDENTIALS_DIRECTORY"] = str(tmp_path)
    return subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def write(path, values):
    path.write_text("# a comment\n\n" + "".join(f"{name}={value}\n" for name, value in values.items()))


def test_the_portal_starts_on_credentials_alone_and_hands_them_to_no_child(tmp_path):
    serving = {name: value for name, value in CHECK.items() if name != "DATABASE_OWNER_URL"}
    write(tmp_path / "portal.env", {**serving, "PORTAL_WORKER_PROCESSES": "3"})
    result = start(tmp_path)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == [CHECK["SECRET_KEY"], "127.0.0.1", False, "", 3]
    write(tmp_path / "owner.env", {"DATABASE_OWNER_URL": CHECK["DATABASE_OWNER_URL"]})
    assert json.loads(start(tmp_path).stdout)[3] == CHECK["DATABASE_OWNER_URL"]


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "PORTAL_FIELD_KEYS", "REDIS_URL"])
def test_it_does_not_start_without_one_of_them(tmp_path, name):
    assert name in NEEDED
    write(tmp_path / "portal.env", {key: value for key, value in CHECK.items() if key != name})
    result = start(tmp_path)
    assert result.returncode != 0
    assert name in result.stderr.splitlines()[-1]


def test_a_credential_stands_above_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "of the environment")
    monkeypatch.setenv("PORTAL_WEB_WORKERS", "4")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / "portal.env").write_text("REDIS_URL='redis://:a=b@127.0.0.1/0'\nexport X=1\nlower=1\n PORTAL_A = b\n")
    (tmp_path / "SECRET_KEY").write_text("of the file\n")
    (tmp_path / "other.txt").write_text("nothing")
    found = variables()
    assert (found["SECRET_KEY"], found["PORTAL_WEB_WORKERS"]) == ("of the file", "4")
    assert found["REDIS_URL"] == "redis://:a=b@127.0.0.1/0"
    assert {"X", "lower", "PORTAL_A", "other.txt"} & found.keys() == set()


def test_without_credentials_it_is_the_environment(monkeypatch):
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setenv("SECRET_KEY", "of the environment")
    assert variables()["SECRET_KEY"] == "of the environment"
