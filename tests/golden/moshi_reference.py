"""Loads Kyutai's moshi package under torch 1.13, without what Mimi does not need of it."""
import importlib
import os
import pathlib
import sys
import types
from unittest import mock

import torch

# Patterns of einops that Mimi's code uses.
_REARRANGE = {
    "b t (p h d) -> p b h t d": lambda x, p, h: x.reshape(*x.shape[:2], p, h, -1).permute(2, 0, 3, 1, 4),
    "b h t d -> b t (h d)": lambda x: x.permute(0, 2, 1, 3).flatten(2),
    "... d -> (...) d": lambda x: x.reshape(-1, x.shape[-1]),
    "b d n -> b n d": lambda x: x.transpose(1, 2),
    "b n d -> b d n": lambda x: x.transpose(1, 2),
}


def _attention(query, key, value, attn_mask=None, dropout_p=0.0):
    """torch 2's scaled_dot_product_attention with a boolean mask, some queries at a time."""
    parts = []
    for start in range(0, query.shape[2], 2000):
        rows = slice(start, start + 2000)
        scores = query[:, :, rows] @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
        scores = scores.masked_fill(~attn_mask[:, :, rows], float("-inf"))
        parts.append(scores.softmax(-1) @ value)
    return torch.cat(parts, 2)


def load(path):
    """Makes `moshi` of this folder importable. Packages are entered without their __init__."""
    os.environ["NO_TORCH_COMPILE"] = "1"
    einops = types.ModuleType("einops")
    einops.rearrange = lambda x, pattern, **sizes: _REARRANGE[pattern](x, **sizes)
    einops.repeat = None
    sys.modules["einops"] = einops
    for name in ("huggingface_hub", "huggingface_hub.errors", "safetensors", "safetensors.torch",
                 "sentencepiece", "moshi.conditioners", "moshi.models.lm"):
        sys.modules[name] = mock.MagicMock()
    for name in ("moshi", "moshi.models"):
        package = types.ModuleType(name)
        package.__path__ = [str(pathlib.Path(path).joinpath(*name.split(".")))]
        sys.modules[name] = package
    torch.nn.functional.scaled_dot_product_attention = _attention


def published_config():
    return importlib.import_module("moshi.models.loaders")._mimi_config


def mimi(config):
    """An untrained Mimi; None is the published architecture."""
    return importlib.import_module("moshi.models.loaders").get_mimi(None, config)
