"""One world of matchmaking full of words and numbers that are not everybody's, and the walk of all its pages."""

import contextlib
import inspect
import io
import logging
import re
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from urllib.parse import urlencode

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.test import Client
from django.test.client import FakePayload
from django.urls import reverse
from django.utils import timezone

from matchmaking import consents, services
from matchmaking.choices import Answer, EventState, IntroductionState, PairState, ProfileState, ReportKind
from matchmaking.models import Block, MeetingFeedback, Pair, SingleProfile
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.core.roles import Role
from portal.core.services import heartbeat_note
from portal.exchange import services as exchange
from portal.exchange.models import ExportRun
from portal.members.models import Member
from portal.members.services import consent_give
from portal.messaging.services import job_run
from portal.organizations.choices import OrganizationKind
from portal.web.views import ActionView, FormPageView
from tests.access.world import build, client_of, lasting, methods_of
from tests.brief import BRIEF, REFUSALS
from tests.factories.matchmaking import make_event, make_participation, make_single, open_choice, put_event
from tests.factories.matchmaking_after import make_asked, make_nomination, make_ticket, make_wedding
from tests.factories.matchmaking_matchmakers import make_case, make_introduction, make_volunteer
from tests.factories.matchmaking_planning import (
    make_cost,
    make_demand,
    make_invitation,
    make_partner,
    make_series,
    make_venue,
)
from tests.factories.matchmaking_singles import make_appeal, make_photo, make_profile
from tests.factories.members import identity_number, make_member, make_staff, phone_number
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.house.addresses import addresses
from tests.house.objects import Home

TODAY = timezone.localdate
# Lists searched by the beginning of what not everybody may read.
SEARCHES = (
    ("matchmaking:event-list", {"title": "界碑"}),
    ("matchmaking:event-participants", {"unit": "雪原"}),
    ("matchmaking:follow-up-list", {"event": "界碑"}),
    ("matchmaking:venue-list", {"name": "雪线"}),
    ("matchmaking:profile-list", {"state": "active"}),
    ("matchmaking:meet-list", {"mode": "online"}),
    ("matchmaking:single-list", {"age_from": 18, "age_to": 99}),
    ("matchmaking:ticket-list", {"state": "open"}),
    ("members:member-list", {"unit": "示例"}),
    ("audit:entry-list", {"kind": "matchmaking.introduction"}),
)
STAFF = ("unit", "county", "city", "beside", "province")
SINGLES = ("her", "him", "colleague", "helper", "another")
ADMINISTRATORS = ("system", "security", "audit")
READERS = (*SINGLES, *STAFF, *ADMINISTRATORS)
FIGURES = {"statistics:explorer", "statistics:figure-rows", "statistics:figure-export", "statistics:dashboard"}
WALKED = re.compile(
    r"home|(matchmaking|members|statistics|audit|exchange|notices|messaging):"
    r"|admin:(index|app_list|autocomplete|(matchmaking|members|audit|messaging|notices|statistics)_\w+_"
    r"(change|changelist|history|find))"
)
# What has no page of its own: the ways in and out, and the pages of somebody's own key.
LEFT_OUT = {"members:sign-out", "members:authenticator-qr", "members:authenticator-setup"}


@dataclass(frozen=True)
class Page:
    """What one reader was answered: ``words`` is the text, of a file the text inside."""

    status: int
    words: str


class World:
    """A county of the first city with singles and matchmakers, events of the county, restricted events of the city."""

    def __init__(self):
        for name in ("beat", "worker"):
            heartbeat_note(name=name)
        self.root = make_province()
        self.city = make_organization(name="示例甲市总工会")
        self.county = make_organization(parent=self.city, kind=OrganizationKind.COUNTY, name="示例甲县总工会")
        self.unit, self.other_unit = make_unit(self.county), make_unit(self.county)
        self.post = make_unit(self.city, name="雪原边防连")
        self._people()
        self._profiles()
        self._events()
        self._restricted()
        self._introductions()
        self._after()
        self.clients = {name: lasting(client_of(person)) for name, person in self.readers.items()}
        self.clients["visitor"] = Client(raise_request_exception=False)
        self.home = Home(city=self.county, chair=self.chair)

    def _people(self):
        self.her = self._single(self.unit, 1, name="示例苏青禾")
        self.him = self._single(self.other_unit, 2, Sex.MALE, name="示例苏远舟")
        self.colleague = self._single(self.unit, 3, Sex.MALE)
        self.clara = self._single(self.other_unit, 4)
        self.dora = self._single(self.other_unit, 5, name="示例苏木棉")
        self.emil = self._single(self.other_unit, 6, Sex.MALE)
        self.far = self._single(make_unit(self.city), 7)
        self.waiting = self._single(self.unit, 8)
        self.refused = self._single(self.unit, 9)
        self.chair = make_staff(self.county)
        self.helper = make_volunteer(self.county, make_member(make_unit(self.county), phone=phone_number(880_020)))
        self.another = make_volunteer(self.county)
        self.readers = {
            "her": self.her,
            "him": self.him,
            "colleague": self.colleague,
            "unit": make_staff(self.unit),
            "county": self.chair,
            "city": make_staff(self.city),
            "beside": make_staff(make_organization(name="示例乙市总工会")),
            "province": make_staff(self.root),
            "helper": self.helper.member,
            "another": self.another.member,
            "audit": make_staff(self.root, Role.AUDIT_ADMINISTRATOR),
            "system": make_staff(self.root, Role.SYSTEM_ADMINISTRATOR),
            "security": make_staff(self.root, Role.SECURITY_ADMINISTRATOR),
        }

    @staticmethod
    def _single(unit, serial, sex=Sex.FEMALE, **fields):
        number = identity_number(400 + serial, sex=sex)
        fields |= {"phone": phone_number(880_000 + serial), "phone_confirmed_at": timezone.now()}
        return make_single(unit, sex, identity_kind="resident", identity_number=number, **fields)

    def _profiles(self):
        self.hers = make_profile(self.her, nickname="青梅煮酒", about="青梅树下等风来")
        self.his = make_profile(self.him, nickname="听雨的人")
        self.colleagues = make_profile(self.colleague)
        self.claras, self.doras, self.emils = (make_profile(one) for one in (self.clara, self.dora, self.emil))
        self.fars = make_profile(self.far, nickname="远山如黛", about="远山那边有海")
        self.fars.hidden_from.add(self.county)
        waiting = make_profile(self.waiting, state=ProfileState.UNIT_VETTING, about="还没人读过的心里话")
        SingleProfile.objects.filter(pk=waiting.pk).update(vetting_organization=self.county)
        self.to_vet = waiting
        refused = make_profile(self.refused, state=ProfileState.REFUSED, refusal_reason="名册写着已婚")
        self.appeal = make_appeal(refused, organization=self.county, words="三年前就离婚了请再看看")
        self.photo = make_photo(self.hers)

    def _event(self, held_by, by, **fields):
        return make_event(held_by, created_by=by, men_quota=9, women_quota=9, **fields)

    def _cards(self, event, *people, **fields):
        return [make_participation(event, person, sex=person.sex, **fields) for person in people]

    def _events(self):
        """One event in its choice round, and one that is revealed: she and he, he and Clara."""
        choosing = self._event(self.county, self.chair)
        self.card, *_others = self._cards(choosing, self.her, self.clara, self.him, line="灯塔守夜人")
        services.matchmakers_set(event=choosing, members=[self.helper.member], actor=self.chair)
        self.choosing = open_choice(choosing)
        self.round = self._event(self.county, self.chair)
        self.hers_there, self.his_there = self._cards(self.round, self.her, self.him)
        services.matchmakers_set(event=self.round, members=[self.helper.member], actor=self.chair)
        self.round = open_choice(self.round)
        held = self._event(self.county, self.chair)
        one, two, three = self._cards(held, self.her, self.him, self.clara)
        services.matchmakers_set(event=held, members=[self.helper.member], actor=self.chair)
        self.pair, self.open_pair = self._pair(held, one, two), self._pair(held, two, three)
        self.held = put_event(held, EventState.CLOSED)
        for person in (self.him, self.clara):
            services.pair_set(pair=self.open_pair, actor=person, contact=True, matchmaker=False)
        self.follow_up = self.pair.follow_ups.order_by("due_on").first()
        said = {"result": "reached", "words": "说起了订婚的日子"}
        services.follow_up_record(follow_up=self.follow_up, actor=self.chair, **said)

    @staticmethod
    def _pair(event, *cards):
        low, high = sorted(cards, key=lambda row: row.pk)
        pair = Pair.objects.create(event=event, one=low, two=high, held_on=TODAY() - timedelta(days=9))
        services.follow_ups_open(pairs=[pair], held_on=pair.held_on)
        return Pair.objects.select_related("event__organization", "one__member", "two__member").get(pk=pair.pk)

    def _restricted(self):
        """Two restricted events of the city: one over, with a pair whose follow-up is due, and one open for sign-up."""
        by = self.readers["city"]
        self.venue = make_venue(self.city, name="雪线哨所礼堂")
        self.series = make_series(self.city)
        more = {"restricted": True, "series": self.series}
        over = self._event(
            self.city, by, title="界碑旁的约定", summary="界碑下的风", place="界碑西侧三号院", venue=self.venue, **more
        )
        self.soldier = self._single(self.post, 10, Sex.MALE)
        invited = (self.her, self.soldier)
        self.invitation, _his = (make_invitation(over, person) for person in invited)
        one, two = self._cards(over, *invited)
        self.partner = make_partner(over, name="界碑之声电台")
        self.cost = make_cost(over)
        self.secret_pair = self._pair(over, one, two)
        now = timezone.now()
        self.over = put_event(
            over,
            EventState.CLOSED,
            starts_at=now - timedelta(days=10),
            ends_at=now - timedelta(days=9),
        )
        open_now = self._event(self.city, by, title="雪线上的相逢", summary="雪线下的灯", **more)
        make_invitation(open_now, self.him)
        self.open_now = open_now

    def _introductions(self):
        state = IntroductionState
        self.case = make_case(self.helper, self.hers, next_action="周三夜里再问一次")
        self.other_case = make_case(self.another, self.his)
        services.contact_add(
            case=self.case, actor=self.helper.member, kind="call", words="她担心父母反对", at=timezone.now()
        )
        met = timezone.now() - timedelta(days=1)
        make = partial(make_introduction, self.helper)
        self.asked = make(self.hers, self.his, state=state.ASKED, words="都爱看夜空")
        self.met = make(self.doras, self.his, state=state.MET, words="都养猫", meets_at=met)
        self.told = make(self.hers, self.emils, state=state.MET, words="都会游泳", meets_at=met)
        self.not_agreed = make(self.claras, self.emils, state=state.NOT_AGREED)
        self.ended = make(self.doras, self.emils, state=state.ENDED)
        self._feedback(self.told, self.her, "他说话太大声")

    @staticmethod
    def _feedback(row, member, words):
        (pk,) = reserve_pks(MeetingFeedback)
        MeetingFeedback.objects.create(pk=pk, introduction=row, member=member, impression="friends", words=words)

    def _after(self):
        self.report = services.report_make(
            reporter=self.her, about=self.colleague, kind=ReportKind.MONEY, words="他三次开口借钱"
        )
        self.wedding = make_wedding(self.county, created_by=self.chair)
        self.couple, _partner = make_asked(self.wedding, self.dora, self.him)
        self.nomination = make_nomination(self.county, actor=self.chair, member=self.her, purpose="讲讲青石巷的故事")
        self.ticket = make_ticket(
            self.city,
            actor=self.readers["city"],
            words="电话里说起前夫上门",
            caller="姓柳的女士",
            caller_phone=phone_number(880_030),
        )
        self.demand = make_demand(self.unit)

    def act(self):
        """Let her and Dora say what stays with them, none of which goes into the audit."""
        services.choices_set(participation=self.card, chosen=[self._his_card().pk], actor=self.her)
        services.introduction_answer(introduction=self.asked, actor=self.her, answer=Answer.YES)
        services.pair_say(pair=self.pair, actor=self.her, says=PairState.DATING)
        self._feedback(self.met, self.dora, "像认识了很久")

    def act_in_the_audit(self):
        """Let them agree to contact, and let her keep somebody away: the audit has the deed alone."""
        consent_give(member=self.her, purpose=consents.PAIR_CONTACT, about_id=self.pair.pk)
        consent_give(member=self.dora, purpose=consents.INTRODUCTION_CONTACT, about_id=self.met.pk)
        self.block = services.block_set(actor=self.her, blocked=self.soldier, label="总在夜里来电的人")

    def _his_card(self):
        return self.choosing.signups.get(member=self.him)

    def pages_of_round(self):
        """Return the addresses on which something of the event that is yet to be revealed could stand."""
        names = ("detail", "pairs", "participants", "report", "matchmakers", "sheet", "document")
        paths = [reverse(f"matchmaking:event-{name}", args=[self.round.pk]) for name in names]
        own = ("detail", "joined", "choose")
        paths += [reverse(f"matchmaking:meet-{name}", args=[self.round.slug]) for name in own]
        others = ("event-list", "meet-list", "caseload-list", "follow-up-list", "pair-here", "volunteer-figures")
        paths += [reverse(f"matchmaking:{name}") for name in others]
        return [*paths, reverse("home"), reverse("messaging:inbox"), reverse("members:me")]

    def objects(self, name):
        """Return the arguments of an address for each object of this world it may be about; [] where there is none."""
        for pattern, found in self.ways():
            if re.fullmatch(pattern, name):
                return found
        if match := re.fullmatch(r"admin:(\w+?)_(\w+)_(change|history|delete)", name):
            model = apps.get_model(match[1], match[2])
            pk = self.admin_rows().get(model._meta.label)
            return [{"object_id": pk}] if pk else []
        return []

    def admin_rows(self):
        return {
            "matchmaking.EventSeries": self.series.pk,
            "matchmaking.FollowUp": self.follow_up.pk,
            "matchmaking.GroupWedding": self.wedding.pk,
            "matchmaking.HotlineTicket": self.ticket.pk,
            "matchmaking.MatchEvent": self.over.pk,
            "matchmaking.Nomination": self.nomination.pk,
            "matchmaking.Pair": self.pair.pk,
            "matchmaking.SingleProfile": self.hers.pk,
            "matchmaking.Venue": self.venue.pk,
            "matchmaking.Volunteer": self.helper.pk,
            "members.Member": self.her.pk,
        }

    def ways(self):
        events = [self.choosing, self.held, self.over, self.open_now]
        met = [self.asked, self.met, self.told, self.not_agreed, self.ended]
        pks = lambda *rows: [{"pk": row.pk} for row in rows]  # noqa: E731
        block = Block.objects.filter(blocker=self.her).first()
        known = [("introduction", self.asked), ("pair", self.pair), ("event", self.held), ("single", self.hers)]
        known += [("block", block)] if block else []
        room = {
            "event-door-undo": [{"pk": event.pk, "row": event.signups.first().pk} for event in events[:3]],
            "event-(detail|participants|pairs|matchmakers|invitations|report|sheet|document)": pks(*events),
            "event-[a-z-]+": pks(self.held, self.over),
            "meet-photo": [{"slug": event.slug, "pk": event.signups.first().pk} for event in events[:3]],
            "meet-[a-z-]+": [{"slug": event.slug} for event in events],
            "pair-(detail|say|quiet)": pks(self.pair, self.open_pair, self.secret_pair),
            "follow-up-(detail|record|ask)": pks(self.follow_up, self.secret_pair.follow_ups.first()),
            "wedding-(detail|update|open|close|hold|cancel|couples)|ceremony-(detail|ask)": pks(self.wedding),
            "couple-[a-z]+": pks(self.couple),
            "nomination-(detail|pass-on|release|answer|take-back)": pks(self.nomination),
            "ticket-(detail|take|assign|transfer|answer|close|reopen|print)": pks(self.ticket),
            "single-(detail|ask|block)": pks(self.hers, self.his, self.fars),
            "single-photo(-remove)?": pks(self.photo),
            "single-report-about": [{"kind": kind, "pk": row.pk} for kind, row in known],
            "block-lift": pks(block) if block else [],
            "vetting-(detail|confirm|refuse)": pks(self.to_vet),
            "appeal-(detail|decide)": pks(self.appeal),
            "report-(detail|take|release|settle|unhold)": pks(self.report),
            "volunteer-(detail|train|activate|rest|end)": pks(self.helper, self.another),
            "case-introduce": [{"pk": self.case.pk, "other": self.emils.pk}],
            "case-(detail|update|contact|suggestions)": pks(self.case, self.other_case),
            "introduction-(detail|guide)": pks(*met),
            "introduction-(contact|time|feedback|end|guide[a-z-]*|met|together)": pks(self.asked, self.met),
            "invitation-remove": pks(self.invitation),
            "cost-(update|remove)": pks(self.cost),
            "partner-(remove|figures)": pks(self.partner),
            "participation-decline": pks(self.card),
            "series-(detail|update)": pks(self.series),
            "venue-(detail|update)": pks(self.venue),
            "demand-(detail|decline|reopen|withdraw)": pks(self.demand),
        }
        found = [(f"matchmaking:(?:{pattern})", rows) for pattern, rows in room.items()]
        reveal = [{"pk": self.her.pk, "field": field} for field in ("phone", "identity_number")]
        found += [("members:member-reveal", reveal)]
        found += [(r"members:member-(detail|update|phone|factor|unlock|invite|vouch)", pks(self.her, self.him))]
        return found


class Walk:
    """Every page of a world by every reader: ``pages`` are {(reader, address, which, htmx): Page}.

    Of a refusal the status is kept; and of a page that another draws alike: what only asks before a deed is drawn for
    the first of the staff who opens it, the county's rows for county and province and not for the city between them,
    matchmaking for one of the three administrators.
    """

    def __init__(self, world):
        self.world = world
        self.pages, self.paths = {}, {}

    def all(self):
        """Walk what is there; where the world has no row of a kind, the staff ask for one that other tests build."""
        for address in asked():
            found = self.world.objects(address.name) if address.arguments else [{}]
            with undone():
                made = None if found and address.name not in FIGURES else build(address, self.world.home)
                rows = found or [made.arguments]
                query = made.query if made else {}
                for number, arguments in enumerate(rows):
                    path = address.path(**arguments) + (f"?{urlencode(query)}" if query else "")
                    self.ask_all(address, number if found else "built", path)
        return self

    def more(self):
        """Ask for the rows of figures, and search the lists by parts of what not everybody may read."""
        by_name = {address.name: address for address in asked()}
        rows = [("statistics:figure-rows", {**figure}) for figure in figures(self.world)]
        for name, query in [*rows, *SEARCHES]:
            arguments = self.world.objects(name)[1] if by_name[name].arguments else {}
            self.ask_all(by_name[name], str(query), f"{by_name[name].path(**arguments)}?{urlencode(query)}")
        return self

    def ask_all(self, address, which, path):
        opened = set()
        for reader, client in self.world.clients.items():
            # The matrix holds what is not asked here: that a visitor is sent to the sign-in, and who opens the admin.
            if reader not in who_asks(address, which):
                continue
            alike = drawn_alike(address, reader, opened)
            key = (reader, address.name, which, False)
            page = get(client, path, brief=True if alike else REFUSALS)
            if page.status == 200:
                opened.add(reader)
            self.pages[key], self.paths[key] = page, path
            if page.status == 200 and not alike and answers_apart(address.view_class):
                self.pages[*key[:3], True] = get(client, path, htmx=True)

    def again(self, names, readers):
        """Ask ``readers`` for the plain pages of this world's rows once more; return what they read now, by key."""
        now, deeds = {}, {address.name for address in asked() if is_deed(address)}
        for key, path in self.paths.items():
            reader, name, which, _htmx = key
            page = self.pages[key]
            drawn = which != "built" and page.status == 200 and page.words and name not in deeds
            if drawn and reader in readers and re.match(names, name):
                now[key] = get(self.world.clients[reader], path)
        return now


def asked():
    """Return the addresses of the walk: all that concern people and matchmaking, and the admin's pages of rows."""
    walked = [address for address in addresses() if WALKED.match(address.name) and address.name not in LEFT_OUT]
    return [address for address in walked if "GET" in methods_of(address)]


def who_asks(address, which):
    """Return the readers for whom an address is more than a refusal that the matrix holds, or a stranger's row."""
    if address.is_admin:
        return ADMINISTRATORS
    readers = ("county", "beside") if which == "built" else READERS
    return (*readers, "visitor") if address.is_public else readers


def is_deed(address):
    """Say whether a page asks before a deed and shows of the row no more than its name."""
    return address.view_class is not None and issubclass(address.view_class, (ActionView, FormPageView))


def drawn_alike(address, reader, opened):
    """Say whether who ``opened`` the page before ``reader`` reads there what she would."""
    if reader in ("security", "audit"):
        return address.name.startswith(("matchmaking:", "notices:"))
    if reader == "city" and address.arguments and "county" in opened:
        return True
    return reader in STAFF and is_deed(address) and not opened.isdisjoint(STAFF)


@cache
def answers_apart(view):
    """Say whether a view looks at who asks: htmx gets a part of its page."""
    ours = [cls for cls in getattr(view, "__mro__", ()) if cls.__module__.startswith(("portal.", "matchmaking."))]
    return any("request.htmx" in inspect.getsource(cls) for cls in ours)


def figures(world):
    """Return what is asked of the pages of figures: rows of each kind, at each level."""
    year = timezone.localdate().year
    codes = ("MM01", "MM02", "MM03p")
    places = (world.city, world.county)
    return [{"code": code, "node": place.pk, "period": year} for code in codes for place in places]


@contextlib.contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def get(client, path, *, htmx=False, brief=REFUSALS):
    """Return the Page; what the request writes is undone.

    It goes to the handler past the test client, which would copy the context of every template.
    """
    where, _mark, query = path.partition("?")
    environ = client._base_environ(
        PATH_INFO=where,
        QUERY_STRING=query,
        REQUEST_METHOD="GET",
        **{BRIEF: brief, **({"HTTP_HX_REQUEST": "true"} if htmx else {})},
    )
    environ["wsgi.input"] = FakePayload()
    with undone():
        response = client.handler(environ)
        return Page(response.status_code, text_of(response))


def text_of(response):
    """Return the words of a page or of the file it hands out, and where it sends people."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return unpacked(content) + response.headers.get("Location", "")


def unpacked(content):
    """Return the text of a file: of a workbook or a letter that of its parts."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b" ".join(parts.read(name) for name in parts.namelist())
    words = content.decode(errors="replace")
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), words) if "\\u" in words else words


# What differs from one page to the next whoever asks: tokens, times, how many entries wait for a seal.
PASSING = re.compile(
    r"<time.*?</time>|/messages/\d+/|[A-Za-z0-9+/=_-]{22,}|\d+ 条记录等待下次封存"
    r"|\d\d:\d\d(:\d\d)?|\d+(\.\d+)? ?(秒|毫秒|分钟)"
)


def lasting_words(words):
    """Return ``words`` without what differs from one page to the next."""
    return PASSING.sub("-", words)


class Lines(logging.Handler):
    """Keeps each log line as it was handed in, before anything is masked."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        self.lines.append(f"{record.getMessage()} {record.__dict__.get('path', '')} {record.exc_text or ''}")
        if record.exc_info:
            self.lines.append(logging.Formatter().formatException(record.exc_info))


@contextlib.contextmanager
def logged():
    """Collect what is logged meanwhile; the tests of the access log nothing otherwise."""
    handler, root = Lines(), logging.getLogger()
    before = root.manager.disable
    logging.disable(logging.NOTSET)
    root.handlers.insert(0, handler)
    try:
        yield handler.lines
    finally:
        root.handlers.remove(handler)
        logging.disable(before)


def files_of(world, walk):
    """Yield (reader, address, text) of every list that a reader of the staff may take out; the city's as .xlsx too."""
    opened = {address.name for address in asked() if getattr(address.view_class, "export_columns", None)}
    for key, path in walk.paths.items():
        reader, name, which, _htmx = key
        if name not in opened or which == "built" or reader not in STAFF or walk.pages[key].status != 200:
            continue
        actor = Member.objects.get(pk=world.readers[reader].pk)
        for file_format in ("csv", "xlsx") if reader == "city" else ("csv",):
            with undone(), contextlib.suppress(DomainError, Http404, PermissionDenied):
                yield reader, name, _file(actor, path, file_format)


def _file(actor, path, file_format):
    run = exchange.export_request(actor=actor, address=path, here=None, file_format=file_format, reason="年报")
    job_run(job_id=run.job_id, work=exchange.export_write)
    response = exchange.export_download(run=ExportRun.objects.for_list().get(pk=run.pk), actor=actor)
    with contextlib.closing(response.file_to_stream):
        return unpacked(b"".join(response.streaming_content))
