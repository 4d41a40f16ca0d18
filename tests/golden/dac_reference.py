"""Loads Descript's dac package under torch 1.13, without what it does not need here.

Loudness is measured by the real audiotools, pyloudnorm and julius; of torchaudio, which they call
for one filter, the same recursion is written out below.
"""
import importlib
import pathlib
import sys
import types
from unittest import mock

import numpy as np

# Patterns of einops that DAC's inference uses.
_REARRANGE = {
    "b d t -> (b t) d": lambda x: x.transpose(1, 2).reshape(-1, x.shape[1]),
    "(b t) -> b t": lambda x, b: x.reshape(b, -1),
}
_MISSING = [
    "argbind", "flatten_dict", "ffmpeg", "ffmpy", "IPython", "librosa", "markdown2", "matplotlib", "pystoi", "randomname",
    "rich", "soundfile", "tensorboard", "tqdm", "torchaudio", "torchaudio.functional", "importlib_resources",
]


def lfilter(waveform, a_coeffs, b_coeffs, clamp):
    """torchaudio.functional.lfilter in float32: one convolution, then sample after sample."""
    import torch

    assert not clamp and waveform.shape[:2] == (1, 1)
    order = len(a_coeffs)
    padded = torch.nn.functional.pad(waveform, (order - 1, 0))
    inputs = torch.nn.functional.conv1d(padded, b_coeffs.flip(0)[None, None]) / a_coeffs[0]
    backwards = [np.float32(value) for value in (a_coeffs.flip(0) / a_coeffs[0])[:-1]]
    before = [np.float32(0)] * (order - 1)
    outputs = np.empty(waveform.shape[2], dtype=np.float32)
    for i, value in enumerate(inputs[0, 0].numpy()):
        for coefficient, earlier in zip(backwards, before):
            value = value - earlier * coefficient
        before = [*before[1:], value]
        outputs[i] = value
    return torch.from_numpy(outputs)[None, None]


def _package(name, path):
    package = types.ModuleType(name)
    package.__path__ = [str(path)]
    sys.modules[name] = package
    return package


def load(dac, audiotools, pyloudnorm, julius):
    """Makes `dac` importable from these four checkouts. Packages are entered without their __init__."""
    for name in _MISSING:
        try:
            importlib.import_module(name)
        except ImportError:
            sys.modules[name] = mock.MagicMock()
    sys.modules["torchaudio"].functional.lfilter = lfilter
    einops = _package("einops", "")
    einops.rearrange = lambda x, pattern, **sizes: _REARRANGE[pattern](x, **sizes)
    sys.path[:0] = [str(pyloudnorm), str(julius)]
    tools = _package("audiotools", pathlib.Path(audiotools) / "audiotools")
    _package("audiotools.core", pathlib.Path(audiotools) / "audiotools/core")
    tools.core = sys.modules["audiotools.core"]
    _package("audiotools.ml", pathlib.Path(audiotools) / "audiotools/ml")
    _package("audiotools.ml.layers", pathlib.Path(audiotools) / "audiotools/ml/layers")
    tools.AudioSignal = importlib.import_module("audiotools.core.audio_signal").AudioSignal
    tools.ml = sys.modules["audiotools.ml"]
    tools.ml.BaseModel = importlib.import_module("audiotools.ml.layers.base").BaseModel
    for name in ("dac", "dac.nn", "dac.model"):
        _package(name, pathlib.Path(dac) / name.replace(".", "/"))


def load_class():
    """dac.DAC, once `load` was called."""
    return importlib.import_module("dac.model.dac").DAC


def signal(samples, rate):
    """A mono AudioSignal of float32 samples."""
    import torch

    signals = importlib.import_module("audiotools.core.audio_signal")
    return signals.AudioSignal(torch.from_numpy(samples)[None, None], rate)
