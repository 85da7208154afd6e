"""Messy values read as what they surely mean; what could mean two things is a misfit, never a guess.

>>> as_number("１，２３４"), as_number("1.2万"), as_number("1,5")
(Decimal('1234'), Decimal('12000'), <Misfit.AMBIGUOUS_NUMBER: 'number-ambiguous'>)
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum

from xlbill.formula import ExcelError
from xlbill.periods import Month
from xlbill.sheets.cell import Raw, as_shown, in_15_digits
from xlbill.sheets.names import is_file_name


class Misfit(Enum):
    """Why a value cannot be taken; the value of a member is the code of its problem."""

    ERROR_CELL = "cell-error"
    NOT_A_NUMBER = "not-a-number"
    AMBIGUOUS_NUMBER = "number-ambiguous"
    OUT_OF_RANGE = "number-out-of-range"
    PERCENT = "number-is-percent"
    NOT_A_DATE = "not-a-date"
    DATE_OUT_OF_RANGE = "date-out-of-range"
    AMBIGUOUS_DATE = "date-ambiguous"
    NO_YEAR = "date-without-year"
    NOT_A_MONTH = "not-a-month"
    NOT_YES_OR_NO = "not-yes-or-no"
    DAMAGED_CODE = "code-damaged"
    NOT_A_FILE_NAME = "not-a-file-name"


_INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF, 0x00AD])
_WIDE = (*range(0xFF10, 0xFF1B), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))  # ０ to ：, Ａ to Ｚ, ａ to ｚ
_IN_CODES = _INVISIBLE | {code: code - 0xFEE0 for code in _WIDE} | {0xFF0D: "-", 0xFF3F: "_", 0xFF0E: "."}
_SIGNS = _INVISIBLE | {0x2212: "-", 0x2010: "-", 0x2011: "-", 0x2013: "-", 0xFFE5: "¥"}


def visible(text: str) -> str:
    """Text without invisible characters and outer blanks; NBSP and the wide space are blanks, too."""
    if text.isascii():  # nearly all of a million cells
        return text.strip()
    return text.translate(_INVISIBLE).replace("\xa0", " ").replace("\u3000", " ").strip()


def narrow(text: str) -> str:
    """Text in half-width characters: １２３４ is 1234, （ is (, ％ is %."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text.translate(_SIGNS)).strip()


_LONGEST = 200
"""Characters of a text that can be a figure, a date or a word."""

# Numbers

_NUMBER = re.compile(
    r"""(?P<open>\()?\s*
        (?P<sign>[+-])?\s*(?:[¥$€£]|RMB|CNY|USD|EUR|人民币)?\s*(?P<inner>[+-])?
        (?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)? | \d{1,3}(?:\ \d{3})+(?:\.\d+)? | \d+\.?\d* | \.\d+)
        (?P<exponent>e[+-]?\d{1,3})?\s*
        (?P<power>[万亿])?\s*(?P<percent>%)?\s*(?:元|RMB|CNY|USD|EUR)?\s*
        (?P<close>\))?""",
    re.VERBOSE | re.IGNORECASE,
)
_COMMAS_AND_POINTS = re.compile(r"[+-]?\s*[¥$€£]?\s*\d[\d.,' ]*\d\s*%?")
_POWERS = {None: Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_LARGEST_EXPONENT = 18
_PRINTED_DIGITS = 17
"""A binary number is printed with so many digits at most: 0.30000000000000004."""
_POINTS = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_RAISED = ("<super>", "<sub>", "<circle>", "<fraction>", "<square>")


def as_number(raw: Raw) -> Decimal | Misfit:
    """A figure: also numbers as text, `1,234`, `１２３４`, `1.2万`, `(123)`, `¥1,299.00`, `6%`, `1.5e3`.

    `1,5`, `1.234,56` and `6.000` may be meant in two ways and are misfits; so are figures of a size, or with a number
    of digits, that nothing bought or sold has. A text is as exact as spreadsheet programs are: 15 digits of a broken
    number.
    """
    if isinstance(raw, Decimal):
        return Misfit.OUT_OF_RANGE if raw and abs(raw.adjusted()) >= _LARGEST_EXPONENT else raw
    if isinstance(raw, ExcelError):
        return Misfit.ERROR_CELL
    return _number_in(raw) if isinstance(raw, str) else Misfit.NOT_A_NUMBER


def _number_in(text: str) -> Decimal | Misfit:
    if len(text) > _LONGEST or _is_raised(text):
        return Misfit.NOT_A_NUMBER
    text = narrow(text).removeprefix("'")
    match = _NUMBER.fullmatch(text)
    if match is None:
        return Misfit.AMBIGUOUS_NUMBER if _COMMAS_AND_POINTS.fullmatch(text) else Misfit.NOT_A_NUMBER
    signs = [bool(match["open"]), match["sign"] is not None, match["inner"] is not None]
    if bool(match["open"]) != bool(match["close"]) or sum(signs) > 1:
        return Misfit.NOT_A_NUMBER
    if _POINTS.fullmatch(match["digits"]) and not (match["exponent"] or match["power"] or match["percent"]):
        return Misfit.AMBIGUOUS_NUMBER  # 6.000: six thousand to some
    number = Decimal(match["digits"].replace(",", "").replace(" ", "") + (match["exponent"] or ""))
    if number and abs(number.adjusted()) >= _LARGEST_EXPONENT:
        return Misfit.OUT_OF_RANGE
    if len(number.as_tuple().digits) > _PRINTED_DIGITS:
        return Misfit.OUT_OF_RANGE
    if number != number.to_integral_value():
        number = in_15_digits(number)
    if match["power"] or match["percent"]:
        number *= _POWERS[match["power"]] * (Decimal("0.01") if match["percent"] else 1)
    if number == number.to_integral_value():
        number = Decimal(int(number))
    return -number if match["open"] or "-" in (match["sign"], match["inner"]) else number


def _is_raised(text: str) -> bool:
    """Whether a text has characters that fold into digits and are none: 1500², ①, ½."""
    return not text.isascii() and any(
        unicodedata.decomposition(char).startswith(_RAISED) for char in text if ord(char) > 127
    )


# Dates and months

_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{1,2}")
_NO_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}|\d{1,2}\s*月\s*\d{1,2}\s*日?")
_ENGLISH = re.compile(
    r"(?:(?P<d>\d{1,2})[ -])?(?P<m>[a-z]{3,9})\.?[ -](?:(?P<d2>\d{1,2}),? )?(?P<y>\d{4})", re.IGNORECASE
)
_TIME = re.compile(r"(?P<day>.*?)[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?P<zone>\s*(?:Z|[+-]\d{2}:?\d{2}))?")
_CLOCK = re.compile(r"[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?$")
_HOUR = re.compile(r"(\d{1,2})(?:[:时点](?:(\d{2})分?)?)?(?::(\d{2}))?(?:\s*[-~至]\s*\d{1,2}[:时点]?(?:\d{2})?分?)?")
_MONTH_NAMES = tuple(date(2000, month, 1).strftime("%B").lower() for month in range(1, 13))
_EPOCH_1900, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_YEARS = range(1901, 9999)
_SERIALS = range(20_000, 110_000)  # the days of 1954 to 2201: other numbers are no dates that anyone bills


def as_date(raw: Raw, *, from_1904: bool = False) -> date | Misfit:
    """A day: `2026/4/1`, `20260401`, `2026年4月1日`, `2026-04-01 10:00`, `1 Apr 2026`, or a serial number.

    `01/02/2026` is the first of February to some and the second of January to others: a misfit, as is a time in
    another time zone (`2026-04-01T23:00:00Z`), and a year of which no calendar in use makes months and terms (0202).
    `from_1904` is the workbook's own way to count days.
    """
    day = _as_date(raw, from_1904)
    return Misfit.DATE_OUT_OF_RANGE if isinstance(day, date) and day.year not in _YEARS else day


def as_moment(raw: Raw, *, from_1904: bool = False) -> date | datetime | Misfit:
    """A day, or a moment of one where its time is given and is not midnight: `2026-04-01 10:00`."""
    day = as_date(raw, from_1904=from_1904)
    if isinstance(day, Misfit):
        return day
    clock = None
    if isinstance(raw, datetime):
        return _to_the_second(raw)
    if isinstance(raw, Decimal) and raw % 1:
        return _to_the_second(datetime.combine(day, time()) + timedelta(seconds=float(raw % 1 * 86_400)))
    if isinstance(raw, str) and (timed := _CLOCK.search(narrow(raw))) is not None:
        try:
            clock = time(int(timed[1]), int(timed[2]), int(timed[3] or 0))
        except ValueError:
            return Misfit.NOT_A_DATE
    return datetime.combine(day, clock) if clock is not None and clock != time() else day


def as_clock(raw: Raw) -> time | None:
    """A time of day: `13`, `13:05`, `13时`, `13:00-14:00` (its beginning), or a part of a day; None for others."""
    if isinstance(raw, datetime):
        return raw.time()
    if isinstance(raw, Decimal):
        seconds = round(raw * 86_400) if 0 < raw < 1 else int(raw) * 3_600 if raw in range(24) else 86_400
        return None if seconds >= 86_400 else time(seconds // 3_600, seconds // 60 % 60, seconds % 60)
    match = _HOUR.fullmatch(narrow(raw)) if isinstance(raw, str) and len(raw) <= _LONGEST else None
    if match is None:
        return None
    hour, minute, second = (int(part or 0) for part in match.groups())
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _to_the_second(moment: datetime) -> date | datetime:
    """A moment in whole seconds, as which it was meant: Excel keeps 00:05 as 0.00347222222222222; midnight is a day."""
    near = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    return near if near.time() != time() else near.date()


def date_of(day: date) -> date:
    """The day of a moment, a day itself."""
    return day.date() if isinstance(day, datetime) else day


def _as_date(raw: Raw, from_1904: bool) -> date | Misfit:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, ExcelError):
        return Misfit.ERROR_CELL
    if isinstance(raw, Decimal):
        return _date_of_number(raw, from_1904)
    return _date_in(raw) if isinstance(raw, str) else Misfit.NOT_A_DATE


def _date_of_number(number: Decimal, from_1904: bool) -> date | Misfit:
    if abs(number) >= 10**9:
        return Misfit.NOT_A_DATE
    if int(number) in _SERIALS:
        return (_EPOCH_1904 if from_1904 else _EPOCH_1900) + timedelta(days=int(number))
    match = _COMPACT.fullmatch(f"{number:f}") if number == int(number) else None
    return _day(match[1], match[2], match[3]) if match else Misfit.NOT_A_DATE


def _date_in(text: str) -> date | Misfit:
    if len(text) > _LONGEST:
        return Misfit.NOT_A_DATE
    text = narrow(text).removeprefix("'")
    if (timed := _TIME.fullmatch(text)) is not None:
        if timed["zone"]:
            return Misfit.AMBIGUOUS_DATE
        text = timed["day"].strip()
    if match := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(match[1], match[2], match[3])
    if match := _YEAR_LAST.fullmatch(text):
        return _day_or_month_first(match[1], match[2], match[3])
    if match := _ENGLISH.fullmatch(text):
        names = [name for name in _MONTH_NAMES if name.startswith(match["m"].lower())]
        day = match["d"] or match["d2"]
        return _day(match["y"], str(_MONTH_NAMES.index(names[0]) + 1), day) if names and day else Misfit.NOT_A_DATE
    if _NO_YEAR.fullmatch(text):
        return Misfit.NO_YEAR
    return Misfit.AMBIGUOUS_DATE if _SHORT_YEAR.fullmatch(text) else Misfit.NOT_A_DATE


def _day_or_month_first(first: str, second: str, year: str) -> date | Misfit:
    """30/04/2026 can only be one day, 04/04/2026 is the same either way; 01/02/2026 is neither."""
    readings = {_day(year, second, first), _day(year, first, second)} - {Misfit.NOT_A_DATE}
    return readings.pop() if len(readings) == 1 else Misfit.AMBIGUOUS_DATE if readings else Misfit.NOT_A_DATE


def _day(year: str, month: str, day: str) -> date | Misfit:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return Misfit.NOT_A_DATE


def as_month(raw: Raw, *, from_1904: bool = False) -> Month | Misfit:
    """A month: `2026-04`, `202604`, `2026年4月`, or any day of it."""
    if isinstance(raw, ExcelError):
        return Misfit.ERROR_CELL
    text = f"{raw:f}" if isinstance(raw, Decimal) and abs(raw) < 10**9 else raw
    if isinstance(text, str) and len(text) <= _LONGEST and (month := Month.parse(narrow(text))) is not None:
        return month
    day = as_date(raw, from_1904=from_1904)
    if isinstance(day, date):
        return Month.of(day)
    return day if day is Misfit.DATE_OUT_OF_RANGE else Misfit.NOT_A_MONTH


# Words

YES_WORDS = frozenset({"是", "有", "对", "yes", "y", "true", "1", "√", "✓", "✔", "开", "on"})
NO_WORDS = frozenset({"否", "无", "不", "no", "n", "false", "0", "×", "✗", "✘", "关", "off"})
_LOST_DIGITS = re.compile(r"\d(?:\.\d+)?e\+?\d{2,}", re.IGNORECASE)
_EXACT_DIGITS = 15


def as_yes(raw: Raw) -> bool | Misfit:
    """是 or 否, yes or no, TRUE or FALSE, 1 or 0, √ or ×."""
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, ExcelError):
        return Misfit.ERROR_CELL
    word = visible(as_shown(raw)[:_LONGEST]).casefold()
    return True if word in YES_WORDS else False if word in NO_WORDS else Misfit.NOT_YES_OR_NO


def as_text(raw: Raw) -> str | Misfit:
    """What stands there, as text."""
    return Misfit.ERROR_CELL if isinstance(raw, ExcelError) else visible(as_shown(raw))


def as_file_name(raw: Raw) -> str | Misfit:
    """The name of a file in a folder that the column says: without folders, of a length that every system takes."""
    text = as_text(raw)
    return text if isinstance(text, Misfit) or is_file_name(text) else Misfit.NOT_A_FILE_NAME


def as_code(raw: Raw) -> str | Misfit:
    """An identifier, its letters and digits half-width; one that Excel took for a number or date is a misfit.

    A number keeps 15 digits in Excel: 1.23457E+15 has lost some, whatever its cell shows.
    """
    if isinstance(raw, ExcelError):
        return Misfit.ERROR_CELL
    if isinstance(raw, (date, bool)):
        return Misfit.DAMAGED_CODE
    if isinstance(raw, Decimal) and raw.adjusted() >= _EXACT_DIGITS:
        return Misfit.DAMAGED_CODE
    text = visible(as_shown(raw).translate(_IN_CODES))
    return Misfit.DAMAGED_CODE if _LOST_DIGITS.fullmatch(text) else text


def split_codes(text: str) -> tuple[str, ...]:
    """Several codes in one cell: separated by comma, 、, semicolon or line break."""
    return tuple(part for piece in re.split(r"[,，、;；\r\n]", text) if (part := visible(piece)))
