"""Writes the Llama weights as an ONNX graph with the interface of a hub export. Not here: checking it, the files around it (export.py).
Only operators that onnxruntime has on WebGPU, wasm and native CPU. It computes in float32, since many GPUs, and every wasm build, lack float16 arithmetic.
Matrices are unpacked, and the tables of the rotary embedding made, by plain operators on constants: onnxruntime does that once, when a session starts
(constant folding; DequantizeLinear it would leave, and MatMulNBits unpacks at each step)."""

import numpy as np
import onnx
from onnx import TensorProto as T, helper as h, numpy_helper

from model import EPSILON, HEAD, HEADS, KV_HEADS, LAYERS, POSITIONS, THETA
from quantise import Stored

CONTRIB = "com.microsoft"
IR, OPSET = 10, 21


class Graph:
    def __init__(self, weights: dict[str, Stored | np.ndarray]):
        """Matrices Stored with one scale a row; norms as float32."""
        self.weights, self.nodes, self.constants = weights, [], []

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def node(self, op: str, inputs: list[str], outputs: list[str], domain: str = "", **attributes) -> str:
        self.nodes.append(h.make_node(op, inputs, outputs, name=f"{outputs[0]}/{op}", domain=domain, **attributes))
        return outputs[0]

    def unpacked(self, name: str, transposed: bool) -> str:
        """A float32 matrix, [out, in] unless transposed. Stored the way round in which it is used, so that unpacking takes few steps and little memory."""
        w = self.weights[name]
        turn = np.transpose if transposed else np.asarray
        parts = (("integers", turn(w.integers)), ("scales", turn(w.scales)))
        return self.node("Mul", [self.node("Cast", [self.constant(f"{name}.{n}", v)], [f"{name}.{n}.float32"], to=T.FLOAT) for n, v in parts], [name])

    def linear(self, x: str, name: str) -> str:
        """x · Wᵀ"""
        return self.node("MatMul", [x, self.unpacked(name + ".weight", transposed=True)], [name + ".out"])

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
        one = self.constant("one", np.array([1]))
        count = self.node("ReduceSum", ["attention_mask", one], ["mask_sum"], keepdims=0)
        self.node("Cast", [self.node("Sub", [count, one], ["last_key"])], ["seqlens_k"], to=T.INT32)
        total = self.node("Gather", [self.node("Shape", ["attention_mask"], ["mask_shape"]), one], ["mask_length"], axis=0)
        self.node("Cast", [total], ["total_length"], to=T.INT32)

    def head(self, states: str) -> None:
        """Tied to the embedding, which is stored once. Only the last positions are read."""
        start = self.node("Reshape", [self.node("Neg", ["num_logits_to_keep"], ["minus_keep"]), "one"], ["keep_from"])
        end = self.constant("keep_to", np.array([2**62]))
        kept = self.node("Slice", [states, start, end, "one"], ["kept_states"])
        self.node("MatMul", [kept, self.node("Transpose", ["model.embed_tokens.weight"], ["lm_head"], perm=[1, 0])], ["logits"])

    def rotary(self) -> None:
        """[positions, half a head] each, rounded as transformers rounds them."""
        whole = [self.constant(f"positions_{n}", np.array(v, np.float32)) for n, v in (("from", 0), ("to", POSITIONS), ("step", 1))]
        positions = self.node("Reshape", [self.node("Range", whole, ["positions"]), self.constant("column", np.array([-1, 1]))], ["position"])
        powers = np.arange(0, HEAD, 2, dtype=np.float32) / np.float32(HEAD)
        frequencies = self.constant("frequencies", (1 / np.float32(THETA) ** powers).astype(np.float32))
        angles = self.node("Mul", [positions, frequencies], ["angles"])
        self.node("Cos", [angles], ["cos_cache"])
        self.node("Sin", [angles], ["sin_cache"])

    def build(self) -> onnx.ModelProto:
        self.rotary()
        self.lengths()
        x = self.node("Gather", [self.unpacked("model.embed_tokens.weight", transposed=False), "input_ids"], ["embedded"], axis=0)
        n = "model.layers.0.input_layernorm"
        y = self.node("SimplifiedLayerNormalization", [x, self.norm(n)], [n + ".out"], axis=-1, epsilon=EPSILON, stash_type=1)
        for i in range(LAYERS):
            p = f"model.layers.{i}"
            y, x = self.skip_norm(x, self.attention(y, i, p), p + ".post_attention_layernorm")
            following = f"model.layers.{i + 1}.input_layernorm" if i + 1 < LAYERS else "model.norm"
            y, x = self.skip_norm(x, self.feed_forward(y, p + ".mlp"), following)
        self.head(y)
        vocabulary = len(self.weights["model.embed_tokens.weight"].integers)
        graph = h.make_graph(self.nodes, "kitten", *interface(vocabulary), self.constants)
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
