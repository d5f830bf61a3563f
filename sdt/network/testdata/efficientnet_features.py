"""Computes features with the Python package efficientnet_lite_pytorch, for the tests.

    python3 efficientnet_features.py PACKAGE.whl WEIGHTS.pth N < PIXELS > FEATURES

PIXELS are N images of 224 x 224 x 3 bytes, FEATURES N x 1280 little-endian float64. The
features are extract_features and the mean over the image, in float64.
"""
import sys

import numpy as np
import torch

package, weights, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
sys.path.insert(0, package)  # a wheel is an archive, from which Python imports
from efficientnet_lite_pytorch import EfficientNet

net = EfficientNet.from_name("efficientnet-lite0")
net.load_state_dict(torch.load(weights, map_location="cpu"))
net = net.double().eval()
for _ in range(n):
    pixels = np.frombuffer(sys.stdin.buffer.read(224 * 224 * 3), np.uint8).reshape(1, 224, 224, 3)
    x = (torch.from_numpy(pixels.astype(np.float64)).permute(0, 3, 1, 2) - 127) / 128
    with torch.no_grad():
        sys.stdout.buffer.write(net.extract_features(x).mean((2, 3)).numpy().astype("<f8").tobytes())
