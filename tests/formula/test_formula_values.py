"""What formulas come to, one table per rule. Expected values are Excel's; a figure in quotes is exact."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from formula_cases import number, parsed, value_of

from xlbill.formula import ExcelError, Name, Rows, as_decimal, evaluate, from_serial, to_serial

DIV0, VALUE, NUM, NA, REF, NAME = (
    ExcelError.DIV0, ExcelError.VALUE, ExcelError.NUM, ExcelError.NA, ExcelError.REF, ExcelError.NAME,
)  # fmt: skip

TABLES: dict[str, dict[str, object]] = {
    "numbers are exact": {
        "0.1+0.2": "0.3", "1-0.9": "0.1", "1.1*1.1": "1.21", "1/8": "0.125", "1/3*3": "1", "8.025*(1/3)": "2.675",
        "ROUND(8.025*(1/3),2)": "2.68", "2/3+1/3=1": True, "0.1+0.2=0.3": True, "1/3": Fraction(1, 3),
        "10^-3": "0.001", "100000000000000000000+1": "100000000000000000001", "INT(0.3/0.1)": "3",
        "ROUNDUP(1.1*1.1*100,0)": "121", "MOD(1,0.1)": "0",
    },
    "signs bind tighter than powers, powers group to the left": {
        "-2^2": "4", "0-2^2": "-4", "2^3^2": "64", "2^-2": "0.25", "-2^-2": "0.25", "2^-2^2": "0.0625", "--3": "3",
        "10%": "0.1", "-10%": "-0.1", "5%%": "0.0005", "2*3%": "0.06", "2^10%*0+1": "1", "1+2*3": "7", "(1+2)*3": "9",
        "7-2-1": "4", "8/4/2": "1", "1&2+3": "15", "1+1=2": True, "1<2<3": False, "2=1+1=TRUE": True, "+word": "Pro",
    },
    "arithmetic takes values for numbers": {
        '"3"+1': "4", '" 1,234.50 "+0': "1234.5", '"6%"*100': "6", '"abc"+1': VALUE, 'blank+1': VALUE, "TRUE+1": "2",
        "empty+1": "1", "digits*2": "6", '"2024-02-29"+1': "45352", '"2023-02-29"+1': VALUE, "-word": VALUE,
        "word%": VALUE, '"1e3"+0': "1000", '"1,23"+0': VALUE, '"９"+0': VALUE,
    },
    "errors travel, the left one first": {
        "1/0": DIV0, "bad+1/0": NA, "1/0+bad": DIV0, "missing+1": NAME, "SUM(1,bad)": NA, "-bad": NA, "bad=bad": NA,
        "bad&1": NA, "#REF!+1": REF, "ROUND(bad,1/0)": NA, "IF(bad,1,2)": NA, "E1%": DIV0,
    },
    "comparisons: numbers, then texts, then logical values": {
        '1<"a"': True, '"a"<TRUE': True, '9999<"1"': True, 'TRUE>"zzz"': True, "FALSE<TRUE": True, '"PRO"=word': True,
        "empty=0": True, 'empty=""': True, "empty=FALSE": True, "empty<1": True, 'empty<"a"': True, "TRUE=1": False,
        'digits=3': False, '"a"<"B"': True, "2>=2": True, "2<>2": False, "empty=blank": True,
    },
    "texts join": {
        '"a"&"b"': "ab", "1.50&\"\"": "1.5", "1/3&\"\"": "0.333333333333333", "TRUE&1": "TRUE1", 'empty&"x"': "x",
        "1E21&\"\"": "1E+21", "0.00001&\"\"": "1E-05", "0.0001&\"\"": "0.0001", "-0.5&\"\"": "-0.5",
        '2/3&""': "0.666666666666667", '100&"%"': "100%", '"say ""hi"""&1': 'say "hi"1',
    },
    "references pass over texts and blanks, values given do not": {
        "SUM(B1:B5)": "4.5", 'SUM("3")': "3", "SUM(TRUE)": "1", "SUM(yes)": "0", "SUM(digits,1)": "1",
        'SUM("x")': VALUE, "MAX(B1:B5)": "3", "MIN(B1:B5)": "1.5", "MAX(empty,-1)": "-1", "MIN(empty,5)": "5",
        "MAX(empty)": "0", "MAX(word)": "0", 'MAX("3",1)': "3", "AVERAGE(B1:B5)": "2.25", "AVERAGE(word)": DIV0,
        "AVERAGE(1,2)": "1.5", "COUNT(B1:B5)": "2", 'COUNT("3","x",TRUE)': "2", "COUNT(bad,1)": "1",
        "COUNTA(B1:B5)": "4", "COUNTA(blank)": "1", "COUNTA(,1)": "2", "COUNT(,1)": "2", "PRODUCT(B1:B5)": "4.5",
        "PRODUCT(word)": "0", "SUM(E1,1)": DIV0, "SUM(A:A)": "180", "AVERAGE(1,1,2)": Fraction(4, 3),
        "SUM(IF(TRUE,word),1)": "1",
    },
    "sums by place and by condition": {
        "SUMPRODUCT(A1:A5,D1:D5)": "3", "SUMPRODUCT(A1:A5*D1:D5)": "3", "SUMPRODUCT((A1:A5>=20)*D1:D5)": "0.06",
        'SUMPRODUCT(--(C1:C5="pro"),A1:A5)': "60", "SUMPRODUCT(ROUND(A1:A5*D1:D5,0))": "3",
        "SUMPRODUCT(A1:A5,A1:A2)": VALUE, "SUMPRODUCT(B1:B5)": "4.5", "SUMPRODUCT(2,3)": "6",
        "SUMPRODUCT(A1:A5*E1:E5)": DIV0, "SUMPRODUCT(A1:A5+A1:A2)": NA, "SUMPRODUCT(IF(A1:A5>1,1,0))": VALUE,
        "SUMPRODUCT(A1:B1*A1:A2)": "30", "SUM(A1:A5*2)": VALUE, "A1:A5+1": VALUE, 'SUMIF(A1:A5,">=20")': "170",
        'SUMIF(C1:C5,"pro",A1:A5)': "60", 'SUMIF(C1:C5,"p*",A1:A5)': "60", 'SUMIF(C1:C5,"<>pro",A1:A5)': "120",
        'SUMIF(A1:A5,10)': "10", 'SUMIF(A1:A5,"<>10")': "170", 'SUMIF(A1:A5,">1",D1:D2)': VALUE,
        'SUMIFS(D1:D5,A1:A5,">5",C1:C5,"pro")': "0.06", 'SUMIFS(D1:D5,C1:C5,"?ax")': "0.03",
        'COUNTIF(A1:A5,"<50")': "3", 'COUNTIF(C1:C5,"")': "1", 'COUNTIF(C1:C5,"<>")': "4", 'COUNTIF(C1:C5,"=")': "1",
        "COUNTIF(B1:B5,2)": "1", "COUNTIF(B1:B5,TRUE)": "1", 'COUNTIF(C1:C5,"~*")': "0", "COUNTIF(E1:E5,#DIV/0!)": "1",
        "SUBTOTAL(9,A1:A5)": "180", "SUBTOTAL(4,A1:A5)": "100", "SUBTOTAL(5,A1:A5)": "0", "SUBTOTAL(1,A1:A5)": "36",
        "SUBTOTAL(2,B1:B5)": "2", "SUBTOTAL(3,B1:B5)": "4", "SUBTOTAL(109,A1:A5)": "180", "SUBTOTAL(7,A1:A5)": VALUE,
        "SUBTOTAL(6,A2:A3)": "200",
    },
    "conditions of every kind of value": {
        "COUNTIF(A1:A5,empty)": "1", 'COUNTIF(C1:C5,">g")': "3", 'COUNTIF(E1:E5,">1")': "0",
        'COUNTIF(B1:B5,"<=TRUE")': "1", 'COUNTIF(A1:A5,">#N/A")': "0", 'SUMIF(A1:A2,">=0",E1:E2)': DIV0,
        'SUMIFS(C1:C5,A1:A5,">0")': "0", 'COUNTIF(C1:C5,REPT("p",300))': "0", 'COUNTIF(B1:B5,"")': "1",
        "COUNTIF(bad,1)": "0", "SUM(9E307,9E307)": NUM, "SUMPRODUCT(A4:A5*1E306,A4:A5)": NUM,
        "SUMPRODUCT(A4:A5*9E305)": NUM,
    },
    "ROUND goes half away from zero": {
        "ROUND(2.675,2)": "2.68", "ROUND(1.005,2)": "1.01", "ROUND(-2.5,0)": "-3", "ROUND(2.5,0)": "3",
        "ROUND(1250,-2)": "1300", "ROUND(-1250,-2)": "-1300", "ROUND(2.349,1.9)": "2.3", "ROUND(1/3,4)": "0.3333",
        "ROUND(2/3,2)": "0.67", "ROUND(-1/6,1)": "-0.2", "ROUND(5,-400)": "0", "ROUND(1/3,400)": Fraction(1, 3),
        "ROUND(-0.001,2)": "0", "ROUND(49.99,-2)": "0", "ROUND(50,-2)": "100", "ROUNDUP(3.2,0)": "4",
        "ROUNDUP(-3.2,0)": "-4", "ROUNDUP(31415.92654,-2)": "31500", "ROUNDUP(1/3,2)": "0.34", "ROUNDUP(3,0)": "3",
        "ROUNDUP(0,2)": "0", "ROUNDUP(1,-2)": "100", "ROUNDUP(5,-400)": NUM, "ROUNDDOWN(3.9,0)": "3",
        "ROUNDDOWN(-3.9,0)": "-3", "ROUNDDOWN(31415.92654,-2)": "31400", "ROUNDDOWN(-2/3,1)": "-0.6",
        "TRUNC(8.9)": "8", "TRUNC(-8.97,1)": "-8.9", "INT(8.9)": "8", "INT(-8.9)": "-9", "INT(-1/3)": "-1",
        "INT(7/3)": "2",
    },
    "rounding to multiples, and the rules of signs": {
        "CEILING(2.5,1)": "3", "CEILING(-2.5,-2)": "-4", "CEILING(-2.5,2)": "-2", "CEILING(2.5,-2)": NUM,
        "CEILING(1.5,0.1)": "1.5", "CEILING(0.234,0.01)": "0.24", "CEILING(5,0)": "0", "CEILING(10001/10000,1)": "2",
        "FLOOR(3.7,2)": "2", "FLOOR(-2.5,-2)": "-2", "FLOOR(-2.5,2)": "-4", "FLOOR(2.5,-2)": NUM, "FLOOR(5,0)": DIV0,
        "FLOOR(0,0)": "0", "CEILING.MATH(24.3,5)": "25", "CEILING.MATH(6.7)": "7", "CEILING.MATH(-8.1,2)": "-8",
        "CEILING.MATH(-5.5,2,-1)": "-6", "CEILING.MATH(5,0)": "0", "FLOOR.MATH(24.3,5)": "20",
        "FLOOR.MATH(-8.1,2)": "-10", "FLOOR.MATH(-5.5,2,-1)": "-4", "FLOOR.MATH(6.7)": "6", "FLOOR.MATH(6.7,-2)": "6",
        "MROUND(10,3)": "9", "MROUND(-10,-3)": "-9", "MROUND(1.3,0.2)": "1.4", "MROUND(5,-2)": NUM, "MROUND(5,0)": "0",
        "MOD(3,2)": "1", "MOD(-3,2)": "1", "MOD(3,-2)": "-1", "MOD(-3,-2)": "-1", "MOD(5.5,2)": "1.5",
        "MOD(3,0)": DIV0, "MOD(1/3,1/6)": "0", "QUOTIENT(5,2)": "2", "QUOTIENT(-10,3)": "-3", "QUOTIENT(1,0)": DIV0,
    },
    "powers and roots": {
        "2^10": "1024", "4^0.5": "2", "8^(1/3)": "2", "32^0.4": "4", "(4/9)^0.5": Fraction(2, 3),
        "2^0.5=SQRT(2)": True, "SQRT(16)": "4", "SQRT(0.25)": "0.5", "SQRT(0)": "0", "SQRT(-1)": NUM, "0^0": NUM,
        "0^-1": DIV0, "0^2": "0", "5^0": "1", "(-8)^(1/3)": NUM, "(-2)^3": "-8", "(-1)^1000001": "-1", "1^1E300": "1",
        "(1/3)^2": Fraction(1, 9), "POWER(98.6,2)": "9721.96", "ROUND(2^0.5,10)": "1.4142135624",
        "ROUND(1.05^(1/12),8)": "1.00407412", "ROUND(1.0000000001^10000000,6)": "1.001001", "SIGN(-3)": "-1",
        "SIGN(0)": "0", "ABS(-1.5)": "1.5", "ABS(-1/3)": Fraction(1, 3), "-(1/3)": Fraction(-1, 3),
        "PRODUCT(2,3)": "6",
    },
    "no number of 1E308 or more": {
        "9^9^9^9": NUM, "10^308": NUM, "10^307*10": NUM, "10^307": "1E307", "10^-400": "0", "1E-300*1E-300": "0",
        "2^1E300": NUM, "0.5^1E300": "0", "(1/3)^100000": "0", "(4/3)^100000": NUM, "PRODUCT(1E200,1E200)": NUM,
        '"1E400"+0': VALUE, "1E200%*1E200": NUM,
    },
    "conditions": {
        'IF(units>5,"many","few")': "many", "IF(empty,1,2)": "2", "IF(FALSE,1)": False, "IF(TRUE,,1)": "0",
        'IF("true",1,2)': "1", 'IF("x",1,2)': VALUE, "IF(0.1,1,2)": "1", "IFS(units<5,1,units<10,2)": "2",
        "IFS(FALSE,1)": NA, "IFS(bad,1)": NA, 'SWITCH(word,"pro",1,"max",2)': "1", 'SWITCH(word,"x",1,9)': "9",
        'SWITCH(word,"x",1)': NA, "SWITCH(1,bad,2)": NA, "CHOOSE(2.9,1,2,3)": "2", "CHOOSE(4,1,2,3)": VALUE,
        "CHOOSE(0,1)": VALUE, "AND(TRUE,1)": True, "AND(TRUE,0)": False, "AND(B1:B5)": True, "AND(word)": VALUE,
        'AND("x")': VALUE, 'OR("TRUE")': True, "OR(FALSE,0)": False, "OR(bad,TRUE)": NA, "XOR(TRUE,TRUE,TRUE)": True,
        "XOR(TRUE,TRUE)": False, "NOT(0)": True, "NOT(yes)": False, "TRUE()": True, "FALSE()": False, "true": True,
    },
    "a branch that is not taken is not computed": {
        "IF(TRUE,1,1/0)": "1", "IF(FALSE,1/0,2)": "2", "IFERROR(1,1/0)": "1", "IFERROR(1/0,7)": "7",
        "IFERROR(bad,missing)": NAME, "IFNA(bad,7)": "7", "IFNA(1/0,7)": DIV0, "CHOOSE(1,1,1/0)": "1",
        "IFS(TRUE,1,1/0,2)": "1", 'IFERROR(empty,1)&"x"': "x",
    },
    "what a value is": {
        "ISBLANK(empty)": True, "ISBLANK(blank)": False, "ISNUMBER(units)": True, "ISNUMBER(digits)": False,
        "ISNUMBER(yes)": False, "ISTEXT(digits)": True, "ISTEXT(empty)": False, "ISERROR(bad)": True,
        "ISERROR(1/0)": True, "ISERROR(1)": False, "ISBLANK(bad)": False, "N(yes)": "1", "N(word)": "0",
        "N(units)": "7", "N(bad)": NA, "empty": "0", "word": "Pro",
    },
    "tables": {
        "LOOKUP(49,A1:A5,D1:D5)": "0.03", "LOOKUP(50,A1:A5,D1:D5)": "0.02", "LOOKUP(-1,A1:A5,D1:D5)": NA,
        "LOOKUP(1000,A1:A5)": "100", "LOOKUP(12,A1:D5)": "0.04", "LOOKUP(2,1/(A1:A5>=50),D1:D5)": "0.01",
        "LOOKUP(5,5)": "5", "LOOKUP(bad,A1:A5)": NA, "LOOKUP(3,A1:D1)": "0.05", "LOOKUP(1,A1:A5,C1:D5)": NA,
        "LOOKUP(100,A1:A5,D1:D2)": NA, "VLOOKUP(10,A1:D5,4,FALSE)": "0.04", "VLOOKUP(11,A1:D5,4,FALSE)": NA,
        "VLOOKUP(11,A1:D5,4)": "0.04", "VLOOKUP(10,A1:D5,5)": REF, "VLOOKUP(10,A1:D5,0)": VALUE,
        'VLOOKUP("P*",C1:D5,2,FALSE)': "0.04", "VLOOKUP(10,A1:D5,4,)": "0.04", "HLOOKUP(0,A1:D5,2)": "10",
        "HLOOKUP(0,A1:D5,6)": REF, "INDEX(A1:D5,2,3)": "pro", "INDEX(A1:A5,3)": "20", "INDEX(A1:D1,4)": "0.05",
        "SUM(INDEX(A1:D5,0,1))": "180", "SUM(INDEX(A1:A5,0))": "180", "INDEX(A1:A5,6)": REF, "INDEX(A1:A5,-1)": VALUE,
        "INDEX(A1:A5,1,2)": REF, "SUM(INDEX(A1:D5,2,0))": "10.04", 'MATCH("pro",C1:C5,0)': "2", "MATCH(49,A1:A5)": "3",
        "MATCH(5,A1:A5,0)": NA, "MATCH(0.025,D1:D5,-1)": "3", "MATCH(0.03,D1:D5,-1)": "3", "MATCH(1,A1:D5,0)": NA,
        "MATCH(9,D1:D5,-1)": NA, "MATCH(empty,A1:A5,0)": "1", "ROWS(A1:D5)": "5", "COLUMNS(A1:D5)": "4",
        "ROWS(1)": "1", 'XLOOKUP("pro",C1:C5,D1:D5)': "0.04", 'XLOOKUP("none",C1:C5,D1:D5)': NA,
        'XLOOKUP("none",C1:C5,D1:D5,"-")': "-", "XLOOKUP(49,A1:A5,D1:D5,0,-1)": "0.03",
        "XLOOKUP(49,A1:A5,D1:D5,0,1)": "0.02", 'XLOOKUP("p?o",C1:C5,A1:A5,0,2,-1)': "50",
        "XLOOKUP(101,A1:A5,D1:D5,0,1)": "0", "XLOOKUP(1,A1:A5,D1:D4)": VALUE, "SUM(XLOOKUP(10,A1:A5,A1:D5))": "10.04",
        "XLOOKUP(0,A1:D1,A2:D2)": "10", "XLOOKUP(1,A1:A5,D1:D5,0,3)": VALUE, 'XLOOKUP("none",C1:C5,D1:D5,,0)': NA,
        'XLOOKUP("none",C1:C5,D1:D5,empty)': "0",
    },
    "dates are counted from 1900": {
        "DATE(2024,2,29)": "45351", "DATE(2023,2,29)": "44986", "DATE(2024,14,0)": "45688", "DATE(2024,1,-1)": "45290",
        "DATE(2024,0,1)": "45261", "DATE(124,1,1)": "45292", "DATE(1900,3,1)": "61", "DATE(1900,1,1)": "1",
        "DATE(10000,1,1)": NUM, "DATE(-1,1,1)": NUM, "DATE(1900,1,-5)": NUM, "DATE(1E300,1,1)": NUM,
        "DATE(2024,1E300,1)": NUM, "DATE(2024,1,1E300)": NUM, "DATE(9999,12,32)": NUM, "DAY(45351)": "29",
        "MONTH(45351.9)": "2", "YEAR(45351)": "2024", "DAY(60)": "29", "MONTH(60)": "2", "DAY(0)": "0",
        "YEAR(0)": "1900", "DAY(59)": "28", "DAY(61)": "1", "MONTH(1)": "1", "DAY(-1)": NUM, "YEAR(2958466)": NUM,
        'DAY("2024-02-29")': "29", 'MONTH("2024/2/29")': "2", "EDATE(45322,1)": "45351", "EDATE(45351,-12)": "44985",
        "EDATE(45322,2)": "45382", "EDATE(1,-1)": NUM, "EDATE(45322,1E9)": NUM, "EDATE(-1,1)": NUM,
        "EOMONTH(-1,0)": NUM, "EOMONTH(45306,0)": "45322", "EOMONTH(45306,1)": "45351", "EOMONTH(45306,-2)": "45260",
        "DAY(EOMONTH(DATE(2023,2,1),0))": "28", 'DAYS("2024-03-01","2024-02-01")': "29", "DAYS(1,10)": "-9",
        "DAYS(-1,1)": NUM, "DAYS(1,-1)": NUM, "WEEKDAY(45292)": "2", "WEEKDAY(45292,2)": "1", "WEEKDAY(45292,3)": "0",
        "WEEKDAY(45292,16)": "3", "WEEKDAY(45292,4)": NUM, "WEEKDAY(-1)": NUM,
        'DATEDIF("2024-01-31","2024-03-01","m")': "1", 'DATEDIF("2023-02-28","2024-02-28","Y")': "1",
        'DATEDIF(1,11,"d")': "10", 'DATEDIF("2023-01-15","2024-03-14","ym")': "1", 'DATEDIF(2,1,"d")': NUM,
        'DATEDIF(1,2,"md")': NUM, 'DATEDIF(-1,2,"d")': NUM, 'DATEDIF(1,-2,"d")': NUM,
    },
    "texts": {
        "CONCATENATE(1,word)": "1Pro", "CONCAT(C1:C3,1)": "freepromax1",
        'TEXTJOIN("-",TRUE,C1:C5)': "free-pro-max-Pro", 'TEXTJOIN("-",FALSE,C4:C5,1)': "Pro--1", "CONCAT(E1)": DIV0,
        'TEXTJOIN(REPT("x",20000),FALSE,1,2,3)': VALUE, 'LEFT("abc")': "a", 'LEFT("abc",9)': "abc",
        'LEFT("abc",-1)': VALUE, 'RIGHT("abc",2)': "bc", 'RIGHT("abc",0)': "", 'RIGHT("abc",-1)': VALUE,
        'MID("2024-01-31",6,2)': "01", 'MID("abc",0,1)': VALUE, 'MID("abc",9,1)': "", 'MID("abc",1,-1)': VALUE,
        'LEN("环信 IM")': "5", "LEN(empty)": "0", 'TRIM("  a   b ")': "a b", 'UPPER("im")': "IM", 'LOWER("IM")': "im",
        'REPT("ab",3)': "ababab", 'REPT("ab",-1)': VALUE, 'REPT("ab",99999)': VALUE, 'REPT("",1E300)': "",
        'SUBSTITUTE("a-b-c","-","/")': "a/b/c", 'SUBSTITUTE("a-b-c","-","/",2)': "a-b/c",
        'SUBSTITUTE("a","","x")': "a", 'SUBSTITUTE("a","a","b",0)': VALUE, 'SUBSTITUTE("a","a","b",2)': "a",
        'SUBSTITUTE("a","","b",1)': "a", 'SUBSTITUTE(REPT("a",32767),"a","bb")': VALUE, 'EXACT("IM","im")': False,
        'EXACT("IM","IM")': True, 'VALUE("6%")': "0.06", 'VALUE("x")': VALUE, "VALUE(yes)": VALUE, "VALUE(units)": "7",
        'LEN(REPT("a",32767)&"b")': VALUE, 'LEN(REPT("a",32767))': "32767",
    },
    "TEXT": {
        'TEXT(1234.5,"#,##0.00")': "1,234.50", 'TEXT(1234567,"#,##0")': "1,234,567", 'TEXT(0.5,"0")': "1",
        'TEXT(2.345,"0.00")': "2.35", 'TEXT(0.065,"0%")': "7%", 'TEXT(0.065,"0.0%")': "6.5%",
        'TEXT(-0.001,"0.00")': "0.00", 'TEXT(-1.5,"0")': "-2", 'TEXT(7,"000")': "007", 'TEXT(7.5,"00.00")': "07.50",
        'TEXT(1/3,"0.000")': "0.333", 'TEXT(45351,"yyyy-mm-dd")': "2024-02-29", 'TEXT(45351,"yyyy/m/d")': "2024/2/29",
        'TEXT(45351,"yyyy年m月d日")': "2024年2月29日", 'TEXT(45351,"yy.mm")': "24.02", 'TEXT(-1,"yyyy")': VALUE,
        'TEXT(1.50,"General")': "1.5", 'TEXT("abc","0.00")': "abc", 'TEXT("3","0.0")': "3.0", 'TEXT(yes,"0")': "TRUE",
        'TEXT(empty,"0.0")': "0.0", 'TEXT(1,blank)': "", 'TEXT(1,word)': VALUE, 'TEXT(1E307*9,"0%")': VALUE,
    },
}  # fmt: skip
ROWS = [
    pytest.param(text, value, id=f"{rule}: {text}") for rule, table in TABLES.items() for text, value in table.items()
]


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_value(text: str, expected: object) -> None:
    """A figure in quotes is a number if the formula gives one."""
    value = value_of(text)
    if isinstance(expected, str) and isinstance(value, (Decimal, Fraction)):
        assert isinstance(value, Decimal)
        assert value == number(expected)
        assert not (value == 0 and value.is_signed())
    else:
        assert value == expected
        assert type(value) is type(expected)


def test_a_long_product_is_kept_to_a_thousand_digits() -> None:
    value = value_of("*".join(["1.000000000000000000000001"] * 60))
    assert isinstance(value, Decimal)
    assert len(value.as_tuple().digits) <= 1_000
    assert str(value).startswith("1.000000000000000000000060")


def test_as_decimal_shows_28_digits() -> None:
    assert str(as_decimal(Fraction(2, 3))) == "0." + "6" * 27 + "7"
    assert as_decimal(Decimal("1.50")) == Decimal("1.50")


@pytest.mark.parametrize(
    ("day", "serial"),
    [
        (date(1900, 1, 1), 1),
        (date(1900, 2, 28), 59),
        (date(1900, 3, 1), 61),
        (date(2024, 2, 29), 45_351),
        (date(9999, 12, 31), 2_958_465),
    ],
)
def test_serials_and_dates(day: date, serial: int) -> None:
    assert to_serial(day) == serial
    assert from_serial(Decimal(serial)) == day


def test_serials_without_a_date() -> None:
    assert from_serial(Decimal(60)) == date(1900, 2, 28)  # Excel's 29 February 1900 never was
    assert from_serial(Fraction(90703, 2)) == date(2024, 2, 29)
    for serial in (0, -1, 2_958_466):
        with pytest.raises(ValueError, match="no date"):
            from_serial(Decimal(serial))


def test_a_context_of_one_digit_changes_nothing() -> None:
    with localcontext() as context:
        context.prec = 1
        assert value_of("ROUND(1234.5678*1.0001,3)") == Decimal("1234.691")


def test_a_name_may_stand_for_a_column() -> None:
    days = ((Decimal(3),), (Decimal(5),), (None,))
    assert evaluate(parsed("SUM(days)+MAX(days)+ROWS(days)"), lambda node: days) == 16
    assert evaluate(parsed("days+1"), lambda node: days) is VALUE
    assert evaluate(parsed("SUM(A1:A2)"), lambda node: ()) == 0


def test_a_product_of_long_ranges_is_refused() -> None:
    """A column times a row is a table: a million cells are the limit."""
    column = ((Decimal(1),),) * 1_001

    def look_up(node: object) -> Rows:
        return column if node == Name("column") else tuple(zip(*column, strict=True))

    assert evaluate(parsed("SUMPRODUCT(column*row)"), look_up) is NUM
