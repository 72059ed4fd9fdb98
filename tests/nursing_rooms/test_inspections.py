"""Inspections of rooms by rubric: planned, scored on a phone, finished with a result; and their findings."""

import io
from datetime import timedelta
from decimal import Decimal

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from nursing_rooms import erasing, own_data
from nursing_rooms.clocks import CLOCKS
from nursing_rooms.models import NursingRoom, RoomFinding, RoomInspection, RoomScore
from nursing_rooms.services.inspections import room_inspection_plan
from nursing_rooms.services.rooms import rooms_take_back
from nursing_rooms.todo import items_for as todo_of_rooms
from portal.audit.models import AuditEntry
from portal.core.choices import Area
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.deadlines.choices import DeadlineState
from portal.deadlines.selectors import deadline_of
from portal.deadlines.services import deadlines_keep_time
from portal.deadlines.todo import items_for
from portal.inspections import rules
from portal.inspections.choices import FindingState, InspectionState, Severity
from portal.inspections.selectors import groups_of, progress_of, result_of
from portal.inspections.services import findings, inspections, rubrics
from portal.inspections.services.notices import notice_issue as inspections_notice
from portal.inspections.services.scores import score_attach, score_set
from portal.members.models import Duty
from portal.messaging.models import Message
from portal.messaging.services.messages import message_words
from portal.papers.models import TakenNumber
from tests.factories.inspections import make_rubric
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.nursing_rooms import make_manager, make_room
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db
ITEMS = (
    {"group": "私密", "text": "有锁", "points": 5, "veto": True},
    {"group": "卫生", "text": "整洁", "points": 4},
    {"group": "卫生", "text": "有清洁记录", "points": 4, "evidence": "photo"},
    {"group": "设施", "text": "有冰箱", "points": 2, "required": False},
    {"group": "设施", "text": "室温", "points": 3, "evidence": "number"},
)


def picture(colour="red"):
    out = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(out, "JPEG")
    return out.getvalue()


def photo(colour="red"):
    return "photo.jpg", picture(colour), "image/jpeg"


def code_of(service, **arguments):
    with pytest.raises(DomainError) as refusal:
        service(**arguments)
    return refusal.value.code


@pytest.fixture
def law():
    call_command("load_legal_parameters", verbosity=0)
    call_command("load_calendar", verbosity=0)


@pytest.fixture
def rubric():
    return make_rubric("nursing_rooms.room", Area.NURSING_ROOMS, ITEMS)


@pytest.fixture
def county():
    return make_organization(parent=make_organization(), kind="county")


@pytest.fixture
def unit(county):
    return make_unit(county)


@pytest.fixture
def unit_chair(unit):
    return make_staff(unit)


@pytest.fixture
def room(unit):
    return make_room(unit)


@pytest.fixture
def lead(county):
    return make_staff(county, role=Role.CADRE)


@pytest.fixture
def second(county):
    return make_staff(county)


@pytest.fixture
def planned(rubric, room, county, lead, second, law):
    return room_inspection_plan(
        actor=second,
        room=room,
        organization=county,
        planned_on=timezone.localdate() + timedelta(days=3),
        inspectors=[lead],
        lead=lead,
    )


@pytest.fixture
def under_way(planned, lead):
    return inspections.inspection_start(actor=lead, inspection=planned)


def items_of(inspection):
    return list(inspection.rubric_version.items.all())


def answer_all(inspection, actor, veto_met=True):
    """Answer every item fully, with its evidence; the optional one does not apply."""
    lock, clean, record, fridge, heat = items_of(inspection)
    score_set(actor=actor, inspection=inspection, item=lock, met=veto_met)
    score_set(actor=actor, inspection=inspection, item=clean, points=3, note="地面有水")
    score_set(actor=actor, inspection=inspection, item=record, points=4)
    score_attach(actor=actor, inspection=inspection, item=record, upload=photo())
    score_set(actor=actor, inspection=inspection, item=fridge, applies=False)
    score_set(actor=actor, inspection=inspection, item=heat, points=3, number=Decimal("21.5"))


def finish(inspection, actor):
    return inspections.inspection_finish(actor=actor, inspection=inspection, minutes="现场检查", confirmed=True)


@pytest.fixture
def finished(under_way, lead):
    answer_all(under_way, lead)
    findings.finding_add(
        actor=lead, inspection=under_way, text="地面有水", severity=Severity.SERIOUS, item=items_of(under_way)[1]
    )
    return finish(under_way, lead)


@pytest.fixture
def finished_twin(rubric, unit, county, lead, second, law):
    """A second inspection of the lead, which has a result."""
    row = room_inspection_plan(
        actor=second,
        room=make_room(unit),
        organization=county,
        planned_on=timezone.localdate(),
        inspectors=[lead],
        lead=lead,
    )
    row = inspections.inspection_start(actor=lead, inspection=row)
    answer_all(row, lead)
    return finish(row, lead)


def id_of(member):
    return member.pk


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_an_inspection_is_planned_by_the_rubric_in_force(planned, lead, second, unit_chair, rubric):
    assert (planned.state, planned.rubric_version, planned.planned_by) == ("planned", rubric.versions.get(), second)
    assert [(row.member, row.lead) for row in planned.inspectors.all()] == [(lead, True)]
    told = Message.objects.get()
    assert (told.recipient, told.kind) == (lead, "inspections.planned")
    assert "示例妈咪小屋" in " ".join(message_words(told))
    # A visit is not announced to the unit.
    assert [rows.count() for rows in (seen(second), seen(lead), seen(unit_chair))] == [1, 1, 0]


def seen(actor):
    return RoomInspection.objects.visible_to(actor)


def plan(planned, *, actor, team, lead, place=None):
    return room_inspection_plan(
        actor=actor,
        room=planned.room,
        organization=place or planned.organization,
        planned_on=planned.planned_on,
        inspectors=team,
        lead=lead,
    )


def test_a_team_must_be_large_enough_led_and_independent_of_the_unit(planned, lead, second, unit_chair, monkeypatch):
    stranger = make_staff(make_organization())
    refused = [
        plan_code(planned, second, [], lead),
        plan_code(planned, second, [lead], second),
        plan_code(planned, second, [lead, unit_chair], lead),
        plan_code(planned, second, [lead, stranger], lead),
    ]
    assert refused == ["too-few", "no-lead", "own-unit", "not-qualified"]
    monkeypatch.setattr(RoomInspection, "least_inspectors", 2)
    assert plan_code(planned, second, [lead, lead], lead) == "too-few"
    assert plan(planned, actor=second, team=[lead, second], lead=lead).inspectors.count() == 2
    assert code_of(inspections.inspection_start, actor=lead, inspection=planned) == "too-few"
    assert RoomInspection.objects.count() == 2


def plan_code(planned, actor, team, lead):
    return code_of(lambda **given: plan(planned, **given), actor=actor, team=team, lead=lead)


def test_a_member_on_the_roster_of_the_unit_with_a_duty_above_may_not_inspect_it(planned, unit, county, second):
    member = make_member(unit)
    Duty.objects.create(member=member, organization=county, role=Role.CADRE, valid_from=timezone.localdate())
    assert plan_code(planned, second, [member], member) == "own-unit"
    assert not rules.can_edit_inspection(member, planned)


def test_who_looks_after_the_room_never_inspects_it(planned, room, county, second):
    """A public room of the county itself is inspected by the county, but not by the room's manager."""
    manager = make_staff(county, role=Role.CADRE)
    make_manager(room, manager)
    assert plan_code(planned, second, [manager], manager) == "own-unit"
    NursingRoom.objects.filter(pk=room.pk).update(organization=county)
    planned.room.refresh_from_db()
    assert plan_code(planned, second, [manager], manager) == "own-unit"
    assert plan(planned, actor=second, team=[second], lead=second).state == InspectionState.PLANNED


def test_without_a_rubric_nothing_is_planned(planned, second, lead):
    RoomInspection.objects.all().delete()
    planned.rubric_version.rubric.versions.all().delete()
    assert plan_code(planned, second, [lead], lead) == "no-rubric"


def test_the_team_changes_before_the_start_only(planned, lead, second):
    changed = inspections.inspection_staff(actor=second, inspection=planned, inspectors=[lead, second], lead=second)
    assert {(row.member, row.lead) for row in changed.inspectors.all()} == {(lead, False), (second, True)}
    # The lead knows it already, and the second made the change.
    assert Message.objects.count() == 1
    begun = inspections.inspection_start(actor=lead, inspection=changed)
    assert (begun.state, begun.held_on) == ("under_way", timezone.localdate())
    again = {"actor": second, "inspection": begun, "inspectors": [lead], "lead": lead}
    assert code_of(inspections.inspection_staff, **again) == "started"


def test_only_an_inspector_starts(planned, second):
    assert code_of(inspections.inspection_start, actor=second, inspection=planned) == "no-inspector"
    assert fresh(planned).state == InspectionState.PLANNED


def test_an_inspector_whose_duty_ended_does_not_start(planned, lead):
    Duty.objects.filter(member=lead).update(valid_until=timezone.localdate())
    assert code_of(inspections.inspection_start, actor=lead, inspection=planned) == "not-qualified"


def test_an_inspection_keeps_the_version_it_was_planned_by(planned, lead, rubric, province_pair):
    keeper, approver = province_pair
    draft = rubrics.version_begin(actor=keeper, rubric=rubric)
    rubrics.item_create(actor=keeper, version=draft, number=9, group="新", text="新条目", points=20)
    rubrics.version_publish(actor=approver, version=rubrics.version_submit(actor=keeper, version=draft))
    begun = inspections.inspection_start(actor=lead, inspection=planned)
    answer_all(begun, lead)
    done = finish(begun, lead)
    assert (done.rubric_version.number, done.maximum) == (1, 16)
    other = draft.items.get(number=9)
    assert code_of(score_set, actor=lead, inspection=begun, item=other, points=1) == "not-under-way"
    assert RoomScore.objects.filter(item__version=draft).count() == 0


@pytest.fixture
def province_pair(county):
    province = county.parent.parent
    return make_staff(province), make_staff(province, role=Role.REVIEWER)


def test_an_answer_sent_twice_is_saved_once_and_the_last_writer_is_known(under_way, lead, second):
    item = items_of(under_way)[1]
    first = score_set(actor=lead, inspection=under_way, item=item, points=3, note="湿")
    again = score_set(actor=lead, inspection=under_way, item=item, points=3, note="湿")
    assert (again.pk, again.scored_at) == (first.pk, first.scored_at)
    entries = AuditEntry.objects.filter(action="score.set")
    assert entries.count() == 1
    under_way.inspectors.create(member=second)
    changed = score_set(actor=second, inspection=under_way, item=item, points=4)
    assert (changed.pk, changed.points, changed.met, changed.note, changed.scored_by) == (first.pk, 4, True, "", second)
    assert entries.count() == 2
    emptied = score_set(actor=second, inspection=under_way, item=item)
    assert (emptied.points, emptied.met) == (None, None)


@pytest.mark.parametrize(
    ("number", "answer", "code"),
    [
        (1, {"points": 5}, "yes-or-no"),
        (2, {"points": 5}, "points"),
        (2, {"met": True}, "points"),
        (2, {"applies": False}, "required"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(under_way, lead, number, answer, code):
    item = items_of(under_way)[number - 1]
    assert code_of(score_set, actor=lead, inspection=under_way, item=item, **answer) == code
    assert not RoomScore.objects.exists()


def test_others_cannot_score_and_other_rubrics_have_other_items(under_way, lead, second):
    item = items_of(under_way)[1]
    assert code_of(score_set, actor=second, inspection=under_way, item=item, points=1) == "no-inspector"
    other = make_rubric().versions.get().items.get()
    assert code_of(score_set, actor=lead, inspection=under_way, item=other, points=1) == "other-rubric"


@pytest.mark.parametrize("state", [state for state in InspectionState if state != InspectionState.UNDER_WAY])
def test_scores_are_entered_only_while_the_inspection_is_under_way(under_way, lead, state):
    answer_all(under_way, lead)
    values = {"total": 1, "maximum": 1, "vetoes": 0, "finished_at": timezone.now()}
    RoomInspection.objects.filter(pk=under_way.pk).update(state=state, **values)
    item, row = items_of(under_way)[2], fresh(under_way)
    assert code_of(score_set, actor=lead, inspection=row, item=item, points=1) == "not-under-way"
    assert code_of(score_attach, actor=lead, inspection=row, item=item, upload=photo("blue")) == "not-under-way"
    assert RoomScore.objects.get(item=item).points == 4


def test_a_photo_replaces_the_one_before_and_the_same_one_changes_nothing(under_way, lead):
    item = items_of(under_way)[2]
    first = score_attach(actor=lead, inspection=under_way, item=item, upload=photo())
    assert (first.points, first.file.kind) == (None, "picture")
    assert score_attach(actor=lead, inspection=under_way, item=item, upload=photo()).file == first.file
    changed = score_attach(actor=lead, inspection=under_way, item=item, upload=photo("blue"))
    assert (changed.pk, changed.file != first.file) == (first.pk, True)
    first.file.refresh_from_db()
    assert first.file.deleted_at is not None


@pytest.mark.parametrize(("hours", "kept"), [(0, True), (-48, False), (1, False)])
def test_when_a_photo_was_taken_is_kept_beside_when_it_was_sent(under_way, lead, hours, kept):
    item, taken = items_of(under_way)[2], timezone.now() + timedelta(hours=hours)
    row = score_attach(actor=lead, inspection=under_way, item=item, upload=photo(), taken_at=taken)
    assert (row.taken_at == taken, row.scored_at >= taken) == (kept, hours < 1)


def test_an_inspection_is_finished_once_everything_is_answered_and_proven(under_way, lead, second, unit_chair):
    assert code_of(finish, inspection=under_way, actor=lead) == "missing"
    lock, clean, record, _fridge, heat = items_of(under_way)
    for item, answer in ((lock, {"met": True}), (clean, {"points": 3}), (record, {"points": 4}), (heat, {"points": 3})):
        score_set(actor=lead, inspection=under_way, item=item, **answer)
    assert code_of(finish, inspection=under_way, actor=lead) == "no-evidence"
    score_attach(actor=lead, inspection=under_way, item=record, upload=photo())
    assert code_of(finish, inspection=under_way, actor=lead) == "no-evidence"
    score_set(actor=lead, inspection=under_way, item=heat, points=3, number=Decimal(21))
    for given in ({"minutes": " ", "confirmed": True}, {"minutes": "现场", "confirmed": False}):
        assert code_of(inspections.inspection_finish, actor=lead, inspection=under_way, **given) == "no-minutes"
    under_way.inspectors.create(member=second)
    assert code_of(finish, inspection=under_way, actor=second) == "no-lead"
    done = finish(under_way, lead)
    assert (done.state, done.total, done.maximum, done.share) == ("finished", 15, 16, Decimal("93.75"))
    assert (done.grade, done.vetoes, done.passed, done.finished_by) == ("五星", 0, True, lead)
    assert code_of(finish, inspection=done, actor=lead) == "no-such-step"
    told = Message.objects.get(kind="inspections.finished")
    assert told.recipient == unit_chair
    assert "示例妈咪小屋" in " ".join(message_words(told))
    assert done in RoomInspection.objects.visible_to(unit_chair)


def test_a_veto_fails_and_gives_no_grade(under_way, lead):
    answer_all(under_way, lead, veto_met=False)
    done = finish(under_way, lead)
    assert (done.total, done.vetoes, done.grade, done.passed) == (10, 1, "", False)


def test_a_result_does_not_change_with_what_is_written_later(finished):
    RoomScore.objects.filter(item__number=2).update(points=0, met=False)
    assert (fresh(finished).total, result_of(finished).total) == (15, 12)


def test_the_clock_of_a_finding_starts_when_the_inspection_is_finished(under_way, lead, unit, unit_chair):
    row = findings.finding_add(actor=lead, inspection=under_way, text="没有标牌")
    assert (row.state, row.due_on, deadline_of(row, row.clock_code)) == ("to_rectify", None, None)
    assert deadlines_keep_time() == 0
    answer_all(under_way, lead)
    done = finish(under_way, lead)
    deadline = deadline_of(row, "nursing_rooms.finding_ordinary")
    assert (deadline.organization, deadline.amount, deadline.state) == (unit, 15, DeadlineState.RUNNING)
    assert fresh(row).due_on == deadline.due_on >= timezone.localdate() + timedelta(days=15)
    assert [item.url for item in items_for(unit_chair)] == [row.get_absolute_url()]
    late = findings.finding_add(actor=lead, inspection=done, text="地面湿滑", severity=Severity.SERIOUS)
    assert deadline_of(late, "nursing_rooms.finding_serious").amount == 3
    assert Message.objects.get(kind="inspections.finding_added").recipient == unit_chair
    assert deadlines_keep_time() == 0


def test_a_finding_is_answered_by_the_unit_and_re_checked_by_another(finished, lead, second, unit_chair):
    row = finished.findings.get()
    assert code_of(findings.finding_answer, actor=lead, finding=row, answer="x") == "inspector"
    assert rules.can_answer_finding(unit_chair, row)
    answered = findings.finding_answer(actor=unit_chair, finding=row, answer="已铺防滑垫", upload=photo())
    assert (answered.state, answered.answered_by, answered.file.kind) == ("to_recheck", unit_chair, "picture")
    assert deadline_of(row, row.clock_code).state == DeadlineState.MET
    assert Message.objects.get(kind="inspections.finding_answered").recipient == lead
    assert not rules.can_recheck_finding(unit_chair, answered)
    assert code_of(findings.finding_recheck, actor=unit_chair, finding=answered, accepted=True) == "not-yours"
    assert code_of(findings.finding_recheck, actor=lead, finding=answered, accepted=False) == "no-note"
    back = findings.finding_recheck(actor=lead, finding=answered, accepted=False, note="仍有水")
    assert (back.state, back.returned, back.recheck_note) == ("to_rectify", 1, "仍有水")
    running = deadline_of(row, row.clock_code)
    assert (running.state, fresh(row).due_on) == (DeadlineState.RUNNING, running.due_on)
    assert Message.objects.get(kind="inspections.finding_returned").recipient == unit_chair
    first_file = answered.file
    answered = findings.finding_answer(actor=unit_chair, finding=fresh(row), answer="已更换地垫")
    first_file.refresh_from_db()
    assert (answered.file, first_file.deleted_at is not None) == (None, True)
    closed = findings.finding_recheck(actor=second, finding=answered, accepted=True, note="已整改")
    assert (closed.state, closed.rechecked_by, closed.rechecked_on) == ("closed", second, timezone.localdate())
    assert fresh(finished).state == InspectionState.CLOSED


def test_a_finding_is_not_answered_before_the_result_and_not_twice(under_way, lead, unit_chair):
    row = findings.finding_add(actor=lead, inspection=under_way, text="没有标牌")
    assert code_of(findings.finding_answer, actor=unit_chair, finding=row, answer="x") == "not-finished"
    answer_all(under_way, lead)
    finish(under_way, lead)
    row = fresh(row)
    findings.finding_answer(actor=unit_chair, finding=row, answer="已挂")
    assert code_of(findings.finding_answer, actor=unit_chair, finding=fresh(row), answer="x") == "no-such-step"


def test_who_answered_never_re_checks_even_at_the_county(finished, second):
    """A county that answers for the unit needs another person for the re-check."""
    answered = findings.finding_answer(actor=second, finding=finished.findings.get(), answer="代答")
    assert not rules.can_recheck_finding(second, answered)
    assert code_of(findings.finding_recheck, actor=second, finding=answered, accepted=True) == "not-yours"
    with pytest.raises(IntegrityError, match="nursing_rooms_finding_second"), transaction.atomic():
        RoomFinding.objects.filter(pk=answered.pk).update(state=FindingState.CLOSED, rechecked_by=second)


def test_an_overdue_finding_becomes_late_and_goes_up(finished, monkeypatch):
    row = finished.findings.get()
    later = timezone.now() + timedelta(days=40)
    monkeypatch.setattr(timezone, "now", lambda: later)
    deadlines_keep_time()
    deadline = deadline_of(row, row.clock_code)
    assert (deadline.state, deadline.passed_to) == (DeadlineState.LATE, finished.organization)


def test_a_withdrawn_finding_ends_its_clock_and_the_last_one_closes_the_inspection(finished, second):
    row = findings.finding_withdraw(actor=second, finding=finished.findings.get(), reason="误记")
    assert (row.state, deadline_of(row, row.clock_code).state) == ("withdrawn", DeadlineState.ENDED)
    assert fresh(finished).state == InspectionState.CLOSED


def test_an_inspection_is_not_closed_over_an_open_finding(finished, second):
    assert code_of(inspections.inspection_close, actor=second, inspection=finished) == "open-findings"
    assert fresh(finished).state == InspectionState.FINISHED


def test_an_inspection_without_findings_is_closed_by_hand(under_way, lead, second):
    answer_all(under_way, lead)
    done = finish(under_way, lead)
    assert done.state == InspectionState.FINISHED
    closed = inspections.inspection_close(actor=second, inspection=done)
    assert closed.state == InspectionState.CLOSED
    assert code_of(findings.finding_add, actor=lead, inspection=closed, text="x") == "closed"


@pytest.mark.parametrize("begun", [False, True])
def test_a_cancelled_inspection_withdraws_its_findings(planned, lead, second, begun):
    if begun:
        planned = inspections.inspection_start(actor=lead, inspection=planned)
        findings.finding_add(actor=lead, inspection=planned, text="没有标牌")
    gone = inspections.inspection_cancel(actor=second, inspection=planned, reason="小屋装修")
    assert (gone.state, gone.cancel_reason) == ("cancelled", "小屋装修")
    assert {row.state for row in gone.findings.all()} <= {FindingState.WITHDRAWN}
    assert Message.objects.get(kind="inspections.cancelled").recipient == lead
    assert code_of(inspections.inspection_start, actor=lead, inspection=gone) == "no-such-step"


def test_a_finished_inspection_is_not_cancelled(finished, second):
    assert code_of(inspections.inspection_cancel, actor=second, inspection=finished, reason="x") == "no-such-step"


def test_scope_of_the_unit_of_the_neighbour_and_of_the_levels_above(finished, unit_chair, county):
    neighbour = make_staff(make_organization(parent=county.parent, kind="county"))
    city = make_staff(county.parent)
    rows = (RoomInspection, RoomFinding, RoomScore)
    for reader, sees in ((neighbour, False), (city, True), (unit_chair, True)):
        assert [model.objects.visible_to(reader).exists() for model in rows] == [sees] * 3


def address(name, *args):
    return reverse(f"nursing_rooms:{name}", args=args)


def test_an_inspection_is_planned_on_the_page_of_the_room(client, rubric, room, county, lead, second):
    sign_in(client, second)
    form = client.get(address("room-inspect", room.pk)).context["form"]
    assert {person.pk for person in form.fields["inspectors"].queryset} == {lead.pk, second.pk}
    sent = {"organization": county.pk, "planned_on": timezone.localdate(), "inspectors": [lead.pk], "lead": second.pk}
    assert client.post(address("room-inspect", room.pk), sent).status_code == 422
    made = client.post(address("room-inspect", room.pk), {**sent, "lead": lead.pk})
    row = RoomInspection.objects.get()
    assert made.url == row.get_absolute_url()
    shown = client.get(made.url)
    # Only the inspectors start.
    assert (shown.context["primary"], lead.name in shown.content.decode()) == (None, True)
    sign_in(client, lead)
    assert client.get(made.url).context["primary"]["url"] == address("inspection-start", row.pk)
    assert client.get(address("inspection-team", row.pk)).context["form"].initial["lead"] == lead.pk
    assert "示例妈咪小屋" in client.get(address("inspection-list")).content.decode()


def fields_of(item, **answer):
    return {f"i{item.pk}-{name}": value for name, value in answer.items()}


def test_without_javascript_each_group_is_one_form(client, under_way, lead):
    sign_in(client, lead)
    lock, clean, record, fridge, heat = items_of(under_way)
    start = client.get(address("inspection-score", under_way.pk))
    assert start.url == address("inspection-group", under_way.pk, 1)
    page = client.get(start.url).content.decode()
    assert ("有锁" in page, 'capture="environment"' in page, "整洁" in page) == (True, True, False)
    sent = client.post(start.url, fields_of(lock, answer="yes"))
    assert sent.url == address("inspection-group", under_way.pk, 2)
    upload = SimpleUploadedFile("p.jpg", picture(), "image/jpeg")
    wrong = client.post(sent.url, {**fields_of(clean, answer="9"), **fields_of(record, answer="4", upload=upload)})
    assert wrong.status_code == 422
    # What was right is saved all the same.
    assert [row.item for row in under_way.scores.order_by("item__number")] == [lock, record]
    assert under_way.scores.get(item=record).file.size > 0
    sent = client.post(sent.url, {**fields_of(clean, answer="3"), **fields_of(record, answer="4")})
    last = client.post(sent.url, {**fields_of(fridge, answer="na"), **fields_of(heat, answer="3", number="21.5")})
    assert last.url == under_way.get_absolute_url()
    assert progress_of(groups_of(under_way)) == (5, 5)
    assert under_way.scores.get(item=heat).number == Decimal("21.5")
    assert client.get(address("inspection-group", under_way.pk, 4)).status_code == 404


def test_htmx_saves_one_item_and_shows_that_it_is_saved(client, under_way, lead):
    sign_in(client, lead)
    clean, record = items_of(under_way)[1:3]
    at = address("inspection-item", under_way.pk, clean.pk)
    saved = client.post(at, fields_of(clean, answer="4", note="好"), headers={"HX-Request": "true"})
    text = saved.content.decode()
    assert (saved.status_code, f'id="saved-i{clean.pk}"' in text, 'max="5" value="1"' in text) == (200, True, True)
    assert under_way.scores.get(item=clean).note == "好"
    wrong = client.post(at, fields_of(clean, answer="5"), headers={"HX-Request": "true"})
    assert (wrong.status_code, "is-wrong" in wrong.content.decode()) == (422, True)
    assert under_way.scores.get(item=clean).points == 4
    at = address("inspection-item", under_way.pk, record.pk)
    score_set(actor=lead, inspection=under_way, item=record, points=4)
    upload = SimpleUploadedFile("p.jpg", picture(), "image/jpeg")
    taken = int(timezone.now().timestamp() * 1000)
    fields = {"part": "upload", **fields_of(record, upload=upload, taken=taken)}
    sent = client.post(at, fields, headers={"HX-Request": "true"})
    row = under_way.scores.get(item=record)
    assert row.taken_at.timestamp() * 1000 == pytest.approx(taken, abs=1)
    # A photo travels alone and leaves the answer as it is.
    assert (sent.status_code, row.points, f"files/{row.pk}/" in sent.content.decode()) == (200, 4, True)
    shown = client.get(address("inspection-file", under_way.pk, row.pk))
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(shown).startswith(b"\xff\xd8")
    bad = SimpleUploadedFile("p.jpg", b"no picture", "image/jpeg")
    refused = client.post(at, {"part": "upload", **fields_of(record, upload=bad)}, headers={"HX-Request": "true"})
    assert (refused.status_code, under_way.scores.get(item=record).file) == (422, row.file)
    assert client.post(at, fields_of(record, answer="4")).status_code == 302
    assert client.post(address("inspection-item", under_way.pk, 0), {}).status_code == 404


def test_others_do_not_open_the_page_to_score(client, under_way, second, unit_chair):
    sign_in(client, second)
    for name in ("inspection-score", "inspection-group"):
        args = (under_way.pk, 1) if name.endswith("group") else (under_way.pk,)
        assert client.get(address(name, *args)).status_code == 403
    sign_in(client, unit_chair)
    assert client.get(address("inspection-score", under_way.pk)).status_code == 404


def test_the_page_to_score_leads_back_when_the_inspection_is_finished(client, finished, lead):
    sign_in(client, lead)
    assert client.get(address("inspection-group", finished.pk, 1)).url == finished.get_absolute_url()
    assert client.post(address("inspection-group", finished.pk, 1), {}).status_code == 422
    item = items_of(finished)[1]
    late = client.post(
        address("inspection-item", finished.pk, item.pk), fields_of(item, answer="1"), headers={"HX-Request": "true"}
    )
    assert (late.status_code, finished.scores.get(item=item).points) == (422, 3)


def test_the_lead_finishes_and_everybody_concerned_reads_the_result(client, under_way, lead, unit_chair):
    sign_in(client, lead)
    assert client.get(under_way.get_absolute_url()).context["menu"][0]["disabled"]
    answer_all(under_way, lead, veto_met=False)
    findings.finding_add(actor=lead, inspection=under_way, text="门锁损坏", severity=Severity.SERIOUS)
    assert client.post(address("inspection-finish", under_way.pk), {"minutes": "现场"}).status_code == 422
    done = client.post(address("inspection-finish", under_way.pk), {"minutes": "现场\n检查", "confirmed": "on"})
    assert done.url == under_way.get_absolute_url()
    for reader in (lead, unit_chair):
        sign_in(client, reader)
        page = client.get(done.url).content.decode()
        words = ("现场<br>检查", "门锁损坏", "62.50 %", lead.name, "卫生", "有锁", "21.50")
        assert [word for word in words if word not in page] == []


def test_the_unit_answers_and_the_county_re_checks_on_their_pages(client, finished, second, unit_chair, lead):
    row = finished.findings.get()
    sign_in(client, unit_chair)
    assert client.get(row.get_absolute_url()).context["primary"]["url"] == address("finding-answer", row.pk)
    upload = SimpleUploadedFile("p.jpg", picture(), "image/jpeg")
    assert client.post(address("finding-answer", row.pk), {"answer": "已修", "upload": upload}).status_code == 302
    assert b"".join(client.get(address("finding-file", row.pk))).startswith(b"\xff\xd8")
    assert client.post(address("finding-recheck", row.pk), {"accepted": "yes"}).status_code == 403
    sign_in(client, second)
    assert client.get(row.get_absolute_url()).context["primary"]["url"] == address("finding-recheck", row.pk)
    assert client.post(address("finding-recheck", row.pk), {"accepted": "no"}).status_code == 422
    assert client.post(address("finding-recheck", row.pk), {"accepted": "yes", "note": "好"}).status_code == 302
    page = client.get(row.get_absolute_url()).content.decode()
    assert [word for word in ("已修", second.name, unit_chair.name) if word not in page] == []
    assert "地面有水" in client.get(address("finding-list")).content.decode()


def test_who_looks_after_the_room_answers_on_the_phone(client, under_way, room, lead, second, unit_chair):
    keeper = make_manager(room).member
    stranger = make_manager(make_room(room.organization)).member
    row = findings.finding_add(actor=lead, inspection=under_way, text="没有标牌")
    for member in (keeper, stranger):
        sign_in(client, member)
        assert client.get(row.get_absolute_url()).status_code == 404
        assert "没有标牌" not in client.get(address("room-mine")).content.decode()
    answer_all(under_way, lead)
    finish(under_way, lead)
    told = Message.objects.filter(kind="inspections.finished")
    assert [message.recipient for message in told.order_by("recipient_id")] == sorted([keeper, unit_chair], key=id_of)
    assert keeper in next(clock for clock in CLOCKS if clock.code == row.clock_code).told(row)
    sign_in(client, stranger)
    for url in (row.get_absolute_url(), under_way.get_absolute_url(), address("finding-answer", row.pk)):
        assert client.get(url).status_code == 404
    sign_in(client, keeper)
    assert "没有标牌" in client.get(address("room-mine")).content.decode()
    page = client.get(row.get_absolute_url())
    assert (page.context["primary"]["url"], page.context["entries"]) == (address("finding-answer", row.pk), [])
    assert client.get(under_way.get_absolute_url()).context["back_url"] == address("room-mine")
    for url in (address("inspection-list"), address("finding-list")):
        assert client.get(url).status_code == 404
    upload = SimpleUploadedFile("p.jpg", picture(), "image/jpeg")
    assert client.post(address("finding-answer", row.pk), {"answer": "已挂", "upload": upload}).status_code == 302
    assert b"".join(client.get(address("finding-file", row.pk))).startswith(b"\xff\xd8")
    for name in ("finding-recheck", "finding-withdraw"):
        assert client.post(address(name, row.pk), {"accepted": "yes", "reason": "x"}).status_code == 403
    assert (fresh(row).state, fresh(row).answered_by) == (FindingState.TO_RECHECK, keeper)
    assert findings.finding_recheck(actor=second, finding=fresh(row), accepted=True).state == FindingState.CLOSED


def test_who_no_longer_looks_after_the_room_sees_nothing_of_it(client, finished, room):
    keeper = make_manager(room)
    row = finished.findings.get()
    sign_in(client, keeper.member)
    assert client.get(row.get_absolute_url()).status_code == 200
    keeper.valid_until = timezone.localdate()
    keeper.save()
    assert not rules.can_answer_finding(keeper.member, fresh(row))
    for url in (row.get_absolute_url(), finished.get_absolute_url(), address("finding-answer", row.pk)):
        assert client.get(url).status_code == 404


def test_an_erased_inspector_leaves_what_is_planned_and_stays_on_record_elsewhere(planned, lead, second, finished_twin):
    (source,) = [source for source in own_data.SOURCES if source.code == "nursing_rooms.inspected"]
    assert [row[0] for row in source.rows(lead)] == [finished_twin.subject, planned.subject]
    assert [count for _words, count in erasing.consequences(lead)] == [0, 1]
    erasing.erase(member=lead, actor=second)
    assert not planned.inspectors.exists()
    assert finished_twin.inspectors.get().member == lead


def test_what_waits_is_on_the_lists_of_those_who_must_act(planned, lead, second, unit_chair, county):
    def todos(actor):
        return [item.url for item in todo_of_rooms(actor)]

    assert [todos(actor) for actor in (lead, second, unit_chair)] == [[planned.get_absolute_url()], [], []]
    begun = inspections.inspection_start(actor=lead, inspection=planned)
    row = findings.finding_add(actor=lead, inspection=begun, text="没有标牌")
    answer_all(begun, lead)
    finish(begun, lead)
    assert [todos(actor) for actor in (lead, second, unit_chair)] == [[], [], []]
    findings.finding_answer(actor=second, finding=fresh(row), answer="已挂")
    city = make_staff(county.parent)
    assert [todos(actor) for actor in (lead, second, unit_chair, city)] == [[row.get_absolute_url()], [], [], []]


def test_the_clocks_of_findings_have_names_and_reminders_of_their_own():
    clocks = [clock for clock in CLOCKS if clock.model is RoomFinding]
    assert [clock.code for clock in clocks] == ["nursing_rooms.finding_ordinary", "nursing_rooms.finding_serious"]
    assert {clock.due_kind for clock in clocks} == {"inspections.finding_due"}


def test_reminders_of_findings_are_worded(finished, unit_chair):
    row = finished.findings.get()
    clock = next(clock for clock in CLOCKS if clock.code == row.clock_code)
    assert list(clock.told(row)) == [unit_chair, *clock.told(row)[1:]]
    for kind in (clock.due_kind, clock.overdue_kind):
        message = Message(recipient=unit_chair, kind=kind, context={"number": row.pk})
        assert str(row.pk) in " ".join(message_words(message))


def test_pages_ask_no_more_queries_for_more_rows(client, finished, lead, django_assert_max_num_queries):
    sign_in(client, lead)
    client.get(finished.get_absolute_url())
    with django_assert_max_num_queries(30):
        client.get(finished.get_absolute_url())
    with django_assert_max_num_queries(15):
        client.get(address("inspection-list"))


def test_the_rectification_notice_is_issued_once_and_stays_as_it_is(client, finished, lead, second, unit_chair):
    sign_in(client, second)
    detail = finished.get_absolute_url()
    assert client.get(address("inspection-document", finished.pk)).status_code == 404
    assert address("inspection-notice", finished.pk) in client.get(detail).content.decode()
    assert client.post(address("inspection-notice", finished.pk)).status_code == 302
    row = fresh(finished)
    assert row.notice_number.endswith(f"妈咪改〔{timezone.localdate().year}〕1号")
    assert code_of(inspections_notice, actor=second, inspection=row) == "no-such-step"
    findings.finding_add(actor=lead, inspection=row, text="没有标牌")
    sign_in(client, unit_chair)
    assert row.notice_number in client.get(detail).content.decode()
    answer = client.get(address("inspection-document", row.pk))
    assert answer["Content-Disposition"].startswith("attachment")
    document = docx.Document(io.BytesIO(b"".join(answer)))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    wanted = [row.notice_number, row.unit.name, row.subject, "地面有水", row.organization.name, second.name]
    assert [word for word in wanted if word not in text] == []
    assert "没有标牌" not in text
    assert client.post(address("inspection-notice", finished.pk)).status_code == 403


def test_no_notice_before_the_result_and_without_findings(under_way, lead, second):
    assert code_of(inspections_notice, actor=second, inspection=under_way) == "no-such-step"
    answer_all(under_way, lead)
    done = finish(under_way, lead)
    assert code_of(inspections_notice, actor=second, inspection=done) == "nothing"
    assert fresh(done).notice_number == ""
    assert not TakenNumber.objects.exists()


def test_who_looked_after_the_room_within_a_year_does_not_inspect_it(planned, room, county, second, lead):
    today = timezone.localdate()
    keeper = make_manager(room, second, valid_from=today - timedelta(days=500), valid_until=today)
    for until, barred in ((today, True), (today - timedelta(days=360), True), (today - timedelta(days=363), False)):
        keeper.valid_until = until
        keeper.save()
        assert fresh(planned).barred(second) is barred
    assert planned.planned_on == today + timedelta(days=3)


def test_who_answered_neither_withdraws_the_finding_nor_re_checks_a_later_answer(finished, second, lead, unit_chair):
    row = finished.findings.get()
    answered = findings.finding_answer(actor=second, finding=row, answer="已修")
    assert not rules.can_withdraw_finding(second, answered)
    assert code_of(findings.finding_withdraw, actor=second, finding=answered, reason="误记") == "not-yours"
    back = findings.finding_recheck(actor=lead, finding=answered, accepted=False, note="未修")
    again = findings.finding_answer(actor=unit_chair, finding=back, answer="已换")
    assert again.answerer_pks == {second.pk, unit_chair.pk}
    assert not rules.can_recheck_finding(second, again)
    assert code_of(findings.finding_recheck, actor=second, finding=again, accepted=True) == "not-yours"
    assert findings.finding_withdraw(actor=lead, finding=again, reason="误记").state == FindingState.WITHDRAWN


def test_an_import_with_a_room_that_is_being_inspected_is_not_undone(planned, room):
    assert code_of(rooms_take_back, pks=[room.pk]) == "in-use"
