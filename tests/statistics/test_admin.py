"""Words and targets are edited in the admin by holders of the system area.

Recounts and faults are read there.
"""

import pytest
from django.urls import reverse

from portal.core.roles import Role
from portal.statistics.models import IndicatorDefinition, Target
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_province

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    return sign_in(client, make_staff(make_province(), role=Role.SYSTEM_ADMINISTRATOR))


def test_target_is_set(administrator):
    fields = {"indicator": "MM01", "organization": make_province().pk, "year": 2026, "value": "12"}
    assert administrator.get(reverse("admin:statistics_target_add")).status_code == 200
    assert administrator.get(reverse("admin:statistics_target_add") + "?organization=" + "9" * 60).status_code == 200
    assert administrator.get(reverse("admin:statistics_target_add") + "?organization=x").status_code == 200
    assert administrator.post(reverse("admin:statistics_target_add"), fields).status_code == 302
    assert list(Target.objects.values_list("indicator", "year", "value")) == [("MM01", 2026, 12)]


def test_words_are_set_and_an_unknown_code_is_refused(administrator):
    url = reverse("admin:statistics_indicatordefinition_add")
    fields = {"code": "MM01", "name": "场次", "definition": "", "order": ""}
    assert administrator.post(url, fields).status_code == 302
    assert administrator.post(url, fields | {"code": "XX99"}).status_code == 200
    assert list(IndicatorDefinition.objects.values_list("code", "name", "hidden")) == [("MM01", "场次", False)]


@pytest.mark.parametrize("model", ["indicatordefinition", "target", "recount", "figurefault"])
def test_lists_open(administrator, model):
    assert administrator.get(reverse(f"admin:statistics_{model}_changelist")).status_code == 200
