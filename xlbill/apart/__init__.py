"""What runs in a process of its own, with limits, because it reads what may be hostile: `child` is its script.

Nothing of xlbill but this package is imported here, so that the process starts in some milliseconds.
"""
