"""A sequence with an edit is found on the reference, on either strand, once or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome import Reference
from revertant.model import Variant
from revertant.sequence import reverse_complement
from revertant.variant import normalise, resolve, resolve_edit

LEFT, RIGHT = "ATTGCGACCTAGGATCCATTCA", "GGCTTAACCGTAGCATTTGCAC"


@given(st.text("ACGT", min_size=1, max_size=4), st.text("ACGT", min_size=1, max_size=4), st.booleans())
def test_equals_the_variant_it_names(ref, alt, minus):
    if ref == alt:
        return
    reference = Reference.from_sequences(
        {"chr1:101-200": "TTTT" + LEFT + ref + RIGHT + "T" * (96 - 44 - len(ref))}
    )
    text = f"{LEFT}({ref}/{alt}){RIGHT}"
    if minus:
        flipped = [reverse_complement(part) for part in (RIGHT, ref, alt, LEFT)]
        text = f"{flipped[0]}({flipped[1]}/{flipped[2]}){flipped[3]}"
    wanted = normalise(Variant("chr1", 104 + len(LEFT), ref, alt), reference)
    assert resolve_edit(text, reference) == wanted
    assert resolve(text, reference) == wanted


def test_insertion_and_deletion():
    reference = Reference.from_sequences({"s": LEFT + "ACG" + RIGHT})
    assert resolve_edit(f"{LEFT}(-ACG){RIGHT}", reference) == normalise(
        Variant("s", 22, "ACG", ""), reference
    )
    plain = Reference.from_sequences({"s": LEFT + RIGHT})
    assert resolve_edit(f"{LEFT}(+ACG){RIGHT}", plain) == normalise(Variant("s", 22, "", "ACG"), plain)


@pytest.mark.parametrize(
    ("text", "error", "code"),
    [
        ("ACGT(A/G)ACGT", InputError, "bad-edit-string"),
        (f"{LEFT}N(A/G){RIGHT}", InputError, "bad-edit-string"),
        (f"{LEFT}(C/G){RIGHT}", IncompatibleInputsError, "edit-not-found"),
        (f"{LEFT}(A/G)", IncompatibleInputsError, "edit-ambiguous"),
    ],
)
def test_what_cannot_be_placed_is_refused(text, error, code):
    reference = Reference.from_sequences({"s": LEFT + "A" + RIGHT + LEFT + "A"})
    with pytest.raises(error) as caught:
        resolve(text, reference, where="variants[0]")
    assert caught.value.code == code
    assert caught.value.remedy
    assert caught.value.where.startswith("variants[0]")
