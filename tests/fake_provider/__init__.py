"""
An OpenAI-compatible provider in its own process, which can misbehave and says what it saw.

Tests import `process` (start and observe it), `behaviour` (what to ask of it) and
`text` (what it will answer); the other modules run in the child, on the standard
library alone.
"""
