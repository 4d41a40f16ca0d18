"""Loads NVIDIA's AudioCodecModel under torch 1.13, without the packages that its inference does not need."""
import importlib
import pathlib
import sys
import types
from unittest import mock

# Patterns of einops that encoding and decoding use.
_REARRANGE = {
    "B T -> B 1 T": lambda x: x[:, None],
    "B 1 T -> B T": lambda x: x[:, 0],
    "D -> 1 D 1": lambda x: x.reshape(1, -1, 1),
    "D B T -> B D T": lambda x: x.transpose(0, 1),
    "C B T -> B C T": lambda x: x.transpose(0, 1),
    "B C T -> C B T": lambda x: x.transpose(0, 1),
    "B -> B 1": lambda x: x.reshape(-1, 1),
    "B -> B 1 1": lambda x: x.reshape(-1, 1, 1),
}
_STUBS = (
    "transformers", "hydra", "hydra.utils", "lightning", "lightning.pytorch", "omegaconf", "nemo.collections.asr",
    "nemo.collections.asr.modules", "nemo.core.classes.common", "nemo.core.neural_types",
    "nemo.core.neural_types.elements", "nemo.core.neural_types.neural_type", "nemo.core.optim",
    "nemo.core.optim.lr_scheduler", "nemo.utils", "nemo.utils.decorators", "nemo.collections.tts.losses",
    "nemo.collections.tts.losses.audio_codec_loss", "nemo.collections.tts.modules.common",
    "nemo.collections.tts.parts", "nemo.collections.tts.parts.utils", "nemo.collections.tts.parts.utils.callbacks",
    "nemo.collections.tts.parts.utils.helpers",
)
_PACKAGES = (
    "nemo", "nemo.core", "nemo.core.classes", "nemo.collections", "nemo.collections.common",
    "nemo.collections.common.parts", "nemo.collections.tts", "nemo.collections.tts.modules", "nemo.collections.tts.models",
)


def load(checkout):
    """Makes NeMo's codec modules of this checkout importable. Packages are entered without their __init__."""
    import torch

    for name in _PACKAGES:
        package = types.ModuleType(name)
        package.__path__ = [str(pathlib.Path(checkout, *name.split(".")))]
        sys.modules[name] = package
    for name in _STUBS:
        sys.modules[name] = mock.MagicMock()
    einops = types.ModuleType("einops")
    einops.rearrange = lambda x, pattern: _REARRANGE[pattern](x)
    sys.modules["einops"] = einops
    unchanged = lambda *_, **__: lambda function: function
    sys.modules["nemo.core.classes.common"].typecheck = unchanged
    sys.modules["nemo.utils.decorators"].experimental = lambda cls: cls
    module = types.ModuleType("nemo.core.classes.module")
    module.NeuralModule = torch.nn.Module
    sys.modules["nemo.core.classes.module"] = module
    sys.modules["nemo.core"].ModelPT = torch.nn.Module
    if not hasattr(torch.nn.utils.parametrizations, "weight_norm"):
        torch.nn.utils.parametrizations.weight_norm = _weight_norm


def _weight_norm(module):
    """What torch 2 calls parametrizations.weight_norm: the same kernel, under names original0 and original1."""
    import torch

    class WeightNorm(torch.nn.Module):
        def forward(self, g, v):
            return torch._weight_norm(v, g, 0)

        def right_inverse(self, weight):
            return torch.norm_except_dim(weight, 2, 0), weight

    torch.nn.utils.parametrize.register_parametrization(module, "weight", WeightNorm(), unsafe=True)
    return module


def codec(config):
    """An untrained model of a `model_config.yaml`, without what it is trained with."""
    import torch

    model_class = importlib.import_module("nemo.collections.tts.models.audio_codec").AudioCodecModel
    model = model_class.__new__(model_class)
    torch.nn.Module.__init__(model)
    model.sample_rate, model.samples_per_frame = config["sample_rate"], config["samples_per_frame"]
    model.encoder_noise, model.use_scl_loss = None, False
    for part in ("audio_encoder", "vector_quantizer", "audio_decoder"):
        options = {key: value for key, value in config[part].items() if key != "_target_"}
        module, name = config[part]["_target_"].rsplit(".", 1)
        setattr(model, part, getattr(importlib.import_module(module), name)(**options))
    return model.eval()
