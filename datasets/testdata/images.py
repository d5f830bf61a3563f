"""Writes images.tar.gz: files of every kind that people have, and beside each that is read
what Pillow makes of it, RGB on white, as NAME.ppm. TestImages has a row, and a reason, for
each of them. (One archive, as most files are alike: 300 KB of files take a tenth.)

    pip install pillow==13.0.0 numpy tifffile imagecodecs
    apt-get install libjpeg-turbo-progs        (cjpeg, jpegtran: 2.1.5)
    apt-get install libtiff-tools              (tiffcp: 4.5.0)
    python3 images.py

Where Pillow does not open a file that is read, the pixels are those of the file that it was
made from. Pillow cuts 16-bit grey to 0…255 when it converts it; here the upper eight bits
are taken, as Pillow does with its other kinds of 16 bits.
"""
import gzip
import io
import os
import struct
import subprocess
import tarfile
import tempfile
import zlib

import numpy as np
import tifffile
from PIL import Image, ImageOps, PngImagePlugin

here = os.path.dirname(os.path.abspath(__file__))
files = {}

W, H = 21, 13  # no multiple of a block of JPEG, nor of a byte of bits
yy, xx = np.mgrid[0:H, 0:W]
rgb = np.stack([40 + 8 * xx, 220 - 9 * yy - 2 * xx, 60 + 5 * yy + 4 * xx], -1).clip(0, 255).astype(np.uint8)
rgb[4:9, 6:14] = (200, 60, 40)  # an edge
smooth = np.stack([90 + 4 * xx, 150 - 3 * yy, 100 + 2 * yy + xx], -1).astype(np.uint8)
alpha = (255 * xx // (W - 1)).astype(np.uint8)
photo, soft, grey = Image.fromarray(rgb), Image.fromarray(smooth), Image.fromarray(rgb[..., 1])
rgba = Image.fromarray(np.dstack([rgb, alpha]))
deep = rgb.astype(np.uint16) * 257 + 90  # 16 bits, whose lower eight matter to nobody


def flat(img):
    """RGB on white."""
    if img.mode.startswith("I"):
        return Image.fromarray((np.asarray(img) >> 8).astype(np.uint8)).convert("RGB")
    if "A" in img.mode or "a" in img.mode or "transparency" in img.info:
        img = img.convert("RGBA")
        white = Image.new("RGBA", img.size, "white")
        return Image.alpha_composite(white, img).convert("RGB")
    return img.convert("RGB")


def keep(name, data, like=None, refused=False):
    """Writes a file, and Pillow's pixels of it, or those of another file or image."""
    files[name] = data
    if refused:
        return data
    img = like
    if img is None or isinstance(img, bytes):
        img = Image.open(io.BytesIO(like or data))
        img.load()
    if name.startswith("shown"):
        img = ImageOps.exif_transpose(img)
    img = flat(img)
    files[name + ".ppm"] = b"P6\n%d %d\n255\n" % img.size + img.tobytes()
    if like is not None:
        try:
            Image.open(io.BytesIO(data)).load()
            print("Pillow opens", name)
        except Exception:
            pass
    return data


def saved(img, kind, **kw):
    out = io.BytesIO()
    img.save(out, kind, **kw)
    return out.getvalue()


# JPEG


def segments(data):
    """The segments before the scan as (marker, bytes), and the rest."""
    out, at = [], 2
    while data[at + 1] != 0xDA:
        n = struct.unpack(">H", data[at + 2 : at + 4])[0]
        out.append((data[at + 1], data[at : at + 2 + n]))
        at += 2 + n
    return out, data[at:]


def without(data, *markers):
    before, rest = segments(data)
    return data[:2] + b"".join(s for m, s in before if m not in markers) + rest


def cjpeg(img, *options):
    return subprocess.run(["cjpeg", "-quality", "90", *options], input=saved(img, "PPM"), capture_output=True, check=True).stdout


def exif(orientation, order="<"):
    sign = b"II*\0" if order == "<" else b"MM\0*"
    return sign + struct.pack(order + "IHHHIHHI", 8, 1, 0x112, 3, 1, orientation, 0, 0)


plain = keep("plain.jpg", saved(photo, "JPEG", quality=90, subsampling=0))
keep("grey.jpg", saved(grey, "JPEG", quality=90))
for ratio in ("1x1", "2x1", "1x2", "2x2", "4x1", "4x2"):
    keep(f"sampled-{ratio}.jpg", cjpeg(soft, "-sample", ratio))
keep("sampled-2x2,2x1,2x1.jpg", cjpeg(soft, "-sample", "2x2,2x1,2x1"))
keep("sampled-1x4.jpg", cjpeg(soft, "-sample", "1x4"), refused=True)
keep("sampled-3x1.jpg", cjpeg(soft, "-sample", "3x1"), refused=True)
keep("progressive.jpg", saved(photo, "JPEG", quality=90, subsampling=0, progressive=True))
keep("progressive-grey.jpg", saved(grey, "JPEG", quality=90, progressive=True))
keep("optimized.jpg", saved(photo, "JPEG", quality=90, subsampling=0, optimize=True))
keep("quality-5.jpg", saved(photo, "JPEG", quality=5, subsampling=0))
keep("quality-100.jpg", saved(photo, "JPEG", quality=100, subsampling=0))
keep("restarts.jpg", saved(photo, "JPEG", quality=90, subsampling=0, restart_marker_blocks=1))
keep("restarts-sampled.jpg", cjpeg(soft, "-sample", "2x2", "-restart", "1"))
keep("rgb.jpg", cjpeg(photo, "-rgb"))
keep("extended.jpg", plain.replace(b"\xff\xc0", b"\xff\xc1", 1))
keep("arithmetic.jpg", cjpeg(photo, "-arithmetic"), refused=True)
keep("arithmetic-progressive.jpg", cjpeg(photo, "-arithmetic", "-progressive"), refused=True)
keep("bits-12.jpg", plain.replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc1\x00\x11\x0c", 1), refused=True)
keep("lossless.jpg", plain.replace(b"\xff\xc0", b"\xff\xc3", 1), refused=True)
script = os.path.join(tempfile.mkdtemp(), "scans.txt")
with open(script, "w") as f:
    f.write("0;\n1;\n2;\n")
keep("scans.jpg", cjpeg(photo, "-sample", "1x1", "-scans", script))
for ratio in ("2x2", "2x1", "1x2", "4x1,2x1,2x1"):
    img = soft if ratio < "4" else soft.resize((41, H))  # where a colour has a block less than units have
    keep(f"progressive-{ratio}.jpg", cjpeg(img, "-sample", ratio, "-progressive"))
    keep(f"progressive-restarts-{ratio}.jpg", cjpeg(img, "-sample", ratio, "-progressive", "-restart", "1"))
    keep(f"scans-restarts-{ratio}.jpg", cjpeg(img, "-sample", ratio, "-scans", script, "-restart", "3B"))
keep("progressive-restarts-rows.jpg", saved(soft, "JPEG", quality=90, progressive=True, restart_marker_rows=1))
keep("progressive-restarts-1x1.jpg", saved(soft, "JPEG", quality=90, progressive=True, subsampling=0, restart_marker_blocks=2))
odd_script = script + ".odd"
with open(odd_script, "w") as f:  # two components together, and a first and a finer scan of each kind
    f.write("0 1: 0 0, 0, 1;\n2: 0 0, 0, 0;\n0: 1 5, 0, 2;\n0: 6 63, 0, 1;\n0: 1 5, 2, 1;\n1: 1 63, 0, 0;\n2: 1 63, 0, 1;\n2: 1 63, 1, 0;\n0 1: 0 0, 1, 0;\n0: 1 63, 1, 0;\n")
keep("progressive-restarts-odd-scans.jpg", cjpeg(soft, "-sample", "2x2", "-scans", odd_script, "-restart", "2B"))
odd = cjpeg(soft, "-sample", "2x2", "-progressive", "-restart", "1B")
keep("progressive-restarts-no-end.jpg", odd[:-2], odd)
keep("progressive-restarts-cut.jpg", odd[:-20], refused=True)
keep("progressive-restarts-scan-missing.jpg", odd[: odd.rindex(b"\xff\xda")] + b"\xff\xd9", refused=True)
at = odd.rindex(b"\xff\xda") + 60
keep("progressive-restarts-damaged.jpg", odd[:at].replace(b"\xff\xd1", b"\xff\xfe\0\2") + odd[at:], refused=True)

keep("no-huffman-tables.jpg", without(plain, 0xC4))
keep("no-huffman-tables-grey.jpg", without(saved(grey, "JPEG", quality=90), 0xC4))
keep("no-huffman-tables-sampled.jpg", without(cjpeg(soft, "-sample", "2x1", "-restart", "1"), 0xC4))
before, rest = segments(plain)
tables = [s for m, s in before if m == 0xC4]
keep("some-huffman-tables.jpg", plain[:2] + b"".join(s for m, s in before if m != 0xC4) + tables[0] + rest)
avi = b"\xff\xe0\0\x10AVI1\0\0\0\0\0\0\0\0\0\0"
keep("webcam.jpg", plain[:2] + avi + without(plain, 0xC4, 0xE0)[2:] + bytes(100))

keep("no-end.jpg", plain[:-2], plain)
keep("half-an-end.jpg", plain[:-1], plain)
restarts = saved(photo, "JPEG", quality=90, subsampling=0, restart_marker_blocks=1)
keep("no-end-restarts.jpg", restarts[:-2], restarts)
keep("no-end-zeros.jpg", plain[:-2] + bytes(50))
keep("no-end-progressive.jpg", saved(photo, "JPEG", quality=90, progressive=True, subsampling=0)[:-2], saved(photo, "JPEG", quality=90, progressive=True, subsampling=0))
keep("cut.jpg", plain[: len(plain) - 40], refused=True)
keep("cut-header.jpg", plain[:100], refused=True)
scans = saved(photo, "JPEG", quality=90, progressive=True)
keep("cut-in-scan.jpg", scans[:-30], refused=True)
keep("cut-between-scans.jpg", scans[: scans.rindex(b"\xff\xda")], refused=True)
keep("cut-between-scans-with-end.jpg", scans[: scans.rindex(b"\xff\xda")] + b"\xff\xd9", refused=True)
scans = cjpeg(photo, "-sample", "1x1", "-scans", script)
keep("cut-between-plain-scans.jpg", scans[: scans.rindex(b"\xff\xda")] + b"\xff\xd9", refused=True)
keep("garbage-behind.jpg", plain + b"behind the end" * 5)
keep("two-behind-one-another.jpg", plain + saved(grey, "JPEG"))
keep("garbage-before.jpg", b"\r\n--frame\r\nContent-Type: image/jpeg\r\n\r\n" + plain, refused=True)
keep("fill-bytes.jpg", plain[:2] + b"\xff\xff\xff" + plain[2:])
keep("garbage-between.jpg", plain[:20] + b"\x00\x01\x02" + plain[20:])
keep("comment.jpg", saved(photo, "JPEG", quality=90, subsampling=0, comment=b"c" * 300))
keep("profile.jpg", saved(photo, "JPEG", quality=90, subsampling=0, icc_profile=bytes(200)))
keep("thumbnail.jpg", plain[:2] + b"\xff\xe1" + struct.pack(">H", 8 + 26 + 4) + b"Exif\0\0" + exif(1) + b"\xff\xd8\xff\xd9" + plain[2:])
keep("jpeg-as.png", plain)

cmyk = Image.fromarray(255 - np.dstack([rgb, np.full((H, W), 200, np.uint8)]), "CMYK")
adobe = saved(cmyk, "JPEG", quality=95)
keep("cmyk.jpg", adobe)
keep("cmyk-progressive.jpg", saved(cmyk, "JPEG", quality=95, progressive=True))
keep("cmyk-no-adobe.jpg", without(adobe, 0xEE))
at = adobe.index(b"Adobe") + 11
keep("ycck.jpg", adobe[:at] + b"\x02" + adobe[at + 1 :])
keep("adobe-rgb.jpg", plain[:2] + b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0" + without(plain, 0xE0)[2:])

for o in range(1, 9):
    keep(f"shown-{o}.jpg", saved(soft, "JPEG", quality=90, subsampling=0, exif=b"Exif\0\0" + exif(o, "<>"[o % 2])))


def segment(marker, body):
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def xmp(orientation, element=False):
    says = f"<tiff:Orientation>{orientation}</tiff:Orientation>" if element else ""
    attribute = "" if element else f' tiff:Orientation="{orientation}"'
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/"{attribute}>{says}</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


def one_entry(kind, value, order="<", count=1):
    """A directory of the orientation alone, of any kind of number."""
    sign = b"II*\0" if order == "<" else b"MM\0*"
    return sign + struct.pack(order + "IHHHI", 8, 1, 0x112, kind, count) + value.ljust(4, b"\0") + bytes(4)


stored = saved(soft, "JPEG", quality=90, subsampling=0)
with_app1 = lambda *bodies: stored[:2] + b"".join(segment(0xE1, b) for b in bodies) + stored[2:]
head_of_xmp = b"http://ns.adobe.com/xap/1.0/\0"
keep("shown-6-xmp.jpg", with_app1(head_of_xmp + xmp(6)))
keep("shown-8-xmp-element.jpg", with_app1(head_of_xmp + xmp(8, True)))
keep("shown-1-not-xmp.jpg", with_app1(head_of_xmp + xmp(6), b"Exif\0\0" + exif(1)))
keep("shown-9-not-xmp.jpg", with_app1(head_of_xmp + xmp(6), b"Exif\0\0" + exif(9)))
keep("shown-5-xmp-for-exif.jpg", with_app1(b"Exif\0\0" + exif(1).replace(struct.pack("<H", 0x112), struct.pack("<H", 0x10F)), head_of_xmp + xmp(5)))
keep("shown-6-long.jpg", with_app1(b"Exif\0\0" + one_entry(4, struct.pack(">I", 6), ">")))
keep("shown-7-signed-short.jpg", with_app1(b"Exif\0\0" + one_entry(8, struct.pack(">h", 7), ">")))
keep("shown-8-signed-long.jpg", with_app1(b"Exif\0\0" + one_entry(9, struct.pack("<i", 8))))
fraction = one_entry(5, struct.pack("<I", 26)) + struct.pack("<II", 12, 2)
keep("shown-6-fraction.jpg", with_app1(b"Exif\0\0" + fraction))
keep("shown-3-float.jpg", with_app1(b"Exif\0\0" + one_entry(11, struct.pack("<f", 3))))
keep("shown-6-more-said.jpg", with_app1(b"Exif\0\0" + exif(6)[:8] + struct.pack("<H", 20) + exif(6)[10:]))
keep("shown-6-cut.jpg", with_app1(b"Exif\0\0" + exif(6)[:-4]))
keep("shown-6-in-two.jpg", with_app1(b"Exif\0\0" + exif(6)[:12], b"Exif\0\0" + exif(6)[12:]))
keep("shown-6-twice.jpg", with_app1(b"Exif\0\0" + b"Exif\0\0" + exif(6)))
keep("shown-6-grey.jpg", saved(grey, "JPEG", quality=90, exif=b"Exif\0\0" + exif(6)))
keep("shown-9.jpg", saved(soft, "JPEG", quality=90, subsampling=0, exif=b"Exif\0\0" + exif(9)))
keep("stored-6.jpg", saved(soft, "JPEG", quality=90, subsampling=0, exif=b"Exif\0\0" + exif(6)))

# PNG


def chunk(name, body, crc=None):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body) if crc is None else crc)


def png(bits, colour, rows, interlaced=0, before=b"", width=W, height=H):
    """A PNG of rows as bytes, without filter."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlaced))
    packed = zlib.compress(b"".join(b"\0" + bytes(r) for r in rows))
    return b"\x89PNG\r\n\x1a\n" + head + before + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def chunks(data):
    out, at = [], 8
    while at < len(data):
        n = struct.unpack(">I", data[at : at + 4])[0]
        out.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + n]))
        at += 12 + n
    return out


def bits(values, depth):
    """Rows of values of a few bits each."""
    for row in values:
        b = "".join(format(v, f"0{depth}b") for v in row)
        b += "0" * (-len(b) % 8)
        yield bytes(int(b[i : i + 8], 2) for i in range(0, len(b), 8))


passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def adam7(array):
    for x, y, dx, dy in passes:
        for row in array[y::dy, x::dx]:
            if row.size:
                yield row.astype(">u2" if row.dtype == np.uint16 else "u1").tobytes()


index = (xx + 2 * yy) % 16
colours = bytes(int(v) for i in range(16) for v in (16 * i, 255 - 10 * i, 7 * i))
plain_png = keep("rgb.png", saved(photo, "PNG"))
keep("grey.png", saved(grey, "PNG"))
keep("rgba.png", saved(rgba, "PNG"))
keep("grey-alpha.png", saved(rgba.convert("LA"), "PNG"))
keep("1-bit.png", saved(grey.point(lambda v: 255 * (v > 128)).convert("1"), "PNG"))
keep("2-bit.png", png(2, 0, bits(index % 4, 2)))
keep("4-bit.png", png(4, 0, bits(index, 4)))
keep("16-bit-grey.png", png(16, 0, [r.astype(">u2").tobytes() for r in deep[..., 1]]))
keep("16-bit-rgb.png", png(16, 2, [r.astype(">u2").tobytes() for r in deep]))
keep("16-bit-rgba.png", png(16, 6, [r.astype(">u2").tobytes() for r in np.dstack([deep, alpha.astype(np.uint16) * 257])]))
keep("16-bit-grey-alpha.png", png(16, 4, [r.astype(">u2").tobytes() for r in np.dstack([deep[..., 0], alpha.astype(np.uint16) * 257])]))
for depth in (1, 2, 4, 8):
    keep(f"palette-{depth}-bit.png", png(depth, 3, bits(index % (1 << min(depth, 4)), depth), before=chunk(b"PLTE", colours[: 3 << min(depth, 4)])))
keep("palette-clear.png", png(4, 3, bits(index, 4), before=chunk(b"PLTE", colours) + chunk(b"tRNS", bytes([0, 128, 255, 60]))))
keep("palette-short.png", png(8, 3, bits(index % 4, 8), before=chunk(b"PLTE", colours[:12])))
keep("palette-unused.png", png(8, 2, [r.tobytes() for r in rgb], before=chunk(b"PLTE", colours)))
keep("grey-clear.png", png(8, 0, [bytes(r) for r in index.astype(np.uint8) * 16], before=chunk(b"tRNS", b"\0\x30")))
keep("rgb-clear.png", png(8, 2, [r.tobytes() for r in rgb], before=chunk(b"tRNS", b"\0\xc8\0\x3c\0\x28")))
keep("interlaced.png", png(8, 2, adam7(rgb), 1))
keep("interlaced-16-bit.png", png(16, 2, adam7(deep), 1))
keep("interlaced-1-pixel.png", png(8, 2, [b"\x10\x80\xf0"], 1, width=1, height=1))
keep("1-pixel.png", saved(Image.new("RGB", (1, 1), (9, 99, 199)), "PNG"))
animated = saved(photo, "PNG", save_all=True, append_images=[soft])
keep("animated.png", animated)
text = PngImagePlugin.PngInfo()
text.add_text("Comment", "long " * 4000, zip=True)
keep("text.png", saved(photo, "PNG", pnginfo=text))
before_pixels = lambda c: plain_png[:33] + c + plain_png[33:]
keep("gamma.png", before_pixels(chunk(b"gAMA", struct.pack(">I", 100000))))
keep("profile.png", before_pixels(chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(200)))))
keep("unknown-chunk.png", before_pixels(chunk(b"zzZz", b"what is this")))

keep("no-end.png", plain_png[:-12])
keep("no-end-nor-checksum.png", plain_png[:-16])
keep("no-end-nor-checksums.png", plain_png[:-20])
keep("no-end-interlaced.png", png(8, 2, adam7(rgb), 1)[:-12])
keep("no-end-palette.png", png(4, 3, bits(index, 4), before=chunk(b"PLTE", colours) + chunk(b"tRNS", bytes([0, 128, 255, 60])))[:-12])
keep("half-an-end.png", plain_png[:-5])
keep("cut.png", plain_png[:-60], refused=True)
keep("cut-header.png", plain_png[:30], refused=True)
keep("garbage-behind.png", plain_png + b"behind the end" * 5)
keep("wrong-checksum-of-text.png", before_pixels(chunk(b"tEXt", b"a\0b", 1)), plain_png)
keep("wrong-checksum-behind.png", plain_png[:-12] + chunk(b"tEXt", b"a\0b", 1) + plain_png[-12:])
packed = dict(chunks(plain_png))[b"IDAT"]
keep("wrong-checksum-of-pixels.png", plain_png[:33] + chunk(b"IDAT", packed, 1) + plain_png[-12:])
keep("wrong-checksum-of-the-end.png", plain_png[:-4] + b"\0\0\0\0")
keep("wrong-checksum-of-header.png", plain_png[:29] + b"\0\0\0\0" + plain_png[33:], refused=True)
wrong = bytearray(packed)
wrong[len(wrong) // 2] ^= 8
keep("wrong-pixels.png", plain_png[:33] + chunk(b"IDAT", bytes(wrong)) + plain_png[-12:], refused=True)
keep("split-pixels.png", plain_png[:33] + b"".join(chunk(b"IDAT", packed[i : i + 7]) for i in range(0, len(packed), 7)) + plain_png[-12:])
keep("empty-pixels.png", plain_png[:33] + chunk(b"IDAT", b"") + plain_png[33:])
keep("text-between-pixels.png", plain_png[:33] + chunk(b"IDAT", packed[:40]) + chunk(b"tEXt", b"a\0b") + chunk(b"IDAT", packed[40:]) + plain_png[-12:], plain_png)
keep("more-pixels.png", png(8, 2, [r.tobytes() for r in rgb] + [bytes(3 * W)] * 2))
keep("long-palette.png", png(2, 3, bits(index % 4, 2), before=chunk(b"PLTE", colours)))
keep("palette-of-grey.png", png(8, 0, [r.tobytes() for r in rgb[..., 1]], before=chunk(b"PLTE", colours)))
keep("clear-before-palette.png", png(4, 3, bits(index, 4), before=chunk(b"tRNS", bytes([0, 128, 255, 60])) + chunk(b"PLTE", colours)))
keep("xcode.png", plain_png[:8] + chunk(b"CgBI", b"\x50\0\x20\x02") + plain_png[8:], refused=True)
keep("as-text.png", plain_png.replace(b"\r\n", b"\n"), refused=True)
keep("png-as.jpg", plain_png)
for o in (3, 6):
    keep(f"shown-{o}.png", saved(photo, "PNG", exif=exif(o)))
keep("shown-8-behind.png", plain_png[:-12] + chunk(b"eXIf", exif(8)) + plain_png[-12:])
keep("shown-5-rgba.png", saved(rgba, "PNG", exif=exif(5, ">")))
keep("shown-6-exif-header.png", before_pixels(chunk(b"eXIf", b"Exif\0\0" + exif(6))))
for o, packed in ((6, False), (8, True)):
    data = b"Exif\0\0" + exif(o)
    text = PngImagePlugin.PngInfo()
    text.add_text("Raw profile type exif", f"\nexif\n{len(data):8}\n" + "\n".join(data.hex()[i : i + 72] for i in range(0, 2 * len(data), 72)) + "\n", zip=packed)
    keep(f"shown-{o}-raw-profile.png", saved(photo, "PNG", pnginfo=text))
    text = PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", xmp(o).decode(), zip=packed)
    keep(f"shown-{o}-xmp.png", saved(photo, "PNG", pnginfo=text))

# GIF


def blocks(data):
    return b"".join(bytes([len(data[i : i + 255])]) + data[i : i + 255] for i in range(0, len(data), 255)) + b"\0"


def lzw(values, width):
    """GIF's codes, none of them packed: each value as it is, cleared before codes grow."""
    out, have, n = 0, 0, 0
    def put(v):
        nonlocal out, have
        out |= v << have
        have += width + 1
    for v in values:
        if n % max(2**width - 2, 1) == 0:
            put(1 << width)
        put(int(v))
        n += 1
    put((1 << width) + 1)
    return bytes([width]) + blocks(out.to_bytes((have + 7) // 8, "little"))


def gif(frame, at=(0, 0), screen=(W, H), palette=colours, local=b"", before=b"", interlaced=False, end=b";"):
    h, w = frame.shape
    head = b"GIF89a" + struct.pack("<HHBBB", *screen, 0xB3 if palette else 0, 0, 0) + palette
    desc = b"," + struct.pack("<HHHHB", *at, w, h, (0x83 if local else 0) | (0x40 if interlaced else 0)) + local
    if interlaced:
        frame = np.concatenate([frame[0::8], frame[4::8], frame[2::4], frame[1::2]])
    return head + before + desc + lzw(frame.ravel(), 4) + end


clear = b"!\xf9\x04\x01\0\0\x03\0"
small = index[:7, :9]
keep("plain.gif", saved(photo.quantize(16), "GIF"))
keep("grey.gif", saved(grey, "GIF"))
keep("interlaced.gif", gif(index, interlaced=True))
keep("uninterlaced.gif", gif(index))
keep("clear.gif", gif(index, before=clear))
keep("local-palette.gif", gif(index, local=colours[::-1]))
keep("only-local-palette.gif", gif(index, palette=b"", local=colours[::-1]))
keep("no-palette.gif", gif(index, palette=b""))
keep("small-frame.gif", gif(small, at=(3, 2)))
keep("small-frame-clear.gif", gif(small, at=(3, 2), before=clear))
keep("large-frame.gif", gif(index, screen=(10, 9)))
keep("beside-screen.gif", gif(small, at=(8, 4), screen=(10, 9)))
keep("no-screen.gif", gif(index, screen=(0, 0)))
keep("no-end.gif", gif(index, end=b""))
keep("garbage-behind.gif", gif(index, end=b";and more"))
keep("zeros-between.gif", gif(index, before=b"\0\0\0"))
keep("comment.gif", gif(index, before=b"!\xfe" + blocks(b"a comment" * 40)))
keep("unknown-extension.gif", gif(index, before=b"!\x42" + blocks(b"what is this")))
keep("animated.gif", saved(photo.quantize(16), "GIF", save_all=True, append_images=[soft.quantize(16)], duration=50, loop=0))
for width in (1, 9, 11, 12):  # bits of a value: Pillow takes eight of them
    wide = lzw((xx * 37 + yy * 11).ravel() % min(1 << width, 200), width)
    keep(f"{width}-bit-values.gif", b"GIF89a" + struct.pack("<HHBBB", W, H, 0xB3, 0, 0) + colours + b"," + struct.pack("<HHHHB", 0, 0, W, H, 0) + wide + b";")
wide = lzw((xx * 37 + yy * 11).ravel() % 200, 8)
keep("beyond-palette.gif", b"GIF89a" + struct.pack("<HHBBB", W, H, 0xB3, 0, 0) + colours + b"," + struct.pack("<HHHHB", 0, 0, W, H, 0) + wide + b";")
keep("beyond-local-palette.gif", b"GIF89a" + struct.pack("<HHBBB", W, H, 0xB3, 0, 0) + colours + b"," + struct.pack("<HHHHB", 0, 0, W, H, 0x80) + colours[-6:] + lzw(index.ravel(), 4) + b";")
keep("87a.gif", gif(index).replace(b"89a", b"87a"))
keep("cut.gif", gif(index)[:-60], refused=True)
keep("gif-as.jpg", saved(photo.quantize(16), "GIF"))

# BMP


def bmp(bits, rows, header=40, packing=0, masks=b"", palette=b"", height=H, gap=b"", width=W, down=False):
    if header == 12:
        dib = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        dib = struct.pack("<IiiHHIIiiII", header, width, -height if down else height, 1, bits, packing, 0, 2835, 2835, len(palette) // 4, 0)
        dib += masks if header == 40 else masks.ljust(header - 40, b"\0")
    if isinstance(rows, bytes):
        body = rows
    else:
        rows = [bytes(r) + bytes(-len(bytes(r)) % 4) for r in rows]
        body = b"".join(rows if down else rows[::-1])
    offset = 14 + len(dib) + len(palette) + len(gap)
    return b"BM" + struct.pack("<IHHI", offset + len(body), 0, 0, offset) + dib + palette + gap + body


bgr = rgb[..., ::-1]
bgrx = np.dstack([bgr, alpha])
four = b"".join(colours[3 * i : 3 * i + 3][::-1] + b"\0" for i in range(16))
three = b"".join(colours[3 * i : 3 * i + 3][::-1] for i in range(16))
r5, g6, b5 = rgb[..., 0].astype("<u2") >> 3, rgb[..., 1].astype("<u2") >> 2, rgb[..., 2].astype("<u2") >> 3
fields = lambda *m: struct.pack("<" + "I" * len(m), *m)
keep("24-bit.bmp", saved(photo, "BMP"))
keep("8-bit-grey.bmp", saved(grey, "BMP"))
keep("1-bit.bmp", saved(grey.point(lambda v: 255 * (v > 128)).convert("1"), "BMP"))
keep("1-bit-colours.bmp", bmp(1, bits(index % 2, 1), palette=four[:8]))
keep("4-bit.bmp", bmp(4, bits(index, 4), palette=four))
keep("8-bit.bmp", bmp(8, bits(index, 8), palette=four))
keep("8-bit-gap.bmp", bmp(8, bits(index, 8), palette=four, gap=bytes(10)))
begin = bmp(8, bits(index, 8), palette=four)
keep("8-bit-wrong-begin.bmp", begin[:10] + struct.pack("<I", 54) + begin[14:])
keep("16-bit-555.bmp", bmp(16, [r.tobytes() for r in (r5 << 10 | (g6 >> 1) << 5 | b5)]))
keep("16-bit-565.bmp", bmp(16, [r.tobytes() for r in (r5 << 11 | g6 << 5 | b5)], packing=3, masks=fields(0xF800, 0x7E0, 0x1F)))
bit15 = (xx % 2 << 15).astype("<u2")
keep("16-bit-1555.bmp", bmp(16, [r.tobytes() for r in (bit15 | r5 << 10 | (g6 >> 1) << 5 | b5)], 108, 3, fields(0x7C00, 0x3E0, 0x1F, 0x8000)))
keep("32-bit.bmp", bmp(32, [r.tobytes() for r in bgrx]))
keep("32-bit-fields.bmp", bmp(32, [r.tobytes() for r in bgrx], packing=3, masks=fields(0xFF0000, 0xFF00, 0xFF)))
keep("32-bit-alpha.bmp", bmp(32, [r.tobytes() for r in bgrx], 108, 3, fields(0xFF0000, 0xFF00, 0xFF, 0xFF000000)))
keep("32-bit-alpha-v3.bmp", bmp(32, [r.tobytes() for r in bgrx[..., [2, 1, 0, 3]]], 56, 3, fields(0xFF, 0xFF00, 0xFF0000, 0xFF000000)))
keep("32-bit-all-clear.bmp", bmp(32, [r.tobytes() for r in np.dstack([bgr, 0 * alpha])], 124, 3, fields(0xFF0000, 0xFF00, 0xFF, 0xFF000000)), photo)
keep("32-bit-v5.bmp", bmp(32, [r.tobytes() for r in bgrx], 124))
keep("24-bit-down.bmp", bmp(24, [r.tobytes() for r in bgr], down=True))
keep("24-bit-v4.bmp", bmp(24, [r.tobytes() for r in bgr], 108))
keep("24-bit-gap.bmp", bmp(24, [r.tobytes() for r in bgr], gap=bytes(6)))
keep("os2-24-bit.bmp", bmp(24, [r.tobytes() for r in bgr], 12))
keep("os2-4-bit.bmp", bmp(4, bits(index, 4), 12, palette=three))
keep("os2-v2.bmp", bmp(24, [r.tobytes() for r in bgr], 64))
runs8 = b"".join(b"".join(bytes([1, int(v)]) for v in r[:5]) + bytes([0, W - 5]) + bytes(r[5:].astype(np.uint8)) + bytes((W - 5) % 2) + b"\0\0" for r in index[::-1]) + b"\0\1"
keep("8-bit-runs.bmp", bmp(8, runs8, packing=1, palette=four))
runs4 = b"".join(bytes([W - 4, 0x5A]) + bytes([0, 4]) + bytes([0x12, 0x34]) + b"\0\0" for _ in range(H)) + b"\0\1"
keep("4-bit-runs.bmp", bmp(4, runs4, packing=2, palette=four))
step = bytes([5, 3, 0, 2, 4, 2, 6, 7, 0, 0]) + bytes([W, 9, 0, 0]) * (H - 3) + b"\0\1"
keep("8-bit-runs-steps.bmp", bmp(8, step, packing=1, palette=four))
keep("cut.bmp", saved(photo, "BMP")[:-100], refused=True)
keep("bmp-as.jpg", saved(photo, "BMP"))

# TIFF


def tiff(array, **kw):
    out = io.BytesIO()
    tifffile.imwrite(out, array, metadata=None, software=False, **kw)
    return out.getvalue()


one = grey.point(lambda v: 255 * (v > 128)).convert("1")
for packing in ("raw", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits", "jpeg"):
    keep(f"rgb-{packing}.tif", saved(photo, "TIFF", compression=packing, quality=95) if packing == "jpeg" else saved(photo, "TIFF", compression=packing))
for packing in ("raw", "group3", "group4", "packbits"):
    keep(f"1-bit-{packing}.tif", saved(one, "TIFF", compression=packing))
keep("1-bit-white-is-0.tif", saved(one, "TIFF", tiffinfo={262: 0}))
keep("1-bit-white-is-0-group4.tif", saved(one, "TIFF", compression="group4", tiffinfo={262: 0}))
keep("1-bit-from-the-right.tif", saved(one, "TIFF", tiffinfo={266: 2}))
keep("grey.tif", saved(grey, "TIFF"))
keep("grey-jpeg.tif", saved(grey, "TIFF", compression="jpeg", quality=95))
keep("grey-white-is-0.tif", tiff(rgb[..., 1], photometric="miniswhite"))
keep("grey-alpha.tif", saved(rgba.convert("LA"), "TIFF"))
keep("16-bit-grey.tif", tiff(deep[..., 1], photometric="minisblack"))
keep("16-bit-grey-big-endian.tif", tiff(deep[..., 1], photometric="minisblack", byteorder=">"))
keep("16-bit-rgb.tif", tiff(deep, photometric="rgb"))
keep("16-bit-rgb-big-endian-lzw.tif", tiff(deep, photometric="rgb", byteorder=">", compression="lzw", predictor=True))
keep("rgba.tif", saved(rgba, "TIFF"))
keep("rgba-premultiplied.tif", tiff(np.asarray(rgba.convert("RGBa")), photometric="rgb", extrasamples=["assocalpha"]))
keep("rgb-more.tif", tiff(np.dstack([rgb, alpha]), photometric="rgb", extrasamples=["unspecified"]))
keep("palette.tif", saved(photo.quantize(16), "TIFF"))
keep("cmyk.tif", saved(cmyk, "TIFF"))
keep("cmyk-lzw.tif", saved(cmyk, "TIFF", compression="tiff_lzw"))
keep("planes.tif", tiff(np.moveaxis(rgb, -1, 0), photometric="rgb", planarconfig="separate"))
keep("planes-deflate.tif", tiff(np.moveaxis(rgb, -1, 0), photometric="rgb", planarconfig="separate", compression="zlib", rowsperstrip=4))
keep("tiles.tif", tiff(rgb, photometric="rgb", tile=(16, 16)))
keep("tiles-jpeg.tif", tiff(smooth, photometric="rgb", tile=(16, 16), compression="jpeg", compressionargs={"level": 95}))
keep("strips-jpeg.tif", tiff(smooth, photometric="rgb", rowsperstrip=8, compression="jpeg", compressionargs={"level": 95}))
keep("predictor.tif", tiff(rgb, photometric="rgb", compression="zlib", predictor=True, rowsperstrip=5))
keep("big.tif", tiff(rgb, photometric="rgb", bigtiff=True))
keep("pages.tif", tiff(np.stack([rgb, smooth]), photometric="rgb"))


def by_hand(entries, data, order="<", sort=True):
    """A TIFF of entries (tag, values of 16 bits, or a number of 32) and one strip."""
    n, out, more = len(entries) + 1, b"", b""
    at = 8 + 2 + 12 * n + 4
    for tag, v in (sorted if sort else list)([*entries, (273, None)]):
        if isinstance(v, tuple):
            body = struct.pack(order + "H" * len(v), *v)
            out += struct.pack(order + "HHI", tag, 3, len(v))
            if len(body) <= 4:
                out += body.ljust(4, b"\0")
            else:
                out += struct.pack(order + "I", at + len(more))
                more += body + bytes(len(body) % 2)
        else:
            out += struct.pack(order + "HHI", tag, 4, 1) + (struct.pack(order + "I", v) if v is not None else b"STRP")
    out = out.replace(b"STRP", struct.pack(order + "I", at + len(more)))
    sign = b"II*\0" if order == "<" else b"MM\0*"
    return sign + struct.pack(order + "I", 8) + struct.pack(order + "H", n) + out + bytes(4) + more + data


size = [(256, (W,)), (257, (H,)), (278, (H,))]
cmap = tuple(257 * colours[3 * i + k] for k in range(3) for i in range(16))
nibbles = b"".join(bits(index, 4))
keep("4-bit.tif", by_hand([*size, (258, (4,)), (259, (1,)), (262, (1,)), (277, (1,)), (279, (len(nibbles),))], nibbles))
keep("4-bit-palette.tif", by_hand([*size, (258, (4,)), (259, (1,)), (262, (3,)), (277, (1,)), (279, (len(nibbles),)), (320, cmap)], nibbles, ">"))
keep("2-bit.tif", by_hand([*size, (258, (2,)), (259, (1,)), (262, (1,)), (277, (1,)), (279, (H * 6,))], b"".join(bits(index % 4, 2))))
keep("one-count-of-bits.tif", by_hand([*size, (258, (8,)), (259, (1,)), (262, (2,)), (277, (3,)), (279, (rgb.size,))], rgb.tobytes()))
keep("no-sizes.tif", by_hand([*size, (258, (8, 8, 8)), (259, (1,)), (262, (2,)), (277, (3,))], rgb.tobytes()))
keep("unsorted.tif", by_hand([(277, (3,)), (279, (rgb.size,)), (262, (2,)), (259, (1,)), (258, (8, 8, 8)), *size], rgb.tobytes(), sort=False))
keep("from-the-right.tif", by_hand([*size, (258, (8,)), (259, (1,)), (262, (1,)), (266, (2,)), (277, (1,)), (279, (W * H,))], bytes(int(f"{v:08b}"[::-1], 2) for v in rgb[..., 1].ravel())))
keep("float.tif", tiff(rgb[..., 1].astype(np.float32), photometric="minisblack"), refused=True)
keep("signed.tif", tiff(rgb[..., 1].astype(np.int16), photometric="minisblack"), refused=True)
keep("zstandard.tif", saved(photo, "TIFF", compression="zstd"), refused=True)
keep("group3-no-ends.tif", by_hand([*size, (258, (1,)), (259, (3,)), (262, (0,)), (277, (1,)), (279, (60,))], bytes(range(60))), refused=True)
keep("old-jpeg.tif", by_hand([*size, (258, (8, 8, 8)), (259, (6,)), (262, (6,)), (277, (3,)), (279, (60,))], bytes(60)), refused=True)
keep("lab.tif", saved(photo.convert("LAB"), "TIFF"), refused=True)
keep("cut.tif", saved(photo, "TIFF")[:-200], refused=True)
keep("tiff-as.jpg", saved(photo, "TIFF"))
for o in (2, 6, 7):
    keep(f"shown-{o}.tif", saved(photo, "TIFF", tiffinfo={274: o}))
keep("turned-6.tif", saved(photo, "TIFF", tiffinfo={274: 6}))
keep("turned-4-lzw.tif", saved(photo, "TIFF", tiffinfo={274: 4}, compression="tiff_lzw"))
keep("turned-3-xmp.tif", saved(photo, "TIFF", tiffinfo={700: xmp(3)}))

for packing in ("raw", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits"):
    keep(f"ycbcr-{packing}.tif", saved(photo.convert("YCbCr"), "TIFF", compression=packing))
ycc = np.asarray(photo.convert("YCbCr"))


def units(array, across, down):
    """Y, Cb, Cr with one Cb and Cr for so many pixels, as TIFF 6.0, section 21, has it."""
    h, w = array.shape[:2]
    a = np.pad(array, ((0, -h % down), (0, -w % across), (0, 0)), mode="edge")
    blocks_of = (a[y : y + down, x : x + across] for y in range(0, len(a), down) for x in range(0, a.shape[1], across))
    return b"".join(bytes(b[..., 0].ravel()) + bytes([int(b[..., 1].mean()), int(b[..., 2].mean())]) for b in blocks_of)


def packbits(data):
    return b"".join(bytes([len(data[i : i + 100]) - 1]) + data[i : i + 100] for i in range(0, len(data), 100))


three_8 = [*size, (258, (8, 8, 8)), (277, (3,))]


def ycbcr(packing, data, *entries, order="<"):
    return by_hand([*three_8, (259, (packing,)), (262, (6,)), (279, (len(data),)), *entries], data, order)


for across, down in ((2, 2), (2, 1), (1, 2), (4, 2)):
    keep(f"ycbcr-{across}x{down}.tif", ycbcr(8, zlib.compress(units(ycc, across, down)), (530, (across, down)), order=">"))
keep("ycbcr-2x2-packbits.tif", ycbcr(32773, packbits(units(ycc, 2, 2)), (530, (2, 2))))
keep("ycbcr-2x2-not-said.tif", ycbcr(32946, zlib.compress(units(ycc, 2, 2))))
keep("ycbcr-not-said.tif", ycbcr(1, ycc.tobytes()))
keep("ycbcr-2x2-raw.tif", ycbcr(1, units(ycc, 2, 2), (530, (2, 2))), ycbcr(8, zlib.compress(units(ycc, 2, 2)), (530, (2, 2))))
differences = np.diff(ycc.astype(int), axis=1, prepend=0).astype(np.uint8)
keep("ycbcr-predictor.tif", ycbcr(8, zlib.compress(differences.tobytes()), (530, (1, 1)), (317, (2,))))
keep("ycbcr-2x2-predictor.tif", ycbcr(8, zlib.compress(units(ycc, 2, 2)), (530, (2, 2)), (317, (2,))), refused=True)
keep("ycbcr-3x3.tif", ycbcr(8, zlib.compress(units(ycc, 3, 3)), (530, (3, 3))), refused=True)
keep("ycbcr-levels.tif", saved(photo.convert("YCbCr"), "TIFF", compression="tiff_lzw", tiffinfo={532: (16.0, 235.0, 128.0, 240.0, 128.0, 240.0)}))
keep("ycbcr-coefficients.tif", saved(photo.convert("YCbCr"), "TIFF", compression="tiff_lzw", tiffinfo={529: (0.2126, 0.7152, 0.0722)}))

plain_3 = [*three_8, (262, (2,)), (317, (2,))]
keep("predictor-raw.tif", by_hand([*plain_3, (259, (1,)), (279, (rgb.size,))], rgb.tobytes()))
keep("predictor-packbits.tif", by_hand([*plain_3, (259, (32773,)), (279, (len(packbits(rgb.tobytes())),))], packbits(rgb.tobytes())))
table = photo.quantize(16)
table.putalpha(Image.fromarray(alpha))
keep("palette-alpha.tif", saved(table, "TIFF"))
keep("palette-alpha-lzw.tif", saved(table, "TIFF", compression="tiff_lzw"))
two = np.dstack([np.asarray(photo.quantize(16)), alpha]).tobytes()
wide_map = tuple(257 * v for k in range(3) for v in (colours[k::3] + bytes(240)))
keep("palette-more.tif", by_hand([*size, (258, (8, 8)), (259, (1,)), (262, (3,)), (277, (2,)), (338, (0,)), (320, wide_map), (279, (len(two),))], two))
keep("short-count.tif", by_hand([*three_8, (259, (1,)), (262, (2,)), (279, (100,))], rgb.tobytes()))
keep("1-bit-runs.tif", saved(one, "TIFF", compression="tiff_ccitt"))


def tiffcp(data, *options):
    with tempfile.TemporaryDirectory() as folder:
        before, after = os.path.join(folder, "a.tif"), os.path.join(folder, "b.tif")
        with open(before, "wb") as f:
            f.write(data)
        subprocess.run(["tiffcp", *options, before, after], check=True)
        with open(after, "rb") as f:
            return f.read()


fax = Image.fromarray((yy * xx + xx) % 5 < 2).resize((200, 40))
keep("1-bit-group3-filled.tif", tiffcp(saved(one, "TIFF"), "-c", "g3:fill"))
keep("1-bit-group3-filled-wide.tif", tiffcp(saved(fax, "TIFF"), "-c", "g3:1d:fill", "-r", "16"))
keep("1-bit-group3-filled-from-the-right.tif", tiffcp(saved(one, "TIFF"), "-c", "g3:fill", "-f", "lsb2msb"))
keep("group3-two-dimensional.tif", tiffcp(saved(one, "TIFF"), "-c", "g3:2d:fill"), refused=True)

# WebP


def riff(*parts):
    body = b"WEBP" + b"".join(n + struct.pack("<I", len(b)) + b + bytes(len(b) % 2) for n, b in parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def parts(data):
    out, at = [], 12
    while at < len(data):
        n = struct.unpack("<I", data[at + 4 : at + 8])[0]
        out.append((data[at : at + 4], data[at + 8 : at + 8 + n]))
        at += 8 + n + n % 2
    return out


lossy = keep("lossy.webp", saved(photo, "WEBP", quality=80))
keep("lossy-5.webp", saved(photo, "WEBP", quality=5))
keep("lossy-100.webp", saved(photo, "WEBP", quality=100))
keep("lossy-black-and-white.webp", saved(Image.fromarray(np.where(xx < 11, 0, 255).astype(np.uint8)), "WEBP", quality=90))
keep("lossless.webp", saved(photo, "WEBP", lossless=True))
keep("lossless-palette.webp", saved(photo.quantize(8).convert("RGB"), "WEBP", lossless=True))
keep("lossless-alpha.webp", saved(rgba, "WEBP", lossless=True, exact=True))
keep("lossy-alpha.webp", saved(rgba, "WEBP", quality=80))
keep("lossy-alpha-raw.webp", riff(*[(n, b"\0" + alpha.tobytes()) if n == b"ALPH" else (n, b) for n, b in parts(saved(rgba, "WEBP", quality=80))]))
keep("grey.webp", saved(grey, "WEBP", quality=90))
keep("1-pixel.webp", saved(Image.new("RGB", (1, 1), (9, 99, 199)), "WEBP", quality=90))
keep("profile.webp", saved(photo, "WEBP", quality=80, icc_profile=bytes(100)))
keep("animated.webp", saved(photo, "WEBP", quality=80, save_all=True, append_images=[soft], duration=50))
keep("animated-lossless.webp", saved(rgba, "WEBP", lossless=True, exact=True, save_all=True, append_images=[soft.convert("RGBA")]))
x = b"VP8X", b"\x02\0\0\0" + struct.pack("<I", W + 5 - 1)[:3] + struct.pack("<I", H + 5 - 1)[:3]
frame = lambda data: struct.pack("<I", 2)[:3] + struct.pack("<I", 1)[:3] + struct.pack("<I", W - 1)[:3] + struct.pack("<I", H - 1)[:3] + bytes(3) + b"\0" + b"".join(n + struct.pack("<I", len(b)) + b + bytes(len(b) % 2) for n, b in parts(data))
placed = riff((b"VP8X", b"\x12" + x[1][1:]), (b"ANIM", bytes(6)), (b"ANMF", frame(lossy)))
keep("animated-small-frame.webp", placed)
keep("says-alpha-has-none.webp", riff((b"VP8X", b"\x10\0\0\0" + struct.pack("<I", W - 1)[:3] + struct.pack("<I", H - 1)[:3]), *parts(lossy)))
keep("unknown-chunk.webp", riff((b"VP8X", bytes(4) + struct.pack("<I", W - 1)[:3] + struct.pack("<I", H - 1)[:3]), (b"ZZZZ", b"odd"), *parts(lossy)))
keep("garbage-behind.webp", lossy + b"and more")
keep("cut.webp", lossy[:-60], refused=True)
keep("webp-as.jpg", lossy)
for o in (4, 6):
    keep(f"shown-{o}.webp", saved(photo, "WEBP", quality=80, exif=exif(o)))
for o, element in ((5, False), (8, True)):
    keep(f"shown-{o}-xmp.webp", saved(photo, "WEBP", quality=80, xmp=xmp(o, element)))
keep("cut-lossless.webp", saved(photo, "WEBP", lossless=True)[:-30], refused=True)
keep("cut-alpha.webp", saved(rgba, "WEBP", quality=80)[:90], refused=True)

# Kinds that are named

keep("avif-as.jpg", saved(photo.resize((8, 8)), "AVIF"), refused=True)
for kind, name in (("JPEG2000", "jp2"), ("ICO", "ico"), ("PCX", "pcx"), ("TGA", "tga"), ("PPM", "ppm"), ("SGI", "sgi"), ("QOI", "qoi"), ("DDS", "dds")):
    keep("small." + name, saved(photo.resize((8, 8)), kind), refused=True)

archive = os.path.join(here, "images.tar.gz")
with open(archive, "wb") as f, gzip.GzipFile("", "wb", 9, f, 0) as packed, tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
    for name in sorted(files, key=lambda n: (n.endswith(".ppm"), files[n] if n.endswith(".ppm") else n.split(".")[::-1])):
        entry = tarfile.TarInfo(name)
        entry.size = len(files[name])
        tar.addfile(entry, io.BytesIO(files[name]))
print(len([n for n in files if not n.endswith(".ppm")]), "files in", os.path.getsize(archive), "bytes")
