"""The list of models that the picker opens: what is in it, how it is painted, how it is searched."""
