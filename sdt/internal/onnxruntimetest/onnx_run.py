# Runs ONNX models in onnxruntime on the examples of a raw file, and prints a JSON list: of each
# model the metadata and, for each batch size, the outputs, flat.
#
#   onnx_run.py EXAMPLES DTYPE SHAPE BATCHES MODEL…
#
# SHAPE is that of one example, 28x28x1; BATCHES are sizes, 1,7. If the package onnx is there,
# its checker sees each model first.
import json
import sys

import numpy as np
import onnxruntime

try:
    import onnx
except ImportError:
    onnx = None


def run(path, x, batches):
    if onnx:
        onnx.checker.check_model(onnx.load(path), full_check=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (entry,) = session.get_inputs()
    runs = []
    for size in batches:
        parts = [session.run(["probabilities", "features"], {entry.name: x[i : i + size]}) for i in range(0, len(x), size)]
        p, f = (np.concatenate(part) for part in zip(*parts))
        runs.append({"probabilities": p.ravel().tolist(), "features": f.ravel().tolist()})
    about = session.get_modelmeta()
    return {
        "checked": bool(onnx), "runs": runs, "metadata": about.custom_metadata_map, "producer": about.producer_name, "description": about.description,
        "input": [entry.name, entry.type, str(entry.shape)], "outputs": [[o.name, o.type, str(o.shape)] for o in session.get_outputs()],
    }


examples, dtype, shape, batches = sys.argv[1:5]
x = np.fromfile(examples, dtype).reshape([-1] + [int(d) for d in shape.split("x")])
print(json.dumps([run(path, x, [int(b) for b in batches.split(",")]) for path in sys.argv[5:]]))
