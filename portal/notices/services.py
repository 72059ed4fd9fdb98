"""Writing, approving, publishing and reading notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.choices import Area
from portal.core.errors import DomainError
from portal.core.services import steps_of
from portal.exchange import storage
from portal.exchange.choices import FileKind
from portal.exchange.documents import document_clean
from portal.exchange.services.files import file_empty, file_store
from portal.members.services.second_person import second_person_ask
from portal.messaging.services.jobs import job_post
from portal.messaging.services.messages import message_post, messages_post
from portal.notices.choices import EDITABLE, NoticeState
from portal.notices.models import Notice, NoticeFile, NoticeRead
from portal.notices.selectors import staff_addressed, standing_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.core.files.uploadedfile import UploadedFile

    from portal.members.models import Member
    from portal.messaging.models import Job
    from portal.organizations.models import Organization

MAX_FILES = 10
TELL = "notices.tell"


def _check_target(organization: Organization, target: Organization) -> None:
    if not target.path.startswith(organization.path):
        raise DomainError(_("A notice goes to the issuing organisation or below it."), code="target")
    if target.closed_on:
        raise DomainError(_("The organisation it is addressed to is closed."), code="target-closed")


@transaction.atomic
def notice_create(
    *, actor: Member, organization: Organization, target: Organization | None = None, **fields: Any
) -> Notice:
    """Write a notice of ``organization``; it is a draft until a second person has approved it."""
    target = target or organization
    _check_target(organization, target)
    notice = Notice(organization=organization, target=target, created_by=actor, **fields)
    notice.full_clean(exclude=["organization", "target", "created_by"])
    notice.save(force_insert=True)
    audit_record(actor=actor, action="notice.create", about=notice)
    return notice


def _open(notice: Notice) -> Notice:
    """Lock a notice whose text may still change."""
    held = locks.hold(notice)
    if held.state not in EDITABLE:
        raise DomainError(_("Only a draft or a returned notice can be edited."), code="not-editable")
    return held


@transaction.atomic
def notice_update(*, actor: Member, notice: Notice, version: int, **fields: object) -> Notice:
    """Change a draft or a returned notice; raises Conflict when another edit came first."""
    held = _open(notice)
    locks.check_version(held, version)
    touched = [name for name, value in fields.items() if getattr(held, name) != value]
    for name in touched:
        setattr(held, name, fields[name])
    _check_target(held.organization, held.target)
    held.version += 1
    held.full_clean(exclude=["organization", "target", "created_by"])
    held.save(update_fields=[*touched, "version"])
    audit_record(actor=actor, action="notice.update", about=held, fields=touched)
    return held


def file_attach(*, actor: Member, notice: Notice, upload: UploadedFile[bytes]) -> NoticeFile:
    """Hang a file on a draft or a returned notice. A refusal leaves neither row nor file."""
    name, content, content_type = document_clean(upload)
    stored = None
    try:
        with transaction.atomic():
            held = _open(notice)
            if held.files.count() >= MAX_FILES:
                raise DomainError(
                    _("A notice has at most %(count)s attachments.") % {"count": MAX_FILES}, code="too-many-files"
                )
            stored = file_store(
                actor=actor,
                name=name,
                chunks=[content],
                kind=FileKind.PICTURE if content_type == "image/jpeg" else FileKind.DOCUMENT,
                content_type=content_type,
            )
            row = NoticeFile.objects.create(notice=held, file=stored)
            audit_record(actor=actor, action="notice.attach", about=held, data={"file": row.pk, "size": stored.size})
    except BaseException:
        if stored is not None:
            storage.remove(stored.key)
        raise
    return row


@transaction.atomic
def file_remove(*, actor: Member, attachment: NoticeFile) -> Notice:
    """Take an attachment off a draft or a returned notice; its content is deleted."""
    held = _open(attachment.notice)
    row = locks.hold(attachment)
    stored = row.file
    audit_record(actor=actor, action="notice.remove", about=held, data={"file": row.pk})
    row.delete()
    file_empty(stored=stored)
    return held


@transaction.atomic
def notice_submit(*, notice: Notice, actor: Member) -> Notice:
    """Send a notice up for approval by a second person, who is told; with nobody there, the level above is."""
    _check_window(notice)
    notice = advance(notice, NoticeState.SUBMITTED, actor=actor, submitted_by=actor, submitted_at=timezone.now())
    second_person_ask(row=notice, area=Area.NOTICES, kind="notices.submitted", title=notice.title)
    return notice


@transaction.atomic
def notice_approve(*, notice: Notice, actor: Member) -> Notice:
    """Approve as the second person; the author is told. It is published at its time, or by her word."""
    notice = advance(notice, NoticeState.APPROVED, actor=actor, approved_by=actor, return_reason="")
    _tell_author(notice, "notices.approved", {})
    return notice


@transaction.atomic
def notice_return(*, notice: Notice, actor: Member, reason: str) -> Notice:
    """Send a notice back with a reason."""
    notice = advance(notice, NoticeState.RETURNED, actor=actor, note=reason, return_reason=reason)
    _tell_author(notice, "notices.returned", {"reason": reason})
    return notice


def _tell_author(notice: Notice, kind: str, context: Mapping[str, object]) -> None:
    message_post(
        kind=kind,
        to=notice.submitted_by or notice.created_by,
        about=notice,
        context={"title": notice.title, **context},
        url=notice.get_absolute_url(),
    )


def _check_window(notice: Notice) -> None:
    if notice.publish_until and notice.publish_until <= timezone.now():
        raise DomainError(_("Its publication would already be over: correct the times first."), code="past")


@transaction.atomic
def notice_publish(*, notice: Notice, actor: Member | Clock) -> Notice:
    """Post an approved notice now; a job writes a message to each of the staff it addresses."""
    _check_window(notice)
    notice = advance(notice, NoticeState.PUBLISHED, actor=actor, published_at=timezone.now())
    job_post(kind=TELL, actor=notice.created_by, about_id=notice.pk)
    return notice


@transaction.atomic
def notice_tell(job: Job) -> None:
    """Write the messages of a published notice, all or none; a second run finds them written."""
    notice = Notice.objects.select_for_update(of=("self",)).select_related("target").get(pk=job.about_id)
    if notice.told_at or notice.state != NoticeState.PUBLISHED:
        return
    context = {"title": notice.title}
    messages_post(
        kind="notices.posted",
        recipients=[(member, context) for member in staff_addressed(notice)],
        about=notice,
        url=notice.get_reader_url(),
    )
    notice.told_at = timezone.now()
    notice.save(update_fields=["told_at"])


def notice_withdraw(*, notice: Notice, actor: Member, reason: str) -> Notice:
    """Take a notice back: its readers no longer find it; it and its receipts stay on record."""
    return advance(notice, NoticeState.WITHDRAWN, actor=actor, note=reason, return_reason=reason)


def notice_confirm(*, notice: Notice, actor: Member) -> NoticeRead:
    """Note that ``actor`` has read a notice that addresses her; a second sending changes nothing."""
    if not Notice.objects.addressed_to(actor).filter(pk=notice.pk).exists():
        raise DomainError(_("This notice is no longer posted."), code="not-posted")
    row, _made = NoticeRead.objects.get_or_create(
        notice=notice, member=actor, defaults={"organization": standing_of(notice, actor)}
    )
    return row


def notices_keep_time() -> int:
    """Publish and end notices by the clock, each in a transaction of its own; return how many steps were taken.

    A missed hour is caught up: what is due is judged by the clock, not by when this ran last. One whose window passed
    before it was ever published stays approved, so that its author sees it.
    """
    clock = Clock("notices.keep_time")
    now = timezone.now()
    due = (
        (notice_publish, Notice.objects.filter(state=NoticeState.APPROVED, publish_from__lte=now)),
        (_expire, Notice.objects.filter(state=NoticeState.PUBLISHED, publish_until__lte=now)),
    )
    taken = 0
    with steps_of("notices.keep_time") as steps:
        for service, notices in due:
            for notice in notices:
                with steps.one(notice):
                    taken += _step(service, notice, clock)
    return taken


def _expire(*, notice: Notice, actor: Clock) -> Notice:
    return advance(notice, NoticeState.EXPIRED, actor=actor)


def _step(service: Callable[..., Notice], notice: Notice, clock: Clock) -> int:
    try:
        service(notice=notice, actor=clock)
    except DomainError:
        return 0
    return 1
