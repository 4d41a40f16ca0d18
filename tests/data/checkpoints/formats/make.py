"""Writes the checkpoints beside it. Debian's python3-torch 1.13: /usr/bin/python3 make.py

The bytes are the same every time but for the legacy files, which name storages by address.
"""

import builtins
import gzip
import io
import os
import pathlib
import tarfile
from collections import OrderedDict

import torch

HERE = pathlib.Path(__file__).parent


class Runs:
    """A pickle of this asks its reader to call a function."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def state():
    """Every stored type, views with strides, a shared storage, a parameter, a dict in a dict."""
    base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
    weights = OrderedDict()
    weights["base"] = base
    weights["transposed"] = base.t()
    weights["every_second"] = base[1:, ::2]
    weights["expanded"] = base[0, 2:3].expand(3)
    weights["parameter"] = torch.nn.Parameter(torch.tensor([1.5, -2.0]))
    weights["scalar"] = torch.tensor(7.25)
    weights["empty"] = torch.zeros(0, 3)
    weights["half"] = torch.tensor([1.0, 65504.0, 2**-24, float("inf")], dtype=torch.float16)
    weights["bfloat16"] = torch.tensor([1.0, -3.140625, 2.0**-133], dtype=torch.bfloat16)
    weights["double"] = torch.tensor([0.1, -1e300], dtype=torch.float64)
    weights["long"] = torch.tensor([-1, 2**40], dtype=torch.int64)
    weights["int"] = torch.tensor([-(2**31), 5], dtype=torch.int32)
    weights["short"] = torch.tensor([-32768, 32767], dtype=torch.int16)
    weights["char"] = torch.tensor([-128, 127], dtype=torch.int8)
    weights["byte"] = torch.tensor([0, 255], dtype=torch.uint8)
    weights["bool"] = torch.tensor([True, False])
    weights["inner"] = OrderedDict(weight=torch.ones(2), steps=3)
    return weights


def dac_like():
    kwargs = {
        "encoder_dim": 64,
        "encoder_rates": [2, 4, 8, 8],
        "latent_dim": None,
        "quantizer_dropout": 0.5,
        "window": ("hann", True),
        "mean": torch.zeros(1),
    }
    return {"state_dict": OrderedDict(weight=torch.ones(2, 1)), "metadata": {"kwargs": kwargs}}


def save(name, value, **options):
    # The name of the file becomes that of the folder in the zip file.
    torch.save(value, HERE / name, **options)


def linear():
    torch.manual_seed(0)
    return torch.nn.Linear(2, 2).state_dict()


def add(tar, name, content):
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def nemo(prefix, layout=tarfile.GNU_FORMAT):
    weights = io.BytesIO()
    torch.save(linear(), weights)
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=layout) as tar:
        add(tar, f"{prefix}model_config.yaml", b"sample_rate: 22050\n")
        add(tar, f"{prefix}artifacts/{'a' * 120}.txt", b"a long name")
        add(tar, f"{prefix}model_weights.ckpt", weights.getvalue())
    return archive.getvalue()


save("state.pt", state())
save("state_legacy.pt", state(), _use_new_zipfile_serialization=False)
save("state_protocol4.pt", state(), pickle_protocol=4)
save("linear.pt", linear())
save("linear_legacy.pt", linear(), _use_new_zipfile_serialization=False)
save("dac.pth", dac_like())
save("os_system.pt", {"weight": torch.ones(1), "more": Runs(os.system, "touch /tmp/was_run")})
save("os_system_legacy.pt", Runs(os.system, "true"), _use_new_zipfile_serialization=False)
save("eval.pt", Runs(builtins.eval, "1 + 1"), pickle_protocol=4)
save("complex.pt", {"weight": torch.ones(1, dtype=torch.complex64)})
save("module.pt", torch.nn.Linear(2, 2))
(HERE / "plain.nemo").write_bytes(nemo("./"))
(HERE / "pax.nemo").write_bytes(nemo("", tarfile.PAX_FORMAT))
(HERE / "gzip.nemo").write_bytes(gzip.compress(nemo("./"), mtime=0))
