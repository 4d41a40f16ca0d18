"""Loads the authors' snac package under torch 1.13: what newer releases need is added here."""
import sys
import types

import torch
from torch.nn.utils import parametrize

# Patterns of einops that snac uses.
_REARRANGE = {
    "b (w n) (h d) -> b h w n d":
        lambda x, w, h: x.reshape(x.shape[0], w, x.shape[1] // w, h, -1).permute(0, 3, 1, 2, 4),
    "b h w n d -> b (w n) (h d)": lambda x: x.permute(0, 2, 3, 1, 4).flatten(1, 2).flatten(2),
    "b ... (r d) -> b ... r d": lambda x, r: x.reshape(*x.shape[:-1], r, -1),
    "b d t -> (b t) d": lambda x: x.transpose(1, 2).reshape(-1, x.shape[1]),
    "(b t) -> b t": lambda x, b: x.reshape(b, -1),
}


class _WeightNorm(torch.nn.Module):
    """torch.nn.utils.parametrizations.weight_norm of torch 2, dim = 0."""

    def forward(self, gain, direction):
        return torch._weight_norm(direction, gain, 0)

    def right_inverse(self, weight):
        return torch.norm_except_dim(weight, 2, 0), weight


def _weight_norm(module):
    parametrize.register_parametrization(module, "weight", _WeightNorm(), unsafe=True)
    return module


def _attention(query, key, value):
    """torch 2's scaled_dot_product_attention without a mask."""
    return (query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5).softmax(-1) @ value


def load(path):
    """Makes `snac` of this folder importable; returns the package."""
    einops = types.ModuleType("einops")
    einops.rearrange = lambda x, pattern, **sizes: _REARRANGE[pattern](x, **sizes)
    sys.modules["einops"] = einops
    torch.nn.utils.parametrizations.weight_norm = _weight_norm
    torch.nn.functional.scaled_dot_product_attention = _attention
    sys.path.insert(0, str(path))
    import snac

    return snac
