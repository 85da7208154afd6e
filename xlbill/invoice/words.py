"""Amounts in words: 人民币 capitals by the rules of Chinese bookkeeping, and English.

>>> amount_in_words(Decimal("325.04"), Currency("CNY", 2), "zh")
'人民币叁佰贰拾伍元零肆分'
>>> amount_in_words(Decimal("325.04"), Currency("CNY", 2), "en")
'Three Hundred Twenty-Five Yuan and Four Fen'

Rules of the capitals (支付结算办法, annex 1): the currency directly before the amount; 整 after 元 or 角, not after
分; several inner zeros take one 零; a zero 角 before 分 takes 零; 拾 always takes 壹.
"""

from decimal import Decimal

from xlbill.language import Label, Language
from xlbill.money import Currency, round_half_up

CHANGED = Label("金额已变更，请重新生成", "The amount has changed: please generate again")

_CAPITALS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_MYRIADS = ("", "万", "亿", "万亿", "亿亿", "万亿亿")
_ZH_CURRENCIES = {
    "CNY": "人民币",
    "USD": "美元",
    "EUR": "欧元",
    "GBP": "英镑",
    "JPY": "日元",
    "HKD": "港元",
    "SGD": "新加坡元",
    "KRW": "韩元",
    "AED": "阿联酋迪拉姆",
    "AUD": "澳元",
    "BRL": "巴西雷亚尔",
    "CAD": "加元",
    "CHF": "瑞士法郎",
    "IDR": "印尼盾",
    "INR": "印度卢比",
    "MOP": "澳门元",
    "MYR": "马来西亚林吉特",
    "NZD": "新西兰元",
    "PHP": "菲律宾比索",
    "RUB": "俄罗斯卢布",
    "SAR": "沙特里亚尔",
    "THB": "泰铢",
    "TRY": "土耳其里拉",
    "TWD": "新台币",
    "VND": "越南盾",
    "ZAR": "南非兰特",
}
_ZH_PARTS = ("角", "分", "厘")

_ONES = (
    *("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"),
    *("Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen"),
)
_TENS = ("", "", "Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety")
_THOUSANDS = ("", "Thousand", "Million", "Billion", "Trillion", "Quadrillion", "Quintillion", "Sextillion")
_EN_CURRENCIES = {  # one, several, one part, several parts
    "CNY": ("Yuan", "Yuan", "Fen", "Fen"),
    "USD": ("US Dollar", "US Dollars", "Cent", "Cents"),
    "EUR": ("Euro", "Euros", "Cent", "Cents"),
    "GBP": ("Pound", "Pounds", "Penny", "Pence"),
    "JPY": ("Yen", "Yen", "", ""),
    "HKD": ("Hong Kong Dollar", "Hong Kong Dollars", "Cent", "Cents"),
    "SGD": ("Singapore Dollar", "Singapore Dollars", "Cent", "Cents"),
    "KRW": ("Won", "Won", "", ""),
    "AUD": ("Australian Dollar", "Australian Dollars", "Cent", "Cents"),
    "CAD": ("Canadian Dollar", "Canadian Dollars", "Cent", "Cents"),
    "NZD": ("New Zealand Dollar", "New Zealand Dollars", "Cent", "Cents"),
    "TWD": ("New Taiwan Dollar", "New Taiwan Dollars", "Cent", "Cents"),
    "MOP": ("Pataca", "Patacas", "Avo", "Avos"),
    "MYR": ("Ringgit", "Ringgit", "Sen", "Sen"),
    "IDR": ("Rupiah", "Rupiah", "Sen", "Sen"),
    "INR": ("Rupee", "Rupees", "Paisa", "Paise"),
    "THB": ("Baht", "Baht", "Satang", "Satang"),
    "VND": ("Dong", "Dong", "", ""),
    "PHP": ("Philippine Peso", "Philippine Pesos", "Centavo", "Centavos"),
    "CHF": ("Swiss Franc", "Swiss Francs", "Centime", "Centimes"),
    "AED": ("Dirham", "Dirhams", "Fils", "Fils"),
    "SAR": ("Riyal", "Riyals", "Halala", "Halalas"),
    "BRL": ("Real", "Reais", "Centavo", "Centavos"),
    "RUB": ("Rouble", "Roubles", "Kopeck", "Kopecks"),
    "TRY": ("Lira", "Lira", "Kurus", "Kurus"),
    "ZAR": ("Rand", "Rand", "Cent", "Cents"),
}


def amount_in_words(amount: Decimal, currency: Currency, language: Language) -> str:
    """An amount, rounded to the currency's decimals, as it is spelled out on an invoice."""
    rounded = round_half_up(amount, currency.decimals)
    spell = _chinese if language == "zh" else _english
    return spell(abs(rounded), rounded < 0, currency)


def currency_name(currency: Currency) -> Label:
    """The name of a currency with its code: 人民币（CNY）."""
    zh, en = _ZH_CURRENCIES.get(currency.code), _EN_CURRENCIES.get(currency.code)
    english = f"{en[1]} ({currency.code})" if en is not None else currency.code
    return Label(f"{zh}（{currency.code}）" if zh is not None else currency.code, english)


def _split(amount: Decimal, decimals: int) -> tuple[int, str]:
    """The whole units of an amount, and the digits after its point."""
    whole, _, places = f"{amount:f}".partition(".")
    return int(whole), places[:decimals]


# --- Chinese -------------------------------------------------------------------------------------------------------


def _chinese(amount: Decimal, negative: bool, currency: Currency) -> str:
    whole, places = _split(amount, currency.decimals)
    parts = _chinese_parts(places, bool(whole))
    units = f"{_chinese_number(whole)}元" if whole else ""
    spelled = units + parts or "零元"
    ending = "" if parts and parts[-1] != "角" else "整"
    return _ZH_CURRENCIES.get(currency.code, currency.code) + ("负" if negative else "") + spelled + ending


def _chinese_number(number: int) -> str:
    """A whole number in capitals: 10004 is 壹万零肆."""
    groups = []
    while number:
        number, rest = divmod(number, 10_000)
        groups.append(rest)
    spelled = ""
    for place in reversed(range(len(groups))):
        group = groups[place]
        if not group:
            continue
        gap = bool(spelled) and (group < 1_000 or groups[place + 1] == 0)
        spelled += ("零" if gap else "") + _chinese_group(group) + _myriad(place, groups)
    return spelled


def _myriad(place: int, groups: list[int]) -> str:
    """The name of a group of four digits; 亿 is said once for the two groups that it covers (壹万零贰亿, 壹万亿)."""
    if place % 2 == 1 and place > 1 and groups[place - 1]:
        return "万"
    return _MYRIADS[place]


def _chinese_group(group: int) -> str:
    """Up to four digits: 1004 is 壹仟零肆, 10 is 壹拾."""
    spelled, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            spelled += ("零" if gap and spelled else "") + _CAPITALS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return spelled


def _chinese_parts(places: str, after_units: bool) -> str:
    """角 and 分: 04 is 零肆分 after units, 肆分 alone."""
    spelled, gap = "", False
    for digit, unit in zip(places, _ZH_PARTS, strict=False):
        if digit == "0":
            gap = True
            continue
        spelled += ("零" if gap and (spelled or after_units) else "") + _CAPITALS[int(digit)] + unit
        gap = False
    return spelled


# --- English -------------------------------------------------------------------------------------------------------


def _english(amount: Decimal, negative: bool, currency: Currency) -> str:
    whole, places = _split(amount, currency.decimals)
    one, several, part, parts = _EN_CURRENCIES.get(currency.code, (currency.code, currency.code, "", ""))
    spelled = f"{_english_number(whole)} {one if whole == 1 else several}"
    rest = int(places) if places else 0
    if not rest:
        spelled += " Only"
    elif len(places) == 2 and part:
        spelled += f" and {_english_number(rest)} {part if rest == 1 else parts}"
    else:
        spelled += f" and {places}/{10 ** len(places)}"
    return ("Minus " if negative else "") + spelled


def _english_number(number: int) -> str:
    """A whole number: 4299 is Four Thousand Two Hundred Ninety-Nine."""
    if number == 0:
        return _ONES[0]
    words: list[str] = []
    for place in reversed(range(len(_THOUSANDS))):
        group = number // 1_000**place % 1_000
        if group:
            words += [*_english_group(group), *([_THOUSANDS[place]] if place else [])]
    return " ".join(words)


def _english_group(group: int) -> list[str]:
    hundreds, rest = divmod(group, 100)
    words = [_ONES[hundreds], "Hundred"] if hundreds else []
    if rest >= 20:
        tens, ones = divmod(rest, 10)
        words.append(_TENS[tens] + (f"-{_ONES[ones]}" if ones else ""))
    elif rest:
        words.append(_ONES[rest])
    return words
