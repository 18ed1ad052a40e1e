"""The report's charts as inline SVG: numbers alone, no text of anybody's. Pure.

Colours are the style sheet's, by class, so that they follow the reader's light or dark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.evaluation.curves import Bin, Point

# Of the square that is drawn in, and the margins left of it and below it, for the axes.
_SIDE, _LEFT, _BELOW, _EDGE = 260.0, 46.0, 40.0, 14.0

# Of the bars that say how many questions there are.
_BARS = 44.0


def reliability_chart(bins: Sequence[Bin]) -> str:
    """Draw the share that is answerable against confidence; the diagonal is what it should be."""
    most = max((one.questions for one in bins), default=0) or 1
    parts = [_line(0, 0, 1, 1, "ideal")]
    for one in bins:
        height = one.questions / most * _BARS
        width = (one.high - one.low) * _SIDE - 2
        parts.append(
            f'<rect class="bar" x="{_x(one.low) + 1:.1f}" y="{_y(0) - height:.1f}" width="{width:.1f}" '
            f'height="{height:.1f}"><title>{one.low:.1f} to {one.high:.1f}: {one.questions} questions</title></rect>'
        )
    known = [one for one in bins if one.confidence is not None and one.answerable is not None]
    for one in known:
        if one.interval and one.confidence is not None:
            parts.append(_line(one.confidence, one.interval[0], one.confidence, one.interval[1], "whisker"))
    parts.append(_path(((one.confidence or 0.0, one.answerable or 0.0) for one in known), "curve"))
    parts += [
        f'<circle class="dot" cx="{_x(one.confidence or 0.0):.1f}" cy="{_y(one.answerable or 0.0):.1f}" r="4">'
        f"<title>confidence {one.confidence:.2f}, answerable {one.answerable:.2f}, {one.questions} questions</title>"
        "</circle>"
        for one in known
    ]
    return _chart(parts, "confidence", "share that is answerable", "Reliability: confidence against what was the case")


def risk_chart(points: Sequence[Point], answered: float, wrong: float | None) -> str:
    """Draw the share of answers that are wrong against the share of questions answered.

    Args:
        points: From the strictest threshold on.
        answered: The share of questions that was answered.
        wrong: The share of those that was wrong; None if none was answered.
    """
    parts = [_path(((point.coverage, point.risk) for point in points), "curve")]
    if wrong is not None:
        parts.append(
            f'<circle class="now" cx="{_x(answered):.1f}" cy="{_y(wrong):.1f}" r="6">'
            f"<title>as configured: {answered:.0%} answered, {wrong:.0%} of them wrongly</title></circle>"
        )
    return _chart(
        parts, "share of questions answered", "share of those that is wrong", "Risk against coverage, by threshold"
    )


def interval_bar(value: float, interval: tuple[float, float] | None) -> str:
    """Draw a share on a line from 0 to 1 with its interval."""
    low, high = interval or (value, value)
    return (
        '<svg class="span" viewBox="0 0 120 12" width="120" height="12" aria-hidden="true">'
        '<line class="track" x1="2" y1="6" x2="118" y2="6"/>'
        f'<line class="range" x1="{2 + 116 * low:.1f}" y1="6" x2="{2 + 116 * high:.1f}" y2="6"/>'
        f'<circle class="dot" cx="{2 + 116 * value:.1f}" cy="6" r="3.5"/></svg>'
    )


def latency_chart(milliseconds: Sequence[float]) -> str:
    """Draw how many answers took how long, in bars of equal width up to the slowest."""
    count, width, height = 40, 320.0, 90.0
    slowest = max(milliseconds, default=0.0) or 1.0
    bars = [0] * count
    for one in milliseconds:
        bars[min(count - 1, int(one / slowest * count))] += 1
    most = max(bars) or 1
    step = width / count
    drawn = "".join(
        f'<rect class="bar strong" x="{i * step:.1f}" y="{height - tall / most * height:.1f}" width="{step - 1:.1f}" '
        f'height="{tall / most * height:.1f}"><title>{i * slowest / count:.0f} to {(i + 1) * slowest / count:.0f} ms: '
        f"{tall}</title></rect>"
        for i, tall in enumerate(bars)
        if tall
    )
    return (
        f'<svg viewBox="-4 -4 {width + 8:.0f} {height + 28:.0f}" role="img" aria-label="Time to an answer">{drawn}'
        f'<line class="axis" x1="0" y1="{height:.0f}" x2="{width:.0f}" y2="{height:.0f}"/>'
        f'<text x="0" y="{height + 18:.0f}">0</text>'
        f'<text x="{width:.0f}" y="{height + 18:.0f}" text-anchor="end">{slowest:,.0f} ms</text></svg>'
    )


def _x(share: float) -> float:
    return _LEFT + share * _SIDE


def _y(share: float) -> float:
    return _EDGE + (1 - share) * _SIDE


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{_x(x1):.1f}" y1="{_y(y1):.1f}" x2="{_x(x2):.1f}" y2="{_y(y2):.1f}"/>'


def _path(points: Iterable[tuple[float, float]], kind: str) -> str:
    places = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)
    return f'<polyline class="{kind}" points="{places}"/>' if places else ""


def _chart(parts: Iterable[str], below: str, beside: str, title: str) -> str:
    ticks = "".join(
        _line(at, 0, at, 1, "grid")
        + _line(0, at, 1, at, "grid")
        + f'<text x="{_x(at):.1f}" y="{_y(0) + 16:.1f}" text-anchor="middle">{at:g}</text>'
        + f'<text x="{_LEFT - 6:.1f}" y="{_y(at) + 4:.1f}" text-anchor="end">{at:g}</text>'
        for at in (0, 0.25, 0.5, 0.75, 1)
    )
    width, height = _LEFT + _SIDE + _EDGE, _EDGE + _SIDE + _BELOW
    middle = _EDGE + _SIDE / 2
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{title}">{ticks}{"".join(parts)}'
        f'<text class="label" x="{_LEFT + _SIDE / 2:.0f}" y="{height - 6:.0f}" text-anchor="middle">{below}</text>'
        f'<text class="label" transform="translate(12 {middle:.0f}) rotate(-90)" text-anchor="middle">{beside}</text>'
        "</svg>"
    )
