"""One full step of the method in PyTorch, as a careful user writes it: one forward pass for
L_D and for the rest. For each number that it reads it takes so many steps and prints their
seconds.

python3 torch_step.py lenet|head|convnet|lite0|caffenet cpu|cuda [compile]
"""

import os
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

LAMBDA, NU, TAU = 0.01, 0.1, 2.0


def block(inputs, outputs):
    return [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]


def convolution(inputs, outputs, kernel, **more):
    return [nn.Conv2d(inputs, outputs, kernel, **more), nn.ReLU()]


def norm():
    return [nn.MaxPool2d(3, 2), nn.LocalResponseNorm(5, 1e-4, 0.75)]


def lite(inputs, outputs, kernel, **more):
    """A convolution of EfficientNet-Lite0 with its batch norm, frozen at its statistics."""
    return [nn.Conv2d(inputs, outputs, kernel, bias=False, **more), nn.BatchNorm2d(outputs, eps=1e-3).eval()]


NETWORKS = {  # the layers up to the features, their width, the classes, an input
    "lenet": ([nn.Conv2d(1, 20, 5), nn.MaxPool2d(2), nn.Conv2d(20, 50, 5), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(800, 500), nn.ReLU()],
              500, 10, (1, 28, 28)),
    "head": ([nn.Linear(4096, 4096), nn.ReLU()], 4096, 31, (4096,)),
    "convnet": ([*block(3, 32), *block(32, 64), *block(64, 128), nn.Flatten(), nn.Linear(2048, 256), nn.ReLU()], 256, 31, (3, 32, 32)),
    "lite0": ([*lite(192, 1152, 1), nn.ReLU6(), *lite(1152, 1152, 3, padding=1, groups=1152), nn.ReLU6(), *lite(1152, 320, 1),
               *lite(320, 1280, 1), nn.ReLU6(), nn.AdaptiveAvgPool2d(1), nn.Flatten()], 1280, 31, (192, 7, 7)),
    "caffenet": ([*convolution(3, 96, 11, stride=4), *norm(), *convolution(96, 256, 5, padding=2, groups=2), *norm(),
                  *convolution(256, 384, 3, padding=1), *convolution(384, 384, 3, padding=1, groups=2),
                  *convolution(384, 256, 3, padding=1, groups=2), nn.MaxPool2d(3, 2), nn.Flatten(),
                  nn.Linear(9216, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout()],
                 4096, 31, (3, 227, 227)),
}

torch.manual_seed(0)
torch.set_num_threads(len(os.sched_getaffinity(0)))  # some builds use only one core by default
device = sys.argv[2]
layers, width, classes, shape = NETWORKS[sys.argv[1]]
representation, classifier, domain_classifier = (m.to(device) for m in (nn.Sequential(*layers), nn.Linear(width, classes), nn.Linear(width, 2)))
optimizer = torch.optim.SGD([*representation.parameters(), *classifier.parameters()], lr=1e-3, momentum=0.9, weight_decay=5e-4)
domain_optimizer = torch.optim.SGD(domain_classifier.parameters(), lr=1e-3, momentum=0.9, weight_decay=5e-4)
x = torch.rand(128, *shape, device=device)  # 64 source, 64 target, 16 of them labelled
labels = (torch.cat([torch.arange(64), torch.arange(16)]) % classes).to(device)
domains = torch.arange(2).repeat_interleave(64).to(device)
soft = torch.softmax(torch.rand(classes, classes), 1).to(device)


def step():
    features = representation(x)
    domain_optimizer.zero_grad()
    F.cross_entropy(domain_classifier(features.detach()), domains).backward()
    domain_optimizer.step()
    scores = classifier(features[:80])
    loss = F.cross_entropy(scores, labels)
    loss = loss - LAMBDA * F.log_softmax(domain_classifier(features), 1).mean()
    loss = loss - NU * (soft[labels[64:]] * F.log_softmax(scores[64:] / TAU, 1)).sum(1).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


if sys.argv[3:] == ["compile"]:
    step = torch.compile(step)
for line in sys.stdin:
    seconds = []
    for _ in range(int(line)):
        start = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - start)
    print(*seconds, flush=True)
