"""Template tags: icons, badges, figures, times, and addresses that keep their other parameters."""

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, ngettext

from portal.core import text
from portal.web import rows
from portal.web.icons import icon
from portal.web.looks import TONES, state_look

register = template.Library()
register.tag(rows.each)
register.filter(rows.shown_rows)
register.simple_tag(rows.left_out_words)
register.simple_tag(icon)


@register.simple_tag
def badge(state, label=None, tone=None, icon_name=None):
    """Return the badge of a state: its tone, an icon and the label.

    Without ``label`` the choice's own label is used.
    """
    own_tone, own_icon = state_look(state)
    if tone and not icon_name:
        own_icon = TONES.get(tone, own_icon)
    words = label if label not in (None, "") else getattr(state, "label", state)
    return format_html('<span class="badge tone-{}">{}{}</span>', tone or own_tone, icon(icon_name or own_icon), words)


@register.simple_tag
def progress(done, total, label=""):
    """Return a progress bar with its text: 120 of 588."""
    done, total = int(done or 0), int(total or 0)
    words = gettext("%(done)s of %(total)s") % {"done": _grouped(done), "total": _grouped(total)}
    return format_html(
        '<span class="progress-line"><progress max="{}" value="{}" aria-label="{}"></progress>'
        '<span class="progress-words">{}</span></span>',
        max(total, 1),
        min(done, max(total, 1)),
        label or words,
        words,
    )


@register.simple_tag(takes_context=True)
def form_token(context):
    """Return the hidden field of Django's CSRF check; it works inside an include with ``only``."""
    request = _request(context)
    if request is None:
        return ""
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))


@register.simple_tag(takes_context=True)
def querystring_with(context, **changes):
    """Return the query string of this page with ``changes``; None or '' drops a parameter.

    Any change except of the page goes back to the first page.
    """
    request = _request(context)
    params = request.GET.copy() if request is not None else None
    if params is None:
        return "?"
    if "page" not in changes:
        params.pop("page", None)
        if "after" not in changes:
            params.pop("after", None)
    for key, value in changes.items():
        if value is None or value == "":
            params.pop(key, None)
        else:
            params[key] = value
    return "?" + params.urlencode()


@register.simple_tag(takes_context=True)
def sort_link(context, table, column):
    """Return the query string for the next sort order of ``column`` in ``table``.

    The other parameters are kept.
    """
    changes = {table.prefixed_order_by_field: str(column.order_by_alias.next), table.prefixed_page_field: None}
    return querystring_with(context, **changes)


@register.simple_tag(takes_context=True)
def page_link(context, table, number):
    """Return the query string of page ``number`` of ``table``.

    ``table`` may also be a plain paginator, which has no prefix.
    """
    return querystring_with(context, **{getattr(table, "prefixed_page_field", "page"): number})


@register.simple_tag(takes_context=True)
def active_filters(context, filterset):
    """Return the filters in use as dicts: label, value as text, url without the filter."""
    if filterset is None:
        return []
    found = []
    form = filterset.form
    data = form.cleaned_data if form.is_valid() else {}
    for name, field in form.fields.items():
        value = data.get(name)
        if value in (None, "", [], False) or (hasattr(value, "exists") and not value):
            continue
        keys = [key for key in form.data if key == name or key.startswith((f"{name}_", f"{name}-"))]
        changes = dict.fromkeys(keys) or {name: None}
        found.append(
            {
                "label": field.label or name,
                "value": _in_words(field, value),
                "url": querystring_with(context, **changes),
            }
        )
    return found


@register.simple_tag(takes_context=True)
def kept_parameters(context, *names):
    """Return the (key, value) pairs of the address that a filter form keeps besides its own fields.

    These are order and page size.
    """
    request = _request(context)
    if request is None:
        return []
    return [(name, value) for name in names for value in request.GET.getlist(name) if value]


@register.simple_tag(takes_context=True)
def other_parameters(context, *names):
    """Return the (key, value) pairs of the address without ``names``.

    A small separate form keeps these.
    """
    request = _request(context)
    if request is None:
        return []
    return [(key, value) for key, values in request.GET.lists() if key not in names for value in values]


@register.simple_tag(takes_context=True)
def this_path(context):
    """Return the address of this page without its parameters."""
    request = _request(context)
    return request.path if request is not None else ""


@register.simple_tag
def total_of(page):
    """Return the number of rows of a paged list as text: 588, or 10,000+ where counting stopped."""
    count = _grouped(page.paginator.count)
    return f"{count}+" if getattr(page.paginator, "capped", False) else count


@register.simple_tag
def row_count(table):
    """Return the number of rows of a table as text; '' if it is empty, as the empty state says so."""
    page = getattr(table, "page", None)
    count = page.paginator.count if page else len(table.rows)
    if not count:
        return ""
    words = total_of(page) if page else _grouped(count)
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": words}


@register.filter
def first_fields(form, count):
    """Return the first ``count`` visible fields of a form."""
    return form.visible_fields()[: int(count)]


@register.filter
def other_fields(form, count):
    """Return the visible fields after the first ``count``."""
    return form.visible_fields()[int(count) :]


@register.filter
def page_numbers(page):
    """Return the numbers around ``page`` with None for a gap: 1 None 4 5 6 None 20."""
    last = page.paginator.num_pages
    shown = sorted({1, last, *range(max(page.number - 1, 1), min(page.number + 1, last) + 1)})
    numbers = []
    for before, number in zip([0, *shown], shown, strict=False):
        if number - before == 2:
            numbers.append(number - 1)
        elif number - before > 2:
            numbers.append(None)
        numbers.append(number)
    return numbers


@register.filter
def listed(values):
    """Return the values as one text, separated by the comma of the language."""
    return text.listed(values)


@register.filter
def masked_name(value):
    """Mask a name: 王小明 -> 王**."""
    return text.mask_name(value or "")


@register.filter
def figure(value):
    """Show a number in short form: 119000 is 11.9万 in Chinese, 119,000 in English.

    The exact value is the title of a shortened number. None is "no data", never 0.
    """
    if value is None or value == "":
        return gettext("no data")
    exact = _grouped(value)
    if (get_language() or "").startswith("zh") and abs(value) >= 10_000:
        unit, short = ("亿", value / 100_000_000) if abs(value) >= 100_000_000 else ("万", value / 10_000)
        words = f"{short:.1f}".rstrip("0").rstrip(".")
        return format_html('<span class="figure" title="{}">{}<small>{}</small></span>', exact, words, unit)
    return format_html('<span class="figure">{}</span>', exact)


@register.filter
def weekday(number):
    """Return the name of a day of the week; Monday is 0."""
    return WEEKDAYS[number]


@register.filter
def amount(value, fen="always"):
    """Format an amount in yuan: 90000 -> 90,000.00.

    It has two decimals (fen) and grouped digits; with "odd" the fen are shown only if there are any.
    """
    words = "" if value in (None, "") else f"{Decimal(value):,.2f}"
    return words.removesuffix(".00") if fen == "odd" else words


@register.filter
def percent(value, digits=1):
    """Format a share as a percentage: 0.2925 -> 29.3 %; None is "no data"."""
    if value is None or value == "":
        return gettext("no data")
    share = (Decimal(str(value)) * 100).quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP)
    return f"{share} %"


@register.simple_tag
def when(value, short=False):
    """Return a time as people say it ("tomorrow 14:00", "3 days ago").

    The full value is its title.
    """
    if not value:
        return ""
    moment = isinstance(value, datetime)
    if moment:
        value = timezone.localtime(value) if timezone.is_aware(value) else value
        full = formats.date_format(value, "DATETIME_FORMAT")
    elif isinstance(value, date):
        full = formats.date_format(value, "DATE_FORMAT")
    else:
        return value
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), full, _spoken(value, moment, short)
    )


def due(term):
    """Return the HTML of a Term for a table cell or a fact."""
    return render_to_string("components/due.html", {"term": term})


@register.filter
def due_day(value):
    """Return the day of a deadline that is the end of a day (23:59:59 or 0:00 of the next day).

    Other values are returned unchanged.
    """
    if not isinstance(value, datetime):
        return value
    moment = timezone.localtime(value) if timezone.is_aware(value) else value
    if moment.time() == time.min:
        return moment.date() - timedelta(days=1)
    return moment.date() if moment.time().replace(microsecond=0) == time(23, 59, 59) else value


@register.simple_tag
def due_tone(value):
    """Return "over", "soon" (three days or fewer are left) or "calm" for a deadline.

    The deadline is a moment or a day.
    """
    moment = isinstance(value, datetime)
    today = timezone.localdate()
    day = timezone.localtime(value).date() if moment and timezone.is_aware(value) else value.date() if moment else value
    if day < today or (moment and _aware(value) < timezone.now()):
        return "over"
    return "soon" if (day - today).days <= 3 else "calm"


def _spoken(value, moment, short):
    now = timezone.localtime()
    day = value.date() if moment else value
    clock = value.strftime("%H:%M") if moment and not short else ""
    ahead = (day - now.date()).days
    if moment and ahead == 0 and timedelta(0) <= now - _aware(value) < timedelta(hours=1):
        minutes = int((now - _aware(value)).total_seconds() // 60)
        if minutes == 0:
            return gettext("just now")
        return ngettext("%(count)s minute ago", "%(count)s minutes ago", minutes) % {"count": minutes}
    near = {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow"), 2: gettext("the day after tomorrow")}
    if ahead in near:
        return f"{near[ahead]} {clock}".strip()
    if -7 < ahead < 0:
        return ngettext("%(count)s day ago", "%(count)s days ago", -ahead) % {"count": -ahead}
    if day.year == now.year:
        return f"{formats.date_format(day, 'MONTH_DAY_FORMAT')} {clock}".strip()
    return formats.date_format(day, "DATE_FORMAT")


def _aware(value):
    return value if timezone.is_aware(value) else timezone.make_aware(value)


def _grouped(value):
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.1f}"


def _in_words(field, value):
    choices = dict(getattr(field, "choices", ())) if not hasattr(field, "queryset") else {}
    if choices:
        values = value if isinstance(value, (list, tuple, set)) else [value]
        return text.listed(choices.get(item, choices.get(str(item), item)) for item in values)
    if isinstance(value, slice):
        return " – ".join(str(_date_words(part)) if part else "…" for part in (value.start, value.stop))
    if value is True:
        return gettext("yes")
    if hasattr(value, "all") or isinstance(value, (list, tuple, set)):
        return text.listed(value)
    return _date_words(value)


def _date_words(value):
    return formats.date_format(value, "DATE_FORMAT") if isinstance(value, date) else value


def _request(context):
    # An include with ``only`` drops the variables of context processors but keeps the request on the context itself.
    return getattr(context, "request", None) or context.get("request")


@register.simple_tag
def clock_words(moment):
    """Format a moment that is stored as ISO text: 2026-12-02 14:00."""
    return timezone.localtime(datetime.fromisoformat(moment)).strftime("%Y-%m-%d %H:%M")


@register.simple_tag
def span(begins, ends):
    """Return a period as text, with the day once if both ends are on it: 12月8日 14:00–17:00."""
    begins, ends = timezone.localtime(begins), timezone.localtime(ends)
    first = f"{_day(begins)} {begins:%H:%M}"
    if begins.date() == ends.date():
        return f"{first}–{ends:%H:%M}"
    return f"{first} – {_day(ends)} {ends:%H:%M}"


def _day(moment):
    near = moment.year == timezone.localdate().year
    return formats.date_format(moment, "MONTH_DAY_FORMAT" if near else "DATE_FORMAT")
