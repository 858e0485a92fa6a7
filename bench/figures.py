"""What a row of the bench gives: a figure, what it is held against, and whether that is enough."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is measured."""

    quick: bool

    @property
    def rounds(self) -> int:
        return 1 if self.quick else 3

    @property
    def many(self) -> int:
        """For what is held against something that varies as much from run to run."""
        return 1 if self.quick else 5


@dataclass(frozen=True, kw_only=True)
class Figure:
    row: str
    measure: str
    ours: float
    unit: str
    against: str = ""  #: what the reference is
    reference: float | None = None
    target: str = ""  #: `≥ 0.8` of the ratio to the reference, or of our own figure without one
    others: dict[str, float] = field(default_factory=dict)  #: peers in the same run
    series: dict[str, list[float]] = field(default_factory=dict)  #: what plots are made of

    @property
    def ratio(self) -> float | None:
        return self.ours / self.reference if self.reference else None

    @property
    def reached(self) -> bool | None:
        """Whether it is as it must be; None where nothing is asked."""
        if not self.target:
            return None
        sign, bound = self.target.split()
        value = self.ratio if self.reference else self.ours
        assert value is not None
        return value >= float(bound) if sign == "≥" else value <= float(bound)


def alternating(rounds: int, *runs: Callable[[], float]) -> list[float]:
    """The median of several runs of each, taken in turns: what else the machine does, hits all."""
    found: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for run, into in zip(runs, found, strict=True):
            into.append(run())
    return [median(one) for one in found]


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]
