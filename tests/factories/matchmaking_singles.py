"""Builders of singles' profiles, of their reports and appeals, and of introductions between them."""

import io
from datetime import timedelta
from itertools import count

from django.utils import timezone
from PIL import Image

from matchmaking.choices.introductions import Answer, IntroductionState
from matchmaking.choices.profiles import ProfileState
from matchmaking.choices.safety import ReportKind
from matchmaking.models import HobbyTag, Introduction, ProfileAppeal, SingleProfile
from matchmaking.services.photos import photo_add
from matchmaking.services.safety import report_make
from portal.core.choices import Sex
from portal.core.fields import reserve_pks
from portal.exchange.pictures import picture_clean
from portal.organizations.models import Region
from tests.factories.matchmaking import make_law, make_single, put_profile
from tests.factories.members import make_staff
from tests.factories.organizations import make_unit

_numbers = count(1)
SUBMITTED = (ProfileState.UNIT_VETTING, ProfileState.REFUSED)
VOUCHED = (ProfileState.VERIFIED, ProfileState.ACTIVE, ProfileState.PAUSED, ProfileState.MATCHED)


def make_region(code="230102"):
    """Return the region ``code``; the first call creates it and the regions it lies in."""
    above = None
    for level, part in enumerate((f"{code[:2]}0000", f"{code[:4]}00", code), start=1):
        above, _new = Region.objects.get_or_create(
            code=part,
            defaults={
                "name": f"示例地区{part}",
                "short_name": part,
                "level": level,
                "parent": above,
                "valid_from": "2020-01-01",
            },
        )
    return above


def make_hobby(name=None):
    return HobbyTag.objects.create(name=name or f"爱好{next(_numbers)}")


def make_profile(member=None, *, unit=None, sex=Sex.FEMALE, state=ProfileState.ACTIVE, hobbies=(), **fields):
    """Create a profile in ``state`` without the services, by default one that others find."""
    make_law()
    member = member or make_single(unit or make_unit(), sex, declared=False)
    today, now = timezone.localdate(), timezone.now()
    row = {"nickname": f"示例昵称{next(_numbers)}", "about": "周末喜欢爬山", "edited_at": now}
    if state in (*SUBMITTED, *VOUCHED):
        row |= {
            "declared_at": now,
            "declaration_version": 1,
            "submitted_at": now,
            "vetting_organization": member.organization.parent,
        }
    if state in VOUCHED:
        row |= {
            "vetted_at": now,
            "verified_until": today + timedelta(days=300),
            "vouched_unit": member.organization,
        }
    if state == ProfileState.EXITED:
        row["exited_at"] = now
    row |= fields
    if "region" not in row:
        row["region"] = make_region()
    profile = put_profile(member, state, **row)
    profile.hobbies.set(hobbies)
    return SingleProfile.objects.select_related("member__organization").get(pk=profile.pk)


def make_couple(city=None, **fields):
    """Return two profiles of different units that find each other: the woman's, the man's."""
    units = [make_unit(city) if city else make_unit() for _ in range(2)]
    return make_profile(unit=units[0], **fields), make_profile(unit=units[1], sex=Sex.MALE)


def picture(size=(80, 60)):
    """Return a small picture as PNG bytes."""
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "PNG")
    return out.getvalue()


def make_photo(profile):
    return photo_add(profile=profile, actor=profile.member, content=picture_clean(picture()))


def make_introduction(one, two, state=IntroductionState.ASKED, **fields):
    """Create an introduction of two profiles without the services."""
    low, high = sorted((one, two), key=lambda row: row.pk)
    both = Answer.YES if state != IntroductionState.ASKED else Answer.OPEN
    row = {"one_answer": both, "two_answer": both, "answer_by": timezone.now() + timedelta(days=7), **fields}
    return Introduction.objects.create(one=low, two=high, asked_by=one.member, state=state, **row)


def make_appeal(profile=None, **fields):
    profile = profile or make_profile(state=ProfileState.REFUSED, refusal_reason="名册不符")
    (pk,) = reserve_pks(ProfileAppeal)
    row = {"organization": profile.vetting_organization, "words": "我确实单身", **fields}
    return ProfileAppeal.objects.create(pk=pk, profile=profile, **row)


def make_report(reporter=None, about=None, **fields):
    reporter, about = reporter or make_single(make_unit()), about or make_single(make_unit())
    row = {"kind": ReportKind.MONEY, "words": "他向我借钱", **fields}
    return report_make(reporter=reporter, about=about, **row)


def make_vetter(profile):
    """Return a member of staff who may vet ``profile``."""
    return make_staff(profile.vetting_organization)
