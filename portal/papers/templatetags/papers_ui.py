"""Template tags of papers."""

from django import template
from django.template.loader import render_to_string
from django.utils import translation

from portal.papers.qr import PLATE_MM, qr_svg
from portal.papers.report import check_address, validity_words
from portal.papers.services.letters import LANGUAGE

register = template.Library()


@register.simple_tag
def plate(certificate, lines=(), width_mm=PLATE_MM):
    """Return the plate of a certificate for a page to print, in Chinese.

    ``lines`` follow the title. The QR code is ``width_mm`` wide without its margin. What the page shows beside the
    plate has the class ``screen-only``.
    """
    address = check_address(certificate)
    with translation.override(LANGUAGE):
        issued, valid = validity_words(certificate)
        return render_to_string(
            "papers/_certificate_plate.html",
            {
                "certificate": certificate,
                "lines": lines,
                "address": address,
                "picture": qr_svg(address, width_mm=width_mm),
                "issued": issued,
                "valid": valid,
            },
        )
