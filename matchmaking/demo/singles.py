"""The demo's singles: profiles in all states across cities, with photos and wishes.

There are also blocks, a report and an appeal.
"""

import io
from datetime import timedelta
from functools import lru_cache
from random import Random

from django.utils import timezone
from PIL import Image, ImageDraw

from deploy.demo_data.cast import SEED
from matchmaking.choices.profiles import Education, PhotoAudience, ProfileState, VettedBy
from matchmaking.choices.safety import ReportKind
from matchmaking.demo import sayings, words
from matchmaking.models import HobbyTag, SingleProfile
from matchmaking.services.photos import photo_add
from matchmaking.services.profiles import (
    profile_create,
    profile_exit,
    profile_matched,
    profile_pause,
    profile_save,
    profile_start,
    profile_submit,
)
from matchmaking.services.safety import block_set, report_make
from matchmaking.services.standing import open_sign_ups
from matchmaking.services.vetting import appeal_make, profile_confirm, profile_refuse
from portal.core.choices import Area, Capability
from portal.exchange.pictures import picture_clean
from portal.members.selectors import holders

PHOTOS = 16
# Number of profiles that end in each state.
PLANNED = (
    (ProfileState.ACTIVE, 130),
    (ProfileState.PAUSED, 10),
    (ProfileState.MATCHED, 8),
    (ProfileState.VERIFIED, 12),
    (ProfileState.UNIT_VETTING, 18),
    (ProfileState.REFUSED, 6),
    (ProfileState.DRAFT, 10),
    (ProfileState.EXITED, 6),
)
TOTAL = sum(number for _state, number in PLANNED)


@lru_cache
def photos():
    """Return some photos of abstract shapes in the form the portal stores; cached, as encoding is slow."""
    rng = Random(SEED + 6)  # noqa: S311 - shapes
    return [shapes(rng) for _ in range(PHOTOS)]


def shapes(rng):
    """Return a photo of abstract shapes, which shows nobody's face."""
    ground = tuple(rng.randrange(150, 240) for _ in range(3))
    image = Image.new("RGB", (240, 240), ground)
    draw = ImageDraw.Draw(image)
    for _ in range(7):
        x, y, size = rng.randrange(200), rng.randrange(200), rng.randrange(30, 110)
        colour = tuple(rng.randrange(40, 220) for _ in range(3))
        shape = rng.choice((draw.ellipse, draw.rectangle))
        shape((x, y, x + size, y + size), fill=colour)
    out = io.BytesIO()
    image.save(out, "JPEG")
    return picture_clean(out.getvalue())


def singles_load(people, members):
    """Write the profiles of the first singles with the services that pages call; return how many."""
    rng = Random(SEED + 5)  # noqa: S311 - invented people
    hobbies = list(HobbyTag.objects.all())
    chosen = [*people.singles[20 : 20 + TOTAL - 30], *people.elsewhere[:30]]
    rng.shuffle(chosen)
    # Members who have signed up for a coming event must keep a valid declaration, so the states that keep it come
    # first.
    busy = set(open_sign_ups().values_list("member", flat=True))
    chosen.sort(key=lambda single: getattr(members.get(single.person.phone), "pk", None) not in busy)
    states = [state for state, number in PLANNED for _ in range(number)]
    profiles = []
    for state, single in zip(states, chosen, strict=False):
        member = members.get(single.person.phone)
        if member is not None:
            profiles.append(profile_make(rng, member, state, hobbies))
    safety_make(profiles)
    return len(profiles)


def profile_make(rng, member, state, hobbies, vetted_by=None):
    """Write a profile of ``member`` and take it to ``state`` through the steps that lead there."""
    region = member.organization.region
    # The bare declaration, which is enough for events, is replaced by a whole profile.
    SingleProfile.objects.filter(member=member, state=ProfileState.VERIFIED).delete()
    profile = profile_create(
        member=member,
        nickname=words.nickname(rng),
        about=words.about(rng),
        region=region,
        height_cm=rng.randrange(156, 172) if member.sex == "female" else rng.randrange(166, 186),
        education=rng.choice((Education.COLLEGE, Education.BACHELOR, Education.BACHELOR, Education.MASTER)),
        occupation=rng.choice(words.WORK),
    )
    age = profile.age_in(timezone.localdate().year)
    wishes = {"wish_age_from": max(age - 6, 20), "wish_age_to": age + 6, "wish_age_hard": rng.random() < 0.4}
    if rng.random() < 0.3:
        wishes |= {"wish_education": Education.COLLEGE}
    if rng.random() < 0.3 and region is not None:
        wishes |= {"wish_region": region.parent or region, "wish_region_hard": rng.random() < 0.3}
    profile = profile_save(
        profile=profile,
        actor=member,
        version=profile.version,
        hobbies=rng.sample(hobbies, rng.randrange(2, 6)),
        hopes=rng.choice(words.HOPES),
        photo_audience=rng.choice(PhotoAudience.values),
        hidden_from_own_unit=rng.random() < 0.8,
        unit_shown=rng.random() < 0.3,
        suggestions_on=rng.random() < 0.9,
        **wishes,
    )
    if rng.random() < 0.5:
        photo_add(profile=profile, actor=member, content=rng.choice(photos()))
    return _carry(profile, member, state, vetted_by or rng.choice(VettedBy.values), rng)


def _carry(profile, member, state, vetted_by, rng):
    """Take a profile to its state through the steps that lead there."""
    if state == ProfileState.DRAFT:
        return profile
    profile = profile_submit(profile=profile, actor=member, signature=member.name, vetted_by=vetted_by)
    if state in (ProfileState.UNIT_VETTING, ProfileState.EXITED):
        if state == ProfileState.EXITED:
            profile_exit(profile=profile, actor=member)
        return profile
    vetter = _vetter(profile)
    if state == ProfileState.REFUSED:
        return profile_refuse(profile=profile, actor=vetter, reason=rng.choice(sayings.REFUSALS))
    until = timezone.localdate() + timedelta(days=rng.randrange(60, 365))
    profile = profile_confirm(profile=profile, actor=vetter, until=until)
    if state != ProfileState.VERIFIED:
        profile = profile_start(profile=profile, actor=member)
    if state == ProfileState.PAUSED:
        return profile_pause(profile=profile, actor=member)
    if state == ProfileState.MATCHED:
        return profile_matched(profile=profile, actor=member)
    return profile


_vetters = {}


def _vetter(profile):
    """Return a member who may vet the profile, at the nearest level that has one."""
    place = profile.vetting_organization_id
    if place not in _vetters:
        found = holders(Area.MATCHMAKING, Capability.APPROVE, profile.vetting_organization, but={profile.member_id})
        _vetters[place] = found[0]
    return _vetters[place]


def safety_make(profiles, *, blocks=5, report=sayings.REPORTS[0], objection=sayings.OBJECTIONS[0]):
    """Among people of one city, add some blocks, a report about a person, and an appeal against a refusal."""
    active = [row.pk for row in profiles if row.state == ProfileState.ACTIVE]
    rows = SingleProfile.objects.select_related("member__organization").in_bulk(active)
    active = [rows[pk] for pk in active]
    for one, other in zip(active[:blocks], active[blocks : 2 * blocks], strict=False):
        block_set(actor=one.member, blocked=other.member, label=f"{other.nickname}（{other.pk} 号）")
    if len(active) > 2 * blocks + 2:
        kind, told = report
        reporter, about = active[2 * blocks : 2 * blocks + 2]
        report_make(reporter=reporter.member, about=about.member, kind=ReportKind(kind), words=told)
    refused = next((row for row in profiles if row.state == ProfileState.REFUSED), None)
    if refused is not None:
        appeal_make(profile=refused, actor=refused.member, words=objection)
