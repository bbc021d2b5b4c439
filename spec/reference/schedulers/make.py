"""Writes schedulers.json beside it: trajectories of diffusers' schedulers under a fake model, 0.1 x + 0.05."""
import json, pathlib
import numpy as np, torch, diffusers
from diffusers import DDIMScheduler, EulerDiscreteScheduler

SD = dict(num_train_timesteps=1000, beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear")
CASES = [
    ("DDIMScheduler", dict(SD, steps_offset=1, clip_sample=False, set_alpha_to_one=False), 7, 0.0),
    ("DDIMScheduler", dict(SD, steps_offset=1, clip_sample=False, set_alpha_to_one=False), 50, 0.0),
    ("DDIMScheduler", dict(SD, steps_offset=1, clip_sample=False, set_alpha_to_one=False), 5, 0.7),
    ("DDIMScheduler", dict(SD, clip_sample=True, timestep_spacing="linspace"), 7, 1.0),
    ("DDIMScheduler", dict(SD, clip_sample=True, clip_sample_range=0.5, prediction_type="sample"), 6, 0.0),
    ("DDIMScheduler", dict(SD, clip_sample=False, prediction_type="v_prediction", timestep_spacing="trailing", rescale_betas_zero_snr=True), 9, 0.3),
    ("DDIMScheduler", dict(beta_schedule="linear", num_train_timesteps=100), 3, 0.0),
    ("EulerDiscreteScheduler", dict(SD, steps_offset=1, timestep_spacing="leading"), 7, 0.0),
    ("EulerDiscreteScheduler", dict(SD), 6, 0.0),
    ("EulerDiscreteScheduler", dict(SD, final_sigmas_type="sigma_min"), 30, 0.0),
    ("EulerDiscreteScheduler", dict(SD, timestep_spacing="trailing", prediction_type="v_prediction", rescale_betas_zero_snr=True), 8, 0.0),
    ("EulerDiscreteScheduler", dict(SD, prediction_type="sample"), 4, 0.0),
    ("EulerDiscreteScheduler", dict(), 1, 0.0),
]
CLASSES = {"DDIMScheduler": DDIMScheduler, "EulerDiscreteScheduler": EulerDiscreteScheduler}
out = []
for name, config, steps, eta in CASES:
    rng = np.random.default_rng(0)
    draw = lambda: torch.from_numpy(rng.standard_normal(6).astype(np.float32))
    scheduler = CLASSES[name].from_config(config)
    scheduler.set_timesteps(steps)
    noise = draw()
    sigma = float(scheduler.init_noise_sigma)
    x = noise * sigma
    noised = scheduler.add_noise(torch.linspace(-1, 1, 6), noise, scheduler.timesteps[steps // 2 : steps // 2 + 1])
    samples, originals, noises = [], [], []
    for t in scheduler.timesteps:
        output = 0.1 * scheduler.scale_model_input(x, t) + 0.05
        extra = {}
        if eta > 0:
            step_noise = draw()
            noises.append(step_noise.tolist())
            extra = dict(eta=eta, variance_noise=step_noise)
        result = scheduler.step(output, t, x, **extra)
        x = result.prev_sample
        samples.append(x.tolist())
        originals.append(result.pred_original_sample.tolist())
    out.append(dict(config=dict(config, _class_name=name), steps=steps, eta=eta, timesteps=scheduler.timesteps.tolist(),
        initNoiseSigma=sigma, noise=noise.tolist(), noised=noised.tolist(), noises=noises, samples=samples, originals=originals))
pathlib.Path(__file__).with_name("schedulers.json").write_text(json.dumps(dict(diffusers=diffusers.__version__, cases=out)))
