"""One step of a method in PyTorch, in float64. It reads a list of cases from stdin, as JSON,

    {"config": {…}, "sources": n, "target": n, "unlabelled": n, "domains": [n],
     "x": [[…]], "y": [n], "rate": …, "weights": {path: [[…]] or […]}}

and prints the weights after each step. The losses are written as in their authors' public code
(VisionLearningGroup/SSDA_MME, samotiian/CCSA, thuml/CDAN), except that one step takes the sum
of all losses, and that the domain classifier is linear and has taken its step before.
"""

import json
import sys

import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)


def step(given):
    config, rate = given["config"], given["rate"]
    weights = {path: torch.tensor(value, requires_grad=True) for path, value in given["weights"].items()}
    w1, b1 = weights["/model/features/fc7/weights"], weights["/model/features/fc7/biases"]
    wc, bc = weights["/model/classifier/weights"], weights["/model/classifier/biases"]
    wd, bd = weights["/domain/weights"], weights["/domain/biases"]
    x, y, domains = torch.tensor(given["x"]), torch.tensor(given["y"]), torch.tensor(given["domains"])
    sources, target = given["sources"], given["target"]
    labelled = sources + target
    method, lam = config["method"], config["lambda"]

    f = torch.relu(x @ w1 + b1)
    logits = F.normalize(f) @ wc / 0.05 if method == "MME" or config["cosine"] else f @ wc + bc
    share = torch.ones(labelled)
    share[sources:] = config["targetWeight"]
    class_loss = (F.cross_entropy(logits[:labelled], y[:labelled], reduction="none") * share).sum() / share.sum()
    of_classes = of_features = 0  # what θ_C and θ_repr minimize besides L_C

    p = torch.softmax(logits[labelled:], 1)
    if method == "MME":
        entropy = -torch.mean(torch.sum(p * torch.log(p), 1))
        of_classes, of_features = -lam * entropy, lam * entropy
    elif method == "entropy minimization":
        of_classes = of_features = lam * -torch.mean(torch.sum(p * torch.log(p), 1))
    elif method == "CCSA":
        same, other = [], []
        for i in range(sources):
            for j in range(sources, labelled):
                (same if y[i] == y[j] else other).append(torch.norm(f[i] - f[j]))
        same, other = torch.stack(same), torch.stack(other)
        pairs = 0.25 * same.square().mean() + 0.75 * torch.clamp(1 - other, min=0).square().mean()
        class_loss, of_features = (1 - lam) * class_loss, lam * pairs
    elif method == "CDAN":
        outer = torch.bmm(f.unsqueeze(2), torch.softmax(logits, 1).detach().unsqueeze(1)).flatten(1)
        gw, gb = torch.autograd.grad(F.cross_entropy(outer.detach() @ wd + bd, domains), [wd, bd])
        wd.data -= rate * gw
        bd.data -= rate * gb
        of_features = lam * -F.cross_entropy(outer @ wd.detach() + bd.detach(), domains)

    if config["pseudo"]:
        best, guess = p.detach().max(1)
        mask = (best > config["threshold"]).to(p.dtype)
        pseudo = config["pseudo"] * (F.cross_entropy(logits[labelled:], guess, reduction="none") * mask).mean()
        of_classes, of_features = of_classes + pseudo, of_features + pseudo

    moves = []
    for loss, variables in (class_loss + of_features, [w1, b1]), (class_loss + of_classes, [wc, bc]):
        gradients = torch.autograd.grad(loss, variables, retain_graph=True, allow_unused=True)
        moves += [(v, g) for v, g in zip(variables, gradients) if g is not None]
    for variable, gradient in moves:
        variable.data -= rate * gradient
    return {path: value.detach().flatten().tolist() for path, value in weights.items()}


json.dump([step(given) for given in json.load(sys.stdin)], sys.stdout)
