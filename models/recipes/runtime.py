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

    def greedy(self, ids: list[int], limit: int, end: int) -> tuple[list[int], float]:
        """-> (tokens, the end included, and the smallest lead of a best logit over the second)."""
        past, new, tokens, margin = None, ids, [], float("inf")
        while len(tokens) < limit and (not tokens or tokens[-1] != end):
            logits, past = self.run(np.array([new]), np.array([len(ids) + len(tokens)]), past)
            second, best = np.sort(logits[0, -1])[-2:]
            margin = min(margin, float(best - second))
            tokens.append(int(logits[0, -1].argmax()))
            new = tokens[-1:]
        return tokens, margin
