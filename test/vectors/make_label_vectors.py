"""Golden vectors of the metrics of labels: chunk scores by conlleval and seqeval, ranks by GRU4Rec's formulas.

Needs conlleval.pl (version 2004-01-26, of the CoNLL-2000 task; perl), seqeval 1.2 and numpy, outside of this repository.
Run from the root of the repository: python3 test/vectors/make_label_vectors.py path/to/conlleval.pl
Writes label-metrics.json beside this file. conlleval counts chunks and prints shares in percent to two places; seqeval
counts the chunks of each type.
"""
import json
import pathlib
import random
import re
import subprocess
import sys

import numpy
from seqeval.metrics.sequence_labeling import get_entities

TYPES = ["city", "day", "to-city", "time.start"]

random.seed(30)


def digits(numbers):
    return [int(x) if x == int(x) else float(f"{x:.10g}") for x in numbers]


def tags(length, untyped=False):
    """Any B, I and O in any order: sequences that no scheme allows too."""
    types = ["", *TYPES[:1]] if untyped else TYPES[: random.randint(1, 4)]
    made = []
    for _ in range(length):
        kind = random.choice(types)
        prefix = random.choice("OBI" if random.random() < 0.6 else "OII")
        made.append("O" if prefix == "O" else f"{prefix}-{kind}" if kind else prefix)
    return made


def altered(sentence):
    return [tag if random.random() < 0.7 else random.choice(["O", *tags(3)]) for tag in sentence]


EDGES = [
    ([["O", "O"]], [["O", "O"]]),
    ([["B-city"]], [["I-city"]]),
    ([["B-city", "I-city"]], [["O", "O"]]),
    ([["O", "O"]], [["B-city", "I-city"]]),
    ([["B-city", "B-city"]], [["B-city", "I-city"]]),
    ([["B-city", "I-day"]], [["B-city", "B-day"]]),
    ([["I-city", "I-day", "I-city"]], [["B-city", "B-day", "B-city"]]),
    ([["B-city"], ["I-city"]], [["B-city"], ["B-city"]]),
    ([["B-city", "I-city", "I-city"]], [["B-city", "I-city", "O"]]),
    ([["B-city", "I-city", "I-city"]], [["O", "I-city", "I-city"]]),
    ([["B-city", "I-city"]], [["B-day", "I-city"]]),
    ([["B", "I", "O", "I"]], [["I", "I", "O", "B"]]),
    ([["B", "I-city"]], [["B", "I"]]),
    ([["O"], ["B-day", "O"]], [["I-day"], ["B-day", "O"]]),
]


def conlleval(program, right, predicted):
    sentences = ["".join(f"w {a} {b}\n" for a, b in zip(*both)) for both in zip(right, predicted)]
    run = subprocess.run(["perl", program], input="\n".join(sentences), capture_output=True, text=True, check=True)
    counts = re.search(r"with (\d+) phrases; found: (\d+) phrases; correct: (\d+)", run.stdout).groups()
    shares = r"precision: +([\d.]+)%; recall: +([\d.]+)%; FB1: +([\d.]+)"
    overall = re.search(r"accuracy: +([\d.]+)%; " + shares, run.stdout).groups()
    types = re.findall(r"^ *(\S*): " + shares, run.stdout, re.MULTILINE)
    by_type = {name: digits(map(float, numbers)) for name, *numbers in types if name != "accuracy"}
    return list(map(int, counts)), digits(map(float, overall)), by_type


def seqeval(right, predicted):
    a, b = (set(get_entities(side)) for side in (right, predicted))
    names = sorted({name for name, *_ in a | b})
    count = lambda chunks, name: sum(chunk[0] == name for chunk in chunks)
    return {name.replace("_", ""): [count(a, name), count(b, name), count(a & b, name)] for name in names}


def case(program, right, predicted):
    counts, overall, shares = conlleval(program, right, predicted)
    types = {name: [*numbers, *shares[name]] for name, numbers in seqeval(right, predicted).items()}
    assert set(types) == set(shares)
    texts = [" / ".join(" ".join(sentence) for sentence in side) for side in (right, predicted)]
    return [*texts, counts, overall, types]


def slots(program):
    cases = list(EDGES)
    while len(cases) < 220:
        untyped = random.random() < 0.1
        right = [tags(random.randint(1, 7), untyped) for _ in range(random.choice([1, 1, 1, 1, 2, 3]))]
        cases.append((right, [altered(s) if not untyped else tags(len(s), True) for s in right]))
    return [case(program, right, predicted) for right, predicted in cases]


def ranking():
    """Recall and MRR from the ranks of GRU4Rec's evaluation.py: its modes standard, conservative and median."""
    rows, items = random.randint(1, 4), random.randint(1, 8)
    scores = numpy.random.default_rng(random.getrandbits(32)).integers(0, random.choice([2, 4, 50]), (rows, items))
    targets = [random.randrange(items) for _ in range(rows)]
    k = random.randint(1, 5)
    wanted = scores[numpy.arange(rows), targets][:, None]
    above, equal = (scores > wanted).sum(axis=1), (scores == wanted).sum(axis=1)
    ranks = {"first": above + 1, "last": (scores >= wanted).sum(axis=1), "middle": above + 0.5 * (equal - 1) + 1}
    found = {mode: digits([(r <= k).mean(), ((r <= k) / r).mean()]) for mode, r in ranks.items()}
    return [scores.tolist(), targets, k, found]


def main():
    content = {"slots": slots(sys.argv[1]), "rankings": [ranking() for _ in range(200)]}
    path = pathlib.Path(__file__).parent / "label-metrics.json"
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n")


main()
