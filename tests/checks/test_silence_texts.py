"""Good texts of the kinds that once were called suspect: notebooks, components, markers that are none, data that repeats."""

from __future__ import annotations

import json

import pytest

from aicheck_checks.engine import check
from aicheck_checks.languages.notebook import has_magic, python, without_outputs
from aicheck_checks.source import Source


def _notebook(*cells: str, outputs: object = ()) -> str:
    code = [{"cell_type": "code", "outputs": outputs, "source": cell.splitlines(keepends=True)} for cell in cells]
    return json.dumps({"cells": code, "metadata": {"kernelspec": {"language": "python"}}, "nbformat": 4}, indent=1)


def _suspects(text: str, path: str) -> list[str]:
    return [finding.code for finding in check(Source(text, path=path)).findings if finding.suspect]


CELLS = (
    'print(\n    "change %4.2f\\n"\n    % tuple(range(1))\n)',
    'print(1, "x = !ls")',
    'print("x = %0.2f" % 3)',
    "import math\n?math.sqrt\nmath.pi?\nmath.sqrt??",
    "??print",
    'path = "m"\n!show --dir "{path}" --tags serve \\\n      --signature default\nprint(path)',
    "%pip install \\\n  a \\\n  b",
    "    t = 1\n    print(t)",
    "from math import pi\n/print pi\n;print pi\n,print pi",
    "import asyncio\nawait asyncio.sleep(0)",
    "# why\n%%time\nx = 1\n",
    "%%time\nimport os\nprint(os.sep)",
    "%%capture kept\nprint(1)",
    "%%sql\nselect 'it",
    "files = !ls -la 'x\nprint(files)",
    "rows = {}\nrows['a'] = %sql select 1",
    "for n in range(3):\n    !echo it's {n}\n    %time n",
    ">>> x = 1\n>>> print(x)",
    "text = '''\n%d of\n!x\ny?\n''' % 3\nprint(text)",
)


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_is_read_as_ipython_reads_it(cell: str) -> None:
    assert _suspects(_notebook(cell), "a.ipynb") == []
    assert python(cell).count("\n") in (cell.count("\n"), cell.count("\n") + 1)


def test_names_that_a_magic_may_bring_are_not_missed() -> None:
    assert _suspects(_notebook("%run helpers.ipynb", "print(made_there)"), "a.ipynb") == []
    lost = Source(_notebook("%matplotlib inline", "print(made_nowhere)"), path="a.ipynb")
    assert [(f.code, f.confidence) for f in check(lost).findings] == [
        ("IMP002", "low")
    ]  # a cell that is gone may have made it
    assert _suspects(_notebook("%time made = int(1)", "print(made)"), "a.ipynb") == []
    assert _suspects(_notebook("%%time\nmade = 1", "print(made)"), "a.ipynb") == []


def test_names_that_a_module_computes_or_keeps_as_strings() -> None:
    made = "import ndiff\n\nfor x in dir(ndiff):\n    globals()[x] = getattr(ndiff, x)\n\nscan = Scan()\nScan.f(Host)\n"
    assert _suspects(made, "a.py") == []
    assert _suspects(made.replace("[x]", "['x']"), "a.py") == ["IMP002", "IMP002"]
    later = "from __future__  import annotations\n\n\ndef f(x: Mapped) -> int:\n    return len(x)\n"
    assert _suspects(later, "a.py") == []
    assert _suspects(later.partition("\n")[2], "a.py") == ["IMP002"]


def test_a_style_for_old_browsers() -> None:
    """The grammar refuses hacks, and may give up on a long line; what is cut off lacks brackets."""
    text = ".a{opacity:.7;filter:alpha(opacity = 70)}.b{width:100%;*width:95%}" * 30 + ".c{*zoom:1}\n"
    assert _suspects(text, "a.css") == []
    assert "TRU001" in _suspects(text[:-3], "a.css")


def test_a_lambda_of_python_2() -> None:
    result = check(Source("def f(w):\n    return max(w, key=lambda (c, e): c * e)\n", path="a.py"))
    assert result.unchecked == "written for Python 2, which no current parser takes"


def test_cells_for_a_database() -> None:
    """An editor for databases sends them there, whatever the notebook says of itself; a name alone in its line is Python."""
    for cell in ("select \n    a as b,\n    c\nfrom d", "SELECT * FROM a", "\nuse [a]\ngo", "exec f @a = 1"):
        assert _suspects(_notebook(cell, "a = 1\nprint(a)"), "a.ipynb") == []
    for cell in ("update\nprint(update)", "select * 2", "create = 1", "update (1)"):
        assert python(cell) == cell


def test_a_cell_kept_with_its_error_is_left_alone() -> None:
    failed = [{"output_type": "error", "ename": "SyntaxError", "evalue": "x", "traceback": []}]
    assert _suspects(_notebook("x = = 1", outputs=failed), "a.ipynb") == []
    assert _suspects(_notebook("x = = 1", "y = 2"), "a.ipynb") == ["SYN001"]


def test_only_where_a_statement_begins_is_a_command() -> None:
    assert all(map(has_magic, ("x = 1\n!ls", "a, b = %who", "x?")))
    assert not has_magic("x = (1\n    % 3)\ny = '''\n!ls\n'''\n")


def test_outputs_may_repeat_and_do_not_count_for_the_size() -> None:
    log = [{"name": "stdout", "text": ["state:\n", "running\n"] * 30}]
    text = _notebook("x = 1", outputs=log)
    assert _suspects(text, "a.ipynb") == []
    bare = without_outputs(text)
    assert "running" not in bare
    assert json.loads(bare)["cells"][0]["outputs"] == []
    assert bare.count("\n") == text.count("\n")


SVELTE = """\
<script lang="ts" generics="TRow extends object, const TKey">
\timport { rows } from "./rows.js";
\tlet { first, key }: { first: TRow; key: TKey } = rows(line);
</script>

{#snippet line(n)}
\t<b>{n}</b>
{/snippet}

<p>{first}{key}{@render line(1)}</p>
"""


def test_names_of_a_components_markup_are_known_in_its_script() -> None:
    assert _suspects(SVELTE, "a.svelte") == []
    assert _suspects(SVELTE.replace("{#snippet line", "{#snippet other"), "a.svelte") == ["IMP002"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.vue", "<template>\n  <slot name='a' />\n  <template #b />\n</template>\n\n<template lang='pug' src='x' />\n"),
        ("a.vue", "<script>\n// a <template> of\nconst a = '<style>';\n</script>\n\n<template>\n  <p>a</p>\n</template>\n"),
        ("a.html", '<p>a</p>\n<!--\n<script>\n-->\n<script>\nvar a = "<script><\\/script>";\n</script>\n'),
        ("a.html", '<template data-x="a > b">\n<p title="<template>">a</p>\n</template>\n'),
        ("a.py", 'import json\n\nimport pandas as pd\n\n\nclass Floors:\n    def setup(self, calendar):\n        self.da = pd.Series(range(9))\n\n    def time_floor(self, calendar):\n        _ = self.da.dt.floor("D")\n'),
        ("a.js", "export function f(a) {\n  if (a) {\n    // keep as is\n  } else {\n    a.b();\n  }\n}\n"),
        ("a.cpp", "void f(int x) {\n   if (x == 1) {\n      return;    // all values are unchanged since last call\n   }\n}\n"),
        ("a.cpp", '#define SRC \\\n    "  {{ \'<|im_start|>\' }}\\n" \\\n    "<|im_end|>"\n'),
        ("a.rs", "fn f() {\n    let n = select! {\n" + "        x = async { 1 } => x,\n" * 64 + "    };\n}\n"),
        ("a.swift", 'let payload = #"{"z": [' + '"key": "value", ' * 60 + ']}"#\n'),
        ("a.yaml", "content:\n" + "  - name: Name\n    label: Label\n    selector:\n      text:\n" * 12),
        ("a.yml", '---\n- name: "One"\n  set:\n    found: "{{\n      a | default([])\n    }}"\n\n- name: "Two"\n  x:\n    y: z\n'),
        ("a.sh", "#!/usr/bin/env zsh\nf() {\n  for f (*.zsh) { source $f }\n"),
        ("bin/a.py", '#!/usr/bin/env ruby\nENV["X"] ||= File.expand_path("..", __dir__)\n'),
        ("a.sql", 'comment on constraint a on public."tab`#"\n    is \'b\';\ncreate table if not exists a."b[]`#" partition of a."c`#";\n'),
        ("a.yaml", 'a: "{{\n  b\n}}"\nc: |\n  Errors are so:\n  ```json\n  {}\n  ```\nd: 1\n'),
        ("Dockerfile", "FROM a\nRUN case b in \\\n\tc) d ;; esac; \\\n\tapt-mark auto '.*' > /dev/null; \\\n\t[ -z \"$e\" ] || f; \\\n\tg\nCMD [\"h\"]\n"),
        ("a.sql", "{# we don't support this today, but we'd like to!\n  some day\n\n#}\nselect 1 as a from b\n"),
        ("a.svelte", '<script module>\n  const a = 1;\n</script>\n<script lang="ts">\n  const b: number = a;\n</script>\n<p>{b}</p>\n'),
        ("a.rb", "class T\n  NAME = :\"こにちわ\".to_s\nend\n"),
    ],
)  # fmt: skip
def test_good_texts_are_silent(path: str, text: str) -> None:
    assert _suspects(text, path) == []


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("a.vue", "<script>\nconst a = 1;\n", "TRU009"),
        ("a.vue", "<template>\n  <template #a>\n  </template>\n  <p>a</p>\n", "TRU009"),
        ("a.html", "<p>a</p>\n<!-- <script> -->\n<style>\n.a { color: red }\n", "TRU009"),
        ("a.js", "export function f(a) {\n  if (a) {\n    // rest of the code unchanged\n  }\n}\n", "ELI001"),
        ("a.yaml", "a: 1\n-  b: 2\n+  b: 3\n", "COR004"),
        ("a.cpp", 'const char *a = "b";\n<|im_end|>\n', "COR002"),
    ],
)
def test_damage_of_these_kinds_is_still_found(path: str, text: str, code: str) -> None:
    assert code in _suspects(text, path)
