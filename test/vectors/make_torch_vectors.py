"""Golden vectors from PyTorch, in float64: losses, recurrent layers, optimisers, and 100 training steps of an LSTM with CTC.

Run from the root of the repository: python3 test/vectors/make_torch_vectors.py
Writes torch-losses.json, torch-recurrent.json, torch-optimisers.json, torch-training.json and torch-states.json beside
this file.
"""
import json
import pathlib

import torch
import torch.nn.functional as F

here = pathlib.Path(__file__).parent
torch.manual_seed(7)
torch.set_default_dtype(torch.float64)


def write(name, value):
    text = json.dumps(value, separators=(",", ":"))
    (here / name).write_text(text + "\n")
    print(name, len(text), "bytes")


def rounded(tensor):
    """Enough digits for a comparison at 1e-7, and no more."""
    return json.loads(json.dumps(tensor.tolist()), parse_float=lambda x: float(f"{float(x):.9g}"))


def losses():
    cases = []

    def add(loss, torch_name, compute, outputs, targets, options, scale=1.0):
        outputs = outputs.clone().requires_grad_()
        value = compute(outputs) * scale
        value.backward()
        cases.append({
            "loss": loss, "torch": torch_name, "outputs": rounded(outputs), "targets": targets, "options": options,
            "value": value.item(), "grad": rounded(outputs.grad),
        })

    def grid(*shape):
        return torch.tensor(rounded(2 * torch.randn(*shape)))

    x, y = grid(3, 4), grid(3, 4)
    for ours, theirs, options, keywords in [
        ("meanSquaredError", "mse_loss", {}, {}),
        ("meanAbsoluteError", "l1_loss", {}, {}),
        ("huberLoss", "huber_loss", {"delta": 0.7}, {"delta": 0.7}),
        ("meanSquaredError", "mse_loss", {"reduction": "sum"}, {"reduction": "sum"}),
    ]:
        add(ours, f"{theirs}({keywords})", lambda o: getattr(F, theirs)(o, y, **keywords), x, rounded(y), options)
    t = torch.tensor(rounded(torch.rand(3, 4)))
    add("binaryCrossEntropy", "binary_cross_entropy_with_logits", lambda o: F.binary_cross_entropy_with_logits(o, t), x, rounded(t), {})
    w = torch.tensor(2.5)
    add("binaryCrossEntropy", "… pos_weight=2.5", lambda o: F.binary_cross_entropy_with_logits(o, t, pos_weight=w), x, rounded(t),
        {"positiveWeight": 2.5})
    logits, ids = grid(6, 5), torch.tensor([0, 4, 2, 2, 1, 3])
    weights = torch.tensor([0.5, 1.0, 2.0, 0.0, 1.5])
    for reduction in ("mean", "sum"):
        for smoothing in (0.0, 0.2):
            for weighted in (False, True):
                for ignore in (None, 2):
                    keywords = {"reduction": reduction, "label_smoothing": smoothing}
                    options = {"reduction": reduction, "labelSmoothing": smoothing}
                    if weighted:
                        keywords["weight"], options["classWeights"] = weights, weights.tolist()
                    if ignore is not None:
                        keywords["ignore_index"] = options["ignoreIndex"] = ignore
                    add("crossEntropy", "cross_entropy", lambda o: F.cross_entropy(o, ids, **keywords), logits, ids.tolist(), options)
    soft = torch.tensor(rounded(torch.rand(6, 5).softmax(-1)))
    soft = soft / soft.sum(-1, keepdim=True)
    for smoothing in (0.0, 0.1):
        add("categoricalCrossEntropy", "cross_entropy, probabilities",
            lambda o: F.cross_entropy(o, soft, label_smoothing=smoothing), logits, soft.tolist(), {"labelSmoothing": smoothing})
    add("negativeLogLikelihood", "nll_loss", lambda o: F.nll_loss(o, ids, weight=weights, ignore_index=2), logits.log_softmax(-1),
        ids.tolist(), {"classWeights": weights.tolist(), "ignoreIndex": 2})
    add("multiclassHingeLoss", "multi_margin_loss × classes", lambda o: F.multi_margin_loss(o, ids, margin=1.3), logits, ids.tolist(),
        {"margin": 1.3}, scale=5.0)
    add("multiclassHingeLoss", "multi_margin_loss, p=2, × classes", lambda o: F.multi_margin_loss(o, ids, p=2), logits, ids.tolist(),
        {"squared": True}, scale=5.0)
    frames, labels = grid(3, 9, 5), [[1, 2, 2], [4], [3, 1, 4, 1]]
    lengths, flat = [9, 5, 8], torch.tensor(sum(labels, []))
    for reduction, options in (("sum", {"reduction": "sum"}), ("mean", {"per": "label"})):
        for blank in (0,):
            add("ctcLoss", f"ctc_loss, {reduction}", lambda o: F.ctc_loss(
                o.log_softmax(-1).transpose(0, 1), flat, torch.tensor(lengths), torch.tensor([len(l) for l in labels]), blank=blank,
                reduction=reduction), frames, labels, {**options, "blank": blank, "logitLengths": lengths})
    write("torch-losses.json", {"torch": torch.__version__, "cases": cases})


def recurrent():
    cases = []
    for cell, module, keywords in [
        ("elman", torch.nn.RNN, {}), ("elman", torch.nn.RNN, {"nonlinearity": "relu"}), ("gru", torch.nn.GRU, {}),
        ("lstm", torch.nn.LSTM, {}),
    ]:
        for layers, bidirectional in ((1, False), (2, True)):
            net = module(3, 5, layers, batch_first=True, bidirectional=bidirectional, **keywords)
            x = torch.tensor(rounded(torch.randn(3, 6, 3))).requires_grad_()
            lengths = torch.tensor([6, 2, 4])
            packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
            out, _ = torch.nn.utils.rnn.pad_packed_sequence(net(packed)[0], batch_first=True)
            grad_out = torch.tensor(rounded(torch.randn(out.shape)))
            (out * grad_out).sum().backward()
            cases.append({
                "cell": cell, "layers": layers, "bidirectional": bidirectional, **keywords, "lengths": lengths.tolist(),
                "state": {name: rounded(p) for name, p in net.named_parameters()}, "input": rounded(x), "output": rounded(out),
                "gradOutput": rounded(grad_out), "gradInput": rounded(x.grad),
                "gradState": {name: rounded(p.grad) for name, p in net.named_parameters()},
            })
    write("torch-recurrent.json", {"torch": torch.__version__, "cases": cases})


def states():
    """Initial states given, final ones returned, and the gradient with respect to the initial ones."""
    cases = []
    for cell, module in [("elman", torch.nn.RNN), ("gru", torch.nn.GRU), ("lstm", torch.nn.LSTM)]:
        net = module(3, 4, 2, batch_first=True)
        x = torch.tensor(rounded(torch.randn(3, 5, 3)))
        initial = [torch.tensor(rounded(torch.randn(2, 3, 4))).requires_grad_() for _ in range(2 if cell == "lstm" else 1)]
        lengths = torch.tensor([3, 5, 1])
        packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        out, final = net(packed, tuple(initial) if cell == "lstm" else initial[0])
        out, _ = torch.nn.utils.rnn.pad_packed_sequence(out, batch_first=True)
        grad_out = torch.tensor(rounded(torch.randn(out.shape)))
        (out * grad_out).sum().backward()
        cases.append({
            "cell": cell, "lengths": lengths.tolist(), "state": {name: rounded(p) for name, p in net.named_parameters()},
            "input": rounded(x), "initial": [rounded(s) for s in initial], "output": rounded(out), "gradOutput": rounded(grad_out),
            "final": [rounded(s) for s in (final if cell == "lstm" else [final])], "gradInitial": [rounded(s.grad) for s in initial],
        })
    write("torch-states.json", {"torch": torch.__version__, "cases": cases})


def optimisers():
    cases = []
    o = torch.optim
    for name, options, make in [
        ("sgd", {"learningRate": 0.1}, lambda p: o.SGD(p, lr=0.1)),
        ("sgd", {"learningRate": 0.1, "momentum": 0.9, "weightDecay": 0.01}, lambda p: o.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01)),
        ("sgd", {"learningRate": 0.1, "momentum": 0.9, "nesterov": True}, lambda p: o.SGD(p, lr=0.1, momentum=0.9, nesterov=True)),
        ("rmsProp", {"learningRate": 0.01}, lambda p: o.RMSprop(p, lr=0.01)),
        ("rmsProp", {"learningRate": 0.01, "momentum": 0.8, "alpha": 0.9, "weightDecay": 0.1},
         lambda p: o.RMSprop(p, lr=0.01, momentum=0.8, alpha=0.9, weight_decay=0.1)),
        ("adam", {"learningRate": 0.01}, lambda p: o.Adam(p, lr=0.01)),
        ("adam", {"learningRate": 0.01, "beta1": 0.8, "beta2": 0.95, "weightDecay": 0.1},
         lambda p: o.Adam(p, lr=0.01, betas=(0.8, 0.95), weight_decay=0.1)),
        ("adamW", {"learningRate": 0.01}, lambda p: o.AdamW(p, lr=0.01)),
    ]:
        w = torch.tensor([1.0, -2.0, 0.5]).requires_grad_()
        optimiser = make([w])
        path = []
        for step in range(10):
            w.grad = torch.tensor([0.3, -0.1 * step, 2.0 - 0.5 * step])
            optimiser.step()
            path.append(rounded(w))
        cases.append({"optimiser": name, "options": options, "path": path})
    write("torch-optimisers.json", {"torch": torch.__version__, "cases": cases})


class Lcg:
    """The generator of the batches, which the test repeats: x <- (1664525 x + 1013904223) mod 2^32."""

    def __init__(self, seed):
        self.x = seed

    def uniform(self):
        self.x = (1664525 * self.x + 1013904223) % 2**32
        return self.x / 2**32


def training():
    T, B, I, H, V, steps = 16, 4, 6, 12, 7, 100
    net = torch.nn.ModuleDict({"rnn": torch.nn.LSTM(I, H, batch_first=True), "head": torch.nn.Linear(H, V)})
    with torch.no_grad():
        for p in net.parameters():
            p.copy_(torch.tensor(rounded(p)))
    state = {name: rounded(p) for name, p in net.named_parameters()}
    optimiser = torch.optim.Adam(net.parameters(), lr=0.01)
    lcg, path = Lcg(1), []
    for _ in range(steps):
        x = torch.zeros(B, T, I)
        lengths, labels = [], []
        for b in range(B):
            length = 8 + int(lcg.uniform() * 9)
            label = [1 + int(lcg.uniform() * (V - 1)) for _ in range(1 + int(lcg.uniform() * 3))]
            for t in range(length):
                for i in range(I):
                    # what is to be read is written into the input, so that there is something to learn
                    sign = 1.0 if i == label[min(t * len(label) // length, len(label) - 1)] - 1 else 0.0
                    x[b, t, i] = sign + lcg.uniform() - 0.5
            lengths.append(length)
            labels.append(label)
        packed = torch.nn.utils.rnn.pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
        out, _ = torch.nn.utils.rnn.pad_packed_sequence(net["rnn"](packed)[0], batch_first=True, total_length=T)
        logits = net["head"](out)
        loss = F.ctc_loss(logits.log_softmax(-1).transpose(0, 1), torch.tensor(sum(labels, [])), torch.tensor(lengths),
                          torch.tensor([len(label) for label in labels]), reduction="none").mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        path.append(loss.item())
    sizes = {"T": T, "B": B, "I": I, "H": H, "V": V}
    write("torch-training.json", {"torch": torch.__version__, **sizes, "learningRate": 0.01, "state": state, "losses": path})


losses()
recurrent()
optimisers()
training()
states()
