"""Writes kinds.npz: an array of every kind that NumPy saves, for the tests of this package.

    python3 arrays.py kinds.npz

Made with NumPy 2.4.6, whose files differ from other versions' in nothing that counts.
"""
import sys

import numpy as np

x = np.arange(12).reshape(4, 3) / 4 - 1.25  # exact in float16
labels = np.array([0, 1, 1, 0])
wide = np.array([-(2**7), 2**7 - 1, -1, 3])
all = {"x": x, "objects": np.array([1, None]), "ragged": np.array([x, x[0]], dtype=object)}
for order in "<>":
    for kind in "f2 f4 f8".split():
        all[f"features {order}{kind}"] = x.astype(order + kind)
        all[f"whole {order}{kind}"] = labels.astype(order + kind)
    for kind in "i1 i2 i4 i8".split():
        all[f"wide {order}{kind}"] = wide.astype(order + kind)
    for kind in "i1 u1 i2 u2 i4 u4 i8 u8".split():
        all[f"labels {order}{kind}"] = labels.astype(order + kind)
all["labels bool"] = labels.astype(bool)
all["labels column"] = labels[:, None]
all["labels row"] = labels[None]
all["labels column, Fortran"] = np.asfortranarray(labels[:, None])
all["features Fortran"] = np.asfortranarray(x)
all["features big-endian Fortran"] = np.asfortranarray(x.astype(">f8"))
all["features transposed"] = np.ascontiguousarray(x.T).T
all["features pooled"] = x[:, :, None, None]
all["features pooled, channels last"] = x[:, None, None]
all["three axes, Fortran"] = np.asfortranarray(np.arange(24, dtype="i2").reshape(2, 3, 4))
all["scalar"] = np.float32(7)
all["empty"] = np.zeros(0)
all["no rows"] = np.zeros((0, 3))
all["one row"] = x[0]
all["longdouble"] = x.astype("longdouble")
all["complex64"] = x.astype("complex64")
all["complex128"] = x.astype("complex128")
all["strings"] = np.array(["mug", "pen"])
all["bytes"] = np.array([b"mug", b"pen"])
all["void"] = np.zeros(2, "V2")
all["dates"] = np.zeros(2, "M8[ns]")
all["spans"] = np.zeros(2, "m8[s]")
all["records"] = np.zeros(2, [("width", "<f4"), ("shape", "<i2", (3,))])
np.savez_compressed(sys.argv[1], **all)
