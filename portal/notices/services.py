"""Services to write, approve, publish and read notices."""

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
        raise DomainError(
            _("A notice can only be addressed to the issuing organisation or to organisations below it."), code="target"
        )
    if target.closed_on:
        raise DomainError(_("The organisation to which the notice is addressed is closed."), code="target-closed")


@transaction.atomic
def notice_create(
    *, actor: Member, organization: Organization, target: Organization | None = None, **fields: Any
) -> Notice:
    """Create a notice of ``organization`` as a draft; a second person must approve it."""
    target = target or organization
    _check_target(organization, target)
    notice = Notice(organization=organization, target=target, created_by=actor, **fields)
    notice.full_clean(exclude=["organization", "target", "created_by"])
    notice.save(force_insert=True)
    audit_record(actor=actor, action="notice.create", about=notice)
    return notice


def _open(notice: Notice) -> Notice:
    """Lock a notice whose text may still change, or refuse."""
    held = locks.hold(notice)
    if held.state not in EDITABLE:
        raise DomainError(_("Only a draft or a returned notice can be edited."), code="not-editable")
    return held


@transaction.atomic
def notice_update(*, actor: Member, notice: Notice, version: int, **fields: object) -> Notice:
    """Change a draft or a returned notice; raise Conflict when another edit came first."""
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
    """Attach a file to a draft or a returned notice.

    When the file is refused, neither a row nor a stored file remains.
    """
    name, content, content_type = document_clean(upload)
    stored = None
    try:
        with transaction.atomic():
            held = _open(notice)
            if held.files.count() >= MAX_FILES:
                raise DomainError(
                    _("A notice can have at most %(count)s attachments.") % {"count": MAX_FILES}, code="too-many-files"
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
    """Remove an attachment from a draft or a returned notice and delete its content."""
    held = _open(attachment.notice)
    row = locks.hold(attachment)
    stored = row.file
    audit_record(actor=actor, action="notice.remove", about=held, data={"file": row.pk})
    row.delete()
    file_empty(stored=stored)
    return held


@transaction.atomic
def notice_submit(*, notice: Notice, actor: Member) -> Notice:
    """Submit a notice for approval by a second person and tell everyone who may approve it, here or above."""
    _check_window(notice)
    notice = advance(notice, NoticeState.SUBMITTED, actor=actor, submitted_by=actor, submitted_at=timezone.now())
    second_person_ask(row=notice, area=Area.NOTICES, kind="notices.submitted", title=notice.title)
    return notice


@transaction.atomic
def notice_approve(*, notice: Notice, actor: Member) -> Notice:
    """Approve a notice as the second person and tell the author.

    The notice is published at its time or, without one, by hand.
    """
    notice = advance(notice, NoticeState.APPROVED, actor=actor, approved_by=actor, return_reason="")
    _tell_author(notice, "notices.approved", {})
    return notice


@transaction.atomic
def notice_return(*, notice: Notice, actor: Member, reason: str) -> Notice:
    """Return a notice to its author with a reason."""
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
        raise DomainError(_("The end of publication has already passed: correct the times first."), code="past")


@transaction.atomic
def notice_publish(*, notice: Notice, actor: Member | Clock) -> Notice:
    """Publish an approved notice now; a job creates a message for each addressed member of staff."""
    _check_window(notice)
    notice = advance(notice, NoticeState.PUBLISHED, actor=actor, published_at=timezone.now())
    job_post(kind=TELL, actor=notice.created_by, about_id=notice.pk)
    return notice


@transaction.atomic
def notice_tell(job: Job) -> None:
    """Create the messages of a published notice, all or none; a second run creates none again."""
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
    """Withdraw a notice: readers no longer find it, but it and its receipts stay on record."""
    return advance(notice, NoticeState.WITHDRAWN, actor=actor, note=reason, return_reason=reason)


def notice_confirm(*, notice: Notice, actor: Member) -> NoticeRead:
    """Record that ``actor`` has read a notice that addresses them; a second request changes nothing."""
    if not Notice.objects.addressed_to(actor).filter(pk=notice.pk).exists():
        raise DomainError(_("This notice is no longer published."), code="not-posted")
    row, _made = NoticeRead.objects.get_or_create(
        notice=notice, member=actor, defaults={"organization": standing_of(notice, actor)}
    )
    return row


def notices_keep_time() -> int:
    """Publish and expire notices by the clock, each in its own transaction; return the number of steps.

    A missed hour is caught up, because the clock decides what is due and not the time of the last run. A notice whose
    window passed before it was published stays approved, so that its author sees it.
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
