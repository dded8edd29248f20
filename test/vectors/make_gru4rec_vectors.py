"""Golden vectors of GRU4Rec's losses on one batch, by PyTorch's automatic differentiation in float64.

Run from the root of the repository: python3 test/vectors/make_gru4rec_vectors.py
Writes gru4rec-losses.json beside this file. The conventions are those of the authors' code (github.com/hidasib/GRU4Rec):
column n of the scores is the item that row n wants, drawn items follow, and a batch is summed.
"""
import json
import pathlib

import torch
from torch.nn.functional import logsigmoid

torch.manual_seed(11)
torch.set_default_dtype(torch.float64)

ROWS, DRAWN = 4, 3
COLUMNS = ROWS + DRAWN
OWN = torch.eye(ROWS, COLUMNS, dtype=torch.bool)


def wanted(scores):
    return scores.diagonal().unsqueeze(1)


def shares(scores):
    """The softmax over the negatives alone."""
    return scores.masked_fill(OWN, -torch.inf).softmax(dim=1)


def top1_pairs(scores):
    return torch.sigmoid(scores - wanted(scores)) + torch.sigmoid(scores.square())


def bpr(scores):
    return -logsigmoid(wanted(scores) - scores).sum()


def bpr_max(regularisation):
    def loss(scores):
        won = (shares(scores) * torch.sigmoid(wanted(scores) - scores)).sum(dim=1)
        size = (shares(scores) * scores.square()).sum(dim=1)
        return (regularisation * size - won.log()).sum()

    return loss


def top1(scores):
    own_size = torch.sigmoid(wanted(scores).square()).sum()
    return (top1_pairs(scores).sum() - own_size) / COLUMNS


def top1_max(scores):
    return (shares(scores) * top1_pairs(scores)).sum()


def cross_entropy(log_q):
    return lambda scores: -(scores - log_q).log_softmax(dim=1).diagonal().sum()


def main():
    scores = torch.round(2 * torch.randn(ROWS, COLUMNS), decimals=3)
    counts = torch.tensor([40.0, 3.0, 12.0, 7.0])
    drawn_counts = torch.tensor([25.0, 3.0, 90.0])
    log_q = torch.cat([counts, drawn_counts**0.75]).log()
    cases = []
    for loss, formula, compute, options in [
        ("bprLoss", "BPR", bpr, {"rivals": "sum", "includeSelf": True}),
        ("top1Loss", "TOP1", top1, {"includeSelf": True}),
        ("bprMaxLoss", "BPR-max", bpr_max(1.0), {}),
        ("bprMaxLoss", "BPR-max, bpreg 1.95", bpr_max(1.95), {"regularisation": 1.95}),
        ("top1MaxLoss", "TOP1-max", top1_max, {}),
        ("sampledSoftmaxLoss", "cross-entropy, logq 1", cross_entropy(log_q), {"logQ": log_q.tolist()}),
        ("crossEntropy", "cross-entropy, logq 0", cross_entropy(torch.zeros(COLUMNS)), {}),
    ]:
        leaf = scores.clone().requires_grad_()
        value = compute(leaf)
        value.backward()
        cases.append({"loss": loss, "formula": formula, "options": options, "value": value.item(), "grad": leaf.grad.tolist()})
    content = {"torch": torch.__version__, "scores": scores.tolist(), "labels": list(range(ROWS)), "cases": cases}
    path = pathlib.Path(__file__).parent / "gru4rec-losses.json"
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n")


main()
