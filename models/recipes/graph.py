"""Writes the Llama weights as an ONNX graph with the interface of a hub export. Not here: checking it, the files around it (export.py).
Only operators that onnxruntime has on WebGPU, wasm and native CPU."""

import numpy as np
import onnx
from onnx import TensorProto as T, helper as h, numpy_helper

from model import EPSILON, FEED_FORWARD, HEAD, HEADS, KV_HEADS, LAYERS, POSITIONS, THETA, WIDTH

CONTRIB = "com.microsoft"
BLOCK = 32
IR, OPSET = 10, 21


class Graph:
    def __init__(self, weights: dict[str, np.ndarray], bits: int):
        """How matrices are stored: 32 float32; 16 float16, cast to float32 once when a session starts; 8 block-quantised.
        All compute in float32, since many GPUs, and every wasm build, lack float16 arithmetic."""
        self.weights, self.bits, self.nodes, self.constants = weights, bits, [], []

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, op: str, inputs: list[str], outputs: list[str], domain: str = "", **attributes) -> str:
        self.nodes.append(h.make_node(op, inputs, outputs, name=f"{outputs[0]}/{op}", domain=domain, **attributes))
        return outputs[0]

    def matrix(self, name: str, w: np.ndarray) -> str:
        """A float32 matrix; a cast of a constant is folded when a session starts, so float16 costs nothing later."""
        if self.bits != 16:
            return self.constant(name, w)
        return self.node("Cast", [self.constant(name + ".float16", w.astype(np.float16))], [name], to=T.FLOAT)

    def linear(self, x: str, name: str) -> str:
        """x · Wᵀ. Eight bits are symmetric about 128, and the activations stay float32 (accuracy_level 0), so that devices agree."""
        w = self.weights[name + ".weight"]
        y = name + ".out"
        if self.bits != 8:
            return self.node("MatMul", [x, self.matrix(name + ".weight", w.T)], [y])
        q, scales = quantise(w)
        names = [x, self.constant(name + ".quantised", q), self.constant(name + ".scales", scales)]
        return self.node("MatMulNBits", names, [y], CONTRIB, K=w.shape[1], N=w.shape[0], bits=8, block_size=BLOCK, accuracy_level=0)

    def norm(self, name: str) -> str:
        return self.constant(name + ".weight", self.weights[name + ".weight"])

    def skip_norm(self, x: str, y: str, name: str) -> tuple[str, str]:
        """-> (normalised x + y, x + y)."""
        self.node("SkipSimplifiedLayerNormalization", [x, y, self.norm(name)], [name + ".out", "", "", name + ".sum"], CONTRIB, epsilon=EPSILON)
        return name + ".out", name + ".sum"

    def attention(self, x: str, i: int, p: str) -> str:
        q, k, v = (self.linear(x, f"{p}.self_attn.{n}_proj") for n in "qkv")
        past = [f"past_key_values.{i}.{n}" for n in ("key", "value")]
        present = [f"present.{i}.{n}" for n in ("key", "value")]
        a = self.node(
            "GroupQueryAttention", [q, k, v, *past, "seqlens_k", "total_length", "cos_cache", "sin_cache"], [f"{p}.self_attn.out", *present],
            CONTRIB, num_heads=HEADS, kv_num_heads=KV_HEADS, do_rotary=1, rotary_interleaved=0, local_window_size=-1, scale=HEAD**-0.5,
        )  # fmt: skip
        return self.linear(a, f"{p}.self_attn.o_proj")

    def feed_forward(self, x: str, p: str) -> str:
        gate, up = self.linear(x, p + ".gate_proj"), self.linear(x, p + ".up_proj")
        silu = self.node("Mul", [gate, self.node("Sigmoid", [gate], [p + ".sigmoid"])], [p + ".silu"])
        return self.linear(self.node("Mul", [silu, up], [p + ".product"]), p + ".down_proj")

    def lengths(self) -> None:
        """Attention mask -> what GroupQueryAttention wants: last key of each row, and the padded length. Rows are right-padded;
        positions follow from these, so `position_ids` is accepted as hub exports do and left unread."""
        axis, one = self.constant("axis_1", np.array([1])), self.constant("one", np.array(1))
        count = self.node("ReduceSum", ["attention_mask", axis], ["mask_sum"], keepdims=0)
        self.node("Cast", [self.node("Sub", [count, one], ["last_key"])], ["seqlens_k"], to=T.INT32)
        total = self.node("Gather", [self.node("Shape", ["attention_mask"], ["mask_shape"]), one], ["mask_length"], axis=0)
        self.node("Cast", [total], ["total_length"], to=T.INT32)

    def head(self, states: str) -> None:
        """Tied to the embedding, which is stored once; the transpose is folded when a session starts. Only the last positions are read."""
        start = self.node("Reshape", [self.node("Neg", ["num_logits_to_keep"], ["minus_keep"]), "axis_1"], ["keep_from"])
        end = self.constant("keep_to", np.array([2**62]))
        kept = self.node("Slice", [states, start, end, "axis_1"], ["kept_states"])
        self.node("MatMul", [kept, self.node("Transpose", ["model.embed_tokens.weight"], ["lm_head"], perm=[1, 0])], ["logits"])

    def build(self) -> onnx.ModelProto:
        embedding = self.weights["model.embed_tokens.weight"]
        self.matrix("model.embed_tokens.weight", embedding)
        angles = np.outer(np.arange(POSITIONS), THETA ** (-np.arange(0, HEAD, 2) / HEAD))
        self.constant("cos_cache", np.cos(angles).astype(np.float32))
        self.constant("sin_cache", np.sin(angles).astype(np.float32))
        self.lengths()
        x = self.node("Gather", ["model.embed_tokens.weight", "input_ids"], ["embedded"], axis=0)
        n = "model.layers.0.input_layernorm"
        y = self.node("SimplifiedLayerNormalization", [x, self.norm(n)], [n + ".out"], axis=-1, epsilon=EPSILON, stash_type=1)
        for i in range(LAYERS):
            p = f"model.layers.{i}"
            y, x = self.skip_norm(x, self.attention(y, i, p), p + ".post_attention_layernorm")
            following = f"model.layers.{i + 1}.input_layernorm" if i + 1 < LAYERS else "model.norm"
            y, x = self.skip_norm(x, self.feed_forward(y, p + ".mlp"), following)
        self.head(y)
        graph = h.make_graph(self.nodes, "kitten", *interface(len(embedding)), self.constants)
        opsets = [h.make_opsetid("", OPSET), h.make_opsetid(CONTRIB, 1)]
        return h.make_model(graph, opset_imports=opsets, ir_version=IR, producer_name="models/recipes/graph.py")


def interface(vocabulary: int) -> tuple[list, list]:
    B, S, P, L = "batch_size", "sequence_length", "past_sequence_length", "total_sequence_length"
    value = h.make_tensor_value_info
    kv = [(i, n) for i in range(LAYERS) for n in ("key", "value")]
    inputs = [
        value("input_ids", T.INT64, [B, S]),
        value("attention_mask", T.INT64, [B, L]),
        value("position_ids", T.INT64, [B, S]),
        value("num_logits_to_keep", T.INT64, []),
        *(value(f"past_key_values.{i}.{n}", T.FLOAT, [B, KV_HEADS, P, HEAD]) for i, n in kv),
    ]
    outputs = [value("logits", T.FLOAT, [B, "num_logits", vocabulary])]
    return inputs, outputs + [value(f"present.{i}.{n}", T.FLOAT, [B, KV_HEADS, L, HEAD]) for i, n in kv]


def quantise(w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """-> (bytes [out, blocks, 32], scales [out × blocks]): a weight is (byte - 128) × the scale of its block."""
    blocks = w.reshape(w.shape[0], -1, BLOCK)
    scales = np.maximum(np.abs(blocks).max(-1, keepdims=True) / 127, 1e-12).astype(np.float32)
    return (np.round(blocks / scales) + 128).astype(np.uint8), scales.reshape(-1)


assert WIDTH % BLOCK == 0 and FEED_FORWARD % BLOCK == 0
