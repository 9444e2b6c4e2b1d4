"""The Llama forward pass in plain PyTorch, with Hugging Face parameter names. Not here: training, sampling, export."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

WIDTH, LAYERS, HEADS, KV_HEADS, HEAD, FEED_FORWARD, POSITIONS, THETA = 192, 4, 6, 6, 32, 576, 4096, 10000.0
EPSILON = 1e-6


def llama_config(vocabulary: int, end: int, pad: int) -> dict:
    """Arguments of transformers' LlamaConfig that describe the same network."""
    return dict(
        vocab_size=vocabulary, hidden_size=WIDTH, intermediate_size=FEED_FORWARD, num_hidden_layers=LAYERS,
        num_attention_heads=HEADS, num_key_value_heads=KV_HEADS, head_dim=HEAD, max_position_embeddings=POSITIONS,
        rope_theta=THETA, rms_norm_eps=EPSILON, tie_word_embeddings=True, attention_bias=False, mlp_bias=False,
        bos_token_id=None, eos_token_id=end, pad_token_id=pad,
    )  # fmt: skip


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    a, b = x.chunk(2, -1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), -1)


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q_proj = nn.Linear(WIDTH, HEADS * HEAD, bias=False)
        self.k_proj = nn.Linear(WIDTH, KV_HEADS * HEAD, bias=False)
        self.v_proj = nn.Linear(WIDTH, KV_HEADS * HEAD, bias=False)
        self.o_proj = nn.Linear(HEADS * HEAD, WIDTH, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, cache=None, mask=None) -> Tensor:
        B, T, _ = x.shape
        q, k, v = (p(x).view(B, T, -1, HEAD).transpose(1, 2) for p in (self.q_proj, self.k_proj, self.v_proj))
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        if cache is not None:
            k, v = cache(k, v)
        if KV_HEADS != HEADS:
            k, v = (t.repeat_interleave(HEADS // KV_HEADS, 1) for t in (k, v))
        # In float32 even when training in bfloat16: there the backward pass for short rows takes two to four times as long on CPUs.
        with torch.autocast("cpu", enabled=False):
            a = F.scaled_dot_product_attention(q.float(), k.float(), v.float(), attn_mask=mask, is_causal=mask is None)
        return self.o_proj(a.transpose(1, 2).reshape(B, T, -1))


class FeedForward(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate_proj = nn.Linear(WIDTH, FEED_FORWARD, bias=False)
        self.up_proj = nn.Linear(WIDTH, FEED_FORWARD, bias=False)
        self.down_proj = nn.Linear(FEED_FORWARD, WIDTH, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.input_layernorm, self.post_attention_layernorm = nn.RMSNorm(WIDTH, EPSILON), nn.RMSNorm(WIDTH, EPSILON)
        self.self_attn, self.mlp = Attention(), FeedForward()

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, cache=None, mask=None) -> Tensor:
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, cache, mask)
        return x + self.mlp(self.post_attention_layernorm(x))


class Body(nn.Module):
    def __init__(self, vocabulary: int):
        super().__init__()
        self.embed_tokens = nn.Embedding(vocabulary, WIDTH)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = nn.RMSNorm(WIDTH, EPSILON)


class Llama(nn.Module):
    def __init__(self, vocabulary: int, dropout: float = 0.0):
        """`dropout` of the embeddings, in training alone."""
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.model = Body(vocabulary)
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.normal_(p, std=0.02)
        frequencies = THETA ** (-torch.arange(0, HEAD, 2) / HEAD)
        angles = torch.outer(torch.arange(POSITIONS).float(), frequencies)
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)

    def hidden(self, ids: Tensor, positions: Tensor | None = None, caches=None, mask=None, after: dict[int, Tensor] | None = None) -> Tensor:
        """Final states. Without positions: a prefix from position 0 under the causal mask. `after` is filled with the states after each layer, counted from 1; the embeddings are 0."""
        T = ids.shape[1]
        cos, sin = (t[:T] if positions is None else t[positions][:, None] for t in (self.cos, self.sin))
        x = self.dropout(self.model.embed_tokens(ids))
        if after is not None:
            after[0] = x
        for i, layer in enumerate(self.model.layers):
            x = layer(x, cos, sin, caches[i] if caches else None, mask)
            if after is not None:
                after[i + 1] = x
        return self.model.norm(x)

    def logits(self, states: Tensor) -> Tensor:
        """Tied head."""
        return states @ self.model.embed_tokens.weight.T
