from portal.inspections.models.findings import Finding
from portal.inspections.models.inspections import Inspection, Inspector, Score
from portal.inspections.models.rubrics import Rubric, RubricGrade, RubricItem, RubricVersion

__all__ = ["Finding", "Inspection", "Inspector", "Rubric", "RubricGrade", "RubricItem", "RubricVersion", "Score"]
