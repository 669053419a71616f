"""Adapters to whoever answers: the only room that knows the openai package."""
