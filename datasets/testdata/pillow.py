"""What Pillow makes of images, for the tests of this package.

    python3 pillow.py time DIR SIDE FILTER PROCESSES

prints Pillow's version, then loads DIR, one folder per class, once for each line of input
(decode, convert to RGB, resize, into one array), and prints the seconds. As with PyTorch's
DataLoader, processes of their own load batches of images, of 64 or a quarter of their share,
into memory that they share with this one.

    python3 pillow.py resize FILE WIDTH HEIGHT FILTER

writes the RGB bytes of one resized image. FILTER is BICUBIC, which is Catmull-Rom, or
BILINEAR.
"""
import mmap
import multiprocessing
import os
import sys
import time

import PIL
from PIL import Image


def load(path, size, resample):
    with Image.open(path) as img:
        return img.convert("RGB").resize(size, resample).tobytes()


def paths(folder):
    return [
        os.path.join(folder, kind, name)
        for kind in sorted(os.listdir(folder))
        for name in sorted(os.listdir(os.path.join(folder, kind)))
    ]


def time_folder(folder, side, resample, processes):
    each = side * side * 3
    pixels = mmap.mmap(-1, len(paths(folder)) * each)

    def loads(tasks):
        for first, batch in iter(tasks.get, None):
            for i, path in enumerate(batch, first):
                pixels[i * each : (i + 1) * each] = load(path, (side, side), resample)
            tasks.task_done()

    fork = multiprocessing.get_context("fork")  # so that they share pixels
    tasks = fork.JoinableQueue()
    for _ in range(processes):
        fork.Process(target=loads, args=(tasks,), daemon=True).start()
    for _ in sys.stdin:
        start = time.perf_counter()
        files = paths(folder)
        size = min(64, -(-len(files) // (4 * processes)))
        for first in range(0, len(files), size):
            tasks.put((first, files[first : first + size]))
        tasks.join()
        print(time.perf_counter() - start, flush=True)


if sys.argv[1] == "time":
    print(PIL.__version__, flush=True)
    folder, side, resample, processes = sys.argv[2], int(sys.argv[3]), getattr(Image, sys.argv[4]), int(sys.argv[5])
    time_folder(folder, side, resample, processes)
else:
    path, width, height, resample = sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), getattr(Image, sys.argv[5])
    sys.stdout.buffer.write(load(path, (width, height), resample))
