"""The indicators of childcare: classes, children, teachers, subsidies, nurseries, incidents (CC01 to CC08)."""

from django.utils.translation import gettext_lazy as _

from childcare.models import Incident, Nursery, NurseryPlaces, TermResult
from portal.core.choices import Area
from portal.core.figures import Flow, Indicator, Ratio, Stock, Sum

CHILDREN = _("children")
OF_RESULT = "term__site__organization"


def _results():
    return TermResult.objects.confirmed()


def _flow(column=None):
    return Flow(_results, OF_RESULT, "ended_on", Sum(column)) if column else Flow(_results, OF_RESULT, "ended_on")


def _places(column):
    return Stock(
        lambda: NurseryPlaces.objects.all(),
        organization="nursery__organization",
        since="nursery__opened_on",
        until="nursery__closed_on",
        measure=Sum(column),
    )


INDICATORS = [
    Indicator(
        "CC01",
        _("Holiday classes"),
        _("Class terms that were held and settled, by their last day. A second person has confirmed each settlement."),
        _("class terms"),
        Area.CHILDCARE,
        _flow(),
        order=501,
        headline=True,
        public=True,
    ),
    Indicator(
        "CC02",
        _("Children in holiday classes"),
        _("Children who came at least once, added up over the classes: a child in two classes counts twice."),
        CHILDREN,
        Area.CHILDCARE,
        _flow("children"),
        order=502,
        headline=True,
        public=True,
    ),
    Indicator(
        "CC02v",
        _("Days of children in holiday classes"),
        _("Each child on each day on which it came."),
        _("days"),
        Area.CHILDCARE,
        _flow("child_days"),
        order=503,
    ),
    Indicator(
        "CC02r",
        _("Children per class"),
        _("Children in holiday classes divided by the classes; both are summed first."),
        CHILDREN,
        Area.CHILDCARE,
        Ratio("CC02", "CC01", percent=False),
        order=504,
    ),
    Indicator(
        "CC03",
        _("Teachers and volunteers"),
        _("Teachers and volunteers who were there on a day of the class, added up over the classes."),
        _("people"),
        Area.CHILDCARE,
        _flow("teachers"),
        order=505,
    ),
    Indicator(
        "CC04",
        _("Subsidies"),
        _("Subsidies of the settled classes, by the amounts in force on the last day of each."),
        _("yuan"),
        Area.CHILDCARE,
        _flow("subsidy"),
        order=506,
    ),
    Indicator(
        "CC05",
        _("Nurseries"),
        _("Nurseries of employers that exist on the last day of the period."),
        _("nurseries"),
        Area.CHILDCARE,
        Stock(lambda: Nursery.objects.all(), organization="organization", since="opened_on", until="closed_on"),
        order=507,
        headline=True,
        public=True,
    ),
    Indicator(
        "CC06",
        _("Nursery places"),
        _("Places of these nurseries in all age bands, as entered last."),
        _("places"),
        Area.CHILDCARE,
        _places("places"),
        order=508,
        public=True,
    ),
    Indicator(
        "CC07",
        _("Children in nurseries"),
        _("Children enrolled in these nurseries, as entered last."),
        CHILDREN,
        Area.CHILDCARE,
        _places("enrolled"),
        order=509,
    ),
    Indicator(
        "CC08",
        _("Safety incidents in holiday classes"),
        _("Incidents reported by teachers, by the day on which they happened. Each class states how many at its end."),
        _("incidents"),
        Area.CHILDCARE,
        Flow(lambda: Incident.objects.all(), OF_RESULT, "happened_on"),
        order=510,
    ),
]
