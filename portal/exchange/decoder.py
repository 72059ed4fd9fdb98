"""Child process that decodes a photograph from standard input.

Its argument is the longest edge of the result. It writes an upright JPEG or an error code to standard output. It runs
apart from the web server, so that neither the memory a picture needs nor bytes made to break the decoder can harm the
server. It imports nothing of the portal.
"""

import io
import os
import resource
import sys

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
# These limits are checked against the header, before any pixel is decoded. A JPEG is decoded at a reduced size, unless
# it is progressive: then all of its coefficients are in memory at once, as are the pixels of the other formats.
MAX_PIXELS = 40_000_000
MAX_PIXELS_PROGRESSIVE = 25_000_000
MAX_PIXELS_DECODED_WHOLE = 12_000_000
MIN_EDGE = 40
# The longest edge of a picture that members show, in pixels.
LONGEST_EDGE = 1000
QUALITY = 85
# Limit of this process with all libraries; the largest accepted picture needs less.
MEMORY_BYTES = 300 * 1024 * 1024
CPU_SECONDS = 10
OK, REFUSED = b"+", b"-"


class Refused(Exception):
    """The picture is refused; the text is the code of the reason."""


def opened(data: bytes) -> Image.Image:
    """Return a picture whose header has been checked and whose pixels are not decoded yet."""
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("too-large") from None
    except UnidentifiedImageError:
        raise Refused("no-picture") from None
    except MemoryError:
        raise
    except Exception:
        # The bytes may be made to break the decoder; whatever it raises, the answer is the same.
        raise Refused("no-picture") from None
    limit = MAX_PIXELS_DECODED_WHOLE
    if image.format in ("JPEG", "MPO"):
        limit = MAX_PIXELS_PROGRESSIVE if image.info.get("progressive") else MAX_PIXELS
    if image.width * image.height > limit:
        raise Refused("too-large")
    if min(image.size) < MIN_EDGE:
        raise Refused("too-small")
    return image


def flat(image: Image.Image) -> Image.Image:
    """Return ``image`` as RGB, on white where it is transparent."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB")


def clean(data: bytes, longest: int) -> bytes:
    """Return ``data`` as an upright JPEG without metadata, ``longest`` px at most on each edge; raises Refused."""
    box = (longest, longest)
    with opened(data) as image:
        try:
            image.draft("RGB", box)
            image.load()
            if image.mode in ("RGB", "RGBA", "L"):
                image.thumbnail(box, reducing_gap=2.0)
            upright = flat(ImageOps.exif_transpose(image))
            upright.thumbnail(box)
            # A fresh image: Pillow carries EXIF and colour profiles along in ``info``.
            bare = Image.new("RGB", upright.size)
            bare.paste(upright)
            out = io.BytesIO()
            bare.save(out, "JPEG", quality=QUALITY, optimize=True)
        except MemoryError:
            raise
        except Exception:
            raise Refused("damaged") from None
    return out.getvalue()


def main() -> None:
    """Decode standard input within the limits of this process."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    data = sys.stdin.buffer.read()
    try:
        answer = OK + clean(data, int(sys.argv[1]))
    except Refused as refusal:
        answer = REFUSED + str(refusal).encode()
    except MemoryError:
        answer = REFUSED + b"too-large"
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
