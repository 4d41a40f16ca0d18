"""How goldens and checkpoints are written, whichever model they are of."""
import base64
import json

import numpy as np


def base64_floats(values):
    """float32, little-endian."""
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode()


def save_safetensors(path, tensors):
    """float32 tensors in the format of Hugging Face."""
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, value in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [offset, offset + value.nbytes]}
        offset += value.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for value in tensors.values():
            file.write(value.tobytes())


def save_torch(path, tensors, parameters=False):
    """A flat state dict as torch.save writes it; of tensors, or of parameters as Vocos has them."""
    import collections

    import torch

    state = collections.OrderedDict()
    for name, value in tensors.items():
        tensor = torch.from_numpy(value.copy())
        state[name] = torch.nn.Parameter(tensor) if parameters else tensor
    torch.save(state, path)


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, separators=(",", ":")) + "\n")
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")
