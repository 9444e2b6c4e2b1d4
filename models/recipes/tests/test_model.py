"""Graph, sampler and tokenizer on a small untrained model. Not here: how good a trained one is (evaluate.py)."""

import numpy as np
import pytest
import torch

from export import check, rounded, torch_model, write_graph
from model import Llama
from runtime import Runtime
from sampling import sample


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    torch.manual_seed(0)
    file = tmp_path_factory.mktemp("model") / "checkpoint.pt"
    torch.save({"model": Llama(300).state_dict()}, file)
    return rounded(file, average=False)


@pytest.mark.parametrize("bits", [8, 16, 32])
def test_graph_equals_pytorch(weights, tmp_path, bits):
    write_graph(weights, tmp_path / "model.onnx", bits)
    assert check(tmp_path / "model.onnx", torch_model(weights, bits)) < 1e-4


def test_samplers_agree_on_ragged_prompts(weights, tmp_path):
    write_graph(weights, tmp_path / "model.onnx", 32)
    prompts = [[5, 6, 7], [9] * 20, [4], [250, 3, 8, 1, 1]]
    ours = sample(torch_model(weights, 32), prompts, 1, 0.0, torch.Generator(), limit=12)
    theirs = Runtime(tmp_path / "model.onnx").generate(prompts, 1, 0.0, np.random.default_rng(0), limit=12)
    for (a, p), (b, q) in zip(ours, theirs):
        assert a == b and abs(p - q) < 1e-4


def test_tokenizer_round_trips_any_text():
    import tokenizer

    t = tokenizer.train().backend_tokenizer
    for s in ["Mia has 12 apples. She buys 3 bags of 4.", "3 × 4 = 12. \\boxed{12}<|end|>", "wörld 🎈\n\t 中文。 a..b? c", "٣½"]:
        assert t.decode(t.encode(s).ids, skip_special_tokens=False) == s
    digits = {t.token_to_id(str(d)) for d in range(10)}
    assert sum(i in digits for i in t.encode("1234567 and 89").ids) == 9
