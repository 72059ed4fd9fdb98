"""Small parts of the look: due days, amounts, lists of words, a colour for each state."""

from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.utils import timezone, translation

from portal.audit.gate import state_field
from portal.core.discovery import declared
from portal.web import checks, looks
from portal.web.templatetags.portal_ui import amount, due_day, listed

DAY = date(2026, 12, 3)


def at(*clock):
    return datetime(*clock, tzinfo=timezone.get_default_timezone())


@pytest.mark.parametrize("end", [at(2026, 12, 4), at(2026, 12, 3, 23, 59, 59), DAY])
def test_the_end_of_a_day_is_due_on_that_day(end):
    assert due_day(end) == DAY


@pytest.mark.parametrize("moment", [at(2026, 12, 3, 23, 59), at(2026, 12, 3, 0, 1), None])
def test_any_other_moment_stays(moment):
    assert due_day(moment) == moment


def test_amounts_are_grouped_to_the_fen():
    assert [amount(value) for value in (Decimal(90000), "0.5", None)] == ["90,000.00", "0.50", ""]
    assert [amount(value, "odd") for value in (Decimal(90000), Decimal("1.20"))] == ["90,000", "1.20"]


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "甲、乙"), ("en", "甲, 乙")])
def test_words_in_a_row_have_the_comma_of_the_language(language, words):
    with translation.override(language):
        assert listed(["甲", "乙"]) == words


def test_every_state_has_a_look():
    """The look of a state is in the shared ``looks.py``, or in that of a package that declares the model or a base."""
    by_app = {}
    for word, _tone, module in looks.declared_tones():
        by_app.setdefault(module.removesuffix(".looks"), set()).add(word)
    missing = set()
    for model in apps.get_models():
        try:
            choices = state_field(model).flatchoices
        except TypeError:
            continue
        packages = {base.__module__.split(".models")[0] for base in model.__mro__}
        known = by_app["portal.web"].union(*(by_app.get(name, set()) for name in packages))
        missing |= {(model._meta.label, value) for value, _label in choices if value not in known}
    assert sorted(missing) == []


def test_no_word_of_a_state_has_two_tones(monkeypatch):
    assert checks.words_of_states_have_one_tone(None) == []
    area = SimpleNamespace(__name__="area.looks", STATE_LOOKS={"bad": "published", "good": "confirmed"})
    monkeypatch.setattr(looks, "declared", lambda name: (*declared(name), area))
    (found,) = checks.words_of_states_have_one_tone(None)
    assert found.id == "web.E001"
    assert found.msg == "The state “published” has two tones: bad in area.looks, good in portal.web.looks."


def test_every_page_links_the_style_sheets_that_areas_declare(client, db):
    page = client.get("/").content.decode()
    sheets = ["locations/locations.css", "matchmaking/matchmaking.css", "nursing_rooms/nursing_rooms.css"]
    assert looks.stylesheets() == sheets
    places = [page.index(name.removesuffix(".css")) for name in ("web/portal.css", *sheets)]
    assert places == sorted(places)
