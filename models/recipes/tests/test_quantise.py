"""Properties of stored matrices. Not here: what the loss costs a trained model (evaluate.py)."""

import numpy as np
import pytest
import torch

from evaluate_bits import compare, rounded
from model import Llama
from quantise import BLOCKS, exact, quantise


def matrices():
    random = np.random.default_rng(0)
    for spread in (1e-4, 0.02, 1.0, 30.0):
        w = random.normal(0, spread, (40, 192)).astype(np.float32)
        w[3], w[4, 5:] = 0, 0
        yield w


@pytest.mark.parametrize("bits", BLOCKS)
def test_every_value_is_a_float16_number(bits):
    for w in matrices():
        s = quantise(w, bits)
        whole = s.integers.astype(np.float64).reshape(*s.scales.shape, -1) * s.scales.astype(np.float64)[..., None]
        assert s.values().dtype == np.float16 and np.array_equal(s.values().astype(np.float64), whole.reshape(w.shape))
        assert 2 ** (bits - 2) < np.abs(s.integers).max() <= 2 ** (bits - 1) - 1


def test_eight_bits_are_off_by_half_a_step_at_most():
    for w in matrices():
        s = quantise(w, 8)
        assert (np.abs(s.values().astype(np.float32) - w) <= s.scales.astype(np.float32) * 0.5001).all()
        # A scale is at most an eighth above the least that reaches the row's largest weight.
        assert (s.scales[:, 0] <= np.maximum(np.abs(w).max(1) / 127 * 1.126, 2e-6)).all()


def test_clipping_never_adds_to_the_error_of_a_block():
    for w in matrices():
        blocks = w.reshape(-1, BLOCKS[4])
        scale = exact(np.maximum(np.abs(blocks).max(1, keepdims=True) / 7, 2.0**-20), 8)
        plain = ((np.clip(np.round(blocks / scale), -7, 7) * scale - blocks) ** 2).sum(1)
        ours = ((quantise(w, 4).values().astype(np.float64).reshape(blocks.shape) - blocks) ** 2).sum(1)
        assert (ours <= plain * 1.001 + 1e-12).all() and ours.sum() < 0.97 * plain.sum()


def test_scales_are_rounded_up_to_few_binary_digits():
    scales = np.random.default_rng(1).uniform(1e-5, 3, 1000)
    rounded = exact(scales, 4)
    assert (rounded >= scales).all() and (rounded <= scales * 1.125).all()
    mantissas = np.frexp(rounded)[0] * 16
    assert (mantissas == np.round(mantissas)).all()


def test_fewer_bits_diverge_more_and_what_is_rounded_stays():
    torch.manual_seed(0)
    state = {k: v * (8 if v.dim() == 2 else 1) for k, v in Llama(64).state_dict().items()}
    rows = [([2, 9, 4], [7, 8, 33]), ([5], [60])]
    divergences = [compare(state, rows, bits, bits)[0] for bits in (16, 8, 4)]
    assert 0 <= divergences[0] < divergences[1] < divergences[2]
    once = rounded(state, 8, 8)
    assert compare(once, rows, 16, 16) == (0, 0, 1)
