"""Telephone numbers: well-formed or not, set aside for fiction or not. The only user of `phonenumbers`."""

from __future__ import annotations

import re

import phonenumbers

_FICTION = re.compile(
    r"""\+(?:
      1\d{3}55501\d{2}                                                     # North America: 555-0100 to 0199
    | 44(?:7700900\d{3}|2079460\d{3}|1632960\d{3}|1(?:13|14|15|16|17|18|21|31|41|51|61)4960\d{3}
         |1914980\d{3}|2896496\d{3}|2920180\d{3}|3069990\d{3}|8081570\d{3}|9098790\d{3})     # Ofcom, drama
    | 4930(?:23125)\d{3} | 4969(?:90009)\d{3} | 4940(?:66969)\d{3} | 49221(?:4710)\d{3} | 4989(?:99998)\d{3}
    | 491713920\d{3} | 4917139200\d{2} | 49176040690\d{2}
    | 49152(?:28817386|28895456|54599371) | 49172(?:9925904|9968532|9973185)
    | 49173(?:4086309|9242337|9493628) | 49174(?:9091317|9464308)           # Bundesnetzagentur, drama numbers
    | 3532091\d{5,6}                                                       # ComReg, drama numbers
    | 33(?:19900|26191|35301|46571|53649|63998)\d{4}                       # ARCEP, audiovisual works
    | 61(?:[2378](?:5550|7010)\d{4}|4915701\d{2}|491570\d{3})              # ACMA, creative works
    )$""",
    re.VERBOSE,
)


def fault(text: str) -> str | None:
    """What is wrong with a number written with its country code; None when it is well-formed.

    Well-formed: a known country code and a possible count of digits. Whether it rings is not asked, so
    that numbers set aside for fiction pass.
    """
    if not text.startswith("+"):
        return f"`{text}` is not a phone number without its country code"
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return f"`{text}` is not a phone number"
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    words = {
        phonenumbers.ValidationResult.TOO_SHORT: "it has too few digits",
        phonenumbers.ValidationResult.TOO_LONG: "it has too many digits",
        phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "its area code is missing",
        phonenumbers.ValidationResult.INVALID_COUNTRY_CODE: "no country has that code",
    }
    return (
        f"`{text}` is not a phone number: {words.get(reason, 'its count of digits does not fit the country')}"
    )


def is_fictional(text: str) -> bool:
    """True for a number that a regulator has set aside for films, books and examples."""
    digits = "+" + re.sub(r"\D", "", re.split(r"[x#]|ext", text, maxsplit=1)[0])
    return bool(_FICTION.match(digits))
