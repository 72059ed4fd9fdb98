"""The public page of a draw: list, check sum, seed and result without names, and the script that repeats it."""

import json
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import View, generic

from childcare.models import Enrolment, TermDraw
from portal.exchange.storage import attachment
from portal.signups import draw_check
from portal.web.views import ShellMixin


class DrawMixin:
    """The draw of a term, for everybody; of a cancelled one too, as a proof."""

    @cached_property
    def draw(self):
        return get_object_or_404(TermDraw.objects.for_list(), term=self.kwargs["pk"])


@method_decorator(login_not_required, name="dispatch")
class DrawShowView(DrawMixin, ShellMixin, generic.TemplateView):
    """Shows the frozen list, the seed, and by number the children with a place and those who wait."""

    shell = None
    template_name = "childcare/draw_show.html"
    title = _("Draw")

    def get_context_data(self, **kwargs):
        found, me = self.draw, self.request.user
        file = found.published or {}
        own = Enrolment.objects.own(me).filter(offering=found.term) if me.is_authenticated else []
        return super().get_context_data(
            draw=found,
            mine=[row.number for row in own if row.number],
            admitted=sorted(int(number) for number in file.get("admitted", ())),
            waiting=[number for line in file.get("waiting", {}).values() for number in line],
            withdrawn=file.get("withdrawn", ()),
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
class DrawFileView(DrawMixin, View):
    """The file by which anybody can repeat the draw; before the draw, the frozen list."""

    http_method_names = ["get", "head"]

    def get(self, request, pk):
        name = f"draw-{self.draw.term_id}.json"
        file = self.draw.published
        return attachment(json.dumps(file) if file else self.draw.frozen, name, "application/json")


@method_decorator(login_not_required, name="dispatch")
class DrawScriptView(View):
    """The script that repeats a draw from its file; it needs nothing but Python."""

    http_method_names = ["get", "head"]

    def get(self, request):
        text = Path(draw_check.__file__).read_text(encoding="utf-8")
        return attachment(text, "draw_check.py", "text/x-python; charset=utf-8")
