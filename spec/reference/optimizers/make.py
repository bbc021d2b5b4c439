"""Writes optimizers.json: trajectories of PyTorch's optimizers, of Lion as its paper writes it, and of moving averages.

The loss is 0.5 * sum(a * (p - c)^2) over four parameters, computed in f64. Starts, a and c come from a formula that the
test has too, so that only results are stored. Run in an environment with torch: python make.py
"""

import json
from pathlib import Path

import torch
from torch.optim import SGD, Adafactor, Adagrad, Adam, AdamW, RMSprop, lr_scheduler
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

MODULUS = 2147483647
SHAPES = {"scalar": [], "vector": [5], "matrix": [4, 6], "tensor": [2, 3, 4]}
STEPS = 10


def numbers(seed, shape):
    """Minimal standard generator (Park and Miller): numbers in (-1, 1) as f32, exact in every language."""
    x = 1 + 7919 * seed
    values = []
    for i in range(4 + torch.Size(shape).numel()):
        x = x * 48271 % MODULUS
        if i >= 4:
            values.append(2 * x / MODULUS - 1)
    return torch.tensor(values, dtype=torch.float32).reshape(shape).double()


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, algorithm 2, line by line."""

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0, maximize=False):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay, maximize=maximize))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                g = -p.grad if group["maximize"] else p.grad
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                c = beta1 * m + (1 - beta1) * g
                p -= group["lr"] * (torch.sign(c) + group["weight_decay"] * p)
                self.state[p]["m"] = beta2 * m + (1 - beta2) * g


OPTIMIZERS = {kind.__name__: kind for kind in (SGD, Adam, AdamW, RMSprop, Adagrad, Adafactor, Lion)}
EPS = [2**-23, 1e-3]
CASES = [
    ("SGD", dict(lr=0.01, maximize=True, momentum=0.5, weight_decay=0.1)),
    ("Adam", dict(lr=0.05, betas=[0.0, 0.0], eps=1e-3)),
    ("Adam", dict(lr=0.05, maximize=True, amsgrad=True, weight_decay=0.1)),
    ("AdamW", dict(lr=0.05, amsgrad=True, betas=[0.5, 0.6])),
    ("RMSprop", dict()),
    ("RMSprop", dict(lr=0.02, alpha=0.9, eps=1e-3, weight_decay=0.1, momentum=0.7)),
    ("RMSprop", dict(centered=True, alpha=0.8, maximize=True)),
    ("RMSprop", dict(centered=True, momentum=0.9, lr=0.003)),
    ("Adagrad", dict()),
    ("Adagrad", dict(lr=0.1, lr_decay=0.2, weight_decay=0.1, initial_accumulator_value=0.3, eps=1e-3)),
    ("Adagrad", dict(lr=0.1, maximize=True)),
    ("Adafactor", dict(eps=EPS)),
    ("Adafactor", dict(lr=0.3, eps=[0.1, 0.2], d=1.5, beta2_decay=-0.5, weight_decay=0.1)),
    ("Adafactor", dict(eps=EPS, lr=0.9, maximize=True)),
    ("Lion", dict()),
    ("Lion", dict(lr=0.03, betas=[0.8, 0.9], weight_decay=0.2)),
    ("Lion", dict(lr=0.03, maximize=True)),
]


def problem():
    named = {name: torch.nn.Parameter(numbers(3 * i, shape)) for i, (name, shape) in enumerate(SHAPES.items())}
    constants = [(numbers(3 * i + 1, shape).abs(), numbers(3 * i + 2, shape)) for i, shape in enumerate(SHAPES.values())]

    def loss():
        return 0.5 * sum((a * (p - c) ** 2).sum() for p, (a, c) in zip(named.values(), constants))

    return named, loss


def values(tensors):
    return {name: tensor.detach().reshape(-1).tolist() for name, tensor in tensors.items()}


def run(kind, arguments):
    named, loss = problem()
    optimizer = OPTIMIZERS[kind](named.values(), **arguments)
    rows = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()
        rows.append(values(named))
    return {"optimizer": kind, "arguments": arguments, "after": {str(n): rows[n - 1] for n in (1, 2, STEPS)}}


def average(decay):
    named, loss = problem()
    model = torch.nn.ParameterDict(named)
    averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay))
    optimizer = SGD(named.values(), lr=0.1)
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()
        averaged.update_parameters(model)
    return {"decay": decay, "lr": 0.1, "after": values(dict(averaged.module.items()))}


def schedules():
    def rates(make):
        optimizer = SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.2)
        scheduler = make(optimizer)
        found = []
        for _ in range(12):
            found.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        return found

    def sequence(o):
        parts = [lr_scheduler.ConstantLR(o, factor=1), lr_scheduler.ExponentialLR(o, 0.5)]
        return lr_scheduler.SequentialLR(o, parts, milestones=[5])

    return {
        "StepLR": rates(lambda o: lr_scheduler.StepLR(o, 4)),
        "ExponentialLR": rates(lambda o: lr_scheduler.ExponentialLR(o, 0.8)),
        "CosineAnnealingLR": rates(lambda o: lr_scheduler.CosineAnnealingLR(o, 11, eta_min=0.05)),
        "LinearLR": rates(lambda o: lr_scheduler.LinearLR(o, start_factor=1, end_factor=0.25, total_iters=8)),
        "SequentialLR": rates(sequence),
    }


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, list) else value


result = {
    "torch": torch.__version__,
    "shapes": SHAPES,
    "steps": STEPS,
    "cases": [run(*one) for one in CASES],
    "average": average(0.9),
    "schedules": schedules(),
}
written = {key: value if key in ("torch", "shapes") else rounded(value) for key, value in result.items()}
for one, (_, arguments) in zip(written["cases"], CASES):
    one["arguments"] = arguments
(Path(__file__).parent / "optimizers.json").write_text(json.dumps(written, separators=(",", ":")) + "\n")
