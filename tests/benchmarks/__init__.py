"""
`make bench`: what Stop, streaming and the rest cost, measured beside other ways to do the same.

`__main__` orders the measurements, `stop_clicks` and `streaming` take them, `goals` compares them with
what was promised, `report` writes the table and bench.json. Each contestant is a process of its own and
streams from the same fake provider; none of them is timed by a test.
"""
