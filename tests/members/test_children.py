"""Children: entered with their guardian's consent, seen by nobody else, deleted when it is withdrawn."""

import time
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.errors import Conflict, DomainError
from portal.core.roles import Role
from portal.members import disclosure
from portal.members.consents import CHILD, CHILD_CARE
from portal.members.models import Child, Consent, Member
from portal.members.services.children import (
    CHILDREN_AT_MOST,
    child_add,
    child_care_change,
    child_change,
    child_consent_withdraw,
    child_remove,
)
from portal.members.services.consents import consent_give
from portal.members.services.erasing import member_erase, member_erase_consequences
from tests.factories.members import make_child, make_duty, make_member, make_staff, sign_in
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.threads import at_once

NAME, NOTES = "示例宝宝", "对花生过敏，随身带药"
FIELDS = {"name": NAME, "sex": "male", "born_on": date(2020, 2, 29), "relation": "mother"}


@pytest.fixture
def city(db):
    return make_organization(name="示例甲市总工会")


@pytest.fixture
def parent(city):
    return make_member(make_unit(city), name="示例母亲")


@pytest.fixture
def child(parent):
    return child_add(guardian=parent, **FIELDS)


def years_ago(years, days=0):
    """Return the day ``days`` before the birthday of a person who turns ``years`` today."""
    today = timezone.localdate()
    day = min(today.day, 28) if years and today.month == 2 else today.day
    return today.replace(year=today.year - years, day=day) - timedelta(days=days)


def fresh(client, member):
    sign_in(client, member)
    session = client.session
    session["code_at"] = int(time.time())
    session.save()
    return client


def standing(child, purpose):
    return Consent.objects.about_child(child, purpose)


def care(child, notes=NOTES, **fields):
    return child_care_change(
        actor=child.guardian, child=child, **{"version": child.version, "care_notes": notes, **fields}
    )


def test_a_child_is_entered_with_its_guardians_consent(parent, child):
    kept = Child.objects.get(pk=child.pk)
    assert {name: getattr(kept, name) for name in FIELDS} == FIELDS
    assert (kept.guardian, kept.entered_on, kept.care_notes) == (parent, timezone.localdate(), None)
    row = standing(child, CHILD).get()
    assert (row.member, row.about_id, row.version, row.as_guardian, row.guardian) == (parent, child.pk, 2, True, None)
    assert AuditEntry.objects.about(row).get().data == {"version": 2, "as_guardian": True}
    assert not standing(child, CHILD_CARE).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("years", "days", "code"), [(0, -1, "born"), (18, 0, "age"), (40, 0, "age")])
def test_a_birth_date_that_cannot_be_is_refused(years, days, code):
    parent = make_member()
    with pytest.raises(DomainError) as refused:
        child_add(guardian=parent, **{**FIELDS, "born_on": years_ago(years, days)})
    assert refused.value.code == code
    assert not Child.objects.exists()
    assert not Consent.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("years", "days"), [(0, 0), (18, -1)])
def test_the_youngest_and_the_oldest_are_entered(years, days):
    born = years_ago(years, days)
    assert make_child(make_member(), born_on=born).born_on == born


@pytest.mark.parametrize(("years", "days"), [(0, -1), (18, 0)])
def test_the_database_refuses_such_a_birth_date_too(child, years, days):
    with pytest.raises(IntegrityError), transaction.atomic():
        Child.objects.filter(pk=child.pk).update(born_on=years_ago(years, days))
    child.refresh_from_db()
    assert child.born_on == FIELDS["born_on"]


def test_her_age_counts_on_the_day_she_was_entered(parent, child):
    """A child entered at 17 has come of age since; a mistyped birthday can still be corrected.

    The age at the day of entry decides.
    """
    then = years_ago(5)
    Child.objects.filter(pk=child.pk).update(entered_on=then, born_on=years_ago(22))
    changed = child_change(actor=parent, child=child, version=1, born_on=years_ago(22, days=-3))
    assert changed.born_on == years_ago(22, days=-3)
    with pytest.raises(DomainError) as refused:
        child_change(actor=parent, child=child, version=2, born_on=years_ago(23))
    assert refused.value.code == "age"


@pytest.mark.django_db
def test_a_guardian_is_grown_up():
    young = make_member(birth_date=years_ago(18, days=-1))
    with pytest.raises(DomainError) as refused:
        child_add(guardian=young, **FIELDS)
    assert refused.value.code == "guardian-age"
    assert not Child.objects.exists()
    assert make_child(make_member(birth_date=years_ago(18))).pk


@pytest.mark.django_db
def test_the_consent_itself_asks_for_a_grown_up():
    young = make_member(birth_date=years_ago(16))
    with pytest.raises(DomainError) as refused:
        consent_give(member=young, purpose=CHILD, about_id=7)
    assert refused.value.code == "guardian-age"
    assert not Consent.objects.exists()


def test_a_guardians_consent_is_for_a_child_and_her_own(parent, child):
    rows = Consent.objects.filter(member=parent)
    for change in ({"about_id": None}, {"guardian": make_member()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


def test_who_was_erased_enters_no_child(parent, city):
    member_erase(member=parent, actor=make_staff(city))
    with pytest.raises(DomainError) as refused:
        child_add(guardian=parent, **FIELDS)
    assert refused.value.code == "erased"
    assert not Child.objects.exists()


def test_ten_children_and_no_more(client, parent):
    for number in range(CHILDREN_AT_MOST):
        make_child(parent, name=f"示例{number}")
    with pytest.raises(DomainError) as refused:
        child_add(guardian=parent, **FIELDS)
    assert refused.value.code == "many"
    assert Child.objects.count() == 10
    page = fresh(client, parent).get(reverse("members:child-list"))
    assert reverse("members:child-create") not in page.content.decode()
    assert make_child(make_member()).pk


def test_the_same_child_is_entered_once(parent, child):
    with pytest.raises(DomainError) as refused:
        child_add(guardian=parent, **FIELDS)
    assert refused.value.code == "known"
    assert child_add(guardian=make_member(), **FIELDS).pk != child.pk


def test_a_double_click_enters_one_child(fresh_database):
    parent, refused = make_member(), []

    def enter(_number):
        try:
            child_add(guardian=parent, **FIELDS)
        except DomainError as error:
            refused.append(error.code)

    at_once(enter, range(6))
    assert Child.objects.count() == 1
    assert refused == ["known"] * 5


def test_a_change_is_written_once_and_told_without_values(parent, child):
    changed = child_change(actor=parent, child=child, version=1, **{**FIELDS, "name": "示例贝贝"})
    assert (changed.name, changed.version) == ("示例贝贝", 2)
    with pytest.raises(Conflict) as refused:
        child_change(actor=parent, child=child, version=1, **FIELDS)
    assert refused.value.code == "edited"
    assert Child.objects.get(pk=child.pk).name == "示例贝贝"
    assert AuditEntry.objects.about(child).get(action="child.update").fields == ["name"]


def test_notes_for_carers_need_a_consent_of_their_own(child):
    with pytest.raises(DomainError) as refused:
        care(child)
    assert refused.value.code == "not-agreed"
    assert Child.objects.get(pk=child.pk).care_notes is None
    kept = care(child, agree=True)
    assert Child.objects.get(pk=child.pk).care_notes == NOTES
    assert standing(child, CHILD_CARE).get().as_guardian
    assert care(kept, "只对牛奶过敏").care_notes == "只对牛奶过敏"
    assert Consent.objects.filter(purpose=CHILD_CARE.code).count() == 1


def test_the_consent_for_another_child_does_not_serve(parent, child):
    make_child(parent, care_notes=NOTES)
    with pytest.raises(DomainError) as refused:
        care(child)
    assert refused.value.code == "not-agreed"


def test_taking_back_the_notes_empties_them_and_leaves_the_child(parent, child):
    seen = care(child, agree=True)
    child_consent_withdraw(actor=parent, child=child, purpose=CHILD_CARE)
    left = Child.objects.get(pk=child.pk)
    assert (left.name, left.care_notes) == (NAME, None)
    assert standing(child, CHILD).exists()
    assert not standing(child, CHILD_CARE).exists()
    with pytest.raises(Conflict):
        care(seen, agree=True)
    with pytest.raises(DomainError) as refused:
        care(left)
    assert refused.value.code == "not-agreed"


@pytest.mark.parametrize("by", ["consent", "removal"])
def test_without_the_consent_the_child_is_gone(parent, child, by):
    other = make_child(parent, name="示例弟弟", care_notes=NOTES)
    care(child, agree=True)
    if by == "consent":
        child_consent_withdraw(actor=parent, child=child, purpose=CHILD)
    else:
        child_remove(actor=parent, child=child)
    assert list(Child.objects.all()) == [other]
    assert Child.objects.get().care_notes == NOTES
    assert set(Consent.objects.standing().values_list("about_id", flat=True)) == {other.pk}
    with pytest.raises(DomainError) as refused:
        care(child, agree=True)
    assert refused.value.code == "gone"
    assert Consent.objects.standing().count() == 2


def test_no_audit_entry_says_a_name_or_a_note(parent, child):
    changed = care(child, agree=True)
    child_change(actor=parent, child=child, version=changed.version, name="示例贝贝", born_on=date(2019, 5, 4))
    child_remove(actor=parent, child=child)
    entries = AuditEntry.objects.filter(about_model__in=["members.child", "members.consent"])
    actions = list(entries.order_by("pk").values_list("action", flat=True))
    assert actions == [
        "child.create",
        "consent.give",
        "consent.give",
        "child.update",
        "child.update",
        "consent.withdraw",
        "consent.withdraw",
        "child.remove",
    ]
    words = str(list(entries.values()))
    assert [word for word in (NAME, "示例贝贝", NOTES, "2020-02-29", "2019-05-04") if word in words] == []


def everyone_else(city, unit):
    places = [unit, city, make_province(), make_organization(name="示例乙市总工会")]
    return [make_member(unit), make_member(), *(make_staff(place, role) for place in places for role in Role)]


def test_nobody_else_sees_a_child(city, parent, child):
    assert list(Child.objects.visible_to(parent)) == [child]
    for person in everyone_else(city, parent.organization):
        assert list(Child.objects.visible_to(person)) == []


@pytest.mark.parametrize("page", ["child-update", "child-care", "child-remove"])
def test_another_persons_child_is_not_there(client, city, parent, child, page):
    care(child, agree=True)
    path = reverse(f"members:{page}", args=[child.pk])
    sent = {**FIELDS, "care_notes": "x", "agree": "on", "version": 2}
    for person in (make_member(parent.organization), make_staff(parent.organization), make_staff(city)):
        fresh(client, person)
        assert client.get(path).status_code == 404
        assert client.post(path, sent).status_code == 404
        consent = standing(child, CHILD).get()
        assert client.post(reverse("members:consent-withdraw", args=[consent.pk])).status_code == 404
        assert NAME not in client.get(reverse("members:child-list")).content.decode()
    kept = Child.objects.get()
    assert (kept.version, kept.name, kept.care_notes) == (2, NAME, NOTES)


PAGES = ("child-list", "child-create", "child-update", "child-care", "child-remove")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_asks_for_a_fresh_code(client, parent, child, page):
    path = reverse(f"members:{page}", args=[] if page in PAGES[:2] else [child.pk])
    sign_in(client, parent)
    for answer in (client.get(path), client.post(path, FIELDS)):
        assert answer.url.startswith("/sign-in/fresh/")
    assert Child.objects.get().version == 1


def test_in_the_browser_from_entering_to_gone(client, parent):
    fresh(client, parent)
    listed = reverse("members:child-list")
    assert reverse("members:child-list") in client.get(reverse("members:me")).content.decode()
    assert reverse("members:child-create") in client.get(listed).content.decode()

    page = client.get(reverse("members:child-create")).content.decode()
    assert [line for line in CHILD.lines if str(line) not in page] == []
    sent = {**FIELDS, "born_on": "2020-02-29"}
    assert client.post(reverse("members:child-create"), sent).status_code == 422
    assert not Child.objects.exists()
    assert client.post(reverse("members:child-create"), {**sent, "agree": "on"}).url == listed
    child = Child.objects.get()
    assert NAME in client.get(listed).content.decode()

    noted = reverse("members:child-care", args=[child.pk])
    page = client.get(noted).content.decode()
    assert [line for line in CHILD_CARE.lines if str(line) not in page] == []
    assert client.post(noted, {"care_notes": NOTES, "version": 1}).status_code == 422
    assert Child.objects.get().care_notes is None
    assert client.post(noted, {"care_notes": f" {NOTES}\r\n第二行 ", "version": 1, "agree": "on"}).url == listed
    assert Child.objects.get().care_notes == f"{NOTES}\n第二行"
    page = client.get(noted)
    assert NOTES in page.content.decode()
    assert "agree" not in page.context["form"].fields

    account = client.get(reverse("members:me")).content.decode()
    assert f"示** · {FIELDS['born_on'].year}" in account
    assert NAME not in account
    health = standing(child, CHILD_CARE).get()
    back = reverse("members:consent-withdraw", args=[health.pk])
    assert back in page.content.decode()
    assert back in account
    assert client.post(back).url == reverse("members:me")
    assert Child.objects.get().care_notes is None
    assert "agree" in client.get(noted).context["form"].fields

    # Withdrawing this consent removes the entry, so the page that says so comes first.
    whole = standing(child, CHILD).get()
    assert reverse("members:child-remove", args=[child.pk]) in account
    assert reverse("members:consent-withdraw", args=[whole.pk]) not in account
    assert NAME in client.get(reverse("members:child-remove", args=[child.pk])).content.decode()
    assert client.post(reverse("members:consent-withdraw", args=[whole.pk])).url == reverse("members:me")
    assert not Child.objects.exists()
    assert client.get(noted).status_code == 404
    assert client.post(reverse("members:consent-withdraw", args=[whole.pk])).status_code == 404
    assert client.get(reverse("members:me")).status_code == 200


def test_a_change_in_another_window_shows_both_versions(client, parent, child):
    path = reverse("members:child-update", args=[child.pk])
    child_change(actor=parent, child=child, version=1, name="示例贝贝")
    sent = {**FIELDS, "name": "示例妞妞", "version": 1}
    answer = fresh(client, parent).post(path, sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "示例贝贝" in page
    assert "示例妞妞" in page
    assert client.post(path, dict(answer.context_data["sent"])).status_code == 302
    assert Child.objects.get().name == "示例妞妞"


def test_notes_taken_back_in_another_window_are_not_written_again(client, parent, child):
    kept = care(child, agree=True)
    child_consent_withdraw(actor=parent, child=child, purpose=CHILD_CARE)
    path = reverse("members:child-care", args=[child.pk])
    fresh(client, parent)
    assert client.post(path, {"care_notes": NOTES, "version": kept.version}).status_code == 422
    assert client.post(path, {"care_notes": NOTES, "version": kept.version, "agree": "on"}).status_code == 409
    assert Child.objects.get().care_notes is None


def test_removing_is_confirmed_first(client, parent, child):
    path = reverse("members:child-remove", args=[child.pk])
    fresh(client, parent)
    assert client.get(path).status_code == 200
    assert Child.objects.exists()
    assert client.post(path).url == reverse("members:child-list")
    assert not Child.objects.exists()


def test_a_cadre_has_children_as_anybody(client, city, parent):
    make_duty(parent, city, Role.CADRE)
    fresh(client, Member.objects.get(pk=parent.pk))
    assert client.post(reverse("members:child-create"), {**FIELDS, "agree": "on"}).status_code == 302
    assert Child.objects.get().guardian == parent


def rows_of(member, code):
    (source,) = [source for source in disclosure.sources() if source.code == code]
    return source.rows(member)


def test_her_file_holds_her_children_and_nobody_elses(parent, child):
    care(child, agree=True)
    make_child(make_member(), name="示例旁人")
    (row,) = rows_of(parent, "children")
    assert row[:2] == (child.pk, NAME)
    assert row[-1] == NOTES
    assert [row[-1] for row in rows_of(parent, "consents")] == [child.pk, child.pk]
    assert [word for word in (NAME, NOTES) if word not in disclosure.as_json(parent).decode()] == []


def test_who_sees_what_says_that_nobody_else_does(client, parent):
    path = reverse("members:member-readers")
    assert 'id="children"' not in sign_in(client, parent).get(path).content.decode()
    make_child(parent, name=NAME)
    page = client.get(path).content.decode()
    assert 'id="children"' in page
    assert NAME not in page


def test_who_answers_a_deletion_reads_how_many_children_go(city, parent, child):
    make_child(parent)
    assert 2 in [count for _words, count in member_erase_consequences(parent)]
    other = make_child(make_member())
    member_erase(member=parent, actor=make_staff(city))
    assert list(Child.objects.all()) == [other]
    assert set(Consent.objects.standing().values_list("about_id", flat=True)) == {other.pk}
