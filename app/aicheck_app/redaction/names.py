"""Which names are names of secrets, in programs and settings, in some thirty languages.

A name is found by its root (``password``, ``token``, ``senha``) and judged by
its other words: ``max_tokens`` counts, ``token_type`` is about a token,
``api_key`` is a key that opens something and ``primary_key`` is not.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

NONE, RANDOM, WEAK, LIKELY, STRONG = range(5)
"""How much a name says of its value. RANDOM: about a secret (``token_type``), the value goes only if it looks drawn by
chance; WEAK: often a secret's (``token``), the value must look like one; LIKELY: words with a number (``Zebra-Lake-77``)
go, too; STRONG: it goes unless it can't be a secret."""


def _spelled(names: str) -> list[str]:
    """Names, with ``~`` written in each way that joins two words."""
    return [
        name.replace("~", sign) for name in names.split() for sign in (("", "_", "-", " ") if "~" in name else ("",))
    ]


_STRONG = _spelled(
    "password passwd pass~phrase pass~code pass~word passwrd passwort pword pswd paswd psswd pwd pw pin otp totp cvv cvc"
    " secret credential mnemonic seed~phrase seed~words recovery~phrase recovery~words recovery~code backup~code"
    " security~answer security~code storepass keypass dbpass userpass rootpass passin passout phpsessid jsessionid"
    " kennwort kennwoert geheimnis segreto segredo secreto contrase contrasenya mot~de~passe mdp senha palavra~passe"
    " haslo heslo wachtwoord wagwoord losenord loesenord salasana sifre parola jelszo lozink adgangskode kodeord passord"
    " geslo kata~sandi sandi mat~khau slaptazod parool lykilor pasahitza fjalekalim facal~faire katasandi laosungsort"
)
_STRONG_ELSEWHERE = _spelled(
    "парол секрет пасворд лозинк 密码 密碼 口令 密钥 密鑰 秘钥 秘密鍵 秘密键 パスワード パスフレーズ 暗証番号 合言葉 비밀번호 암호 비번 hasło hašlo"
    " lösenord şifre jelszó mật~khẩu κωδικ συνθηματικ סיסמ كلمة~المرور كلمة~السر كلمه~المرور كلمه~السر رمز~عبور رمز~المرور"
    " گذرواژه पासवर्ड รหัสผ่าน slaptažod fjalëkalim"
)
_WEAK = "token key pass salt pepper auth pat jwt psk cred bearer seed signature dsn clave chave chiave schluessel anahtar klucz sleutel nyckel jeton".split()
_WEAK_ELSEWHERE = "clé schlüssel ключ токен 令牌 トークン 토큰 鍵".split()
_ASCII = sorted(_STRONG + _WEAK, key=len, reverse=True)
_OTHERS = sorted(_STRONG_ELSEWHERE + _WEAK_ELSEWHERE, key=len, reverse=True)
_TELLING = [
    "token",
    "-key",
    "_key",
    ".key",
    "apikey",
    *(root for root in _STRONG + _STRONG_ELSEWHERE if len(root) > 3 or not root.isascii()),
]
_SURE = frozenset(_STRONG + _STRONG_ELSEWHERE)
_OPENING = tuple(
    "access account admin aes api app application auth authentication cipher client consumer crypt customer decrypt"
    " decryption deploy device enc encrypt encryption hmac instrumentation integration jwt license licence master"
    " private priv preshared project rsa secret secure security server service session shared sign signing ssh"
    " storage subscription symmetric tls user vault webhook write host".split()
)
"""Before ``key``: what a key opens. Any other key (primary, foreign, sort) is none."""
_GRANTING = tuple(
    "auth access refresh bearer api session csrf xsrf bot deploy registration oauth jwt sas security personal secret".split()
)
"""Before ``token``."""
_GUARDED = tuple(
    "store db database user username root mysql maria mariadb mongo smtp imap ftp mail email ldap proxy admin key trust redis postgres pg sql ssh sudo become"
    " ansible wifi wlan ap sta ssid mqtt http rabbit rabbitmq amqp vpn bind sa svc service account login auth net wp backup cert jks pfx p12 vnc rdp".split()
)
"""Before ``pass``."""
_WORDS = lazy(r"[A-Z]+(?![a-zß-ɏ])|[A-Z]?[a-zß-ɏ]+|\d+|[^\W\dA-Za-zß-ɏ_]+")
_WITHIN = frozenset(
    "pass pw pwd pin otp totp salt pepper auth pat jwt psk cvv cvc cred seed dsn mdp sandi geslo clé chave clave token"
    " bearer key signature parola sifre anahtar heslo haslo senha".split()
)
"""Roots that other words hold: they must be words of their own."""
_ABOUT = frozenset(
    "count counts counter length len size sizes max min limit limits type types field fields label labels name names"
    " id ids url uri urls endpoint path paths file files filename dir folder env var variable placeholder hint prompt"
    " message messages msg error errors regex pattern policy policies strength validator validation format formats"
    " class index idx position pos offset expiry expires expiration expired ttl timeout age lifetime scheme algorithm"
    " alg header headers param params prefix suffix kind is enabled required visible valid invalid ref refs reference"
    " provider manager service store storage source usage budget rate cost stream list iterator ed izer izers"
    " parser node nodes info status state style styles icon image button input inputs page view form screen"
    " dialog title text help description doc docs link reset mode option options config settings group groups row"
    " column columns table selector element el getter setter encoder decoder factory builder handler exception"
    " version at date time on by created updated check checker request response event changed rules rule bits".split()
)
"""Last words of names that are about a secret."""
_COUNTING = frozenset(
    "max min num total count avg is has no enable disable show hide forgot prompt completion n".split()
)
_BESIDE = frozenset(
    "my your the new old user db test a api access client word words phrase code de private master admin root app current"
    " confirm secret auth public login s default".split()
)


@lru_cache(maxsize=256)
def _pattern(present: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, present)))


def roots(lower: str) -> Iterator[re.Match[str]]:
    """Where a lower-case text holds roots of secrets' names."""
    present = tuple([root for root in _ASCII if root in lower])
    if not lower.isascii():
        present += tuple([root for root in _OTHERS if root in lower])
    return _pattern(present).finditer(lower) if present else iter(())


def mentions(text: str) -> bool:
    """Whether a text holds a root that is no word by chance."""
    lower = text.lower()
    return any(root in lower for root in _TELLING)


def only(text: str) -> bool:
    """Whether a text is nothing but the name of a secret."""
    words = [word.lower() for word in _WORDS.findall(text)]
    return bool(words) and all(
        word in _BESIDE or word in _SURE or word in ("token", "key", "pass") or word[:-1] in _SURE for word in words
    )


@lru_cache(maxsize=4096)
def named(name: str) -> int:
    """The highest level of what a whole name holds."""
    return max((level(name, *root.span()) for root in roots(name.lower())), default=NONE)


def level(name: str, start: int, end: int) -> int:
    """What a whole name says, with a root found in it at a place (code points)."""
    root = name[start:end].lower()
    if root in _WITHIN and not _own_word(name, start, end):
        return NONE
    words = [word.lower() for word in _WORDS.findall(name)]
    after = [word.lower() for word in _WORDS.findall(name[end:])]
    if words[0] in _COUNTING or (root == "token" and words[0] in ("input", "output")):
        return NONE
    strength = _strength(root, name[:start].lower().rstrip("_- "), after)
    return min(strength, RANDOM) if after and after[-1] in _ABOUT else strength


def _strength(root: str, before: str, after: list[str]) -> int:
    if root in _SURE:
        return STRONG
    if root == "key":
        return STRONG if before.endswith(_OPENING) else NONE
    if root == "token":
        return STRONG if before.endswith(_GRANTING) else WEAK
    if root == "pass":
        return STRONG if before.endswith(_GUARDED) else LIKELY
    if root == "psk":
        return STRONG
    return STRONG if root == "seed" and after[:1] in (["phrase"], ["words"]) else WEAK


def _own_word(name: str, start: int, end: int) -> bool:
    """Whether a part of a name is bounded by case, digits, signs or the name's ends, or by what keys and tokens are of."""
    before, first = name[start - 1 : start] if start else "", name[start]
    last, after = name[end - 1], name[end : end + 1]
    joined = name[:start].lower().endswith(_OPENING + _GRANTING + _GUARDED)
    free_before = not before.isalpha() or (first.isupper() and before.islower()) or joined
    free_after = not after.isalpha() or (after.isupper() and last.islower()) or name[end:].lower() in ("s", "entials")
    return free_before and free_after
