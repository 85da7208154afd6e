"""xlbill: price workbooks and usage sheets in, invoice workbooks out."""

__version__ = "0.1.0"
