"""Checkpoint to hub folder: `python export.py CHECKPOINT [--model kitten-judge] [--average]`. Holds graph, PyTorch and transformers to each other, then
writes the folder, its entry in the manifest beside it, and the golden tokens. Not here: the graph (graph.py), the model card (written by hand)."""

import argparse
import json
import re
import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from safetensors.numpy import save_file

import golden
import manifest
import tokenizer as tokenizer_recipe
from graph import Graph
from mixture import MODELS
from model import POSITIONS, Llama, llama_config
from quantise import Stored, quantise
from runtime import Runtime
from text import CHAT_TEMPLATE, END, PAD

ROOT = Path(__file__).parents[2]
BITS = 8
GRAPH = "onnx/model_quantized.onnx"  # as transformers.js names dtype q8
MOST_TOKENS = 192  # the longest answers of the training text have 165

Weights = dict[str, Stored | np.ndarray]


def stored(checkpoint: Path, average: bool) -> Weights:
    """Matrices in 8 bits, norms rounded to float16. Everything exported derives from these."""
    state = torch.load(checkpoint)["average" if average else "model"]
    return {k: quantise(v.numpy(), BITS) if v.dim() == 2 else v.half().float().numpy() for k, v in state.items()}


def values(weights: Weights) -> dict[str, np.ndarray]:
    """What the graph computes with, in float16, which holds it exactly."""
    return {k: w.values() if isinstance(w, Stored) else w.astype(np.float16) for k, w in weights.items()}


def write_json(file: Path, value: dict) -> None:
    """Indented, with lists of numbers on one line."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    text = re.sub(r"\[[\d\s,]+\]", lambda m: "[" + ", ".join(re.findall(r"\d+", m[0])) + "]", text)
    file.write_text(text + "\n", encoding="utf8")


def write_folder(folder: Path, weights: Weights, source: Path) -> None:
    shutil.rmtree(folder / "onnx", ignore_errors=True)
    (folder / "onnx").mkdir(parents=True)
    tokens = tokenizer_recipe.load(source)
    end, pad = tokens.token_to_id(END), tokens.token_to_id(PAD)
    config = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "torch_dtype": "float16"}
    write_json(folder / "config.json", config | llama_config(tokens.get_vocab_size(), end, pad))
    sampling = {"do_sample": True, "temperature": 1.0, "top_k": 0, "top_p": 1.0, "max_new_tokens": MOST_TOKENS}
    write_json(folder / "generation_config.json", sampling | {"eos_token_id": end, "pad_token_id": pad})
    compact = json.dumps(json.loads((source / "tokenizer.json").read_text(encoding="utf8")), ensure_ascii=False, separators=(",", ":"))
    (folder / "tokenizer.json").write_text(compact, encoding="utf8")
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast", "chat_template": CHAT_TEMPLATE, "eos_token": END, "pad_token": PAD,
            "model_max_length": POSITIONS, "clean_up_tokenization_spaces": False, "add_prefix_space": False,
        },
    )  # fmt: skip
    save_file(values(weights), folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)  # save_file leaves it readable by its owner only
    onnx.save(Graph(weights).build(), folder / GRAPH)


def torch_model(weights: Weights) -> Llama:
    """The same network in PyTorch."""
    state = {k: torch.tensor(v).float() for k, v in values(weights).items()}
    model = Llama(len(state["model.embed_tokens.weight"])).eval()
    model.load_state_dict(state)
    return model


@torch.no_grad()
def check(file: Path, model: Llama, tolerance: float = 1e-4) -> float:
    """Largest difference of logits between the graph and PyTorch: prefill, batched decoding, ragged right-padded decoding."""
    runtime, random = Runtime(file), np.random.default_rng(0)
    vocabulary = len(model.model.embed_tokens.weight)
    differences = []

    def compare(got: np.ndarray, row: np.ndarray) -> None:
        """The logits of the last positions of one row, against PyTorch on that row alone."""
        want = model.logits(model.hidden(torch.tensor(row)[None]))[0, -len(got) :]
        differences.append(float(np.abs(got - want.numpy()).max()))

    ids = random.integers(4, vocabulary, (1, 130))
    compare(runtime.run(ids, np.array([130]), keep=130)[0][0], ids[0])
    ids = random.integers(4, vocabulary, (8, 40))
    _, past = runtime.run(ids[:, :37], np.full(8, 37))
    for n in range(38, 41):
        logits, past = runtime.run(ids[:, n - 1 : n], np.full(8, n), past)
        for row, got in zip(ids, logits):
            compare(got, row[:n])
    lengths = np.array([37, 5, 12, 30, 1, 36, 22, 9])
    _, past = runtime.run(ids[:, :37], lengths)
    rows = [list(r[:n]) for r, n in zip(ids, lengths)]
    for n in range(1, 4):
        new = random.integers(4, vocabulary, (8, 1))
        rows = [r + [int(t)] for r, t in zip(rows, new[:, 0])]
        logits, past = runtime.run(new, lengths + n, past)
        for row, got in zip(rows, logits):
            compare(got, np.array(row))
    assert max(differences) < tolerance, differences
    return max(differences)


@torch.no_grad()
def check_transformers(folder: Path, tolerance: float = 1e-3) -> float:
    """The folder loads as any hub checkpoint, with the same chat text and tokens, and gives the graph's logits, also near the last position."""
    theirs, tokens = golden.load(folder)
    text = tokens.apply_chat_template([{"role": "user", "content": "What is the square root of 16?"}], tokenize=False, add_generation_prompt=True)
    assert text == "<|user|>What is the square root of 16?<|end|><|assistant|>", text
    ids = tokens(text)["input_ids"]
    same = tokenizer_recipe.load(folder)
    assert tokens.decode(ids) == (same.normalizer.normalize_str(text) if same.normalizer else text) and ids == same.encode(text).ids
    runtime, random = Runtime(folder / GRAPH), np.random.default_rng(1)
    differences = []
    for row in (ids, random.integers(4, len(tokens), POSITIONS)):
        got, _ = runtime.run(np.array([row]), np.array([len(row)]), keep=16)
        differences.append(float(np.abs(got - theirs(torch.tensor(np.array([row])), logits_to_keep=16).logits.numpy()).max()))
    assert max(differences) < tolerance, differences
    return max(differences)


if __name__ == "__main__":
    a = argparse.ArgumentParser()
    a.add_argument("checkpoint", type=Path, help="its tokenizer lies beside it")
    a.add_argument("--model", choices=MODELS, default="kitten")
    a.add_argument("--average", action="store_true", help="export the running average of the weights")
    a.add_argument("--out", type=Path, help="folder to write; by default that of the product")
    a = a.parse_args()
    folder = a.out or ROOT / "models" / a.model
    weights = stored(a.checkpoint, a.average)
    write_folder(folder, weights, a.checkpoint.parent)
    print("graph against PyTorch:", check(folder / GRAPH, torch_model(weights)))
    print("graph against transformers:", check_transformers(folder))
    parameters = sum(v.size for v in values(weights).values())
    listed = folder.parent / "manifest.json"
    write_json(listed, manifest.add(listed, manifest.entry(a.model, folder, GRAPH, parameters)))
    golden.write(a.model, folder, (ROOT / "tests" / "engine" if a.out is None else folder.parent) / "golden-kitten.jsonl")
