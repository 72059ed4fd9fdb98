"""Builders of rubrics."""

from itertools import count

from django.utils import timezone

from portal.audit.gate import Clock, advance
from portal.core.choices import Area
from portal.inspections.choices import VersionState
from portal.inspections.models import Rubric, RubricGrade, RubricItem, RubricVersion

_numbers = count(1)
STARS = ((70, "三星"), (80, "四星"), (90, "五星"))


def make_rubric(code=None, area=Area.RIGHTS, items=None, grades=STARS):
    """Create a rubric whose first version is in force.

    ``items`` are the fields of its items; without any it has one item of ten points.
    """
    rubric = Rubric.objects.create(code=code or f"{area}.example{next(_numbers)}", name="示例评分表", area=area)
    make_version(rubric, items=items, grades=grades, in_force=True)
    return rubric


def make_version(rubric=None, *, items=None, grades=STARS, in_force=False, **fields):
    """Create a version of ``rubric``, by default a draft of an unknown author."""
    rubric = rubric or make_rubric()
    version = RubricVersion.objects.create(rubric=rubric, number=rubric.versions.count() + 1, **fields)
    for number, given in enumerate([{"points": 10}] if items is None else items, start=1):
        RubricItem.objects.create(version=version, **{"number": number, "group": "卫生", "text": "整洁", **given})
    RubricGrade.objects.bulk_create([RubricGrade(version=version, least=least, name=name) for least, name in grades])
    if in_force:
        version = advance(version, VersionState.IN_FORCE, actor=Clock("test"), valid_from=timezone.localdate())
    return version
