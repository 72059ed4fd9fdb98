"""The worst pictures that are accepted, sent at once.

They use the memory of one picture, and none of the web server's.
"""

import io
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image

from portal.exchange import decoder, pictures
from portal.exchange.pictures import PictureRefused, picture_clean

ROOT = Path(__file__).parents[2]
# Run in a separate process: prints its peak memory before and after, and that of its largest child, in MB.
MEASURE = """
import io, resource, sys, threading
from pathlib import Path
import django
from django.conf import settings
settings.configure(USE_I18N=False)
from portal.exchange.pictures import picture_clean
files = [Path(name).read_bytes() for name in sys.argv[1:]]
peak = lambda who: resource.getrusage(who).ru_maxrss // 1024
before = peak(resource.RUSAGE_SELF)
threads = [threading.Thread(target=picture_clean, args=(data,)) for data in files]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(before, peak(resource.RUSAGE_SELF), peak(resource.RUSAGE_CHILDREN))
"""


def made(size, kind, mode="RGB", **options):
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, kind, **options)
    return out.getvalue()


def worst():
    exif = Image.Exif()
    exif[0x0112] = 6
    return {
        "baseline": made((8000, 5000), "JPEG", quality=60),
        "progressive": made((5000, 5000), "JPEG", "CMYK", quality=50, progressive=True),
        "rgba": made((4000, 3000), "PNG", "RGBA", exif=exif),
        "grey": made((4000, 3000), "PNG", "LA"),
        "webp": made((4000, 3000), "WEBP", "RGBA", quality=50, method=0),
        "lossless": made((2600, 2600), "WEBP", "RGBA", lossless=True, method=0),
    }


def test_the_worst_pictures_at_once_take_the_memory_of_one(tmp_path):
    names = []
    for name, data in worst().items():
        assert len(data) <= pictures.MAX_BYTES
        assert picture_clean(data)[:2] == b"\xff\xd8"
        (tmp_path / name).write_bytes(data)
        names.append(str(tmp_path / name))
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *names, *names], cwd=ROOT, capture_output=True, text=True, check=True
    )
    before, after, child = map(int, done.stdout.split())
    assert after - before < 30
    assert child < 300


def test_no_two_pictures_are_decoded_at_once(monkeypatch):
    running, most = [], []
    original = pictures._decoded

    def counted(*given):
        running.append(1)
        most.append(len(running))
        try:
            return original(*given)
        finally:
            running.pop()

    monkeypatch.setattr(pictures, "_decoded", counted)
    data = made((600, 400), "JPEG")
    threads = [threading.Thread(target=picture_clean, args=(data,)) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 6


def test_who_waits_too_long_for_a_turn_is_told(monkeypatch):
    monkeypatch.setattr(pictures, "TURN_SECONDS", 0.1)
    with pictures._turn, pytest.raises(PictureRefused) as refusal:
        picture_clean(made((600, 400), "JPEG"))
    assert refusal.value.code == "busy"
    assert picture_clean(made((600, 400), "JPEG"))


@pytest.mark.parametrize(
    "data",
    [
        made((6400, 6400), "JPEG", quality=30),
        made((5100, 5100), "JPEG", quality=30, progressive=True),
        made((4100, 3000), "PNG"),
        made((4100, 3000), "WEBP", quality=10, method=0),
    ],
)
def test_what_is_larger_is_refused_before_it_is_decoded(data, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda *args: pytest.fail("decoded"))
    with pytest.raises(decoder.Refused, match="too-large"):
        decoder.opened(data)
    monkeypatch.undo()
    with pytest.raises(PictureRefused) as refusal:
        picture_clean(data)
    assert refusal.value.code == "too-large"


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        # A picture that needs more memory than its header says: the limit of the process stops it.
        ("decoder.opened = lambda data: bytearray(1 << 30)", "too-large"),
        # A decoder that crashes on its input.
        ("import os; decoder.opened = lambda data: os.kill(os.getpid(), 11)", "damaged"),
        ("import os; decoder.opened = lambda data: os._exit(0)", "damaged"),
    ],
)
def test_a_decoder_that_breaks_is_no_broken_server(tmp_path, monkeypatch, trouble, code):
    text = Path(decoder.__file__).read_text(encoding="utf-8")
    broken = tmp_path / "decoder.py"
    broken.write_text(
        text.replace('if __name__ == "__main__":', f"decoder = sys.modules['__main__']\n{trouble}\nif True:")
    )
    monkeypatch.setattr(decoder, "__file__", str(broken))
    with pytest.raises(PictureRefused) as refusal:
        picture_clean(made((600, 400), "JPEG"))
    assert refusal.value.code == code
