"""Edit conflicts: both versions side by side; no input is lost, nothing is overwritten unasked."""

import pytest
from django.urls import reverse

from matchmaking.choices.events import EventState
from matchmaking.models import MatchEvent
from portal.organizations.models import Organization
from portal.organizations.services.organizations import organization_update
from tests.factories.matchmaking import make_event
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db
SENT = {
    "name": "我写的名字",
    "short_name": "甲",
    "region": "",
    "uscc": "",
    "employment_form": "standard",
    "founded_on": "",
}


@pytest.fixture
def city():
    return make_organization(name="示例甲市总工会")


@pytest.fixture
def unit(city):
    return make_unit(city, name="示例甲厂")


@pytest.fixture
def desk(client, city):
    return sign_in(client, make_staff(city))


@pytest.fixture
def answer(desk, city, unit):
    """The page that is shown after another person has saved first."""
    path = reverse("organizations:organization-update", args=[unit.pk])
    organization_update(actor=make_staff(city), organization=unit, version=1, name="别人写的名字")
    return desk.post(path, {**SENT, "version": 1})


def test_both_versions_stand_side_by_side(answer, unit):
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "我写的名字" in page
    assert "别人写的名字" in page
    assert Organization.objects.get(pk=unit.pk).name == "别人写的名字"
    assert [row["label"] for row in answer.context_data["rows"] if row["differs"]] == [
        row["label"] for row in answer.context_data["rows"] if row["typed"] != row["standing"]
    ]


def test_her_own_version_is_taken_over_when_she_says_so(answer, desk, unit):
    sent = dict(answer.context_data["sent"])
    assert (sent["name"], sent["version"]) == ("我写的名字", 2)
    response = desk.post(reverse("organizations:organization-update", args=[unit.pk]), sent)
    assert (response.status_code, Organization.objects.get(pk=unit.pk).name) == (302, "我写的名字")


def test_a_third_person_is_not_overwritten_either(answer, desk, city, unit):
    organization_update(actor=make_staff(city), organization=unit, version=2, name="第三个名字")
    sent = dict(answer.context_data["sent"])
    response = desk.post(reverse("organizations:organization-update", args=[unit.pk]), sent)
    assert (response.status_code, Organization.objects.get(pk=unit.pk).name) == (409, "第三个名字")


def test_an_event_shows_its_times_as_they_are_typed(desk, city):
    event = make_event(city, state=EventState.DRAFT, created_by=make_staff(city))
    path = reverse("matchmaking:event-update", args=[event.pk])
    form = desk.get(path).context_data["form"]
    sent = {name: form[name].field.widget.format_value(form[name].value()) for name in form.fields}
    sent = {name: value[0] if isinstance(value, list) else value or "" for name, value in sent.items()}
    MatchEvent.objects.filter(pk=event.pk).update(title="别人的题目", version=7)
    response = desk.post(path, {**sent, "title": "我的题目"})
    differing = [row for row in response.context_data["rows"] if row["differs"]]
    assert response.status_code == 409
    assert [(row["typed"], row["standing"]) for row in differing] == [("我的题目", "别人的题目")]
    assert MatchEvent.objects.get(pk=event.pk).title == "别人的题目"
