"""Formats whose files hold more than the model's own work: what counts of them, under which file and with which end."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from aicheck_app.capture import aider, gemini, specstory, vscode_chat
from aicheck_app.capture.specstory_tools import apart

if TYPE_CHECKING:
    from aicheck_app.capture.session import Session
    from aicheck_app.origin import Output

GOOD = "import os\n\n\ndef f():\n    return os.sep\n"


def read(session: Session, text: str) -> list[Output]:
    session.read(text.encode())
    session.end_turn()
    return session.finish()


def events(session: Session) -> list[tuple[str, str, str]]:
    return [(one.event, one.category, one.reason) for one in session.facts() if type(one).__name__ == "Event"]  # type: ignore[attr-defined]


def chat(calls: list[tuple[str, str, dict[str, Any]]], results: dict[str, str] | None, **more: Any) -> str:
    rounds = [
        {"response": "", "toolCalls": [{"id": key, "name": name, "arguments": json.dumps(given)}]}
        for key, name, given in calls
    ]
    streamed = {
        "kind": "textEditGroup", "uri": {"path": "/w/a.py"},
        "edits": [[{"text": "import os"}], [{"text": "\n\n"}], [{"text": "\ndef f():\n"}], [{"text": "    return os.sep\n"}]],
    }  # fmt: skip
    told = {key: {"content": [{"value": said}]} for key, said in (results or {}).items()}
    metadata = {"toolCallRounds": rounds, "toolCallResults": told, "resolvedModel": "gpt-served"}
    request = {"requestId": "r1", "modelId": "copilot/auto", "timestamp": 1_790_000_000_000, "response": [streamed]}
    return json.dumps(
        {"responderUsername": "x", "requests": [{**request, "result": {"metadata": metadata, **more.pop("result", {})}, **more}]}
    )  # fmt: skip


def test_the_texts_given_to_tools_count_and_not_their_stream() -> None:
    session = vscode_chat.Session()
    calls = [("c1", "create_file", {"filePath": "/w/a.py", "content": GOOD})]
    found = read(session, chat(calls, {"c1": "The file was created."}))
    assert [(one.tool, one.kind, one.path, one.text) for one in found] == [("create_file", "file", "/w/a.py", GOOD)]
    assert (found[0].origin.model, found[0].origin.asked) == ("gpt-served", "copilot/auto")


def test_a_sketch_is_not_the_file_and_its_stream_is_not_doubled() -> None:
    session = vscode_chat.Session()
    sketch = {"filePath": "/w/a.py", "code": "// ...existing code...\nx"}
    found = read(session, chat([("c1", "insert_edit_into_file", sketch)], {"c1": "done"}))
    assert [(one.tool, one.path, one.text) for one in found] == [("textEditGroup", "/w/a.py", GOOD)]


def test_replacements_in_several_files_are_edits_of_each() -> None:
    pieces = [
        {"filePath": f"/w/{name}.py", "oldString": old, "newString": new}
        for name, old, new in (("b", "x", "y"), ("c", "1", "2"), ("b", "p", "q"))
    ]
    session = vscode_chat.Session()
    found = read(session, chat([("c1", "multi_replace_string_in_file", {"replacements": pieces})], {"c1": "ok"}))
    assert [(one.path, one.pieces or (one.text,)) for one in found[:2]] == [
        ("/w/b.py", ("y", "q")),
        ("/w/c.py", ("2",)),
    ]


@pytest.mark.parametrize(
    ("results", "counted"), [({"c1": "ERROR: your input was invalid"}, "failed"), ({"other": "x"}, "rejected")]
)
def test_calls_that_failed_or_never_ran_are_no_outputs(results: dict[str, str], counted: str) -> None:
    session = vscode_chat.Session()
    found = read(session, chat([("c1", "create_file", {"filePath": "/w/z.py", "content": GOOD})], results))
    assert [one.path for one in found] == ["/w/a.py"]
    assert dict(getattr(session, counted)) == {"create_file": 1}


def test_a_filtered_answer_is_a_refusal_and_another_error_is_none() -> None:
    for error, expected in (
        ({"message": "filtered", "responseIsFiltered": True}, ("refusal", "content_filter", "filtered")),
        ({"message": "later", "code": "rateLimited"}, ("api error", "", "rateLimited")),
    ):
        session = vscode_chat.Session()
        read(session, chat([], None, result={"errorDetails": error}))
        assert events(session) == [expected]


AIDER = """
# aider chat started at 2026-05-01 10:00:00

> Aider v0.86.0  
> Main model: gemini-x with diff-fenced edit format  

#### change both  
#### of them  

Sure.

```python
a.py
<<<<<<< SEARCH
x = 1
=======
x = 2
>>>>>>> REPLACE
```

#### a heading of the model's own

```
sub/b.py
<<<<<<< SEARCH
=======
y = 1
>>>>>>> REPLACE
<<<<<<< SEARCH
p
=======
q
>>>>>>> REPLACE
```

> Tokens: 1.2k sent, 300 received.  
> c.py  
> Applied edit to a.py  
> Applied edit to sub/b.py  

#### more  

```python
z = [
    1,

> Model gemini-x has hit a token limit!  
> Token counts below are approximate.  
> Input tokens: ~900 of 1,000,000  
> Output tokens: ~8,000 of 8,000 -- possibly exceeded output limit!  
> Total tokens: ~8,900 of 1,000,000  

#### again  

c.py
```python
z = [1]
```

> Tokens: 1k sent, 30 received.  
> Applied edit to c.py  
"""  # noqa: W291 - as aider writes it


def test_the_file_s_name_may_stand_inside_the_fence_and_an_open_fence_ends_with_its_answer() -> None:
    session = aider.Session()
    found = read(session, AIDER)
    assert [(one.tool, one.path, one.written, one.origin.stop_reason) for one in found] == [
        ("edit", "a.py", "x = 2\n", ""),
        ("edit", "sub/b.py", "y = 1\nq\n", ""),
        ("reply", "", "z = [\n    1,\n\n", "max_tokens"),
        ("edit", "c.py", "z = [1]\n", ""),
    ]
    assert (session.context.counts["prompts"], dict(session.skipped)) == (3, {})
    assert events(session) == [("token limit", "", "max_tokens")]
    assert len(re.findall(r"^> Applied edit to ", AIDER, re.MULTILINE)) == session.applied["edit"]


def test_without_the_blanks_at_the_ends_of_lines_it_is_the_same() -> None:
    session = aider.Session()
    stripped = re.sub(r"[ \t]+$", "", AIDER.replace("#### a heading of the model's own\n", ""), flags=re.MULTILINE)
    assert [one.written for one in read(session, stripped)] == [one.written for one in read(aider.Session(), AIDER)]


def test_an_answer_sent_back_counts_only_once_it_was_applied() -> None:
    block = "a.py\n```\n<<<<<<< SEARCH\nx = 1\n=======\n{}\n>>>>>>> REPLACE\n```\n"
    said = f"\n# aider chat started at 2026-05-01 10:00:00\n\n#### go  \n\n{block.format('x = (')}\n> Tokens: 1k sent, 9 received.  \n"
    said += f"> The LLM did not conform to the edit format.  \n\n{block.format('x = 3')}\n> Tokens: 1k sent, 9 received.  \n> Applied edit to a.py  \n"
    found = read(aider.Session(), said)
    assert [(one.tool, one.written) for one in found if one.tool == "edit"] == [("edit", "x = 3\n")]


SPECSTORY = """<!-- Generated by SpecStory, Markdown v2.1.0 -->

# 2026-05-01 10:00:00Z

_**User (2026-05-01 10:00:00Z)**_

```python
mine = 1
```

---

_**Agent (claude-x 2026-05-01 10:01:00Z)**_

<think><details><summary>Thought Process</summary>
```python
thought = 1
```
</details></think>

Here:

```python
said = 1
```

_**Agent (claude-x 2026-05-01 10:01:05Z)**_

<tool-use data-tool-type="write" data-tool-name="Write"><details>
<summary>Tool use: **Write**</summary>

````md
# Plan

```python
x = 1
```
</details></tool-use>
````

```text
File created successfully at: /w/plan.md
```
</details></tool-use>

_**Agent (claude-x 2026-05-01 10:01:09Z)**_

<tool-use data-tool-type="read" data-tool-name="Read"><details>
<summary>Tool use: **Read**</summary>
 `./src/app.py`

```text
1\tx = 1
```
</details></tool-use>

_**Agent (claude-x 2026-05-01 10:01:10Z)**_

<tool-use data-tool-type="write" data-tool-name="Edit"><details>
<summary>Tool use: **Edit**</summary>

```text
The file /w/src/app.py has been updated successfully.
```
</details></tool-use>

_**Agent (gpt-x 2026-05-01 10:01:11Z)**_

<tool-use data-tool-type="write" data-tool-name="apply_patch"><details>
<summary>Tool use: **apply_patch**</summary>

**Add: `b.py`**

```diff
+y = 2
```

**Update: `c.py`**

```diff
@@
 k
-x = 1
+x = 2
```

```
Success
```
</details></tool-use>

_**Agent (model m-x, mode Agent)**_

<tool-use data-tool-type="write" data-tool-name="search_replace">

<details><summary>Tool use: **search_replace** • Edit file: /w/d.py</summary>

**Chunk 1**
Lines added: 1, lines removed: 1

```diff
@@ -1,2 +1,2 @@
  def f() -&gt; int:
-     return 1
+     return 2 &lt; 3
```

</details>
</tool-use>

<tool-use data-tool-type="write" data-tool-name="write">

<details><summary>Tool use: **write** • Edit file: /w/e.py</summary>

```diff
@@ -1,1 +1,1 @@
- 
+ z = 1
```

</details>
</tool-use>

<tool-use data-tool-type="write" data-tool-name="edit" data-edit-status="rejected">
<details>
<summary>Edit file: /w/f.py</summary>

```diff
-old
+new
```

Error: Tool execution aborted
</details>
</tool-use>
"""  # noqa: W291 - as SpecStory writes it


def test_only_what_the_model_wrote_counts_with_its_file() -> None:
    session = specstory.Session()
    found = read(session, SPECSTORY)
    assert [(one.tool, one.kind, one.path, one.written) for one in found] == [
        ("reply", "reply", "", "said = 1\n"),
        ("Write", "file", "/w/plan.md", "# Plan\n\n```python\nx = 1\n```\n</details></tool-use>"),
        ("apply_patch", "file", "b.py", "y = 2\n"),
        ("apply_patch", "fragment", "c.py", "x = 2\n"),
        ("search_replace", "fragment", "/w/d.py", "    return 2 < 3\n"),
        ("write", "file", "/w/e.py", "z = 1\n"),
    ]
    assert dict(session.skipped) == {"edit without a text that can be read": 1}
    assert dict(session.rejected) == {"edit": 1}
    assert [one.origin.model for one in found] == ["claude-x"] * 2 + ["gpt-x"] * 2 + ["m-x"] * 2


def test_of_an_older_history_only_words_count() -> None:
    history = "<!-- Generated by SpecStory -->\n\n# Do (2026-05-01 10:00:00)\n\n_**Assistant**_\n\n---\n\n### Rule: r\n\n```python\nrule = 1\n```\n"
    history += "\n---\n\nThis:\n\n```python\nown = 1\n```\n\n---\n\n```bash\nls\n```\n\n```\nout\n```\n\n---\n\n```diff\n- a\n+ b\n```\n\n---\n\nRead file: /w/a.py\n"
    session = specstory.Session()
    assert [one.written for one in read(session, history)] == ["own = 1\n"]
    assert dict(session.skipped) == {"edit without its file's name": 1}


def test_a_block_that_never_closes_costs_its_answer_only() -> None:
    prose, tools = apart('Say `<tool-use>`:\n```\n<tool-use data-tool-name="x">\n```\nbye')
    assert (tools, "bye" in prose) == ([], True)
    cut = SPECSTORY.replace(
        "</details></tool-use>\n\n_**Agent (claude-x 2026-05-01 10:01:10Z)**_",
        "\n_**Agent (claude-x 2026-05-01 10:01:10Z)**_",
    )
    assert [one.path for one in read(specstory.Session(), cut)] == [
        one.path for one in read(specstory.Session(), SPECSTORY)
    ]


def test_what_the_client_says_of_itself_and_why_an_answer_ended() -> None:
    def message(identifier: str, kind: str, content: str, **more: Any) -> dict[str, Any]:
        return {"id": identifier, "type": kind, "content": content, "timestamp": "2026-05-01T10:00:00Z", **more}

    block = "```py\nx = 1\n```"
    messages = [
        message("u", "user", "go"),
        message("i", "info", "│ About Gemini CLI\n│ CLI Version    0.61.0 │\n│ Model  gemini-x"),
        message("e", "error", "Response stopped due to PROHIBITED_CONTENT."),
        message("e2", "error", "429 too many requests"),
        message("m1", "gemini", block, model="gemini-x", finishReason="SPII"),
        message("m2", "gemini", f"{block}\n{block.replace('1', '2')}", model="gemini-x", finishReason="MAX_TOKENS"),
    ]
    session = gemini.Session()
    found = read(
        session, json.dumps({"sessionId": "s", "projectHash": "p", "directories": ["/w"], "messages": messages})
    )
    assert {(one.origin.agent_version, one.origin.cwd) for one in found} == {("0.61.0", "/w")}
    assert [one.origin.stop_reason for one in found] == ["refusal", "max_tokens", "max_tokens"]
    assert [one[:2] for one in events(session)] == [
        ("refusal", "PROHIBITED_CONTENT"),
        ("api error", ""),
        ("refusal", "SPII"),
    ]
