"""Commands about editions of prices: which there are, one of them shown, a new one, prices changed."""

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlbill.commands.options import (
    as_day,
    default_language,
    json_option,
    language_option,
    misused,
    print_problems,
    print_result,
    workspace_option,
)
from xlbill.files import written
from xlbill.language import Label, Language, colon, counted
from xlbill.money import plain
from xlbill.problems import Problems
from xlbill.terminal import TextTable, print_table, say
from xlbill.workspace import Workspace

if TYPE_CHECKING:
    from xlbill.foresight.editions import EditionFile
    from xlbill.foresight.prices import Applied

_FIGURE = "-—0123456789已i"  # how a figure, or "included" in its place, begins
_THEN = Label(
    "核对后运行 xlbill prices apply --accept 接受这些金额（不再带清单：价格已经修改）",
    "once they are checked: xlbill prices apply --accept (without the list, which has been applied)",
)


@click.group("prices")
def prices() -> None:
    """Editions of the price list: list, show, new, apply."""


@prices.command("list")
@workspace_option
@json_option
@language_option
def list_command(workspace: Path, as_json: bool, lang: Language | None) -> None:
    """List the editions of the workspace, the newest first."""
    from xlbill.foresight.editions import editions_of

    language, place = lang or default_language(), Workspace(workspace)
    editions, found = editions_of(place)
    if as_json:
        told = [_edition_json(edition, place) for edition in editions]
        print_result({"editions": told}, found, language)
    else:
        print_problems(found, language)
        _print_editions(editions, place, language)
    sys.exit(2 if not editions else 1 if found.errors or any(edition.errors for edition in editions) else 0)


def _edition_json(edition: "EditionFile", workspace: Workspace) -> dict[str, object]:
    book = edition.book
    return {
        "code": book.edition.code,
        "name": book.edition.name.zh,
        "name_en": book.edition.name.en,
        "regions": list(book.regions),
        "effective": book.edition.effective.isoformat(),
        "applies": book.applies,
        "currency": book.currency.code,
        "sound": book.sound,
        "errors": edition.errors,
        "worked_bills": len(book.cases),
        "worked_bills_differing": edition.cases,
        "file": workspace.shown(edition.path),
    }


def _print_editions(editions: Sequence["EditionFile"], workspace: Workspace, language: Language) -> None:
    headings = {
        "zh": ("代码", "区域", "生效日", "适用", "币种", "检查", "文件"),
        "en": ("code", "regions", "effective", "applies to", "currency", "check", "file"),
    }
    applies = {"new": Label("新订阅", "new subscribers"), "all": Label("全部", "everyone")}
    rows = []
    for edition in editions:
        book = edition.book
        said = Label(f"✗ {edition.errors} 个错误", f"✗ {counted(edition.errors, 'error|errors')}")
        differing = Label(
            f"! {edition.cases} 张示例账单不符",
            f"! {counted(edition.cases, 'worked bill differs|worked bills differ')}",
        )
        fine = Label("✓ 可用", "✓ sound")
        state = said if not book.sound else differing if edition.cases else fine
        named = (book.edition.code, ", ".join(book.regions), book.edition.effective.isoformat())
        rest = (applies[book.applies].text(language), book.currency.code, state.text(language))
        rows.append((*named, *rest, workspace.shown(edition.path)))
    print_table(TextTable(headings[language], rows, left=range(len(headings[language]))))


@prices.command("show")
@click.argument("code")
@workspace_option
@language_option
def show_command(code: str, workspace: Path, lang: Language | None) -> None:
    """Show the prices of the edition CODE."""
    from xlbill.book.data_files import LOSSES
    from xlbill.book.data_sheets import read_data
    from xlbill.foresight.editions import edition_named, editions_of
    from xlbill.foresight.price_list import price_list

    language, place = lang or default_language(), Workspace(workspace)
    editions, found = editions_of(place)
    edition = edition_named(editions, code, found)
    if edition is None:
        print_problems(found, language)
        sys.exit(2)
    document, problems = read_data(edition.path, place.shown(edition.path))
    print_problems(Problems(p for p in problems if p.code not in LOSSES), language)
    if document is None:
        sys.exit(2)
    book = edition.book
    say(f"{book.edition.code} · {book.edition.name.text(language)} · {book.edition.effective} · {book.currency.code}")
    for title, headings, rows in price_list(document, language):
        left = {at for at in range(len(headings)) if not at or any(row[at][:1] not in _FIGURE for row in rows)}
        print_table(TextTable(headings, rows, left, title))


@prices.command("new")
@click.argument("code")
@click.option("--from", "effective", callback=as_day, required=True, metavar="DATE", help="Day from which it holds.")
@click.option("--of", metavar="CODE", help="The edition to copy (default: the newest).")
@click.option("--name", help="Its name.")
@click.option("--name-en", help="Its English name.")
@workspace_option
@language_option
def new_command(
    code: str,
    effective: date,
    of: str | None,
    name: str | None,
    name_en: str | None,
    workspace: Path,
    lang: Language | None,
) -> None:
    """Make the edition CODE: a copy of the newest one with its own code and date."""
    from xlbill.foresight.editions import edition_named, editions_of, new_edition, own_prices
    from xlbill.sheets import safe_file_name

    language, place = lang or default_language(), Workspace(workspace)
    editions, found = editions_of(place)
    source = edition_named(editions, of, found) if own_prices(place, found) else None
    target = place.prices / f"{safe_file_name(code)}.xlsx"
    if source is not None:
        settings: dict[str, str | date | None] = {
            "code": code,
            "effective": effective,
            "name": name,
            "name_en": name_en,
        }
        given = {key: value for key, value in settings.items() if value is not None}
        found += new_edition(source, editions, given, target, place.shown(target))
    print_problems(found, language)
    if source is None or found.errors:
        sys.exit(2)
    old, new = source.book.edition.code, place.shown(target)
    say(Label(f"{new}：{old} 的副本", f"{new}: a copy of {old}").text(language))
    name_of = source.book.edition.name
    as_before = [said for said, given in ((name_of.zh, name), (name_of.en, name_en)) if given is None]
    if as_before:
        seen_as = name_of.text(language) if len(as_before) > 1 else as_before[0]
        kept = Label(
            f"名称仍为“{seen_as}”，客户会看到它：可在“价目”表中修改",
            f"customers still see it as {seen_as}: the sheet 价目 Book has its name",
        )
        say(kept.text(language))


@prices.command("apply")
@click.argument("changes", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--book", metavar="CODE", help="The edition to change (default: the newest).")
@click.option("--accept", is_flag=True, help="Set worked totals that move to what comes out, and nothing else.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@workspace_option
@json_option
@language_option
def apply_command(
    changes: Path | None,
    book: str | None,
    accept: bool,
    dry_run: bool,
    workspace: Path,
    as_json: bool,
    lang: Language | None,
) -> None:
    """Change prices by the list CHANGES (csv or xlsx): item, change in percent or new price, rounding.

    Worked bills that move are listed for finance; --accept takes their new totals over.
    """
    from xlbill.foresight.change_list import read_changes
    from xlbill.foresight.editions import edition_named, editions_of, own_prices
    from xlbill.foresight.prices import apply_changes

    if changes is None and not accept:
        raise misused(Label("请指定调价清单，或使用 --accept", "name a list of changes, or --accept"))
    language, place = lang or default_language(), Workspace(workspace)
    editions, found = editions_of(place)
    listed, problems = read_changes(changes, changes.as_posix()) if changes is not None else ((), Problems())
    found += problems
    edition = edition_named(editions, book, found) if own_prices(place, found) else None
    applied: Applied | None = None
    if edition is not None:
        shown = place.shown(edition.path)
        applied, problems = apply_changes(edition.path, shown, listed, accept=accept)
        found += problems
        if applied is not None and not dry_run and not found.errors:
            content = applied.content
            found += written(edition.path, shown, lambda path: path.write_bytes(content))
    if as_json:
        print_result(_applied_json(applied), found, language)
    else:
        print_problems(found, language)
        if applied is not None and not found.errors:
            _print_applied(applied, accept, dry_run, language)
    sys.exit(2 if applied is None or found.errors else 1 if applied.moved and not accept else 0)


def _applied_json(applied: "Applied | None") -> dict[str, object]:
    if applied is None:
        return {"changes": [], "moved": []}
    changes = [
        {"sheet": one.sheet, "item": one.item, "column": one.heading.en, "old": plain(one.old), "new": plain(one.new)}
        for one in applied.repriced
    ]
    moved = [{"case": m.case, "expected": plain(m.expected), "total": plain(m.total)} for m in applied.moved]
    return {"changes": changes, "moved": moved}


def _count(applied: "Applied", accept: bool, dry_run: bool) -> Label:
    """How many prices change; where none was to, how many totals were accepted."""
    count, totals = len(applied.repriced), len(applied.moved)
    prices = counted(count, "price|prices")
    if accept and not count:
        said = Label(f"{totals} 个预期值", counted(totals, "expected figure|expected figures"))
        done = Label("将改为算得的结果（未写入）", "would be set to what comes out (nothing written)")
        done = done if dry_run else Label("已改为算得的结果", "set to what comes out")
        return Label(f"{said.zh}{done.zh}", f"{said.en} {done.en}")
    if dry_run:
        return Label(f"{count} 个价格将修改（未写入）", f"{prices} would change (nothing written)")
    return Label(f"{count} 个价格已修改", f"{prices} changed")


def _print_applied(applied: "Applied", accept: bool, dry_run: bool, language: Language) -> None:
    from xlbill.foresight.diff import risen, shown, signed

    zh = language == "zh"
    headings = ("项目", "列", "原价", "新价", "变化") if zh else ("item", "column", "old", "new", "change")
    rows = []
    for one in applied.repriced:
        rise = signed(risen(one.old, one.new))
        rows.append((one.item, one.heading.text(language), shown(one.old), shown(one.new), rise))
    if rows:
        print_table(TextTable(headings, rows, left=(0, 1)))
    say(_count(applied, accept, dry_run).text(language))
    for moved in applied.moved:
        line = f"{moved.case}{colon(language)}{shown(moved.expected)} → {shown(moved.total)}"
        say(f"  {'示例账单' if zh else 'worked bill'} {line}")
    if applied.moved and not accept and not dry_run:
        say(f"  {_THEN.text(language)}")
