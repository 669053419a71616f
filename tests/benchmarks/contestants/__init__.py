"""
The clients that are compared, each in a process of its own, which answers orders as JSON lines.

`clicks`, `alarm` and `core_waits` are the stop-watch that they share.
"""
