"""What Kyutai's own code makes of Mimi: the figures that tests/models/mimi_test.ts compares with.

    /usr/bin/python3 tests/golden/mimi.py <checkout of kyutai-labs/moshi>/moshi
    /usr/bin/python3 tests/golden/mimi.py <checkout>/moshi --checkpoint <folder>

The first form writes tests/golden/mimi/*.json and the narrow checkpoints of
tests/data/checkpoints/mimi/; the second saves full-size checkpoints as the authors publish them.
Runs with torch 1.13: what newer releases need of torch and einops is added in moshi_reference.py.
"""
import argparse
import json
import pathlib
import re

import numpy as np

import moshi_reference
import saving
import seeded

HERE = pathlib.Path(__file__).parent
SEED = 7

# The first rule that matches holds. Activations stay of order one, the attention reaches far
# back, and entries of the codebooks are short beside what they quantise.
RULES = [
    # One codebook was hardly used: half of its counts are below the least that is divided by.
    {"match": r"(rest\.vq|acoustic_\w+)\.layers\.2\..*cluster_usage$", "low": 0.0, "high": 2e-5},
    {"match": r"(rest\.vq|acoustic_\w+)\.layers\.2\..*embed(ding)?_sum$", "low": -5e-6, "high": 5e-6},
    {"match": r"cluster_usage$", "low": 0.5, "high": 2.0},
    {"match": r"nitialized$", "low": 1.0, "high": 1.0},
    {"match": r"embed(ding)?_sum$", "low": -0.5, "high": 0.5},
    {"match": r"layer_scale(_\d)?\.scale$", "low": 0.1, "high": 0.4},
    {"match": r"(norm[12]|layernorm)\.weight$", "low": 0.6, "high": 1.4},
    {"match": r"bias$", "low": -0.1, "high": 0.1},
    {"match": r"^encoder\.(model|layers)\.14\.", "gain": 0.3},
    {"match": r"(in_proj_weight|[qk]_proj\.weight)$", "gain": 2.0},
    {"match": r"^(up|down)sample", "gain": 1.0},
    {"match": r"^decoder\.(model|layers)\.14\.", "gain": 0.1},
    {"match": r"(conv|convtr)\.weight$", "gain": 1.5},
    {"match": r"", "gain": 1.0},
]

# The architecture of the published model, with few channels.
NARROW = {
    "channels": 16, "filters": 2, "layers": 2, "heads": 2, "feedforward": 32,
    "codebook_dim": 8, "codebooks": 10, "entries": 64,
}


def original_config(width):
    """What moshi calls a mimi config; None are its own constants."""
    if width is None:
        return None
    dimension = width["channels"]
    config = json.loads(json.dumps(moshi_reference.published_config()))
    config["seanet"].update(dimension=dimension, n_filters=width["filters"])
    config["quantizer"].update(
        dimension=width["codebook_dim"], n_q=width["codebooks"], bins=width["entries"],
        input_dimension=dimension, output_dimension=dimension,
    )
    config["transformer"].update(
        d_model=dimension, num_heads=width["heads"], num_layers=width["layers"],
        dim_feedforward=width["feedforward"], input_dimension=dimension, output_dimensions=[dimension],
    )
    return config


def transformers_config(width):
    """config.json as kyutai/mimi has it: no num_quantizers where it is 32."""
    config = {
        "architectures": ["MimiModel"], "attention_dropout": 0.0, "audio_channels": 1,
        "codebook_dim": 256, "codebook_size": 2048, "compress": 2, "dilation_growth_rate": 2,
        "frame_rate": 12.5, "head_dim": 64, "hidden_act": "gelu", "hidden_size": 512,
        "initializer_range": 0.02, "intermediate_size": 2048, "kernel_size": 7,
        "last_kernel_size": 3, "layer_scale_initial_scale": 0.01,
        "max_position_embeddings": 8000, "model_type": "mimi", "norm_eps": 1e-05,
        "normalize": False, "num_attention_heads": 8, "num_filters": 64, "num_hidden_layers": 8,
        "num_key_value_heads": 8, "num_residual_layers": 1, "num_semantic_quantizers": 1,
        "pad_mode": "constant", "residual_kernel_size": 3, "rope_theta": 10000.0,
        "sampling_rate": 24000, "sliding_window": 250, "torch_dtype": "float32",
        "transformers_version": "4.45.0.dev0", "trim_right_ratio": 1.0, "upsample_groups": 512,
        "upsampling_ratios": [8, 6, 5, 4], "use_cache": False, "use_causal_conv": True,
        "use_conv_shortcut": False, "vector_quantization_hidden_dimension": 256,
    }
    if width is not None:
        config.update(
            hidden_size=width["channels"], upsample_groups=width["channels"],
            num_filters=width["filters"], num_hidden_layers=width["layers"],
            num_attention_heads=width["heads"], num_key_value_heads=width["heads"],
            head_dim=width["channels"] // width["heads"], intermediate_size=width["feedforward"],
            codebook_dim=width["codebook_dim"], codebook_size=width["entries"],
            vector_quantization_hidden_dimension=width["codebook_dim"],
            num_quantizers=width["codebooks"],
        )
    return config


def published_name(name):
    """moshi's names in memory, as its files spell them."""
    return name.replace("in_projs.0.weight", "in_proj_weight").replace("out_projs.0.", "out_proj.")


# From moshi's published names to those of transformers; order matters.
TO_TRANSFORMERS = [
    (r"\.(conv|convtr)(\.\1)+\.", ".conv."),
    (r"^quantizer\.rvq_first\.(vq\.)?", "quantizer.semantic_residual_vector_quantizer."),
    (r"^quantizer\.rvq_rest\.(vq\.)?", "quantizer.acoustic_residual_vector_quantizer."),
    (r"\._codebook\._?", ".codebook."),
    (r"embedding_sum$", "embed_sum"),
    (r"^(encoder|decoder)\.model\.", r"\1.layers."),
    (r"_transformer\.transformer\.", "_transformer."),
    (r"\.linear([12])\.", r".mlp.fc\1."),
    (r"self_attn\.out_proj", "self_attn.o_proj"),
    (r"\.norm1\.", ".input_layernorm."),
    (r"\.norm2\.", ".post_attention_layernorm."),
    (r"layer_scale_1", "self_attn_layer_scale"),
    (r"layer_scale_2", "mlp_layer_scale"),
]


def transformers_name(name):
    for pattern, replacement in TO_TRANSFORMERS:
        name = re.sub(pattern, replacement, name)
    return name


def interleaved(weight, heads):
    """Rows of halves (h, p, j) as moshi has them: pairs (h, j, p)."""
    rows, columns = weight.shape
    return weight.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)


def seeded_state(model, spelling, heads):
    """The tensors as a checkpoint stores them, and the same values as moshi's state dict."""
    stored, state = {}, {}

    def make(name, shape):
        stored[name] = seeded.tensor(name, shape, RULES, SEED)
        return stored[name]

    for memory_name, value in model.state_dict().items():
        name, shape = published_name(memory_name), tuple(value.shape)
        if spelling == "original":
            state[memory_name] = make(name, shape)
        elif name.endswith("in_proj_weight"):
            stem = transformers_name(name).removesuffix("in_proj_weight")
            third = (shape[0] // 3, shape[1])
            q, k, v = (make(f"{stem}{part}_proj.weight", third) for part in "qkv")
            state[memory_name] = np.concatenate([interleaved(q, heads), interleaved(k, heads), v])
        else:
            state[memory_name] = make(transformers_name(name), shape)
    return stored, state


def build(spelling, width):
    import torch

    heads = 8 if width is None else width["heads"]
    model = moshi_reference.mimi(original_config(width))
    stored, state = seeded_state(model, spelling, heads)
    model.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in state.items()})
    return model, stored


def encode_case(model, codebooks, samples, batch=1):
    import torch

    model.set_num_codebooks(codebooks)
    audio = np.stack([seeded.audio(SEED + item, samples) for item in range(batch)])
    with torch.no_grad():
        codes = model.encode(torch.from_numpy(audio)[:, None])
    used = [len(codes[:, layer].unique()) for layer in range(codebooks)]
    print(f"  {batch} × {samples} samples, {codes.shape[2]} frames: distinct codes {used}")
    return {"codebooks": codebooks, "seed": SEED, "samples": samples, "codes": codes.tolist()}


def decode_case(model, codebooks, entries, frames, step):
    """Codes from a seed; every `step`th sample of what they sound like."""
    import torch

    chosen = (seeded.uniform("codes", codebooks * frames, SEED) * entries).astype(np.int64)
    with torch.no_grad():
        audio = model.decode(torch.from_numpy(chosen.reshape(1, codebooks, frames)))[0, 0].numpy()
    print(f"  {frames} frames decoded: largest sample {np.abs(audio).max():.3f}, "
          f"root mean square {np.sqrt((audio ** 2).mean()):.3f}")
    return {
        "codes": chosen.reshape(codebooks, frames).tolist(), "step": step,
        "samples": len(audio), "audio": saving.base64_floats(audio[::step]),
    }


def latents_of(model, samples):
    import torch

    with torch.no_grad():
        latents = model.encode_to_latent(
            torch.from_numpy(seeded.audio(SEED, samples))[None, None], quantize=False)
    print(f"  latents: deviation {latents.std():.3f}")


def write(name, spelling, width):
    print(name)
    model, stored = build(spelling, width)
    config = original_config(width) if spelling == "original" else transformers_config(width)
    entries = 2048 if width is None else width["entries"]
    most = 32 if width is None else width["codebooks"]
    latents_of(model, 48000)
    if width is None:
        encode = [encode_case(model, 8, 1), encode_case(model, most, 20000), encode_case(model, 8, 13440, 3)]
        if spelling == "original":
            encode.append(encode_case(model, 8, 40 * 24000))
        decode = [decode_case(model, 8, entries, 3, 2), decode_case(model, most, entries, 130, 211)]
    else:
        encode = [encode_case(model, 8, samples) for samples in (1, 1919, 1920, 1921, 240001)]
        encode += [encode_case(model, most, 13440, 3), encode_case(model, most, 40 * 24000), encode_case(model, 1, 5000)]
        decode = [decode_case(model, most, entries, 3, 1), decode_case(model, 8, entries, 400, 97)]
    golden = {
        "config": config, "rules": RULES, "seed": SEED,
        "tensors": [{"name": key, "shape": list(value.shape), "type": "float32"} for key, value in stored.items()],
        "encode": encode, "decode": decode,
    }
    saving.write_json(HERE / "mimi" / f"{name}.json", golden)
    if width is not None:
        save_checkpoint(HERE.parent / "data/checkpoints/mimi" / name, spelling, config, stored)


def save_checkpoint(folder, spelling, config, stored):
    folder.mkdir(parents=True, exist_ok=True)
    if spelling == "original":
        saving.save_safetensors(folder / "tokenizer-e351c8d8-checkpoint125.safetensors", stored)
    else:
        saving.save_safetensors(folder / "model.safetensors", stored)
    if config is not None:
        (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("reference")
    parser.add_argument("--checkpoint")
    options = parser.parse_args()
    moshi_reference.load(options.reference)
    if options.checkpoint is not None:
        for spelling in ("original", "transformers"):
            _, stored = build(spelling, None)
            config = None if spelling == "original" else transformers_config(None)
            save_checkpoint(pathlib.Path(options.checkpoint) / spelling, spelling, config, stored)
        return
    for spelling in ("original", "transformers"):
        write(f"{spelling}_narrow", spelling, NARROW)
        write(spelling, spelling, None)


if __name__ == "__main__":
    main()
