"""Small networks made by PyTorch, with their state dicts in seqloss's order, an input and the output there.

Run from the root of the repository: python3 test/vectors/make_state_dicts.py
Writes torch-state-dicts.json beside this file.
"""
import json
import pathlib

import torch

torch.manual_seed(20)
here = pathlib.Path(__file__).parent


def rounded(tensor):
    return json.loads(json.dumps(tensor.tolist()), parse_float=lambda x: float(f"{float(x):.8g}"))


def run(modules, x, lengths, names):
    for name in names:
        module = modules[name]
        if isinstance(module, torch.nn.RNNBase):
            packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
            x, _ = torch.nn.utils.rnn.pad_packed_sequence(module(packed)[0], batch_first=True)
        else:
            x = module(x)
    mask = torch.arange(x.shape[1])[None, :, None] < lengths[:, None, None]
    return torch.where(mask, x, torch.zeros(()))


def case(recurrent, layers, bidirectional, bias, forget=None, tied=False):
    width = 8 if bidirectional else 4
    modules = torch.nn.ModuleDict({
        "words": torch.nn.Embedding(7, 8 if tied else 3),
        "rnn": recurrent(8 if tied else 3, 4, layers, batch_first=True, bidirectional=bidirectional, bias=bias),
        "head": torch.nn.Linear(width, 7 if tied else 5, bias=bias),
    })
    if tied:
        modules["head"].weight = modules["words"].weight
    if forget is not None:
        with torch.no_grad():
            modules["rnn"].bias_ih_l0[4:8] = forget
    ids, lengths = torch.randint(7, (3, 6)), torch.tensor([6, 2, 4])
    with torch.no_grad():
        for parameter in modules.parameters():
            parameter.copy_(torch.tensor(rounded(parameter)))
        output = run(modules, ids, lengths, ["words", "rnn", "head"])
    return {
        "module": recurrent.__name__, "layers": layers, "bidirectional": bidirectional, "bias": bias, "tied": tied,
        "state": {name: rounded(p) for name, p in modules.state_dict().items()},
        "ids": ids.tolist(), "lengths": lengths.tolist(), "output": rounded(output),
    }


cases = [case(recurrent, layers, bidirectional, True)
         for recurrent in (torch.nn.LSTM, torch.nn.GRU, torch.nn.RNN) for layers, bidirectional in ((1, False), (2, True))]
cases += [case(torch.nn.LSTM, 1, False, True, forget=1.0), case(torch.nn.GRU, 2, True, False), case(torch.nn.LSTM, 1, True, True, tied=True)]
text = json.dumps({"torch": torch.__version__, "cases": cases}, separators=(",", ":"))
(here / "torch-state-dicts.json").write_text(text + "\n")
print(len(text), "bytes")
