"""A published codec as its authors' own code runs it, for bench/codec_speed.ts to compare with.

    /usr/bin/python3 bench/torch_codec.py <folder of checkouts> <golden> [--codebooks <number>]

<golden> is one of tests/golden at full size, such as snac/snac_24khz; the model has its seeded
weights. Says `ready` once it is built, and then answers each line, `encode <seconds>` or `decode
<seconds>`, with the CPU seconds of one pass: batch 1, one thread, float32, without gradients, over
seeded audio or over the codes of it.
"""
import argparse
import importlib.util
import pathlib
import sys
import time

import torch

GOLDEN = pathlib.Path(__file__).parent.parent / "tests/golden"
sys.path.append(str(GOLDEN))
import seeded  # noqa: E402

SEED = 7


def golden_module(family):
    """tests/golden/<family>.py under another name: the authors' packages are called as it is."""
    spec = importlib.util.spec_from_file_location(f"golden_{family}", GOLDEN / f"{family}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Snac:
    def __init__(self, checkouts, name, _):
        golden = golden_module("snac")
        package = golden.snac_reference.load(checkouts / "snac")
        self.model = golden.build(package, golden.PUBLISHED[name], False)[0]
        self.rate = self.model.sampling_rate

    def encode(self, audio):
        return self.model.encode(audio[:, None])

    def decode(self, codes):
        self.model.decode(codes)


class Nemo:
    def __init__(self, checkouts, name, _):
        golden = golden_module("nemo")
        golden.nemo_reference.load(checkouts / "NeMo")
        self.model = golden.build(*golden.PUBLISHED[name])[0]
        self.rate = self.model.sample_rate

    def encode(self, audio):
        return self.model.encode(audio=audio, audio_len=torch.tensor([audio.shape[1]]))

    def decode(self, codes):
        self.model.decode(tokens=codes[0], tokens_len=codes[1])


class Encodec:
    def __init__(self, checkouts, _, codebooks):
        golden = golden_module("encodec")
        golden.encodec_reference.load(checkouts / "encodec")
        self.model = golden.build(None)[0]
        # 75 frames a second of 10 bits.
        self.model.set_target_bandwidth(codebooks * 0.75)
        self.rate = self.model.sample_rate

    def encode(self, audio):
        return self.model.encode(audio[:, None])

    def decode(self, codes):
        self.model.decode(codes)


class Vocos:
    """Decodes what EnCodec encodes, whose time is not its own."""

    def __init__(self, checkouts, _, codebooks):
        golden = golden_module("vocos")
        golden.encodec_reference.load(checkouts / "encodec", checkouts / "vocos")
        self.model = golden.build(golden.PUBLISHED, None, golden.RULES)[0]
        self.encodec = self.model.feature_extractor.encodec
        self.encodec.set_target_bandwidth(codebooks * 0.75)
        bandwidths = golden.PUBLISHED["feature_extractor"]["init_args"]["bandwidths"]
        self.bandwidth = torch.tensor([bandwidths.index(codebooks * 0.75)])
        self.rate = self.encodec.sample_rate

    def encode(self, audio):
        [(codes, _)] = self.encodec.encode(audio[:, None])
        return codes.transpose(0, 1)

    def decode(self, codes):
        features = self.model.codes_to_features(codes)
        self.model.decode(features, bandwidth_id=self.bandwidth)


class Dac:
    def __init__(self, checkouts, name, _):
        golden = golden_module("dac")
        golden.dac_reference.load(
            *(checkouts / part for part in ("descript-audio-codec", "audiotools", "pyloudnorm", "julius")))
        kwargs = {
            "weights": golden.KWARGS_44, "weights_24khz": golden.KWARGS_24, "weights_16khz": golden.KWARGS_16,
            "weights_44khz_16kbps": golden.KWARGS_44_16KBPS,
        }
        self.model = golden.build(kwargs[name], [])[0]
        self.rate = self.model.sample_rate

    def encode(self, audio):
        return self.model.encode(self.model.preprocess(audio[:, None], None))[1]

    def decode(self, codes):
        self.model.decode(self.model.quantizer.from_codes(codes)[0])


class Mimi:
    def __init__(self, checkouts, _, codebooks):
        golden = golden_module("mimi")
        golden.moshi_reference.load(checkouts / "moshi/moshi")
        self.model = golden.build("original", None)[0]
        self.model.set_num_codebooks(codebooks)
        self.rate = self.model.sample_rate

    def encode(self, audio):
        return self.model.encode(audio[:, None])

    def decode(self, codes):
        self.model.decode(codes)


FAMILIES = {"snac": Snac, "nemo": Nemo, "encodec": Encodec, "vocos": Vocos, "dac": Dac, "mimi": Mimi}


def fold_weight_norm(model):
    """Computes normalised weights once, not in every pass: as users do who care for speed."""
    for module in model.modules():
        if torch.nn.utils.parametrize.is_parametrized(module, "weight"):
            torch.nn.utils.parametrize.remove_parametrizations(module, "weight")
        elif hasattr(module, "weight_g"):
            torch.nn.utils.remove_weight_norm(module)


class Passes:
    """Times passes; audio and codes of a length are made once."""

    def __init__(self, codec):
        self.codec, self.audio, self.codes = codec, {}, {}

    def run(self, what, seconds):
        work = self.codec.encode if what == "encode" else self.codec.decode
        given = self.audio_of(seconds) if what == "encode" else self.codes_of(seconds)
        start = time.process_time()
        work(given)
        return time.process_time() - start

    def audio_of(self, seconds):
        if seconds not in self.audio:
            samples = seeded.audio(SEED, round(seconds * self.codec.rate))
            self.audio[seconds] = torch.from_numpy(samples)[None]
        return self.audio[seconds]

    def codes_of(self, seconds):
        if seconds not in self.codes:
            self.codes[seconds] = self.codec.encode(self.audio_of(seconds))
        return self.codes[seconds]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("checkouts", type=pathlib.Path)
    parser.add_argument("golden")
    parser.add_argument("--codebooks", type=int)
    options = parser.parse_args()
    torch.set_num_threads(1)
    family, name = options.golden.split("/")
    codec = FAMILIES[family](options.checkouts, name, options.codebooks)
    fold_weight_norm(codec.model.eval())
    passes = Passes(codec)
    print("ready", flush=True)
    with torch.no_grad():
        for line in sys.stdin:
            what, seconds = line.split()
            print(passes.run(what, float(seconds)), flush=True)


if __name__ == "__main__":
    main()
