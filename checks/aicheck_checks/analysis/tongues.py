"""Words for "the rest" and "stays as it was" in other languages than English, by which markers of left-out code are known."""

from __future__ import annotations

import re

from aicheck_checks.patterns import lazy

_REST = lazy(
    # Spanish, Portuguese, French, Italian, German, Dutch, Polish
    r"\b(?:resto|restantes?|dem[áa]s|otr[ao]s|existentes?|outr[ao]s|reste|restante?s?|existante?s?|autres|esistent[ei]|rimanent[ei]|altr[ei]|"
    r"restliche[rnms]?|übrige[rnms]?|bestehende[rnms]?|vorhandene[rnms]?|bisherige[rnms]?|overige|bestaande|reszta|pozostał\w{1,3}|istniejąc\w{1,3})\b",
    re.IGNORECASE,
)
_REST_ELSEWHERE = lazy(
    # Russian, Ukrainian, Turkish, Indonesian, Vietnamese
    r"\b(?:остальн\w{1,4}|существующ\w{1,4}|прежн\w{1,4}|решта|інш\w{1,3}|існуюч\w{1,3}|geri kalan\w{0,3}|mevcut|diğer|sisanya|kode yang ada|còn lại|hiện có)\b|"
    # Chinese, Japanese, Korean, Arabic, Hindi
    r"其余|其餘|剩余|剩餘|其他|其它|现有|現有|原有|之前的|残り|既存|他の|その他|나머지|기존|بقية|الباقي|बाकी|शेष",
    re.IGNORECASE,
)
_STAYS = lazy(
    r"\b(?:igual(?:es)?|sin cambios|sin modificar|permanecen?|se mantienen?|omitid[ao]s?|sem altera\w{2,6}|sem mudan\w{2,5}|mant[eé]m|inalterad[ao]s?|"
    r"inchangée?s?|identiques?|sans changements?|sans modification|omise?s?|invariat[aoei]|rimang?ono|rimane|come prima|omess[aoei]|"
    r"unverändert\w{0,2}|bleib(?:t|en)|wie (?:zuvor|bisher|vorher)|ausgelassen|gekürzt|ongewijzigd|blijft|weggelaten|bez zmian|pominięt\w{1,3})(?:\b|(?=\W|$))",
    re.IGNORECASE,
)
_STAYS_ELSEWHERE = lazy(
    r"\b(?:без изменений|не изменил\w{1,3}|остаётся|остается|остаются|опущен\w{0,2}|как раньше|без змін|değişmedi|aynı|tidak berubah|tetap|giữ nguyên)(?:\b|(?=\W|$))|"
    r"保持不变|保持不變|保持原样|不变|不變|省略|同上|変更なし|そのまま|同じ|以下同様|변경 ?없|그대로|동일|생략|كما هو|بدون تغيير|वही|अपरिवर्तित",
    re.IGNORECASE,
)


def strength(comment: str, *, framed: bool) -> int:
    """How surely a comment in another language says that code was left out: 2 surely, 1 perhaps, 0 not."""
    rest = any(pattern.search(comment) for pattern in (_REST, _REST_ELSEWHERE))
    stays = any(pattern.search(comment) for pattern in (_STAYS, _STAYS_ELSEWHERE))
    if rest and stays:
        return 2
    return (2 if framed and rest else 1) if framed and (rest or stays) else 0
