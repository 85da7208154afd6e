"""Amounts in words, by the rules of Chinese bookkeeping and in English."""

from decimal import Decimal

import pytest

from tests.workbooks import table
from xlbill.invoice import amount_in_words
from xlbill.money import Currency

AMOUNTS = """
| amount | currency | zh | en |
|-------------------:|----------|------------------------------------------|---------------------------------------------------|
| 0 | CNY | 人民币零元整 | Zero Yuan Only |
| 1 | CNY | 人民币壹元整 | One Yuan Only |
| 10 | CNY | 人民币壹拾元整 | Ten Yuan Only |
| 15 | CNY | 人民币壹拾伍元整 | Fifteen Yuan Only |
| 0.05 | CNY | 人民币伍分 | Zero Yuan and Five Fen |
| 0.50 | CNY | 人民币伍角整 | Zero Yuan and Fifty Fen |
| 325.04 | CNY | 人民币叁佰贰拾伍元零肆分 | Three Hundred Twenty-Five Yuan and Four Fen |
| 325.40 | CNY | 人民币叁佰贰拾伍元肆角整 | Three Hundred Twenty-Five Yuan and Forty Fen |
| 1409.50 | CNY | 人民币壹仟肆佰零玖元伍角整 | One Thousand Four Hundred Nine Yuan and Fifty Fen |
| 6007.14 | CNY | 人民币陆仟零柒元壹角肆分 | Six Thousand Seven Yuan and Fourteen Fen |
| 2450 | CNY | 人民币贰仟肆佰伍拾元整 | Two Thousand Four Hundred Fifty Yuan Only |
| 10004 | CNY | 人民币壹万零肆元整 | Ten Thousand Four Yuan Only |
| 100000 | CNY | 人民币壹拾万元整 | One Hundred Thousand Yuan Only |
| 107000 | CNY | 人民币壹拾万柒仟元整 | One Hundred Seven Thousand Yuan Only |
| 16409.02 | CNY | 人民币壹万陆仟肆佰零玖元零贰分 | Sixteen Thousand Four Hundred Nine Yuan and Two Fen |
| 10000000 | CNY | 人民币壹仟万元整 | Ten Million Yuan Only |
| 100000001 | CNY | 人民币壹亿零壹元整 | One Hundred Million One Yuan Only |
| 100100000 | CNY | 人民币壹亿零壹拾万元整 | One Hundred Million One Hundred Thousand Yuan Only |
| 1000000000000 | CNY | 人民币壹万亿元整 | One Trillion Yuan Only |
| 1000200000000 | CNY | 人民币壹万零贰亿元整 | One Trillion Two Hundred Million Yuan Only |
| -460.94 | CNY | 人民币负肆佰陆拾元玖角肆分 | Minus Four Hundred Sixty Yuan and Ninety-Four Fen |
| 1.005 | CNY | 人民币壹元零壹分 | One Yuan and One Fen |
| 1.01 | USD | 美元壹元零壹分 | One US Dollar and One Cent |
| 1200 | JPY | 日元壹仟贰佰元整 | One Thousand Two Hundred Yen Only |
| 7.25 | XCD | XCD柒元贰角伍分 | Seven XCD and 25/100 |
| 10 | AUD | 澳元壹拾元整 | Ten Australian Dollars Only |
| 7.25 | CHF | 瑞士法郎柒元贰角伍分 | Seven Swiss Francs and Twenty-Five Centimes |
"""
DECIMALS = {"JPY": 0}


@pytest.mark.parametrize(("amount", "currency", "zh", "en"), table(AMOUNTS)[1:])
def test_amounts(amount: str, currency: str, zh: str, en: str) -> None:
    money = Currency(currency, DECIMALS.get(currency, 2))
    assert amount_in_words(Decimal(amount), money, "zh") == zh
    assert amount_in_words(Decimal(amount), money, "en") == en


def test_a_third_decimal_is_spelled_too() -> None:
    dinar = Currency("KWD", 3)
    assert amount_in_words(Decimal("2.125"), dinar, "zh") == "KWD贰元壹角贰分伍厘"
    assert amount_in_words(Decimal("2.125"), dinar, "en") == "Two KWD and 125/1000"
