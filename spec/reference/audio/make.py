"""Writes audio.json beside it: sounds given by a formula through transformers' Whisper extractor, soundfile and soxr."""
import base64, io, json, pathlib
import numpy as np, scipy, soundfile, soxr, transformers
from transformers import WhisperFeatureExtractor

def sound(count, rate):
    """Three tones, one of which fades; the last eighth is silent."""
    t = np.arange(count) / rate
    x = 0.4 * np.sin(2 * np.pi * 440 * t) + 0.2 * np.sin(2 * np.pi * 3000 * t + 1) * np.exp(-3 * t) + 0.05 * np.sin(2 * np.pi * 97.3 * t)
    x[count - count // 8 :] = 0
    return x.astype(np.float32)

rounded = lambda a: [float(f"{v:.7g}") for v in np.asarray(a).reshape(-1)]
features = []
for config, counts, length in [
    (dict(feature_size=80), [4000, 2400], 4800),
    (dict(feature_size=128), [4000], 4000),
    (dict(feature_size=80, n_fft=256, hop_length=100, sampling_rate=8000), [3000], 2750),
    (dict(feature_size=80, chunk_length=1), [20000], None),
]:
    rate = config.get("sampling_rate", 16000)
    extractor = WhisperFeatureExtractor(**config)
    out = extractor([sound(c, rate) for c in counts], sampling_rate=rate, return_tensors="np", max_length=length)["input_features"]
    stride = max(1, out.size // 1500) | 1
    features.append(dict(config=config, counts=counts, rate=rate, length=length, shape=list(out.shape), stride=stride, values=rounded(out.reshape(-1)[::stride])))
out = WhisperFeatureExtractor()(np.zeros(8000, np.float32), sampling_rate=16000, return_tensors="np")["input_features"]
silence = dict(shape=list(out.shape), minimum=float(out.min()), maximum=float(out.max()))

wavs = []
stereo = np.stack([sound(64, 8000), -0.5 * sound(64, 8000)[::-1]], 1)
for subtype in ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"]:
    for data, format in [(sound(64, 8000), "WAV"), (stereo, "WAVEX")]:
        buffer = io.BytesIO()
        soundfile.write(buffer, data, 8000, format=format, subtype=subtype)
        read, rate = soundfile.read(io.BytesIO(buffer.getvalue()), dtype="float32", always_2d=True)
        wavs.append(dict(name=f"{format} {subtype}", bytes=base64.b64encode(buffer.getvalue()).decode(), rate=rate, samples=rounded(read.mean(1))))
buffer = io.BytesIO(); soundfile.write(buffer, sound(64, 8000), 8000, format="WAV", subtype="ULAW")
compressed = base64.b64encode(buffer.getvalue()).decode()

resampled = []
for source, target in [(48000, 16000), (44100, 16000), (8000, 16000), (22050, 16000), (16000, 11025)]:
    count = source // 8
    x = sound(count, source)[: count - count // 8] * np.hanning(count - count // 8)
    y = soxr.resample(x.astype(np.float32), source, target, quality="VHQ")
    resampled.append(dict(source=source, target=target, count=count, length=len(y), stride=7, values=rounded(y[::7])))
pathlib.Path(__file__).with_name("audio.json").write_text(json.dumps(dict(transformers=transformers.__version__, soundfile=soundfile.__version__,
    soxr=soxr.__version__, features=features, silence=silence, wavs=wavs, compressed=compressed, resampled=resampled)))
