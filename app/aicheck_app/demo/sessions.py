"""Write the demo's sessions in Claude Code's transcript format: three weeks, two client versions.

Everything is made up and drawn from a fixed seed. From the third week on, the
newer version spoils far more outputs, as a faulty release would.
"""

from __future__ import annotations

import json
import os
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aicheck_app.demo.samples import DAMAGES, FILES, NOUNS, good

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 7
DAYS = 21
FAULTY_FROM = 14
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
VERSIONS = ("9.4.0", "9.4.1")
MODELS = ("example-large-1", "example-small-1")
USUAL, FAULTY = 0.015, 0.22
"""Share of outputs spoilt before and after the faulty release."""


def write(folder: str) -> int:
    """Write all sessions below a folder; their number."""
    rng = random.Random(SEED)
    project = os.path.join(folder, "-home-dev-shop")
    os.makedirs(project, exist_ok=True)
    count = 0
    for day in range(DAYS):
        for number in range(rng.randrange(3, 6)):
            session = f"demo-{day:02d}-{number}"
            with open(os.path.join(project, f"{session}.jsonl"), "w", encoding="utf-8") as file:
                file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in _session(session, day, rng))
            count += 1
    return count


def _session(session: str, day: int, rng: random.Random) -> Iterator[dict[str, Any]]:
    faulty = day >= FAULTY_FROM
    time = START + timedelta(days=day, minutes=rng.randrange(400))
    common = {
        "sessionId": session, "version": VERSIONS[faulty], "cwd": "/home/dev/shop", "gitBranch": "main",
        "isSidechain": False,
    }  # fmt: skip
    model = rng.choice(MODELS)
    yield {
        "type": "user",
        "uuid": f"{session}-u",
        **common,
        "timestamp": _iso(time),
        "message": {"role": "user", "content": "Write the next module."},
    }
    for turn in range(rng.randrange(4, 9)):
        path, text = good(rng.choice(list(FILES)), rng.choice(NOUNS))
        if rng.random() < (FAULTY if faulty else USUAL):
            text = rng.choice(DAMAGES)(text)
        time += timedelta(seconds=rng.randrange(20, 300))
        yield from _write(
            session, turn, f"/home/dev/shop/{path}", text, model, {**common, "timestamp": _iso(time)}, rng
        )


def _write(
    session: str, turn: int, path: str, text: str, model: str, common: dict[str, Any], rng: random.Random
) -> Iterator[dict[str, Any]]:
    """A Write call and its result; now and then the user rejects it."""
    use = f"toolu_{session}_{turn}"
    call = {"type": "tool_use", "id": use, "name": "Write", "input": {"file_path": path, "content": text}}
    usage = {"input_tokens": 900, "output_tokens": len(text) // 4}
    message = {
        "id": f"msg_{session}_{turn}", "role": "assistant", "model": model, "content": [call],
        "stop_reason": "tool_use", "usage": usage,
    }  # fmt: skip
    yield {"type": "assistant", "uuid": f"{use}-a", "requestId": f"req_{session}_{turn}", **common, "message": message}
    rejected = rng.random() < 0.04
    said = "The user doesn't want to proceed with this tool use." if rejected else "File created successfully"
    block = {"type": "tool_result", "tool_use_id": use, "content": said, **({"is_error": True} if rejected else {})}
    result: Any = f"Error: {said}" if rejected else {
        "type": "create", "filePath": path, "content": text, "structuredPatch": [], "originalFile": None,
    }  # fmt: skip
    yield {
        "type": "user",
        "uuid": f"{use}-r",
        **common,
        "message": {"role": "user", "content": [block]},
        "toolUseResult": result,
    }


def _iso(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z")
