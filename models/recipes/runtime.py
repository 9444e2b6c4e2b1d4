"""Runs an exported graph in onnxruntime on the CPU, the way the page does: right-padded rows. Not here: the graph, the export."""

from pathlib import Path

import numpy as np
import onnxruntime

from model import HEAD, KV_HEADS, LAYERS

KV = [f"{i}.{n}" for i in range(LAYERS) for n in ("key", "value")]


class Runtime:
    def __init__(self, file: Path, threads: int = 2):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

    def run(self, ids: np.ndarray, lengths: np.ndarray, past: list[np.ndarray] | None = None, keep: int = 1) -> tuple[np.ndarray, list[np.ndarray]]:
        """ids [B, S]; lengths [B] real tokens of each row after this call; the padded length is past + S. -> (logits, present)."""
        B, S = ids.shape
        past = past or [np.zeros((B, KV_HEADS, 0, HEAD), np.float32)] * len(KV)
        total = past[0].shape[2] + S
        feeds = {f"past_key_values.{n}": p for n, p in zip(KV, past)}
        feeds["input_ids"] = ids.astype(np.int64)
        feeds["attention_mask"] = (np.arange(total) < lengths[:, None]).astype(np.int64)
        first = lengths[:, None] - S if feeds["past_key_values.0.key"].shape[2] else 0
        feeds["position_ids"] = np.broadcast_to(first + np.arange(S), (B, S)).astype(np.int64)
        feeds["num_logits_to_keep"] = np.array(keep, np.int64)
        logits, *present = self.session.run(["logits", *(f"present.{n}" for n in KV)], feeds)
        return logits, present

    def generate(self, prompts: list[list[int]], end: int, temperature: float, random: np.random.Generator, limit: int = 96, rows: int = 128):
        """-> one (token ids without the end, mean log-probability) per prompt, as sampling.sample does with PyTorch."""
        out = [([], 0.0)] * len(prompts)
        order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
        for start in range(0, len(order), rows):
            chunk = order[start : start + rows]
            for i, r in zip(chunk, self._batch([prompts[i] for i in chunk], end, temperature, random, limit)):
                out[i] = r
        return out

    def _batch(self, prompts, end, temperature, random, limit):
        B, lengths = len(prompts), np.array([len(p) for p in prompts])
        ids = np.array([p + [0] * (lengths.max() - len(p)) for p in prompts])
        logits, past = self.run(ids, lengths, keep=int(lengths.max()))
        logits = logits[np.arange(B), lengths - 1]
        tokens, total, done = [[] for _ in prompts], np.zeros(B), np.zeros(B, bool)
        for _ in range(limit):
            shifted = logits - logits.max(-1, keepdims=True)
            lp = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
            noise = temperature * random.gumbel(size=lp.shape) if temperature else 0.0
            pick = (lp + noise).argmax(-1)
            for j in np.flatnonzero(~done):
                total[j] += lp[j, pick[j]]
                tokens[j].append(int(pick[j]))
            done |= pick == end
            if done.all():
                break
            lengths = lengths + 1
            logits, past = self.run(pick[:, None], lengths, past)
            logits = logits[:, 0]
        return [([t for t in row if t != end], total[j] / len(row)) for j, row in enumerate(tokens)]
