"""Two editors send the same version at the same moment.

One is saved; the other is shown both versions.
"""

import time
from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse

from portal.core import locks
from portal.members.models import Member
from portal.organizations.models import Organization
from tests.factories.members import make_entry, make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_unit
from tests.threads import at_once

EDITORS = 8
UNIT = {"short_name": "甲", "region": "", "uscc": "", "employment_form": "standard", "founded_on": "", "version": 1}


def hold_nothing(instance):
    """Read the row without a lock and wait long enough for others to read the same state."""
    row = type(instance)._default_manager.get(pk=instance.pk)
    time.sleep(0.05)
    return row


def editors(city):
    return [sign_in(Client(), make_staff(city)) for _number in range(EDITORS)]


def save_at_once(clients, path, sent):
    """Let all clients send ``sent(number)`` to ``path`` at once.

    Return the count of each status and the numbers of the clients that were told it is saved.
    """
    answers = at_once(lambda given: given[1].post(path, sent(given[0])), enumerate(clients))
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    statuses = [answer.status_code for answer in answers]
    return Counter(statuses), [number for number, status in enumerate(statuses) if status == 302]


def edit_unit():
    """Let eight people rename one unit.

    Return the statuses, the numbers of those who were told it is saved, and the unit from the database.
    """
    city = make_organization(name="示例甲市总工会")
    unit = make_unit(city, name="示例甲厂")
    path = reverse("organizations:organization-update", args=[unit.pk])
    statuses, saved = save_at_once(editors(city), path, lambda number: {**UNIT, "name": f"名字{number}"})
    return statuses, saved, Organization.objects.get(pk=unit.pk)


def test_one_of_eight_editors_is_saved_and_seven_are_told(fresh_database):
    statuses, saved, unit = edit_unit()
    assert statuses == {302: 1, 409: EDITORS - 1}
    assert (unit.name, unit.version) == (f"名字{saved[0]}", 2)


def test_one_of_eight_who_change_a_phone_is_saved(fresh_database):
    city = make_organization(name="示例甲市总工会")
    person = make_entry(make_unit(city), name="示例", phone=phone_number(1))
    path = reverse("members:member-update", args=[person.pk])
    statuses, saved = save_at_once(
        editors(city),
        path,
        lambda number: {
            "name": "示例",
            "phone": phone_number(100 + number),
            "marital_status": person.marital_status,
            "version": 1,
        },
    )
    assert statuses == {302: 1, 409: EDITORS - 1}
    assert Member.objects.get(pk=person.pk).phone == phone_number(100 + saved[0])


def test_control_without_the_lock_edits_are_lost_in_silence(fresh_database, monkeypatch):
    monkeypatch.setattr(locks, "hold", hold_nothing)
    statuses, saved, _unit = edit_unit()
    if statuses[302] == 1:
        pytest.fail("the race did not happen")
    # More than one person was told it is saved, but only one name is stored.
    assert len(saved) > 1
