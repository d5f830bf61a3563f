# Runs an ONNX model in onnxruntime on the examples of a raw file, and prints one JSON object:
# the model's metadata and, for each batch size, its outputs, flat.
#
#   onnx_run.py MODEL EXAMPLES DTYPE SHAPE BATCH…      SHAPE of one example: 28x28x1
#
# If the package onnx is there, its checker sees the model first.
import json
import sys

import numpy as np
import onnxruntime

model, examples, dtype, shape = sys.argv[1:5]
checked = False
try:
    import onnx
except ImportError:
    pass
else:
    onnx.checker.check_model(onnx.load(model), full_check=True)
    checked = True
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
x = np.fromfile(examples, dtype).reshape([-1] + [int(d) for d in shape.split("x")])
(entry,) = session.get_inputs()
runs = []
for size in map(int, sys.argv[5:]):
    parts = [session.run(["probabilities", "features"], {entry.name: x[i : i + size]}) for i in range(0, len(x), size)]
    p, f = (np.concatenate(part) for part in zip(*parts))
    runs.append({"probabilities": p.ravel().tolist(), "features": f.ravel().tolist()})
about = session.get_modelmeta()
print(json.dumps({
    "checked": checked, "runs": runs, "metadata": about.custom_metadata_map, "producer": about.producer_name, "description": about.description,
    "input": [entry.name, entry.type, entry.shape], "outputs": [[o.name, o.type, o.shape] for o in session.get_outputs()],
}))
