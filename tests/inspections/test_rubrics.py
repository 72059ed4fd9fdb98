"""Rubrics: loaded as data, changed in a new version, put in force by a second person."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.choices import Area
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.inspections.choices import VersionState
from portal.inspections.management.commands import load_rubrics
from portal.inspections.models import Rubric, RubricItem, RubricVersion
from portal.inspections.scoring import Grade
from portal.inspections.services import rubrics
from portal.members.models import Duty
from portal.messaging.models import Message
from tests.factories.inspections import make_rubric, make_version
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.organizations import make_organization, make_province

pytestmark = pytest.mark.django_db
ROW = {
    "number": "1", "group": "卫生", "text": "整洁", "source": "", "points": "10", "weight": "1.5", "required": "true",
    "veto": "false", "evidence": "photo", "help": "",
}  # fmt: skip


@pytest.fixture
def keeper():
    return make_staff(make_province())


@pytest.fixture
def second():
    return make_staff(make_province(), role=Role.REVIEWER)


def code_of(service, **arguments):
    with pytest.raises(DomainError) as refusal:
        service(**arguments)
    return refusal.value.code


def load(**fields):
    given = {"code": "rights.x", "name": "示例", "area": Area.RIGHTS, "rows": [ROW], "grades": [(70, "合格")], **fields}
    return rubrics.rubric_load(**given)


def test_the_shipped_rubric_of_nursing_rooms_has_100_points_and_its_vetoes():
    call_command("load_rubrics", verbosity=0)
    version = RubricVersion.objects.in_force().get(rubric__code="nursing_rooms.room")
    groups = {}
    for item in version.items.all():
        groups[item.group] = groups.get(item.group, 0) + item.most
    assert groups == {"面积": 15, "私密": 15, "卫生": 15, "设施": 25, "管理": 15, "使用": 10, "反馈": 5}
    assert set(version.scales()) == {Grade(70, "三星"), Grade(80, "四星"), Grade(90, "五星")}
    vetoes = "".join(item.text for item in version.items.filter(veto=True))
    assert all(word in vetoes for word in ("锁", "隔间", "安全隐患"))
    assert (version.number, version.valid_from, version.created_by) == (1, timezone.localdate(), None)


def test_loading_again_changes_nothing(keeper):
    assert load()
    version = RubricVersion.objects.get()
    item = version.items.get()
    assert (item.weight, item.most, item.evidence) == (Decimal("1.5"), 15, "photo")
    rubrics.version_begin(actor=keeper, rubric=version.rubric)
    assert not load(rows=[{**ROW, "text": "另一条"}])
    assert list(RubricItem.objects.values_list("text", flat=True)) == ["整洁", "整洁"]


@pytest.mark.parametrize(
    "wrong",
    [{"points": "21"}, {"points": "x"}, {"weight": "0"}, {"veto": "maybe"}, {"evidence": "smell"}, {"number": "0"}],
)
def test_a_wrong_line_is_named_and_nothing_is_loaded(wrong):
    with pytest.raises(ValueError, match=r"rights.x, line 3: "), transaction.atomic():
        load(rows=[ROW, {**ROW, "number": "2", **wrong}])
    assert not Rubric.objects.exists()


def test_the_command_stops_at_a_wrong_file(monkeypatch):
    faulty = [{**ROW, "rubric": "rights.x", "name": "示例", "points": "99"}]
    monkeypatch.setattr(load_rubrics, "rows_of", lambda path: faulty if path.match("rights/data/rubrics.csv") else [])
    with pytest.raises(CommandError, match="line 2"):
        call_command("load_rubrics", verbosity=0)


def test_a_new_version_is_a_copy_that_replaces_the_one_before(keeper, second):
    rubric = make_rubric(items=[{"points": 10, "weight": Decimal(2)}, {"veto": True, "text": "有锁"}])
    first = rubric.versions.get()
    draft = rubrics.version_begin(actor=keeper, rubric=rubric)
    assert (draft.number, draft.state, draft.scales()) == (2, VersionState.DRAFT, first.scales())
    assert [(item.text, item.weight) for item in draft.items.all()] == [("整洁", 2), ("有锁", 1)]
    assert code_of(lambda **a: rubrics.version_publish(**a), actor=second, version=draft) == "no-such-step"
    rubrics.item_create(actor=keeper, version=draft, number=3, group="设施", text="有热水", points=5)
    rubrics.item_update(actor=keeper, item=draft.items.get(number=1), points=8)
    rubrics.item_remove(actor=keeper, item=draft.items.get(number=2))
    rubrics.version_grade(actor=keeper, version=draft, grades=[Grade(60, "合格")])
    draft = rubrics.version_submit(actor=keeper, version=draft)
    assert [(row.recipient, row.kind) for row in Message.objects.all()] == [(second, "inspections.version_submitted")]
    assert code_of(rubrics.version_publish, actor=keeper, version=draft) == "not-yours"
    draft = rubrics.version_publish(actor=second, version=draft)
    first.refresh_from_db()
    today = timezone.localdate()
    assert (first.state, first.replaced_on) == (VersionState.REPLACED, today)
    assert (draft.state, draft.valid_from, draft.published_by) == (VersionState.IN_FORCE, today, second)
    assert [(item.number, item.points) for item in draft.items.all()] == [(1, 8), (3, 5)]
    assert first.items.count() == 2
    assert draft.scales() == [Grade(60, "合格")]
    assert Message.objects.get(kind="inspections.version_published").recipient == keeper


@pytest.mark.parametrize("state", [VersionState.SUBMITTED, VersionState.IN_FORCE, VersionState.REPLACED])
def test_only_a_draft_changes(keeper, second, state):
    rubric = make_rubric()
    version = rubric.versions.get()
    if state != VersionState.IN_FORCE:
        draft = rubrics.version_submit(actor=keeper, version=rubrics.version_begin(actor=keeper, rubric=rubric))
        if state == VersionState.REPLACED:
            rubrics.version_publish(actor=second, version=draft)
        else:
            version = draft
    version.refresh_from_db()
    assert version.state == state
    item = version.items.get()
    refused = [
        (rubrics.item_create, {"version": version, "number": 9, "group": "a", "text": "b"}),
        (rubrics.item_update, {"item": item, "points": 1}),
        (rubrics.item_remove, {"item": item}),
        (rubrics.version_grade, {"version": version, "grades": []}),
        (rubrics.version_discard, {"version": version}),
        (rubrics.version_submit, {"version": version}),
    ]
    assert [code_of(service, actor=keeper, **given) for service, given in refused] == ["not-a-draft"] * 6
    item.refresh_from_db()
    assert (item.points, version.grades.count()) == (10, 3)


def test_a_version_is_returned_with_a_reason(keeper, second):
    rubric = make_rubric()
    draft = rubrics.version_submit(actor=keeper, version=rubrics.version_begin(actor=keeper, rubric=rubric))
    assert code_of(rubrics.version_return, actor=keeper, version=draft, reason="x") == "not-yours"
    draft = rubrics.version_return(actor=second, version=draft, reason="第一条写清楚")
    assert (draft.state, draft.return_reason) == (VersionState.DRAFT, "第一条写清楚")
    assert Message.objects.get(kind="inspections.version_returned").recipient == keeper
    draft = rubrics.version_submit(actor=keeper, version=draft)
    assert draft.return_reason == ""


def test_whoever_the_author_appointed_yesterday_is_no_second_person(keeper, second):
    rubric = make_rubric()
    Duty.objects.filter(member=second).update(given_by=keeper, created_at=timezone.now() - timedelta(days=1))
    draft = rubrics.version_begin(actor=keeper, rubric=rubric)
    other = make_staff(make_province(), role=Role.REVIEWER)
    draft = rubrics.version_submit(actor=keeper, version=draft)
    assert code_of(rubrics.version_publish, actor=second, version=draft) == "not-yours"
    assert rubrics.version_publish(actor=other, version=draft).published_by == other


def test_a_rubric_has_one_draft_and_an_empty_one_is_not_submitted(keeper):
    rubric = make_rubric()
    draft = rubrics.version_begin(actor=keeper, rubric=rubric)
    with pytest.raises(ValidationError):
        rubrics.version_begin(actor=keeper, rubric=rubric)
    draft.items.all().delete()
    assert code_of(rubrics.version_submit, actor=keeper, version=draft) == "empty"
    assert rubrics.version_discard(actor=keeper, version=draft) == rubric
    assert rubric.versions.count() == 1


def test_the_database_knows_one_version_in_force_and_two_people(keeper):
    rubric = make_rubric()
    with pytest.raises(IntegrityError, match="inspections_version_in_force"), transaction.atomic():
        RubricVersion.objects.create(
            rubric=rubric, number=5, state=VersionState.IN_FORCE, valid_from=timezone.localdate()
        )
    with pytest.raises(IntegrityError, match="inspections_version_second"), transaction.atomic():
        RubricVersion.objects.create(
            rubric=rubric,
            number=5,
            state=VersionState.REPLACED,
            valid_from=timezone.localdate(),
            created_by=keeper,
            published_by=keeper,
        )


def page(client, name, pk, **data):
    address = reverse(f"inspections:{name}", args=[pk])
    return client.post(address, data) if data else client.get(address)


def test_the_province_writes_a_version_on_its_pages(client, keeper, second):
    sign_in(client, keeper)
    rubric = make_rubric(area=Area.NURSING_ROOMS)
    assert "示例评分表" in client.get(reverse("inspections:rubric-list")).content.decode()
    shown = page(client, "rubric-detail", rubric.pk)
    assert shown.context["primary"]["url"] == reverse("inspections:rubric-begin", args=[rubric.pk])
    begun = client.post(shown.context["primary"]["url"])
    draft = RubricVersion.objects.get(state=VersionState.DRAFT)
    assert begun.url == draft.get_absolute_url()
    form = page(client, "version-item", draft.pk).context["form"]
    assert form.initial == {"number": 2, "group": "卫生"}
    fields = {"number": 2, "group": "设施", "text": "有热水", "points": 5, "weight": "1", "evidence": "none"}
    assert page(client, "version-item", draft.pk, **fields).url == draft.get_absolute_url()
    taken = page(client, "version-item", draft.pk, **fields)
    assert (taken.status_code, draft.items.count()) == (422, 2)
    item = draft.items.get(number=2)
    assert page(client, "item-update", item.pk).context["form"].initial["text"] == "有热水"
    assert page(client, "item-update", item.pk, **{**fields, "points": 21}).status_code == 422
    assert page(client, "item-update", item.pk, **{**fields, "points": 4, "veto": "on"}).status_code == 302
    item.refresh_from_db()
    assert (item.points, item.veto, item.required) == (4, True, False)
    assert page(client, "version-grade", draft.pk).context["form"].initial["grades"].startswith("90 五星")
    assert page(client, "version-grade", draft.pk, grades="101 好").status_code == 422
    assert page(client, "version-grade", draft.pk, grades="60 好\n60 更好").status_code == 422
    assert page(client, "version-grade", draft.pk, grades="60 合格\n\n85 优秀").status_code == 302
    assert set(draft.scales()) == {Grade(60, "合格"), Grade(85, "优秀")}
    assert client.post(reverse("inspections:version-submit", args=[draft.pk])).status_code == 302
    waiting = page(client, "version-detail", draft.pk)
    assert second.name in waiting.content.decode()
    assert client.post(reverse("inspections:version-publish", args=[draft.pk])).status_code == 403
    sign_in(client, second)
    assert page(client, "version-detail", draft.pk).context["primary"]["url"].endswith("/publish/")
    assert client.post(reverse("inspections:version-publish", args=[draft.pk])).status_code == 302
    draft.refresh_from_db()
    assert draft.state == VersionState.IN_FORCE
    entries = AuditEntry.objects.all().about(draft).order_by("pk").values_list("action", flat=True)
    assert list(entries) == [
        "version.create",
        "version.update",
        "inspections.rubricversion.submitted",
        "inspections.rubricversion.in_force",
    ]


def test_a_county_reads_what_is_in_force_and_changes_nothing(client, keeper):
    county = make_organization(parent=make_organization(), kind="county")
    rubric = make_rubric()
    draft = rubrics.version_begin(actor=keeper, rubric=rubric)
    sign_in(client, make_staff(county))
    assert page(client, "rubric-detail", rubric.pk).context["primary"] is None
    shown = page(client, "version-detail", rubric.versions.get(number=1).pk)
    assert (shown.status_code, shown.context["menu"]) == (200, [])
    assert client.post(reverse("inspections:rubric-begin", args=[rubric.pk])).status_code == 403
    for name, pk in (("version-detail", draft.pk), ("version-item", draft.pk), ("item-update", draft.items.get().pk)):
        assert page(client, name, pk).status_code == 404
    assert RubricVersion.objects.count() == 2


def test_rubrics_are_read_by_those_who_work_in_their_area(client):
    rubric = make_rubric(area=Area.NURSING_ROOMS)
    sign_in(client, make_staff(make_organization(), role=Role.MATCHMAKING_OFFICER))
    assert page(client, "rubric-detail", rubric.pk).status_code == 404
    assert "示例评分表" not in client.get(reverse("inspections:rubric-list")).content.decode()
    sign_in(client, make_member())
    assert client.get(reverse("inspections:rubric-list")).status_code == 404
    client.logout()
    assert client.get(reverse("inspections:rubric-list")).status_code == 302


def test_a_version_without_grades_is_shown(client, keeper):
    version = make_version(grades=(), items=[{"points": 0, "veto": True, "source": "法条", "help": "看"}])
    sign_in(client, keeper)
    shown = page(client, "version-detail", version.pk)
    assert "法条" in shown.content.decode()
    assert shown.context["facts"][-1]["value"] == "0"
