"""Thousands of formulas that make sense: each function gets arguments of the kinds that it is used with.

A template's holes name kinds: `{n}` a number, `{b}` a condition, `{t}` a text, `{d}` a date, `{s}` something to add
up, `{c}` a column of numbers, `{m}` a column of anything, `{a}` an ascending column. One seed, one set of formulas.

What is left out, because LibreOffice is known to differ from Excel, stands in `DIFFERENCES` of test_formula.py: above
all, logical values stand only where a condition is meant, as LibreOffice takes them for the numbers 1 and 0.
"""

from __future__ import annotations

import random
import string

# The sheet that the formulas refer to: names by cell, and columns.
DATA_SHEET = "数据"
NAMED: dict[str, tuple[int, object]] = {
    "units": (1, 7),
    "price": (2, 0.25),
    "quota": (3, 1000),
    "refund": (4, -12.5),
    "zero": (5, 0),
    "empty": (6, None),
    "word": (7, "Pro"),
    "digits": (8, "3"),
    "yes": (9, True),
    "no": (10, False),
    "broken": (11, "=1/0"),
    "absent": (12, "=NA()"),
    "day": (13, 45351),
    "start": (14, 45292),
    "blank": (15, '=""'),
    "fen": (16, 0.07),
}
COLUMNS: dict[str, tuple[object, ...]] = {
    "C": (3, 8, 1.5, -2, 0, 12, 7.25, 4, 100, 6),
    "D": (2, 0.5, 4, 1, 3, 0.25, 10, -1, 6, 8),
    "E": (0, 10, 20, 50, 100, 200, 500, 1000, 5000, 10000),
    "F": (1, "x", None, -4, "2", 5, "Pro", 0, None, 2.5),
    "G": ("free", "pro", "max", "pro", "Free", "team", "pro+", "", None, "max"),
    "H": (45292, 45322, 45323, 45351, 45352, 45382, 45412, 45443, 45473, 45504),
}

NUMBERS = (
    "{n}+{n}", "{n}-{n}", "{n}*{n}", "{n}/{n}", "-{n}", "+{n}", "{n}%", "{h}^{i}", "-{h}^{i}", "{h}^{i}^{i}",
    "ROUND({n},{i})", "ROUNDUP({n},{i})", "ROUNDDOWN({n},{i})", "INT({n})", "TRUNC({n})", "TRUNC({n},{i})", "ABS({n})",
    "SIGN({n})", "MOD({n},{l})", "QUOTIENT({n},{l})", "POWER({h},{i})", "SQRT(ABS({n}))", "SQRT({n})",
    "CEILING({n},{l})", "FLOOR({n},{l})", "MROUND(ABS({n}),{p})", "MROUND(-ABS({n}),-0.5)", "CEILING.MATH({n})",
    "CEILING.MATH({n},{l})",
    "CEILING.MATH({n},{l},{i})", "FLOOR.MATH({n})", "FLOOR.MATH({n},{l})", "FLOOR.MATH({n},{l},{i})",
    "SUM({s},{s})", "SUM({m})", "SUM({n},{m})", "MAX({s},{s})", "MIN({s},{s})", "MAX({m})", "MIN({m})",
    "AVERAGE({s},{s})",
    "AVERAGE({m})", "COUNT({s},{v})", "COUNT({m})", "COUNTA({m})", "COUNTA({s},{v})", "PRODUCT({s},{s})",
    "PRODUCT({m})",
    "SUMPRODUCT({c},{c})", "SUMPRODUCT({c}*{c})", "SUMPRODUCT(({c}>{l})*{c})", "SUMPRODUCT(--({g}={t}),{c})",
    "SUMPRODUCT(ROUND({c}*{l},1))", "SUMPRODUCT({n},{n})", "SUMPRODUCT({m},{c})", "SUMPRODUCT(ABS({c}),{c})",
    "SUMIF({c},{k})", "SUMIF({c},{k},{c})", "SUMIF({g},{w},{c})", "SUMIFS({c},{c},{k},{g},{w})", "SUMIFS({c},{m},{k})",
    "COUNTIF({c},{k})", "COUNTIF({g},{w})", "COUNTIF({m},{k})", "SUBTOTAL({u},{c})", "SUBTOTAL({u},{m})",
    "IF({b},{n},{n})", "({b})+{n}", "{n}*({b})", "--({b})", "{j}+{n}", "{n}*{j}", "IF({n}+0,{n},{n})",
    "IFS({b},{n},TRUE,{n})", "IFS({b},{n},{b},{n})",
    "SWITCH({l},{l},{n},{l},{n},{n})", "SWITCH({t},\"Pro\",{n},{n})", "CHOOSE({p},{n},{n},{n})", "IFERROR({n},{n})",
    "IFERROR({n}/{z},{n})", "IFNA({n},{n})", "N({v})", "LOOKUP({q},{a})", "LOOKUP({q},{a},{c})",
    "VLOOKUP({q},E$1:G$10,{p})",
    "VLOOKUP({q},{tab},{p},FALSE)", "HLOOKUP({q},{wide},1)", "INDEX({c},{p})", "INDEX({tab},{p},{p})", "MATCH({q},{a})",
    "MATCH({q},{a},1)", "MATCH({l},{c},0)", "MATCH({w},{g},0)", "ROWS({c})", "COLUMNS({tab})", "LEN({t})", "VALUE({j})",
    "DAY({d})", "MONTH({d})", "YEAR({d})", "DAYS({d},{d})", "WEEKDAY({d})", "WEEKDAY({d},{o})", "{d}-{d}",
    "DATEDIF({e},{d},\"{y}\")", "INDEX({c},MATCH({q},{a}))", "ROUND({n}*{n},2)", "MAX({n}-{n},0)", "ROUNDUP({n}/{l},0)",
    "ROUND({n}*DAY({d})/DAY(EOMONTH({d},0)),2)", "MAX({s},{s},{s})", "SUM({v},{n})",
    "COUNTIFS({c},{k},{g},{w})", "COUNTIFS({m},{k})", "AVERAGEIFS({c},{c},{k})", "AVERAGEIFS({c},{g},{w},{c},{k})",
    "MAXIFS({c},{g},{w})", "MINIFS({c},{c},{k},{g},{w})", "AVERAGEIF({c},{k})", "LARGE({c},{p})", "SMALL({m},{p})",
    "MEDIAN({c})", "MEDIAN({m},{n})", "PERCENTILE.INC({c},{r})", "PERCENTILE.EXC({c},{r})", "PERCENTILE({c},{r})",
    "RANK(C$3,C$1:C$10)", "RANK(D$4,D$1:D$10,1)", "RANK.EQ(E$3,E$1:E$10,{i})", "EVEN({n})", "ODD({n})", "EXP({h})",
    "LN({n})", "LOG({n})", "LOG({n},{h})",
    "LOG10({n})", "GCD({whole},{whole})", "LCM({whole},{whole},{whole})", "GCD({whole},E$2:E$4)", "DAYS360({d},{d})",
    "DAYS360({d},{d},TRUE)", "YEARFRAC({d},{d})", "YEARFRAC({d},{d},{basis})", "YEARFRAC({e},{d},{basis})",
    "NETWORKDAYS({d},{d})", "NETWORKDAYS({d},{d},H$1:H$10)", "NETWORKDAYS({e},{d},H$1:H$10)", "WORKDAY({d},{i})",
    "WORKDAY({d},{l},H$1:H$10)", "WEEKNUM({d})", "WEEKNUM({d},{week})", "ISOWEEKNUM({d})", "HOUR({time})",
    "MINUTE({time})",
    "SECOND({time})", "TIME({p},{whole},{whole})", "DATEVALUE(\"2024-02-29\")", "PMT({rate},{term},{n})",
    "PMT({rate},{term},{n},{n},{due})", "PV({rate},{term},{n})", "PV({rate},{term},{n},{n},{due})",
    "FV({rate},{term},{n})",
    "FV({rate},{term},{n},{n},{due})", "NPV({rate},{c})", "NPV({rate},{n},{n})", "NPER({rate},-50,{pv})",
    "NPER({rate},-200,{pv},{n},{due})", "RATE({term},-50,{pv})", "RATE(36,-50,1000,0,{due})", "SLN({n},{n},{l})",
    "ISNA({n})+0", "FIND(\"o\",{t})", "FIND(\"r\",{t})", "SEARCH(\"R\",{t})", "SEARCH(\"?o\",{t},{p})",
    "NUMBERVALUE(\"1.234,5\",\",\",\".\")", "NUMBERVALUE({figure},\".\",\",\")",
    "LOOKUP({q},{{0,10,1000}},{{0.05,0.04,0.03}})",
    "SUM({{1,2,3}}*{n})", "SUMPRODUCT({{1;2}}*{{3,4}})", "SUM(LARGE({c},{{1,2,3}}))", "MATCH({l},{{-5,0,10,50}})",
    "VLOOKUP({l},{{-5,\"a\";10,\"b\"}},1)", "LARGE(CHOOSE({{1,2,3}},{l},{p},{i}),2)", "INDEX({{1,2;3,4}},{p},{p})",
    "SUM(SUMIF({g},{{\"pro\",\"max\"}},{c}))", "SUMPRODUCT(TRANSPOSE({{1,2,3}}),{{4;5;6}})",
)  # fmt: skip
CONDITIONS = (
    "{n}>{n}", "{n}>={n}", "{n}<{n}", "{n}<={n}", "{n}={n}", "{n}<>{n}", "{v}={v}", "{v}<>{v}", "{v}<{v}", "{v}>={v}",
    "{t}={t}", "{x}<{x}", "AND({b},{b})", "OR({b},{b})", "XOR({b},{b})", "NOT({b})", "AND({n}+0,{b})", "AND({m},{b})",
    "ISBLANK({v})", "ISNUMBER({v})", "ISTEXT({v})", "ISERROR({v})", "ISERROR({n})", "TRUE", "FALSE", "TRUE()",
    "FALSE()",
    "EXACT({t},{t})", "IFERROR({b},{b})", "{d}>{d}", "IF({b},{b},{b})", "IF({b},{b})", "NOT({n}*1)", "OR({n}+0,{b})",
    "NOT({b})=NOT({b})",
)  # fmt: skip
TEXTS = (
    "{t}&{t}", "{t}&{n}", "{n}&{t}", "CONCATENATE({t},{t})", "CONCAT({t},{v})", "CONCAT({g})",
    "TEXTJOIN(\"-\",TRUE,{g},{t})",
    "TEXTJOIN(\",\",FALSE,{g})", "LEFT({t})", "LEFT({t},{p})", "RIGHT({t},{p})", "MID({t},{p},{p})",
    "TRIM({t}&\"  a \")",
    "UPPER({t})", "LOWER({t})", "REPT({t},{p})", "SUBSTITUTE({t},\"r\",\"zz\")", "SUBSTITUTE({t},\"o\",{t},{p})",
    "TEXT({n},\"{f}\")", "TEXT({d},\"yyyy-mm-dd\")", "IF({b},{t},{t})", "IFERROR({t},{t})", "CHOOSE({p},{t},{t})",
    "INDEX({g},{p})", "SWITCH({l},{l},{t},{t})", "REPLACE({t},{p},{p},{t})", "TEXT({d},\"{fd}\")",
    "TEXT({n},\"¥#,##0.00\")",
    "TEXT({n},\"0.00元\")", "TEXT({n},\"{sections}\")", "TEXT({time},\"hh:mm:ss\")",
)  # fmt: skip
DATES = (
    "DATE({year},{month},{i})", "DATE({year},{p},{p})", "EDATE({d},{i})", "EOMONTH({d},{i})", "{d}+{i}",
    "INDEX(H$1:H$10,{p})",
)  # fmt: skip

LITERALS: dict[str, tuple[str, ...]] = {
    "l": ("1", "2", "3", "4", "0.5", "2.5", "10", "-2", "-1", "0", "0.25", "100", "7"),
    "h": ("1", "2", "3", "4", "0.5", "2.5", "-2", "-1", "10"),
    "x": ('"Pro"', '"free"', '"max"', '"PRO"', "word", '""'),
    "i": ("0", "1", "2", "-1", "3", "-2"),
    "p": ("1", "2", "3"),
    "q": ("0", "5", "10", "15", "49.5", "50", "99999", "-1", "quota", "units", '"x"'),
    "k": ("3", '">=4"', '"<>3"', '"<0"', '">100"', '"<=1.5"', "units", '"=4"', '"x"'),
    "w": ('"pro"', '"p*"', '"fr?e"', '"<>pro"', '"max"', '"*"', "word", '"pro+"'),
    "j": ('"3"', '" 12 "', '"1.5"', '"6%"', '"1e3"', '"abc"', '"-4"', '"2024-02-29"', "digits", "units"),
    "u": ("1", "2", "3", "4", "5", "6", "9", "109"),
    "o": ("1", "2", "3", "11", "14", "17"),
    "y": ("y", "m", "d", "ym"),
    "z": ("0", "zero", "empty", "units"),
    "f": ("0", "0.00", "#,##0", "#,##0.00", "0%", "0.0%", "0000"),
    "sections": ("0.0;(0.0)", "0.00;-0.00;—", "#,##0.00;-#,##0.00;", "¥0;(¥0)", "0%;(0%);0"),
    "r": ("0", "0.1", "0.25", "0.5", "0.95", "1", "1.5", "-0.1"),
    "whole": ("12", "18", "7", "0", "100", "units", "quota"),
    "basis": ("0", "1", "2", "3", "4"),
    "week": ("1", "2", "11", "12", "17", "21"),
    "time": ("0.25", "0.875", "TIME(1,2,3)", "45351.5", "TIME(23,59,59)", "0"),
    "rate": ("0", "0.01", "0.005", "0.1", "-0.05"),
    "term": ("1", "12", "36", "7"),
    "pv": ("100", "1000", "500"),
    "due": ("0", "1"),
    "figure": ('"3.5%"', '"1,234.5"', '" 1 2 "', '"x"', '"1.2.3"'),
    "fd": ("mmm d, yyyy", "dddd", "yyyy/mm/dd", "mmmm yy", "d.m.yyyy"),
    "year": ("2023", "2024", "1999"),
    "month": ("1", "2", "12", "14", "0", "-3"),
    "c": ("C$1:C$10", "D$1:D$10", "E$1:E$10"),
    "a": ("E$1:E$10",),
    "m": ("F$1:F$10", "C$1:D$10", "F$2:G$4"),
    "g": ("G$1:G$10",),
    "tab": ("E$1:G$10", "C$1:E$10"),
    "wide": ("C$1:E$1",),
    "e": ("start", "45000", "DATE(2023,1,31)"),
}  # fmt: skip
LEAVES: dict[str, tuple[str, ...]] = {
    "n": ("units", "price", "quota", "refund", "zero", "empty", "fen", "2", "0.5", "10", "1.25", "-3", "digits",
          "3", "1000", "12.5", "C$3", "D$4", "units", "price", "quota", "word", "broken"),
    "b": ("yes", "no", "TRUE", "FALSE", "units", "empty", "zero", "absent", "word"),
    "t": ("word", '"Pro"', '"pro"', '"用量 a"', '"r o r"', "blank", "empty", '""', "digits", "units", "G$2"),
    "d": ("day", "start", "H$3", "DATE(2024,1,31)", '"2024-03-01"', "DATE(2023,2,28)"),
    "s": ("units", "price", "empty", "word", "digits", "C$1:C$10", "F$1:F$10", "3", "TRUE", "absent",
          "D$1:D$4"),
    "v": ("units", "empty", "word", "digits", "broken", "absent", "blank", "zero", '"Pro"', "2", '""'),
}  # fmt: skip
GROWING = {"n": NUMBERS, "b": CONDITIONS, "t": TEXTS, "d": DATES}


class Generator:
    """An endless supply of formulas, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def formulas(self, count: int, depth: int = 2) -> list[str]:
        """So many different formulas; each template opens one before chance decides."""
        templates = [template for group in GROWING.values() for template in group]
        found: dict[str, None] = {}
        while len(found) < count:
            for template in templates:
                found.setdefault(self.fill(template, depth))
        return list(found)[:count]

    def fill(self, template: str, depth: int) -> str:
        pieces = []
        for literal, hole, _, _ in string.Formatter().parse(template):
            pieces.append(literal)
            if hole:
                pieces.append(self.hole(hole, depth))
        return "".join(pieces)

    def hole(self, kind: str, depth: int) -> str:
        if kind in LITERALS:
            return self.random.choice(LITERALS[kind])
        if depth == 0 or kind not in GROWING or self.random.random() < 0.4:
            return self.random.choice(LEAVES[kind])
        grown = self.fill(self.random.choice(GROWING[kind]), depth - 1)
        return f"({grown})" if self.random.random() < 0.5 else grown
