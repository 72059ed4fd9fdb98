"""Photographs: an uploaded picture is stored as pixels and nothing else."""

import io

import pytest
from PIL import Image

from portal.exchange.pictures import LONGEST_EDGE, MAX_BYTES, PictureRefused, picture_clean
from tests.exchange import files


def photo(size=(300, 200), kind="JPEG", mode="RGB", **options):
    out = io.BytesIO()
    image = Image.new(mode, size, "red" if mode == "RGB" else 0)
    image.save(out, kind, **options)
    return out.getvalue()


def opened(data):
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_small_jpeg(kind):
    result = opened(picture_clean(files.upload(photo((2400, 1200), kind), "a.bin")))
    assert (result.format, result.size) == ("JPEG", (LONGEST_EDGE, 500))


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("PNG", "1"), ("JPEG", "CMYK")]
)
def test_every_colour_mode_is_taken(kind, mode):
    assert opened(picture_clean(photo((300, 300), kind, mode))).mode == "RGB"


def test_what_is_transparent_becomes_white():
    result = opened(picture_clean(photo((100, 100), "PNG", "RGBA")))
    assert min(result.getpixel((50, 50))) >= 250


def test_metadata_is_gone_and_the_picture_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Canary camera"
    exif.get_ifd(0x8825)[1] = "N"
    data = photo((300, 200), exif=exif, comment=b"canary")
    clean = picture_clean(data)
    result = opened(clean)
    assert result.size == (200, 300)
    assert dict(result.getexif()) == {}
    assert b"anary" not in clean
    assert "exif" not in result.info


def test_what_hangs_on_behind_is_gone():
    hidden = files.with_member(b"", "evil.html", "<script>alert(1)</script>")
    clean = picture_clean(photo() + b"<script>alert(1)</script>" + hidden)
    assert b"<script" not in clean
    assert b"PK\x03\x04" not in clean


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (files.png_header(50_000, 50_000), "too-large"),
        (files.png_header(10_000, 9_000), "too-large"),
        (files.png_header(100, 100), "damaged"),
        (photo((800, 800))[:-300], "damaged"),
        (photo((10, 10)), "too-small"),
        (photo(kind="GIF"), "no-picture"),
        (photo(kind="TIFF"), "no-picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "no-picture"),
        (b"GIF89a/*" + b"a" * 100, "no-picture"),
        (files.PDF, "no-picture"),
        (b"", "no-picture"),
        (b"\xff\xd8\xff" + b"\0" * 100, "no-picture"),
        (b"x" * (MAX_BYTES + 1), "too-heavy"),
    ],
)
def test_what_is_no_photograph_is_refused(data, code):
    with pytest.raises(PictureRefused) as caught:
        picture_clean(files.upload(data, "a.jpg"))
    assert caught.value.code == code
