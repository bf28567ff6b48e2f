"""The table of languages: a row is all that the general rules need to know of one."""

from __future__ import annotations

import re

from aicheck_checks.languages.language import Language
from aicheck_checks.patterns import lazy

_C_COMMENT = ("/*", "*/")

PYTHON = Language(
    "python",
    (".py", ".pyi", ".pyw"),
    "tree_sitter_python",
    line_comment="#",
    strings=("string",),
    exact=True,
    aliases=("py", "python3", "py3"),
    old_version=(
        lazy(
            r"\A\s*+(?:print\s+(?:[uUbBrR]*[\"']|\w+\s*(?:[,%.(\[]|$))|print\s*>>|"
            r"exec\s+\S+\s+in\b|except\s[\w.()\s,]+,\s*\w+\s*:|raise\s+[\w.]+\s*,|"
            r"[^#\n]{0,200}?\blambda\s*\(\s*\w+\s*,[\w\s,]*\)\s*:)"
        ),
        "written for Python 2, which no current parser takes",
    ),
)

LANGUAGES: tuple[Language, ...] = (
    PYTHON,
    Language(
        "bash", (".sh", ".bash"), "tree_sitter_bash", line_comment="#", aliases=("sh", "shell", "zsh"), loose=True,
        strings=("string", "raw_string", "ansi_c_string", "translated_string", "heredoc_body", "regex"),
        dialect=(
            lazy(
                r"\A\#![^\n]*\b(?:zsh|fish|t?csh|ksh|nu|elvish|xonsh)\b|^\#(?:compdef|autoload)\b|\bft=zsh\b|\$\{\(|\$\{\"\$|"
                r"^[^\S\n]*(?:setopt|unsetopt|zstyle|zmodload|autoload|compdef|bindkey|zle)[^\S\n]",
                re.MULTILINE,
            ),
            "of another shell, which the grammar does not know",
        ),
    ),
    Language(
        "c", (".c", ".h"), "tree_sitter_c", line_comment="//", block_comment=_C_COMMENT, loose=True,
        strings=("string_literal", "char_literal", "system_lib_string"),
    ),
    Language(
        "cpp", (".cc", ".cpp", ".cxx", ".hpp", ".hh", ".hxx", ".ipp", ".inl"), "tree_sitter_cpp",
        line_comment="//", block_comment=_C_COMMENT, aliases=("c++", "cc"), loose=True,
        strings=("string_literal", "char_literal", "raw_string_literal", "system_lib_string"),
    ),
    Language(
        "csharp", (".cs",), "tree_sitter_c_sharp", line_comment="//", block_comment=_C_COMMENT,
        aliases=("c#", "cs"), loose=True,
        strings=(
            "string_literal", "character_literal", "interpolated_string_expression", "raw_string_literal",
            "verbatim_string_literal",
        ),
    ),
    Language(
        "css", (".css",), "tree_sitter_css", block_comment=_C_COMMENT, group="data", strings=("string_value",),
        comments=("comment", "js_comment"),
    ),
    Language(
        "dockerfile", (".dockerfile",), "tree_sitter_dockerfile", line_comment="#", group="data",
        names=("dockerfile", "containerfile"), aliases=("docker",),
        strings=("double_quoted_string", "single_quoted_string", "json_string", "heredoc_block"),
    ),
    Language(
        "go", (".go",), "tree_sitter_go", line_comment="//", block_comment=_C_COMMENT, exact=True,
        aliases=("golang",),
        dialect=(
            lazy(r"\bnew\((?:[\"`\d]|true\b|false\b|func\b|[\w.]{1,200}[({])"),
            "written for Go 1.26 or newer, whose new(expression) the grammar does not know",
        ),
        strings=("interpreted_string_literal", "raw_string_literal", "rune_literal"),
    ),
    Language(
        "html", (".html", ".htm"), "tree_sitter_html", block_comment=("<!--", "-->"), group="markup",
        strings=("quoted_attribute_value", "raw_text", "text"), embeds=True,
    ),
    Language(
        "java", (".java",), "tree_sitter_java", line_comment="//", block_comment=_C_COMMENT,
        strings=("string_literal", "character_literal"), comments=("line_comment", "block_comment"),
    ),
    Language(
        "javascript", (".js", ".mjs", ".cjs", ".jsx"), "tree_sitter_javascript", line_comment="//",
        block_comment=_C_COMMENT, aliases=("js", "jsx", "node"), comments=("comment", "html_comment"),
        strings=("string", "template_string", "regex", "jsx_text"),
        dialect=(lazy(r"@(?:no)?flow\b"), "written in Flow, which the JavaScript grammar does not take"),
    ),
    Language("json", (".json",), "tree_sitter_json", group="data", strings=("string",), aliases=("jsonc",)),
    Language(
        "kotlin", (".kt", ".kts"), "tree_sitter_kotlin", line_comment="//", block_comment=_C_COMMENT,
        aliases=("kt",), strings=("string_literal", "multiline_string_literal", "character_literal"),
        comments=("line_comment", "block_comment"),
    ),
    Language(
        "lua", (".lua",), "tree_sitter_lua", line_comment="--", block_comment=("--[[", "]]"), strings=("string",),
    ),
    Language(
        "markdown", (".md", ".markdown"), "tree_sitter_markdown", group="markup", aliases=("md",), comments=(), embeds=True,
        strings=("fenced_code_block", "indented_code_block", "html_block"),
    ),
    Language("notebook", (".ipynb",), "tree_sitter_json", group="data", strings=("string",), embeds=True),
    Language(
        "objective-c", (".m", ".mm"), "tree_sitter_objc", line_comment="//", block_comment=_C_COMMENT, loose=True,
        aliases=("objc", "objectivec"), strings=("string_literal", "char_literal", "system_lib_string"),
    ),
    Language(
        "php", (".php",), "tree_sitter_php", entry="language_php", line_comment="//", block_comment=_C_COMMENT,
        strings=("string", "encapsed_string", "heredoc", "nowdoc", "text", "text_interpolation"),
    ),
    Language(
        "ruby", (".rb", ".rake", ".gemspec"), "tree_sitter_ruby", line_comment="#", aliases=("rb",),
        names=("gemfile", "rakefile"),
        strings=(
            "string", "heredoc_body", "regex", "string_array", "symbol_array", "subshell", "character", "delimited_symbol",
        ),
    ),
    Language(
        "rust", (".rs",), "tree_sitter_rust", line_comment="//", block_comment=_C_COMMENT, aliases=("rs",),
        strings=("string_literal", "raw_string_literal", "char_literal"), comments=("line_comment", "block_comment"),
    ),
    Language(
        "scala", (".scala", ".sc"), "tree_sitter_scala", line_comment="//", block_comment=_C_COMMENT,
        strings=("string", "interpolated_string_expression", "character_literal", "xml_string"),
        comments=("comment", "block_comment"), fatal=lazy(r"(?:[^\n(){}\[\]]{0,4}[({\[]){60,}|(?:<[^\n]{0,3}\n){200,}"),
    ),
    Language("scss", (".scss",), "tree_sitter_scss", line_comment="//", block_comment=_C_COMMENT, group="data",
        fatal=lazy(r"\A[\s\S]{400000}"), strings=("string_value",), comments=("comment", "js_comment"),
    ),
    Language(
        "sql", (".sql",), "tree_sitter_sql", line_comment="--", block_comment=_C_COMMENT, strings=("literal",),
        comments=("comment", "marginalia"),
        dialect=(
            lazy(
                r"^[^\S\n]*+(?:(?:GO|/|(?!@@)[^@\n]++@@)[^\S\n]*+;?$|\\[A-Za-z]\w*\b|(?:DELIMITER|WHENEVER|PROMPT|SPOOL)\b|DO[^\S\n]*+\$)"
                r"|\$\w*\$|\b(?:LANGUAGE[^\S\n]++plpgsql|ENGINE[^\S\n]*+=|LowCardinality|MergeTree|NVARCHAR)\b|\[dbo\]",
                re.MULTILINE | re.IGNORECASE,
            ),
            "of a database or a client whose own words the grammar does not know",
        ),
    ),
    Language(
        "svelte", (".svelte",), "tree_sitter_svelte", block_comment=("<!--", "-->"), group="markup",
        strings=("quoted_attribute_value", "raw_text", "text"), embeds=True, fatal=lazy(r"[(\[{<]{150,}|<[^\s<>]{1000,}|(?:<[^>\n]{0,9}\n){300,}|<[^<]{60000,}|\A[\s\S]{300000}"),
    ),
    Language(
        "swift", (".swift",), "tree_sitter_swift", line_comment="//", block_comment=_C_COMMENT,
        strings=("line_string_literal", "multi_line_string_literal", "raw_string_literal", "regex_literal"),
        comments=("comment", "multiline_comment"),
    ),
    Language("toml", (".toml",), "tree_sitter_toml", line_comment="#", group="data", strings=("string", "quoted_key")),
    Language(
        "tsx", (".tsx",), "tree_sitter_typescript", entry="language_tsx", line_comment="//",
        block_comment=_C_COMMENT, comments=("comment", "html_comment"),
        strings=("string", "template_string", "regex", "jsx_text", "template_literal_type"),
    ),
    Language(
        "typescript", (".ts", ".mts", ".cts"), "tree_sitter_typescript", entry="language_typescript",
        line_comment="//", block_comment=_C_COMMENT, aliases=("ts",), comments=("comment", "html_comment"),
        strings=("string", "template_string", "regex", "template_literal_type"),
    ),
    Language(
        "vue", (".vue",), "tree_sitter_html", block_comment=("<!--", "-->"), group="markup",
        strings=("quoted_attribute_value", "raw_text", "text"), embeds=True,
    ),
    Language(
        "yaml", (".yaml", ".yml"), "tree_sitter_yaml", line_comment="#", group="data", aliases=("yml",),
        strings=("double_quote_scalar", "single_quote_scalar", "block_scalar", "plain_scalar"),
        fatal=lazy(r"^(?: |[-?:][ \t]){150,}", re.MULTILINE),
    ),
)  # fmt: skip
