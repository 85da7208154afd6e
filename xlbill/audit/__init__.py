"""A finished invoice looked at again: recomputed from its own formulas, held against the run's manifest, explained."""
