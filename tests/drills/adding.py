"""A second model of an area, and then one more step, added as docs/how-to.md says.

It lists what must be written, and where.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """One change in one file.

    ``text`` is inserted before ``before``, or at the end of the file where that is empty.
    """

    path: str
    text: str
    before: str = ""


PEOPLE = (
    *("visitor", "member", "other", "expired", "own", "grass", "county", "ccadre", "chair", "cadre", "reviewer"),
    *("editor", "officer", "stranger", "province", "system", "security", "audit", "far"),
)


def line(url, method, *, own, reviewer, stranger="404", grass="404", officer="404", editor="404", keeper="404"):
    """Return a line of the access matrix; ``own`` is the cell of the roles that manage the row."""
    cells = dict.fromkeys(("own", "county", "ccadre", "chair", "cadre", "province"), own)
    cells |= dict.fromkeys(("member", "other", "expired"), "404") | {"visitor": "in", "reviewer": reviewer}
    cells |= {"stranger": stranger, "grass": grass, "officer": officer, "editor": editor}
    cells |= dict.fromkeys(("system", "security", "audit", "far"), keeper)
    return ",".join([f"rights:lecture-{url}", method, *(cells[person] for person in PEOPLE)])


ANYWHERE = {"stranger": "200", "grass": "200", "officer": "403", "editor": "403", "keeper": "403"}
LINES = [
    line("announce", "GET", own="200", reviewer="403"),
    line("announce", "POST", own="302", reviewer="403"),
    line("cancel", "GET", own="200", reviewer="403"),
    line("cancel", "POST", own="422", reviewer="403"),
    line("create", "GET", own="200", reviewer="403", **ANYWHERE),
    line("create", "POST", own="422", reviewer="403", **{**ANYWHERE, "stranger": "422", "grass": "422"}),
    line("detail", "GET", own="200", reviewer="200"),
    line("hold", "GET", own="200", reviewer="403"),
    line("hold", "POST", own="302", reviewer="403"),
    line("list", "GET", own="200", reviewer="200", **ANYWHERE),
    line("update", "GET", own="200", reviewer="403"),
    line("update", "POST", own="422", reviewer="403"),
]
STEP_LINES = [
    line("postpone", "GET", own="200", reviewer="403"),
    line("postpone", "POST", own="302", reviewer="403"),
]

MODEL = [
    Edit(
        "rights/choices/lectures.py",
        """\"\"\"The states of a lecture.\"\"\"

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class LectureState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    ANNOUNCED = "announced", _("Announced")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


LECTURE_TRANSITIONS = {
    LectureState.PLANNED: {LectureState.ANNOUNCED: Step(), LectureState.CANCELLED: Step()},
    LectureState.ANNOUNCED: {LectureState.HELD: Step(), LectureState.CANCELLED: Step()},
    LectureState.HELD: {},
    LectureState.CANCELLED: {},
}
""",
    ),
    Edit(
        "rights/models/lectures.py",
        '''"""Lectures on the rights of women workers."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField
from portal.core.bounds import PLANNED
from portal.core.fields import DayField
from rights.choices.lectures import LECTURE_TRANSITIONS, LectureState
from rights.querysets.stations import RightsQuerySet


class Lecture(models.Model):
    """A lecture on the rights of women workers."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Organiser")
    )
    title = models.CharField(_("Title"), max_length=60)
    on = DayField(_("Day"), span=PLANNED)
    place = models.CharField(_("Place"), max_length=60)
    state = StateField(LECTURE_TRANSITIONS, default=LectureState.PLANNED)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RightsQuerySet.as_manager()

    class Meta:
        verbose_name = _("Lecture")
        verbose_name_plural = _("Lectures")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("rights:lecture-detail", args=[self.pk])
''',
    ),
    Edit(
        "rights/models/__init__.py",
        "from rights.models.lectures import Lecture\n",
        "from rights.models.ledger import",
    ),
    Edit("rights/models/__init__.py", '    "Lecture",\n', '    "RightsCase",'),
    Edit(
        "rights/actions/lectures.py",
        """\"\"\"Actions on lectures.\"\"\"

from django.utils.translation import gettext_lazy as _

from portal.audit.actions import Action, Actions, Link
from portal.web.forms import ReasonForm
from rights.choices.lectures import LectureState
from rights.models import Lecture

LECTURE = Actions(
    Lecture,
    prefix="lecture",
    path="lectures/",
    row_name="lecture",
    line=(LectureState.PLANNED, LectureState.ANNOUNCED, LectureState.HELD),
    actions=[
        Action(
            name="announce",
            target=LectureState.ANNOUNCED,
            label=_("Announce"),
            icon="speakerphone",
            consequence=_("It counts as announced from now on."),
        ),
        Action(
            name="hold",
            target=LectureState.HELD,
            label=_("Mark as held"),
            icon="circle-check",
            consequence=_("It counts as held."),
        ),
        Link(name="update", label=_("Edit"), icon="edit"),
        Action(
            name="cancel",
            target=LectureState.CANCELLED,
            form=ReasonForm,
            label=_("Cancel the lecture"),
            icon="x",
            consequence=_("It cannot be undone."),
            danger=True,
        ),
    ],
)
""",
    ),
    Edit(
        "rights/views/desk/lectures.py",
        """\"\"\"Desk pages of lectures.\"\"\"

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.organizations.records import Records
from rights.actions.lectures import LECTURE
from rights.models import Lecture


class LecturePages(Records):
    model = Lecture
    area = Area.RIGHTS
    prefix = "lecture"
    path = "lectures/"
    row_name = "lecture"
    title = _("Lectures")
    create_label = _("Plan a lecture")
    fields = ("title", "on", "place")
    columns = ("title", "on", "organization", "state")
    facts = ("on", "place", "organization")
    actions = LECTURE
""",
    ),
    Edit("rights/urls.py", "from rights.views.desk import lectures\n", "from rights.views.desk import ledger"),
    Edit("rights/urls.py", "    *lectures.LecturePages.urls(),\n", "    *desk_stations.StationPages.urls(),"),
    Edit(
        "rights/menu.py",
        '    Entry("desk", _("Lectures"), "rights:lecture-list", "news", 41, _("Rights"), Area.RIGHTS),\n',
        '    Entry("member", _("Where to get help")',
    ),
    Edit(
        "tests/rights/test_lectures.py",
        '''"""Lectures: planned, announced, held."""

import pytest
from django.urls import reverse

from rights.choices.lectures import LectureState
from rights.models import Lecture
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db


def test_a_lecture_is_planned_announced_and_held(client):
    city = make_organization()
    sign_in(client, make_staff(city))
    typed = {"organization": city.pk, "title": "三期权益", "on": "2026-12-18", "place": "工人文化宫"}
    assert client.post(reverse("rights:lecture-create"), typed).status_code == 302
    lecture = Lecture.objects.get()
    for name, state in (("announce", LectureState.ANNOUNCED), ("hold", LectureState.HELD)):
        client.post(reverse(f"rights:lecture-{name}", args=[lecture.pk]))
        lecture.refresh_from_db()
        assert lecture.state == state
''',
    ),
    Edit(
        "tests/factories/rights.py",
        """

def make_lecture(organization=None, **fields):
    organization = organization or make_organization()
    fields = {"title": "三期权益", "on": date(2026, 12, 18), "place": "工人文化宫", **fields}
    return Lecture.objects.create(organization=organization, **fields)
""",
    ),
    Edit("tests/factories/rights.py", "from rights.models import Lecture\n", "from rights.services.cases import"),
]
MODEL_OBJECTS = [
    Edit(
        "tests/rights/objects.py",
        """def lecture(home):
    return {"pk": make_lecture(home.city).pk}


def announced_lecture(home):
    return {"pk": make_lecture(home.city, state="announced").pk}


""",
        "OBJECTS = {",
    ),
    Edit(
        "tests/rights/objects.py",
        """    **{f"rights:lecture-{page}": lecture for page in ("announce", "cancel", "detail", "update")},
    "rights:lecture-hold": announced_lecture,
""",
        '    "rights:shift-remove"',
    ),
    Edit(
        "tests/rights/objects.py",
        "from tests.factories.rights import make_lecture\n",
        "from tests.factories.rights import (",
    ),
]
STEP_OBJECTS = [
    Edit("tests/rights/objects.py", '    "rights:lecture-postpone": announced_lecture,\n', '    "rights:shift-remove"'),
]
STEP = [
    Edit(
        "rights/choices/lectures.py",
        "LECTURE_TRANSITIONS[LectureState.ANNOUNCED][LectureState.PLANNED] = Step()\n",
    ),
    Edit(
        "rights/actions/lectures.py",
        """        Action(
            name="postpone",
            target=LectureState.PLANNED,
            label=_("Postpone"),
            icon="calendar-x",
            aside=True,
            consequence=_("It is planned anew."),
        ),
""",
        '        Link(name="update", label=_("Edit"), icon="edit"),\n',
    ),
]
CHINESE = {
    "Lecture": "普法讲座",
    "Lectures": "普法讲座",
    "Planned": "已计划",
    "Announced": "已公布",
    "Announce": "公布",
    "It counts as announced from now on.": "即日起记为已公布。",
    "It counts as held.": "记为已举办。",
    "Cancel the lecture": "取消讲座",
    "It cannot be undone.": "此操作无法撤销。",
    "Plan a lecture": "计划讲座",
    "Postpone": "延期",
    "It is planned anew.": "将重新计划。",
}
