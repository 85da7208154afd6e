"""Which plan's prices stand in a column of 扩展服务 Extensions: one rule for books as workbooks and as data."""

from collections.abc import Collection, Iterable, Mapping, Sequence


def names_of_plan(product: str, product_words: Sequence[str], plan: str, words: Sequence[str]) -> tuple[str, ...]:
    """Everything that names a plan, by its product's code and names and its own.

    >>> names_of_plan("im", ["Chat"], "pro", ["Pro"])
    ('im.pro', 'pro', 'Pro', 'ChatPro', 'Chat Pro')
    """
    qualified = (f"{of}{gap}{word}" for of in product_words for word in words for gap in ("", " "))
    return (f"{product}.{plan}", plan, *words, *qualified)


def plans_headed(
    heading: str, key: str, plans: Mapping[str, Iterable[str]], needed: Collection[str]
) -> tuple[str, ...]:
    """The codes of the plans that a heading means: none of a heading of finance's own, several where it is ambiguous.

    `plans` holds the names of each by its whole code (im.pro), which means that plan alone; `key` is how the code knows
    the column. A heading that names plans of several products means that of the products which the extensions need:
    `needed` are the plans that they name, casefolded.

    >>> plans_headed("专业版 pro", "pro", {"im.pro": ("pro", "专业版"), "rtc.pro": ("pro",)}, {"im.pro"})
    ('im.pro',)
    >>> plans_headed("rtc.pro", "pro", {"im.pro": ("im.pro", "pro"), "rtc.pro": ("rtc.pro", "pro")}, ())
    ('rtc.pro',)
    """
    spelled_out = {heading.casefold(), *heading.casefold().split()}
    if by_code := tuple(code for code in plans if code.casefold() in spelled_out):
        return by_code
    said = {key.casefold(), *spelled_out}
    meant = tuple(code for code, names in plans.items() if said & {name.casefold() for name in names})
    return tuple(code for code in meant if code.casefold() in needed) or meant
