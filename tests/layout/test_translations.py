"""Both languages are complete, and the check of this notices planted gaps."""

import gettext
from io import StringIO

import pytest
from babel.messages.catalog import Catalog
from django.core.management import call_command
from django.utils.translation import ngettext, override, pgettext

from portal.core import catalogs


def test_the_catalog_is_complete():
    call_command("catalogs", "check", stdout=StringIO())


def test_english_needs_no_catalog():
    with override("en"):
        assert [ngettext("%(count)s row", "%(count)s rows", n) % {"count": n} for n in (1, 2)] == ["1 row", "2 rows"]
        assert pgettext("a context", "Open") == "Open"


def catalog(*entries):
    made = Catalog(locale="zh_Hans")
    for ids, string, *flags in entries:
        made.add(ids, string, locations=[("somewhere.py", 0)], flags=flags)
    return made


@pytest.mark.parametrize(
    ("held", "kind"),
    [
        ([], "missing"),
        ([("Save %(count)s", "")], "missing"),
        ([("Save %(count)s", "保存 %(count)s", "fuzzy")], "fuzzy"),
        ([("Save %(count)s", "保存 %(count)s"), ("Gone", "没有了")], "unused"),
        ([("Save %(count)s", "OK %(count)s")], "without_chinese"),
        ([("Save %(count)s", "保存 %(number)s")], "placeholders"),
        ([("Save %(count)s", "保存")], "placeholders"),
        ([("Save %(count)s", "保存 %(count)s，占100%的")], "placeholders"),
    ],
)
def test_check_finds_what_is_planted(held, kind):
    found = catalogs.check_catalog(catalog(("Save %(count)s", "")), catalog(*held))
    assert [name for name, lines in vars(found).items() if lines] == [kind]


def test_check_accepts_a_sound_catalog():
    source = catalog(("Save %(count)s", ""), (("one row", "%(n)s rows"), ("",)), ("ID", ""), ("{name}: 50%", ""))
    held = catalog(
        ("Save %(count)s", "保存 %(count)s"),
        (("one row", "%(n)s rows"), ("%(n)s 行",)),
        ("ID", "ID"),
        ("{name}: 50%", "{name}：五成"),
    )
    assert not catalogs.check_catalog(source, held, without_chinese={"ID"})


def test_check_finds_a_listed_word_that_is_translated():
    found = catalogs.check_catalog(catalog(("ID", "")), catalog(("ID", "编号")), without_chinese={"ID"})
    assert found.lines() == ["unused: 'ID' in the list of texts without Chinese"]


def test_check_finds_what_another_package_leaves_in_english():
    found = catalogs.check_catalog(catalog(), catalog(), foreign={("Yes", None)})
    assert found.lines() == ["missing: 'Yes' of another package: list it in locale/foreign.py"]


def test_python_is_read_in_every_form():
    source = """
from django.utils.translation import gettext as _t
a = _("Plain") + _t("By another name")
b = gettext_lazy("Long " "text")
c = ngettext("%(n)s row", "%(n)s rows", n)
d = pgettext("verb", "Open")
e = npgettext_lazy("noun", "file", "files", "n")
f = _("Outer %s") % _("inner")
g = f"{_('In an f-string')}"
h = _(variable)
"""
    messages, faults = catalogs.python_messages(source)
    assert sorted((ids, context) for _, ids, context in messages if isinstance(ids, str)) == [
        ("By another name", None),
        ("In an f-string", None),
        ("Long text", None),
        ("Open", "verb"),
        ("Outer %s", None),
        ("Plain", None),
        ("inner", None),
    ]
    assert [(ids, context) for _, ids, context in messages if isinstance(ids, tuple)] == [
        (("%(n)s row", "%(n)s rows"), None),
        (("file", "files"), "noun"),
    ]
    assert faults == []


@pytest.mark.parametrize("text", ['f"Hello {name}"', '"Hello %s" % name', '"Hello {}".format(name)', '"a" + "b"'])
def test_a_text_put_together_is_a_fault(text):
    assert catalogs.python_messages(f"_({text})") == ([], [(1, "_")])


def test_templates_are_read_in_every_form():
    source = """{% load i18n %}{% translate "Plain" %}{% translate "50% off" context "price" %}
{% blocktranslate trimmed %}
  Two
  lines
{% endblocktranslate %}
{% blocktranslate count n=rows|length %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}
{% if deep %}
        {% translate "Deep" %}
   {% endif %}
\u3000{% include "components/empty.html" with title=_("Nothing here") only %}
{{ value|default:_("none") }}{# _("no") #}"""
    assert [(ids, context) for _, ids, context in catalogs.template_messages(source, "x.html")] == [
        ("Plain", None),
        ("50%% off", "price"),
        ("Two lines", None),
        (("%(n)s row", "%(n)s rows"), None),
        ("Deep", None),
        ("Nothing here", None),
        ("none", None),
    ]


def test_extract_keeps_translations_and_drops_the_unused(tmp_path):
    po = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    catalogs.write_catalog(catalogs.merge(catalog(("Old", ""), ("Kept", "")), catalog(("Kept", "保留"))), po)
    assert 'msgid "Old"\nmsgstr ""' in po.read_text(encoding="utf-8")
    kept = catalogs.read_catalog(po)
    merged = catalogs.merge(catalog(("Kept", ""), ("New", "")), kept)
    catalogs.write_catalog(merged, po)
    first = po.read_bytes()
    catalogs.write_catalog(catalogs.merge(catalog(("New", ""), ("Kept", "")), catalogs.read_catalog(po)), po)
    assert po.read_bytes() == first
    assert [(message.id, message.string) for message in merged if message.id] == [("Kept", "保留"), ("New", "")]


def test_a_compiled_catalog_is_read_by_gettext(tmp_path):
    po = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    source = catalog(("Kept", ""), (("%(n)s row", "%(n)s rows"), ("",)), ("Empty", ""))
    held = catalog(("Kept", "保留"), (("%(n)s row", "%(n)s rows"), ("%(n)s 行",)))
    catalogs.write_catalog(catalogs.merge(source, held), po)
    assert catalogs.compile_catalog(po, po.with_suffix(".mo")) == 2
    translations = gettext.translation("django", tmp_path, ["zh_Hans"])
    assert [translations.gettext("Kept"), translations.ngettext("%(n)s row", "%(n)s rows", 1)] == ["保留", "%(n)s 行"]
    assert translations.gettext("Empty") == "Empty"
