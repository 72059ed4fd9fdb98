"""Giving and withdrawing consent."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from portal.audit.models import AuditEntry
from portal.core.errors import DomainError
from portal.members.consents import Purpose
from portal.members.models import Consent
from portal.members.services.consents import consent_give, consent_withdraw
from tests.factories.members import make_member
from tests.threads import at_once

PURPOSE = Purpose("test.purpose", 1, "Title", ("One.", "Two."))


@pytest.mark.django_db
def test_a_consent_keeps_purpose_version_language_and_digest():
    member = make_member()
    with translation.override("en"):
        row = consent_give(member=member, purpose=PURPOSE, about_id=7)
    assert (row.purpose, row.version, row.about_id, row.language, row.channel) == ("test.purpose", 1, 7, "en", "web")
    assert row.text_digest == PURPOSE.digest
    assert row.withdrawn_at is None
    assert AuditEntry.objects.about(row).get().data == {"version": 1}


@pytest.mark.django_db
def test_the_same_consent_twice_is_one_row():
    member = make_member()
    assert consent_give(member=member, purpose=PURPOSE) == consent_give(member=member, purpose=PURPOSE)
    assert Consent.objects.count() == 1


@pytest.mark.django_db
def test_a_new_version_is_a_new_row_and_the_old_one_ends():
    member = make_member()
    old = consent_give(member=member, purpose=PURPOSE, about_id=7)
    other = consent_give(member=member, purpose=PURPOSE, about_id=8)
    new = consent_give(member=member, purpose=replace(PURPOSE, version=2, lines=("Other.",)), about_id=7)
    old.refresh_from_db()
    assert old.withdrawn_at is not None
    assert old.text_digest != new.text_digest
    assert set(Consent.objects.standing()) == {new, other}


@pytest.mark.django_db
def test_taking_back_ends_hers_alone_and_may_be_given_again():
    member, neighbour = make_member(), make_member()
    row = consent_give(member=member, purpose=PURPOSE, about_id=7)
    elsewhere = consent_give(member=member, purpose=PURPOSE, about_id=8)
    theirs = consent_give(member=neighbour, purpose=PURPOSE, about_id=7)

    consent_withdraw(member=member, purpose=PURPOSE, about_id=7)
    consent_withdraw(member=member, purpose=PURPOSE, about_id=7)

    assert set(Consent.objects.standing()) == {elsewhere, theirs}
    assert AuditEntry.objects.about(row).filter(action="consent.withdraw").count() == 1
    again = consent_give(member=member, purpose=PURPOSE, about_id=7)
    assert again.pk != row.pk
    assert list(Consent.objects.visible_to(member).order_by("pk")) == [row, elsewhere, again]


@pytest.mark.parametrize("about_id", [None, 7])
def test_a_double_click_is_one_consent(fresh_database, about_id):
    member = make_member()
    at_once(lambda _number: consent_give(member=member, purpose=PURPOSE, about_id=about_id), range(8))
    assert Consent.objects.standing().count() == 1


def born(years, **fields):
    """Create a person who turned ``years`` yesterday."""
    day = timezone.localdate() - timedelta(days=1)
    return make_member(birth_date=day.replace(year=day.year - years, day=min(day.day, 28)), **fields)


@pytest.mark.django_db
@pytest.mark.parametrize("years", [0, 6, 13])
def test_a_child_under_fourteen_needs_a_guardian(years):
    child, parent = born(years), born(35)
    with pytest.raises(DomainError) as refused:
        consent_give(member=child, purpose=PURPOSE)
    assert refused.value.code == "guardian-missing"
    assert not Consent.objects.exists()
    row = consent_give(member=child, purpose=PURPOSE, guardian=parent)
    assert (row.member, row.guardian) == (child, parent)
    entry = AuditEntry.objects.about(row).get()
    assert (entry.actor_id, entry.data) == (parent.pk, {"version": 1, "guardian": parent.pk})


@pytest.mark.django_db
def test_from_fourteen_on_she_agrees_herself():
    assert consent_give(member=born(14), purpose=PURPOSE).guardian is None
    assert consent_give(member=make_member(), purpose=PURPOSE).guardian is None


@pytest.mark.django_db
def test_a_birth_year_alone_counts_for_the_youngest_it_may_be():
    year = timezone.localdate().year
    with pytest.raises(DomainError):
        consent_give(member=make_member(birth_year=year - 14), purpose=PURPOSE)
    assert consent_give(member=make_member(birth_year=year - 15), purpose=PURPOSE).pk


@pytest.mark.django_db
def test_a_guardian_is_a_grown_up_other_person():
    child = born(6)
    for guardian, code in ((child, "guardian-self"), (born(17), "guardian-age")):
        with pytest.raises(DomainError) as refused:
            consent_give(member=child, purpose=PURPOSE, guardian=guardian)
        assert refused.value.code == code
    assert not Consent.objects.exists()
