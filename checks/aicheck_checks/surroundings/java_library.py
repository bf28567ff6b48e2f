"""Names of Java's library: what needs no import, and what a text that lacks the import surely means."""

from __future__ import annotations

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
AMBIGUOUS = frozenset(
    "Logger Level Date Path Function Method Field Stack Pattern Matcher Reader Writer Callable Queue".split()
)
"""Names that projects often give to classes of their own: judged only beside their package's files."""
LANG = frozenset(
    """AbstractMethodError Appendable ArithmeticException ArrayIndexOutOfBoundsException ArrayStoreException
    AssertionError AutoCloseable Boolean BootstrapMethodError Byte CharSequence Character Class
    ClassCastException ClassCircularityError ClassFormatError ClassLoader ClassNotFoundException ClassValue
    CloneNotSupportedException Cloneable Comparable Compiler Deprecated Double Enum
    EnumConstantNotPresentException Error Exception ExceptionInInitializerError Float FunctionalInterface IO
    IllegalAccessError IllegalAccessException IllegalArgumentException IllegalCallerException
    IllegalMonitorStateException IllegalStateException IllegalThreadStateException
    IncompatibleClassChangeError IndexOutOfBoundsException InheritableThreadLocal InstantiationError
    InstantiationException Integer InternalError InterruptedException Iterable LayerInstantiationException
    LinkageError Long MatchException Math Module ModuleLayer NegativeArraySizeException NoClassDefFoundError
    NoSuchFieldError NoSuchFieldException NoSuchMethodError NoSuchMethodException NullPointerException Number
    NumberFormatException Object OutOfMemoryError Override Package Process ProcessBuilder ProcessHandle
    Readable Record ReflectiveOperationException Runnable Runtime RuntimeException RuntimePermission
    SafeVarargs ScopedValue SecurityException SecurityManager Short StableValue StackOverflowError
    StackTraceElement StackWalker StrictMath String StringBuffer StringBuilder StringIndexOutOfBoundsException
    StringTemplate StructuredTaskScope SuppressWarnings System Thread ThreadDeath ThreadGroup ThreadLocal
    Throwable TypeNotPresentException UnknownError UnsatisfiedLinkError UnsupportedClassVersionError
    UnsupportedOperationException VerifyError VirtualMachineError Void WrongThreadException""".split()
)
"""`java.lang` (https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/package-summary.html)."""
