"""Writes smolvla.json: the action expert of the public Inferena benchmark in small, by PyTorch, with formula weights."""

import json
import os

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)

CONFIG = dict(
    hidden_size=12, intermediate_size=20, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2, head_dim=5,
    rms_norm_eps=1e-3, max_action_dim=3, time_dim=7, context_dim=6, self_attn_every_n_layers=2,
)


def linear(a, b):
    return nn.Linear(a, b, bias=False)


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.heads, self.groups, self.size = c["num_attention_heads"], c["num_key_value_heads"], c["head_dim"]
        self.q_proj = linear(c["hidden_size"], self.heads * self.size)
        self.k_proj = linear(c["hidden_size"], self.groups * self.size)
        self.v_proj = linear(c["hidden_size"], self.groups * self.size)
        self.o_proj = linear(self.heads * self.size, c["hidden_size"])

    def forward(self, x, context):
        split = lambda y, heads: y.unflatten(-1, (heads, self.size)).transpose(1, 2)
        q, k, v = split(self.q_proj(x), self.heads), split(self.k_proj(context), self.groups), split(self.v_proj(context), self.groups)
        return self.o_proj(F.scaled_dot_product_attention(q, k, v, enable_gqa=True).transpose(1, 2).flatten(2))


class FeedForward(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.gate, self.up = linear(c["hidden_size"], c["intermediate_size"]), linear(c["hidden_size"], c["intermediate_size"])
        self.down = linear(c["intermediate_size"], c["hidden_size"])

    def forward(self, x):
        return self.down(F.silu(self.gate(x)) * self.up(x))


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.norm1, self.norm2 = (nn.RMSNorm(c["hidden_size"], eps=c["rms_norm_eps"]) for _ in range(2))
        self.attn, self.mlp = Attention(c), FeedForward(c)

    def forward(self, x, context=None):
        normed = self.norm1(x)
        x = x + self.attn(normed, normed if context is None else context)
        return x + self.mlp(self.norm2(x))


class ActionExpert(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.every = c["self_attn_every_n_layers"]
        self.action_proj = linear(c["max_action_dim"], c["hidden_size"])
        self.time_proj = linear(c["time_dim"], c["hidden_size"])
        self.kv_proj = linear(c["context_dim"], c["hidden_size"])
        self.layers = nn.ModuleList(Layer(c) for _ in range(c["num_hidden_layers"]))
        self.norm = nn.RMSNorm(c["hidden_size"], eps=c["rms_norm_eps"])
        self.head = linear(c["hidden_size"], c["max_action_dim"])

    def forward(self, actions, time, context):
        x, kv = self.action_proj(actions) + self.time_proj(time), self.kv_proj(context)
        for i, layer in enumerate(self.layers):
            x = layer(x, None if i % self.every == 0 else kv)
        return self.head(self.norm(x))


def seed_of(name):
    h = 0
    for byte in name.encode():
        h = (31 * h + byte) % 2**32
    return h % 10000


def wave(shape, step, phase=0.0):
    return torch.from_numpy(np.sin(step * np.arange(np.prod(shape)) + phase).reshape(shape)).float()


def numbers(tensor):
    return [float(f"{x:.8g}") for x in tensor.flatten().tolist()]


if __name__ == "__main__":
    model = ActionExpert(CONFIG)
    for name, p in model.named_parameters():
        values = 0.25 * np.sin(0.7 * np.arange(p.numel()) + seed_of(name))
        p.data = torch.from_numpy((values + (p.dim() == 1)).reshape(p.shape)).float()
    actions, time, context = wave([2, 5, 3], 0.37), wave([2, 1, 7], 0.23, 1.0), wave([2, 4, 6], 0.31, 2.0)
    output = model(actions, time, context)
    loss = output.pow(2).mean()
    loss.backward()
    out = dict(
        config=CONFIG, actions=list(actions.shape), time=list(time.shape), context=list(context.shape),
        output=numbers(output), loss=loss.item(),
        gradients={name: numbers(p.grad) for name, p in model.named_parameters() if "layers.0" not in name and "mlp" not in name},
    )
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "smolvla.json")
    with open(path, "w") as f:
        json.dump(out, f, separators=(",", ":"))
        f.write("\n")
