"""The admin obeys the same scope as the portal.

Tested are lists, rows, autocompletion, pop-ups, guesses by filter, and actions on many rows.
"""

from datetime import date

import pytest
from django.contrib import admin
from django.urls import reverse

from portal.core.roles import Role
from portal.members.models import Duty
from tests.access.world import ask, client_of
from tests.brief import REFUSALS
from tests.factories.members import make_duty, make_member, make_staff, phone_number
from tests.factories.organizations import make_organization
from tests.layout.objects import ADMIN_OBJECTS, Home

pytestmark = pytest.mark.django_db
CANARY = "金丝雀"
ADMINISTRATORS = [Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR]


@pytest.fixture
def home():
    city = make_organization(name=f"{CANARY}市总工会")
    return Home(city=city, chair=make_staff(city, name=f"{CANARY}主席", phone=phone_number(7788)))


@pytest.fixture(params=ADMINISTRATORS)
def far(request, home):
    """A client of an administrator of each kind, in the neighbouring city."""
    return client_of(make_staff(make_organization(name="示例乙市总工会"), request.param))


def models():
    return [model for model in admin.site._registry if model._meta.label in ADMIN_OBJECTS]


def url(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_no_page_of_a_row_opens_from_another_city(home, far):
    odd = []
    for model in models():
        row = ADMIN_OBJECTS[model._meta.label](home)
        for page in ("change", "delete", "history"):
            for method, query in (("GET", ""), ("POST", ""), ("GET", "?_popup=1&_to_field=id")):
                body = {"post": "yes", "_save": "1"} if method == "POST" else None
                path = url(model, page, row.pk) + query
                cell, written, response = ask(far, method, path, body, brief=REFUSALS)
                # A look at the audit is recorded in the audit, even when nothing is found.
                written -= {"audit_auditentry"}
                if cell not in ("gone", "403", "404") or written or CANARY.encode() in response.content:
                    odd.append((model._meta.label, page, method, query, cell, sorted(written)))
    assert odd == []


# What an administrator may type after a list's address: search words, pop-ups, filters along relations, columns that
# are not shown.
GUESSES = (
    "",
    "?q=金丝雀",
    "?_popup=1",
    "?_popup=1&_to_field=id",
    "?_to_field=login_key&_popup=1",
    "?_to_field=password",
    "?organization__path__startswith=/1/",
    "?organization__name__startswith=金丝雀",
    "?path__startswith=/1/",
    "?name__startswith=金丝雀",
    "?member__name__startswith=金丝雀",
    "?member__phone__startswith=1",
    "?phone_index__startswith=a",
    "?login_key__startswith=a",
    "?password__startswith=a",
    "?created_by__name__startswith=金丝雀",
    "?parent__name=金丝雀市总工会",
    "?o=1.2&all=1",
)


def test_no_guess_behind_a_list_tells_of_another_city(home, far):
    odd = []
    for model in models():
        ADMIN_OBJECTS[model._meta.label](home)
        for query in (*GUESSES, f"?pk={home.city.pk}", f"?id__exact={home.chair.pk}"):
            cell, _written, response = ask(far, "GET", url(model, "changelist") + query, brief=REFUSALS)
            body = response.content.decode().replace('value="金丝雀"', "")
            if cell not in ("200", "302", "400", "403") or CANARY in body or phone_number(7788) in body:
                odd.append((model._meta.label, query, cell))
    assert odd == []


def test_columns_that_are_not_shown_are_not_guessed_in_ones_own_city(home):
    """Filters on hidden columns are refused also in the administrator's own city.

    A yes or no about a secret leaks it, also about people the administrator may see.
    """
    client = client_of(make_staff(home.city, Role.SYSTEM_ADMINISTRATOR))
    odd = []
    for column in ("phone", "phone_index", "identity_number", "identity_index", "password", "login_key", "name"):
        for prefix, path in (("", "members_member"), ("member__", "members_duty")):
            query = f"?{prefix}{column}__startswith=a"
            answer = client.get(reverse(f"admin:{path}_changelist") + query)
            if answer.status_code not in (302, 400):
                odd.append((path, column, answer.status_code))
    assert odd == []


def test_no_column_but_the_number_names_a_row_to_a_pop_up(home):
    client = client_of(make_staff(home.city, Role.SYSTEM_ADMINISTRATOR))
    for column in ("login_key", "password", "phone_index", "identity_index", "session_key"):
        answer = client.get(reverse("admin:members_member_changelist") + f"?_popup=1&_to_field={column}")
        assert answer.status_code == 400, column


def completing():
    """Return (model, field) of every autocomplete field of the admin."""
    return [(model, name) for model, made in admin.site._registry.items() for name in made.autocomplete_fields]


def test_completion_offers_nothing_of_another_city(home, far):
    odd = []
    for model, name in completing():
        asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": name}
        for term in (CANARY, "jin", str(home.city.pk), ""):
            answer = far.get(reverse("admin:autocomplete"), {**asked, "term": term})
            if answer.status_code != 200 or CANARY in str(answer.json()["results"]):
                odd.append((model._meta.label, name, term, answer.status_code))
    assert odd == []
    assert ("members.Duty", "organization") in [(model._meta.label, name) for model, name in completing()]


@pytest.mark.parametrize("field", ["member", "given_by", "stand_in_for", "password"])
def test_completion_of_other_fields_is_refused(home, far, field):
    asked = {"app_label": "members", "model_name": "duty", "field_name": field, "term": "a"}
    assert far.get(reverse("admin:autocomplete"), asked).status_code in (403, 404)


def test_a_deed_on_many_rows_leaves_rows_of_another_city_alone(home, far):
    duty = make_duty(make_member(home.city), home.city, valid_from=date(2026, 1, 1))
    before = Duty.objects.values().get(pk=duty.pk)
    for body in (
        {"action": "end_today", "_selected_action": duty.pk, "index": 0},
        {"action": "end_today", "_selected_action": duty.pk, "index": 0, "select_across": 1},
        {"action": "delete_selected", "_selected_action": duty.pk, "index": 0, "post": "yes"},
    ):
        far.post(url(Duty, "changelist"), body)
    assert Duty.objects.values().get(pk=duty.pk) == before


def test_a_look_up_finds_nobody_of_another_city(home, far):
    far.post(reverse("admin:members_member_find"), {"term": phone_number(7788)})
    assert CANARY not in far.get(reverse("admin:members_member_changelist")).content.decode()


def test_there_is_no_way_past_the_scope_to_a_rows_page(home, far):
    assert far.get(f"/admin/r/1/{home.chair.pk}/").status_code in (302, 404)
    assert ask(far, "GET", f"/admin/r/1/{home.chair.pk}/")[0] != "302"
