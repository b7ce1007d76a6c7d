"""Random pages: facts that are known, printed in markup that is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from random import Random

KNOWN = (
    "Category", "Industry", "Status", "Date Occurred", "Date Reported", "Jurisdiction", "AI Provider", "Model",
    "Application Type", "Harm Type", "Human Review in Place", "Litigation Filed",
)  # fmt: skip
SECTIONS = ("Full Description", "Root Cause", "Mitigation Analysis", "Lessons Learned")
UNKNOWN = ("Estimated Cost", "Affected Users", "Severity Score", "Near Miss", "Last Updated")
VALUES = (
    "research_finding", "Privacy Leak", "Technology", "Health Care", "Reported", "Resolved", "Dec 1, 2024", "2024-05",
    "US", "International", "Acme Labs", "Anthropic & Co", "Claude 3.5 (beta)", "chatbot", "safety: operational", "Yes",
    "No", "Unknown", "12", "€ 1,200", "Über GmbH", "a < b", "Q&A tool", "n/a", "—",
)  # fmt: skip
SENTENCES = (
    "The assistant sent a customer's file to another customer.",
    "Nobody looked at the Status of the request before it went out.",
    "A reviewer found the fault two days later.",
    "The Model had learned to please its testers, and its makers did not see it.",
    "Category and Industry were set by hand.",
    "Logs of the week before were gone.",
    "Customers were told on the phone, one by one.",
    "No one had asked what it would do with an empty file.",
    "A second model graded the first, and both were wrong.",
    "The patch came late and helped.",
    "Tests with real names would have shown it.",
    "It was switched off for a month; sales did not suffer.",
)
ICONS = ("", "", "<svg><path d='M0'/></svg>", '<i aria-hidden="true">event</i>', '<img src="x.png" alt="">', "<i></i>")

Items = tuple[str, ...]
Facts = Sequence[tuple[str, Items]]


@dataclass(frozen=True)
class Sample:
    """A page, and the facts that it prints: label -> items, or blocks of a section."""

    html: str
    facts: dict[str, Items]


class Maker:
    """One random make of pages: every choice comes from the given source of chance."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.colon = self.chance(0.4)
        self.upper = self.chance(0.15)
        self.icon = random.choice(ICONS)
        self.wrappers = random.choice([0.0, 0.0, 0.2, 0.5])
        self.comments = self.chance(0.3)
        self.values = VALUES if self.chance(0.6) else (*random.sample(VALUES[:-3], random.randint(3, 8)), *VALUES[-3:])
        self.empty = random.choice([0.1, 0.1, 0.3, 0.5])

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def element(self, tag: str, inner: str) -> str:
        classes = self.random.choice(["", "", "", ' class="a"', ' class="status" id="s1"', ' class="model value"'])
        return f"<{tag}{classes}>{inner}</{tag}>"

    def wrapped(self, inner: str, tag: str = "div") -> str:
        for _ in range(6):
            if not self.chance(self.wrappers):
                break
            inner = self.element(tag, inner)
        return inner

    def label(self, text: str, colon: bool) -> str:
        printed = escape(text.upper() if self.upper else text)
        if self.comments:
            break_ = self.random.choice([" ", "<!-- --> ", "&nbsp;", " <!-- x -->", "\n  "])
            printed = printed.replace(" ", break_, 1)
        return printed + ":" * colon

    def lead(self, text: str, tag: str = "span") -> str:
        """A label with its icon, wrapped."""
        return self.wrapped(self.icon + self.wrapped(self.label(text, self.colon), "span"), tag)

    def value(self, items: Items, tag: str = "span") -> str:
        if len(items) == 1:
            return self.wrapped(escape(items[0]), tag)
        if tag == "div" and self.chance(0.5):
            return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"
        return self.wrapped(", ".join(f'<a href="/t">{escape(item)}</a>' for item in items), tag)

    def items(self, least: int) -> Items:
        if not least and self.chance(self.empty):
            return ()
        count = self.random.choice([*[1] * 8, 2, 3])
        if count == 1:
            return (self.random.choice(self.values),)
        return tuple(self.random.sample(self.values[:-3], count))

    def facts(self) -> Facts:
        labels = self.random.sample(KNOWN, self.random.randint(4, len(KNOWN)))
        filled = self.random.choice([2, 3, 4])
        facts = [(label, self.items(least=int(number < filled))) for number, label in enumerate(labels)]
        self.random.shuffle(facts)
        for label in self.random.sample(UNKNOWN, self.random.choice([0, 0, 1, 2])):
            facts.insert(self.random.randint(0, len(facts)), (label, self.items(least=0)))
        return facts

    # Families of markup for short labels.

    def definitions(self, facts: Facts) -> str:
        def dds(items: Items) -> str:
            if len(items) > 1 and self.chance(0.5):
                return "".join(self.element("dd", escape(item)) for item in items)
            return self.element("dd", self.value(items, "div") if items else "")

        rows = [self.element("dt", self.lead(label)) + dds(items) for label, items in facts]
        if self.chance(0.4):
            rows = [self.element("div", row) for row in rows]
        return self.element("dl", "".join(rows))

    def table(self, facts: Facts) -> str:
        head = self.random.choice(["th", "td"])
        cells = [
            self.element(head, self.lead(label)) + self.element("td", self.value(items, "div"))
            for label, items in facts
        ]
        per_row = self.random.choice([1, 1, 2])
        rows = ["".join(cells[start : start + per_row]) for start in range(0, len(cells), per_row)]
        return self.element("table", "".join(f"<tr>{row}</tr>" for row in rows))

    def columns(self, facts: Facts) -> str:
        heads = "".join(self.element("th", self.lead(label)) for label, _ in facts)
        cells = "".join(self.element("td", self.value(items)) for _, items in facts)
        if self.chance(0.5):
            return f"<table><thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr></tbody></table>"
        return f"<table><tr>{heads}</tr><tr>{cells}</tr></table>"

    def rows(self, facts: Facts) -> str:
        makes = (
            "div div div", "div span span", "li span span", "li b span", "div h4 p", "div label output",
            "x-row x-label x-value", "section h3 div",
        )  # fmt: skip
        outer, first, second = self.random.choice(makes).split()
        inside = "span" if second in ("span", "p") else "div"
        rows = [
            self.element(first, self.lead(label)) + self.element(second, self.value(items, inside))
            for label, items in facts
        ]
        inner = "".join(self.wrapped(self.element(outer, row)) for row in rows)
        return f"<ul>{inner}</ul>" if outer == "li" else self.element("div", inner)

    def grid(self, facts: Facts) -> str:
        first, second = self.random.choice(["div div", "span span", "h4 p", "li li", "strong span"]).split()
        cells = [
            self.element(first, self.label(label, self.colon)) + self.element(second, self.value(items, "span"))
            for label, items in facts
        ]
        return self.element("ul" if first == "li" else "div", "".join(cells))

    def lines(self, facts: Facts) -> str:
        tag = self.random.choice(["b", "strong", "span", ""])
        marked = (f"<{tag}>", f"</{tag}>") if tag else ("", "")
        lines = [f"{self.label(label, True).join(marked)} {', '.join(map(escape, items))}" for label, items in facts]
        shape = self.random.choice(["br", "p", "li"])
        if shape == "br":
            return self.element("p", "<br>".join(lines))
        return "".join(self.wrapped(self.element(shape, line)) for line in lines)

    def cards(self, facts: Facts) -> str:
        """The value over its label."""
        cells = [
            self.element("div", self.value(items)) + self.element("div", self.label(label, False))
            for label, items in facts
        ]
        return self.element("div", "".join(self.wrapped(self.element("div", cell)) for cell in cells))

    def groups(self, facts: Facts) -> str:
        """Rows in two columns of the page."""
        half = (len(facts) + 1) // 2
        parts = [part for part in (facts[:half], facts[half:]) if part]
        return "<table><tr>" + "".join(f"<td>{self.rows(part)}</td>" for part in parts) + "</tr></table>"

    FAMILIES: tuple[Callable[[Maker, Facts], str], ...] = (
        definitions, table, columns, rows, grid, lines, cards, groups,
    )  # fmt: skip

    # Long sections, and what else a page prints.

    def section(self, made: str, level: str, number: int, title: str, prose: str) -> str:
        head = f"<{level}>{title}</{level}>"
        return {
            "flat": f"{head}{prose}",
            "section": f"<section>{self.wrapped(head)}{self.wrapped(prose)}</section>",
            "anchored": f"<{level}>{title} <a href='#x'>#</a></{level}><div>{prose}</div>",
            "details": f"<details><summary>{title}<svg></svg></summary>{self.wrapped(prose)}</details>",
            "button": f"<div><{level}><button>{title}<span>+</span></button></{level}><div>{prose}</div></div>",
            "numbered": f"<div><div><span>0{number}</span>{head}</div><div>{prose}</div></div>",
            "bold": f"<div><strong>{title}</strong></div><div>{prose}</div>",
        }[made]

    def sections(self) -> tuple[str, dict[str, Items]]:
        made = self.random.choice(["flat", "section", "anchored", "details", "button", "numbered", "bold"])
        level = self.random.choice(["h2", "h3"])
        labels = self.random.sample(SECTIONS, self.random.randint(0, len(SECTIONS)))
        found = {label: tuple(self.random.sample(SENTENCES, self.random.randint(1, 3))) for label in labels}
        parts = [
            self.section(
                made, level, number, self.label(label, False),
                "".join(f"<p>{self.wrapped(escape(block), 'span')}</p>" for block in blocks),
            )
            for number, (label, blocks) in enumerate(found.items(), 1)
        ]  # fmt: skip
        return "".join(parts), found

    def filters(self) -> str:
        select = "<select><option>All</option><option>Status</option></select>"
        return (
            "<form>" + "".join(f"<label>{label}</label>{select}" for label in self.random.sample(KNOWN, 3)) + "</form>"
        )

    def related(self) -> str:
        labels = self.random.sample(KNOWN, 2)
        cards = ""
        for number in range(self.random.randint(2, 3)):
            rows = "".join(
                f"<div><span>{label}</span><span>{escape(self.random.choice(VALUES))}</span></div>" for label in labels
            )
            cards += f'<div><a href="/i{number}"><h3>Another incident {number}</h3></a>{rows}</div>'
        return f"<div><h2>Related incidents</h2>{cards}</div>"

    def page(self) -> Sample:
        facts = self.facts()
        grid = self.wrapped(self.random.choice(self.FAMILIES)(self, facts))
        sections, found = self.sections()
        contents = "".join(f'<li><a href="#{number}">{label}</a></li>' for number, label in enumerate(SECTIONS))
        chips = "<div><span>alignment_faking</span><span>deception</span></div>" if self.chance(0.5) else ""
        body = (
            "<nav><a href='/'>Home</a><a href='/incidents'>Incidents</a></nav>"
            f"{self.filters() if self.chance(0.3) else ''}"
            f"<main><h1>A title</h1><span>High</span><p>{SENTENCES[1]}</p>{grid}{chips}"
            f"{f'<ul>{contents}</ul>' if self.chance(0.3) else ''}{sections}</main>"
            f"{self.related() if self.chance(0.4) else ''}"
            "<footer><p>Status of this site: <a href='/s'>fine</a></p></footer>"
        )
        if self.chance(0.15):
            body = f"<div><div></div></div><div hidden id='S:0'>{body}</div><script>$RC('B:0','S:0')</script>"
        known = {label: items for label, items in facts if label in KNOWN}
        html = f"<!DOCTYPE html><html><head><title>A title</title></head><body>{body}</body></html>"
        return Sample(html, {**known, **found})
