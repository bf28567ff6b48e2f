"""Types that a Kotlin text uses without importing them.

Kotlin imports a good deal by itself, and a name may come from the package, a
supertype or a wildcard; so only names are judged that the files beside import
(always from the same place) and the package does not declare. With the version
before at hand, every import that was dropped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicheck_checks.analysis.names.undefined import Undefined
from aicheck_checks.finding import Edit, Fix
from aicheck_checks.languages.tree import is_first, text_of
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.java import package_of
from aicheck_checks.surroundings.java_library import LANG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

_DEFAULT = LANG | frozenset(
    """Annotation AnnotationRetention AnnotationTarget Any ArithmeticException Array ArrayDeque ArrayList AssertionError
    AutoCloseable BooleanArray BuilderInference ByteArray CharArray CharCategory Charsets ClosedRange
    CharacterCodingException Collection Comparator ConcurrentModificationException ContextFunctionTypeParams CharRange
    DeepRecursiveFunction DelicateCoroutinesApi Deprecated DeprecatedSinceKotlin DeprecationLevel DoubleArray DslMarker
    EnumEntries ExperimentalMultiplatform ExperimentalStdlibApi ExperimentalSubclassOptIn ExperimentalUnsignedTypes
    ExtensionFunctionType ExposedCopyVisibility ConsistentCopyVisibility FileAlreadyExistsException FileSystemException
    FileTreeWalk FileWalkDirection FloatArray Function Grouping HashMap HashSet HexFormat IndexedValue Int IntArray
    IntRange IntProgression Iterable Iterator JsExport JsFileName JsModule JsName JsNonModule JsQualifier JvmDefault
    JvmDefaultWithCompatibility JvmDefaultWithoutCompatibility JvmExposeBoxed JvmField JvmInline JvmMultifileClass
    JvmName JvmOverloads JvmPackageName JvmRecord JvmSerializableLambda JvmStatic JvmSuppressWildcards JvmSynthetic
    JvmWildcard KotlinNullPointerException KotlinVersion Lazy LazyThreadSafetyMode LinkedHashMap LinkedHashSet List
    ListIterator LongArray LongRange Map MatchGroup MatchGroupCollection MatchNamedGroupCollection MatchResult Metadata
    MustBeDocumented MustUseReturnValues MutableCollection MutableIterable MutableIterator MutableList
    MutableListIterator MutableMap MutableSet NativeFileSystemException NoSuchElementException NoSuchFileException
    NotImplementedError Nothing OnErrorAction OpenEndRange OptIn OptionalExpectation OverloadResolutionByLambdaReturnType
    OutOfMemoryError Pair ParameterName Promise PublishedApi PurelyImplements RandomAccess ReadOnlyProperty Regex RegexOption Repeatable
    ReplaceWith RequiresOptIn Result Retention Sequence Set ShortArray SinceKotlin Strictfp StringBuilder SubclassOptInRequired
    Suppress SuppressWarnings Synchronized Target Throws TODO Transient Triple Typography
    UByte UByteArray UInt UIntArray UIntRange UIntProgression ULong ULongArray ULongRange ULongProgression UnsafeVariance
    UninitializedPropertyAccessException Unit UShort UShortArray Volatile WasExperimental IgnorableReturnValue""".split()
)
"""What needs no import (https://kotlinlang.org/docs/packages.html#default-imports)."""
_DEFAULT_PACKAGES = frozenset(
    """java.lang kotlin kotlin.annotation kotlin.collections kotlin.comparisons kotlin.concurrent kotlin.io kotlin.js
    kotlin.jvm kotlin.native kotlin.ranges kotlin.sequences kotlin.text kotlin.wasm""".split()
)
"""Packages that some platform imports by itself: a file of another platform may have to name them."""
_PACKAGE = lazy(r"^[^\S\n]*package\s+([\w.]+)", re.MULTILINE)
_IMPORT = lazy(
    r"^[^\S\n]*import\s+([\w.`]+?)(\.\*)?(?:\s+as\s+`?(\w+)`?)?(?:\s*+;)?[^\S\n]*+(?://[^\n]*|/\*[^\n]*)?$",
    re.MULTILINE,
)
_DECLARES = lazy(
    r"\b(?:(?:enum|annotation)\s+class|class|interface|object|typealias)\s+`?(\w+)|[<,]\s*(?:(?:reified|in|out)\s+)?(\w+)\s*[:,>]"
)


def undefined_names(source: Source, formerly: frozenset[str]) -> list[Undefined]:
    """The types used without an import that the files beside import."""
    imports = _IMPORT.findall(source.text)
    if any(star for _, star, _ in imports):
        return []
    package = _PACKAGE.search(source.text)
    here = source.surroundings
    around = here.ask(package_of, package[1]) if here is not None and package is not None else None
    bound = {name for name, _ in imports_of(source)} | {a or b for a, b in _DECLARES.findall(source.text)}
    assert source.tree is not None
    found = []
    for name, nodes in _uses(source.tree.root_node).items():
        path = around.imports.get(name) if around is not None and name not in _DEFAULT else None
        own = package[1] if package is not None else None
        if path is not None and path.rpartition(".")[0] in (*_DEFAULT_PACKAGES, own):
            continue  # another module of the project may have the rest of the package
        if name in bound or (around is not None and name in around.types):
            continue
        if name in formerly or path is not None:
            start = source.char_offset(nodes[0].start_byte)
            likely = f"import {path}" if path is not None else None
            found.append(Undefined(name, start, start + len(name), len(nodes), likely=likely))
    return sorted(found, key=lambda u: u.start)


def _uses(root: Node) -> dict[str, list[Node]]:
    """Names of types, and capitalised names of what a member is asked of."""
    used: dict[str, list[Node]] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "identifier" and node.parent is not None:
            first = is_first(node, node.parent)
            name = text_of(node)
            if first and node.parent.type in ("user_type", "navigation_expression") and name[0].isupper():
                used.setdefault(name, []).append(node)
        if node.type not in ("import", "package_header"):
            stack.extend(reversed(node.named_children))
    return used


def imports_of(source: Source) -> Iterator[tuple[str, str]]:
    """Each name that an import brings."""
    for path, star, alias in _IMPORT.findall(source.text):
        if not star:
            yield alias or path.rpartition(".")[2].strip("`"), f"import {path}" + (f" as {alias}" if alias else "")


def insert_import(source: Source, statement: str) -> Fix:
    """Add above the first import, else below the package header."""
    first = _IMPORT.search(source.text)
    package = _PACKAGE.search(source.text)
    at = first.start() if first else package.end() if package else 0
    return Fix(f"add '{statement}'", (Edit(at, at, f"{statement}\n" if first else f"\n\n{statement}"),))
