"""The services of the demo journey tell the figures of all they do."""

from io import StringIO

import pytest
from django.core.management import call_command

from portal.core.periods import Period
from portal.organizations.models import Organization
from portal.statistics import selectors, services
from portal.statistics.choices import RecountKind
from portal.statistics.models import FigureFault, Recount

pytestmark = pytest.mark.django_db


def test_touched_is_full_after_every_service_of_the_journey():
    services.recount()
    call_command("load_demo", stdout=StringIO())
    log = Recount.objects.filter(kind=RecountKind.FULL).latest("pk")
    assert list(FigureFault.objects.values_list("indicator", "organization__name", "start", "was", "now")[:20]) == []
    assert (log.mended, log.touches > 0) == (0, True)
    root = Organization.objects.get(parent=None)
    codes = ["MM01", "MM02", "MM02p", "MM03", "MM07"]
    found = selectors.values(codes, [root.pk], Period.parse("2022..2026"))
    assert all(found[code, root.pk].value for code in codes)
