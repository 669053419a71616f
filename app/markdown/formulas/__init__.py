"""
From TeX to MathML that can be set in type.

tex and chemistry rewrite what was written; mathml makes the tree, with lengths, spacing and tables as TeX has them;
lines draws what the tables want drawn.
"""
