"""The data of matchmaking that not everybody may read.

A world is filled with it, and each of its words and numbers has a list of readers.
"""

from datetime import timedelta
from functools import partial

from django.urls import reverse
from django.utils import timezone

from matchmaking import consents
from matchmaking.choices.events import EventState
from matchmaking.choices.introductions import Answer, IntroductionState
from matchmaking.choices.pairs import PairState
from matchmaking.choices.profiles import ProfileState
from matchmaking.choices.safety import ReportKind
from matchmaking.models import Block, MeetingFeedback, Pair, SingleProfile
from matchmaking.services.cases import contact_add
from matchmaking.services.choosing import choices_set
from matchmaking.services.follow_ups import follow_up_record, follow_ups_open
from matchmaking.services.introductions import introduction_answer
from matchmaking.services.matchmakers import matchmakers_set
from matchmaking.services.pairs import pair_say, pair_set
from matchmaking.services.safety import block_set, report_make
from portal.core.choices import Sex
from portal.core.fields import reserve_pks
from portal.members.services.consents import consent_give
from tests.areas import canary
from tests.factories.matchmaking import make_event, make_participation, make_single, open_choice, put_event
from tests.factories.matchmaking_library import (
    make_cost,
    make_demand,
    make_invitation,
    make_partner,
    make_series,
    make_venue,
)
from tests.factories.matchmaking_matchmakers import make_case, make_introduction, make_volunteer
from tests.factories.matchmaking_pairs import make_asked, make_nomination, make_ticket, make_wedding
from tests.factories.matchmaking_singles import make_appeal, make_photo, make_profile
from tests.factories.members import identity_number, make_member, phone_number
from tests.factories.organizations import make_unit

TODAY = timezone.localdate
READERS = ("her", "him", "colleague", "helper", "another")
# Lists that are searched by the beginning of a text that not everybody may read.
SEARCHES = (
    ("matchmaking:event-list", {"title": "界碑"}),
    ("matchmaking:event-participants", {"unit": "雪原"}),
    ("matchmaking:follow-up-list", {"event": "界碑"}),
    ("matchmaking:venue-list", {"name": "雪线"}),
    ("matchmaking:profile-list", {"state": "active"}),
    ("matchmaking:meet-list", {"mode": "online"}),
    ("matchmaking:single-list", {"age_from": 18, "age_to": 99}),
    ("matchmaking:ticket-list", {"state": "open"}),
)
# The city reads the same of the county's rows as the province and is not checked for them (leaks.Walk).
STAFF, ABOVE = "county province", "city province"
CANARIES = (
    canary("her phone", phone_number(880_001)),
    canary("his phone", phone_number(880_002)),
    canary("Clara's phone, which both passed on", phone_number(880_004), "him"),
    canary("Dora's phone, which she alone passed on", phone_number(880_005)),
    canary("the matchmaker's phone", phone_number(880_020)),
    canary("the caller's phone", phone_number(880_030), "city"),
    canary("her identity number", identity_number(401)),
    canary("his identity number", identity_number(402, sex="male")),
    canary("her name", "示例苏青禾", f"her unit city {STAFF} system security"),
    canary("her nickname", "青梅煮酒", "her him helper"),
    canary("what she says of herself", "青梅树下等风来", "her him helper"),
    canary("the nickname of one hidden from the county", "远山如黛"),
    canary("what one hidden from the county says", "远山那边有海"),
    canary("what one says who waits for her unit's word", "还没人读过的心里话"),
    canary("an objection", "三年前就离婚了请再看看", STAFF),
    canary("the reason of a refusal", "名册写着已婚", STAFF),
    canary("a line on a card", "灯塔守夜人", "her him helper"),
    canary("what a couple said when called", "说起了订婚的日子", STAFF),
    canary("the restricted event that is over", "界碑旁的约定", f"her {ABOVE}"),
    canary("what awaits people there", "界碑下的风", f"her {ABOVE}"),
    canary("where it was", "界碑西侧三号院", f"her {ABOVE}"),
    canary("its hall", "雪线哨所礼堂", ABOVE, at="(?!matchmaking:(venue-|event-create)).*"),
    canary("its partner", "界碑之声电台", ABOVE),
    canary("the open restricted event", "雪线上的相逢", f"him {ABOVE}"),
    canary("what awaits people at the open one", "雪线下的灯", f"him {ABOVE}"),
    canary("a soldier's unit", "雪原边防连", "city", at="matchmaking:event-.*"),
    canary("what a matchmaker wrote of an introduction", "都爱看夜空", "helper"),
    canary("a matchmaker's next step", "周三夜里再问一次", "helper"),
    canary("a matchmaker's note", "她担心父母反对", "helper"),
    canary("what she told her matchmaker of a meeting", "他说话太大声", "helper"),
    canary("what Dora told of hers", "像认识了很久"),
    canary("a report that nobody has taken on", "他三次开口借钱", "her"),
    canary("whom she keeps away", "总在夜里来电的人", "her"),
    canary("what she is proposed to a medium for", "讲讲青石巷的故事", f"her {STAFF}"),
    canary("what a caller asked", "电话里说起前夫上门", ABOVE),
    canary("a caller", "姓柳的女士", "city"),
)
# Titles of events that messages contain for their recipients.
IN_ROWS = {"the restricted event that is over", "the open restricted event"}


class Rows:
    """A county of the first city with singles, matchmakers and events, and the city's restricted events."""

    def plant(self):
        self.other_unit = make_unit(self.county)
        self.post = make_unit(self.city, name="雪原边防连")
        self._people()
        self._profiles()
        self._events()
        self._restricted()
        self._introductions()
        self._after()

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
        self.helper = make_volunteer(self.county, make_member(make_unit(self.county), phone=phone_number(880_020)))
        self.another = make_volunteer(self.county)
        self.readers |= {
            "her": self.her,
            "him": self.him,
            "colleague": self.colleague,
            "helper": self.helper.member,
            "another": self.another.member,
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
        """Create two events in their choice round and a closed one.

        The closed one has two pairs: the first woman and the man, and the man and Clara.
        """
        choosing = self._event(self.county, self.chair)
        self.card, *_others = self._cards(choosing, self.her, self.clara, self.him, line="灯塔守夜人")
        matchmakers_set(event=choosing, members=[self.helper.member], actor=self.chair)
        self.choosing = open_choice(choosing)
        self.round = self._event(self.county, self.chair)
        self.hers_there, self.his_there = self._cards(self.round, self.her, self.him)
        matchmakers_set(event=self.round, members=[self.helper.member], actor=self.chair)
        self.round = open_choice(self.round)
        held = self._event(self.county, self.chair)
        one, two, three = self._cards(held, self.her, self.him, self.clara)
        matchmakers_set(event=held, members=[self.helper.member], actor=self.chair)
        self.pair, self.open_pair = self._pair(held, one, two), self._pair(held, two, three)
        self.held = put_event(held, EventState.CLOSED)
        for person in (self.him, self.clara):
            pair_set(pair=self.open_pair, actor=person, contact=True, matchmaker=False)
        self.follow_up = self.pair.follow_ups.order_by("due_on").first()
        said = {"result": "reached", "words": "说起了订婚的日子"}
        follow_up_record(follow_up=self.follow_up, actor=self.chair, **said)

    @staticmethod
    def _pair(event, *cards):
        low, high = sorted(cards, key=lambda row: row.pk)
        pair = Pair.objects.create(event=event, one=low, two=high, held_on=TODAY() - timedelta(days=9))
        follow_ups_open(pairs=[pair], held_on=pair.held_on)
        return Pair.objects.select_related("event__organization", "one__member", "two__member").get(pk=pair.pk)

    def _restricted(self):
        """Create two restricted events of the city.

        One is over, with a pair whose follow-up is due; the other is open for sign-up.
        """
        by = self.readers["city"]
        self.venue = make_venue(self.city, name="雪线哨所礼堂")
        self.series = make_series(self.city)
        more = {"restricted": True, "series": self.series}
        over = self._event(
            self.city, by, title="界碑旁的约定", summary="界碑下的风", place="界碑西侧三号院", venue=self.venue, **more
        )
        self.soldier = self._single(self.post, 10, Sex.MALE)
        invited = (self.her, self.soldier, self._single(self.post, 11))
        self.invitation, *_theirs = [make_invitation(over, person) for person in invited]
        one, two, three = self._cards(over, *invited)
        self.partner = make_partner(over, name="界碑之声电台")
        self.cost = make_cost(over)
        self.secret_pair = self._pair(over, one, two)
        # The block that comes later ends the follow-ups of the first pair; those of this one stay due.
        self._pair(over, two, three)
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
        contact_add(case=self.case, actor=self.helper.member, kind="call", words="她担心父母反对", at=timezone.now())
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
        self.report = report_make(
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
        """Let the first woman and Dora enter secret answers, none of which goes into the audit."""
        choices_set(participation=self.card, chosen=[self._his_card().pk], actor=self.her)
        introduction_answer(introduction=self.asked, actor=self.her, answer=Answer.YES)
        pair_say(pair=self.pair, actor=self.her, says=PairState.DATING)
        self._feedback(self.met, self.dora, "像认识了很久")

    def act_in_the_audit(self):
        """Let both women agree to contact, and let the first block a person.

        The audit records only the action.
        """
        consent_give(member=self.her, purpose=consents.PAIR_CONTACT, about_id=self.pair.pk)
        consent_give(member=self.dora, purpose=consents.INTRODUCTION_CONTACT, about_id=self.met.pk)
        self.block = block_set(actor=self.her, blocked=self.soldier, label="总在夜里来电的人")

    def _his_card(self):
        return self.choosing.signups.get(member=self.him)

    def pages_of_round(self):
        """Return the addresses that could show something of the event that is not yet revealed."""
        names = ("detail", "pairs", "participants", "report", "matchmakers", "sheet", "document")
        paths = [reverse(f"matchmaking:event-{name}", args=[self.round.pk]) for name in names]
        own = ("detail", "joined", "choose")
        paths += [reverse(f"matchmaking:meet-{name}", args=[self.round.slug]) for name in own]
        others = ("event-list", "meet-list", "caseload-list", "follow-up-list", "pair-here", "volunteer-figures")
        paths += [reverse(f"matchmaking:{name}") for name in others]
        return [*paths, reverse("home"), reverse("messaging:inbox"), reverse("members:me")]

    def admin_rows(self):
        return {"members.Member": self.her.pk}

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
