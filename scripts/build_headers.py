"""Make the lists of C's and C++'s well-known names with the headers that bring them.

    python scripts/build_headers.py

Compilers say which of the headers below make which name known, so that one
which another header brings along is not missed in vain. A line of the result is
a name, its own header first, then the others; the first line lists all headers. In C++ a header brings a name
if it does so in any standard and with any of two libraries, because each brings others along; all bring those of
`stddef.h` in practice, and Microsoft's bring more (`xutility`, `xmemory`). Needs gcc, g++ and clang++
with libc++ (made with GCC 12, glibc 2.36 and libc++ 14). Names and headers are those of ISO C17, POSIX and ISO C++20.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

DATA = Path(__file__).parents[1] / "checks/aicheck_checks/data"
C_NAMES = {
    "assert.h": "assert",
    "ctype.h": "isalnum isalpha iscntrl isdigit isgraph islower isprint ispunct isspace isupper isxdigit tolower toupper",
    "dirent.h": "DIR opendir readdir closedir",
    "errno.h": "errno EINTR EINVAL ENOENT ENOMEM EAGAIN ERANGE",
    "fcntl.h": "O_RDONLY O_WRONLY O_RDWR O_CREAT fcntl",
    "float.h": "DBL_MAX DBL_MIN DBL_EPSILON FLT_MAX FLT_EPSILON",
    "inttypes.h": "PRId64 PRIu64 PRIx64 PRIu32 PRIx32",
    "limits.h": "INT_MAX INT_MIN UINT_MAX LONG_MAX LONG_MIN ULONG_MAX LLONG_MAX CHAR_BIT UCHAR_MAX",
    "locale.h": "setlocale LC_ALL",
    "math.h": "sqrt pow sin cos tan atan2 exp log log10 log2 floor ceil fabs fmod round lround isnan isinf NAN INFINITY",
    "netdb.h": "getaddrinfo freeaddrinfo gethostbyname",
    "netinet/in.h": "htons ntohs htonl ntohl INADDR_ANY",
    "poll.h": "poll POLLIN POLLOUT",
    "pthread.h": "pthread_create pthread_join pthread_mutex_lock pthread_mutex_unlock pthread_mutex_init pthread_mutex_t "
    "pthread_t pthread_cond_wait pthread_cond_signal pthread_cond_t PTHREAD_MUTEX_INITIALIZER",
    "semaphore.h": "sem_init sem_wait sem_post sem_t",
    "setjmp.h": "jmp_buf setjmp longjmp",
    "signal.h": "signal raise sigaction sigemptyset sig_atomic_t SIGINT SIGTERM SIGKILL SIGSEGV kill",
    "stdarg.h": "va_list va_start va_end va_arg va_copy",
    "stdatomic.h": "atomic_int atomic_bool atomic_fetch_add atomic_load atomic_store",
    "stdbool.h": "bool true false",
    "stddef.h": "size_t ptrdiff_t offsetof NULL wchar_t",
    "stdint.h": "int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t intptr_t uintptr_t SIZE_MAX INT32_MAX "
    "UINT32_MAX INT64_MAX UINT64_MAX UINT8_MAX",
    "stdio.h": "printf fprintf sprintf snprintf vprintf vfprintf vsnprintf scanf sscanf fscanf puts putchar fputs fputc "
    "getchar fgets fgetc fopen fclose fread fwrite fseek ftell rewind fflush perror remove rename tmpfile FILE stdin "
    "stdout stderr EOF BUFSIZ SEEK_SET SEEK_END SEEK_CUR popen pclose fileno getline",
    "stdlib.h": "malloc calloc realloc free exit abort atexit atoi atol atof strtol strtoul strtoll strtod rand srand "
    "qsort bsearch getenv setenv system abs labs EXIT_SUCCESS EXIT_FAILURE RAND_MAX mkstemp realpath",
    "string.h": "strlen strcpy strncpy strcat strncat strcmp strncmp strchr strrchr strstr strtok strdup strndup strerror "
    "memcpy memmove memset memcmp memchr strspn strcspn strpbrk strtok_r strsignal",
    "strings.h": "strcasecmp strncasecmp bzero",
    "sys/mman.h": "mmap munmap PROT_READ PROT_WRITE MAP_SHARED MAP_PRIVATE MAP_FAILED",
    "sys/socket.h": "socket bind listen accept connect send recv setsockopt AF_INET SOCK_STREAM",
    "sys/stat.h": "stat fstat lstat mkdir chmod S_ISDIR S_ISREG",
    "sys/time.h": "gettimeofday",
    "sys/types.h": "pid_t ssize_t off_t uid_t mode_t",
    "sys/wait.h": "wait waitpid WIFEXITED WEXITSTATUS",
    "time.h": "time clock difftime mktime strftime localtime gmtime ctime nanosleep clock_gettime time_t clock_t "
    "CLOCKS_PER_SEC CLOCK_MONOTONIC CLOCK_REALTIME",
    "unistd.h": "read write close lseek fork execv execvp pipe dup2 getpid getppid sleep usleep unlink access chdir "
    "getcwd isatty rmdir STDIN_FILENO STDOUT_FILENO STDERR_FILENO ftruncate gethostname",
    "wchar.h": "wprintf wcslen wcscpy wcscmp",
}
CPP_NAMES = {
    "algorithm": "sort stable_sort find find_if count count_if copy copy_if transform for_each reverse unique max_element "
    "min_element max min clamp all_of any_of none_of fill binary_search lower_bound upper_bound remove_if shuffle "
    "generate nth_element partial_sort next_permutation is_sorted",
    "any": "any any_cast",
    "array": "array",
    "atomic": "atomic atomic_flag memory_order_relaxed memory_order_acquire memory_order_release",
    "bitset": "bitset",
    "chrono": "chrono::steady_clock chrono::system_clock chrono::high_resolution_clock chrono::milliseconds "
    "chrono::seconds chrono::microseconds chrono::duration_cast",
    "complex": "complex",
    "condition_variable": "condition_variable",
    "deque": "deque",
    "exception": "exception terminate exception_ptr",
    "filesystem": "filesystem::path filesystem::exists filesystem::create_directories filesystem::directory_iterator",
    "forward_list": "forward_list",
    "fstream": "ifstream ofstream fstream",
    "functional": "function bind hash greater less ref",
    "future": "future promise async packaged_task",
    "initializer_list": "initializer_list",
    "iomanip": "setw setprecision setfill put_time quoted",
    "iostream": "cout cerr cin clog",
    "iterator": "back_inserter ostream_iterator istreambuf_iterator make_move_iterator inserter advance next prev distance",
    "limits": "numeric_limits",
    "list": "list",
    "map": "map multimap",
    "memory": "unique_ptr shared_ptr weak_ptr make_unique make_shared enable_shared_from_this allocator",
    "mutex": "mutex lock_guard unique_lock scoped_lock recursive_mutex once_flag call_once",
    "numeric": "accumulate iota gcd lcm inner_product partial_sum reduce",
    "optional": "optional nullopt make_optional",
    "queue": "queue priority_queue",
    "random": "mt19937 random_device uniform_int_distribution uniform_real_distribution normal_distribution",
    "ratio": "ratio milli micro",
    "regex": "regex smatch regex_match regex_search regex_replace",
    "set": "set multiset",
    "shared_mutex": "shared_mutex shared_lock",
    "span": "span",
    "sstream": "stringstream ostringstream istringstream",
    "stack": "stack",
    "stdexcept": "runtime_error logic_error invalid_argument out_of_range domain_error length_error overflow_error",
    "string": "string wstring to_string stoi stol stod getline",
    "string_view": "string_view",
    "system_error": "error_code system_error",
    "thread": "thread this_thread::sleep_for this_thread::get_id",
    "tuple": "tuple make_tuple tie get forward_as_tuple",
    "type_traits": "enable_if_t is_same is_same_v decay_t remove_reference_t conditional_t is_integral_v true_type",
    "typeinfo": "bad_cast",
    "unordered_map": "unordered_map unordered_multimap",
    "unordered_set": "unordered_set",
    "utility": "pair make_pair move forward swap exchange",
    "variant": "variant visit holds_alternative monostate",
    "vector": "vector",
    "ostream": "endl flush ostream",
    "istream": "istream",
    "cassert": "",
    **{f"c{name}": "" for name in "ctype errno float inttypes limits locale math setjmp signal stdarg stddef stdint stdio stdlib string time wchar".split()},
}  # fmt: skip
OTHERS = """alloca.h arpa/inet.h byteswap.h complex.h crypt.h ctype.h dlfcn.h endian.h err.h execinfo.h fenv.h fnmatch.h
ftw.h getopt.h glob.h grp.h iconv.h ifaddrs.h iso646.h langinfo.h libgen.h malloc.h memory.h mqueue.h net/if.h
netinet/ip.h netinet/tcp.h nl_types.h pwd.h regex.h resolv.h sched.h search.h spawn.h stdalign.h stdnoreturn.h
sys/epoll.h sys/eventfd.h sys/file.h sys/inotify.h sys/ioctl.h sys/ipc.h sys/param.h sys/poll.h sys/prctl.h
sys/random.h sys/resource.h sys/select.h sys/sem.h sys/sendfile.h sys/shm.h sys/signalfd.h sys/statvfs.h sys/syscall.h
sys/sysinfo.h sys/timerfd.h sys/times.h sys/uio.h sys/un.h sys/utsname.h syslog.h termios.h tgmath.h threads.h uchar.h
ucontext.h utime.h wctype.h wordexp.h""".split()
"""Headers that own none of the names, but may bring some."""
BUILT_IN = frozenset("bool true false wchar_t".split())
"""Names that are words of the language in C++."""
BROUGHT_BY_MSVC = ("limits.h", "stdint.h", "stdlib.h", "string.h")
"""What its headers of C++ bring (https://github.com/microsoft/STL, `stl/inc/xutility` and `xmemory`)."""
COMPILERS = [
    [*library, "-xc++", f"-std=c++{year}"]
    for library in (["g++"], ["clang++", "-stdlib=libc++"])
    for year in (11, 14, 17, 20)
]


def main() -> None:
    """Run; see the module's docstring."""
    c_names = [name for names in C_NAMES.values() for name in names.split()]
    brought = {
        header: _brought(["gcc", "-xc"], header, c_names, "extern __typeof__({0}) *p{1};")
        for header in [*C_NAMES, *OTHERS]
    }
    _write("c_headers.txt", C_NAMES, brought)
    plain = {header: " ".join(n for n in names.split() if n not in BUILT_IN) for header, names in C_NAMES.items()}
    plain.pop("stdatomic.h")
    plain |= dict.fromkeys(OTHERS, "")
    qualified = {header: " ".join(f"std::{name}" for name in names.split()) for header, names in CPP_NAMES.items()}
    owners = plain | qualified
    names = [name for listed in owners.values() for name in listed.split()]
    known = {
        header: set[str]().union(*(_brought(c, header, names, "using ::{0};") for c in COMPILERS)) for header in owners
    }
    for header in CPP_NAMES:
        known[header] |= set(plain["stddef.h"].split())
        if not (header[0] == "c" and f"{header[1:]}.h" in plain):
            known[header] |= {name for owner in BROUGHT_BY_MSVC for name in plain[owner].split()}
    _write("cpp_headers.txt", owners, known)


def _brought(compiler: list[str], header: str, names: list[str], declaration: str) -> set[str]:
    """The names that a header makes known: declared, or defined as macros."""
    include = f"#include <{header}>\n"
    macros = _run([*compiler, "-D_GNU_SOURCE", "-E", "-dM", "-"], include)[0]
    found = set(re.findall(r"^#define (\w+)", macros, re.MULTILINE)) & set(names)
    open_names = [name for name in names if name not in found]
    lines = [declaration.format(name, number) for number, name in enumerate(open_names)]
    text = include + "\n".join(lines) + "\n"
    errors = _run([*compiler, "-D_GNU_SOURCE", "-fsyntax-only", "-fmax-errors=0", "-"], text)[1]
    if "fatal error" in errors:  # a header that this standard or library does not have
        return set()
    refused = {int(line) for line in re.findall(r"^<stdin>:(\d+):\d+: error", errors, re.MULTILINE)}
    return found | {name for number, name in enumerate(open_names, 2) if number not in refused}


def _run(command: list[str], text: str) -> tuple[str, str]:
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    return done.stdout, done.stderr


def _write(file: str, owners: dict[str, str], brought: dict[str, set[str]]) -> None:
    lines = []
    for owner, names in owners.items():
        for name in names.split():
            others = sorted(header for header, known in brought.items() if name in known and header != owner)
            lines.append(" ".join([name, owner, *others]))
    (DATA / file).write_text("\n".join([" ".join(["-", *sorted(brought)]), *sorted(lines)]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
