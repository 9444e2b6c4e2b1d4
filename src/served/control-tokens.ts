/** @file Control tokens of the model families that people serve. Which of them a server's tokenizer reads nobody says, so all are defused in what we send. */

export const CONTROL_TOKENS: readonly string[] = [
  // Qwen, SmolLM2 and others with ChatML
  ...["<|im_start|>", "<|im_end|>", "<|endoftext|>"],
  // Llama 3
  ...["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<|eom_id|>"],
  // Gemma
  ...["<start_of_turn>", "<end_of_turn>", "<bos>", "<eos>"],
  // Mistral and Llama 2
  ...["<s>", "</s>", "[INST]", "[/INST]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]"],
  // Phi, GLM, OLMo
  ...["<|system|>", "<|user|>", "<|assistant|>", "<|end|>", "<|observation|>"],
  // DeepSeek, gpt-oss
  ...["<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>"],
  ...["<|start|>", "<|message|>", "<|channel|>", "<|return|>"],
];
