"""Golden vectors of the metrics of text: BLEU, chrF and 13a tokens by sacreBLEU, error rates by jiwer.

Needs sacrebleu 2.6 and jiwer 4 (python3 -m venv, outside of this repository).
Run from the root of the repository: python3 test/vectors/make_text_vectors.py
Writes text-metrics.json beside this file. All sentences are made here, from a list of words and a seed.
"""
import importlib.metadata
import json
import pathlib
import random

import jiwer
from sacrebleu.metrics import BLEU, CHRF
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a

WORDS = (
    "the a small red boat house river bridge Anna Tom sees crosses paints old and or in under it's don't "
    "well-known café naïve Straße ΟΔΟΣ İzmir 東京 駅 😀 👍🏽 3.14 1,000 2-3 -5 $20 50% e.g. U.S. (maybe) "
    '"so" [x] a/b x_y C++ &amp; &quot;hm&quot; &lt;b&gt; <skipped> R&D ... — … ¿qué? «oui» o\'clock @home #1 ~ ^ `t` a.b 7.'
).split()
PLAIN = WORDS[:18]
MARKS = [".", "!", "?", ",", ";", " .", "...", ".)", ""]
SPACES = [" "] * 20 + ["  ", "\t", "\u00a0", "\u3000", "\x1f", "-\n", "\n", "\ufeff"]

random.seed(20)


def sentence(longest=7):
    chosen = [random.choice(WORDS if random.random() < 0.5 else PLAIN) for _ in range(random.randint(1, longest))]
    text = chosen[0]
    for word in chosen[1:]:
        text += random.choice(SPACES) + word
    return text + random.choice(MARKS) + random.choice(["", "", "", " ", "\n"])


def altered(text):
    """The text with some words left out, doubled, exchanged or in another case."""
    words = text.split(" ")
    for _ in range(random.randint(0, 3)):
        n = random.randrange(len(words))
        words[n : n + 1] = random.choice([[], [words[n]] * 2, [random.choice(WORDS)], [words[n].swapcase()]])
        words = words or [random.choice(PLAIN)]
    return " ".join(words)


def corpus():
    references = []
    hypotheses = []
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        first = sentence()
        references.append([first] + [altered(first) if random.random() < 0.6 else sentence() for _ in range(random.choice([0, 0, 1, 2]))])
        hypotheses.append(altered(first) if random.random() < 0.85 else sentence(3))
    return hypotheses, references


EDGES = [
    (["the boat"], [["the boat"]]),
    (["boat"], [["boat"]]),
    ([""], [["the boat"]]),
    (["the boat"], [[""]]),
    ([""], [[""]]),
    ([" \t"], [["the boat", ""]]),
    (["", "the old red boat sails"], [["a"], ["the old red boat sails", "it"]]),
    (["."], [["."]]),
    (["😀"], [["😀😀"]]),
    (["é"], [["e\u0301"]]),
    (["東京駅"], [["東京 駅"]]),
    (["x y z"], [["a b c"]]),
    (["the the the the the the the"], [["the boat is on the river", "there is a boat on the river"]]),
    (["a b c d e f"], [["a b c d e", "a b c d e f g"]]),
    (["THE OLD ΟΔΟΣ İ"], [["the old οδος i̇"]]),
    (["the red-\n"], [["the red-"]]),
    (["a", "the boat"], [["b", "bbbb"], ["the boat"]]),
    (["1,000.5, 3-4 and -5."], [["1,000.5 , 3 - 4 and -5 ."]]),
]


def streams(references):
    """sacreBLEU's layout: one list for each place among the references, None where a sentence has fewer."""
    return [[r[k] if k < len(r) else None for r in references] for k in range(max(map(len, references)))]


BLEU_DEFAULTS = {"tokeniser": "13a", "smoothing": "exp", "smoothingValue": None, "lowercase": False, "effectiveOrder": False}
CHRF_DEFAULTS = {"charOrder": 6, "wordOrder": 0, "beta": 2, "lowercase": False, "whitespace": False}
SMOOTHINGS = [("exp", None), ("exp", None), ("floor", None), ("floor", 0.01), ("add-k", None), ("add-k", 0.5), ("none", None)]


def digits(numbers):
    return [int(x) if x == int(x) else float(f"{x:.10g}") for x in numbers]


def changed(options, defaults):
    return {key: x for key, x in options.items() if x != defaults[key]}


def signature(metric, name):
    return name + "|" + str(metric.get_signature()).rsplit("|version:", 1)[0]


def bleu(n, hypotheses, references, tokeniser, smoothing, value, lowercase, effective):
    metric = BLEU(
        lowercase=lowercase, tokenize=tokeniser, smooth_method=smoothing, smooth_value=value, effective_order=effective, force=True
    )
    score = metric.corpus_score(hypotheses, streams(references))
    options = {"tokeniser": tokeniser, "smoothing": smoothing, "smoothingValue": value, "lowercase": lowercase, "effectiveOrder": effective}
    found = digits([score.score, *score.precisions, score.bp, score.sys_len, score.ref_len])
    return [n, changed(options, BLEU_DEFAULTS), found, signature(metric, "BLEU")]


def chrf(n, hypotheses, references, char_order, word_order, beta, lowercase, whitespace):
    metric = CHRF(char_order=char_order, word_order=word_order, beta=beta, lowercase=lowercase, whitespace=whitespace)
    score = metric.corpus_score(hypotheses, streams(references))
    options = {"charOrder": char_order, "wordOrder": word_order, "beta": beta, "lowercase": lowercase, "whitespace": whitespace}
    return [n, changed(options, CHRF_DEFAULTS), *digits([score.score]), signature(metric, score.name)]


def error_rates():
    count = random.choice([1, 1, 1, 2, 3])
    plain = lambda text: " ".join(text.replace("\ufeff", " ").split())
    references = [plain(sentence(5)) for _ in range(count)]
    hypotheses = [plain(altered(r)) if random.random() < 0.9 else "" for r in references]
    if count > 1 and random.random() < 0.2:
        references[0] = ""
    words = jiwer.process_words(references, hypotheses)
    characters = jiwer.process_characters(references, hypotheses)
    counts = [[x.substitutions, x.insertions, x.deletions] for x in (words, characters)]
    return {"texts": [references, hypotheses], "words": digits([words.wer, *counts[0]]), "characters": digits([characters.cer, *counts[1]])}


def main():
    corpora = EDGES + [corpus() for _ in range(52)]
    bleus = []
    chrfs = []
    for n, (hypotheses, references) in enumerate(corpora):
        for tokeniser in ["13a", "none", "char"]:
            smoothing, value = random.choice(SMOOTHINGS)
            bleus.append(bleu(n, hypotheses, references, tokeniser, smoothing, value, random.random() < 0.3, random.random() < 0.4))
        for orders in [(6, 0, 2), (6, 2, 2), (random.randint(1, 7), random.randint(0, 3), random.choice([1, 2, 3]))]:
            chrfs.append(chrf(n, hypotheses, references, *orders, random.random() < 0.3, random.random() < 0.3))
    tokenise = Tokenizer13a()
    lines = [sentence(6) for _ in range(200)]
    content = {
        "versions": {name: importlib.metadata.version(name) for name in ["sacrebleu", "jiwer"]},
        "tokens": [[line, tokenise(line.rstrip())] for line in lines],
        "corpora": corpora,
        "bleu": bleus,
        "chrf": chrfs,
        "errorRates": [error_rates() for _ in range(200)],
    }
    path = pathlib.Path(__file__).parent / "text-metrics.json"
    path.write_text(json.dumps(content, separators=(",", ":"), ensure_ascii=False) + "\n")


main()
