"""What a row says of where its number comes from: an address, words as read, arithmetic that is done again."""

import ast
import math
import operator
import re

ADDRESS = re.compile(r"https?://[\w-]+\.[\w.:-]+/\S+|github [\w.-]+/[\w.-]+ @[0-9a-f]{40} \S+")
_DERIVED = re.compile(r"DERIVED: (?P<sum>[^=;]+) = (?P<result>[\d.]+)(?=;|$)")
_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_FUNCTIONS = {"sqrt": math.sqrt, "log": math.log}


def worked_out(note):
    """Return what a note's arithmetic comes to, and the result as it stands there; None if it holds none."""
    found = _DERIVED.search(note)
    return (_value(ast.parse(found["sum"], mode="eval").body), found["result"]) if found else None


def _value(node):
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](_value(left), _value(right))
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return _FUNCTIONS[name](_value(argument))
    raise ValueError(f"no arithmetic: {ast.unparse(node)}")


def comes_to(value, shown):
    """Tell whether a number is what is shown, rounded to the digits shown."""
    return abs(value - float(shown)) <= 0.501 * 10.0 ** -len(shown.partition(".")[2])


def faults(tag, value, source, note):
    """Return what is wrong with the source of one number of the model; empty when nothing is."""
    wrong = []
    if tag == "PAGE" and not ADDRESS.search(source):
        wrong.append("PAGE, and its source names no address")
    if tag == "PAGE" and not re.search("As read: |DERIVED: ", note):
        wrong.append("PAGE, and its note says neither what was read nor how it was worked out")
    if "DERIVED" in note:
        done = worked_out(note)
        if done is None:
            wrong.append("derived, and its note holds no arithmetic")
        elif not comes_to(done[0], done[1]):
            wrong.append(f"arithmetic gives {done[0]:.6g}, not {done[1]}")
        elif not math.isclose(value, float(done[1]), rel_tol=1e-9):
            wrong.append(f"arithmetic gives {done[1]}, the table holds {value:g}")
    if "As read: " in note and not re.search(r"\d", note.partition("As read: ")[2].partition(";")[0]):
        wrong.append("as read, and no figure is quoted")
    return wrong
