"""Whom a panel holds and what of it was not used, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from revertant.model import Finding, Status
from revertant.offtarget.population.counts import PopulationIndex
from revertant.offtarget.population.haplotypes import ObservedCluster
from revertant.variant.panel import NOT_SEARCHED, PanelAccount
from revertant.variant.panel_samples import SampleTable

__all__ = ["Unused", "findings_of", "statement_of"]


@dataclass(slots=True)
class Unused:
    """Copies that could not be used, counted over the places (groups of neighbouring alleles) of a panel.

    Parameters
    ----------
    places
        Places looked at.
    unphased_people, unphased_places
        People whose alleles could lie on their copies in more than one way, added up over the places.
    copies, copies_places
        Copies not called, added up over the places.
    contradictory
        Copies with alleles that exclude each other, or whose order is not certain, among those.
    """

    places: int = 0
    unphased_people: int = 0
    unphased_places: int = 0
    copies: int = 0
    copies_places: int = 0
    contradictory: int = 0

    def note(self, cluster: ObservedCluster) -> None:
        """Count one place."""
        self.places += 1
        self.unphased_people += cluster.unphased
        self.unphased_places += cluster.unphased > 0
        self.copies += cluster.not_called
        self.copies_places += cluster.not_called > 0
        self.contradictory += cluster.contradictory


def statement_of(
    name: str,
    people: int,
    index: PopulationIndex,
    table: SampleTable | None,
    *,
    account: PanelAccount,
    unused: Unused,
) -> str:
    """Say whom the panel holds and what of it was not used."""
    contigs = ", ".join(f"{contig}:{start + 1}-{end}" for contig, start, end in account.extent[:5])
    more = f" and {len(account.extent) - 5} more contigs" if len(account.extent) > 5 else ""
    alleles = f"{account.alleles:,} {'allele' if account.alleles == 1 else 'alleles'}"
    said = (
        f"{alleles} within {contigs}{more}" if account.extent else "nothing where the reference has sequence"
    )
    whom = f"{people:,} {'person' if people == 1 else 'people'}"
    parts = [
        f"The panel {name} holds {whom} and {said}. {_labels(index, table)}"
        " Haplotypes are counted as observed, copy by copy."
        if people
        else f"The file {name} lists sites without people, {said}: each allele was taken alone (unphased),"
        " with the frequency the file gives."
    ]
    if unused.unphased_people:
        at = f"at {unused.unphased_places:,} of {unused.places:,} places"
        parts.append(
            f"Where phase is unknown a person was not counted, {unused.unphased_people:,} times {at}."
        )
    if unused.copies:
        at = f"at {unused.copies_places:,} of {unused.places:,} places"
        parts.append(f"A copy was not called, or not usable, {unused.copies:,} times {at}.")
    if unused.contradictory:
        parts.append(
            f"{unused.contradictory:,} of these had alleles that exclude each other, or whose order is not certain."
        )
    structural = sum(count for reason, count in account.not_used if reason in NOT_SEARCHED)
    if structural:
        parts.append(f"{structural:,} symbolic or structural alleles were not searched.")
    left_out = account.tally.read - account.tally.kept
    if left_out:
        parts.append(f"{left_out:,} of {account.tally.read:,} records were not used.")
    return " ".join(parts)


def _labels(index: PopulationIndex, table: SampleTable | None) -> str:
    if table is None:
        return "No table of populations was given, so nobody has a label."
    groups = ", ".join(f"{name} {index.people_of(name):,}" for name in index.names)
    text = f"People by {table.column}: {groups or 'none'}; unlabelled {index.unlabelled:,}."
    if index.without_sample:
        text += f" {index.without_sample:,} of the table's people are not in the panel."
    return text


def findings_of(
    people: int, index: PopulationIndex, table: SampleTable | None, unused: Unused
) -> Iterator[Finding]:
    """Give a finding on labels, on phase, and on what was not called."""
    if not people:
        because = (
            "The panel lists sites, not people: alleles that lie together on a copy cannot be seen together."
        )
        yield Finding("population.phase", Status.CAUTION, because)
        return
    if table is None:
        yield Finding("population.labels", Status.UNKNOWN, "No table says which population people belong to.")
    elif index.unlabelled or index.without_sample:
        because = (
            "Some people have no population; they are counted apart."
            if index.unlabelled
            else ("Some people of the table are not in the panel.")
        )
        value = f"{index.unlabelled} of {people} unlabelled; {index.without_sample} labels without a sample"
        yield Finding("population.labels", Status.CAUTION, because, value)
    else:
        yield Finding("population.labels", Status.PASS, "Everybody in the panel has a population.")
    if unused.unphased_people:
        because = (
            "Where alleles are not phased, people with several of them near each other were not counted."
        )
        value = f"{unused.unphased_people} people, added up over {unused.unphased_places} places"
        yield Finding("population.phase", Status.CAUTION, because, value)
    else:
        because = "It is known of everybody which alleles lie together on a copy."
        yield Finding("population.phase", Status.PASS, because)
    if unused.copies:
        because = (
            "Copies that were not called, or have alleles that exclude each other, were not counted there."
        )
        value = f"{unused.copies} copies, added up over {unused.copies_places} places"
        yield Finding("population.not_called", Status.CAUTION, because, value)
