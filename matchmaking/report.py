"""Documents made from an event's rows: report and poster, as .docx."""

import io

import segno
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from matchmaking.choices.events import HELD_STATES
from matchmaking.selectors.events import event_figures
from portal.core.text import listed
from portal.exchange.documents import docx_render
from portal.signups.choices import TOOK_PART


def _moment(value):
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


def _report_template():
    """Return the template of a report: a heading, tables of facts and figures, costs, organisers."""
    document = Document()
    document.add_heading("{{ title }}", 0)
    document.add_paragraph("{{ organization }} · {{ when }}")
    for rows, heading in (("facts", "{{ words.facts }}"), ("figures", "{{ words.figures }}")):
        document.add_heading(heading, 1)
        _pairs(document, rows)
    document.add_heading("{{ words.partners }}", 1)
    document.add_paragraph("{%p for partner in partners %}")
    document.add_paragraph("{{ partner }}", style="List Bullet")
    document.add_paragraph("{%p endfor %}")
    document.add_heading("{{ words.money }}", 1)
    _pairs(document, "money")
    document.add_heading("{{ words.summary }}", 1)
    document.add_paragraph("{{ summary }}")
    document.add_paragraph("{{ made }}")
    return document


def _pairs(document, name):
    table = document.add_table(rows=3, cols=2, style="Table Grid")
    table.cell(0, 0).text = f"{{%tr for row in {name} %}}"
    table.cell(1, 0).text, table.cell(1, 1).text = "{{ row.label }}", "{{ row.value }}"
    table.cell(2, 0).text = "{%tr endfor %}"


def event_document(event):
    """Return the report of an event as the bytes of a .docx: figures and facts, no names of people.

    Units are not named either.
    """
    figures = event_figures(event)
    held = event.state in HELD_STATES
    came = event.signups.filter(state__in=TOOK_PART, checked_in_at__isnull=False).count()
    money = event.costs.aggregate(planned=Sum("planned"), spent=Sum("spent"))
    facts = [
        (_("Organiser"), event.organization.name),
        (_("Mode"), event.get_mode_display()),
        (_("Place"), event.venue.name if event.venue else event.place if event.mode == "offline" else ""),
        (_("Series"), event.series.name if event.series else ""),
        (_("Theme"), event.theme.name if event.theme else ""),
        (_("Target group"), event.get_target_group_display()),
        (_("Places"), _("%(men)s men, %(women)s women") % {"men": event.men_quota, "women": event.women_quota}),
        (_("State"), event.get_state_display()),
    ]
    counted = [
        (_("Confirmed participants"), figures.people),
        (_("Men"), figures.men),
        (_("Women"), figures.women),
        (_("Units"), figures.units),
        (_("Matchmakers"), figures.matchmakers),
        (_("On the waiting list at the end"), figures.waiting_men + figures.waiting_women),
    ]
    if came:
        counted.append((_("Attended"), came))
    if held:
        counted += [(_("Pairs"), figures.pairs), (_("People in at least one pair"), figures.people_in_pairs)]
        if figures.rate is not None:
            counted.append((_("Pair rate"), f"{figures.rate:.1f} %"))
    return docx_render(
        _report_template,
        {
            "title": event.title,
            "organization": event.organization.name,
            "when": f"{_moment(event.starts_at)} – {_moment(event.ends_at)}",
            "words": {
                "facts": _("About the event"),
                "figures": _("Figures"),
                "partners": _("Joint organisers"),
                "money": _("Funds"),
                "summary": _("Event content"),
            },
            "facts": [{"label": label, "value": value} for label, value in facts if value],
            "figures": [{"label": label, "value": value} for label, value in counted],
            "partners": [
                " · ".join(part for part in (row.name, row.get_kind_display(), row.contribution) if part)
                for row in event.partners.order_by("pk")
            ]
            or [_("none")],
            "money": [
                {"label": _("Planned (yuan)"), "value": f"{money['planned'] or 0:.2f}"},
                {"label": _("Spent (yuan)"), "value": f"{money['spent'] or 0:.2f}"},
            ],
            "summary": event.summary,
            "made": _("Generated from the records of the portal on %(moment)s.") % {"moment": _moment(timezone.now())},
        },
    )


def _poster_template():
    """Return the template of a poster: one A4 sheet with everything centred."""
    document = Document()
    for text, size in (
        ("{{ organization }}", 16),
        ("{{ title }}", 34),
        ("{{ when }}", 16),
        ("{{ place }}", 14),
        ("{{ summary }}", 14),
        ("{{ code }}", 12),
        ("{{ link }}", 11),
        ("{{ closes }}", 12),
        ("{{ partners }}", 11),
    ):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(text).font.size = Pt(size)
    return document


def poster_document(event, link):
    """Return the poster of an event as the bytes of a .docx with the ``link`` as a QR code."""
    picture = io.BytesIO()
    segno.make(link, error="m").save(picture, kind="png", scale=12, border=2)
    partners = listed(event.partners.order_by("pk").values_list("name", flat=True))
    closes = _("Sign-up closes at %(moment)s") % {"moment": _moment(event.signup_closes_at)}
    return docx_render(
        _poster_template,
        {
            "organization": event.organization.name,
            "title": event.title,
            "when": f"{_moment(event.starts_at)} · {event.get_mode_display()}",
            "place": event.venue.name if event.venue else "",
            "summary": event.summary[:300],
            "link": link,
            "closes": closes,
            "partners": _("Held jointly with %(names)s") % {"names": partners} if partners else "",
        },
        pictures={"code": picture.getvalue()},
    )
