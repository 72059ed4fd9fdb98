"""Numbers without gaps: two requests at once get two, and a rollback leaves none out."""

import time

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import transaction

from portal.audit.models import AuditEntry
from portal.core import locks
from portal.core.errors import DomainError
from portal.organizations.choices import OrganizationKind
from portal.organizations.services.employers import employer_create
from portal.papers.kinds import Kind, number_kinds
from portal.papers.models import AgencyWord, NumberSeries, TakenNumber
from portal.papers.numbering import number_read
from portal.papers.services.numbers import agency_word_set, number_take
from tests.factories.members import make_staff
from tests.factories.organizations import make_organization
from tests.papers.planted import CASE, PLATE
from tests.threads import at_once


def take(city, **fields):
    with transaction.atomic():
        return number_take(**{"organization": city, "kind": CASE, "year": 2026, "about": city, **fields})


@pytest.fixture
def city(db):
    return make_organization(name="示例甲市总工会")


def test_numbers_follow_one_another_and_begin_again_each_year(city):
    assert [take(city) for _number in range(3)] == [f"示例甲市工监提〔2026〕{serial}号" for serial in (1, 2, 3)]
    assert take(city, year=2027) == "示例甲市工监提〔2027〕1号"
    assert take(city) == "示例甲市工监提〔2026〕4号"


def test_each_kind_and_each_organisation_counts_for_itself(city):
    other = make_organization(name="示例乙市总工会")
    found = [take(city), take(city, kind=PLATE), take(other), take(city)]
    assert found == [
        "示例甲市工监提〔2026〕1号",
        "示例甲市工牌〔2026〕1号",
        "示例乙市工监提〔2026〕1号",
        "示例甲市工监提〔2026〕2号",
    ]


def test_the_year_is_that_of_today(city, monkeypatch):
    with transaction.atomic():
        text = number_take(organization=city, kind=CASE, about=city)
    assert number_read(text).year == NumberSeries.objects.get().year


def test_the_row_is_noted(city):
    take(city)
    taken = TakenNumber.objects.get()
    assert (taken.about_model, taken.about_id, taken.serial) == ("organizations.organization", city.pk, 1)


def test_an_unknown_kind_is_a_mistake_in_the_program(city):
    with pytest.raises(LookupError):
        take(city, kind="nothing.declared")


def test_outside_of_a_transaction_no_number_is_taken(fresh_database):
    city = make_organization()
    with pytest.raises(RuntimeError):
        number_take(organization=city, kind=CASE, about=city)
    assert not NumberSeries.objects.exists()


def test_a_rollback_leaves_no_gap(fresh_database):
    city = make_organization(name="示例甲市总工会")

    def broken():
        with transaction.atomic():
            number_take(organization=city, kind=CASE, year=2026, about=city)
            raise LookupError

    for _number in range(3):
        with pytest.raises(LookupError):
            broken()
        assert TakenNumber.objects.count() == NumberSeries.objects.count() == 0
    assert take(city) == "示例甲市工监提〔2026〕1号"
    with pytest.raises(LookupError):
        broken()
    assert take(city) == "示例甲市工监提〔2026〕2号"


def rush(number):
    """Let ``number`` requests take a number at once, each third of which is rolled back; return the numbers."""
    city = make_organization(name="示例甲市总工会")

    def request(place):
        with transaction.atomic():
            text = number_take(organization=city, kind=CASE, year=2026, about=city)
            if place % 3 == 0:
                raise LookupError
            return text

    answers = at_once(request, range(number), threads=10)
    return [answer for answer in answers if not isinstance(answer, LookupError)]


def test_requests_at_once_get_different_numbers_without_a_gap(fresh_database):
    numbers = rush(30)
    assert sorted(number_read(text).serial for text in numbers) == list(range(1, 21))
    assert sorted(TakenNumber.objects.values_list("serial", flat=True)) == list(range(1, 21))
    assert NumberSeries.objects.get().next == 21


def hold_nothing(instance):
    """Read the row without a lock and wait long enough for others to read the same number."""
    row = type(instance)._default_manager.get(pk=instance.pk)
    time.sleep(0.01)
    return row


def test_control_without_the_lock_two_requests_take_one_number(fresh_database, monkeypatch):
    monkeypatch.setattr(locks, "hold", hold_nothing)
    assert [answer for answer in rush(30) if isinstance(answer, Exception)] != []


def test_names_alike_get_different_words(city):
    """A written number exists once in the portal, although units of two cities have the same name."""
    second = make_organization(name="示例乙市总工会")
    counties = [
        make_organization(parent=parent, kind=OrganizationKind.COUNTY, name="示例区总工会") for parent in (city, second)
    ]
    assert [take(row) for row in counties] == ["示例区工监提〔2026〕1号", "示例乙市示例区工监提〔2026〕1号"]
    assert [take(row) for row in counties] == ["示例区工监提〔2026〕2号", "示例乙市示例区工监提〔2026〕2号"]
    one, two, three = (make_organization(parent=second, name=f"示例第一机械制造{place}厂工会") for place in "甲乙丙")
    words = [number_read(take(row)).word for row in (one, two, three)]
    assert words[:2] == ["示例第一机械工监提", "示例乙市示例第一机械工监提"]
    assert len(set(words)) == 3
    assert words[2].startswith("示例第一机械")


def test_a_word_that_was_set_begins_a_series_of_its_own(city):
    staff = make_staff(city)
    assert take(city) == "示例甲市工监提〔2026〕1号"
    row = agency_word_set(actor=staff, organization=city, kind=CASE, word="黑工监提")
    assert take(city) == "黑工监提〔2026〕1号"
    again = agency_word_set(actor=staff, organization=city, kind=CASE, word="示例甲市工监提")
    assert again.pk == row.pk
    assert take(city) == "示例甲市工监提〔2026〕2号"
    entries = AuditEntry.objects.about(row)
    assert [entry.action for entry in entries] == ["agency-word.set"] * 2


def test_a_word_of_others_is_not_set_and_not_made(city):
    staff, other = make_staff(city), make_organization(name="示例乙市总工会")
    take(other)
    with pytest.raises(DomainError) as refusal:
        agency_word_set(actor=staff, organization=city, kind=CASE, word="示例乙市工监提")
    assert refusal.value.code == "word-taken"
    agency_word_set(actor=staff, organization=city, kind=CASE, word="黑工监提")
    with pytest.raises(ValidationError):
        agency_word_set(actor=staff, organization=city, kind=PLATE, word="黑工监提")
    third = make_organization(name="示例丙市总工会")
    agency_word_set(actor=staff, organization=city, kind=PLATE, word="示例丙市工监提")
    assert number_read(take(third)).word == "示例省示例丙市工监提"
    assert AgencyWord.objects.count() == 2


@pytest.mark.parametrize("word", ["黑", "黑工A", "黑工 监提", "黑工监提\n", "黑" * 21, "黑工〔", ""])
def test_a_word_is_in_chinese_characters(city, word):
    with pytest.raises(ValidationError):
        agency_word_set(actor=make_staff(city), organization=city, kind=CASE, word=word)


def test_a_word_may_not_be_in_use_when_its_first_number_is_taken(city):
    """The word was set for a later year, and others used it first."""
    agency_word_set(actor=make_staff(city), organization=city, kind=CASE, word="黑工监提")
    other = make_organization(name="示例乙市总工会")
    NumberSeries.objects.create(organization=other, kind=CASE, year=2026, word="黑工监提")
    with pytest.raises(DomainError) as refusal:
        take(city)
    assert refusal.value.code == "word-taken"


def test_kinds_have_words_of_their_own(planted_kinds, monkeypatch):
    with pytest.raises(ValueError):
        Kind("a.b", "a", "ABC")
    monkeypatch.setattr(planted_kinds, "KINDS", [Kind("a.b", "a", "监提"), Kind("a.c", "a", "监提")])
    with pytest.raises(ImproperlyConfigured):
        number_kinds()


def test_a_number_may_be_about_any_row(city):
    row = employer_create(actor=make_staff(city), organization=city, name="示例公司")
    take(city, about=row)
    assert TakenNumber.objects.get().about_model == "organizations.employer"
