"""Splice switching: what is spliced is changed, not what is coded.

Two aims: to leave out an exon, so that a message broken elsewhere is read in frame again, and to hide a wrong splice
site that an allele has made. Four means serve both: an antisense oligo that covers the place on the RNA, a base
editor that breaks the two letters of a site, one cut beside it, and two cuts around it. So this modality builds on
base editing and nucleases. Scores tell how well a sequence fits a splice site; what is spliced only RNA shows.
"""

from revertant.modality.splice_switching.modality import SPLICE_SWITCHING, SpliceSwitching

__all__ = ["SPLICE_SWITCHING", "SpliceSwitching"]
