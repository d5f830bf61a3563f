"""The losses in PyTorch, as their authors' public code has them. It reads one JSON object of
cases from stdin, {name: [inputs]}, and prints {name: {"value": …, "gradient": […]}}: the loss,
and its gradient with respect to the first input, in float64.

The formulas are those of VisionLearningGroup/SSDA_MME (utils/loss.py, without the 1e-5 in its
logarithm), samotiian/CCSA (Initialization.py, over all pairs), thuml/CDAN (pytorch/loss.py,
network.py) and kekmodel/FixMatch-pytorch (train.py, with one view).
"""

import json
import math
import sys

import torch
from torch.nn import functional as F


def entropy(logits, counts):
    p = torch.softmax(logits[counts == 1], 1)
    return -torch.mean(torch.sum(p * torch.log(p), 1))


def minimax(x, weights, counts):
    return entropy(x @ weights, counts)


def pseudo(logits, counts, threshold, balanced):
    logits = logits[counts == 1]
    best, labels = torch.softmax(logits.detach(), 1).max(1)
    mask = (best > threshold).to(logits.dtype)
    if balanced:  # scikit-learn's compute_class_weight("balanced", …), written out
        sure = labels[mask == 1]
        counted = {k: int((sure == k).sum()) for k in sure.tolist()}
        mask = torch.tensor([m * len(sure) / (len(counted) * counted[k]) if m else 0 for m, k in zip(mask.tolist(), labels.tolist())], dtype=logits.dtype)
    return (F.cross_entropy(logits, labels, reduction="none") * mask).mean()


def contrastive(features, labels, target):
    same, other = [], []
    for i in range(len(labels)):
        for j in range(len(labels)):
            if labels[i] >= 0 and labels[j] >= 0 and target[i] == 0 and target[j] == 1:
                distance = torch.sqrt(torch.clamp(((features[i] - features[j]) ** 2).sum(), min=1e-8))
                if labels[i] == labels[j]:
                    same.append(distance ** 2)
                else:
                    other.append(torch.clamp(1 - distance, min=0) ** 2)
    return 0.25 * torch.stack(same).mean() + 0.75 * torch.stack(other).mean()


def conditional(features, predictions, weights, domains):
    outer = torch.bmm(features.unsqueeze(2), predictions.detach().unsqueeze(1)).flatten(1)
    return -F.cross_entropy(outer @ weights, domains)


def random_conditional(features, predictions, rf, rp, weights, domains):
    outer = (features @ rf) / math.pow(rf.shape[1], 0.5) * (predictions.detach() @ rp)
    return -F.cross_entropy(outer @ weights, domains)


def weighted(logits, labels, weights):
    return torch.sum(F.cross_entropy(logits, labels, reduction="none") * weights) / weights.sum()


LOSSES = {"Entropy": entropy, "MinimaxEntropy": minimax, "PseudoLabel": pseudo, "Contrastive": contrastive, "CDAN": conditional,
          "randomised CDAN": random_conditional, "WeightedClass": weighted}


def tensor(value):
    return torch.tensor(value) if isinstance(value, list) else value


torch.set_default_dtype(torch.float64)


results = {}
for name, inputs in json.load(sys.stdin).items():
    x, *rest = map(tensor, inputs)
    x.requires_grad_()
    value = LOSSES[name.split(",")[0]](x, *rest)
    value.backward()
    results[name] = {"value": value.item(), "gradient": x.grad.flatten().tolist()}
json.dump(results, sys.stdout)
