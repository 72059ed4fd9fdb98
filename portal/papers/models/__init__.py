"""Models of numbers, letters and certificates."""

from portal.papers.models.certificates import Certificate
from portal.papers.models.letters import LetterTemplate
from portal.papers.models.numbers import AgencyWord, NumberSeries, TakenNumber

__all__ = ["AgencyWord", "Certificate", "LetterTemplate", "NumberSeries", "TakenNumber"]
