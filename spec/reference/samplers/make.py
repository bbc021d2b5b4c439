"""Writes samplers.json beside it: what transformers' logits processors leave of some logits."""
import json, pathlib, math
import numpy as np, torch, transformers
from transformers.generation.logits_process import *

def run(logits, previous, o):
    processors = []
    if o.get("repetitionPenalty"): processors.append(RepetitionPenaltyLogitsProcessor(o["repetitionPenalty"]))
    if o.get("temperature"): processors.append(TemperatureLogitsWarper(o["temperature"]))
    if o.get("topK"): processors.append(TopKLogitsWarper(o["topK"]))
    if o.get("topP") is not None: processors.append(TopPLogitsWarper(o["topP"]))
    if o.get("minP") is not None: processors.append(MinPLogitsWarper(o["minP"]))
    scores, ids = torch.tensor([logits]), torch.tensor([previous])
    for p in processors: scores = p(ids, scores)
    return scores[0].softmax(0).tolist()

rng = np.random.default_rng(1)
cases = []
for o in [dict(temperature=0.7), dict(topK=5), dict(topK=1000), dict(topP=0.8), dict(topP=0.0), dict(topP=1e-3), dict(minP=0.1), dict(repetitionPenalty=1.3),
          dict(repetitionPenalty=0.8, temperature=1.5), dict(temperature=0.6, topK=20, topP=0.9, minP=0.05, repetitionPenalty=1.1), dict(topK=3, topP=0.95)]:
    for size, scale in [(12, 2.0), (200, 4.0)]:
        logits = (rng.standard_normal(size) * scale).astype(np.float32)
        if o.get("topK") == 3: logits[3] = logits[5] = logits[7] = np.float32(9.0); logits[1] = np.float32(-math.inf)
        previous = rng.integers(0, size, 8).tolist()
        if o.get("topK") == 3: previous = [0]
        finite = [None if x == -math.inf else x for x in logits.tolist()]
        cases.append(dict(options=o, logits=finite, previous=previous, probabilities=run(logits.tolist(), previous, o)))
pathlib.Path(__file__).with_name("samplers.json").write_text(json.dumps(dict(transformers=transformers.__version__, cases=cases)))
