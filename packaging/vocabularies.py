"""
Remake resources/tokenizers: OpenAI's vocabularies, small enough to ship.

Usage: python packaging/vocabularies.py   (in an environment of its own, with the packages bpe-openai and tiktoken)

tiktoken downloads its vocabularies when they are asked for, and Belay must count without a network. The package
bpe-openai carries the same ones compiled in. What is made of them is written only if its .tiktoken form has the
SHA-256 that tiktoken itself checks its downloads against.

A file is: the number of tokens (4 bytes, big-endian), the length of each (1 byte), all of them in a row; compressed
with xz. A token's rank is its place.
"""

import base64
import hashlib
import importlib
import lzma
import re
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "tokenizers"
NAMES = ("o200k_base", "cl100k_base")
# The bytes have no alignment, and high bits say more than low ones: 3 % smaller than the preset alone.
FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 4, "lp": 0, "pb": 0}]


def main() -> int:
    bpe_openai = importlib.import_module("bpe_openai")
    published = Path(importlib.import_module("tiktoken_ext.openai_public").__file__ or "").read_text(encoding="utf-8")
    for name in NAMES:
        tokens = _tokens_of(bpe_openai.get_encoding(name))
        if not (expected := re.search(rf'{name}\.tiktoken",\s*expected_hash="(\w+)"', published)):
            print(f"{name}: tiktoken names no hash")
            return 1
        if hashlib.sha256(_as_published(tokens)).hexdigest() != expected[1]:
            print(f"{name}: not what tiktoken would download; nothing written")
            return 1
        data = len(tokens).to_bytes(4) + bytes(map(len, tokens)) + b"".join(tokens)
        packed = lzma.compress(data, format=lzma.FORMAT_XZ, check=lzma.CHECK_SHA256, filters=FILTERS)
        (FOLDER / f"{name}.xz").write_bytes(packed)
        print(f"{name}: {len(tokens):,} tokens, {len(packed):,} bytes, hash as tiktoken expects it")
    return 0


def _tokens_of(encoding: object) -> list[bytes]:
    """Every token without the special ones, in the order of their ranks: those stand behind the first gap."""
    decode = encoding.decode_single_token_bytes  # type: ignore[attr-defined]  # bpe-openai publishes no types
    special = {encoding.encode_single_token(each) for each in encoding.special_tokens_set}  # type: ignore[attr-defined]  # as above
    tokens: list[bytes] = []
    while len(tokens) not in special:
        try:
            tokens.append(bytes(decode(len(tokens))))
        except (KeyError, ValueError):
            break
    return tokens


def _as_published(tokens: list[bytes]) -> bytes:
    return b"".join(b"%b %d\n" % (base64.b64encode(token), rank) for rank, token in enumerate(tokens))


if __name__ == "__main__":
    sys.exit(main())
