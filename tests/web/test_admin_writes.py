"""The admin: grouped by package and area, with scoped look-ups and an audit entry for each change.

Its first page shows the state of the system.
"""

import json
import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from matchmaking.models import EventTheme, HobbyTag
from portal.audit.models import AuditEntry
from portal.core.roles import ADMINISTRATORS, Role
from portal.deadlines.models import ClockRule
from portal.members.models import Duty
from portal.organizations.choices import DayKind
from portal.organizations.models import CalendarDay, LegalParameter
from portal.statistics.models import IndicatorDefinition, Target
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.organizations import make_organization, make_province

pytestmark = pytest.mark.django_db

KEEPER, SECURITY, AUDIT = Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR


def administrator(client, role, organization=None):
    member = make_staff(organization or make_province(), role)
    return sign_in(client, member)


def give_a_duty(client):
    city = make_organization()
    administrator(client, SECURITY)
    data = {"member": make_member(organization=city).pk, "organization": city.pk, "role": Role.CADRE}
    client.post(reverse("admin:members_duty_add"), {**data, "valid_from": timezone.localdate(), "valid_until": ""})
    return Duty.objects.get(**data), "duty.give"


def end_a_duty(client):
    duty = make_staff().duties[0]
    administrator(client, SECURITY)
    client.post(reverse("admin:members_duty_changelist"), {"action": "end_today", "_selected_action": [duty.pk]})
    return duty, "duty.end"


def rename_an_organization(client):
    city = make_organization()
    administrator(client, KEEPER)
    path = reverse("admin:organizations_organization_change", args=[city.pk])
    data = {"name": "示例新名", "short_name": "", "region": "", "uscc": "", "employment_form": "standard"}
    client.post(path, {**data, "founded_on": ""})
    return city, "organization.update"


def write_a_legal_parameter(client):
    administrator(client, KEEPER)
    data = {"key": "a.b", "value": "1", "unit": "days", "valid_from": "2026-01-01", "source": "x", "region": ""}
    client.post(reverse("admin:organizations_legalparameter_add"), data)
    return LegalParameter.objects.get(key="a.b"), "legal-parameter.save"


def write_a_rule_of_a_clock(client):
    administrator(client, KEEPER)
    data = {"code": "members.data_request", "unit": "days", "start_rule": "next_day", "rolling": "stays", "source": "x"}
    client.post(reverse("admin:deadlines_clockrule_add"), data)
    return ClockRule.objects.get(), "clock-rule.save"


def set_a_target(client):
    city = make_organization()
    administrator(client, KEEPER)
    data = {"indicator": "MM01", "organization": city.pk, "year": 2026, "value": "12"}
    client.post(reverse("admin:statistics_target_add"), data)
    return Target.objects.get(), "target.set"


def add_a_hobby(client):
    administrator(client, KEEPER)
    client.post(reverse("admin:matchmaking_hobbytag_add"), {"name": "示例爱好", "order": 5, "active": "on"})
    return HobbyTag.objects.get(name="示例爱好"), "hobby.save"


def add_a_theme(client):
    administrator(client, KEEPER)
    data = {"name": "示例主题", "summary": "", "mode": "offline", "order": 5, "active": "on"}
    client.post(reverse("admin:matchmaking_eventtheme_add"), data)
    return EventTheme.objects.get(name="示例主题"), "theme.create"


# Every way in which the admin writes.
WRITES = {
    "matchmaking.HobbyTag add": add_a_hobby,
    "matchmaking.HobbyTag change": None,
    "matchmaking.ScoreWeight change": None,
    "matchmaking.EventTheme add": add_a_theme,
    "matchmaking.EventTheme change": None,
    "members.Duty add": give_a_duty,
    "members.Duty end_today": end_a_duty,
    "organizations.Organization change": rename_an_organization,
    "organizations.LegalParameter add": write_a_legal_parameter,
    "organizations.LegalParameter change": None,
    "deadlines.ClockRule add": write_a_rule_of_a_clock,
    "deadlines.ClockRule change": None,
    # tests/papers/test_admin.py, where kinds are declared.
    **dict.fromkeys((f"papers.AgencyWord {action}" for action in ("add", "change")), None),
    **dict.fromkeys((f"papers.LetterTemplate {action}" for action in ("add", "use_version", "use_builtin")), None),
    "statistics.Target add": set_a_target,
    "statistics.Target change": None,
    "statistics.IndicatorDefinition add": None,
    "statistics.IndicatorDefinition change": None,
    **dict.fromkeys((f"organizations.CalendarDay {action}" for action in ("add", "change", "delete")), None),
}


def test_the_list_of_writes_is_whole(rf):
    possible = set()
    for role in ADMINISTRATORS:
        request = rf.get("/")
        request.user = make_staff(make_province(), role)
        for model, page in admin.site._registry.items():
            allowed = {
                "add": page.has_add_permission(request),
                "change": page.has_change_permission(request),
                "delete": page.has_delete_permission(request),
                **dict.fromkeys(page.get_actions(request) or {}, True),
            }
            possible |= {f"{model._meta.label} {action}" for action, may in allowed.items() if may}
    assert possible == set(WRITES), "add the write here, with the entry it leaves"


@pytest.mark.parametrize("write", [write for write in WRITES.values() if write], ids=lambda write: write.__name__)
def test_each_write_leaves_its_entry(client, write):
    row, action = write(client)
    entry = AuditEntry.objects.get(about_model=row._meta.label_lower, about_id=row.pk)
    assert (entry.action, entry.actor_id) == (action, int(client.session["_auth_user_id"]))


def test_changing_a_legal_parameter_leaves_the_changed_fields(client):
    row, _action = write_a_legal_parameter(client)
    path = reverse("admin:organizations_legalparameter_change", args=[row.pk])
    data = {"key": "a.b", "value": "2", "unit": "days", "valid_from": "2026-01-01", "source": "x", "region": ""}
    client.post(path, data)
    assert AuditEntry.objects.filter(action="legal-parameter.save").order_by("pk").last().fields == ["value"]


def test_a_calendar_day_leaves_its_entries(client):
    administrator(client, KEEPER)
    data = {"day": "2031-05-01", "kind": DayKind.values[0], "name": "", "source": "x"}
    client.post(reverse("admin:organizations_calendarday_add"), data)
    row = CalendarDay.objects.get(day="2031-05-01")
    client.post(reverse("admin:organizations_calendarday_change", args=[row.pk]), {**data, "source": "y"})
    client.post(reverse("admin:organizations_calendarday_delete", args=[row.pk]), {"post": "yes"})
    entries = AuditEntry.objects.filter(action__startswith="calendar-day.").order_by("pk")
    assert [entry.action for entry in entries] == ["calendar-day.save", "calendar-day.save", "calendar-day.delete"]
    assert not CalendarDay.objects.filter(day="2031-05-01").exists()


def test_the_words_of_an_indicator_leave_their_entries(client):
    administrator(client, KEEPER)
    data = {"code": "MM01", "name": "示例名称", "definition": "", "order": ""}
    client.post(reverse("admin:statistics_indicatordefinition_add"), data)
    path = reverse("admin:statistics_indicatordefinition_change", args=["MM01"])
    client.post(path, {"name": "示例新名", "definition": "", "order": "5"})
    assert list(IndicatorDefinition.objects.values_list("code", "name", "order")) == [("MM01", "示例新名", 5)]
    entries = AuditEntry.objects.filter(action="indicator.define")
    assert [entry.data for entry in entries] == [{"code": "MM01"}] * 2


def test_a_target_of_another_city_is_not_set(client):
    administrator(client, KEEPER, make_organization())
    other = make_organization()
    data = {"indicator": "MM01", "organization": other.pk, "year": 2026, "value": "12"}
    client.post(reverse("admin:statistics_target_add"), data)
    assert not Target.objects.exists()


def test_groups_follow_the_order_of_the_packages(client):
    administrator(client, KEEPER)
    labels = [group["app_label"] for group in client.get(reverse("admin:index")).context["app_list"]]
    order = [config.label for config in apps.get_app_configs()]
    assert labels == sorted(labels, key=order.index)
    assert {"messaging", "organizations", "members"} <= set(labels)


def test_the_home_shows_the_state_of_the_portal(client):
    administrator(client, KEEPER)
    names = [check.name for check in client.get(reverse("admin:index")).context["health"]]
    assert {"database", "beat", "worker", "outbox", "jobs", "dead_letters", "disk", "versions"} <= set(names)


def test_the_home_tells_an_auditor_nothing_of_it(client):
    administrator(client, AUDIT)
    response = client.get(reverse("admin:index"))
    assert response.context["health"] == []
    assert "admin-health" not in response.text


def complete(client, term):
    data = {"app_label": "members", "model_name": "duty", "field_name": "organization", "term": term}
    response = client.get(reverse("admin:autocomplete"), data)
    return response.status_code, [row["text"] for row in json.loads(response.content).get("results", [])]


def test_completion_of_a_dutys_organisation_stays_in_her_reach(client):
    here, there = make_organization(name="示例同名甲"), make_organization(name="示例同名乙")
    administrator(client, SECURITY, here)
    assert complete(client, "示例同名") == (200, [here.name])
    assert there.name not in complete(client, "")[1]


def test_a_duty_outside_her_reach_is_not_given(client):
    here, there = make_organization(), make_organization()
    administrator(client, SECURITY, here)
    data = {"member": make_member(organization=there).pk, "organization": there.pk, "role": Role.CADRE}
    response = client.post(reverse("admin:members_duty_add"), {**data, "valid_from": "2026-01-01", "valid_until": ""})
    assert response.status_code == 200
    assert not Duty.objects.filter(member_id=data["member"]).exists()
    assert not AuditEntry.objects.filter(action="duty.give").exists()


def test_no_list_counts_its_whole_table(client):
    for role in (KEEPER, SECURITY, AUDIT):
        administrator(client, role)
        for model in admin.site._registry:
            path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            with CaptureQueriesContext(
                connection,
            ) as queries:
                if client.get(path).status_code != 200:
                    continue
            counts = [query["sql"] for query in queries if re.match(r"SELECT COUNT\(\*\)", query["sql"])]
            assert [sql for sql in counts if "LIMIT" not in sql] == [], model


def test_the_admin_changes_no_password(client):
    administrator(client, KEEPER)
    for name in ("admin:password_change", "admin:password_change_done"):
        assert client.get(reverse(name)).status_code == 404
        assert client.post(reverse(name), {"old_password": "x"}).status_code == 404
