"""Tools a model may call (MCP). Nothing lives here yet."""
