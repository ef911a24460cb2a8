"""A formula ready to run: its text, its tree, the names that it reads, and a Python function made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tariffs.compiling import OF_A_LINE, Compiled, compile_tree
from tariffs.formulas import ExpressionError, Node, parse

__all__ = ["Expression", "ExpressionError", "Node", "any_of", "compile_expression", "parse"]


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula ready to run, with the names that it reads."""

    text: str
    tree: Node
    run: Compiled
    names: tuple[str, ...]
    # It answers differently for each line; if not, for the consignment.
    reads_line: bool


def compile_expression(
    text: str, *, known: frozenset[str] | None = None, of_line: frozenset[str] = frozenset()
) -> Expression:
    """Return the formula; raises ExpressionError for what is not understood or names not in `known`.

    The names `of_line` are read from the line, all others from the consignment.
    """
    formula = _compiled(text, of_line)
    if known is not None:
        _check_names(formula.tree, text=text, known=known)
    return formula


def any_of(formulas: Sequence[Expression], *, of_line: frozenset[str] = frozenset()) -> Compiled | None:
    """Return a function that tells whether any of the formulas holds; None where there is none."""
    if not formulas:
        return None
    tree, *others = [formula.tree for formula in formulas]
    for other in others:
        tree = Node("or", None, (tree, other), other.position)
    return compile_tree(tree, text=" or ".join([formula.text for formula in formulas]), of_line=of_line)


@lru_cache(maxsize=4096)
def _compiled(text: str, of_line: frozenset[str]) -> Expression:
    # One text stands in many editions of a pack.
    tree = parse(text)
    names = tuple(dict.fromkeys([node.value for node in _nodes(tree) if node.kind == "name"]))
    calls = [node.value for node in _nodes(tree) if node.kind == "call"]
    reads_line = not of_line.isdisjoint(names) or not OF_A_LINE.isdisjoint(calls)
    return Expression(text, tree, compile_tree(tree, text=text, of_line=of_line), names, reads_line)


def _check_names(tree: Node, *, text: str, known: frozenset[str]) -> None:
    for node in _nodes(tree):
        if node.kind == "name" and node.value not in known:
            raise ExpressionError(f"the name {node.value!r} is not known", text=text, position=node.position)


def _nodes(tree: Node) -> list[Node]:
    """Children go before what they belong to, as they stand in the text."""
    return [*[node for child in tree.children for node in _nodes(child)], tree]
