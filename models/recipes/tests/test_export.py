"""The exported folder of an untrained model: every form of it computes the same. Not here: how good a trained one is (evaluate.py)."""

import json

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from safetensors.numpy import load_file

import golden
import manifest
import tokenizer
from export import GRAPH, check, check_transformers, stored, torch_model, values, write_folder
from model import Llama
from text import ASSISTANT, END, USER


@pytest.fixture(scope="module")
def exported(tmp_path_factory, trained_tokenizer):
    """-> (weights, folder)"""
    source, folder = tmp_path_factory.mktemp("trained"), tmp_path_factory.mktemp("models") / "kitten"
    trained_tokenizer.save_pretrained(source)
    torch.manual_seed(0)
    model = Llama(tokenizer.load(source).get_vocab_size())
    torch.save({"model": model.state_dict()}, source / "checkpoint.pt")
    weights = stored(source / "checkpoint.pt", average=False)
    write_folder(folder, weights, source)
    return weights, folder


def test_graph_and_pytorch_and_transformers_agree(exported):
    weights, folder = exported
    assert check(folder / GRAPH, torch_model(weights)) < 1e-4
    assert check_transformers(folder) < 1e-4


def test_safetensors_hold_what_the_graph_holds(exported):
    weights, folder = exported
    read, expected = load_file(folder / "model.safetensors"), values(weights)
    assert read.keys() == expected.keys() and all(np.array_equal(read[k], expected[k]) for k in read)
    integers = sum(i.data_type == onnx.TensorProto.INT8 for i in onnx.load(folder / GRAPH).graph.initializer)
    assert integers == sum(w.ndim == 2 for w in read.values())


def test_nothing_is_unpacked_after_the_start(exported, tmp_path):
    """Without this, each step would pay for it."""
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "optimised.onnx")
    options.log_severity_level = 3  # it warns that the file is for this machine
    onnxruntime.InferenceSession(str(exported[1] / GRAPH), options, providers=["CPUExecutionProvider"])
    graph = onnx.load(tmp_path / "optimised.onnx").graph
    constants = {i.name for i in graph.initializer}
    assert all(i.data_type != onnx.TensorProto.INT8 for i in graph.initializer)
    assert not [n.name for n in graph.node if all(name in constants for name in n.input)]
    assert "cos_cache" in constants and len(graph.node) < 70


def test_tokenizer_is_the_trained_one_without_its_blanks(exported):
    folder = exported[1]
    t = tokenizer.load(folder)
    text = "Mia has 12 apples.\n  // keep the even numbers\n<rubric><criterion>"
    assert t.decode(t.encode(text).ids, skip_special_tokens=False) == text
    assert (folder / "tokenizer.json").stat().st_size < 80_000


def test_golden_cases_have_the_promised_form(exported, monkeypatch):
    monkeypatch.setattr(golden, "COUNTS", {"kitten": {"sums.policy": 2, "sums.synthesis": 2}})
    monkeypatch.setattr(golden, "MARGIN", 0)
    file = exported[1].parent / "golden.jsonl"
    other = {"model": "other", "tokens": [1]}
    file.write_text("".join(json.dumps(c) + "\n" for c in (other, {"model": "kitten"})))
    golden.write("kitten", exported[1], file)
    first, *cases = (json.loads(line) for line in file.read_text().splitlines())
    assert first == other and [(c["model"], c["skill"]) for c in cases] == [("kitten", s) for s in ["sums.policy"] * 2 + ["sums.synthesis"] * 2]
    t = tokenizer.load(exported[1])
    for case in cases:
        assert len(t.encode(USER + case["user"] + END + ASSISTANT).ids) == case["promptTokens"] <= golden.LONGEST
        assert len(case["tokens"]) == golden.LIMIT or case["tokens"][-1] == t.token_to_id(END)
        assert case["skill"] == "sums.policy" or "\n[2] " in case["user"]


def test_an_answer_that_hangs_on_rounding_is_no_golden_one(exported, monkeypatch):
    model, tokens = golden.load(exported[1])
    assert golden.greedy(model, tokens, "What is 2 plus 2?") is None or golden.MARGIN == 0
    monkeypatch.setattr(golden, "MARGIN", 0)
    monkeypatch.setattr(golden, "LONGEST", 5)
    assert golden.greedy(model, tokens, "What is 2 plus 2? What is the square root of 16?") is None


def test_an_entry_replaces_its_own_and_leaves_the_other(tmp_path):
    file = tmp_path / "manifest.json"
    judge, old, new = ({"id": i, "revision": r} for i, r in (("kitten-judge", "a"), ("kitten", "b"), ("kitten", "c")))
    assert manifest.add(file, judge) == {"format": 1, "models": [judge]}
    file.write_text(json.dumps({"format": 1, "models": [judge, old]}))
    assert manifest.add(file, new)["models"] == [new, judge]


def test_a_model_that_knows_nothing_gets_no_self_test(exported, monkeypatch):
    monkeypatch.setattr(manifest, "TRIES", 200)
    with pytest.raises(ValueError, match="train it for longer"):
        manifest.entry("kitten", exported[1], GRAPH, 1)
