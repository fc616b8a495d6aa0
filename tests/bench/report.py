"""The results of a benchmark run as text: tables with ratios and targets, met or not met."""

from __future__ import annotations

import dataclasses
import datetime
import os
import pathlib
import platform
import subprocess


def number(value: float) -> str:
    """Three significant figures, with k and M."""
    for limit, divisor, suffix in ((1e6, 1e6, " M"), (1e4, 1e3, " k")):
        if value >= limit:
            return f"{value / divisor:.3g}{suffix}"
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


@dataclasses.dataclass
class Target:
    """One figure against its target: at least it, or at most it."""

    what: str
    value: float
    wanted: float
    at_least: bool = True

    @property
    def met(self) -> bool:
        return self.value >= self.wanted if self.at_least else self.value <= self.wanted

    def row(self) -> list[str]:
        sign = "≥" if self.at_least else "≤"
        return [
            self.what,
            number(self.value),
            f"{sign} {number(self.wanted)}",
            "met" if self.met else "**not met**",
        ]


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join("---" for _ in head) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def machine() -> str:
    """Processor, cores, memory, and how busy the machine was."""
    model = "unknown processor"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} "
        f"{platform.release().split('-')[0]}"
    )


def versions(shell: pathlib.Path, python: pathlib.Path) -> str:
    ours = subprocess.run([str(shell), "--version"], capture_output=True, text=True, check=False)
    code = (
        "import importlib.metadata as m, platform\n"
        "def v(n):\n"
        "    try: return n + ' ' + m.version(n)\n"
        "    except m.PackageNotFoundError: return 'no ' + n\n"
        "print(', '.join(map(v, ('apache-flink', 'bytewax', 'jep'))) + ', Python '"
        " + platform.python_version())"
    )
    peer = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=False)
    return f"{ours.stdout.strip()}; peers: {peer.stdout.strip()}"


@dataclasses.dataclass
class Report:
    """What a run found, section by section."""

    title: str
    setting: str
    load: tuple[float, float] = (0.0, 0.0)
    sections: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    targets: list[Target] = dataclasses.field(default_factory=list)
    failures: list[str] = dataclasses.field(default_factory=list)

    def add(self, title: str, text: str) -> None:
        self.sections.append((title, text))
        print(f"\n{title}\n{text}", flush=True)

    def aim(self, *args: object, **kwargs: object) -> None:
        target = Target(*args, **kwargs)  # type: ignore[arg-type]
        self.targets.append(target)
        print(
            "  " + ": ".join(target.row()[:2]) + " (" + ", ".join(target.row()[2:]) + ")",
            flush=True,
        )

    def markdown(self) -> str:
        date = datetime.date.today().isoformat()
        parts = [
            f"# {self.title}\n",
            f"{date}. {self.setting}. Load average at the start "
            f"{self.load[0]:.1f}, at the end {self.load[1]:.1f}.\n",
            "## Targets\n",
            table(
                ["figure", "reached", "target", ""],
                [target.row() for target in self.targets],
            ),
        ]
        for title, text in self.sections:
            parts += [f"## {title}\n", text]
        if self.failures:
            parts += [
                "## Not measured\n",
                "".join(f"- {text}\n" for text in self.failures),
            ]
        return "\n".join(parts)
