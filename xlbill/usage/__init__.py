"""Usage sheets of any form: for each app and meter the figures of a month's days.

usage, found = read_usage([(path, "usage/2026-04.xlsx")], Month(2026, 4), ["shop-1"], meters)
usage.of("shop-1")
"""

from xlbill.usage.objects import MeterKind, Series, Usage, by_app
from xlbill.usage.read import read_usage

__all__ = ["MeterKind", "Series", "Usage", "by_app", "read_usage"]
