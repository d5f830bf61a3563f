"""Exports networks with made-up weights to ONNX, with what PyTorch computes with them.

python3 export.py FOLDER NETWORK: writes NETWORK.onnx, and NETWORK.safetensors with
  images    [2, H, W, 3], whole numbers in 0...255
  features  [2, d], in eval mode, of the normalised images
  grad:W    the gradient of the sum of sin(i) * features[i] by weight W, named as in the file
The networks have the layers of torchvision's and timm's of these names, with the width and
depth that the table below states: only torch is needed.
"""

import json
import struct
import sys

import torch
from torch import nn
from torch.nn import functional as F

MEAN, DEVIATION = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def conv_bn(i, o, k, s=1, groups=1, act=nn.ReLU):
    layers = [nn.Conv2d(i, o, k, s, k // 2, groups=groups, bias=False), nn.BatchNorm2d(o)]
    return nn.Sequential(*layers, *([act()] if act else []))


class Bottleneck(nn.Module):  # torchvision's ResNet-50
    expansion = 4

    def __init__(self, i, width, stride):
        super().__init__()
        o = 4 * width
        self.conv1 = conv_bn(i, width, 1)
        self.conv2 = conv_bn(width, width, 3, stride)
        self.conv3 = conv_bn(width, o, 1, act=None)
        self.downsample = conv_bn(i, o, 1, stride, act=None) if stride > 1 or i != o else nn.Identity()

    def forward(self, x):
        return torch.relu(self.conv3(self.conv2(self.conv1(x))) + self.downsample(x))


class Basic(nn.Module):  # torchvision's ResNet-18
    expansion = 1

    def __init__(self, i, width, stride):
        super().__init__()
        self.conv1 = conv_bn(i, width, 3, stride)
        self.conv2 = conv_bn(width, width, 3, act=None)
        self.downsample = conv_bn(i, width, 1, stride, act=None) if stride > 1 or i != width else nn.Identity()

    def forward(self, x):
        return torch.relu(self.conv2(self.conv1(x)) + self.downsample(x))


class ResNet(nn.Module):
    def __init__(self, block, depths, width=64, classes=10):
        super().__init__()
        self.stem = nn.Sequential(conv_bn(3, width, 7, 2), nn.MaxPool2d(3, 2, 1))
        layers, i = [], width
        for stage, depth in enumerate(depths):
            w = width * 2**stage
            for n in range(depth):
                layers.append(block(i, w, 2 if stage > 0 and n == 0 else 1))
                i = w * block.expansion
        self.layers = nn.Sequential(*layers)
        self.avgpool, self.fc = nn.AdaptiveAvgPool2d(1), nn.Linear(i, classes)

    def features(self, x):
        return torch.flatten(self.avgpool(self.layers(self.stem(x))), 1)

    def forward(self, x):
        return self.fc(self.features(x))


class Attention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads, self.qkv, self.proj = heads, nn.Linear(d, 3 * d), nn.Linear(d, d)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        a = (q * (d // self.heads) ** -0.5 @ k.transpose(-2, -1)).softmax(dim=-1)
        return self.proj((a @ v).transpose(1, 2).reshape(b, n, d))


class Transformer(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.norm1, self.attn, self.norm2 = nn.LayerNorm(d, eps=1e-6), Attention(d, heads), nn.LayerNorm(d, eps=1e-6)
        self.mlp = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class ViT(nn.Module):  # timm's
    def __init__(self, side, patch, d, depth, heads, classes=10):
        super().__init__()
        self.patch_embed = nn.Conv2d(3, d, patch, patch)
        self.cls_token = nn.Parameter(torch.randn(1, 1, d))
        self.pos_embed = nn.Parameter(torch.randn(1, (side // patch) ** 2 + 1, d))
        self.blocks = nn.Sequential(*[Transformer(d, heads) for _ in range(depth)])
        self.norm, self.head = nn.LayerNorm(d, eps=1e-6), nn.Linear(d, classes)

    def features(self, x):
        x = self.patch_embed(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(x.shape[0], -1, -1), x], dim=1) + self.pos_embed
        return self.norm(self.blocks(x))[:, 0]

    def forward(self, x):
        return self.head(self.features(x))


class Inverted(nn.Module):  # MobileNetV2's and, with squeeze, EfficientNet's
    def __init__(self, i, o, stride, expand, kernel=3, act=nn.ReLU6, squeeze=False):
        super().__init__()
        h = i * expand
        self.expand = conv_bn(i, h, 1, act=act) if expand > 1 else nn.Identity()
        self.depth = conv_bn(h, h, kernel, stride, groups=h, act=act)
        self.squeeze = nn.Sequential(nn.Conv2d(h, max(1, i // 4), 1), act(), nn.Conv2d(max(1, i // 4), h, 1), nn.Sigmoid()) if squeeze else None
        self.project, self.same = conv_bn(h, o, 1, act=None), stride == 1 and i == o

    def forward(self, x):
        y = self.depth(self.expand(x))
        if self.squeeze is not None:
            y = y * self.squeeze(y.mean((2, 3), keepdim=True))
        y = self.project(y)
        return x + y if self.same else y


class Mobile(nn.Module):
    def __init__(self, rows, act, squeeze, last, classes=10):
        super().__init__()
        layers, i = [conv_bn(3, 32, 3, 2, act=act)], 32
        for expand, o, depth, stride, kernel in rows:
            for n in range(depth):
                layers.append(Inverted(i, o, stride if n == 0 else 1, expand, kernel, act, squeeze))
                i = o
        self.layers, self.head = nn.Sequential(*layers, conv_bn(i, last, 1, act=act)), nn.Linear(last, classes)

    def features(self, x):
        return self.layers(x).mean((2, 3))

    def forward(self, x):
        return self.head(self.features(x))


class Next(nn.Module):  # ConvNeXt's block
    def __init__(self, d):
        super().__init__()
        self.dw, self.norm = nn.Conv2d(d, d, 7, padding=3, groups=d), nn.LayerNorm(d, eps=1e-6)
        self.pw1, self.pw2, self.gamma = nn.Linear(d, 4 * d), nn.Linear(4 * d, d), nn.Parameter(1 + 0.1 * torch.randn(d))

    def forward(self, x):
        y = self.pw2(F.gelu(self.pw1(self.norm(self.dw(x).permute(0, 2, 3, 1)))))
        return x + (self.gamma * y).permute(0, 3, 1, 2)


class Norm2d(nn.LayerNorm):
    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class ConvNeXt(nn.Module):
    def __init__(self, depths, widths, classes=10):
        super().__init__()
        layers = [nn.Conv2d(3, widths[0], 4, 4), Norm2d(widths[0], eps=1e-6)]
        for s, (depth, d) in enumerate(zip(depths, widths)):
            if s > 0:
                layers += [Norm2d(widths[s - 1], eps=1e-6), nn.Conv2d(widths[s - 1], d, 2, 2)]
            layers += [Next(d) for _ in range(depth)]
        self.layers = nn.Sequential(*layers)
        self.norm, self.head = nn.LayerNorm(widths[-1], eps=1e-6), nn.Linear(widths[-1], classes)

    def features(self, x):
        return self.norm(self.layers(x).mean((2, 3)))

    def forward(self, x):
        return self.head(self.features(x))


MOBILE = [(1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 32, 3, 2, 3), (6, 64, 4, 2, 3), (6, 96, 3, 1, 3), (6, 160, 3, 2, 3), (6, 320, 1, 1, 3)]
EFFICIENT = [(1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 40, 2, 2, 5), (6, 80, 3, 2, 3), (6, 112, 3, 1, 5), (6, 192, 4, 2, 5), (6, 320, 1, 1, 3)]

NETWORKS = {  # the side of its images, the network
    "resnet18": (64, lambda: ResNet(Basic, [2, 2, 2, 2])),
    "resnet50": (64, lambda: ResNet(Bottleneck, [3, 4, 6, 3])),
    "vit_s": (224, lambda: ViT(224, 16, 384, 12, 6)),
    "mobilenet_v2": (96, lambda: Mobile(MOBILE, nn.ReLU6, False, 1280)),
    "efficientnet_b0": (96, lambda: Mobile(EFFICIENT, nn.SiLU, True, 1280)),
    "convnext_t": (64, lambda: ConvNeXt([3, 3, 9, 3], [96, 192, 384, 768])),
    "tiny": (16, lambda: ResNet(Basic, [1, 1], width=4)),
    "tiny_vit": (16, lambda: ViT(16, 4, 16, 2, 2)),
    "tiny_mobile": (16, lambda: Mobile([(1, 8, 1, 1, 3), (2, 8, 2, 1, 5)], nn.SiLU, True, 16)),
    "tiny_next": (16, lambda: ConvNeXt([1, 1], [8, 16])),
}


def save(path, tensors):
    """Writes a safetensors file of float32 tensors."""
    header, offset = {}, 0
    for name, t in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(t.shape), "data_offsets": [offset, offset + 4 * t.numel()]}
        offset += 4 * t.numel()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text)
        for t in tensors.values():
            f.write(t.detach().contiguous().float().numpy().tobytes())


def made_up(net):
    """Statistics and norms that are not those of a new network."""
    for m in net.modules():
        if isinstance(m, (nn.BatchNorm2d, nn.LayerNorm)):
            m.weight.data.uniform_(0.5, 1.5)
            m.bias.data.normal_(0, 0.1)
        if isinstance(m, nn.BatchNorm2d):
            m.running_mean.normal_(0, 0.1)
            m.running_var.uniform_(0.5, 1.5)


def main(folder, name, export="script"):
    # With 3, one rectifier of this mobilenet_v2 is so near its kink that rounding decides.
    torch.manual_seed(4 if name == "mobilenet_v2" else 3)
    side, make = NETWORKS[name]
    net = make().eval()
    made_up(net)
    images = torch.randint(0, 256, (2, side, side, 3)).float()
    x = ((images / 255 - torch.tensor(MEAN)) / torch.tensor(DEVIATION)).permute(0, 3, 1, 2).contiguous()
    file = f"{folder}/{name}.onnx"
    if export == "dynamo":
        torch.onnx.export(net, (x,), file, dynamo=True, dynamic_shapes=({0: torch.export.Dim("n")},))
    elif export == "fixed":
        torch.onnx.export(net, (x[:1],), file, dynamo=True)
    else:  # batch norm stays apart from the convolutions, so that its weights are in the file
        old = {} if torch.__version__.startswith("1.") else {"dynamo": False}
        torch.onnx.export(net, (x,), file, input_names=["input"], dynamic_axes={"input": {0: "n"}},
                          training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False, **old)
    f = net.features(x)
    (f * torch.sin(torch.arange(f.numel()).float()).reshape(f.shape)).sum().backward()
    out = {"images": images, "features": f}
    out.update({"grad:" + k: p.grad for k, p in net.named_parameters() if p.grad is not None})
    save(f"{folder}/{name}.safetensors", out)


if __name__ == "__main__":
    main(*sys.argv[1:])
