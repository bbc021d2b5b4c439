"""Writes tiny tokenizers of three kinds beside it, and what Python makes of some texts and chats with them."""
import json, pathlib
import tokenizers, transformers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, decoders, processors, trainers, AddedToken
from transformers import PreTrainedTokenizerFast

HERE = pathlib.Path(__file__).parent
CORPUS = [
    "Why is the sky blue? The sky is blue because air scatters blue light more than red light.",
    "A café in Zürich serves 12 kinds of tea; naïve guests don't ask, they're told.",
    "def f(x):\n    return x + 1\n\nprint(f(41))",
    "The user asks and the assistant answers. You are a helpful assistant named SmolLM.",
    "Emoji: 🙂 🙃 — dashes, “quotes”, and 日本語 text.",
    "hello world hello there world wide light lights lighting",
] * 4

def bpe():
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    t.decoder = decoders.ByteLevel()
    specials = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<image>"]
    t.train_from_iterator(CORPUS, trainers.BpeTrainer(vocab_size=420, special_tokens=specials, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    return t, dict(bos_token="<|im_start|>", eos_token="<|im_end|>", pad_token="<|im_end|>", unk_token="<|endoftext|>", additional_special_tokens=["<image>"],
        clean_up_tokenization_spaces=True, model_max_length=8192, tokenizer_class="PreTrainedTokenizerFast")

def wordpiece():
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer(lowercase=True)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.decoder = decoders.WordPiece(prefix="##", cleanup=True)
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    t.train_from_iterator(CORPUS, trainers.WordPieceTrainer(vocab_size=260, special_tokens=specials, show_progress=False))
    cls, sep = t.token_to_id("[CLS]"), t.token_to_id("[SEP]")
    t.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", cls), ("[SEP]", sep)])
    return t, dict(cls_token="[CLS]", sep_token="[SEP]", pad_token="[PAD]", unk_token="[UNK]", mask_token="[MASK]",
        clean_up_tokenization_spaces=True, model_max_length=512, tokenizer_class="PreTrainedTokenizerFast")

def sentencepiece():
    vocab = {"<unk>": 0, "<s>": 1, "</s>": 2}
    for byte in range(256): vocab[f"<0x{byte:02X}>"] = len(vocab)
    merges = []
    for character in "▁abcdefghijklmnopqrstuvwxyzTHW.,?!'é": vocab[character] = len(vocab)
    for left, right in [("h", "e"), ("l", "l"), ("▁", "w"), ("▁w", "o"), ("▁", "t"), ("▁t", "he"), ("r", "l"), ("rl", "d"), ("▁", "he"), ("▁he", "ll"), ("▁hell", "o"), ("▁wo", "rld"), ("i", "s"), ("▁", "is")]:
        merges.append((left, right)); vocab[left + right] = len(vocab)
    t = Tokenizer(models.BPE(vocab=vocab, merges=merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    t.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    t.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    t.add_special_tokens([AddedToken(name, special=True, normalized=False) for name in ("<unk>", "<s>", "</s>")])
    t.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)])
    return t, dict(bos_token="<s>", eos_token="</s>", unk_token="<unk>", clean_up_tokenization_spaces=False, tokenizer_class="PreTrainedTokenizerFast")

def llama3():
    t = Tokenizer(models.BPE(ignore_merges=True))
    pattern = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(tokenizers.Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    t.decoder = decoders.ByteLevel()
    specials = ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
    t.train_from_iterator(CORPUS, trainers.BpeTrainer(vocab_size=380, special_tokens=specials, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    t.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), processors.TemplateProcessing(single="<|begin_of_text|> $A", pair="<|begin_of_text|> $A <|begin_of_text|>:1 $B:1", special_tokens=[("<|begin_of_text|>", 0)])])
    return t, dict(bos_token="<|begin_of_text|>", eos_token="<|eot_id|>", clean_up_tokenization_spaces=True, tokenizer_class="PreTrainedTokenizerFast")

def clip():
    t = Tokenizer(models.BPE(unk_token="<|endoftext|>", end_of_word_suffix="</w>"))
    t.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(tokenizers.Regex(r"\s+"), " "), normalizers.Lowercase()])
    pattern = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(tokenizers.Regex(pattern), behavior="removed", invert=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    t.decoder = decoders.ByteLevel()
    t.train_from_iterator(CORPUS, trainers.BpeTrainer(vocab_size=700, special_tokens=["<|startoftext|>", "<|endoftext|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), end_of_word_suffix="</w>", show_progress=False))
    t.post_processor = processors.RobertaProcessing(("<|endoftext|>", 1), ("<|startoftext|>", 0), add_prefix_space=False, trim_offsets=False)
    return t, dict(bos_token="<|startoftext|>", eos_token="<|endoftext|>", unk_token="<|endoftext|>", pad_token="<|endoftext|>", clean_up_tokenization_spaces=True, tokenizer_class="PreTrainedTokenizerFast")

def unigram():
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.NFKC()
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    t.decoder = decoders.Metaspace(prepend_scheme="always")
    t.train_from_iterator(CORPUS, trainers.UnigramTrainer(vocab_size=200, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False))
    t.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B:1 </s>:1", special_tokens=[("</s>", 1)])
    return t, dict(eos_token="</s>", pad_token="<pad>", unk_token="<unk>", clean_up_tokenization_spaces=False, tokenizer_class="PreTrainedTokenizerFast")

TEXTS = [
    "Why is the sky blue?", "hello world", "  two  spaces and a tab\t.", "12 × 345 = 4140", "naïve café, Zürich!", "日本語 and 🙂🙃 and 👩‍👩‍👧",
    "line\nbreak\r\n\n", "don't they're we've it's", "<|im_start|>user\nhi<|im_end|>", "[CLS] hello [MASK] world", "<s>hello</s> world", "HELLO There", "a", " ",
]
TEMPLATES = {
    "chatml": "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
    "smolvlm": "<|im_start|>{% for message in messages %}{{message['role'] | capitalize}}{% if message['content'][0]['type'] == 'image' %}{{':'}}{% else %}{{': '}}{% endif %}{% for line in message['content'] %}{% if line['type'] == 'text' %}{{line['text']}}{% elif line['type'] == 'image' %}{{ '<image>' }}{% endif %}{% endfor %}<end_of_utterance>\n{% endfor %}{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}",
    "mistral": "{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] | trim + ' [/INST]' }}{% else %}{{ message['content'] + eos_token }}{% endif %}{% endfor %}",
    "llama3": "{{- bos_token }}\n{%- if tools is not none and tools %}\n    {{- 'Tools: ' + (tools | tojson) }}\n{%- endif %}\n{%- set ns = namespace(count=0) %}\n{%- for message in messages %}\n    {%- set ns.count = ns.count + 1 %}\n    {{- '<|start|>' + message.role + '<|end|>\n\n' + message['content'] | trim + '<|eot|>' + (ns.count | string) }}\n{%- endfor %}\n{%- if add_generation_prompt %}\n    {{- '<|start|>assistant<|end|>\n\n' }}\n{%- endif %}\n",
}
CHAT = [dict(role="user", content=" Why is the sky blue? "), dict(role="assistant", content="Because."), dict(role="user", content="Tell me more")]
SEEN = [dict(role="user", content=[dict(type="image"), dict(type="text", text="What is this?")]), dict(role="assistant", content=[dict(type="text", text="A cat.")])]

out = dict(tokenizers=tokenizers.__version__, transformers=transformers.__version__, kinds={}, chats=[])
for make in (bpe, wordpiece, sentencepiece, llama3, clip, unigram):
    name = make.__name__
    t, config = make()
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    t.save(str(folder / "tokenizer.json"), pretty=False)
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    fast = PreTrainedTokenizerFast(tokenizer_object=t, **config)
    cases = []
    for text in TEXTS:
        ids = fast(text)["input_ids"]
        plain = fast(text, add_special_tokens=False)["input_ids"]
        cases.append(dict(text=text, ids=ids, plain=plain, decoded=fast.decode(ids), skipped=fast.decode(ids, skip_special_tokens=True)))
    pair = fast("hello world", "Why is the sky blue?")
    batch = fast(["hello", "Why is the sky blue?"], ["world wide", "blue"], padding="longest", return_token_type_ids=True) if fast.pad_token else None
    out["kinds"][name] = dict(cases=cases, pair=pair["input_ids"], batch=dict(batch) if batch else None)
t, config = bpe()
fast = PreTrainedTokenizerFast(tokenizer_object=t, **config)
for name, template in TEMPLATES.items():
    for generate in (False, True):
        for tools in ([None, [dict(name="f", description="“<é>”")]] if name == "llama3" else [None]):
            messages = SEEN if name == "smolvlm" else CHAT
            text = fast.apply_chat_template(messages, chat_template=template, add_generation_prompt=generate, tokenize=False, tools=tools)
            out["chats"].append(dict(name=name, template=template, messages=messages, generate=generate, tools=tools, text=text))
(HERE / "tokenizers.json").write_text(json.dumps(out))
