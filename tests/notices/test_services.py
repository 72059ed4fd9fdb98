"""Notices: the second person, the window, the messages, the receipts, the attachments."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from portal.audit.gate import Clock
from portal.audit.models import AuditEntry
from portal.core.choices import Level
from portal.core.errors import Conflict, DomainError
from portal.core.roles import Role
from portal.messaging.models import Job, Message
from portal.notices import selectors, services
from portal.notices.choices import EDITABLE, Audience, NoticeState
from portal.notices.models import Notice, NoticeFile, NoticeRead
from portal.organizations.choices import OrganizationKind
from tests.factories.members import make_duty, make_member, make_staff
from tests.factories.notices import make_notice
from tests.factories.organizations import make_organization, make_province, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.PRIVATE_STORAGE_DIR = tmp_path


@pytest.fixture
def city():
    return make_organization()


@pytest.fixture
def chair(city):
    return make_staff(city)


@pytest.fixture
def cadre(city):
    return make_staff(city, Role.CADRE)


def upload(name="a.pdf", content=b"%PDF-1.7 x"):
    return SimpleUploadedFile(name, content)


def packed(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


def test_a_notice_goes_from_draft_to_its_readers(city, chair, cadre):
    notice = services.notice_create(actor=cadre, organization=city, title="标题", body="正文", audience=Audience.STAFF)
    assert (notice.state, notice.target) == (NoticeState.DRAFT, city)
    services.notice_submit(notice=notice, actor=cadre)
    assert Message.objects.get(kind="notices.submitted").recipient == chair
    services.notice_approve(notice=notice, actor=chair)
    assert Message.objects.get(kind="notices.approved").recipient == cadre
    services.notice_publish(notice=notice, actor=cadre)
    job = Job.objects.get(kind=services.TELL)
    services.notice_tell(job)
    services.notice_tell(job)
    told = Message.objects.filter(kind="notices.posted")
    assert {message.recipient for message in told} == {chair, cadre}
    assert told.count() == 2
    actions = set(AuditEntry.objects.about(notice).values_list("action", flat=True))
    assert actions >= {"notice.create", *(f"notices.notice.{s}" for s in ("submitted", "approved", "published"))}


def test_nobody_approves_her_own(city, chair):
    make_staff(make_province())
    notice = services.notice_create(actor=chair, organization=city, title="标题", body="正文")
    services.notice_submit(notice=notice, actor=chair)
    with pytest.raises(DomainError) as refusal:
        services.notice_approve(notice=notice, actor=chair)
    assert refusal.value.code == "not-yours"
    assert Notice.objects.get().state == NoticeState.SUBMITTED


def test_without_a_second_person_it_is_not_submitted(city, chair):
    notice = services.notice_create(actor=chair, organization=city, title="标题", body="正文")
    with pytest.raises(DomainError) as refusal:
        services.notice_submit(notice=notice, actor=chair)
    assert refusal.value.code == "no-approver"
    assert Notice.objects.get().state == NoticeState.DRAFT
    assert not Message.objects.exists()


def test_without_a_second_person_the_level_above_is_asked_to_appoint_one(city, chair):
    above = make_staff(make_province(), Role.SECURITY_ADMINISTRATOR)
    notice = services.notice_create(actor=chair, organization=city, title="标题", body="正文")
    services.notice_submit(notice=notice, actor=chair)
    (message,) = Message.objects.all()
    assert (message.kind, message.recipient) == ("members.approver_missing", above)
    assert message.context == {"title": "标题", "unit": city.name}
    assert Notice.objects.get().state == NoticeState.SUBMITTED


STEPS = {
    "submit": (services.notice_submit, {NoticeState.DRAFT, NoticeState.RETURNED}, {}),
    "approve": (services.notice_approve, {NoticeState.SUBMITTED}, {}),
    "return": (services.notice_return, {NoticeState.SUBMITTED}, {"reason": "改"}),
    "publish": (services.notice_publish, {NoticeState.APPROVED}, {}),
    "withdraw": (
        services.notice_withdraw,
        {NoticeState.DRAFT, NoticeState.RETURNED, NoticeState.APPROVED, NoticeState.PUBLISHED},
        {"reason": "撤"},
    ),
}


@pytest.mark.parametrize("state", NoticeState)
@pytest.mark.parametrize("step", STEPS)
def test_every_other_state_refuses_the_step(city, chair, cadre, step, state):
    service, allowed, extra = STEPS[step]
    make_staff(make_province())
    notice = make_notice(city, state=state, created_by=cadre)
    before = (AuditEntry.objects.count(), Message.objects.count(), Job.objects.count())
    if state in allowed:
        assert service(notice=notice, actor=chair, **extra).state != state
        return
    with pytest.raises(DomainError):
        service(notice=notice, actor=chair, **extra)
    assert Notice.objects.get().state == state
    assert (AuditEntry.objects.count(), Message.objects.count(), Job.objects.count()) == before


@pytest.mark.parametrize("state", [state for state in NoticeState if state not in EDITABLE])
def test_what_was_submitted_is_not_edited(city, cadre, state):
    notice = make_notice(city, state=state, created_by=cadre)
    for work in (
        lambda: services.notice_update(actor=cadre, notice=notice, version=1, title="新"),
        lambda: services.file_attach(actor=cadre, notice=notice, upload=upload()),
    ):
        with pytest.raises(DomainError) as refusal:
            work()
        assert refusal.value.code == "not-editable"
    assert Notice.objects.get().title == notice.title
    assert not NoticeFile.objects.exists()


def test_the_second_of_two_edits_is_a_conflict(city, cadre):
    notice = make_notice(city, created_by=cadre)
    services.notice_update(actor=cadre, notice=notice, version=1, title="甲")
    with pytest.raises(Conflict):
        services.notice_update(actor=cadre, notice=notice, version=1, title="乙")
    assert Notice.objects.get().title == "甲"


def test_a_notice_goes_down_and_not_sideways(city, cadre):
    for target in (make_organization(), make_province()):
        with pytest.raises(DomainError) as refusal:
            services.notice_create(actor=cadre, organization=city, target=target, title="标题", body="正文")
        assert refusal.value.code == "target"
    assert not Notice.objects.exists()


def test_the_clock_publishes_and_ends_what_is_due(city, cadre):
    now = timezone.now()
    due = make_notice(city, state=NoticeState.APPROVED, created_by=cadre, publish_from=now - timedelta(hours=1))
    later = make_notice(city, state=NoticeState.APPROVED, created_by=cadre, publish_from=now + timedelta(hours=1))
    waits = make_notice(city, state=NoticeState.APPROVED, created_by=cadre)
    over = make_notice(
        city,
        state=NoticeState.PUBLISHED,
        created_by=cadre,
        publish_from=now - timedelta(days=2),
        publish_until=now - timedelta(days=1),
    )
    missed = make_notice(
        city,
        state=NoticeState.APPROVED,
        created_by=cadre,
        publish_from=now - timedelta(days=2),
        publish_until=now - timedelta(days=1),
    )
    assert services.notices_keep_time() == 2
    assert services.notices_keep_time() == 0
    states = dict(Notice.objects.values_list("pk", "state"))
    assert states == {
        due.pk: NoticeState.PUBLISHED,
        later.pk: NoticeState.APPROVED,
        waits.pk: NoticeState.APPROVED,
        over.pk: NoticeState.EXPIRED,
        missed.pk: NoticeState.APPROVED,
    }
    assert AuditEntry.objects.about(due).get().clock == "notices.keep_time"
    assert Job.objects.get().about_id == due.pk


def test_a_person_does_not_take_the_clock_s_step(city, chair, cadre):
    notice = make_notice(city, state=NoticeState.PUBLISHED, created_by=cadre)
    with pytest.raises(DomainError):
        services._expire(notice=notice, actor=chair)
    assert services._expire(notice=notice, actor=Clock("x")).state == NoticeState.EXPIRED


@pytest.fixture
def place(city):
    """Staff and members of a city, its county and a unit, of another city, and of the province."""
    other = make_organization()
    county = make_organization(parent=city, kind=OrganizationKind.COUNTY)
    unit = make_unit(county)
    return {
        "city staff": make_staff(city, Role.EDITOR),
        "county staff": make_staff(county, Role.MATCHMAKING_OFFICER),
        "unit staff": make_staff(unit),
        "unit member": make_member(unit),
        "city member": make_member(city),
        "other staff": make_staff(other),
        "other member": make_member(make_unit(other)),
        "province": make_staff(make_province()),
    }


INSIDE_STAFF = {"city staff", "county staff", "unit staff"}
READERS = {
    (Audience.STAFF, ()): INSIDE_STAFF,
    (Audience.STAFF, (Level.COUNTY,)): {"county staff"},
    (Audience.MEMBERS, ()): INSIDE_STAFF | {"unit member", "city member"},
    (Audience.MEMBERS, (Level.GRASSROOTS,)): {"unit staff", "unit member"},
}


@pytest.mark.parametrize(("audience", "levels"), READERS)
def test_a_notice_is_read_by_those_it_addresses(city, place, audience, levels):
    notice = make_notice(city, state=NoticeState.PUBLISHED, audience=audience, levels=list(levels))
    found = {who for who, person in place.items() if notice in Notice.objects.addressed_to(person)}
    assert found == READERS[audience, levels]
    staff = {who for who, person in place.items() if person in selectors.staff_addressed(notice)}
    assert staff == READERS[audience, levels] & INSIDE_STAFF


def test_a_public_notice_is_read_by_everybody(city, place):
    notice = make_notice(city, state=NoticeState.PUBLISHED, audience=Audience.PUBLIC)
    assert all(notice in Notice.objects.addressed_to(person) for person in [None, *place.values()])


def test_a_member_signed_in_by_phone_alone_reads_no_staff_notice(city):
    notice = make_notice(city, state=NoticeState.PUBLISHED)
    staff = make_staff(city)
    staff.by_phone_alone = True
    assert notice not in Notice.objects.addressed_to(staff)


@pytest.mark.parametrize("state", [state for state in NoticeState if state != NoticeState.PUBLISHED])
def test_only_what_is_published_is_read(city, chair, state):
    notice = make_notice(city, state=state, audience=Audience.PUBLIC)
    assert not Notice.objects.addressed_to(chair).exists()
    with pytest.raises(DomainError):
        services.notice_confirm(notice=notice, actor=chair)
    assert not NoticeRead.objects.exists()


def test_a_notice_is_not_read_past_its_window(city, chair):
    past = timezone.now() - timedelta(hours=1)
    make_notice(city, state=NoticeState.PUBLISHED, publish_until=past)
    assert not Notice.objects.addressed_to(chair).exists()


def test_receipts_are_counted_by_the_organisations_below(city, place):
    county = place["county staff"].organization
    notice = make_notice(city, state=NoticeState.PUBLISHED, audience=Audience.MEMBERS, created_by=place["city staff"])
    for who in ("unit staff", "unit member", "unit staff", "city staff"):
        services.notice_confirm(notice=notice, actor=place[who])
    rows = [(row.organization, row.staff, row.staff_read, row.read) for row in selectors.receipts(notice)]
    assert rows == [(city, 1, 1, 1), (county, 2, 1, 2)]


def test_a_person_with_two_duties_is_counted_once(city):
    county = make_organization(parent=city, kind=OrganizationKind.COUNTY)
    person = make_staff(city)
    make_duty(person, county)
    notice = make_notice(city, state=NoticeState.PUBLISHED, created_by=person)
    services.notice_confirm(notice=notice, actor=person)
    rows = [(row.organization, row.staff, row.staff_read) for row in selectors.receipts(notice)]
    assert rows == [(city, 1, 1)]


def test_files_are_taken_by_their_content(city, cadre):
    notice = make_notice(city, created_by=cadre)
    services.file_attach(actor=cadre, notice=notice, upload=upload())
    services.file_attach(actor=cadre, notice=notice, upload=upload("b.docx", packed("word/document.xml")))
    assert [row.file.name for row in notice.files.all()] == ["a.pdf", "b.docx"]
    row = notice.files.first()
    services.file_remove(actor=cadre, attachment=row)
    row.file.refresh_from_db()
    assert row.file.deleted_at is not None
    assert notice.files.count() == 1


REFUSED = {
    "a page": ("a.html", b"<script>"),
    "a page named pdf": ("a.pdf", b"<script>"),
    "a zip named docx": ("a.docx", packed("x.txt")),
    "no zip": ("a.xlsx", b"PK\x03\x04"),
    "macros": ("a.docx", packed("word/document.xml", "word/vbaProject.bin")),
    "no picture": ("a.jpg", b"\xff\xd8\xff"),
    "a programme": ("a.exe", b"MZ"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_other_files_are_refused(city, cadre, tmp_path, case):
    notice = make_notice(city, created_by=cadre)
    with pytest.raises(DomainError):
        services.file_attach(actor=cadre, notice=notice, upload=upload(*REFUSED[case]))
    assert not NoticeFile.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_no_more_files_than_the_limit(city, cadre):
    notice = make_notice(city, created_by=cadre)
    for _number in range(services.MAX_FILES):
        services.file_attach(actor=cadre, notice=notice, upload=upload())
    with pytest.raises(DomainError) as refusal:
        services.file_attach(actor=cadre, notice=notice, upload=upload())
    assert refusal.value.code == "too-many-files"
    assert notice.files.count() == services.MAX_FILES
