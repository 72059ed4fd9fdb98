"""Template tags of papers."""

from django import template

from portal.papers.qr import PLATE_MM, qr_svg
from portal.papers.report import check_address, validity_words

register = template.Library()


@register.inclusion_tag("papers/_certificate_plate.html")
def plate(certificate, lines=(), width_mm=PLATE_MM):
    """Show the plate of a certificate on a page to print; its QR code is ``width_mm`` wide without the margin.

    ``lines`` follow the title. The page hides everything else by the class ``screen-only``.
    """
    address = check_address(certificate)
    issued, valid = validity_words(certificate)
    return {
        "certificate": certificate,
        "lines": lines,
        "address": address,
        "picture": qr_svg(address, width_mm=width_mm),
        "issued": issued,
        "valid": valid,
    }
