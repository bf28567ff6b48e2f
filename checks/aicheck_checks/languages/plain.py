"""Texts without a grammar here: languages that are only known by name, and all other text files.

What needs no syntax tree is looked for in them as anywhere else.
"""

from __future__ import annotations

from aicheck_checks.languages.language import Language

_C_COMMENT = ("/*", "*/")
_XML_COMMENT = ("<!--", "-->")


def _plain(
    name: str,
    suffixes: tuple[str, ...],
    line_comment: str | None = None,
    block_comment: tuple[str, str] | None = None,
    names: tuple[str, ...] = (),
    aliases: tuple[str, ...] = (),
) -> Language:
    return Language(
        name, suffixes, "", line_comment=line_comment, block_comment=block_comment, group="text", names=names, aliases=aliases
    )  # fmt: skip


TEXT = _plain("text", (".txt", ".text"), aliases=("plaintext", "txt"))
PLAIN: tuple[Language, ...] = (
    TEXT,
    _plain("asciidoc", (".adoc", ".asciidoc"), "//"),
    _plain("astro", (".astro",), "//", _XML_COMMENT),
    _plain("clojure", (".clj", ".cljs", ".cljc", ".edn"), ";"),
    _plain("cmake", (".cmake",), "#", names=("cmakelists.txt",)),
    _plain("dart", (".dart",), "//", _C_COMMENT),
    _plain("elixir", (".ex", ".exs"), "#"),
    _plain("erlang", (".erl", ".hrl"), "%"),
    _plain("fsharp", (".fs", ".fsx", ".fsi"), "//", ("(*", "*)")),
    _plain("graphql", (".graphql", ".gql"), "#"),
    _plain("groovy", (".groovy", ".gradle"), "//", _C_COMMENT, names=("jenkinsfile",)),
    _plain("haskell", (".hs",), "--", ("{-", "-}")),
    _plain("ini", (".ini", ".cfg", ".conf", ".properties", ".env"), "#"),
    _plain("julia", (".jl",), "#"),
    _plain("latex", (".tex", ".sty", ".cls", ".bib"), "%"),
    _plain("lean", (".lean",), "--", ("/-", "-/")),
    _plain("less", (".less",), "//", _C_COMMENT),
    _plain("makefile", (".mk", ".mak"), "#", names=("makefile", "gnumakefile")),
    _plain("nix", (".nix",), "#", _C_COMMENT),
    _plain("ocaml", (".ml", ".mli"), None, ("(*", "*)")),
    _plain("perl", (".pl", ".pm"), "#"),
    _plain("powershell", (".ps1", ".psm1", ".psd1"), "#", ("<#", "#>")),
    _plain("protobuf", (".proto",), "//", _C_COMMENT),
    _plain("r", (".r",), "#"),
    _plain("restructuredtext", (".rst",)),
    _plain("sass", (".sass",), "//", _C_COMMENT),
    _plain("solidity", (".sol",), "//", _C_COMMENT),
    _plain("starlark", (".bzl", ".bazel"), "#", names=("build", "workspace")),
    _plain("terraform", (".tf", ".tfvars", ".hcl"), "#", _C_COMMENT, aliases=("hcl",)),
    _plain("verilog", (".sv", ".vh"), "//", _C_COMMENT),
    _plain("visual-basic", (".vb",), "'"),
    _plain("xml", (".xml", ".xaml", ".axaml", ".csproj", ".vbproj", ".fsproj", ".props", ".targets", ".xsd", ".xsl", ".xslt",
                   ".plist", ".resx", ".svg", ".storyboard", ".xib"), None, _XML_COMMENT),
    _plain("zig", (".zig",), "//"),
)  # fmt: skip

NO_TEXT = frozenset(
    """
    .7z .a .aar .avi .avif .bin .bmp .br .bz2 .class .dat .db .deb .dll .dmg .doc .docx .dylib .eot .exe .gif .gz .heic .icns .ico
    .jar .jpeg .jpg .keystore .lib .mov .mp3 .mp4 .node .o .obj .ogg .onnx .otf .parquet .pdf .pickle .pkl .png .ppt .pptx .psd .pyc
    .pyd .pyo .rar .so .sqlite .sqlite3 .tar .tgz .tif .tiff .ttf .war .wasm .wav .webm .webp .whl .woff .woff2 .xls .xlsx .xz .zip
    .zst .diff .log .map .orig .patch .rej .snap
    """.split()
)
"""Endings of files that hold no text, or keep other texts as they were."""
