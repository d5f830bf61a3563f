"""What Pillow makes of images, for the tests of this package.

    python3 pillow.py time DIR SIDE FILTER

loads DIR, one folder per class, once for each line of input, in this process and
thread (decode, convert to RGB, resize, to bytes), and prints the seconds.

    python3 pillow.py resize FILE WIDTH HEIGHT FILTER

writes the RGB bytes of one resized image. FILTER is BICUBIC, which is Catmull-Rom, or
BILINEAR.
"""
import os
import sys
import time

from PIL import Image


def load(path, size, resample):
    with Image.open(path) as img:
        return img.convert("RGB").resize(size, resample).tobytes()


def load_folder(folder, size, resample):
    return [
        load(os.path.join(folder, kind, name), size, resample)
        for kind in sorted(os.listdir(folder))
        for name in sorted(os.listdir(os.path.join(folder, kind)))
    ]


if sys.argv[1] == "time":
    folder, side, resample = sys.argv[2], int(sys.argv[3]), getattr(Image, sys.argv[4])
    for _ in sys.stdin:
        start = time.perf_counter()
        load_folder(folder, (side, side), resample)
        print(time.perf_counter() - start, flush=True)
else:
    path, width, height, resample = sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), getattr(Image, sys.argv[5])
    sys.stdout.buffer.write(load(path, (width, height), resample))
