"""Writes tiny models with tokenizers beside it, and the text that transformers generates with them."""
import json, pathlib
import numpy, torch, transformers
from PIL import Image
from tokenizers import Tokenizer, models, pre_tokenizers, decoders, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast, SmolVLMConfig, SmolVLMForConditionalGeneration, SmolVLMProcessor, SmolVLMImageProcessor

HERE = pathlib.Path(__file__).parent
CORPUS = ["Why is the sky blue? The sky is blue because air scatters blue light more than red light.", "What is this? A cat on a mat. User: Assistant:"] * 4

def tokenizer(specials, template):
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    t.decoder = decoders.ByteLevel()
    t.train_from_iterator(CORPUS, trainers.BpeTrainer(vocab_size=256 + len(specials) + 30, special_tokens=specials, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    return PreTrainedTokenizerFast(tokenizer_object=t, bos_token=specials[0], eos_token=specials[1], pad_token=specials[1], unk_token=specials[0], chat_template=template, clean_up_tokenization_spaces=False)

CHATML = "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
SMOLVLM = "<|im_start|>{% for message in messages %}{{message['role'] | capitalize}}{% if message['content'][0]['type'] == 'image' %}{{':'}}{% else %}{{': '}}{% endif %}{% for line in message['content'] %}{% if line['type'] == 'text' %}{{line['text']}}{% elif line['type'] == 'image' %}{{ '<image>' }}{% endif %}{% endfor %}<end_of_utterance>\n{% endfor %}{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}"

def spread(model):
    """Weights large enough that the likeliest token is clear."""
    torch.manual_seed(3)
    for p in model.parameters():
        with torch.no_grad(): p.copy_(torch.randn_like(p) * (0.5 if p.ndim > 1 else 0.1) + (1 if p.ndim == 1 else 0))

def save(model, folder):
    model.generation_config.eos_token_id = [1]
    model.save_pretrained(folder)

def chat():
    folder = HERE / "chat"
    tok = tokenizer(["<|im_start|>", "<|im_end|>"], CHATML)
    config = LlamaConfig(vocab_size=len(tok), hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=1, head_dim=10, max_position_embeddings=96, rms_norm_eps=1e-5, tie_word_embeddings=False, attention_bias=True, mlp_bias=True, bos_token_id=0, eos_token_id=1, pad_token_id=1,
        rope_parameters=dict(rope_type="llama3", rope_theta=10000.0, factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=32))
    model = LlamaForCausalLM(config).eval(); spread(model)
    save(model, folder); tok.save_pretrained(folder)
    ids = tok.apply_chat_template([dict(role="user", content="Why is the sky blue?")], add_generation_prompt=True, return_tensors="pt", return_dict=True)["input_ids"]
    plain = tok("The sky", return_tensors="pt")["input_ids"]
    run = lambda ids, **options: model.generate(ids, attention_mask=torch.ones_like(ids), do_sample=False, pad_token_id=1, **options)[0, ids.shape[1]:]
    cases = []
    for name, prompt, options in [("chat", ids, dict(max_new_tokens=40)), ("plain", plain, dict(max_new_tokens=24)), ("penalty", ids, dict(max_new_tokens=40, repetition_penalty=1.3))]:
        out = run(prompt, **options)
        cases.append(dict(name=name, prompt=prompt[0].tolist(), options=options, tokens=out.tolist(), text=tok.decode(out, skip_special_tokens=True)))
    return cases

def caption():
    folder = HERE / "caption"
    rows = [f"<row_{r}_col_{c}>" for r in range(1, 4) for c in range(1, 4)]
    tok = tokenizer(["<|im_start|>", "<end_of_utterance>", "<fake_token_around_image>", "<image>", "<global-img>", *rows], SMOLVLM)
    tok.image_token = "<image>"
    text = dict(model_type="llama", vocab_size=len(tok), hidden_size=24, intermediate_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=6, max_position_embeddings=256, rms_norm_eps=1e-5, bos_token_id=0, eos_token_id=1, pad_token_id=1, rope_parameters=dict(rope_type="default", rope_theta=10000.0))
    vision = dict(hidden_size=16, intermediate_size=24, num_hidden_layers=1, num_attention_heads=2, image_size=32, patch_size=8, num_channels=3)
    config = SmolVLMConfig(text_config=text, vision_config=vision, scale_factor=2, image_token_id=3, tie_word_embeddings=True)
    model = SmolVLMForConditionalGeneration(config).eval(); spread(model)
    save(model, folder)
    images = SmolVLMImageProcessor(size=dict(longest_edge=64), max_image_size=dict(longest_edge=32), do_image_splitting=True)
    processor = SmolVLMProcessor(images, tok, video_processor=transformers.SmolVLMVideoProcessor(), image_seq_len=4, chat_template=SMOLVLM)
    tok.save_pretrained(folder); images.save_pretrained(folder)
    (folder / "chat_template.jinja").write_text(SMOLVLM)
    numpy.random.seed(5)
    picture = numpy.clip(numpy.add.outer(numpy.arange(21) * 9, numpy.arange(40) * 4)[..., None] % 256 + numpy.random.randint(0, 20, (21, 40, 3)), 0, 255).astype("uint8")
    inputs = processor(text=tok.apply_chat_template([dict(role="user", content=[dict(type="image"), dict(type="text", text="What is this?")])], add_generation_prompt=True, tokenize=False), images=[[Image.fromarray(picture)]], return_tensors="pt")
    with torch.no_grad(): out = model.generate(**{k: v for k, v in inputs.items() if k != "rows"}, do_sample=False, max_new_tokens=24, pad_token_id=1)[0, inputs["input_ids"].shape[1]:]
    with torch.no_grad(): logits = model(**{k: v for k, v in inputs.items()}).logits[0, -1]
    return dict(width=40, height=21, pixels=picture.flatten().tolist(), prompt=inputs["input_ids"][0].tolist(), tokens=out.tolist(), text=tok.decode(out, skip_special_tokens=True), logits=[round(x, 6) for x in logits.tolist()])

(HERE / "generation.json").write_text(json.dumps(dict(transformers=transformers.__version__, torch=torch.__version__, chat=chat(), caption=caption())))
