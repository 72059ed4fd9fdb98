"""Random trees, moves, closures and rows.

Every figure is compared with a count in plain Python that shares no code with the portal.
"""

import os
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchmaking.choices.events import EventState
from matchmaking.choices.partners import PartnerKind
from matchmaking.models import EventPartner, MatchEvent, Pair, Participation
from portal.core.errors import DomainError
from portal.core.periods import Period, PeriodKind
from portal.messaging.services.touching import touches_post
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import HeadCount, Organization, OrganizationLine, WomenCommittee
from portal.organizations.services.facts import committee_end, committee_record, head_count_record
from portal.organizations.services.moving import organization_merge, organization_move, organization_reopen
from portal.organizations.services.organizations import organization_close
from portal.statistics.registry import indicators
from portal.statistics.selectors import figures
from portal.statistics.selectors import rows as rows_selectors
from portal.statistics.services.recounting import recount, recount_touched
from tests.factories.matchmaking import make_event, make_single
from tests.factories.members import make_staff
from tests.factories.organizations import make_organization, make_province

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST, DAYS = date(2023, 1, 1), 900
DAY = st.integers(0, DAYS).map(lambda number: FIRST + timedelta(days=number))
SLOT = st.integers(0, 9)
KINDS = (OrganizationKind.CITY, OrganizationKind.COUNTY, OrganizationKind.GRASSROOTS)

moves = st.tuples(st.sampled_from(["move", "close", "reopen", "merge"]), SLOT, SLOT, DAY)
events = st.tuples(
    SLOT,
    DAY,
    st.integers(0, 23),
    st.lists(SLOT, max_size=4),
    st.lists(st.tuples(SLOT, SLOT), max_size=2),
    st.sets(SLOT, max_size=2),
)
counts = st.tuples(SLOT, DAY, st.integers(0, 30), st.integers(0, 30))
terms = st.tuples(SLOT, DAY, st.none() | DAY)
PERIODS = [
    "2023-01", "2023-10", "2024-02", "2025-06", "2023-Q4", "2024-Q1", "2024-H2", "2023", "2024", "2025", "2021..2025",
    "2023..2027", "S2023", "S2024", "S2025", "2023-02..2024-05", "2024-06..2024-08",
]  # fmt: skip
BROKEN_DOWN = ("2024-02", "2023..2027", "2023-02..2024-05")
FLOWS, STOCKS = ("MM01", "MM01j", "MM02", "MM03"), ("ORG01", "ORG02", "ORG03", "ORG05")
PEOPLE = ("MM01k", "MM02p", "MM03p")


class Truth:
    """The rows and lines of the database as plain values, and figures counted from them one by one."""

    def __init__(self):
        self.lines = {}
        for org, path, since, until in OrganizationLine.objects.values_list(
            "organization_id", "path", "valid_from", "valid_until"
        ):
            self.lines.setdefault(org, []).append(([int(x) for x in path.split("/") if x], since, until))
        events = {
            e.pk: (e.organization_id, e.starts_at.astimezone(SHANGHAI).date())
            for e in MatchEvent.objects.filter(state=EventState.CLOSED)
        }
        signups = list(Participation.objects.all())
        visits = [(*events[row.offering_id], row.member_id) for row in signups if row.offering_id in events]
        unit = {row.pk: row.unit_id for row in signups}
        pairs = list(Pair.objects.select_related("event"))
        joint = [(row.organization_id, events[row.event_id][1], row.event_id) for row in EventPartner.objects.all()]
        self.flows = {
            "MM01": list(events.values()),
            "MM01j": [events[pk] for pk in {pk for _org, _on, pk in joint}],
            "MM02": [visit[:2] for visit in visits],
            "MM03": [(pair.event.organization_id, pair.held_on) for pair in pairs],
        }
        self.people = {
            "MM01k": joint,
            "MM02p": visits,
            "MM03p": [(unit[side], pair.held_on, pair.pk) for pair in pairs for side in (pair.one_id, pair.two_id)],
        }
        heads = sorted(HeadCount.objects.values_list("organization_id", "on", "women_workers"))
        spans = []
        for number, (org, on, women) in enumerate(heads):
            after = heads[number + 1] if number + 1 < len(heads) else (None,)
            spans.append((org, on, after[1] if after[0] == org else None, women))
        committees = WomenCommittee.objects.values_list(
            "organization_id", "term_from", "ended_on", "term_ends_on", "kind"
        )
        self.stocks = {
            "ORG01": [
                (pk, date.min, None, 1)
                for pk, kind in Organization.objects.values_list("pk", "kind")
                if kind == "grassroots"
            ],
            "ORG02": spans,
            "ORG03": [(org, since, until, 1) for org, since, until, _end, kind in committees if kind == "committee"],
            "ORG05": [
                (org, end, until, 1) for org, _since, until, end, kind in committees if end and kind == "committee"
            ],
        }

    def under(self, org, day, node):
        for line, since, until in self.lines.get(org, []):
            if since <= day and (until is None or until > day):
                return node in line
        return False

    def value(self, code, node, period):
        if code in self.flows:
            return sum(period.start <= on <= period.end and self.under(org, on, node) for org, on in self.flows[code])
        if code in self.people:
            rows = self.people[code]
            return len({who for org, on, who in rows if period.start <= on <= period.end and self.under(org, on, node)})
        rows = self.stocks[code]
        return sum(
            many
            for org, since, until, many in rows
            if since <= period.end and (until is None or until > period.end) and self.under(org, period.end, node)
        )


def plant():
    root, made = make_province(), []
    Organization.objects.filter(pk=root.pk).update(founded_on=date(2000, 1, 1))
    parents = {}
    for number in range(10):
        kind = KINDS[0 if number < 3 else 1 if number < 6 else 2]
        parent = root if number < 3 else made[number - 3]
        parents[number] = parent
        made.append(make_organization(parent, kind, founded_on=FIRST + timedelta(days=number * 40)))
    return made, make_staff(root), [make_single(made[number]) for number in range(10)]


def shift(actor, made, step):
    verb, one, two, on = step
    row, other = (Organization.objects.get(pk=made[slot].pk) for slot in (one, two))
    try:
        with transaction.atomic():
            if verb == "move":
                organization_move(actor=actor, organization=row, new_parent=other, on=on)
            elif verb == "close":
                organization_close(actor=actor, organization=row, on=on)
            elif verb == "merge":
                organization_merge(actor=actor, source=row, target=other, on=on)
            else:
                organization_reopen(actor=actor, organization=row, on=on)
    except DomainError:
        return False
    except Exception as error:
        if type(error).__name__ != "ValidationError":
            raise
        return False
    return True


def hold(made, singles, template, row):
    slot, day, hour, people, couples, partners = row
    starts = datetime(day.year, day.month, day.day, hour, 30, tzinfo=SHANGHAI)
    event = MatchEvent.objects.get(pk=template.pk)
    event.pk, event.slug = None, f"s{MatchEvent.objects.count()}"
    event.organization, event.state = made[slot], EventState.CLOSED
    event.starts_at, event.ends_at = starts, starts + timedelta(hours=1)
    event.save(force_insert=True)
    wanted = sorted({*people, *(side for couple in couples for side in couple)})
    signups = {
        who: Participation.objects.create(
            offering=event,
            member=singles[who],
            unit=singles[who].organization,
            place=place,
            pool="women",
            age=30,
            line="x",
            state="confirmed",
        )
        for place, who in enumerate(wanted, start=1)
    }
    for partner in partners - {slot}:
        EventPartner.objects.create(event=event, kind=PartnerKind.UNION, name=f"{partner}", organization=made[partner])
    touches = [("matchmaking.matchevent", made[place].pk, starts, starts) for place in (slot, *partners)]
    for one, two in {tuple(sorted(couple)) for couple in couples if couple[0] != couple[1]}:
        low, high = sorted([signups[one], signups[two]], key=lambda signup: signup.pk)
        Pair.objects.create(event=event, one=low, two=high, held_on=day)
        touches += [("matchmaking.pair", made[unit].pk, day, day) for unit in (slot, one, two)]
    touches_post(touches)


def state(row):
    slot, on, women, workers = row
    return slot, on, {"workers": women + workers, "women_workers": women, "members": 0, "women_members": 0}


def compare(made):
    truth, nodes = Truth(), [make_province(), *made]
    for text in PERIODS:
        period = Period.parse(text)
        codes = [*FLOWS, *STOCKS, *(PEOPLE if period.kind != PeriodKind.RANGE else ())]
        found = figures.values(codes, [node.pk for node in nodes], period)
        got = {key: cell.value or 0 for key, cell in found.items()}
        assert got == {(code, pk): truth.value(code, pk, period) for code, pk in got}, text
        for code in (*FLOWS, *STOCKS) if text in BROKEN_DOWN else ():
            for node in nodes[:4]:
                table = figures.table(code, node, period)
                parts = (table.own.value or 0) + sum(cell.value or 0 for cell in table.children.values())
                assert parts == (table.total.value or 0), (code, text)
    for text in ("2024", "2023-02..2024-05"):
        period = Period.parse(text)
        for code in (*FLOWS, *STOCKS, *PEOPLE):
            for node in nodes[:4]:
                rows = rows_selectors.rows(indicators()[code], node, period)
                assert rows_selectors.measured(indicators()[code], rows) == truth.value(code, node.pk, period), (
                    code,
                    text,
                )


class Undo(Exception):
    """Raised to roll back the rows of an example."""


MORE = os.environ.get("PORTAL_LAW_EXAMPLES")


@pytest.mark.django_db
@settings(
    max_examples=int(MORE or 12),
    deadline=None,
    derandomize=not MORE,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    st.lists(moves, max_size=6),
    st.lists(events, max_size=5),
    st.lists(counts, max_size=6),
    st.lists(terms, max_size=4),
    st.lists(moves, max_size=4),
)
def test_every_roll_up_is_what_the_rows_say(early, held, heads, committees, late):
    try:
        with transaction.atomic():
            made, actor, singles = plant()
            template = make_event(made[0], created_by=actor)
            for step in early:
                shift(actor, made, step)
            for row in held:
                hold(made, singles, template, row)
            recount()
            for row in heads:
                slot, on, numbers = state(row)
                head_count_record(actor=actor, organization=made[slot], on=on, **numbers)
            for slot, on, end in committees:
                term(actor, made[slot], on, end)
            recount_touched()
            compare(made)
            for step in late:
                if shift(actor, made, step):
                    recount_touched()
            compare(made)
            assert recount().mended == 0
            raise Undo
    except Undo:
        pass


def term(actor, organization, on, end):
    """Record a term, and its end if there is one; ignore what the service refuses."""
    try:
        with transaction.atomic():
            committee_record(
                actor=actor, organization=organization, term_from=on, kind="committee", term_years=1, chair=None
            )
    except DomainError:
        return
    if end is not None:
        try:
            with transaction.atomic():
                committee_end(actor=actor, organization=organization, on=end)
        except DomainError:
            return
