"""What Descript's own code makes of DAC: the figures that tests/models/dac_test.ts compares with.

    /usr/bin/python3 tests/golden/dac.py <descript-audio-codec> <audiotools> <pyloudnorm> <julius>
    /usr/bin/python3 tests/golden/dac.py <the same four checkouts> --checkpoint <folder>

The first form writes tests/golden/dac/*.json and the narrow checkpoints of
tests/data/checkpoints/dac/; the second saves full-size checkpoints as the authors publish them.
"""
import argparse
import json
import pathlib
import re

import numpy as np

import dac_reference
import saving
import seeded

HERE = pathlib.Path(__file__).parent
SEED = 5
# `python3 -m dac encode` compresses in windows of so many seconds.
WINDOW = 5.0

# The first rule that matches holds. Activations stay of order one through all layers, and what a
# codebook takes away leaves enough for the next one.
RULES = [
    {"match": r"alpha$", "low": 0.5, "high": 2.0},
    {"match": r"bias$", "low": -0.1, "high": 0.1},
    {"match": r"codebook\.weight$", "low": -1.0, "high": 1.0},
    {"match": r"^encoder\.block\.0\.(weight_g|.*original0)$", "low": 3.0, "high": 6.0},
    {"match": r"block\.\d\.block\.3\.(weight_g|.*original0)$", "low": 0.2, "high": 0.5},
    {"match": r"^encoder\.block\.\d\.block\.4\.(weight_g|.*original0)$", "low": 0.5, "high": 1.2},
    {"match": r"^decoder\.model\.[1-4]\.block\.1\.(weight_g|.*original0)$", "low": 1.0, "high": 2.0},
    {"match": r"^decoder\.model\.6\.(weight_g|.*original0)$", "low": 0.15, "high": 0.15},
    {"match": r"in_proj\.(weight_g|.*original0)$", "low": 1.0, "high": 1.0},
    {"match": r"out_proj\.(weight_g|.*original0)$", "low": 0.1, "high": 0.2},
    {"match": r"(weight_g|original0)$", "low": 0.6, "high": 1.2},
    {"match": r"^encoder\.conv1\.weight$", "gain": 4.5},
    {"match": r"res_unit\d\.conv2\.weight$", "gain": 0.35},
    {"match": r"conv_t1\.weight$", "gain": 1.5},
    {"match": r"^decoder\.conv2\.weight$", "gain": 0.15},
    {"match": r"out_proj\.weight$", "gain": 0.15},
    {"match": r"", "gain": 0.9},
]

# What the published checkpoints hold under metadata.kwargs (conf/final/*.yml).
KWARGS_44 = {
    "encoder_dim": 64, "encoder_rates": [2, 4, 8, 8], "latent_dim": 1024, "decoder_dim": 1536,
    "decoder_rates": [8, 8, 4, 2], "n_codebooks": 9, "codebook_size": 1024, "codebook_dim": 8,
    "quantizer_dropout": False, "sample_rate": 44100,
}
RATES = {"encoder_rates": [2, 4, 5, 8], "decoder_rates": [8, 5, 4, 2]}
KWARGS_24 = {**KWARGS_44, **RATES, "n_codebooks": 32, "sample_rate": 24000}
KWARGS_16 = {**KWARGS_44, **RATES, "n_codebooks": 12, "sample_rate": 16000}
KWARGS_44_16KBPS = {**KWARGS_44, "latent_dim": 128, "n_codebooks": 18}
# The same architecture with few channels.
FEW = {"encoder_dim": 2, "decoder_dim": 16, "n_codebooks": 3, "codebook_size": 256}
NARROW_16 = {**KWARGS_16, **FEW, "encoder_dim": 3, "latent_dim": 12, "codebook_size": 128}
NARROW_24 = {**KWARGS_24, **FEW, "latent_dim": None, "codebook_dim": [8, 4, 6]}
NARROW_44 = {**KWARGS_44, **FEW, "latent_dim": 32}

# From the names of the authors' code to those of transformers.
TO_TRANSFORMERS = [
    (r"^encoder\.block\.0\.", "encoder.conv1."),
    (r"^encoder\.block\.5\.", "encoder.snake1."),
    (r"^encoder\.block\.6\.", "encoder.conv2."),
    (r"^decoder\.model\.0\.", "decoder.conv1."),
    (r"^decoder\.model\.5\.", "decoder.snake1."),
    (r"^decoder\.model\.6\.", "decoder.conv2."),
    (r"^encoder\.block\.(\d)\.block\.3\.", r"encoder.block.@\1.snake1."),
    (r"^encoder\.block\.(\d)\.block\.4\.", r"encoder.block.@\1.conv1."),
    (r"^encoder\.block\.(\d)\.block\.(\d)\.block\.", r"encoder.block.@\1.res_unit#\2."),
    (r"^decoder\.model\.(\d)\.block\.0\.", r"decoder.block.@\1.snake1."),
    (r"^decoder\.model\.(\d)\.block\.1\.", r"decoder.block.@\1.conv_t1."),
    (r"^decoder\.model\.(\d)\.block\.(\d)\.block\.", r"decoder.block.@\1.res_unit@\2."),
    (r"(res_unit..)\.0\.", r"\1.snake1."),
    (r"(res_unit..)\.1\.", r"\1.conv1."),
    (r"(res_unit..)\.2\.", r"\1.snake2."),
    (r"(res_unit..)\.3\.", r"\1.conv2."),
    (r"@(\d)", lambda match: str(int(match[1]) - 1)),
    (r"#(\d)", lambda match: str(int(match[1]) + 1)),
]
# As torch 2 spells weight normalisation.
TO_PARAMETRIZATIONS = [
    (r"\.weight_g$", ".parametrizations.weight.original0"),
    (r"\.weight_v$", ".parametrizations.weight.original1"),
]


def transformers_config(kwargs):
    """config.json as transformers writes it."""
    return {
        "architectures": ["DacModel"], "codebook_dim": kwargs["codebook_dim"], "codebook_loss_weight": 1.0,
        "codebook_size": kwargs["codebook_size"], "commitment_loss_weight": 0.25,
        "decoder_hidden_size": kwargs["decoder_dim"], "downsampling_ratios": kwargs["encoder_rates"],
        "encoder_hidden_size": kwargs["encoder_dim"], "hidden_size": kwargs["latent_dim"],
        "hop_length": int(np.prod(kwargs["encoder_rates"])), "model_type": "dac",
        "n_codebooks": kwargs["n_codebooks"], "quantizer_dropout": 0, "sampling_rate": kwargs["sample_rate"],
        "torch_dtype": "float32", "transformers_version": "4.44.0.dev0", "upsampling_ratios": kwargs["decoder_rates"],
    }


def build(kwargs, names):
    """A seeded model, and its tensors under the names that `names` make of the authors'."""
    import torch

    model = dac_reference.load_class()(**kwargs).eval()
    if names is TO_TRANSFORMERS:
        for module in model.modules():
            if hasattr(module, "weight_g"):
                torch.nn.utils.remove_weight_norm(module)
    stored = {}
    for name, value in model.state_dict().items():
        to = name
        for pattern, replacement in names:
            to = re.sub(pattern, replacement, to)
        stored[to] = seeded.tensor(to, tuple(value.shape), RULES, SEED)
        value.copy_(torch.from_numpy(stored[to]))
    return model, stored


def encode_case(model, samples, batch=1):
    import torch

    audio = np.stack([seeded.audio(SEED + item, samples) for item in range(batch)])
    with torch.no_grad():
        codes = model.encode(model.preprocess(torch.from_numpy(audio)[:, None], None))[1]
    print(f"  {batch} x {samples} samples, {codes.shape[2]} frames: distinct codes", distinct(codes))
    return {"seed": SEED, "samples": samples, "codebooks": codes.shape[1], "codes": codes.tolist()}


def distinct(codes):
    return [len(codes[:, layer].unique()) for layer in range(codes.shape[1])]


def decode_case(model, frames, step):
    """Codes from a seed; every `step`th sample of what they sound like."""
    import torch

    codes = (seeded.uniform("codes", model.n_codebooks * frames, SEED) * model.codebook_size).astype(np.int64)
    codes = codes.reshape(1, model.n_codebooks, frames)
    with torch.no_grad():
        audio = model.decode(model.quantizer.from_codes(torch.from_numpy(codes))[0])[0, 0].numpy()
    print(f"  {frames} frames decoded to {len(audio)} samples: largest {np.abs(audio).max():.3f}, "
          f"root mean square {np.sqrt((audio ** 2).mean()):.3f}")
    return {"codes": codes[0].tolist(), "step": step, "samples": len(audio), "audio": saving.base64_floats(audio[::step])}


def chunked_case(model, samples, scale=1.0, pulse=1, step=331):
    """compress(), and what its codes sound like before decompress() restores the loudness.

    Only every `pulse`th thousand of samples is heard, `scale` times as loud.
    """
    import torch

    heard = (np.arange(samples) // 1000) % pulse == 0
    audio = (seeded.audio(SEED, samples) * heard * np.float32(scale)).astype(np.float32)
    file = model.compress(dac_reference.signal(audio, model.sample_rate), win_duration=WINDOW)
    codes = file.codes
    model.padding = file.padding
    with torch.no_grad():
        parts = [model.decode(model.quantizer.from_codes(codes[..., i:i + file.chunk_length])[0])
                 for i in range(0, codes.shape[2], file.chunk_length)]
    model.padding = True
    decoded = torch.cat(parts, dim=2)[0, 0, :samples].numpy()
    print(f"  compressed {samples} samples of {file.input_db.item():.4f} dB: {codes.shape[2]} frames in chunks of "
          f"{file.chunk_length}, distinct codes", distinct(codes))
    return {
        "seed": SEED, "samples": samples, "scale": scale, "pulse": pulse, "loudness": file.input_db.item(),
        "codes": codes[0].tolist(), "step": step, "audio": saving.base64_floats(decoded[::step]),
    }


def write(name, kwargs, names, cases, config=None):
    print(name)
    model, stored = build(kwargs, names)
    encode = [encode_case(model, *case) for case in cases["encode"]]
    decode = [decode_case(model, *case) for case in cases["decode"]]
    chunked = [chunked_case(model, *case) for case in cases["chunked"]]
    saving.write_json(HERE / "dac" / f"{name}.json", {
        "config": config or {"metadata": {"kwargs": kwargs}}, "rules": RULES, "seed": SEED,
        "tensors": [{"name": key, "shape": list(value.shape), "type": "float32"} for key, value in stored.items()],
        "encode": encode, "decode": decode, "chunked": chunked,
    })
    return stored


def full_cases(hop, chunked=()):
    return {
        "encode": [(1,), (hop - 1,), (hop,), (hop + 1,), (20 * hop + 100, 3), (60 * hop,)],
        "decode": [(1, 1), (7, 1), (60, 31)],
        "chunked": chunked,
    }


def narrow_cases(rate, hop, step, *chunked):
    """`step`: samples from one chunk to the next."""
    whole = int(WINDOW * rate)
    return {
        "encode": [(samples,) for samples in (1, hop - 1, hop, hop + 1, 7 * hop + 3)] + [(100 * hop,), (30 * hop, 3)],
        "decode": [(1, 1), (2, 1), (9, 1), (150, 37)],
        "chunked": [(1,), (rate // 2 - 1,), (rate // 2,), (whole,), (whole + 1,), (2 * step,), (2 * step + 1,), *chunked],
    }


def save_original(path, stored, kwargs):
    """{state_dict, metadata}, as BaseModel.save() of audiotools writes it."""
    import collections

    import torch

    path.parent.mkdir(parents=True, exist_ok=True)
    state = collections.OrderedDict((name, torch.from_numpy(value.copy())) for name, value in stored.items())
    torch.save({"state_dict": state, "metadata": {"kwargs": kwargs}}, path)


def save_transformers(folder, stored, kwargs):
    folder.mkdir(parents=True, exist_ok=True)
    saving.save_safetensors(folder / "model.safetensors", stored)
    (folder / "config.json").write_text(json.dumps(transformers_config(kwargs), indent=2) + "\n")


def save_full_size(folder):
    for name, kwargs in (
        ("weights", KWARGS_44), ("weights_24khz", KWARGS_24), ("weights_16khz", KWARGS_16),
        ("weights_44khz_16kbps", KWARGS_44_16KBPS),
    ):
        save_original(folder / name / f"{name}.pth", build(kwargs, [])[1], kwargs)
    save_transformers(folder / "dac_44khz", build(KWARGS_44, TO_TRANSFORMERS)[1], KWARGS_44)


def main():
    parser = argparse.ArgumentParser()
    for checkout in ("dac", "audiotools", "pyloudnorm", "julius"):
        parser.add_argument(checkout)
    parser.add_argument("--checkpoint")
    options = parser.parse_args()
    dac_reference.load(options.dac, options.audiotools, options.pyloudnorm, options.julius)
    if options.checkpoint is not None:
        save_full_size(pathlib.Path(options.checkpoint))
        return
    folder = HERE.parent / "data/checkpoints/dac"
    # Of clips that are quiet, silent, or so peaky that they cannot be as loud as they should.
    odd = [(50_000, 0.004), (100_000, 3.0), (20_000, 0.0), (30_000, 1e-5), (90_000, 0.5, 40)]
    cases = narrow_cases(16_000, 320, 69_346, *odd)
    save_original(folder / "original/weights.pth", write("narrow_16khz", NARROW_16, [], cases), NARROW_16)
    cases = narrow_cases(24_000, 320, 109_346)
    stored = write("narrow_24khz", NARROW_24, TO_PARAMETRIZATIONS, cases)
    save_original(folder / "parametrizations/weights.pth", stored, NARROW_24)
    cases = narrow_cases(44_100, 512, 204_650)
    stored = write("narrow_44khz", NARROW_44, TO_TRANSFORMERS, cases, transformers_config(NARROW_44))
    save_transformers(folder / "transformers", stored, NARROW_44)
    write("weights_16khz", KWARGS_16, [], full_cases(320, [(96_000,)]))
    write("weights_24khz", KWARGS_24, [], full_cases(320))
    write("weights", KWARGS_44, [], full_cases(512))
    write("weights_44khz_16kbps", KWARGS_44_16KBPS, [], full_cases(512))
    write("dac_44khz", KWARGS_44, TO_TRANSFORMERS, full_cases(512), transformers_config(KWARGS_44))


if __name__ == "__main__":
    main()
