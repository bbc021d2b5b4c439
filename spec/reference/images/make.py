"""Writes images.json beside it: what Pillow and transformers' PIL image processors make of pictures given by a formula."""
import base64, io, json, pathlib
import numpy as np, PIL, transformers
from PIL import Image
from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil
from transformers.models.convnext.image_processing_pil_convnext import ConvNextImageProcessorPil
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.bit.image_processing_pil_bit import BitImageProcessorPil
from transformers.models.smolvlm.image_processing_pil_smolvlm import SmolVLMImageProcessorPil
from transformers.models.idefics3.image_processing_pil_idefics3 import Idefics3ImageProcessorPil
from transformers.models.smolvlm.processing_smolvlm import get_image_prompt_string

def picture(width, height, channels=3):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    return Image.fromarray(((x * 37 + y * 59 + c * 83 + x * y * 7 + (x * x + y * y) * c) % 256).astype(np.uint8))

b64 = lambda data: base64.b64encode(bytes(data)).decode()
FILTERS = dict(bilinear=2, bicubic=3, lanczos=1, box=4, hamming=5)

resized = []
for name, number in FILTERS.items():
    for (w, h), (w2, h2), channels in [((13, 9), (5, 4), 3), ((7, 5), (16, 11), 3), ((20, 12), (20, 5), 3), ((6, 31), (11, 31), 3), ((9, 8), (4, 13), 4), ((40, 3), (1, 1), 3), ((9, 31), (12, 16), 3), ((28, 26), (22, 14), 3)]:
        out = picture(w, h, channels).resize((w2, h2), number)
        resized.append(dict(filter=name, width=w, height=h, channels=channels, to=[w2, h2], data=b64(out.tobytes())))

def values(array, limit=300):
    flat = np.asarray(array, dtype=np.float32).reshape(-1)
    stride = max(1, len(flat) // limit)
    stride += stride > 1 and stride % 2 == 0
    return dict(shape=list(np.asarray(array).shape), stride=int(stride), values=[float(f"{v:.7g}") for v in flat[::stride]])

processors = []
def one(cls, config, *sizes):
    images = [picture(*size) for size in sizes]
    out = cls(**config)(images, return_tensors="np")["pixel_values"]
    name = cls.__name__[:-3]
    processors.append(dict(config=dict(config, image_processor_type=name), sizes=sizes, **values(out)))
one(ViTImageProcessorPil, dict(size=dict(height=16, width=12)), (23, 17), (9, 31))
one(ViTImageProcessorPil, dict(size=dict(height=16, width=16), resample=3, image_mean=[0.5] * 3, image_std=[0.5] * 3), (40, 9))
one(ViTImageProcessorPil, dict(size=dict(height=8, width=8), do_normalize=False), (8, 8))
one(ConvNextImageProcessorPil, dict(size=dict(shortest_edge=20), crop_pct=0.875), (33, 47), (50, 25))
one(ConvNextImageProcessorPil, dict(size=dict(shortest_edge=384), resample=2), (33, 47))
one(BitImageProcessorPil, dict(size=dict(shortest_edge=24), crop_size=dict(height=20, width=16), resample=2), (33, 47))
one(BitImageProcessorPil, dict(do_resize=False, crop_size=dict(height=20, width=17)), (12, 47), (17, 20))
one(CLIPImageProcessorPil, dict(size=dict(shortest_edge=24), crop_size=dict(height=24, width=24)), (33, 47))
one(CLIPImageProcessorPil, dict(size=dict(shortest_edge=10), crop_size=dict(height=12, width=12)), (33, 12, 4))

tiled = []
def tiles(cls, config, nested):
    images = [[picture(*size) for size in row] for row in nested]
    out = cls(**config)(images, return_row_col_info=True, return_tensors="np")
    mask = out["pixel_attention_mask"]
    rows, cols = out["rows"], out["cols"]
    prompts = [[get_image_prompt_string(r, c, 2, "<fake_token_around_image>", "<image>", "<global-img>") for r, c in zip(*pair)] for pair in zip(rows, cols)]
    tiled.append(dict(config=dict(config, image_processor_type=cls.__name__[:-3]), nested=nested, rows=rows, cols=cols, prompts=prompts, maskShape=list(mask.shape), mask=b64(mask.astype(np.uint8).tobytes()), **values(out["pixel_values"], 1500)))
SMALL = dict(size=dict(longest_edge=64), max_image_size=dict(longest_edge=16))
tiles(SmolVLMImageProcessorPil, SMALL, [[(50, 30)]])
tiles(SmolVLMImageProcessorPil, SMALL, [[(50, 30), (10, 33)], [(7, 7)]])
tiles(SmolVLMImageProcessorPil, dict(size=dict(longest_edge=16), max_image_size=dict(longest_edge=16)), [[(9, 7)]])
tiles(SmolVLMImageProcessorPil, dict(SMALL, do_image_splitting=False), [[(50, 30)], [(20, 21), (5, 40)]])
tiles(Idefics3ImageProcessorPil, dict(size=dict(longest_edge=40), max_image_size=dict(longest_edge=20), resample=2), [[(31, 90)]])

def encoded(image, format, **options):
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()
files = []
def file(name, data, mode="RGB", tolerance=0):
    image = Image.open(io.BytesIO(data))
    image = PIL.ImageOps.exif_transpose(image).convert(mode)
    files.append(dict(name=name, bytes=b64(data), width=image.width, height=image.height, data=b64(image.tobytes()), tolerance=tolerance))
import PIL.ImageOps
file("RGB PNG", encoded(picture(7, 5), "PNG"))
file("RGBA PNG", encoded(picture(7, 5, 4), "PNG"), "RGBA")
file("grey PNG", encoded(picture(7, 5).convert("L"), "PNG"))
file("palette PNG", encoded(picture(7, 5).quantize(8), "PNG"))
file("WebP", encoded(picture(7, 5), "WEBP", lossless=True))
smooth = picture(7, 5).resize((32, 24), 3)
file("JPEG", encoded(smooth, "JPEG", quality=90, subsampling=0), tolerance=2)
file("grey JPEG", encoded(smooth.convert("L"), "JPEG", quality=90), tolerance=2)
exif = Image.Exif(); exif[0x0112] = 6
file("JPEG on its side", encoded(smooth, "JPEG", quality=90, subsampling=0, exif=exif), tolerance=2)
file("GIF", encoded(picture(7, 5).quantize(16), "GIF"))

pathlib.Path(__file__).with_name("images.json").write_text(json.dumps(dict(pillow=PIL.__version__, transformers=transformers.__version__, resized=resized, processors=processors, tiled=tiled, files=files)))
