"""Which models can't be chatted with, by their names: for lists that tell no more than names."""

import re

# Made of the lists of OpenAI, Google, Mistral, Groq, xAI and Together as they were in November 2026: models for
# embeddings, sound, pictures, films, moderation and completion without a chat.
_OTHERWISE = re.compile(
    r"""
    embed | rerank | moderation | prompt-guard | babbage-002 | davinci-002 | turbo-instruct
    | (?:^|[-_/])(?:bge|e5|gte|minilm|colbert)-
    | (?:^|[-_/])(?:tts|stt|asr|ocr|aqa)(?:[-_.]|$)
    | whisper | transcri | speech | orpheus | voxtral-mini-t
    | realtime | native-audio | gpt-audio | audio-preview | (?:^|[-_/])live- | -live-
    | dall-e | gpt-image | chatgpt-image | flash-image | pro-image | imagine | imagen | nano-banana
    | flux[-.0-9] | stable-diffusion | sdxl | (?:^|[-_/])(?:veo|sora|lyria)-
    """,
    re.VERBOSE | re.IGNORECASE,
)


def is_chat_name(model_id: str) -> bool:
    """Whether a model of this name may be one to chat with."""
    return _OTHERWISE.search(model_id) is None
