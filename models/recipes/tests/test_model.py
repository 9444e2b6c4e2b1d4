"""Sampler and tokenizer on a small untrained model. Not here: the exported files (test_export.py), how good a trained one is (evaluate.py)."""

import onnx
import torch

from export import stored, torch_model
from graph import Graph
from model import Llama
from runtime import Runtime
from sampling import sample


def test_samplers_agree_on_ragged_prompts(tmp_path):
    torch.manual_seed(0)
    torch.save({"model": Llama(300).state_dict()}, tmp_path / "checkpoint.pt")
    weights = stored(tmp_path / "checkpoint.pt", average=False)
    onnx.save(Graph(weights).build(), tmp_path / "model.onnx")
    prompts = [[5, 6, 7], [9] * 20, [4], [250, 3, 8, 1, 1]]
    ours = sample(torch_model(weights), prompts, 1, 0.0, torch.Generator(), limit=12)
    runtime = Runtime(tmp_path / "model.onnx")
    assert [ids for ids, _ in ours] == [[t for t in runtime.greedy(p, 12, 1)[0] if t != 1] for p in prompts]


def test_tokenizer_round_trips_any_text(trained_tokenizer):
    t = trained_tokenizer.backend_tokenizer
    for s in ["Mia has 12 apples. She buys 3 bags of 4.", "3 × 4 = 12. \\boxed{12}<|end|>", "wörld 🎈\n\t 中文。 a..b? c", "٣½"]:
        assert t.decode(t.encode(s).ids, skip_special_tokens=False) == s
    digits = {t.token_to_id(str(d)) for d in range(10)}
    assert sum(i in digits for i in t.encode("1234567 and 89").ids) == 9
