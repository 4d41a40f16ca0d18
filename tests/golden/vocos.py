"""What Gemelo's own code makes of Vocos: the figures that tests/models/vocos_test.ts compares with.

    /usr/bin/python3 tests/golden/vocos.py <checkout of gemelo-ai/vocos> <checkout of facebookresearch/encodec>
    /usr/bin/python3 tests/golden/vocos.py <checkout> <checkout> --checkpoint <folder>

The first form writes tests/golden/vocos/*.json and the narrow checkpoint of
tests/data/checkpoints/vocos/; the second saves a full-size one as the authors publish it.
"""
import argparse
import pathlib

import numpy as np
import yaml

import encodec
import encodec_reference
import saving
import seeded

HERE = pathlib.Path(__file__).parent
SEED = 5

# The first rule that matches holds. The window is the true one, torch's Hann.
RULES = [
    {"match": r"codebook_weights$", "low": -0.4, "high": 0.4},
    {"match": r"(scale\.weight|norm\.weight)$", "low": 0.6, "high": 1.4},
    {"match": r"(shift\.weight|bias)$", "low": -0.2, "high": 0.2},
    {"match": r"gamma$", "low": 0.2, "high": 0.5},
    {"match": r"head\.out\.weight", "gain": 1.2},
    {"match": r"", "gain": 1.4},
]
# Phases go all the way round, and some magnitudes reach the limit of 100.
LOUD = [{"match": r"head\.out\.weight", "gain": 6.0}, *RULES]

# config.yaml of charactr/vocos-encodec-24khz.
PUBLISHED = {
    "feature_extractor": {
        "class_path": "vocos.feature_extractors.EncodecFeatures",
        "init_args": {"encodec_model": "encodec_24khz", "bandwidths": [1.5, 3.0, 6.0, 12.0], "train_codebooks": False},
    },
    "backbone": {
        "class_path": "vocos.models.VocosBackbone",
        "init_args": {
            "input_channels": 128, "dim": 384, "intermediate_dim": 1152, "num_layers": 8, "adanorm_num_embeddings": 4,
        },
    },
    "head": {
        "class_path": "vocos.heads.ISTFTHead",
        "init_args": {"dim": 384, "n_fft": 1280, "hop_length": 320, "padding": "same"},
    },
}


def narrow():
    """The same architecture with few channels, over the narrow EnCodec."""
    config = yaml.safe_load(yaml.safe_dump(PUBLISHED))
    config["feature_extractor"]["init_args"]["bandwidths"] = [10.0, 30.0]
    config["backbone"]["init_args"].update(
        input_channels=4, dim=12, intermediate_dim=20, num_layers=2, adanorm_num_embeddings=2)
    config["head"]["init_args"].update(dim=12, n_fft=96, hop_length=24)
    return config


def build(config, encodec_config, rules):
    import torch

    extractor, _ = encodec.build(encodec_config)
    model = encodec_reference.vocos(config, extractor)
    stored = {}
    for name, value in model.state_dict().items():
        if name.startswith("feature_extractor.encodec."):
            continue
        if name != "head.istft.window":
            value.copy_(torch.from_numpy(seeded.tensor(name, tuple(value.shape), rules, SEED)))
        stored[name] = value.numpy()
    return model, stored


def decode_case(model, codebooks, identifier, frames, step):
    import torch

    codes = encodec.seeded_codes(codebooks, model.feature_extractor.encodec.quantizer.bins, frames)
    with torch.no_grad():
        features = model.codes_to_features(torch.from_numpy(codes).transpose(0, 1))
        audio = model.decode(features, bandwidth_id=torch.tensor([identifier]))[0].numpy()
        shown = model.head.out(model.backbone(features, bandwidth_id=torch.tensor([identifier])))
    magnitude = shown[..., : shown.shape[-1] // 2].exp()
    print(f"  {codebooks} codebooks, {frames} frames: largest sample {np.abs(audio).max():.3f}, "
          f"rms {np.sqrt((audio ** 2).mean()):.3f}, magnitudes {magnitude.mean():.2f}, {(magnitude > 100).float().mean():.1%} cut, "
          f"phase deviation {shown[..., shown.shape[-1] // 2:].std():.2f}")
    return {"codes": codes[0].tolist(), "step": step, "samples": len(audio), "audio": saving.base64_floats(audio[::step])}


def write(name, config, encodec_config, rules, cases):
    print(name)
    model, stored = build(config, encodec_config, rules)
    saving.write_json(HERE / "vocos" / f"{name}.json", {
        "config": config, "rules": rules, "seed": SEED,
        "tensors": [{"name": key, "shape": list(value.shape), "type": "float32"} for key, value in stored.items()],
        "encode": [], "decode": [decode_case(model, *case) for case in cases],
    })
    return stored


def save(folder, stored, config):
    folder.mkdir(parents=True, exist_ok=True)
    saving.save_torch(folder / "pytorch_model.bin", stored, parameters=True)
    (folder / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("vocos")
    parser.add_argument("encodec")
    parser.add_argument("--checkpoint")
    options = parser.parse_args()
    encodec_reference.load(options.encodec, options.vocos)
    if options.checkpoint is not None:
        save(pathlib.Path(options.checkpoint) / "vocos", build(PUBLISHED, None, RULES)[1], PUBLISHED)
        return
    frames = [(8, 2, 1, 1), (8, 2, 4, 3), (2, 0, 12, 7), (4, 1, 13, 7), (16, 3, 14, 7), (8, 2, 200, 79)]
    write("vocos_encodec_24khz", PUBLISHED, None, RULES, frames)
    config = narrow()
    cases = [(1, 0, 1, 1), (3, 1, 1, 1), (3, 1, 2, 1), (3, 1, 3, 1), (3, 1, 4, 1), (1, 0, 40, 1), (3, 1, 400, 17)]
    stored = write("narrow", config, encodec.NARROW, RULES, cases)
    save(HERE.parent / "data/checkpoints/vocos", stored, config)
    write("narrow_loud", config, encodec.NARROW, LOUD, cases)


if __name__ == "__main__":
    main()
