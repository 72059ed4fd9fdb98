import shutil
import subprocess

import pytest
from django.conf import settings

from portal.core import release
from portal.core.health import versions


def git(folder, *arguments):
    own = ("-c", "user.name=示例", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *own, *arguments], cwd=folder, check=True, capture_output=True)


def checkout(folder):
    git(folder, "init", "--initial-branch=main")
    (folder / "file").write_text("a", encoding="utf-8")
    git(folder, "add", "file")
    git(folder, "commit", "-m", "a")
    return folder


@pytest.mark.skipif(not shutil.which("git"), reason="a machine without git has no checkout to describe")
def test_a_checkout_says_its_tag_and_what_came_since(tmp_path):
    folder = checkout(tmp_path)
    git(folder, "tag", "v1.2.3")
    assert release.tag_of(folder) == "v1.2.3"
    (folder / "file").write_text("b", encoding="utf-8")
    assert release.tag_of(folder) == "v1.2.3-dirty"
    git(folder, "commit", "-am", "b")
    assert release.tag_of(folder).startswith("v1.2.3-1-g")


def test_without_git_there_is_no_tag(tmp_path, monkeypatch):
    assert release.tag_of(tmp_path) == ""
    (tmp_path / ".git").mkdir()
    assert release.tag_of(tmp_path) == ""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert release.tag_of(tmp_path) == ""


def test_the_finding_of_versions_has_version_and_tag(monkeypatch):
    monkeypatch.setattr("portal.core.health.tag", lambda: "v9.9.9")
    assert versions().startswith(f"Portal {settings.VERSION} (v9.9.9), Python ")
    monkeypatch.setattr("portal.core.health.tag", lambda: "")
    assert versions().startswith(f"Portal {settings.VERSION}, Python ")
