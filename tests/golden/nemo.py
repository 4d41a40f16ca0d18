"""What NVIDIA's own code makes of its codecs: the figures that tests/models/nemo_test.ts compares with.

    /usr/bin/python3 tests/golden/nemo.py <checkout of NVIDIA/NeMo>
    /usr/bin/python3 tests/golden/nemo.py <checkout> --checkpoint <folder>

The first form writes tests/golden/nemo/*.json and the narrow archives of tests/data/checkpoints/nemo/;
the second saves full-size archives as the authors publish them.
"""
import argparse
import io
import pathlib
import re
import tarfile

import numpy as np
import yaml

import nemo_reference
import saving
import seeded

HERE = pathlib.Path(__file__).parent
SEED = 5
MODULES = "nemo.collections.tts.modules.audio_codec_modules."

# torch's names of a normalised weight before parametrizations.
LEGACY = [(r"\.parametrizations\.weight\.original0$", ".weight_g"), (r"\.parametrizations\.weight\.original1$", ".weight_v")]

# What a config holds for training, and no code depends on.
TRAINING = {
    "max_epochs": 10, "steps_per_epoch": 1000, "mel_loss_l1_scale": 10.0, "stft_loss_scale": 10.0,
    "commit_loss_scale": 0.0, "loss_resolutions": [[32, 8, 32]], "mel_loss_dims": [5], "feature_loss_type": "absolute",
    "train_ds": {"dataset": {"sample_rate": "${sample_rate}", "dataset_meta": "???"}},
    "discriminator": {"_target_": MODULES + "Discriminator", "discriminators": []},
    "generator_loss": {"_target_": "nemo.collections.tts.losses.audio_codec_loss.GeneratorSquaredLoss"},
    "optim": {"_target_": "torch.optim.Adam", "lr": 2e-4}, "target": "nemo.collections.tts.models.audio_codec.AudioCodecModel",
    "nemo_version": "2.4.0",
}


def quantizer(groups, levels):
    return {"_target_": MODULES + "GroupFiniteScalarQuantizer", "num_groups": groups, "num_levels_per_group": levels}


def config(rate, down, up, groups, levels, encoder, decoder):
    """A `model_config.yaml`."""
    return {
        "sample_rate": rate, "samples_per_frame": int(np.prod(down)),
        "audio_encoder": {"down_sample_rates": down, "encoded_dim": groups * len(levels), "activation": "lrelu", **encoder},
        "audio_decoder": {"up_sample_rates": up, "input_dim": groups * len(levels), **decoder},
        "vector_quantizer": quantizer(groups, levels), **TRAINING,
    }


def nano(down, up, groups, levels):
    return config(22050, down, up, groups, levels, {
        "_target_": MODULES + "HiFiGANEncoder", "base_channels": 24, "pad_mode": "replicate",
    }, {
        "_target_": MODULES + "CausalHiFiGANDecoder", "base_channels": 864, "activation": "half_snake",
        "output_activation": "clamp", "pad_mode": "zeros", "n_groups_equal_to_out_channels": True,
    })


# From before padding could be chosen: everything reflects.
REFLECTED = (
    {"_target_": MODULES + "HiFiGANEncoder", "base_channels": 48},
    {"_target_": MODULES + "HiFiGANDecoder", "base_channels": 768, "activation": "half_snake", "output_activation": "clamp"},
)
PUBLISHED = {
    "nemo-nano-codec-22khz-0.6kbps-12.5fps": (nano([2, 3, 6, 7, 7], [7, 7, 6, 3, 2], 4, [9, 8, 8, 7]), LEGACY),
    "nemo-nano-codec-22khz-1.78kbps-12.5fps": (nano([2, 3, 6, 7, 7], [7, 7, 6, 3, 2], 13, [8, 7, 6, 6]), []),
    "nemo-nano-codec-22khz-1.89kbps-21.5fps": (nano([2, 2, 4, 8, 8], [8, 8, 4, 2, 2], 8, [8, 7, 6, 6]), []),
    "audio-codec-44khz": (config(44100, [2, 4, 8, 8], [8, 8, 4, 2], 8, [8, 5, 5, 5], *REFLECTED), LEGACY),
}

# The same architectures with few channels. The first is nano; the second is of 2024; the third
# takes the modules and activations that no published model has.
NARROW = {
    "narrow_nano": (config(22050, [3, 4], [4, 3], 2, [9, 8, 8, 7], {
        "_target_": MODULES + "HiFiGANEncoder", "base_channels": 2, "pad_mode": "replicate",
    }, {
        "_target_": MODULES + "CausalHiFiGANDecoder", "base_channels": 12, "activation": "half_snake",
        "output_activation": "clamp", "pad_mode": "zeros", "n_groups_equal_to_out_channels": True,
    }), []),
    "narrow_44khz": (config(44100, [2, 4], [4, 2], 3, [8, 5, 5, 5],
                            {**REFLECTED[0], "base_channels": 4}, {**REFLECTED[1], "base_channels": 16}), LEGACY),
    "narrow_causal": (config(22050, [3, 2], [2, 3], 2, [5, 4, 3], {
        "_target_": MODULES + "CausalHiFiGANEncoder", "base_channels": 2, "activation": "half_snake",
        "resblock_kernel_sizes": [3, 5], "resblock_dilation_sizes": [1, 2], "in_kernel_size": 5,
    }, {
        "_target_": MODULES + "HiFiGANDecoder", "base_channels": 16, "activation": "elu", "output_activation": "tanh",
        "pad_mode": "replicate", "n_groups_equal_to_out_channels": True, "out_kernel_size": 5,
    }), []),
}


def rules_of(options):
    """The first that matches holds. Activations stay of order one through all layers."""
    gain = r"(weight_g|original0)$"
    narrow = options["audio_decoder"]["base_channels"] < 100
    latents, loudness = (1.5, 0.16) if narrow else (3.5, 0.02)
    ups = [{"match": rf"decoder\.up_sample_conv_layers\.{i}\..*{gain}", "low": 1.0 * rate ** 0.5, "high": 1.4 * rate ** 0.5}
           for i, rate in enumerate(options["audio_decoder"]["up_sample_rates"])]
    return [
        {"match": r"alpha$", "low": 0.4, "high": 2.0},
        {"match": r"bias$", "low": -0.1, "high": 0.1},
        {"match": rf"encoder\.pre_conv\..*{gain}", "low": 3.0, "high": 5.0},
        {"match": rf"encoder\.post_conv\..*{gain}", "low": latents, "high": 1.6 * latents},
        {"match": rf"down_sample_conv_layers\..*{gain}", "low": 1.0, "high": 1.3},
        {"match": rf"decoder\.pre_conv\..*{gain}", "low": 1.4, "high": 1.8},
        {"match": rf"decoder\.post_conv\..*{gain}", "low": loudness, "high": loudness},
        *ups,
        {"match": rf"input_conv\..*{gain}", "low": 0.9, "high": 1.4},
        {"match": rf"skip_conv\..*{gain}", "low": 0.4, "high": 0.7},
        {"match": r"", "gain": 1.0},
    ]


def build(options, names=()):
    """A seeded model, and its tensors under the names that a file holds."""
    import torch

    model = nemo_reference.codec(options)
    rules, stored = rules_of(options), {}
    for name, value in model.state_dict().items():
        to = name
        for pattern, replacement in names:
            to = re.sub(pattern, replacement, to)
        if value.is_floating_point():
            value.copy_(torch.from_numpy(seeded.tensor(to, tuple(value.shape), rules, SEED)))
        stored[to] = value.numpy().copy()
    return model, stored


def tree(stored):
    """Names and shapes nested by the dots of the names; integers with their values."""
    root = {}
    for name, value in stored.items():
        *path, leaf = name.split(".")
        node = root
        for part in path:
            node = node.setdefault(part, {})
        node[leaf] = list(value.shape) if value.dtype == np.float32 else {"shape": list(value.shape), "int32": value.ravel().tolist()}
    return root


def encode_case(model, samples, batch=1):
    import torch

    audio = torch.from_numpy(np.stack([seeded.audio(SEED + item, samples) for item in range(batch)]))
    lengths = torch.full((batch,), samples)
    with torch.no_grad():
        latents, _ = model.encode_audio(audio=audio, audio_len=lengths)
        codes, _ = model.encode(audio=audio, audio_len=lengths)
    used = [len(codes[:, layer].unique()) for layer in range(codes.shape[1])]
    print(f"  {batch} x {samples} samples, {codes.shape[2]} frames: latents {latents.std():.2f}, distinct codes {used}")
    return {"seed": SEED, "samples": samples, "codes": codes.tolist()}


def decode_case(model, frames, step):
    """Codes from a seed; every `step`th sample of what they sound like."""
    import torch

    entries, layers = model.vector_quantizer.codebook_size_per_group, model.vector_quantizer.num_groups
    codes = (seeded.uniform("codes", layers * frames, SEED) * entries).astype(np.int64).reshape(1, layers, frames)
    with torch.no_grad():
        audio = model.decode(tokens=torch.from_numpy(codes), tokens_len=torch.tensor([frames]))[0][0].numpy()
    print(f"  {frames} frames decoded: largest sample {np.abs(audio).max():.3f}, "
          f"root mean square {np.sqrt((audio ** 2).mean()):.3f}, {100 * (np.abs(audio) >= 1).mean():.2f} % clamped")
    return {"codes": codes[0].tolist(), "step": step, "samples": len(audio), "audio": saving.base64_floats(audio[::step])}


def write(name, options, names, cases):
    print(name)
    model, stored = build(options, names)
    saving.write_json(HERE / "nemo" / f"{name}.json", {
        "config": options, "rules": rules_of(options), "seed": SEED, "tensors": tree(stored),
        "encode": [encode_case(model, *case) for case in cases["encode"]],
        "decode": [decode_case(model, *case) for case in cases["decode"]],
    })
    return stored


def full_cases(options):
    frame = options["samples_per_frame"]
    least = 2048 if "44" in str(options["sample_rate"]) else frame
    lengths = {1, frame, frame + 1, 3 * frame - 1, 24001} if least == frame else {least - 511, least, least + 1, 24001}
    return {
        "encode": [(length,) for length in sorted(lengths)] + [(60 * frame - 7,), (12 * frame, 3)],
        "decode": [(least // frame, 7), (40, 101)],
    }


NARROW_CASES = {
    "narrow_nano": {
        "encode": [(n,) for n in (1, 11, 12, 13, 23, 24, 25, 119, 120, 121, 2000, 9601)] + [(4800, 3)],
        "decode": [(1, 1), (2, 1), (29, 1), (400, 13)],
    },
    "narrow_44khz": {
        "encode": [(n,) for n in (105, 111, 112, 113, 120, 121, 2000, 9601)] + [(4800, 3)],
        "decode": [(7, 1), (8, 1), (31, 1), (500, 13)],
    },
    "narrow_causal": {
        "encode": [(n,) for n in (1, 2, 5, 6, 7, 12, 13, 59, 61, 2000, 9601)] + [(4800, 3)],
        "decode": [(1, 1), (2, 1), (29, 1), (500, 13)],
    },
}


def save(path, options, stored, root="", interpolated=False):
    """A .nemo archive: a tar of a config and of a state dict with what training left behind."""
    import torch

    if interpolated:
        options = {**options, "audio_decoder": {**options["audio_decoder"], "input_dim": "${audio_encoder.encoded_dim}"}}
    left = {"discriminator.discriminators.0.conv.weight": np.zeros((2, 2), np.float32), "mel_loss_fn.mel_features.0.window": np.ones(4, np.float32)}
    weights = io.BytesIO()
    torch.save({name: torch.from_numpy(value) for name, value in {**stored, **left}.items()}, weights)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:") as archive:
        for name, content in (("model_config.yaml", yaml.safe_dump(options).encode()), ("model_weights.ckpt", weights.getvalue())):
            member = tarfile.TarInfo(root + name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("reference")
    parser.add_argument("--checkpoint")
    options = parser.parse_args()
    nemo_reference.load(options.reference)
    if options.checkpoint is not None:
        for name, (model, names) in PUBLISHED.items():
            save(pathlib.Path(options.checkpoint, name, f"{name}.nemo"), model, build(model, names)[1])
        return
    for name, (model, names) in NARROW.items():
        stored = write(name, model, names, NARROW_CASES[name])
        path = HERE.parent / "data/checkpoints/nemo" / f"{name}.nemo"
        save(path, model, stored, root="./" if name == "narrow_44khz" else "", interpolated=name == "narrow_44khz")
    for name, (model, names) in PUBLISHED.items():
        write(name, model, names, full_cases(model))


if __name__ == "__main__":
    main()
