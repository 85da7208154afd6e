"""What each Excel function computes, one module per family; `xlbill.formula.registry` lists them all.

A function here receives arguments that are already what its row in the registry asks for (numbers, texts, grids),
free of errors unless it asked for them, and returns a value, a grid, or an error.
"""
