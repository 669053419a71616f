"""Code's words for its parts and its languages. Knows nothing of Pygments, so that it costs nothing to ask."""

import re
from array import array
from enum import IntEnum
from typing import TypeAlias

PLAIN = ("", "text", "txt", "plain", "plaintext", "output", "log", "csv")  # languages that have no colours

_WORD = re.compile(r"[\s{.]*([\w+#.*-]+)")


class LexingFailed(Exception):
    """The lexer raised an error, took too long or did not get on. Says nothing of what it read."""


class Kind(IntEnum):
    """What a piece of code is, as far as colours tell it apart."""

    KEYWORD = 0
    FUNCTION = 1
    CLASS = 2
    BUILTIN = 3
    STRING = 4
    NUMBER = 5
    COMMENT = 6
    OPERATOR = 7
    TAG = 8


# The colours of a line: start, length, kind; start, length, kind … in its order. Only what has a kind is listed.
# Lines are short enough for 16 bits each, and a tuple a token would take ten times the memory.
Colors: TypeAlias = "array[int]"
NO_COLORS: Colors = array("H")


def language_of(info: str) -> str:
    """
    The language that a fence's info string names, in lower case; "" if it names none.

    Takes what people write: `python`, `{.python}`, `rust,ignore`, `js:src/app.js`, `C++ title="x"`.
    """
    found = _WORD.match(info)
    return found.group(1).lower() if found else ""


def title_of(info: str) -> str:
    """What a reader calls the language; as it was written if it is one we do not know by name."""
    language = language_of(info)
    if not language:
        return "Code"
    found = _WORD.match(info)
    written = found.group(1) if found else language
    return _TITLES.get(language, written)


def _titles() -> dict[str, str]:
    return {word: title for title, words in _NAMES.items() for word in words.split()}


_NAMES = {
    "Assembly": "asm assembly nasm gas armasm",
    "AWK": "awk gawk",
    "Bash": "bash",
    "Batch": "bat batch cmd dosbatch",
    "C": "c h",
    "C#": "c# cs csharp",
    "C++": "c++ cpp cc cxx hpp hh",
    "Clojure": "clojure clj",
    "CMake": "cmake",
    "CSS": "css",
    "CSV": "csv",
    "CUDA": "cuda cu",
    "D": "d",
    "Dart": "dart",
    "Diff": "diff patch udiff",
    "Dockerfile": "docker dockerfile containerfile",
    "Elixir": "elixir ex exs",
    "Elm": "elm",
    "Environment": "env dotenv",
    "Erlang": "erlang erl",
    "F#": "f# fs fsharp",
    "Fish": "fish",
    "Fortran": "fortran f90",
    "GLSL": "glsl",
    "Go": "go golang",
    "GraphQL": "graphql gql",
    "Groovy": "groovy gradle",
    "Haskell": "haskell hs",
    "HCL": "hcl",
    "HTML": "html htm html5 xhtml",
    "HTTP": "http",
    "INI": "ini cfg conf dosini",
    "Java": "java",
    "JavaScript": "javascript js mjs cjs node",
    "JSON": "json json5 jsonc jsonl ndjson",
    "JSX": "jsx",
    "Julia": "julia jl",
    "Kotlin": "kotlin kt kts",
    "LaTeX": "latex tex",
    "Less": "less",
    "Lisp": "lisp common-lisp cl",
    "Lua": "lua",
    "Makefile": "make makefile mf",
    "Markdown": "markdown md mdx",
    "MATLAB": "matlab",
    "Mermaid": "mermaid",
    "Nginx": "nginx nginxconf",
    "Nim": "nim nimrod",
    "Nix": "nix nixos",
    "Objective-C": "objective-c objectivec objc obj-c",
    "OCaml": "ocaml ml",
    "Output": "output",
    "Pascal": "pascal delphi pas",
    "Perl": "perl pl",
    "PHP": "php php3 php4 php5",
    "PostgreSQL": "postgresql postgres pgsql plpgsql",
    "PowerShell": "powershell ps1 pwsh posh",
    "Prolog": "prolog",
    "Protocol Buffers": "protobuf proto",
    "Python": "python py python3 py3 sage",
    "R": "r rscript",
    "Racket": "racket rkt",
    "Ruby": "ruby rb",
    "Rust": "rust rs",
    "Sass": "sass",
    "Scala": "scala",
    "Scheme": "scheme scm",
    "SCSS": "scss",
    "Shell": "sh shell zsh ksh",
    "Solidity": "solidity sol",
    "SQL": "sql mysql sqlite sqlite3 tsql",
    "Svelte": "svelte",
    "SVG": "svg",
    "Swift": "swift",
    "Terminal": "console terminal shell-session bash-session session",
    "Terraform": "terraform tf",
    "Text": "text txt plain plaintext",
    "TOML": "toml",
    "TSX": "tsx",
    "TypeScript": "typescript ts mts cts",
    "Verilog": "verilog v",
    "VHDL": "vhdl",
    "Vim script": "vim viml",
    "Vue": "vue",
    "WebAssembly": "wasm wat wast",
    "XML": "xml xsd xsl",
    "YAML": "yaml yml",
    "Zig": "zig",
}
_TITLES = _titles()
