"""Classes that a Java text uses without importing them.

A simple name may come from the same package, from `java.lang`, from a wildcard
import or from a superclass, so most unknown names can't be judged from one
text. Judged are well-known classes of the JDK, unless the text could have the
name from elsewhere; with the version before at hand, every import that was
dropped.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from aicheck_checks.finding import Edit, Fix
from aicheck_checks.patterns import lazy
from aicheck_checks.rules.imports.names import Undefined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

WELL_KNOWN = {
    name: package
    for package, names in {
        "java.io": "File IOException InputStream OutputStream BufferedReader InputStreamReader FileInputStream "
        "FileOutputStream ByteArrayInputStream ByteArrayOutputStream Serializable UncheckedIOException PrintWriter "
        "FileNotFoundException BufferedWriter FileReader FileWriter PrintStream StringWriter StringReader Closeable "
        "ObjectInputStream ObjectOutputStream EOFException Reader Writer DataInputStream DataOutputStream",
        "java.math": "BigDecimal BigInteger RoundingMode",
        "java.net": "URI URL URISyntaxException MalformedURLException InetAddress InetSocketAddress Socket "
        "HttpURLConnection URLEncoder UnknownHostException ServerSocket SocketException",
        "java.nio": "ByteBuffer ByteOrder",
        "java.nio.charset": "StandardCharsets Charset",
        "java.nio.file": "Files Path Paths StandardCopyOption StandardOpenOption",
        "java.text": "SimpleDateFormat ParseException DecimalFormat MessageFormat",
        "java.time": "LocalDate LocalDateTime Instant Duration ZonedDateTime ZoneId LocalTime OffsetDateTime ZoneOffset",
        "java.util": "ArrayList Arrays Collection Collections Comparator Date HashMap HashSet Iterator LinkedHashMap "
        "LinkedHashSet LinkedList List Map NoSuchElementException Objects Optional Properties Queue Random Scanner Set "
        "SortedMap SortedSet StringJoiner TreeMap TreeSet UUID EnumMap EnumSet Deque ArrayDeque IdentityHashMap "
        "ConcurrentModificationException BitSet Locale TimeZone Calendar Hashtable Vector Stack StringTokenizer "
        "ListIterator PriorityQueue ServiceLoader ResourceBundle",
        "java.util.concurrent": "CompletableFuture ConcurrentHashMap ConcurrentMap CountDownLatch ExecutorService "
        "Executors Future TimeUnit ExecutionException TimeoutException ThreadLocalRandom CopyOnWriteArrayList Callable "
        "ScheduledExecutorService Executor LinkedBlockingQueue BlockingQueue ThreadFactory ThreadPoolExecutor",
        "java.util.concurrent.atomic": "AtomicInteger AtomicBoolean AtomicLong AtomicReference",
        "java.util.concurrent.locks": "ReentrantLock ReentrantReadWriteLock ReadWriteLock",
        "java.util.function": "BiConsumer BiFunction Consumer Function Predicate Supplier UnaryOperator BinaryOperator "
        "BiPredicate IntFunction ToIntFunction",
        "java.util.regex": "Matcher Pattern PatternSyntaxException",
        "java.util.stream": "Collectors IntStream Stream StreamSupport LongStream",
        "java.lang.reflect": "Method Field InvocationTargetException Constructor Modifier ParameterizedType",
        "java.util.logging": "Logger Level",
    }.items()
    for name in names.split()
}
"""JDK classes by package (https://docs.oracle.com/en/java/javase/21/docs/api/)."""
_AMBIGUOUS = frozenset(
    "Logger Level Date Path Function Method Field Stack Pattern Matcher Reader Writer Callable Queue".split()
)
"""Names that projects often give to classes of their own: judged only beside their package's files."""
_IMPORT = lazy(r"^\s*import\s+(static\s+)?([\w.]+?)(\.\*)?\s*;", re.MULTILINE)


def undefined_names(source: Source, formerly: frozenset[str]) -> list[Undefined]:
    """The well-known classes used without an import."""
    imports = _IMPORT.findall(source.text)
    imported = {path.rpartition(".")[2] for _, path, star in imports if not star}
    wildcards = {path for static, path, star in imports if star and not static}
    assert source.tree is not None
    declared, used = _types(source.tree.root_node)
    beside = _beside(source)
    found = []
    for name, nodes in used.items():
        if name in imported or name in declared or name in (beside or ()):
            continue
        package = WELL_KNOWN.get(name)
        unsure = package is None or wildcards or (beside is None and name in _AMBIGUOUS)
        if unsure and name not in formerly:
            continue
        start = source.char_offset(nodes[0].start_byte)
        found.append(
            Undefined(
                name, start, start + len(name), len(nodes), likely=f"import {package}.{name};" if package else None
            )
        )
    return sorted(found, key=lambda u: u.start)


def _types(root: Node) -> tuple[set[str], dict[str, list[Node]]]:
    """Types and type parameters that the text declares, and uses of simple type names."""
    declared: set[str] = set()
    used: dict[str, list[Node]] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "type_identifier" and node.parent is not None:
            if node.parent.type == "type_parameter":
                declared.add(_text(node))
            elif node.parent.type != "scoped_type_identifier":
                used.setdefault(_text(node), []).append(node)
        elif node.type == "identifier" and node.parent is not None:
            field = node.parent.child_by_field_name("object")
            if node.parent.type.endswith("_declaration") or node.parent.type == "type_parameter":
                declared.add(_text(node))
            elif field is not None and field.id == node.id and _text(node)[:1].isupper():
                used.setdefault(_text(node), []).append(node)
        stack.extend(reversed(node.named_children))
    return declared, used


def _beside(source: Source) -> set[str] | None:
    """Classes with a file of their own in the same folder; None if it is not at hand."""
    if source.folder is None:
        return None
    try:
        return {name[:-5] for name in os.listdir(source.folder) if name.endswith(".java")}
    except OSError:
        return None


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def imports_of(source: Source) -> Iterator[tuple[str, str]]:
    """Each class that an import names."""
    for static, path, star in _IMPORT.findall(source.text):
        if not star and not static:
            yield path.rpartition(".")[2], f"import {path};"


def insert_import(source: Source, statement: str) -> Fix:
    """Add above the first import, else below the package declaration."""
    first = _IMPORT.search(source.text)
    package = re.search(r"^package\s+[\w.]+\s*;[^\n]*\n", source.text, re.MULTILINE)
    at = first.start() if first else package.end() if package else 0
    return Fix(f"add '{statement}'", (Edit(at, at, f"{statement}\n"),))
