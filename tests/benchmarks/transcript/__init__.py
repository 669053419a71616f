"""
How fast the transcript is, beside what Qt offers for it.

`documents` are what is shown; `stages` show them, ours and Qt's; `__main__` is the process that
measures one of them; `measure` starts such processes and gathers what they found; `report` tells it.
"""
