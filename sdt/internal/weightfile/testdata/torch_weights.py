"""Writes the weights of a small network in all the ways that PyTorch has, for the tests.

    python3 torch_weights.py DIR

Prints a line for each way: the file's name in DIR, or "cannot NAME: why" where this
version, or what is installed beside it, does not have the way. torch.zip holds what
PyTorch 2.15.0 with safetensors 0.8.0, onnx 1.23.2 and onnxscript 0.7.2 writes,
torch-1.13.zip the .pth files of PyTorch 1.13.1.

The number at flat index i of a tensor is i if it is a weight and -i if it is a bias:
exact in half precision. The layers are those of the tests' network "Tiny".
"""
import collections
import contextlib
import json
import os
import pickle
import sys

import torch
from torch import nn

folder = sys.argv[1]


class Tiny(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two, self.three = nn.Conv2d(2, 3, 4), nn.Linear(12, 5), nn.Linear(5, 4)
        self.top = nn.Linear(4, 2)
        for name, p in self.named_parameters():
            p.data = (torch.arange(p.numel()) * (-1.0 if name.endswith("bias") else 1.0)).reshape(p.shape)

    def forward(self, x):
        x = torch.flatten(torch.relu(self.one(x)), 1)
        return self.top(torch.relu(self.three(torch.relu(self.two(x)))))


class With(nn.Module):
    """A model that contains the network."""

    def __init__(self, **parts):
        super().__init__()
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, x):
        return self.backbone(x)


ways = {}


def way(name):
    def note(write):
        ways[name] = write
        return write

    return note


def dictionary(name, state):
    """A way that saves a state_dict as a .safetensors file."""

    def write(path):
        from safetensors.torch import save_file

        save_file(state(), path)

    ways[name + ".safetensors"] = write


def state(net):
    return {k: v.contiguous() for k, v in net.state_dict().items()}


def inside(net):
    net.one, net.two = nn.DataParallel(net.one), nn.DataParallel(net.two)
    return net


dictionary("plain", lambda: state(Tiny()))
dictionary("half", lambda: state(Tiny().half()))
dictionary("bfloat16", lambda: state(Tiny().bfloat16()))
dictionary("double", lambda: state(Tiny().double()))
dictionary("float8", lambda: {k: v.to(torch.float8_e4m3fn) for k, v in state(Tiny()).items()})
dictionary("channels-last", lambda: state(Tiny().to(memory_format=torch.channels_last)))
dictionary("data-parallel", lambda: state(nn.DataParallel(Tiny())))
dictionary("data-parallel-inside", lambda: state(inside(Tiny())))
dictionary("compiled", lambda: state(torch.compile(Tiny())))
dictionary("averaged", lambda: state(torch.optim.swa_utils.AveragedModel(Tiny())))
dictionary("compiled-parallel", lambda: state(nn.DataParallel(torch.compile(With(backbone=Tiny())))))
dictionary("backbone", lambda: state(With(backbone=Tiny(), domain=nn.Linear(4, 2), norm=nn.BatchNorm2d(3))))
dictionary("twice", lambda: {**state(With(student=Tiny())), **{k: v + 1 for k, v in state(With(teacher=Tiny())).items()}})
dictionary("copied", lambda: {k: v.clone() for p in ("student", "teacher") for k, v in state(With(**{p: Tiny()})).items()})
dictionary("own-classifier", lambda: {k.replace("top", "fc8_office"): v for k, v in state(Tiny()).items()})


@way("metadata.safetensors")
def _(path):
    from safetensors.torch import save_file

    save_file(state(Tiny()), path, metadata={"format": "pt", "epoch": "7", "one.weight": "is a name"})


@way("shared.safetensors")
def _(path):
    from safetensors.torch import save_model

    net = Tiny()
    save_model(With(net=net, first=nn.Sequential(collections.OrderedDict(one=net.one)), zlast=net.two), path)


@way("model-00001-of-00002.safetensors")
def _(path):
    from safetensors.torch import save_file

    all, index = state(Tiny()), {}
    for i, names in enumerate([["one.weight", "one.bias", "two.weight"], ["two.bias", "three.weight", "three.bias", "top.weight", "top.bias"]]):
        name = f"model-0000{i + 1}-of-00002.safetensors"
        save_file({k: all[k] for k in names}, os.path.join(folder, name))
        index.update({k: name for k in names})
    with open(os.path.join(folder, "model.safetensors.index.json"), "w") as f:
        json.dump({"metadata": {"total_size": 1}, "weight_map": index}, f)


@way("saved.pth")
def _(path):
    torch.save(Tiny().state_dict(), path)


@way("legacy.pth")
def _(path):
    torch.save(Tiny().state_dict(), path, _use_new_zipfile_serialization=False)


@way("checkpoint.pth.tar")
def _(path):
    net = nn.DataParallel(Tiny())
    optimizer = torch.optim.Adam(net.parameters())
    torch.save({"epoch": 7, "optimizer": optimizer.state_dict(), "state_dict": net.state_dict()}, path)


def saved(name, what):
    """A way that saves its value with torch.save."""

    def write(path):
        torch.save(what(), path)

    ways[name] = write


def trained():
    """The state of an optimizer that keeps two numbers for each weight."""
    net = Tiny()
    optimizer = torch.optim.Adam(net.parameters(), lr=0)
    net(torch.zeros(1, 2, 5, 5)).sum().backward()
    optimizer.step()
    return optimizer.state_dict()


def module():
    return nn.Sequential(collections.OrderedDict(Tiny().named_children()))


saved("nested.pth", lambda: {"epoch": 7, "state_dict": {"model": Tiny().state_dict(), "optimizer": trained()}})
saved("second.pth", lambda: {"stats": {"mean": torch.zeros(3), "std": torch.ones(3)}, "optimizer": trained(), "model": Tiny().state_dict()})
saved("listed.bin", lambda: [7, (Tiny().state_dict(), trained())])
saved("misnamed.safetensors", lambda: Tiny().state_dict())
saved("whole.pth", module)
saved("whole-inside.ckpt", lambda: {"epoch": 7, "model": module()})
saved("nothing.pth", lambda: {"epoch": 7, "loss": [0.5], "mean": torch.zeros(3).tolist()})


saved("half.pth", lambda: Tiny().half().state_dict())
saved("bfloat16.pth", lambda: Tiny().bfloat16().state_dict())
saved("double.pth", lambda: Tiny().double().state_dict())
saved("channels-last.pth", lambda: Tiny().to(memory_format=torch.channels_last).state_dict())
saved("prefix.pth", lambda: nn.DataParallel(With(backbone=Tiny(), domain=nn.Linear(4, 2), norm=nn.BatchNorm2d(3))).state_dict())
saved("parameters.pth", lambda: dict(Tiny().named_parameters()))


def views():
    """The weights as views of one storage, one of them transposed."""
    all = Tiny().state_dict()
    flat = torch.cat([torch.full((3,), -7.0)] + [v.t().reshape(-1) if k == "two.weight" else v.reshape(-1) for k, v in all.items()])
    at = 3
    for k, v in all.items():
        part = flat[at : at + v.numel()]
        all[k] = part.view(v.shape[1], v.shape[0]).t() if k == "two.weight" else part.view(v.shape)
        at += v.numel()
    return all


saved("views.pth", views)


def differently(name, what, **how):
    ways[name] = lambda path: torch.save(what(), path, **how)


differently("legacy-views.pth", views, _use_new_zipfile_serialization=False)
differently("legacy-half.pth", lambda: Tiny().half().state_dict(), _use_new_zipfile_serialization=False)
differently("legacy-whole.pth", module, _use_new_zipfile_serialization=False)
differently("protocol-4.pth", lambda: {"epoch": 2**70, "state_dict": Tiny().state_dict()}, pickle_protocol=4)
differently("protocol-5.pth", lambda: {"done": True, "names": {"a"}, "state_dict": Tiny().state_dict()}, pickle_protocol=5)


@way("arrays.pkl")
def _(path):
    with open(path, "wb") as f:
        pickle.dump({"model": {k: v.numpy() for k, v in Tiny().state_dict().items()}, "__author__": "someone"}, f, protocol=2)


@way("script.pt")
def _(path):
    torch.jit.save(torch.jit.trace(Tiny(), torch.zeros(1, 2, 5, 5)), path)


@way("program.pt2")
def _(path):
    torch.export.save(torch.export.export(Tiny(), (torch.zeros(1, 2, 5, 5),)), path)


def export(name, net=Tiny, kind=torch.float32, **how):
    knows = torch.onnx.export.__code__.co_varnames
    how = {k: v for k, v in how.items() if k in knows or k == "optimize"}  # before PyTorch 2.5 there was only one file

    def write(path):
        torch.onnx.export(net().to(kind), (torch.zeros(1, 2, 5, 5, dtype=kind),), path, **how)

    ways[name + ".onnx"] = write


export("default", lambda: Tiny().eval())
export("one-file", lambda: Tiny().eval(), external_data=False)
export("training", lambda: nn.Sequential(collections.OrderedDict(backbone=Tiny(), drop=nn.Dropout())), external_data=False)
export("half", lambda: Tiny().eval(), torch.float16, external_data=False)
export("bfloat16", lambda: Tiny().eval(), torch.bfloat16, external_data=False)
export("double", lambda: Tiny().eval(), torch.float64, external_data=False)
export("not-optimized", lambda: Tiny().eval(), optimize=False, external_data=False)
export("part", lambda: With(backbone=Tiny()).eval(), external_data=False)
old = {"dynamo": False}
export("exporter-before-2.9", lambda: Tiny().eval(), **old)
export("exporter-before-2.9-opset-9", lambda: Tiny().eval(), opset_version=9, do_constant_folding=False, **old)

for name, write in ways.items():
    try:
        with contextlib.redirect_stdout(sys.stderr):
            write(os.path.join(folder, name))
        print(name, flush=True)
    except Exception as e:
        print(f"cannot {name}: {type(e).__name__}: {str(e).splitlines()[0] if str(e) else ''}", flush=True)
