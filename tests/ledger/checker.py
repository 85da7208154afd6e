"""An auditor's look at a ledger: plain sqlite3, json and hashlib, nothing of xlbill.

    python checker.py ledger.sqlite

prints what is wrong, a line each, and exits with 1; or prints as JSON what every customer owes, and exits with 0. It
believes the chained entries alone and holds everything else against them.
"""

import hashlib
import json
import sqlite3
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path


def check(path: Path) -> tuple[list[str], dict[str, str]]:
    """What is wrong with a ledger, and what each customer owes in each currency."""
    connection = sqlite3.connect(path)
    wrong, previous, said = [], "0" * 64, []
    for number, text, sha256 in connection.execute("SELECT entry, text, sha256 FROM entries ORDER BY entry"):
        entry = json.loads(text)
        plain = json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        if hashlib.sha256(plain.encode()).hexdigest() != sha256 or entry["previous"] != previous:
            return [f"entry {number}: the chain breaks"], {}
        said.append(entry)
        previous = sha256
    bills = [e for e in said if e["kind"] in ("issued", "credited")]
    paid = [e for e in said if e["kind"] == "paid"]
    wrong += numbers(bills) + issued_once(bills) + totals(bills)
    wrong += columns(connection, bills) + written(path.parent, bills)
    rests, owed, told = holdings(said), documents(bills, paid), assigned(said, bills)
    wrong += [f"{key}: drawn below zero: {rest}" for key, rest in rests.items() if key[1] != "wallet" and rest < 0]
    for key in owed:
        left = sum(
            rest for (customer, kind, *_, of, _), rest in rests.items() if kind in MONEY and (customer, of) == key
        )
        if owed[key] != sum(told[key].values()) - left:
            wrong.append(f"{key}: owes {owed[key]} by its documents, {told[key]} open less {left} by its movements")
        wrong += [f"{number}: paid more than is due" for number, amount in told[key].items() if amount < 0]
    return wrong, {"|".join(key): str(amount.normalize() + 0) for key, amount in sorted(owed.items())}


MONEY = ("wallet", "prepaid", "credit")


def numbers(bills):
    """Each series gapless, in the order of issue, dates never going back."""
    wrong, last, day = [], defaultdict(int), ""
    for bill in bills:
        content = bill["content"]
        last[content["series"]] += 1
        if content["seq"] != last[content["series"]] or bill["date"] < day:
            wrong.append(f"{content['number']}: out of order")
        day = bill["date"]
    return wrong


def issued_once(bills):
    """No month of a customer stands twice at any time."""
    wrong, stands = [], {}
    for content in (bill["content"] for bill in bills):
        key = (content["customer"], content["month"])
        if "of" in content:
            if stands.get(key) != content["of"]:
                wrong.append(f"{content['number']}: takes back what does not stand")
            stands.pop(key, None)
        elif key in stands:
            wrong.append(f"{content['number']}: {key} stood already")
        else:
            stands[key] = content["number"]
    return wrong


def totals(bills):
    """Every bill is the sum of its lines and of its taxes; a credit note is its original with the sign turned."""
    wrong, known = [], {}
    for content in (bill["content"] for bill in bills):
        total = Decimal(content["total"])
        lines = sum(Decimal(line["amount"]) for line in content["lines"])
        gross = sum(Decimal(tax["gross"]) for tax in content["taxes"])
        credit = sum(Decimal(m["quantity"]) for m in content["movements"] if moves_credit(m))
        paid = Decimal(content["prepaid"]) + Decimal(content["due"])
        if not total == lines == gross or ("of" not in content and total != paid - credit):
            wrong.append(f"{content['number']}: does not add up")
        if "of" in content and total != -known[content["of"]]:
            wrong.append(f"{content['number']}: is not the opposite of {content['of']}")
        known[content["number"]] = total
    return wrong


def moves_credit(movement):
    """Whether a bill itself makes or uses credit by a movement; what was brought from before it did not make."""
    return movement["holding"]["kind"] == "credit" and movement["word"] in ("bought", "drawn")


def columns(connection, bills):
    """The table of bills says what the entries say."""
    there = connection.execute("SELECT number, customer, month, total FROM bills ORDER BY entry").fetchall()
    wanted = [tuple(b["content"][key] for key in ("number", "customer", "month", "total")) for b in bills]
    return [] if there == wanted else ["the table of bills is not what the entries say"]


def written(folder, bills):
    """Every file is there, with its hash."""
    wrong = []
    for name, sha256 in (pair for bill in bills for pair in bill["content"]["files"].items()):
        file = folder / name
        if not file.exists() or hashlib.sha256(file.read_bytes()).hexdigest() != sha256:
            wrong.append(f"{name}: is not as it was issued")
    return wrong


def holdings(said):
    """What is left of every holding."""
    rests = defaultdict(Decimal)
    for movement in (m for entry in said for m in entry["content"].get("movements", ())):
        own = movement["holding"]
        key = (own["customer"], own["kind"], own["app"], own["of"], own["since"])
        rests[key] += Decimal(movement["quantity"])
    return rests


def documents(bills, paid):
    """What each customer owes by its bills, credit notes, prepayments and payments."""
    owed = defaultdict(Decimal)
    for content in (bill["content"] for bill in bills):
        owed[content["customer"], content["currency"]] += Decimal(content["total"]) - Decimal(
            content.get("received", 0)
        )
    for content in (entry["content"] for entry in paid):
        owed[content["customer"], content["currency"]] -= Decimal(content["amount"])
    return owed


def assigned(said, bills):
    """What is open of each bill that stands: what is due, less what was deducted for it."""
    open_of, whose = {}, {}
    for content in (bill["content"] for bill in bills):
        if "of" in content:
            open_of.pop(content["of"])
        else:
            open_of[content["number"]] = max(Decimal(content["due"]), Decimal(0))
            whose[content["number"]] = (content["customer"], content["currency"])
    for movement in (m for entry in said for m in entry["content"].get("movements", ())):
        if movement["word"] == "deducted" and movement["number"] in open_of:
            open_of[movement["number"]] += Decimal(movement["quantity"])
    told = defaultdict(dict)
    for number, amount in open_of.items():
        told[whose[number]][number] = amount
    return told


if __name__ == "__main__":
    found, balances = check(Path(sys.argv[1]))
    print("\n".join(found) if found else json.dumps(balances, ensure_ascii=False))
    sys.exit(1 if found else 0)
