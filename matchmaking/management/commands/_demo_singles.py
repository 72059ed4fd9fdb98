"""The demo's singles: profiles in all states across cities, with photos, wishes, blocks, a report and an objection."""

import io
from datetime import timedelta
from random import Random

from django.utils import timezone
from PIL import Image, ImageDraw

from deploy.demo_data.cast import SEED
from matchmaking import services
from matchmaking.choices import Education, PhotoAudience, ProfileState, ReportKind, VettedBy
from matchmaking.models import HobbyTag, SingleProfile
from portal.core.choices import Area, Capability
from portal.exchange.pictures import picture_clean
from portal.members.models import Member
from portal.members.selectors import holders

NICKNAMES = (
    "小满",
    "知夏",
    "北风",
    "青禾",
    "山月",
    "星河",
    "木棉",
    "晚舟",
    "清欢",
    "初雪",
    "远山",
    "南枝",
    "江畔",
    "拾光",
)
ABOUT = (
    "平时上班，周末爱往山里走。相信好好吃饭、好好说话，就是好好生活。",
    "话不多，但答应的事都会做到。喜欢做饭，也喜欢洗碗。",
    "乐观，爱笑，养了一只橘猫。希望遇到一个可以一起散步的人。",
    "工作认真，生活简单。会修自行车，会煮一手好面。",
    "喜欢读书和电影，也喜欢安静地听别人讲故事。",
    "冬天滑雪，夏天骑车。想找一个愿意一起出门看看的人。",
)
HOPES = (
    "真诚、善良，愿意沟通。",
    "孝顺父母，有自己的爱好。",
    "对生活有热情，遇事有商量。",
    "",
)
WORK = ("教师", "护士", "技术员", "会计", "司机", "行政", "工程师", "厨师", "客服", "设计")
# How many profiles end in each state.
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


def shapes(rng):
    """Return a photo of abstract shapes: nobody's face."""
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
    """Write the profiles of the first singles, city by city, by the services that pages call; return how many."""
    rng = Random(SEED + 5)  # noqa: S311 - invented people
    hobbies = list(HobbyTag.objects.all())
    chosen = [*people.singles[20 : 20 + TOTAL - 30], *people.elsewhere[:30]]
    rng.shuffle(chosen)
    states = [state for state, number in PLANNED for _ in range(number)]
    profiles = []
    for state, single in zip(states, chosen, strict=False):
        member = members.get(single.person.phone)
        if member is not None:
            profiles.append(_profile(rng, member, state, hobbies))
    _safety(profiles)
    return len(profiles)


def _profile(rng, member, state, hobbies):
    region = member.organization.region
    profile = services.profile_create(
        member=member,
        nickname=rng.choice(NICKNAMES),
        about=rng.choice(ABOUT),
        region=region,
        height_cm=rng.randrange(156, 172) if member.sex == "female" else rng.randrange(166, 186),
        education=rng.choice((Education.COLLEGE, Education.BACHELOR, Education.BACHELOR, Education.MASTER)),
        occupation=rng.choice(WORK),
    )
    age = profile.age_in(timezone.localdate().year)
    wishes = {"wish_age_from": max(age - 6, 20), "wish_age_to": age + 6, "wish_age_hard": rng.random() < 0.4}
    if rng.random() < 0.3:
        wishes |= {"wish_education": Education.COLLEGE}
    if rng.random() < 0.3 and region is not None:
        wishes |= {"wish_region": region.parent or region, "wish_region_hard": rng.random() < 0.3}
    profile = services.profile_save(
        profile=profile,
        actor=member,
        version=profile.version,
        hobbies=rng.sample(hobbies, rng.randrange(2, 6)),
        hopes=rng.choice(HOPES),
        photo_audience=rng.choice(PhotoAudience.values),
        hidden_from_own_unit=rng.random() < 0.8,
        unit_shown=rng.random() < 0.3,
        suggestions_on=rng.random() < 0.9,
        **wishes,
    )
    if rng.random() < 0.5:
        services.photo_add(profile=profile, actor=member, content=shapes(rng))
    return _carry(rng, profile, member, state)


def _carry(rng, profile, member, state):
    """Take a profile to its state by the steps that lead there."""
    if state == ProfileState.DRAFT:
        return profile
    by = rng.choice(VettedBy.values)
    profile = services.profile_submit(profile=profile, actor=member, signature=member.name, vetted_by=by)
    if state in (ProfileState.UNIT_VETTING, ProfileState.EXITED):
        if state == ProfileState.EXITED:
            services.profile_exit(profile=profile, actor=member)
        return profile
    vetter = _vetter(profile)
    if state == ProfileState.REFUSED:
        return services.profile_refuse(profile=profile, actor=vetter, reason="名册中婚姻状况一栏尚未登记，请先补充。")
    until = timezone.localdate() + timedelta(days=rng.randrange(60, 365))
    profile = services.profile_confirm(profile=profile, actor=vetter, until=until)
    if state != ProfileState.VERIFIED:
        profile = services.profile_start(profile=profile, actor=member)
    if state == ProfileState.PAUSED:
        return services.profile_pause(profile=profile, actor=member)
    if state == ProfileState.MATCHED:
        return services.profile_matched(profile=profile, actor=member)
    return profile


_vetters = {}


def _vetter(profile):
    """Return who gives the word there; the nearest level that has somebody."""
    place = profile.vetting_organization_id
    if place not in _vetters:
        found = holders(Area.MATCHMAKING, Capability.APPROVE, profile.vetting_organization, but={profile.member_id})
        _vetters[place] = found[0]
    return _vetters[place]


def _safety(profiles):
    """A few blocks, a report and an objection."""
    active = [row for row in profiles if row.state == ProfileState.ACTIVE]
    rows = SingleProfile.objects.select_related("member__organization").in_bulk([row.pk for row in active])
    active = [rows[row.pk] for row in active]
    for one, other in zip(active[:5], active[5:10], strict=False):
        services.block_set(actor=one.member, blocked=other.member, label=f"{other.nickname}（{other.pk} 号）")
    if len(active) > 12:
        services.report_make(
            reporter=Member.objects.select_related("organization").get(pk=active[10].member_id),
            about=Member.objects.select_related("organization").get(pk=active[11].member_id),
            kind=ReportKind.MONEY,
            words="认识没几天就向我推销理财产品，还催我转账。",
        )
    refused = next((row for row in profiles if row.state == ProfileState.REFUSED), None)
    if refused is not None:
        services.appeal_make(profile=refused, actor=refused.member, words="我一直单身，是名册没有更新，请核对。")
