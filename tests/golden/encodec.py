"""What Meta's own code makes of EnCodec: the figures that tests/models/encodec_test.ts compares with.

    /usr/bin/python3 tests/golden/encodec.py <checkout of facebookresearch/encodec>
    /usr/bin/python3 tests/golden/encodec.py <checkout> --checkpoint <folder>

The first form writes tests/golden/encodec/*.json and the narrow checkpoints of
tests/data/checkpoints/encodec/; the second saves full-size checkpoints as the authors publish them.
"""
import argparse
import json
import pathlib
import re

import numpy as np

import encodec_reference
import saving
import seeded

HERE = pathlib.Path(__file__).parent
SEED = 3

# The first rule that matches holds. Activations stay of order one through all layers, and entries
# of the codebooks are short beside what they quantise, so that many are used.
RULES = [
    {"match": r"inited$", "low": 1.0, "high": 1.0},
    {"match": r"cluster_size$", "low": 0.5, "high": 2.0},
    {"match": r"embed(_avg)?$", "low": -0.15, "high": 0.15},
    {"match": r"lstm\.weight_hh", "gain": 1.2},
    {"match": r"lstm\.weight_ih", "gain": 1.5},
    {"match": r"bias", "low": -0.1, "high": 0.1},
    {"match": r"(encoder\.(model|layers)\.0\..*(weight_g|original0))$", "low": 3.0, "high": 5.0},
    {"match": r"(decoder\.(model|layers)\.15\..*(weight_g|original0))$", "low": 0.3, "high": 0.3},
    {"match": r"decoder\.(model|layers)\.3\.conv.*(weight_g|original0)$", "low": 2.0, "high": 2.6},
    {"match": r"decoder\.(model|layers)\.(6|9|12)\.conv.*(weight_g|original0)$", "low": 1.3, "high": 1.8},
    {"match": r"(weight_g|original0)$", "low": 0.8, "high": 1.4},
    {"match": r"", "gain": 1.0},
]

# config.json of facebook/encodec_24khz.
PUBLISHED = {
    "architectures": ["EncodecModel"], "audio_channels": 1, "chunk_length_s": None,
    "codebook_dim": 128, "codebook_size": 1024, "compress": 2, "dilation_growth_rate": 2,
    "hidden_size": 128, "kernel_size": 7, "last_kernel_size": 7, "model_type": "encodec",
    "norm_type": "weight_norm", "normalize": False, "num_filters": 32, "num_lstm_layers": 2,
    "num_residual_layers": 1, "overlap": None, "pad_mode": "reflect", "residual_kernel_size": 3,
    "sampling_rate": 24000, "target_bandwidths": [1.5, 3.0, 6.0, 12.0, 24.0],
    "torch_dtype": "float32", "transformers_version": "4.31.0.dev0", "trim_right_ratio": 1.0,
    "upsampling_ratios": [8, 5, 4, 2], "use_causal_conv": True,
}

# The same architecture with few channels, other strides and dilated layers.
NARROW = {
    **PUBLISHED, "codebook_dim": 4, "hidden_size": 4, "num_filters": 2,
    "num_residual_layers": 2, "target_bandwidths": [10.0, 30.0], "upsampling_ratios": [4, 3, 2],
}
# Four dimensions leave room for more entries where these are as long as what they quantise.
NARROW_RULES = [{"match": r"embed(_avg)?$", "low": -1.0, "high": 1.0}, *RULES]

# From the names of the authors' code to those of transformers.
TO_TRANSFORMERS = [
    (r"^(encoder|decoder)\.model\.", r"\1.layers."),
    (r"\.(conv|convtr)\.\1\.", ".conv."),
    (r"^quantizer\.vq\.", "quantizer."),
    (r"\._codebook\.", ".codebook."),
]
# As torch 2 spells weight normalisation.
TO_PARAMETRIZATIONS = [
    (r"\.weight_g$", ".parametrizations.weight.original0"),
    (r"\.weight_v$", ".parametrizations.weight.original1"),
]


def renamed(name, rules):
    for pattern, replacement in rules:
        name = re.sub(pattern, replacement, name)
    return name


def rules_of(config):
    return NARROW_RULES if config is NARROW else RULES


def build(config, names=()):
    """A seeded model, and its tensors under the names that `names` make of the authors'."""
    import torch

    model = encodec_reference.encodec(config)
    rules, stored = rules_of(config), {}
    for name, value in model.state_dict().items():
        to = renamed(name, names)
        stored[to] = seeded.tensor(to, tuple(value.shape), rules, SEED)
        value.copy_(torch.from_numpy(stored[to]))
    return model, stored


def encode_case(model, samples, codebooks, batch=1):
    import torch

    audio = np.stack([seeded.audio(SEED + item, samples) for item in range(batch)])
    with torch.no_grad():
        latents = model.encoder(torch.from_numpy(audio)[:, None])
        codes = model.quantizer.vq.encode(latents, n_q=codebooks).transpose(0, 1)
    used = [len(codes[:, layer].unique()) for layer in range(codebooks)]
    print(f"  {batch} x {samples} samples, {codes.shape[2]} frames: latents {latents.std():.2f}, distinct codes {used}")
    return {"seed": SEED, "samples": samples, "codebooks": codebooks, "codes": codes.tolist()}


def seeded_codes(codebooks, entries, frames):
    chosen = seeded.uniform("codes", codebooks * frames, SEED) * entries
    return chosen.astype(np.int64).reshape(1, codebooks, frames)


def decode_case(model, codebooks, frames, step):
    """Codes from a seed; every `step`th sample of what they sound like."""
    import torch

    codes = seeded_codes(codebooks, model.quantizer.bins, frames)
    with torch.no_grad():
        audio = model.decode([(torch.from_numpy(codes), None)])[0, 0].numpy()
    print(f"  {frames} frames decoded: largest sample {np.abs(audio).max():.3f}, "
          f"root mean square {np.sqrt((audio ** 2).mean()):.3f}")
    return {"codes": codes[0].tolist(), "step": step, "samples": len(audio), "audio": saving.base64_floats(audio[::step])}


def write(name, config, names, cases, published=None):
    print(name)
    model, stored = build(config, names)
    encode = [encode_case(model, *case) for case in cases["encode"]]
    decode = [decode_case(model, *case) for case in cases["decode"]]
    saving.write_json(HERE / "encodec" / f"{name}.json", {
        "config": published, "rules": rules_of(config), "seed": SEED,
        "tensors": [{"name": key, "shape": list(value.shape), "type": "float32"} for key, value in stored.items()],
        "encode": encode, "decode": decode,
    })
    return stored


FULL_CASES = {
    "encode": [(1, 32), (1921, 32), (24001, 8, 3), (48000, 32)],
    "decode": [(8, 1, 1), (32, 4, 1), (8, 150, 53)],
}
NARROW_CASES = {
    "encode": [(samples, 3) for samples in (1, 2, 3, 6, 7, 23, 24, 25, 47, 48, 49, 143, 144, 145, 169, 2401)] + [(9601, 1), (4801, 3, 3)],
    "decode": [(3, 1, 1), (1, 2, 1), (3, 7, 1), (3, 400, 17)],
}


def save(folder, container, stored, config):
    folder.mkdir(parents=True, exist_ok=True)
    if container == "safetensors":
        saving.save_safetensors(folder / "model.safetensors", stored)
    else:
        saving.save_torch(folder / container, stored)
    if config is not None:
        (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("reference")
    parser.add_argument("--checkpoint")
    options = parser.parse_args()
    encodec_reference.load(options.reference)
    if options.checkpoint is not None:
        folder = pathlib.Path(options.checkpoint)
        save(folder / "encodec_24khz", "safetensors", build(None, TO_TRANSFORMERS)[1], PUBLISHED)
        save(folder / "original", "encodec_24khz-d7cc33bc.th", build(None)[1], None)
        return
    write("encodec_24khz", None, TO_TRANSFORMERS, FULL_CASES, PUBLISHED)
    write("original", None, [], FULL_CASES)
    spelling = TO_TRANSFORMERS + TO_PARAMETRIZATIONS
    narrow = HERE.parent / "data/checkpoints/encodec"
    save(narrow / "transformers", "safetensors", write("narrow", NARROW, spelling, NARROW_CASES, NARROW), NARROW)
    save(narrow / "original", "encodec.th", write("narrow_original", NARROW, [], NARROW_CASES, NARROW), NARROW)


if __name__ == "__main__":
    main()
