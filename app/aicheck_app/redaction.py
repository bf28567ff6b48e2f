"""Secrets are taken out before anything is written: in excerpts, messages and paths.

Two layers: the published token formats of well-known providers, and for the
rest the shape of an assignment to a secret's name and high entropy. What goes
is replaced by ``[REDACTED:rule,length]`` so that a reader sees what went.
Formats as documented by the providers and collected by gitleaks
(https://github.com/gitleaks/gitleaks, config/gitleaks.toml).
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

from aicheck_checks.patterns import lazy

SHORTEST = 6
"""Code points: no shorter text holds anything that is taken out (an address such as ``a@b.de``)."""
_PROVIDERS = {
    "private-key": r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|\Z)",
    "aws-access-key": r"\b(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AROA)[A-Z0-9]{12,}\b",
    "anthropic-key": r"\bsk-ant-[A-Za-z0-9_-]{16,}",
    "openai-key": r"\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{16,}",
    "github-token": r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})",
    "gitlab-token": r"\bgl(?:pat|ptt|dt|rt|oas|soat|ft|cbt)-[A-Za-z0-9_-]{16,}",
    "slack-token": r"\bxox[a-z]-[A-Za-z0-9-]{10,}|\bxapp-[A-Za-z0-9-]{10,}",
    "webhook": r"https://(?:hooks\.slack\.com/(?:services|workflows)|discord(?:app)?\.com/api/webhooks|[\w.-]+\.webhook\.office\.com)/[\w/@.-]+",
    "stripe-key": r"\b(?:sk|pk|rk|whsec)_(?:live_|test_)?[A-Za-z0-9]{16,}",
    "google-key": r"\bAIza[A-Za-z0-9_-]{30,}|\bya29\.[A-Za-z0-9_-]{20,}|\bGOCSPX-[A-Za-z0-9_-]{20,}",
    "jwt": r"\bey[A-Za-z0-9_-]{8,}\.ey[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?",
    "npm-token": r"\bnpm_[A-Za-z0-9]{30,}",
    "pypi-token": r"\bpypi-[A-Za-z0-9_-]{30,}",
    "sendgrid-key": r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
    "twilio-key": r"\b(?:SK|AC)[0-9a-fA-F]{32}\b",
    "mailgun-key": r"\bkey-[0-9a-zA-Z]{32}\b",
    "mailchimp-key": r"\b[0-9a-f]{32}-us\d{1,2}\b",
    "telegram-token": r"\b\d{8,10}:A[A-Za-z0-9_-]{32,}",
    "discord-token": r"\b[MNO][A-Za-z\d_-]{23,27}\.[A-Za-z\d_-]{6}\.[A-Za-z\d_-]{27,}",
    "digitalocean-token": r"\bdo[opr]_v1_[a-f0-9]{32,}",
    "huggingface-token": r"\b(?:hf|api_org)_[A-Za-z0-9]{30,}",
    "shopify-token": r"\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}",
    "square-token": r"\bsq0[a-z]{3}-[A-Za-z0-9_-]{20,}|\bEAAA[A-Za-z0-9_-]{50,}",
    "databricks-token": r"\bdapi[a-f0-9]{32}(?:-\d)?\b",
    "vault-token": r"\bhv[sbr]\.[A-Za-z0-9_-]{20,}|\b[sb]\.[A-Za-z0-9]{24}\b",
    "generic-prefixed": r"\b(?:lin_api_|dop_v1_|rubygems_|dckr_pat_|figd_|glsa_|glc_|PMAK-|NRAK-|sntrys_|pscale_tkn_|atlasv1\.|eyJrIjoi|ATATT3|r8_|gsk_|xai-|pplx-|tvly-|fly_|vercel_|sbp_|cfut_|rnd_|shippo_live_|EZAK|duffel_live_|ghu_|pul-|doppler\.|dp\.[a-z]{2}\.)[A-Za-z0-9_=.-]{10,}",
    "azure-key": r"(?i:AccountKey|SharedAccessKey|SharedAccessSignature|sig)=[A-Za-z0-9+/%=_-]{20,}",
    "url-password": r"(?<=://)(?!\[REDACTED)[^\s/:@\"'<>]{0,64}:[^\s/@\"'<>]{2,}(?=@)|(?<=:)[^\s:@/'\"<>\[\]]{6,}(?=@[\w-]+\.)",
    "authorization": r"(?i:\b(?:bearer|basic|token)\s+)[A-Za-z0-9+/._~=-]{12,}",
    "email": r"\b[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b",
}
_NAMED = lazy(
    r"(?i)((?:[\w.-]*(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key|"
    r"auth[_-]?key|credential|client[_-]?secret|encryption[_-]?key|signing[_-]?key|session[_-]?key|db[_-]?pass|"
    r"connection[_-]?string|salt|pin|otp)[\w.-]*)[\"'\])]{0,3}\s*(?:=>|:=|[:=])\s*[bfruBFRU]{0,2}[\"'`]?)([^\s\"'`,;(){}\[\]<>]{4,})"
)
_ARGUMENT = lazy(r"(?i)(--?(?:password|passwd|token|secret|api-?key|access-?key|pass)[ =])(\S{3,})")
_CANDIDATE = lazy(r"[A-Za-z0-9+/_=-]{20,}")
_HARMLESS = lazy(
    r"(?i)^(?:none|null|true|false|str|int|bytes|os|self|config|settings|env|getenv|optional|args|kwargs|request|data)\b"
)
_IDENTIFIER = lazy(r"[A-Za-z_.]+")
_OWN = lazy(r"\[REDACTED:[a-z-]+,\d+\]")


@lru_cache(maxsize=1)
def _provider() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<r{n}>{pattern})" for n, pattern in enumerate(_PROVIDERS.values())))


def redact(text: str) -> str:
    """The text without secrets."""
    if len(text) < SHORTEST:
        return text
    names = list(_PROVIDERS)
    text = _provider().sub(lambda m: _mark(names[int((m.lastgroup or "r0")[1:])], m[0]), text)
    text = _NAMED.sub(_named, text)
    text = _ARGUMENT.sub(lambda m: m[1] + _mark("argument", m[2]), text)
    return _CANDIDATE.sub(lambda m: _mark("entropy", m[0]) if _random(m[0]) else m[0], text)


def redact_path(path: str) -> str:
    """A path without secrets: provider formats alone, since names of files and folders look like anything else."""
    names = list(_PROVIDERS)
    return _provider().sub(lambda m: _mark(names[int((m.lastgroup or "r0")[1:])], m[0]), path)


def _mark(rule: str, secret: str) -> str:
    return f"[REDACTED:{rule},{len(secret)}]"


def _named(match: re.Match[str]) -> str:
    value = match[2]
    quoted = match[1][-1:] in "\"'`"
    if value.startswith("[REDACTED") or _HARMLESS.match(value) or (not quoted and _IDENTIFIER.fullmatch(value)):
        return match[0]
    return match[1] + _mark("assignment", value)


def _random(word: str) -> bool:
    """Whether a word looks drawn by chance: mixed characters, high entropy, no plain words."""
    kinds = sum(bool(re.search(kind, word)) for kind in ("[a-z]", "[A-Z]", r"\d"))
    if kinds < 2 or (not re.search(r"\d", word) and kinds < 3 and "_" in word):
        return False
    if re.fullmatch(r"[0-9a-f]{20,}|[0-9A-F]{20,}", word):
        return True
    parts = [part for part in re.split(r"[_/=+-]|(?<=[a-z])(?=[A-Z])", word) if part]
    longest = max((len(part) for part in parts), default=0)
    return _entropy(word) >= 3.6 and (longest >= 12 or bool(re.search(r"\d", word) and kinds == 3 and len(word) >= 24))


def _entropy(word: str) -> float:
    """Shannon entropy in bits a character."""
    size = len(word)
    return -sum(n / size * math.log2(n / size) for n in (word.count(c) for c in set(word)))


def count(text: str) -> int:
    """How many redactions a text carries."""
    return len(_OWN.findall(text))


def leaks(text: str) -> list[str]:
    """The names of the provider formats that still occur in a text, for a last look at a finished file."""
    names = list(_PROVIDERS)
    return sorted({names[int((m.lastgroup or "r0")[1:])] for m in _provider().finditer(text)})
