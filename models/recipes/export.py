"""Checkpoint to hub folder: `python export.py CHECKPOINT [--average] [--bits 16]`. Checks the graph against PyTorch, then writes the manifest.
Not here: the graph (graph.py), the manifest's contents (manifest.py), the model card (written by hand)."""

import argparse
import json
import re
import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from safetensors.torch import save_file

import manifest
import tokenizer as tokenizer_recipe
from graph import Graph, quantise
from model import Llama, llama_config
from runtime import Runtime
from text import CHAT_TEMPLATE, END, PAD

MODELS = Path(__file__).parents[1]
FOLDER = MODELS / "kitten"
# The names transformers.js gives dtypes q8 and fp32; stored as float16, a graph still computes, and counts, as fp32.
GRAPH_FILES = {8: "onnx/model_quantized.onnx", 16: "onnx/model.onnx", 32: "onnx/model.onnx"}


def write_json(file: Path, value: dict) -> None:
    """Indented, with lists of numbers on one line."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    text = re.sub(r"\[[\d\s,]+\]", lambda m: "[" + ", ".join(re.findall(r"\d+", m[0])) + "]", text)
    file.write_text(text + "\n", encoding="utf8")


def rounded(checkpoint: Path, average: bool) -> dict[str, torch.Tensor]:
    """Weights rounded to float16, which everything exported derives from."""
    return {k: v.half() for k, v in torch.load(checkpoint)["average" if average else "model"].items()}


def write_folder(folder: Path, weights: dict[str, torch.Tensor], source: Path, bits: int) -> None:
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    tokens = tokenizer_recipe.load(source)
    end, pad = tokens.token_to_id(END), tokens.token_to_id(PAD)
    config = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "torch_dtype": "float16"}
    write_json(folder / "config.json", config | llama_config(tokens.get_vocab_size(), end, pad))
    sampling = {"do_sample": True, "temperature": 1.0, "top_k": 0, "top_p": 1.0, "max_new_tokens": 96}
    write_json(folder / "generation_config.json", sampling | {"eos_token_id": end, "pad_token_id": pad})
    shutil.copy(source / "tokenizer.json", folder / "tokenizer.json")
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast", "chat_template": CHAT_TEMPLATE, "eos_token": END, "pad_token": PAD,
            "model_max_length": 4096, "clean_up_tokenization_spaces": False, "add_prefix_space": False,
        },
    )  # fmt: skip
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)  # save_file leaves it readable by its owner only
    for other in set(GRAPH_FILES.values()):
        (folder / other).unlink(missing_ok=True)
    write_graph(weights, folder / GRAPH_FILES[bits], bits)


def write_graph(weights: dict[str, torch.Tensor], file: Path, bits: int) -> None:
    model = Graph({k: v.float().numpy() for k, v in weights.items()}, bits).build()
    onnx.save(model, file)


def torch_model(weights: dict[str, torch.Tensor], bits: int) -> Llama:
    """The same network in PyTorch; with 8 bits its matrices are quantised and back, so that the graph can be held to it."""
    model = Llama(len(weights["model.embed_tokens.weight"])).eval()
    state = {k: v.float() for k, v in weights.items()}
    if bits == 8:
        for k, v in state.items():
            if k.endswith("_proj.weight"):
                q, scales = quantise(v.numpy())
                state[k] = torch.tensor(((q.astype(np.float32) - 128) * scales.reshape(q.shape[0], -1, 1)).reshape(v.shape))
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


def check_transformers(folder: Path, model: Llama) -> float:
    """The folder loads as any hub checkpoint and gives the same logits."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    theirs = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    tokens = AutoTokenizer.from_pretrained(folder)
    chat = [{"role": "user", "content": "What is the square root of 16?"}]
    text = tokens.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
    assert text == "<|user|>What is the square root of 16?<|end|><|assistant|>", text
    ids = tokens(text, return_tensors="pt")["input_ids"]
    assert tokens.decode(ids[0]) == text and ids.tolist()[0] == tokenizer_recipe.load(folder).encode(text).ids
    with torch.no_grad():
        difference = (theirs(ids).logits - model.logits(model.hidden(ids))).abs().max().item()
    assert difference < 1e-4, difference
    return difference


if __name__ == "__main__":
    a = argparse.ArgumentParser()
    a.add_argument("checkpoint", type=Path)
    a.add_argument("--average", action="store_true", help="export the running average of the weights")
    a.add_argument("--bits", type=int, choices=list(GRAPH_FILES), default=16)
    a.add_argument("--folder", type=Path, default=FOLDER)
    a = a.parse_args()
    weights = rounded(a.checkpoint, a.average)
    write_folder(a.folder, weights, a.checkpoint.parent, a.bits)
    print("transformers against ours:", check_transformers(a.folder, torch_model(weights, 32)))
    print("graph against PyTorch:", check(a.folder / GRAPH_FILES[a.bits], torch_model(weights, a.bits)))
    if a.folder == FOLDER:
        write_json(MODELS / "manifest.json", manifest.make(FOLDER, GRAPH_FILES[a.bits], a.bits, sum(w.numel() for w in weights.values())))
