"""Weights and audio from a seed: the same bits here and in tests/support/seeded.ts.

Nothing but exact arithmetic is used (integers, IEEE sums, products and square roots), so that
golden files hold a seed where they would hold hundreds of megabytes.
"""
import re

import numpy as np


def _start(text):
    """FNV-1a, 32 bits."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def uniform(name, count, seed):
    """float64 in [0, 1): murmur3's finaliser over a counter."""
    with np.errstate(over="ignore"):
        x = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9) + np.uint32(_start(f"{seed}:{name}"))
        x ^= x >> np.uint32(16)
        x *= np.uint32(0x85EBCA6B)
        x ^= x >> np.uint32(13)
        x *= np.uint32(0xC2B2AE35)
        x ^= x >> np.uint32(16)
    return x.astype(np.float64) / 4294967296.0


def tensor(name, shape, rules, seed):
    """float32 values of one tensor. The first rule whose pattern is found in the name holds:
    {match, low, high}: uniform between the two; {match, gain}: zero mean, variance
    gain² / fan-in, where the fan-in is the product of all dimensions but the first."""
    rule = next(r for r in rules if re.search(r["match"], name))
    count = int(np.prod(shape, dtype=np.int64))
    u = uniform(name, count, seed)
    if "gain" in rule:
        reach = rule["gain"] * np.sqrt(3.0 / max(1, int(np.prod(shape[1:], dtype=np.int64))))
        values = (2.0 * u - 1.0) * reach
    else:
        values = rule["low"] + (rule["high"] - rule["low"]) * u
    return values.astype(np.float32).reshape(shape)


def audio(seed, samples):
    """float32 [samples]: two triangle waves, one of them rising in pitch, and noise that comes and goes."""
    i = np.arange(samples, dtype=np.float64)

    def triangle(x):
        return 4.0 * np.abs(x - np.floor(x) - 0.5) - 1.0

    noise = (2.0 * uniform("audio", samples, seed) - 1.0) * np.abs(triangle(i / 9973.0))
    tones = 0.25 * triangle(i / (53.0 + seed)) + 0.25 * triangle(i * (1.0 + i / 65536.0) / 211.0)
    return (tones + 0.25 * noise).astype(np.float32)


def fill(module, rules, seed):
    """Puts seeded values into every floating tensor of a torch module's state dict."""
    import torch

    state = module.state_dict()
    for name, value in state.items():
        if value.is_floating_point():
            value.copy_(torch.from_numpy(tensor(name, tuple(value.shape), rules, seed)))
    return state
