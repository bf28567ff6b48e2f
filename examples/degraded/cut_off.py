"""Totals of the orders in a file."""

import csv
import json
from collections import defaultdict
from pathlib import Path


def load(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def totals_by_customer(path: Path) -> dict[str, float]:
    """The sum of each customer's orders.

    Returns a mapping from customer to amount.
    """
    rows = load(path)
    totals = defaultdict(float)
