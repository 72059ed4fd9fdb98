"""Photographs people send: judged by content, turned upright, decoded and written anew without metadata."""

import io

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from portal.core.errors import DomainError

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 8 * 1024 * 1024
# Asked of the header, before a pixel is decoded. JPEG is decoded at a fraction of its size, the others whole.
MAX_PIXELS = 40_000_000
MAX_PIXELS_DECODED_WHOLE = 12_000_000
MIN_EDGE = 40
LONGEST_EDGE = 1000
QUALITY = 85

TOO_HEAVY = _("The picture is larger than 8 MB. Choose a smaller one.")
TOO_LARGE = _("The picture has too many pixels. Choose a smaller one, for example a screenshot of it.")
TOO_SMALL = _("The picture is too small to be recognised.")
NO_PICTURE = _("This is no picture that can be taken. Choose a photograph in JPEG, PNG or WebP.")
DAMAGED = _("The picture is damaged. Choose another one.")


class PictureRefused(DomainError):
    """The picture is not taken; the sentence says why."""


def _open(data):
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureRefused(TOO_LARGE, code="too-large") from None
    except UnidentifiedImageError:
        raise PictureRefused(NO_PICTURE, code="no-picture") from None
    except Exception:
        # A decoder meets bytes made to break it; whatever it raises, the answer is the same.
        raise PictureRefused(NO_PICTURE, code="no-picture") from None
    limit = MAX_PIXELS if image.format in ("JPEG", "MPO") else MAX_PIXELS_DECODED_WHOLE
    if image.width * image.height > limit:
        raise PictureRefused(TOO_LARGE, code="too-large")
    if min(image.size) < MIN_EDGE:
        raise PictureRefused(TOO_SMALL, code="too-small")
    return image


def _flat(image):
    """Return ``image`` as RGB, what is transparent as white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB")


def picture_clean(upload) -> bytes:
    """Return ``upload`` (an uploaded file or bytes) as an upright JPEG of at most 1000 px an edge, without metadata.

    Nothing of the sent file survives but its pixels: no EXIF, no place, nothing hung on behind. Raises PictureRefused.
    """
    if isinstance(upload, (bytes, bytearray)):
        data = bytes(upload)
    else:
        if getattr(upload, "size", 0) and upload.size > MAX_BYTES:
            raise PictureRefused(TOO_HEAVY, code="too-heavy")
        upload.seek(0)
        data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise PictureRefused(TOO_HEAVY, code="too-heavy")
    with _open(data) as image:
        try:
            image.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
            image.load()
            if image.mode in ("RGB", "RGBA", "L"):
                image.thumbnail((LONGEST_EDGE, LONGEST_EDGE), reducing_gap=2.0)
            upright = ImageOps.exif_transpose(image)
            flat = _flat(upright)
            flat.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
            # A fresh image: Pillow carries EXIF and colour profiles along in ``info``.
            bare = Image.new("RGB", flat.size)
            bare.paste(flat)
            out = io.BytesIO()
            bare.save(out, "JPEG", quality=QUALITY, optimize=True)
        except Exception:
            raise PictureRefused(DAMAGED, code="damaged") from None
    return out.getvalue()
