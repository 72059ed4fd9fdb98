"""What an uploaded letter template may contain: names, conditions and lists."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
from django.utils.translation import gettext_lazy as _
from docx.opc.constants import RELATIONSHIP_TYPE
from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment

from portal.core.errors import DomainError
from portal.core.text import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# No calls, no arithmetic, no filters: a template cannot compute, and so cannot use up memory or time.
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const, nodes.If, nodes.For,
    nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand,
)  # fmt: skip
DEEPEST = 2
PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"

UNREADABLE = _("This file cannot be read as a .docx document.")
ELSEWHERE = _("The document refers to a file outside of it. Please remove the link and insert the content.")


def template_check(content: bytes, names: Collection[str]) -> None:
    """Raise DomainError unless the .docx is a template that uses ``names`` alone.

    The sentence says which names are not known, or at which tag the template is wrong.
    """
    found: set[str] = set()
    environment = SandboxedEnvironment()
    for source in _sources(content):
        try:
            tree = environment.parse(source)
        except TemplateSyntaxError as error:
            words = _("A tag in the template is not complete or not closed: %(words)s") % {"words": error.message}
            raise DomainError(words, code="template-syntax") from None
        if _depth(tree) > DEEPEST or not all(_may_stand(node) for node in tree.find_all(nodes.Node)):
            raise DomainError(
                _("A template may use names, conditions (if) and lists (for) only, no functions and no calculations."),
                code="template-tags",
            )
        found |= meta.find_undeclared_variables(tree)
    refuse_names(found - set(names), names)


def refuse_names(unknown: Collection[str], known: Collection[str]) -> None:
    """Raise DomainError if there are ``unknown`` names, with the known ones in the sentence."""
    if unknown:
        words = {"unknown": listed(sorted(unknown)), "known": listed(sorted(known))}
        raise DomainError(
            _("A letter of this kind has no value named %(unknown)s. It has: %(known)s.") % words,
            code="template-names",
        )


def _sources(content: bytes) -> Iterator[str]:
    """Yield every part of the document in which docxtpl renders tags."""
    try:
        document = docx.Document(io.BytesIO(content))
        template = DocxTemplate(io.BytesIO(content))
        template.init_docx()
        sources = [template.patch_xml(template.get_xml())]
        for uri in (template.HEADER_URI, template.FOOTER_URI):
            sources += [
                template.patch_xml(template.get_part_xml(part)) for _key, part in template.get_headers_footers(uri)
            ]
        parts = list(document.part.package.iter_parts())
        sources += [template.patch_xml(part.blob.decode("utf-8")) for part in parts if part.content_type == FOOTNOTES]
        sources += [str(getattr(document.core_properties, name)) for name in PROPERTIES]
        relations = [relation for part in parts for relation in part.rels.values()]
    except Exception:  # python-docx and lxml raise errors of many kinds on a damaged file
        raise DomainError(UNREADABLE, code="template-unreadable") from None
    if any(relation.is_external and relation.reltype != RELATIONSHIP_TYPE.HYPERLINK for relation in relations):
        raise DomainError(ELSEWHERE, code="template-elsewhere")
    yield from sources


def _may_stand(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        return False
    return isinstance(node, ALLOWED)


def _depth(node: nodes.Node) -> int:
    """Return how many lists are nested in one another."""
    return isinstance(node, nodes.For) + max((_depth(child) for child in node.iter_child_nodes()), default=0)
