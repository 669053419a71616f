"""The heart: turns intents into generations, and generations into events. asyncio only."""
