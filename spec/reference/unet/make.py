"""Writes unet.json: what UNets and decoders of diffusers make of weights and inputs that follow from formulas, and pipelines' latents.

    python make.py path/to/sd-unet-tiny
"""

import json
import os
import sys

import numpy as np
import torch
from diffusers import (
    AutoencoderKL, DDIMScheduler, EulerDiscreteScheduler, StableDiffusionPipeline, UNet2DConditionModel,
)

torch.set_num_threads(1)


def seed_of(name):
    h = 0
    for byte in name.encode():
        h = (31 * h + byte) % 2**32
    return h % 10000


def fill(model):
    """Element j of a parameter is 0.25 sin(0.7 j + seed of its name), and 1 more for weights of norms."""
    for name, p in model.named_parameters():
        values = 0.25 * np.sin(0.7 * np.arange(p.numel()) + seed_of(name))
        if p.dim() == 1 and name.endswith("weight"):
            values += 1
        p.data = torch.from_numpy(values.reshape(p.shape)).float()


def wave(shape, step, phase=0.0):
    return torch.from_numpy(np.sin(step * np.arange(np.prod(shape)) + phase).reshape(shape)).float()


def numbers(tensor):
    return [float(f"{x:.8g}") for x in tensor.flatten().tolist()]


UNETS = {
    "three levels as in 2.x, odd sizes": dict(
        config=dict(
            block_out_channels=[8, 16, 16], layers_per_block=2, norm_num_groups=4, attention_head_dim=[1, 2, 4],
            cross_attention_dim=12, use_linear_projection=True, upcast_attention=True, sample_size=[9, 7],
            down_block_types=["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
            up_block_types=["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"],
        ),
        size=[9, 7], timestep=[3, 998], tokens=5,
    ),
    "rare options": dict(
        config=dict(
            in_channels=5, out_channels=3, block_out_channels=[8, 12], layers_per_block=[1, 2], norm_num_groups=2,
            attention_head_dim=3, cross_attention_dim=6, transformer_layers_per_block=[2, 1], downsample_padding=0,
            freq_shift=1, flip_sin_to_cos=False, center_input_sample=True, mid_block_scale_factor=1.5,
            conv_in_kernel=5, conv_out_kernel=1, act_fn="gelu", time_embedding_dim=20, norm_eps=1e-3, dropout=0.1,
            down_block_types=["DownBlock2D", "CrossAttnDownBlock2D"],
            up_block_types=["CrossAttnUpBlock2D", "UpBlock2D"],
        ),
        size=[6, 10], timestep=[12.5], tokens=1,
    ),
    "one level without a middle": dict(
        config=dict(
            block_out_channels=[6], layers_per_block=1, norm_num_groups=3, attention_head_dim=2, cross_attention_dim=4,
            down_block_types=["CrossAttnDownBlock2D"], up_block_types=["UpBlock2D"], mid_block_type=None,
        ),
        size=[3, 5], timestep=[0, 500, 999], tokens=2,
    ),
}


def unet_case(name, config, size, timestep, tokens):
    model = UNet2DConditionModel(**config).eval()
    fill(model)
    batch = len(timestep)
    sample = wave([batch, model.config.in_channels, *size], 0.37)
    text = wave([batch, tokens, model.config.cross_attention_dim], 0.23, 1.0)
    with torch.no_grad():
        output = model(sample, torch.tensor(timestep), text).sample
    return dict(
        name=name,
        config=json.loads(model.to_json_string()),
        parameters=sum(p.numel() for p in model.parameters()),
        sample=list(sample.shape),
        timestep=timestep,
        text=list(text.shape),
        output=numbers(output),
    )


DECODERS = {
    "three resolutions": dict(block_out_channels=[6, 6, 12], norm_num_groups=3, layers_per_block=2, sample_size=8),
    "one resolution, rare options": dict(
        block_out_channels=[4], norm_num_groups=2, latent_channels=3, act_fn="gelu", use_post_quant_conv=False,
        mid_block_add_attention=False, scaling_factor=0.5, shift_factor=0.1,
    ),
}


def decoder_case(name, config):
    levels = len(config["block_out_channels"])
    model = AutoencoderKL(
        **config, down_block_types=["DownEncoderBlock2D"] * levels, up_block_types=["UpDecoderBlock2D"] * levels
    ).eval()
    fill(model)
    latents = wave([2, model.config.latent_channels, 2, 3], 0.37)
    scaled = latents / model.config.scaling_factor + (model.config.shift_factor or 0)
    with torch.no_grad():
        output = model.decode(scaled).sample
    return dict(
        name=name,
        config=json.loads(model.to_json_string()),
        parameters=sum(p.numel() for n, p in model.named_parameters() if n.startswith(("decoder", "post_quant"))),
        latents=list(latents.shape),
        output=numbers(output),
        pictures=((output / 2 + 0.5).clamp(0, 1) * 255).round().permute(0, 2, 3, 1).int().flatten().tolist(),
    )


NOISE = dict(num_train_timesteps=1000, beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear")
RUNS = [
    (DDIMScheduler, dict(**NOISE, clip_sample=False, set_alpha_to_one=False, steps_offset=1), 4, 3.0, 1),
    (EulerDiscreteScheduler, dict(**NOISE, steps_offset=1), 3, 7.5, 1),
    (DDIMScheduler, dict(**NOISE, steps_offset=1, prediction_type="v_prediction", clip_sample=False), 3, 1.0, 2),
]


def run_case(unet, scheduler, config, steps, guidance, batch):
    made = scheduler(**config)
    pipe = StableDiffusionPipeline(
        vae=None, text_encoder=None, tokenizer=None, unet=unet, scheduler=made, safety_checker=None,
        feature_extractor=None, requires_safety_checker=False,
    )
    pipe.set_progress_bar_config(disable=True)
    size = unet.config.sample_size
    prompt = wave([batch, 7, unet.config.cross_attention_dim], 0.23, 1.0)
    negative = wave([batch, 7, unet.config.cross_attention_dim], 0.31, 2.0)
    latents = wave([batch, unet.config.in_channels, size, size], 0.37)
    seen = []
    def note(_pipe, step, timestep, tensors):
        seen.append(float(timestep))
        return tensors
    out = pipe(
        prompt_embeds=prompt, negative_prompt_embeds=negative, latents=latents, num_inference_steps=steps,
        guidance_scale=guidance, output_type="latent", height=size * pipe.vae_scale_factor,
        width=size * pipe.vae_scale_factor, callback_on_step_end=note,
    ).images
    return dict(
        scheduler=json.loads(made.to_json_string()), steps=steps, guidance=guidance, text=list(prompt.shape),
        latents=list(out.shape), timesteps=seen, output=numbers(out),
    )


if __name__ == "__main__":
    tiny = UNet2DConditionModel.from_pretrained(sys.argv[1]).eval()
    decoders = [decoder_case(name, config) for name, config in DECODERS.items()]
    cases = [unet_case(name, **case) for name, case in UNETS.items()]
    with torch.no_grad():
        runs = [run_case(tiny, *run) for run in RUNS]
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "unet.json")
    with open(path, "w") as f:
        json.dump(dict(cases=cases, runs=runs, decoders=decoders), f, separators=(",", ":"))
        f.write("\n")
