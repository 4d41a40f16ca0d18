"""Loads Meta's encodec and Gemelo's vocos packages under torch 1.13, without what they do not need here."""
import importlib
import pathlib
import sys
import types
from unittest import mock

# Patterns of einops that EnCodec's inference uses.
_REARRANGE = {
    "... d -> (...) d": lambda x: x.reshape(-1, x.shape[-1]),
    "b d n -> b n d": lambda x: x.transpose(1, 2),
    "b n d -> b d n": lambda x: x.transpose(1, 2),
}


def load(encodec, vocos=None):
    """Makes `encodec` and `vocos` of these checkouts importable. Packages are entered without their __init__."""
    einops = types.ModuleType("einops")
    einops.rearrange = lambda x, pattern: _REARRANGE[pattern](x)
    einops.repeat = None
    sys.modules["einops"] = einops
    for name in ("torchaudio", "torchaudio.functional", "torchaudio.functional.functional", "huggingface_hub"):
        sys.modules[name] = mock.MagicMock()
    for name, root in (("encodec", encodec), ("vocos", vocos)):
        if root is not None:
            package = types.ModuleType(name)
            package.__path__ = [str(pathlib.Path(root) / name)]
            sys.modules[name] = package
    model = importlib.import_module("encodec.model").EncodecModel
    sys.modules["encodec"].EncodecModel = model
    return model


def encodec(config):
    """An untrained EnCodec of what transformers calls its config; None is the published model."""
    model = importlib.import_module("encodec.model").EncodecModel
    if config is None:
        return model.encodec_model_24khz(pretrained=False)
    modules = importlib.import_module("encodec.modules")
    quantization = importlib.import_module("encodec.quantization")
    same = {
        "channels": config["audio_channels"], "dimension": config["hidden_size"],
        "n_filters": config["num_filters"], "n_residual_layers": config["num_residual_layers"],
        "ratios": config["upsampling_ratios"], "norm": config["norm_type"],
        "kernel_size": config["kernel_size"], "last_kernel_size": config["last_kernel_size"],
        "residual_kernel_size": config["residual_kernel_size"],
        "dilation_base": config["dilation_growth_rate"], "causal": config["use_causal_conv"],
        "pad_mode": config["pad_mode"], "compress": config["compress"],
        "lstm": config["num_lstm_layers"], "true_skip": not config.get("use_conv_shortcut", True),
    }
    bandwidths, rate = config["target_bandwidths"], config["sampling_rate"]
    encoder = modules.SEANetEncoder(**same)
    decoder = modules.SEANetDecoder(**same, trim_right_ratio=config["trim_right_ratio"])
    frame_rate = -(-rate // int(encoder.hop_length))
    quantizer = quantization.ResidualVectorQuantizer(
        dimension=encoder.dimension, n_q=int(1000 * bandwidths[-1] // (frame_rate * 10)),
        bins=config["codebook_size"])
    return model(encoder, decoder, quantizer, bandwidths, rate, 1).eval()


def vocos(config, encodec_model):
    """An untrained Vocos of its config.yaml, over an EnCodec that is there already."""
    model = importlib.import_module("encodec.model").EncodecModel
    pretrained = importlib.import_module("vocos.pretrained")
    with mock.patch.object(model, "encodec_model_24khz", lambda pretrained=True: encodec_model):
        parts = {
            name: pretrained.instantiate_class((), config[name])
            for name in ("feature_extractor", "backbone", "head")
        }
    return pretrained.Vocos(**parts).eval()
