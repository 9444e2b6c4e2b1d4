"""A policy that the page trained and saved, in Hugging Face transformers: the same greedy tokens. Needs torch, transformers and Node. Not here: whether training does any good."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="SKIPPED: torch is not here, so nobody has checked that a saved training loads in transformers")
transformers = pytest.importorskip("transformers", reason="SKIPPED: transformers is not here, so nobody has checked that a saved training loads in it")

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    if shutil.which("npx") is None or not (ROOT / "node_modules").exists():
        pytest.skip("SKIPPED: Node or node_modules is not here, so no training could be saved: npm ci")
    folder = tmp_path_factory.mktemp("saved")
    subprocess.run(["npx", "tsx", "tests/lab/save-trained.ts", str(folder)], cwd=ROOT, check=True, timeout=300)
    return folder


def test_transformers_says_the_same(saved):
    model = transformers.AutoModelForCausalLM.from_pretrained(saved).eval()
    assert model.dtype == torch.float32
    cases = json.loads((saved / "greedy.json").read_text())
    assert len(cases) == 2 and any(len(set(case["tokens"])) > 3 for case in cases)
    for case in cases:
        prompt = torch.tensor([case["prompt"]])
        mask = torch.ones_like(prompt)
        out = model.generate(prompt, attention_mask=mask, do_sample=False, temperature=None, top_k=None, top_p=None, max_new_tokens=len(case["tokens"]))
        assert out[0, prompt.shape[1] :].tolist() == case["tokens"]


def test_it_is_not_the_policy_that_it_was(saved):
    trained, start = (
        transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).state_dict() for folder in (saved, ROOT / "models" / "kitten")
    )
    assert trained.keys() == start.keys()
    assert all(not torch.equal(trained[name], start[name]) for name in trained)


def test_the_tokenizer_came_along(saved):
    start, trained = (transformers.AutoTokenizer.from_pretrained(folder) for folder in (ROOT / "models" / "kitten", saved))
    text = "Mia has 12 apples."
    assert trained(text).input_ids == start(text).input_ids
