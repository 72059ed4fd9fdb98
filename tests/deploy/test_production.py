"""The variables of production: the example names all of them and holds no secret."""

import re

from tests.databases import ROOT

DEPLOY = ROOT / "deploy"


def names(path):
    return {line.split("=")[0] for line in path.read_text(encoding="utf-8").splitlines() if re.match(r"[A-Z_]+=", line)}


def test_the_example_names_what_the_settings_ask_for():
    asked = names(DEPLOY / "check.env") - {"DATABASE_OWNER_URL"}
    assert asked <= names(DEPLOY / "production.env.example")


def test_the_example_holds_no_secret():
    text = (DEPLOY / "production.env.example").read_text(encoding="utf-8")
    for name in ("SECRET_KEY", "PORTAL_FIELD_KEYS", "PORTAL_INDEX_KEY", "PORTAL_MASTER_KEY"):
        assert f"\n{name}=\n" in text
