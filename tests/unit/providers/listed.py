"""
Lists of models in the shapes that providers document, each with the page where the shape was read (2026-11-28).

Cut down to the fields around those that are read; ids and numbers are made up where the pages leave them out.
"""

from typing import Any

OPENROUTER: Any = {  # https://openrouter.ai/docs/models
    "data": [
        {
            "id": "google/gemini-3.1-pro-preview",
            "canonical_slug": "google/gemini-3.1-pro-preview",
            "name": "Google: Gemini 3.1 Pro",
            "created": 1692901234,
            "description": 'It says "data": [ and {much} more',
            "context_length": 1_048_576,
            "architecture": {"input_modalities": ["text", "image", "file"], "output_modalities": ["text"]},
            "pricing": {
                "prompt": "0.000002",
                "completion": "0.000012",
                "input_cache_read": "0.0000002",
                "image": "0.1",
            },
            "top_provider": {"context_length": 1_000_000, "max_completion_tokens": 65_536, "is_moderated": False},
            "per_request_limits": None,
            "supported_parameters": ["max_tokens", "tools", "reasoning", "include_reasoning"],
        },
        {
            "id": "openrouter/auto",
            "name": "Auto Router",
            "context_length": 2_000_000,
            "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
            "pricing": {"prompt": "-1", "completion": "-1"},
            "top_provider": {"context_length": None, "max_completion_tokens": None},
            "supported_parameters": [],
        },
        {
            "id": "meta-llama/llama-3.3-70b:free",
            "name": "Llama 3.3 70B (free)",
            "context_length": 65_536,
            "pricing": {"prompt": "0", "completion": "0"},
        },
        {
            "id": "black-forest/draws",
            "name": "It draws",
            "architecture": {"input_modalities": ["text"], "output_modalities": ["image"]},
        },
    ]
}

MISTRAL: Any = {  # https://docs.mistral.ai/api/#tag/models, mistral-openapi BaseModelCard
    "object": "list",
    "data": [
        {
            "id": "mistral-medium-2604",
            "object": "model",
            "owned_by": "mistralai",
            "capabilities": {
                "completion_chat": True,
                "function_calling": True,
                "vision": True,
                "reasoning": True,
                "fine_tuning": False,
            },
            "name": "mistral-medium-2604",
            "max_context_length": 262_144,
            "aliases": ["mistral-medium-latest"],
            "type": "base",
        },
        {
            "id": "mistral-embed",
            "capabilities": {"completion_chat": False, "function_calling": False},
            "max_context_length": 8192,
            "type": "base",
        },
    ],
}

TOGETHER: Any = [  # https://docs.together.ai/reference/models-1
    {
        "id": "deepseek-ai/DeepSeek-V4-Pro",
        "object": "model",
        "type": "chat",
        "running": False,
        "display_name": "DeepSeek V4 Pro",
        "organization": "DeepSeek",
        "context_length": 1_048_576,
        "config": {"stop": ["</s>"], "chat_template": "{% for message in messages %}"},
        "pricing": {"hourly": 0, "input": 1.32, "output": 3.96, "base": 0, "finetune": 0},
    },
    {"id": "own/by-the-hour", "type": "chat", "pricing": {"hourly": 5, "input": 0, "output": 0}},
    {"id": "BAAI/bge-large", "type": "embedding", "context_length": 512},
    {"id": "openai/sings", "type": "audio"},
]

GROQ: Any = {  # https://console.groq.com/docs/api-reference#models-list
    "object": "list",
    "data": [
        {
            "id": "openai/gpt-oss-120b",
            "object": "model",
            "owned_by": "OpenAI",
            "active": True,
            "context_window": 131_072,
            "public_apps": None,
            "max_completion_tokens": 65_536,
        },
        {"id": "whisper-large-v3", "active": True, "context_window": 448},
        {"id": "gone", "active": False, "context_window": 8192},
    ],
}

FIREWORKS: Any = {  # https://docs.fireworks.ai/api-reference/list-models (the inference list)
    "object": "list",
    "data": [
        {
            "id": "accounts/fireworks/models/qwen3-vl",
            "object": "model",
            "owned_by": "fireworks",
            "kind": "HF_BASE_MODEL",
            "supports_chat": True,
            "supports_image_input": True,
            "supports_tools": False,
            "context_length": 262_144,
        },
        {"id": "accounts/fireworks/models/flux-1-dev", "supports_chat": False},
    ],
}

XAI: Any = {  # https://docs.x.ai/docs/api-reference#list-language-models
    "models": [
        {
            "id": "grok-4.5",
            "object": "model",
            "input_modalities": ["text", "image"],
            "output_modalities": ["text"],
            "prompt_text_token_price": 20_000,
            "cached_prompt_text_token_price": 5_000,
            "completion_text_token_price": 60_000,
        }
    ]
}

GITHUB: Any = [  # https://docs.github.com/rest/models/catalog
    {
        "id": "openai/gpt-4.1",
        "name": "OpenAI GPT-4.1",
        "publisher": "OpenAI",
        "capabilities": ["streaming", "tool-calling"],
        "limits": {"max_input_tokens": 1_048_576, "max_output_tokens": 32_768},
        "supported_input_modalities": ["text", "image", "audio"],
        "supported_output_modalities": ["text"],
    }
]

GEMINI: Any = {  # https://ai.google.dev/gemini-api/docs/openai#list-models
    "object": "list",
    "data": [
        {"id": "models/gemini-3.8-flash", "object": "model", "owned_by": "google", "display_name": "Gemini 3.8 Flash"},
        {"id": "models/gemini-embedding-2", "object": "model", "owned_by": "google"},
        {"id": "models/veo-3.1-generate-preview", "object": "model", "owned_by": "google"},
    ],
}

ANTHROPIC: Any = {  # https://platform.claude.com/docs/en/api/models-list
    "data": [
        {
            "type": "model",
            "id": "claude-opus-5-5",
            "display_name": "Claude Opus 5.5",
            "created_at": "2026-09-22T00:00:00Z",
            "max_input_tokens": 1_000_000,
            "max_tokens": 128_000,
        }
    ],
    "has_more": False,
}

LM_STUDIO_V0: Any = {  # https://lmstudio.ai/docs/developer/rest/endpoints
    "object": "list",
    "data": [
        {
            "id": "qwen2-vl-7b-instruct",
            "object": "model",
            "type": "vlm",
            "publisher": "mlx-community",
            "arch": "qwen2_vl",
            "compatibility_type": "mlx",
            "quantization": "4bit",
            "state": "not-loaded",
            "max_context_length": 32_768,
        },
        {
            "id": "qwen3-8b",
            "type": "llm",
            "state": "loaded",
            "max_context_length": 131_072,
            "loaded_context_length": 4_096,
            "capabilities": ["tool_use"],
        },
        {"id": "text-embedding-nomic", "type": "embeddings", "max_context_length": 2048},
    ],
}

VLLM: Any = {  # https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
    "object": "list",
    "data": [{"id": "Qwen/Qwen3-8B", "object": "model", "owned_by": "vllm", "root": "x", "max_model_len": 32_768}],
}

LLAMA_CPP: Any = {  # https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
    "models": [{"name": "gemma", "model": "gemma", "capabilities": ["completion"]}],
    "object": "list",
    "data": [
        {
            "id": "gemma-3-4b",
            "object": "model",
            "owned_by": "llamacpp",
            "meta": {"vocab_type": 1, "n_vocab": 262_144, "n_ctx_train": 131_072, "n_params": 1, "size": 2},
        }
    ],
}

OLLAMA: Any = {  # https://docs.ollama.com/api/openai-compatibility
    "object": "list",
    "data": [
        {"id": "llama3.2:latest", "object": "model", "created": 1, "owned_by": "library"},
        {"id": "nomic-embed-text:latest", "object": "model", "created": 1, "owned_by": "library"},
    ],
}
