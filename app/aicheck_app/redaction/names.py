"""Which names are names of secrets, in programs and settings, in some twenty languages."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from aicheck_checks.patterns import lazy


class Level(IntEnum):
    """How much a name says of its value."""

    NONE = 0
    RANDOM = 1
    """About a secret (``token_type``): its value goes only if it looks drawn by chance."""
    WEAK = 2
    """Often a secret's, often not (``token``, ``pin``): the value must look like one."""
    STRONG = 3
    """A secret's: its value goes unless it can't be one."""


_KEYS = (
    "access account admin aes api app application auth authentication cipher client consumer crypt customer decrypt"
    " decryption deploy device enc encrypt encryption hmac instrumentation integration jwt license licence master"
    " private priv preshared project rsa secret secure security server service session shared sign signing ssh"
    " storage subscription symmetric tls user vault webhook write"
).split()
_TOKENS = "auth access refresh bearer api session csrf xsrf bot deploy registration oauth jwt sas security personal".split()
_STRONG = r"""
    pass~?(?:word|phrase|code|wd) passwrd passwort passwoerter pword pswd paswd psswd pwd kennw(?:o|ö|oe)rt
    geheim(?:nis|wort)? secret segreto segredo secreto credential mnemonic seed~?(?:phrase|words?)
    recovery~?(?:phrase|words?|codes?) backup~?codes? keystore~?pass truststore~?pass storepass keypass userpass
    dbpass rootpass passin passout security~?(?:answer|code|word) contrase motdepasse mot~de~passe mdp senha
    palavra~?passe clave~?(?:secreta|api|privada|acceso) парол секрет 密码 密碼 口令 密钥 密鑰 秘钥 秘密鍵 秘密键 パスワード パスフレーズ
    暗証番号 合言葉 비밀번호 암호 비번 ha(?:s|ś)(?:l|ł)o heslo wachtwoord wagwoord l(?:ö|o|oe)senord salasana şifre sifre
    parola jelsz(?:ó|o) lozink adgangskode kodeord passord geslo kata~?sandi sandi m(?:ậ|a)t~?kh(?:ẩ|a)u κωδικ
    συνθηματικ סיסמ كلمة~(?:المرور|السر) كلمه~(?:المرور|السر) رمز~(?:عبور|المرور) گذرواژه पासवर्ड รหัสผ่าน
    пасворд лозинк slapta(?:ž|z)od parool lykilor contrasenya pasahitza fjal(?:ë|e)kalim facal~?faire jshot
    phpsessid jsessionid asp\.net_sessionid pw pin otp totp cvv cvc
""".split()
"""Patterns in lower case, each beginning with a letter; ``~`` is what may stand between two words."""
_WEAK = r"""
    token pass salt pepper auth pat jwt psk creds? bearer authorization seed signature dsn clave chave clé
    chiave schl(?:ü|ue)ssel anahtar klucz sleutel nyckel jeton ключ токен 令牌 トークン 토큰 鍵
""".split()


def _together(stems: list[str]) -> str:
    """One pattern of many, by first letters: it is tried at every place of a text."""
    letters: dict[str, list[str]] = {}
    for stem in stems:
        letters.setdefault(stem[0], []).append(stem[1:].replace("~", "[_ -]"))
    return "|".join(f"{letter}(?:{'|'.join(rests)})" for letter, rests in letters.items())


_STRONG += [f"{kind}~?(?:access~?)?key" for kind in _KEYS] + [f"{kind}~?token" for kind in _TOKENS]
_ALL = _together(_STRONG + _WEAK)
STEM = lazy(_ALL)
"""Searched in lower case: what a name of a secret holds."""
STEMS_ONLY = lazy(rf"(?:my|your|the|new|old|user|db|test|a)?[_ -]?(?:(?:{_ALL})[_ .-]?){{1,6}}s?")
"""A text that is nothing but such names."""
_STRONG_STEM = lazy(_together(_STRONG))
_WORDS = lazy(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\dA-Za-z_]+")
_SHORT = lazy(r"pass|pw|pwd|pin|otp|totp|salt|pepper|auth|pat|jwt|psk|cvv|cvc|creds?|seed|dsn|mdp|sandi|geslo|clé|chave|clave|token|bearer")
"""Stems that other words hold: they must be words of their own."""
_ABOUT = frozenset(
    "count counts counter length len size sizes max min limit limits type types field fields label labels name names"
    " id ids url uri urls endpoint path paths file files filename dir folder env var variable placeholder hint prompt"
    " message messages msg error errors regex pattern policy policies strength validator validation format formats"
    " class index idx position pos offset expiry expires expiration expired ttl timeout age lifetime scheme algorithm"
    " alg header headers param params prefix suffix kind is enabled required visible valid invalid ref refs reference"
    " provider manager service store storage source usage budget rate cost stream list iterator type_ ed izer izers"
    " parser node nodes kind info status state style styles icon image button input inputs page view form screen"
    " dialog title text help description doc docs link reset mode option options config settings group groups row"
    " column columns table selector element el ref getter setter encoder decoder factory builder handler exception"
    " version at date time on by created updated check checker request response event changed rules rule".split()
)
_BEFORE = frozenset("max min num total count avg is has no enable disable show hide forgot input output prompt completion".split())
_PARTS = frozenset(
    "secretary secretariat passage passenger passive passing passed passes passport passthrough passthru pinned pinning"
    " pins ping pink pine pint authors author authority authenticated authentic authored salted salty seeds seeded"
    " seeding seedling tokens tokenize tokenizer tokenized tokenization tokenizers tokeniser passwordless patch"
    " path patterns pattern patient spinner".split()
)


@lru_cache(maxsize=4096)
def level(name: str, stem_start: int, stem_end: int) -> Level:
    """What a whole name says, with a stem found in it at a place (code points)."""
    stem = name[stem_start:stem_end].lower()
    strong = bool(_STRONG_STEM.fullmatch(stem))
    if _SHORT.fullmatch(stem) and not _own_word(name, stem_start, stem_end):
        return Level.NONE
    words = [word.lower() for word in _WORDS.findall(name)]
    if _BEFORE.intersection(words[:1]) and not (strong and words[0] in ("input", "output", "no")):
        return Level.NONE
    after = [word.lower() for word in _WORDS.findall(name[stem_end:])]
    if after and after[-1] in _ABOUT:
        return Level.RANDOM
    if not _own_word(name, stem_start, stem_end) and _PARTS.intersection(words):
        return Level.NONE
    return Level.STRONG if strong else Level.WEAK


def _own_word(name: str, start: int, end: int) -> bool:
    """Whether a part of a name is bounded by case, digits, signs or the name's ends."""
    before, first = name[start - 1 : start], name[start]
    last, after = name[end - 1], name[end : end + 1]
    free_before = not before.isalpha() or (first.isupper() and before.islower())
    free_after = not after.isalpha() or (after.isupper() and last.islower()) or name[end:] == "s"
    return free_before and free_after
