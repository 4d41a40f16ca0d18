"""What the authors' own code makes of SNAC: the figures that tests/models/snac_test.ts compares with.

    /usr/bin/python3 tests/golden/snac.py <checkout of hubertsiuzdak/snac>
    /usr/bin/python3 tests/golden/snac.py <checkout> --checkpoint <folder>

The first form writes tests/golden/snac/*.json and the narrow checkpoints of
tests/data/checkpoints/snac/; the second saves full-size checkpoints as the authors publish them.
"""
import argparse
import json
import pathlib
from unittest import mock

import numpy as np

import saving
import seeded
import snac_reference

HERE = pathlib.Path(__file__).parent
SEED = 7

# The first rule that matches holds; in the first spelling of weight norm, names are those of the
# second before they are seeded. Audio stays of order one, codes use many entries, and noise is
# a good part of what is decoded.
RULES = [
    {"match": r"alpha$", "low": 0.5, "high": 3.0},
    {"match": r"^encoder.*bias$", "low": -0.3, "high": 0.05},
    {"match": r"bias$", "low": -0.1, "high": 0.1},
    {"match": r"norm\.weight$", "low": 0.6, "high": 1.4},
    {"match": r"inv_freq$", "low": 0.0, "high": 0.5},
    {"match": r"to_qkv", "gain": 1.5},
    {"match": r"codebook\.weight$", "low": -1.0, "high": 1.0},
    {"match": r"in_proj.*(original0|weight_g)$", "low": 0.7, "high": 1.3},
    {"match": r"out_proj.*(original0|weight_g)$", "low": 1.0, "high": 2.0},
    {"match": r"^encoder\.block\.0\..*(original0|weight_g)$", "low": 4.0, "high": 8.0},
    {"match": r"^decoder\.model\.\d\.block\.\d\.block\.3\..*(original0|weight_g)$", "low": 0.1, "high": 0.3},
    {"match": r"linear.*(original0|weight_g)$", "low": 0.1, "high": 0.4},
    {"match": r"^decoder\.model\.[3-9]\.(parametrizations\.weight\.original0|weight_g)$", "low": 0.15, "high": 0.4},
    {"match": r"block\.[0-5]\.block\.3\..*(original0|weight_g)$", "low": 0.2, "high": 0.6},
    {"match": r"(original0|weight_g)$", "low": 0.7, "high": 1.3},
    {"match": r"", "gain": 1.0},
]

PUBLISHED = {
    "snac_24khz": {
        "sampling_rate": 24000, "encoder_dim": 48, "encoder_rates": [2, 4, 8, 8],
        "decoder_dim": 1024, "decoder_rates": [8, 8, 4, 2], "attn_window_size": None,
        "codebook_size": 4096, "codebook_dim": 8, "vq_strides": [4, 2, 1],
        "noise": True, "depthwise": True,
    },
    "snac_32khz": {
        "sampling_rate": 32000, "encoder_dim": 64, "encoder_rates": [2, 3, 8, 8],
        "decoder_dim": 1536, "decoder_rates": [8, 8, 3, 2], "attn_window_size": 32,
        "codebook_size": 4096, "codebook_dim": 8, "vq_strides": [8, 4, 2, 1],
        "noise": True, "depthwise": True,
    },
}
PUBLISHED["snac_44khz"] = {**PUBLISHED["snac_32khz"], "sampling_rate": 44100}

# The architectures of the published models, with few channels; the last has what none of them has.
NARROW = {
    "narrow": {**PUBLISHED["snac_24khz"], "encoder_dim": 2, "decoder_dim": 32, "codebook_size": 64},
    "narrow_attention": {
        **PUBLISHED["snac_44khz"], "encoder_dim": 4, "encoder_rates": [2, 3, 2, 2],
        "decoder_dim": 64, "decoder_rates": [2, 2, 3, 2], "codebook_size": 64,
    },
    "narrow_dense": {
        **PUBLISHED["snac_24khz"], "encoder_dim": 4, "encoder_rates": [3, 2], "decoder_dim": 16,
        "decoder_rates": [2, 3], "codebook_size": 64, "noise": False, "depthwise": False,
    },
}
# Spelled as torch.nn.utils.weight_norm does.
LEGACY = {"narrow"}
# Small enough to be kept as a checkpoint too.
STORED = {"narrow", "narrow_dense"}

FIELD = 2**31 - 1
NOISE_SEED = 42


def noise(seed, stream, first, steps):
    """models/graph/seeded_noise.ts, from the same description."""
    state = seed

    def mix_in(value):
        nonlocal state
        for factor, offset in ((48271, value + 1), (69621, 7)):
            state = pow(state * factor + offset, 5, FIELD)
        return state

    mix_in(stream)
    rounds = [(1 + mix_in(2 * i) % (FIELD - 1), mix_in(2 * i + 1)) for i in range(2)]
    x = 2 * np.arange(first, first + steps, dtype=np.int64) + np.array([[0], [1]])
    for factor, offset in rounds:
        x = (x * factor + offset) % FIELD
        square = x * x % FIELD
        x = square * square % FIELD * x % FIELD
    u, v = (x + 1) / (FIELD + 1)
    return np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v)


class NoiseBlocks:
    """Stands for torch.randn in noise blocks: nothing, or the seeded noise of one after the other."""

    def __init__(self, seed):
        self.seed, self.stream = seed, 0

    def __call__(self, shape, **_):
        import torch

        batch, channels, steps = shape
        assert channels == 1
        if self.seed is None:
            return torch.zeros(shape)
        values = noise(self.seed, self.stream, 0, steps).astype(np.float32)
        self.stream += 1
        return torch.from_numpy(values).expand(batch, 1, steps)


def stored_name(name, legacy):
    if not legacy:
        return name
    return name.replace("parametrizations.weight.original0", "weight_g").replace(
        "parametrizations.weight.original1", "weight_v")


def build(snac, config, legacy):
    """The model, and its tensors as a checkpoint stores them."""
    import torch

    model = snac.SNAC(**config).eval()
    shapes = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    stored = {
        stored_name(name, legacy): seeded.tensor(stored_name(name, legacy), shape, RULES, SEED)
        for name, shape in shapes.items()
    }
    model.load_state_dict(
        {name: torch.from_numpy(stored[stored_name(name, legacy)].copy()) for name in shapes})
    return model, stored


def encode_case(model, samples, batch=1):
    import torch

    audio = np.stack([seeded.audio(SEED + item, samples) for item in range(batch)])
    with torch.no_grad():
        codes = model.encode(torch.from_numpy(audio)[:, None])
    used = [f"{len(layer.unique())}/{layer.numel()}" for layer in codes]
    print(f"  {batch} × {samples} samples: distinct codes {', '.join(used)}")
    return {"seed": SEED, "samples": samples, "codes": [
        [layer[item].tolist() for layer in codes] for item in range(batch)]}


def decode_case(model, units, step, noise_seed=None):
    """Codes from a seed; every `step`th sample of what they sound like."""
    import torch

    frames = model.preprocess(silence(1)).shape[0] // int(model.hop_length) * units
    codes = [
        (seeded.uniform(f"codes {layer}", frames // stride, SEED) * model.codebook_size).astype(np.int64)
        for layer, stride in enumerate(model.vq_strides)
    ]
    with torch.no_grad(), mock.patch("torch.randn", NoiseBlocks(noise_seed)):
        audio = model.decode([torch.from_numpy(layer)[None] for layer in codes])[0, 0].numpy()
    print(f"  {frames} frames decoded with noise {noise_seed}: largest {np.abs(audio).max():.3f}, "
          f"deviation {audio.std():.3f}")
    return {
        **({} if noise_seed is None else {"noiseSeed": noise_seed}),
        "codes": [layer.tolist() for layer in codes],
        "step": step, "samples": len(audio), "audio": saving.base64_floats(audio[::step]),
    }


def decode_cases(model, config, units, step):
    cases = [decode_case(model, units, step)]
    return cases + [decode_case(model, units, step, NOISE_SEED)] if config["noise"] else cases


def write(snac, name, config, legacy):
    print(name)
    model, stored = build(snac, config, legacy)
    unit = len(model.preprocess(silence(1)))
    rate = config["sampling_rate"]
    if name in NARROW:
        encode = [encode_case(model, samples) for samples in (1, unit - 1, unit, unit + 1, 40 * unit)]
        encode.append(encode_case(model, 2 * unit + 77, 3))
        decode = decode_cases(model, config, 1, 1) + decode_cases(model, config, 40, 11)
    else:
        encode = [encode_case(model, samples) for samples in (1, unit + 1, 2 * rate)]
        encode.append(encode_case(model, unit - 1, 3))
        decode = decode_cases(model, config, 1, 2) + decode_cases(model, config, 40_000 // unit, 17)
    saving.write_json(HERE / "snac" / f"{name}.json", {
        "config": config, "rules": RULES, "seed": SEED,
        "tensors": [{"name": key, "shape": list(value.shape), "type": "float32"} for key, value in stored.items()],
        "encode": encode, "decode": decode,
    })
    if name in STORED:
        save_checkpoint(HERE.parent / "data/checkpoints/snac" / name, config, stored)


def silence(samples):
    import torch

    return torch.zeros(samples)


def save_checkpoint(folder, config, stored):
    folder.mkdir(parents=True, exist_ok=True)
    saving.save_torch(folder / "pytorch_model.bin", stored)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("reference")
    parser.add_argument("--checkpoint")
    options = parser.parse_args()
    snac = snac_reference.load(options.reference)
    for name, config in {**NARROW, **PUBLISHED}.items():
        if options.checkpoint is None:
            write(snac, name, config, name in LEGACY)
        elif name in PUBLISHED:
            _, stored = build(snac, config, False)
            save_checkpoint(pathlib.Path(options.checkpoint) / name, config, stored)


if __name__ == "__main__":
    main()
