"""Tools for those who develop xlbill; none of them is part of the product."""
