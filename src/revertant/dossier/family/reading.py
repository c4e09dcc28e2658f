"""How hard a text is to read: the Flesch-Kincaid grade level, from counts of sentences, words and syllables.

The formula is that of Kincaid, Fishburne, Rogers and Chissom (Research Branch Report 8-75, Naval Technical Training
Command, February 1975; https://stars.library.ucf.edu/istlibrary/56). It knows nothing of meaning: a low grade is a
condition for a plain text, and no proof of one. Syllables are counted by rule, with a list of the exceptions among the
words of our sentences. A name in capitals is counted as it is spelt out (``HBB`` has three syllables, ``W`` has three).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

__all__ = ["METHOD", "grade_level", "sentences_of", "syllables", "words_of"]

METHOD = "Flesch-Kincaid"
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_END = re.compile(r"(?<=[.?!:])[”\"')]*\s+")
_VOWELS = re.compile(r"[aeiouy]+")
#: What the rules get wrong in words that our sentences use; syllables as in the CMU Pronouncing Dictionary.
_KNOWN = {
    "anyone": 3, "area": 3, "australia": 3, "being": 2, "create": 2, "diet": 2, "different": 2,
    "disease": 2, "diseases": 3, "doing": 2, "european": 4, "every": 2, "gene": 1, "genes": 1, "going": 2,
    "idea": 3, "ideas": 3, "leukaemia": 4, "likely": 2, "medicine": 3, "medicines": 3, "ones": 1,
    "opinion": 3, "people": 2, "quiet": 2, "safety": 2, "science": 2, "someone": 2, "something": 2,
    "sometimes": 2, "somewhere": 2, "therefore": 2, "trial": 2, "trials": 2, "union": 2, "used": 1,
    "whole": 1,
}  # fmt: skip


def sentences_of(text: str) -> tuple[str, ...]:
    """Cut a text into sentences; a colon ends one too.

    Examples
    --------
    >>> sentences_of("It is so. Is it? Yes: it is")
    ('It is so.', 'Is it?', 'Yes:', 'it is')
    """
    return tuple(part.strip() for part in _END.split(text) if _WORD.search(part))


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text.

    Examples
    --------
    >>> words_of("It isn't T-cells.")
    ('It', "isn't", 'T', 'cells')
    """
    return tuple(_WORD.findall(text))


@cache
def syllables(word: str) -> int:
    """Count the syllables of a word.

    Examples
    --------
    >>> [syllables(word) for word in ("gene", "treatment", "body", "tested", "places", "HBB", "idea")]
    [1, 2, 2, 2, 2, 3, 3]
    """
    if len(word) > 1 and word == word.upper():
        return sum(3 if letter == "W" else 1 for letter in word)
    low = word.lower().replace("’", "'")
    if low in _KNOWN:
        return _KNOWN[low]
    if low.isdigit():
        return len(low)
    stem = re.sub(r"'(s|t|re|ve|ll|d|m)$", "", low)
    count = len(_VOWELS.findall(stem))
    if re.search(r"[^aeiouyl]e$", stem) or re.search(r"[aeiouy]le$", stem):
        count -= 1  # a silent e: "gene", "whole"; "table" keeps its last syllable
    elif re.search(r"[^aeiouytd]ed$|[^aeiouyszxcg]es$", stem) and not re.search(
        r"(ch|sh|[^aeiouy]l)es$", stem
    ):
        count -= 1  # "changed", "genes"; "tested", "places" and "tables" keep theirs
    count += len(re.findall(r"i[ao](?![nu]s?\b)|[^tscg]io|[aeo]ing\b|ia$|eo(?!p)|[^q]u[ao]", stem))
    count -= len(re.findall(r"[ct]ial?(?!t)", stem))
    return max(count, 1)


def grade_level(texts: Iterable[str]) -> float:
    """Return the Flesch-Kincaid grade level of texts taken together.

    Parameters
    ----------
    texts
        Paragraphs and items of lists; each ends its last sentence.

    Examples
    --------
    >>> round(grade_level(["The cat sat on the mat."]), 2)
    -1.45
    """
    sentences = [sentence for text in texts for sentence in sentences_of(text)]
    words = [word for sentence in sentences for word in words_of(sentence)]
    if not words:
        return 0.0
    count = sum(map(syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * count / len(words) - 15.59
