"""Secrets in commands and in the files of commands: flags, users with passwords, .netrc, .pgpass, htpasswd."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.redaction.names import named, only
from aicheck_app.redaction.page import Page, Span
from aicheck_app.redaction.values import bare, secretive, templated
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_VALUE = (
    r"(?:\\?\"(?P<double>[^\"\n]{1,1000}?)\\?\"|\\?'(?P<single>[^'\n]{1,1000}?)\\?'|(?P<bare>[^\s\"'`|>;]{2,1000}))"
)
_FLAG = lazy(
    r"(?<![\w-])--?[\w-]{0,40}(?:password|passwd|passphrase|passwort|pass|pwd|token|secret|api-?key|access-?key|auth-?key|secret-?key|private-?key|encryption-?key|client-?secret|credentials?|authtoken|storepass|keypass|pin|otp|pw|senha|contrasena)(?:-(?:string|value|text))?"
    rf"(?:[ \t]{{1,4}}|=|[\"'],\s{{0,20}}(?=[\"'])){_VALUE}"
)
_SHORT = (
    ("mysql", lazy(rf"\b(?:mysql|mysqldump|mysqladmin|mariadb|mysqlimport|mycli)\b[^\n|;]{{0,200}}?[ \t]-p{_VALUE}")),
    ("sshpass", lazy(rf"\bsshpass[ \t]{{1,4}}-p[ \t]{{0,4}}{_VALUE}")),
    ("login", lazy(rf"\blogin\b[^\n|;]{{0,200}}?[ \t]-p[ \t]{{0,4}}{_VALUE}")),
    ("redis-cli", lazy(rf"\bredis-cli\b[^\n|;]{{0,200}}?[ \t](?:-a|--pass)[ \t]{{1,4}}{_VALUE}")),
    ("mongo", lazy(rf"\b(?:mongo|mongosh|mongodump|mongorestore|mongoimport|mongoexport|influx|clickhouse-client)\b[^\n|;]{{0,200}}?[ \t]-p[ \t]{{1,4}}{_VALUE}")),
    ("ldap", lazy(rf"\b(?:ldapsearch|ldapadd|ldapmodify|ldapdelete|ldappasswd|ldapwhoami)\b[^\n|;]{{0,200}}?[ \t]-w[ \t]{{1,4}}{_VALUE}")),
    ("sqlcmd", lazy(rf"\b(?:sqlcmd|bcp|osql|isql|mosquitto_pub|mosquitto_sub|xfreerdp|rdesktop|psexec|impacket-\w{{1,20}}|winexe)\b[^\n|;]{{0,200}}?[ \t/-][Pp](?:[ \t]{{1,4}}|:){_VALUE}")),
    ("zip", lazy(rf"\b(?:zip|unzip)\b[^\n|;]{{0,200}}?[ \t]-P[ \t]{{1,4}}{_VALUE}")),
    ("7z", lazy(rf"\b(?:7z|7za|7zr|rar|unrar)\b[^\n|;]{{0,200}}?[ \t]-p{_VALUE}")),
    ("openssl", lazy(r"\b-?pass(?:in|out)?[ \t]{1,4}[\"']?pass:(?P<bare>[^\s\"']{2,500})")),
    ("openssl", lazy(rf"\bopenssl\b[^\n|;]{{0,200}}?[ \t]-(?:k|K|pass|passin|passout|hmac|macopt)[ \t]{{1,4}}(?!pass:|env:|file:|stdin|fd:){_VALUE}")),
    ("passphrase", lazy(rf"\b(?:ssh-keygen|ssh-add)\b[^\n|;]{{0,200}}?[ \t]-[NP][ \t]{{1,4}}{_VALUE}")),
    ("htpasswd", lazy(rf"\bhtpasswd\b[ \t]+-\w{{0,6}}b\w{{0,6}}[^\n|;]{{0,200}}?[ \t]{_VALUE}[ \t]*(?:$|[|;&\n])")),
    ("net use", lazy(rf"\bnet[ \t]+use\b[^\n]{{0,120}}?/user:[^\s]{{1,60}}[ \t]+{_VALUE}")),
    ("net user", lazy(rf"\bnet[ \t]+user[ \t]+[\w.\\-]{{1,60}}[ \t]+(?!/){_VALUE}")),
    ("cmdkey", lazy(rf"(?<=\s)/(?:pass|password|pwd|p):{_VALUE}")),
    ("chpasswd", lazy(r"\b(?:echo|printf)[ \t]+(?:-e[ \t]+)?[\"']?[\w.$-]{1,60}:(?P<bare>[^\s\"'|]{2,200})[\"']?[ \t]*\|[ \t]*(?:sudo[ \t]+)?chpasswd")),
    ("echo", lazy(rf"\b(?:echo|printf)[ \t]+(?:-n[ \t]+)?{_VALUE}[ \t]*\|[ \t]*(?:sudo[ \t]+-S|[^\n|]{{0,200}}(?:--password-stdin|--with-token|passwd\b|--stdin|--passphrase-fd|login\b))")),
    ("lftp", lazy(r"\b(?:lftp|ftp|ncftp\w{0,3})\b[^\n|;]{0,200}?[ \t]-u[ \t]{1,4}[\"']?[^\s,:\"']{1,60}[,:](?P<bare>[^\s\"']{2,200})")),
    ("smbclient", lazy(r"\b(?:smbclient|rpcclient|mount\.cifs|net)\b[^\n|;]{0,200}?[ \t](?:-U|--user)[ \t=]{1,4}[\"']?[^\s%\"']{1,60}%(?P<bare>[^\s\"']{2,200})")),
    ("sqlplus", lazy(r"\b(?:sqlplus|exp|imp|expdp|impdp|sqlldr|rman)\b[^\n|;]{0,200}?[ \t][\"']?[\w.$]{1,60}/(?P<bare>[^\s@\"']{2,200})(?:@|\b)")),
    ("vault", lazy(rf"\bvault[ \t]+login[ \t]+(?:-\S{{1,60}}[ \t]+){{0,4}}(?:token=)?(?!-){_VALUE}")),
    ("npm", lazy(rf"\b(?:npm|yarn|pnpm)[ \t]+config[ \t]+set[ \t]+\S{{0,120}}(?:_auth\w{{0,10}}|_password|token)[ \t=]+{_VALUE}")),
    ("configure", lazy(rf"\b(?:configure|config)(?:[ \t]+set)?[ \t]+[\w.:-]{{0,60}}(?:secret|token|password|key)[\w.-]{{0,30}}[ \t]+{_VALUE}")),
    ("useradd", lazy(rf"\b(?:useradd|usermod|adduser)\b[^\n|;]{{0,200}}?[ \t](?:-p|--password)[ \t]{{1,4}}{_VALUE}")),
    ("curl", lazy(rf"\b(?:curl|http|https|httpie|wget|xh|hurl|ab|siege)\b[^\n|;]{{0,200}}?[ \t](?:-u|--user|--proxy-user|-U|-a|--auth|-A)[ \t=]{{0,4}}{_VALUE}")),
    ("cookie", lazy(r"\bcurl\b[^\n|;]{0,200}?[ \t](?:-b|--cookie)[ \t=]{1,4}[\"']?[\w.-]{1,60}=(?P<bare>[^\s\"';]{6,2000})")),
    ("directive", lazy(rf"(?m)^[ \t]*(?:requirepass|masterauth|bindpw|rootpw|passwd|password|secret|enable[ \t]+(?:secret|password)(?:[ \t]\d)?|username[ \t]+\S{{1,60}}[ \t]+(?:password|secret)(?:[ \t]\d)?|snmp-server[ \t]+community)[ \t]+{_VALUE}[ \t]*(?:$|[ \t]R[OW]\b)")),
    ("expect", lazy(r"\bsend(?:[ \t]+--)?[ \t]+\"(?P<bare>[^\"\n]{3,200}?)\\[rn]\"")),
    ("hashed", lazy(r"\{(?:S?SHA\d{0,3}|S?MD5|CRYPT|crypt|ssha\d{0,3})\}(?P<bare>[A-Za-z0-9+/=$.]{12,400})")),
    ("addlogin", lazy(r"(?i)\bsp_(?:addlogin|password|change_users_login)\b[^\n;]{0,100}?,\s{0,4}(?:@\w{1,20}\s{0,4}=\s{0,4})?N?'(?P<bare>[^'\n]{3,200})'")),
)  # fmt: skip
"""A word that must occur, and how the command takes its password."""
_SET = lazy(
    rf"\b(?:setx|set[ \t]+-[a-zA-Z]{{1,4}}|setenv|ENV|ARG)[ \t]{{1,4}}(?P<name>[\w.]{{1,80}})[ \t]{{1,4}}{_VALUE}"
)
"""Variables set without an equals sign."""
_NETRC = lazy(
    rf"(?m)(?:^[ \t]*|\s)(?:machine[ \t]+\S{{1,200}}|(?<=\n)default|login[ \t]+\S{{1,200}})\s+(?:(?:login|account)[ \t]+\S{{1,200}}\s+)?(?:password|passwd)[ \t]+{_VALUE}"
)
_PGPASS = lazy(
    r"(?m)^[^\s:#\"'(){}=]{1,200}:(?:\d{2,5}|\*):[^\s:\"'(){}]{1,100}:[^\s:\"'(){}]{1,100}:(?P<bare>(?:[^\n\\]|\\.){2,200})$"
)
_HTPASSWD = lazy(r"(?m)^[\w.@-]{1,60}:(?P<bare>(?:\$\w{1,8}\$|\{SHA\})[^\s:]{8,200}|[./A-Za-z0-9]{13})(?=$|:)")
_DOUBTFUL = ("configure", "directive", "expect")
"""Patterns that sentences meet, too: the value must look like a secret."""
_NETRC_WORDS = ("machine", "default", "login")


def find(page: Page) -> Iterator[Span]:
    """The secrets that a text's commands are given."""
    if "-" in page.text and page.has(*_FLAGGED):
        yield from _flags(page)
    for word, pattern in _SHORT:
        if page.has(*_ALIASES.get(word, (word,))):
            yield from _short(page, word, pattern)
    if page.has("set", "env ", "arg "):
        yield from _set(page)
    yield from _files(page)


def _set(page: Page) -> Iterator[Span]:
    for match in _SET.finditer(page.text):
        if named(match["name"]) and bare(_given(match), named(match["name"]), settings=True):
            yield _span(match)


def _files(page: Page) -> Iterator[Span]:
    """The files in which commands look their passwords up."""
    if page.has("password", "passwd") and page.has(*_NETRC_WORDS):
        yield from (_span(match) for match in _NETRC.finditer(page.text) if not templated(_given(match)))
    if ":" in page.text:
        yield from (_span(match) for match in _PGPASS.finditer(page.text))
        if page.has(":$", ":{sha}"):
            yield from (_span(match) for match in _HTPASSWD.finditer(page.text))


_FLAGGED = "pass pwd pw token secret key credential pin otp senha contrasena".split()
_ALIASES = {
    "passphrase": ("ssh-keygen", "ssh-add"),
    "mysql": ("mysql", "mariadb", "mycli"),
    "login": ("docker", "podman", "buildah", "skopeo", "az login", "helm", "oc login", "nerdctl", "crane", "cf login"),
    "mongo": ("mongo", "influx", "clickhouse-client"),
    "ldap": ("ldap",),
    "sqlcmd": ("sqlcmd", "bcp", "osql", "isql", "mosquitto", "xfreerdp", "rdesktop", "psexec", "impacket", "winexe"),
    "7z": ("7z", "rar"),
    "openssl": ("pass:", "openssl"),
    "net use": ("net use",),
    "net user": ("net user",),
    "cmdkey": ("/pass", "/pwd", "/p:"),
    "echo": ("echo", "printf"),
    "lftp": ("ftp",),
    "smbclient": ("smbclient", "rpcclient", "mount.cifs"),
    "sqlplus": ("sqlplus", "expdp", "impdp", "sqlldr", "rman "),
    "npm": ("config set",),
    "configure": ("configure", "config"),
    "useradd": ("useradd", "usermod", "adduser"),
    "curl": ("curl", "http", "wget"),
    "cookie": ("curl",),
    "directive": ("requirepass", "masterauth", "bindpw", "rootpw", "passwd", "password", "secret", "community"),
    "expect": ("spawn", "expect", "assword:"),
    "hashed": ("sha", "md5}", "crypt}"),
    "addlogin": ("sp_",),
}


def _flags(page: Page) -> Iterator[Span]:
    for match in _FLAG.finditer(page.text):
        value = _given(match)
        quoted = match["bare"] is None
        if (
            not (templated(value) or only(value))
            and not value.startswith(("-", "$", "<"))
            and (quoted or len(value) >= 4)
            and not _option(value, quoted)
        ):
            yield _span(match)


def _option(value: str, quoted: bool) -> bool:
    """Whether what follows a flag is a sentence's next word and no value."""
    return not quoted and (
        value.lower() in _WORDS or value.endswith((".", ":", ")", "]")) or value.startswith(("(", "[", "|"))
    )


_WORDS = frozenset(
    "flag flags option options argument is are and or to for with from the a an in on of if when as can must not should will file was stdin".split()
)


def _short(page: Page, word: str, pattern: re.Pattern[str]) -> Iterator[Span]:
    for match in pattern.finditer(page.text):
        value = _given(match)
        if templated(value) or value.startswith(("-", "$")):
            continue
        if word == "curl":
            user, colon, password = value.partition(":")
            if colon and password and not templated(password) and "/" not in user:
                span = _span(match)
                yield Span(span.start + len(user) + 1, span.end, span.rule)
        elif word not in _DOUBTFUL or secretive(value):
            yield _span(match)


def _given(match: re.Match[str]) -> str:
    return next(
        match[name] for name in ("double", "single", "bare") if name in match.re.groupindex and match[name] is not None
    )


def _span(match: re.Match[str]) -> Span:
    name = next(
        name for name in ("double", "single", "bare") if name in match.re.groupindex and match[name] is not None
    )
    return Span(*match.span(name), "argument")
