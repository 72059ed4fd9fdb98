"""QR codes by the size at which they are printed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import segno
from django.utils.safestring import mark_safe

if TYPE_CHECKING:
    from segno import QRCode

# The inventor asks for a margin of four modules on all sides.
QUIET = 4
# A code is at least a tenth as wide as the distance from which it is scanned: 100 mm for 1 m (a plate on a door).
PLATE_MM = 100
# Dots of one module in a picture: enough for 600 dots per inch at the size of a plate.
DOTS = 72


def qr_of(address: str) -> QRCode:
    """Return the QR code of ``address`` with error correction Q (25 %), because plates get scratched."""
    return segno.make_qr(address, error="q", boost_error=False)


def with_margin_mm(code: QRCode, width_mm: float) -> float:
    """Return the width of the picture with its margin in which the code itself is ``width_mm`` wide."""
    modules = code.symbol_size(border=0)[0]
    return width_mm * (modules + 2 * QUIET) / modules


def qr_svg(address: str, *, width_mm: float = PLATE_MM) -> str:
    """Return the QR code as an SVG element for a page; the code is ``width_mm`` wide on paper."""
    code = qr_of(address)
    scale = round(width_mm / code.symbol_size(border=0)[0], 4)
    return mark_safe(code.svg_inline(scale=scale, border=QUIET, unit="mm", svgclass="plate-code", lineclass=None))  # noqa: S308 - made of the modules of the code alone


def qr_png(address: str) -> bytes:
    """Return the QR code as a PNG picture for documents."""
    out = io.BytesIO()
    qr_of(address).save(out, kind="png", scale=DOTS, border=QUIET)
    return out.getvalue()
