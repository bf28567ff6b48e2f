"""Whole texts that a grammar does not take, and texts with another language inside, are not called cut off."""

from __future__ import annotations

from pathlib import Path

import pytest

from aicheck_checks.engine import check
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Surroundings

TEMPLATES = {
    "go template": ("a.yaml", "metadata:\n  labels:\n    {{- include \"x.labels\" . | nindent 4 }}\n"),
    "range": ("a.yaml", "{{- range .Values.hosts }}\n- host: {{ .name | quote }}\n{{- end }}\n"),
    "value": ("a.yaml", "spec:\n  replicas: {{ .Values.replicas }}\n  image: {{ .Values.image }}:{{ .Values.tag }}\n"),
    "erb": ("a.yml", "a:\n  b: c\n<% if ENV['H'] %>\n  host: <%= ENV['H'] %>\n<% end %>\n"),
    "dbt": ("a.sql", "SELECT *\nFROM {{ ref('orders') }}\nWHERE x = {{ var('y') }}\n"),
    "dbt block": ("a.sql", "{% if is_incremental() %}\nSELECT 1\n{% endif %}\n"),
    "jinja in python": ("a.py", "import os\n\n{% if x %}\nA = {{ y }}\n{% endif %}\n"),
    "ejs": ("a.js", "const a = 1;\n<% if (x) { -%>\nimport b from 'b';\n<% } -%>\nexport const c = [\n"),
    "placeholder": ("a.sh", "#!/bin/bash\n{solution_command}\necho done\n"),
    "placeholder of a tool": ("a.yaml", "a:\n  - b\n@@EXTRA@@\nc: d\n"),
}  # fmt: skip


@pytest.mark.parametrize(("path", "text"), TEMPLATES.values(), ids=TEMPLATES)
def test_a_template_is_not_checked(path: str, text: str) -> None:
    result = check(Source(text, path=path))
    assert result.unchecked is not None
    assert "template" in result.unchecked


@pytest.mark.parametrize(("name", "text"), [("a.yaml.tmpl", "a: {{ b }}\n"), ("x.yaml.j2", "a: '{{ b }}'\n")])
def test_what_is_named_a_template_is_not_checked(name: str, text: str) -> None:
    assert check(Source(text, path=name, language="yaml")).unchecked is not None


def test_a_chart_s_templates_are_not_checked_though_they_may_parse(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    text = "say: |\n  {{ .Values.text }}\nhere is how to use it.\n"
    around = Surroundings(str(tmp_path / "templates"))
    before = check(Source(text, path="templates/a.yaml", surroundings=around))
    assert before.unchecked is None or "template" not in before.unchecked
    (tmp_path / "Chart.yaml").write_text("name: a\n")
    around.disk.renew()
    after = check(Source(text, path="templates/a.yaml", surroundings=around))
    assert after.unchecked is not None
    assert "template" in after.unchecked


WHOLE = {
    "macro call": ("a.c", "#include \"ph.h\"\n\nph_gen(, avail, edata_t, link,\n    cmp_avail)\nph_gen(, heap, edata_t, link, cmp_heap)\n"),
    "oracle": ("a.sql", "insert into T (NAME) values ('K')\n/\n\ninsert into T (NAME) values ('D')\n/\n"),
    "t-sql": ("a.sql", "CREATE TABLE a (id INT) ENGINE=InnoDB;\nINSERT INTO a VALUES (1)\nGO\n"),
    "psql": ("a.sql", "DO $$\nBEGIN\n  PERFORM 1;\nEND\n$$\n"),
    "zsh": ("a.sh", "[[ -z \"$A\" ]] || zstyle ':completion:*' list-colors \"${(s.:.)A}\"\n"),
    "no data at all": ("a.json", "OK"),
    "no style at all": ("a.css", "test stylesheet content"),
    "comment in a continued line": ("Dockerfile", "FROM a\nENV A=1 \\\n    # why\n    C=\"x:::y\" \\\n    D=2\n\nVOLUME [\"/a\", \\\n        \"/b\"]\n"),
    "kotlin": ("a.kt", "annotation class P(val xs: Array<P> = [])\n\nclass Q {\n  vararg val f: P = []\n}\n"),
    "interpolated": ("a.kt", "class A {\n    fun a() = \"${x.joinToString(\")\") { \"'${it}'\" }}\"\n    vararg val f: P = []\n}\n"),
}  # fmt: skip


@pytest.mark.parametrize(("path", "text"), WHOLE.values(), ids=WHOLE)
def test_what_a_grammar_does_not_know_is_no_cut(path: str, text: str) -> None:
    assert [f.code for f in check(Source(text, path=path)).findings if f.suspect] == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.kt", "class A {\n    fun a(): Int {\n        val x = listOf(1, 2\n"),
        ("a.sql", "CREATE TABLE a (\n  id INT,\n  nam"),
        ("a.sh", "#!/bin/bash\nif true; then\n  echo a\n"),
        ("a.rb", "class A\n  def f(x)\n    if x\n      y = 1\n"),
        ("a.lua", "local function f(x)\n  if x then\n    return 1\n"),
        ("a.java", "package a;\n\nclass A {\n    void f() {\n        g(1);\n"),
        ("a.ts", "export function f(a: number) {\n  return `${a"),
        ("a.yaml", "a: 1\nb:\n  - c\nd"),
    ],
)
def test_a_cut_is_still_found(path: str, text: str) -> None:
    assert any(f.code.startswith("TRU") and f.suspect for f in check(Source(text, path=path)).findings)


def test_data_that_parsed_before_a_change_and_does_not_now_is_broken() -> None:
    before, broken = "a:\n  - b: 1\n  - c: 2\nd: 1\n", "a:\n  - b: 1\\n  - c: 2\nd: 1\n"
    assert check(Source(broken, path="a.yaml")).verdict == "clean"
    assert check(Source(broken, path="a.yaml", previous=before)).verdict == "suspect"
