"""Conditional formats in XlsxWriter's terms."""

from collections.abc import Callable
from typing import Any

from xlsxwriter.format import Format

from xlbill.workbook.layout import ConditionalFormat, Highlight, Icons, Ranked
from xlbill.workbook.style import CellStyle

ICONS = {
    "3Arrows": "3_arrows",
    "3Flags": "3_flags",
    "3TrafficLights1": "3_traffic_lights",
    "3TrafficLights2": "3_traffic_lights_rimmed",
    "3Signs": "3_signs",
    "3Symbols": "3_symbols_circled",
    "3Symbols2": "3_symbols",
    "3ArrowsGray": "3_arrows_gray",
    "4Arrows": "4_arrows",
    "4ArrowsGray": "4_arrows_gray",
    "4RedToBlack": "4_red_to_black",
    "4TrafficLights": "4_traffic_lights",
    "4Rating": "4_ratings",
    "5Arrows": "5_arrows",
    "5ArrowsGray": "5_arrows_gray",
    "5Quarters": "5_quarters",
    "5Rating": "5_ratings",
}
"""XlsxWriter's names of Excel's sets of icons."""


def rule_of(light: ConditionalFormat, change: Callable[[CellStyle], Format]) -> dict[str, Any]:
    """A conditional format in XlsxWriter's terms."""
    if isinstance(light, Highlight):
        return {"type": "formula", "criteria": f"={light.formula}", "format": change(light.style)}
    if isinstance(light, Ranked):
        return {**_ranked(light), "format": change(light.style)}
    if isinstance(light, Icons):
        icons = [
            {"criteria": ">=" if included else ">", "type": "number" if kind == "num" else kind, "value": value}
            for kind, value, included in reversed(light.limits)
        ]
        turned, alone = light.turned, light.alone
        return {
            "type": "icon_set",
            "icon_style": ICONS[light.name],
            "icons": icons,
            "reverse_icons": turned,
            "icons_only": alone,
        }
    colours = [f"#{colour}" for colour in light.colours]
    if light.kind == "bar":
        bar: dict[str, Any] = {"type": "data_bar", "bar_color": colours[0], "bar_solid": True}
        if light.limits is not None:
            bar |= {"min_type": "num", "max_type": "num", "min_value": light.limits[0], "max_value": light.limits[1]}
        return bar
    names = ("min_color", "max_color") if len(colours) == 2 else ("min_color", "mid_color", "max_color")
    return {"type": f"{len(colours)}_color_scale", **dict(zip(names, colours, strict=True))}


def _ranked(light: Ranked) -> dict[str, Any]:
    """A conditional format by rank in XlsxWriter's terms."""
    if light.kind == "top10":
        return {
            "type": "bottom" if light.lower else "top",
            "value": light.rank,
            "criteria": "%" if light.percent else None,
        }
    if light.kind == "aboveAverage":
        side = "below" if light.lower else "above"
        how = f"{light.deviations} std dev {side}" if light.deviations else f"equal or {side}" if light.equal else side
        return {"type": "average", "criteria": how}
    return {"type": "duplicate" if light.kind == "duplicateValues" else "unique"}
