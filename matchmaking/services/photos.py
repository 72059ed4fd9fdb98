"""Services for photos of a profile.

A photo is decoded and written anew before it is stored, and deleted with its file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from matchmaking.models import ProfilePhoto, SingleProfile
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.exchange.choices import FileKind
from portal.exchange.services.files import file_empty, file_store

if TYPE_CHECKING:
    from portal.members.models import Member

MOST_PHOTOS = 3


@transaction.atomic
def photo_add(*, profile: SingleProfile, actor: Member, content: bytes) -> ProfilePhoto:
    """Store a photo; ``content`` is the bytes of a picture already cleaned (``picture_clean``)."""
    held = locks.hold(profile)
    if held.member_id != actor.pk:
        raise DomainError(_("This is not your profile."), code="not-yours")
    orders = set(held.photos.values_list("order", flat=True))
    if len(orders) >= MOST_PHOTOS:
        raise DomainError(_("At most %(count)s photos. Remove one first.") % {"count": MOST_PHOTOS}, code="too-many")
    stored = file_store(
        actor=actor, name="photo.jpg", chunks=[content], kind=FileKind.PICTURE, content_type="image/jpeg"
    )
    order = min(set(range(1, MOST_PHOTOS + 1)) - orders)
    photo = ProfilePhoto.objects.create(profile=held, file=stored, order=order)
    audit_record(actor=actor, action="single.photo", about=held, fields=["photos"])
    return photo


@transaction.atomic
def photo_remove(*, photo: ProfilePhoto, actor: Member) -> None:
    """Delete a photo and its file."""
    if photo.profile.member_id != actor.pk:
        raise DomainError(_("This is not your profile."), code="not-yours")
    audit_record(actor=actor, action="single.photo_remove", about=photo.profile, fields=["photos"])
    forget_photos(photo.profile, photo.pk)


def forget_photos(profile: SingleProfile, *pks: int) -> None:
    """Delete photos of ``profile`` (all of them unless some are named) and empty their files."""
    photos = profile.photos.select_related("file")
    for photo in photos.filter(pk__in=pks) if pks else photos:
        stored = photo.file
        photo.delete()
        file_empty(stored=stored)
