"""The error pages that nginx serves itself.

They are complete, in both languages, and request nothing from the portal.
"""

import re
import shutil

import pytest
from django.core.management import call_command
from django.test import override_settings

from portal.web import error_pages

TITLES = {
    (413, "zh-hans"): "太大",
    (429, "en"): "Too many attempts",
    (413, "en"): "The submitted data is too large",
    (502, "en"): "The portal is temporarily unavailable",
    (403, "en"): "can only be opened in the union",
}


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """A folder as production's collectstatic leaves it."""
    folder = tmp_path_factory.mktemp("static")
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    with override_settings(STATIC_ROOT=str(folder), STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    yield folder
    shutil.rmtree(folder)


def test_each_status_has_a_page_in_each_language(collected):
    names = {path.name for path in (collected / "errors").iterdir()}
    assert names == {f"{status}.{language}.html" for status in error_pages.PAGES for language in ("zh-hans", "en")}
    for (status, language), words in TITLES.items():
        assert words in (collected / f"errors/{status}.{language}.html").read_text(encoding="utf-8")


def test_they_say_their_status_and_language(collected):
    for path in (collected / "errors").iterdir():
        status, language, _ = path.name.split(".")
        text = path.read_text(encoding="utf-8")
        assert f'<p class="error-code">{status}</p>' in text
        assert {"zh-hans": '<html lang="zh-Hans"', "en": '<html lang="en"'}[language] in text
        assert ("返回首页" in text or "首页" in text) == (language == "zh-hans")


def test_they_need_nothing_but_static_files_under_hashed_names(collected):
    for path in (collected / "errors").iterdir():
        text = path.read_text(encoding="utf-8")
        assert "<form" not in text
        assert "csrf" not in text
        fetched = re.findall(r'(?:src|href)="([^"#]+)', text)
        files = [name for name in fetched if name.startswith("/static/")]
        assert {name for name in fetched if name not in files} == {"/"}
        assert len(files) >= 8
        for name in files:
            assert re.search(r"\.[0-9a-f]{12}\.", name), name
            assert (collected / name.removeprefix("/static/")).exists(), name


def test_a_trial_run_writes_none(tmp_path):
    with override_settings(STATIC_ROOT=str(tmp_path)):
        call_command("collectstatic", interactive=False, verbosity=0, dry_run=True)
    assert list(tmp_path.iterdir()) == []
