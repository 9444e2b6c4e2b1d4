"""How a matrix is stored: small integers, and a scale for each row or block of a row. Not here: the graph that unpacks them (graph.py).
Every stored weight is a float16 number, so that model.safetensors can hold exactly what the graph computes with."""

from typing import NamedTuple

import numpy as np

BLOCKS = {8: None, 4: 32}  # bits -> inputs that share a scale; None: all of a row
FLOAT16_DIGITS = 11  # binary, of a float16's significand
SMALLEST = 2.0**-20  # scale; its products are still multiples of the smallest float16
CLIPPING = {8: [1.0], 4: np.linspace(1, 0.7, 13)}  # with few bits, cutting off the largest weights brings the others nearer


class Stored(NamedTuple):
    integers: np.ndarray  # [out, in], int8
    scales: np.ndarray  # [out, blocks], float16
    bits: int

    def values(self) -> np.ndarray:
        """[out, in], float16"""
        blocks = self.integers.reshape(*self.scales.shape, -1)
        return (blocks * self.scales[..., None]).reshape(self.integers.shape)


def quantise(w: np.ndarray, bits: int) -> Stored:
    """The nearest integers under the scales, of those tried, with the least squared error. w: [out, in]"""
    blocks = w.reshape(len(w), -1, BLOCKS[bits] or w.shape[1])
    most = 2 ** (bits - 1) - 1
    largest = np.abs(blocks).max(-1, keepdims=True) / most
    tried = []
    for clip in CLIPPING[bits]:
        scales = exact(np.maximum(largest * clip, SMALLEST), FLOAT16_DIGITS - (bits - 1))
        integers = np.clip(np.round(blocks / scales), -most, most)
        tried.append((((blocks - integers * scales) ** 2).sum(-1, keepdims=True), integers, scales))
    errors, integers, scales = (np.stack(t) for t in zip(*tried))
    best = errors.argmin(0, keepdims=True)
    integers, scales = (np.take_along_axis(a, best, 0)[0] for a in (integers, scales))
    return Stored(integers.astype(np.int8).reshape(w.shape), scales.astype(np.float16)[..., 0], bits)


def exact(scales: np.ndarray, digits: int) -> np.ndarray:
    """Rounded up to so many binary digits, so that products with integers of the remaining digits are float16 numbers."""
    unit = 2.0 ** (np.floor(np.log2(scales)) - (digits - 1))
    return np.ceil(scales / unit) * unit
