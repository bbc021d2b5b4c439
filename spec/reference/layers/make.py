"""Writes layers.json: outputs and gradients of PyTorch's, transformers' and diffusers' layers, computed in f64.

Weights, inputs and what flows back into the output come from a formula that the test has too, so that only results are
stored. Run in an environment with torch, transformers and diffusers: python make.py
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers.models.embeddings import TimestepEmbedding
from diffusers.models.resnet import ResnetBlock2D
from torch import nn
from transformers import CLIPTextConfig, LlamaConfig
from transformers.activations import ACT2FN
from transformers.models.clip.modeling_clip import CLIPMLP
from transformers.models.llama.modeling_llama import LlamaMLP, LlamaRotaryEmbedding, apply_rotary_pos_emb

MODULUS = 2147483647
# PyTorch's default for RMSNorm of f32; computed in f64 it would take that of f64.
F32_EPSILON = torch.finfo(torch.float32).eps


def numbers(seed, shape):
    """Minimal standard generator (Park and Miller): numbers in (-1, 1) as f32, exact in every language."""
    x = 1 + 7919 * seed
    values = []
    for i in range(4 + torch.Size(shape).numel()):
        x = x * 48271 % MODULUS
        if i >= 4:
            values.append(2 * x / MODULUS - 1)
    return torch.tensor(values, dtype=torch.float64).float().double().reshape(shape)


def state_value(name, seed, shape):
    if name.endswith('num_batches_tracked'):
        return torch.tensor(3)
    values = numbers(seed, shape)
    return (values.abs() + 0.5).float().double() if name.endswith('running_var') else values / 2


class Attention(nn.Module):
    """Multi-head attention with projections of their own, by PyTorch's functions."""

    def __init__(self, width, heads, groups=None, kdim=None, vdim=None, bias=True, causal=False, window=None):
        super().__init__()
        groups = groups or heads
        inner = width // heads * groups
        self.q_proj = nn.Linear(width, width, bias)
        self.k_proj = nn.Linear(kdim or width, inner, bias)
        self.v_proj = nn.Linear(vdim or width, inner, bias)
        self.out_proj = nn.Linear(width, width, bias)
        self.heads, self.groups, self.causal, self.window = heads, groups, causal, window

    def forward(self, query, key=None, value=None, mask=None):
        key = query if key is None else key
        value = key if value is None else value
        split = lambda x, heads: x.unflatten(-1, (heads, -1)).transpose(1, 2)
        q, k, v = self.q_proj(query), self.k_proj(key), self.v_proj(value)
        places = torch.arange(q.shape[1])[:, None] - torch.arange(k.shape[1])
        seen = torch.zeros(places.shape, dtype=torch.float64)
        if self.causal:
            seen = seen.masked_fill(places < 0, -torch.inf)
        if self.window:
            seen = seen.masked_fill(places.abs() >= self.window, -torch.inf)
        if mask is not None:
            seen = seen + (mask if mask.dtype.is_floating_point else torch.where(mask, 0.0, -torch.inf))
        context = F.scaled_dot_product_attention(
            split(q, self.heads), split(k, self.groups), split(v, self.groups), seen, enable_gqa=True
        )
        return self.out_proj(context.transpose(1, 2).flatten(2))


class PackedAttention(Attention):
    """The same through torch.nn.MultiheadAttention, whose projections are one matrix."""

    def forward(self, query):
        packed = nn.MultiheadAttention(query.shape[-1], self.heads, batch_first=True).double()
        state = {
            'in_proj_weight': torch.cat([self.q_proj.weight, self.k_proj.weight, self.v_proj.weight]),
            'in_proj_bias': torch.cat([self.q_proj.bias, self.k_proj.bias, self.v_proj.bias]),
            'out_proj.weight': self.out_proj.weight,
            'out_proj.bias': self.out_proj.bias,
        }
        return torch.func.functional_call(packed, state, (query, query, query), {'need_weights': False})[0]


class Block(nn.Module):
    def __init__(self, norm1, attn, norm2, mlp):
        super().__init__()
        self.norm1, self.attn, self.norm2, self.mlp = norm1, attn, norm2, mlp

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Rotary(nn.Module):
    def __init__(self, parameters):
        super().__init__()
        self.config = LlamaConfig(hidden_size=16, num_attention_heads=1, rope_parameters=parameters)

    def forward(self, x, positions):
        rotary = LlamaRotaryEmbedding(self.config)
        cos, sin = rotary(x, positions if positions.dim() == 2 else positions[None])
        return apply_rotary_pos_emb(x, x, cos, sin)[0]


def llama_mlp(width, hidden, bias):
    return LlamaMLP(LlamaConfig(hidden_size=width, intermediate_size=hidden, num_attention_heads=1, mlp_bias=bias))


def clip_mlp(width, hidden, activation):
    return CLIPMLP(CLIPTextConfig(hidden_size=width, intermediate_size=hidden, num_attention_heads=1, hidden_act=activation))


class Call(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def resnet(**options):
    return ResnetBlock2D(groups=2, **options)


ints = lambda *values: torch.tensor(values)
rope = {'rope_type': 'default', 'rope_theta': 10000.0}
linear_rope = {'rope_type': 'linear', 'rope_theta': 10000.0, 'factor': 4.0}
llama3_rope = {
    'rope_type': 'llama3',
    'rope_theta': 500000.0,
    'factor': 8.0,
    'low_freq_factor': 1.0,
    'high_freq_factor': 4.0,
    'original_max_position_embeddings': 512,
}

# Name, module, inputs (a shape, or integers and truth values as they are), whether it trains.
cases = [
    ('Linear', nn.Linear(4, 3), {'x': (2, 3, 4)}),
    ('Linear without bias', nn.Linear(4, 3, bias=False), {'x': (2, 4)}),
    ('Embedding', nn.Embedding(5, 3), {'index': ints([0, 4, 1], [1, 1, 2])}),
    ('Embedding with padding', nn.Embedding(5, 3, padding_idx=-4), {'index': ints(0, 4, 1, 1, 2)}),
    ('RMSNorm', nn.RMSNorm(6, eps=F32_EPSILON), {'x': (2, 3, 6)}),
    ('RMSNorm of other eps', nn.RMSNorm(6, eps=0.3), {'x': (2, 6)}),
    ('RMSNorm without weight', nn.RMSNorm(6, eps=F32_EPSILON, elementwise_affine=False), {'x': (2, 6)}),
    ('LayerNorm', nn.LayerNorm(6), {'x': (2, 3, 6)}),
    ('LayerNorm without bias', nn.LayerNorm(6, bias=False, eps=0.1), {'x': (2, 6)}),
    ('LayerNorm without weight', nn.LayerNorm(6, elementwise_affine=False), {'x': (2, 6)}),
    ('GroupNorm', nn.GroupNorm(2, 4), {'x': (2, 4, 3, 2)}),
    ('GroupNorm without weight', nn.GroupNorm(4, 4, eps=0.1, affine=False), {'x': (2, 4, 5)}),
    ('BatchNorm1d of rows', nn.BatchNorm1d(3), {'x': (5, 3)}, True),
    ('BatchNorm1d of sequences', nn.BatchNorm1d(3, eps=0.1, momentum=0.3), {'x': (2, 3, 4)}, True),
    ('BatchNorm2d', nn.BatchNorm2d(3), {'x': (2, 3, 2, 2)}, True),
    ('BatchNorm2d that averages all', nn.BatchNorm2d(3, momentum=None), {'x': (2, 3, 2, 2)}, True),
    ('BatchNorm2d without weight', nn.BatchNorm2d(3, affine=False), {'x': (2, 3, 2, 2)}, True),
    ('BatchNorm2d in evaluation', nn.BatchNorm2d(3), {'x': (2, 3, 2, 2)}),
    ('BatchNorm2d without statistics', nn.BatchNorm2d(3, track_running_stats=False), {'x': (2, 3, 2, 2)}),
    ('Conv1d', nn.Conv1d(2, 3, 3), {'x': (2, 2, 6)}),
    ('Conv1d with all options', nn.Conv1d(4, 6, 3, 2, 2, 2, 2, False), {'x': (1, 4, 9)}),
    ('Conv2d', nn.Conv2d(2, 3, 3), {'x': (2, 2, 5, 4)}),
    ('Conv2d with all options', nn.Conv2d(4, 4, (3, 2), (2, 1), (1, 2), (1, 2), 2), {'x': (1, 4, 5, 4)}),
    ('Conv2d of each channel', nn.Conv2d(3, 3, 3, padding=1, groups=3, bias=False), {'x': (1, 3, 4, 4)}),
    ('ConvTranspose1d', nn.ConvTranspose1d(2, 3, 3), {'x': (2, 2, 4)}),
    ('ConvTranspose1d with all options', nn.ConvTranspose1d(4, 6, 3, 2, 1, 1, 2, False, 2), {'x': (1, 4, 4)}),
    ('ConvTranspose2d', nn.ConvTranspose2d(2, 3, 2, 2), {'x': (1, 2, 3, 2)}),
    (
        'ConvTranspose2d with all options',
        nn.ConvTranspose2d(4, 4, (3, 2), (2, 3), (1, 0), (1, 2), 2, True, (1, 2)),
        {'x': (1, 4, 3, 2)},
    ),
    ('MaxPool1d', nn.MaxPool1d(2), {'x': (1, 2, 7)}),
    ('MaxPool1d with all options', nn.MaxPool1d(3, 2, 1, 2, ceil_mode=True), {'x': (1, 2, 8)}),
    ('MaxPool2d', nn.MaxPool2d(2), {'x': (1, 2, 5, 4)}),
    ('MaxPool2d with all options', nn.MaxPool2d((3, 2), (2, 1), (1, 0), 1, ceil_mode=True), {'x': (1, 2, 6, 5)}),
    ('AvgPool1d', nn.AvgPool1d(3, 2, 1), {'x': (1, 2, 7)}),
    ('AvgPool1d without padding', nn.AvgPool1d(3, 2, 1, True, False), {'x': (1, 2, 8)}),
    ('AvgPool2d', nn.AvgPool2d(2), {'x': (1, 2, 5, 4)}),
    ('AvgPool2d with all options', nn.AvgPool2d((3, 2), (2, 1), (1, 0), True, False, 5), {'x': (1, 2, 6, 5)}),
    ('AdaptiveAvgPool2d', nn.AdaptiveAvgPool2d((2, 3)), {'x': (1, 2, 5, 4)}),
    ('MultiHeadAttention', PackedAttention(8, 2), {'query': (2, 3, 8)}),
    (
        'MultiHeadAttention to another width',
        Attention(8, 4, kdim=6, vdim=5),
        {'query': (2, 3, 8), 'key': (2, 4, 6), 'value': (2, 4, 5)},
    ),
    ('MultiHeadAttention of grouped queries', Attention(8, 4, 2, bias=False, causal=True), {'query': (2, 4, 8)}),
    ('MultiHeadAttention in a window', Attention(8, 2, causal=True, window=2), {'query': (1, 5, 8)}),
    (
        'MultiHeadAttention with a mask',
        Attention(8, 2),
        {'query': (2, 3, 8), 'mask': ints([[[True, True, False]]], [[[True, False, True]]]).bool()},
    ),
    ('MultiHeadAttention with floats as mask', Attention(8, 2), {'query': (2, 3, 8), 'mask': (2, 1, 3, 3)}),
    ('RotaryEmbedding', Rotary(rope), {'x': (2, 3, 4, 16), 'positions': ints(0, 1, 5, 9)}),
    ('RotaryEmbedding of padded rows', Rotary(rope), {'x': (2, 1, 3, 16), 'positions': ints([0, 1, 2], [3, 4, 5])}),
    ('RotaryEmbedding, linear', Rotary(linear_rope), {'x': (1, 2, 3, 16), 'positions': ints(0, 7, 9)}),
    ('RotaryEmbedding, llama3', Rotary(llama3_rope), {'x': (1, 2, 3, 16), 'positions': ints(0, 7, 9)}),
    ('SwiGLU', llama_mlp(4, 6, False), {'x': (2, 3, 4)}),
    ('SwiGLU with biases', llama_mlp(4, 6, True), {'x': (2, 4)}),
    ('FeedForward', clip_mlp(4, 6, 'gelu'), {'x': (2, 3, 4)}),
    ('FeedForward of CLIP', clip_mlp(4, 6, 'quick_gelu'), {'x': (2, 3, 4)}),
    (
        'TransformerBlock',
        Block(nn.LayerNorm(8), Attention(8, 2, causal=True), nn.LayerNorm(8), clip_mlp(8, 32, 'gelu')),
        {'x': (2, 3, 8)},
    ),
    (
        'TransformerBlock as of Llama',
        Block(
            nn.RMSNorm(8, eps=1e-6),
            Attention(8, 4, 2, bias=False, causal=True, window=3),
            nn.RMSNorm(8, eps=1e-6),
            llama_mlp(8, 12, False),
        ),
        {'x': (1, 5, 8)},
    ),
    ('Sequential', nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 3, bias=False), nn.Tanh()), {'x': (2, 4)}),
    (
        'Sequential of images',
        nn.Sequential(nn.Conv2d(1, 2, 3), nn.SiLU(), nn.Sequential(nn.MaxPool2d(2), nn.Flatten()), nn.Linear(8, 2)),
        {'x': (2, 1, 6, 6)},
    ),
    ('ReLU', nn.ReLU(), {'x': (2, 7)}),
    ('SiLU', nn.SiLU(), {'x': (2, 7)}),
    ('Tanh', nn.Tanh(), {'x': (2, 7)}),
    ('Sigmoid', nn.Sigmoid(), {'x': (2, 7)}),
    ('GELU', nn.GELU(), {'x': (2, 7)}),
    ('GELU by tanh', nn.GELU(approximate='tanh'), {'x': (2, 7)}),
    ('Flatten', nn.Flatten(), {'x': (2, 3, 2)}),
    ('Upsample', nn.Upsample(scale_factor=2), {'x': (1, 2, 2, 3)}),
    ('Upsample, bilinear', nn.Upsample(scale_factor=(2, 1.5), mode='bilinear'), {'x': (1, 1, 3, 4)}),
    ('Upsample to a size', nn.Upsample((5, 4), mode='bilinear', align_corners=True), {'x': (1, 1, 3, 4)}),
    ('TimestepEmbedding', TimestepEmbedding(4, 6), {'x': (2, 4)}),
    (
        'ResidualBlock',
        resnet(in_channels=2, out_channels=4, temb_channels=3, output_scale_factor=1.5),
        {'x': (2, 2, 3, 3), 'temb': (2, 3)},
    ),
    (
        'ResidualBlock that scales and shifts',
        resnet(in_channels=2, temb_channels=3, time_embedding_norm='scale_shift', eps=1e-5, non_linearity='gelu'),
        {'x': (2, 2, 3, 2), 'temb': (2, 3)},
    ),
    (
        'ResidualBlock without timesteps',
        resnet(in_channels=4, out_channels=2, temb_channels=None, groups_out=1),
        {'x': (1, 4, 2, 3), 'temb': None},
    ),
]
named = ['gelu', 'gelu_new', 'gelu_pytorch_tanh', 'gelu_fast', 'quick_gelu', 'relu', 'silu', 'swish', 'tanh']
named += ['sigmoid', 'linear']
cases += [('activation gelu_tanh', nn.GELU(approximate='tanh'), {'x': (2, 9)})]
cases += [(f'activation {name}', Call(ACT2FN[name]), {'x': (2, 9)}) for name in named]


def rounded(tensor):
    return [float(f'{value:.9g}') for value in tensor.flatten().tolist()]


def run(name, module, inputs, trains=False):
    module = module.double().train(trains)
    state = module.state_dict()
    values = {key: state_value(key, i + 1, value.shape) for i, (key, value) in enumerate(state.items())}
    module.load_state_dict(values)
    given = {}
    for i, (key, value) in enumerate(inputs.items()):
        given[key] = 2 * numbers(101 + i, value) if isinstance(value, tuple) else value
    for value in given.values():
        if value is not None and value.dtype.is_floating_point:
            value.requires_grad_()
    first, *rest = given.items()
    output = module(first[1], **dict(rest))
    leaves = {key: value for key, value in module.named_parameters()}
    leaves |= {f'input.{key}': value for key, value in given.items() if value is not None and value.requires_grad}
    (output * numbers(201, output.shape)).sum().backward()
    entry = {
        'name': name,
        'state': [[key, list(value.shape)] for key, value in state.items()],
        'inputs': {
            key: {'shape': list(value.shape)}
            if value.dtype.is_floating_point
            else {'shape': list(value.shape), 'values': value.int().flatten().tolist(), 'dtype': str(value.dtype)}
            for key, value in given.items()
            if value is not None
        },
        'output': {'shape': list(output.shape), 'values': rounded(output)},
        'gradients': {key: rounded(value.grad) for key, value in leaves.items()},
    }
    if trains:
        entry['buffers'] = {key: rounded(value.double()) for key, value in module.named_buffers()}
    return entry


entries = [run(*case) for case in cases]
lines = ',\n'.join(json.dumps(entry, separators=(',', ':')) for entry in entries)
Path(__file__).with_name('layers.json').write_text(f'[\n{lines}\n]\n')
