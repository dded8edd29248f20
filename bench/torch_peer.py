"""The PyTorch side of the benchmarks: reads a JSON line, computes, answers with a JSON line."""
import json
import statistics
import sys
import time

folder, threads = sys.argv[1], int(sys.argv[2])
try:
    import torch
    import torch.nn.functional as F
except ImportError as error:
    print(json.dumps({"error": str(error)}), flush=True)
    sys.exit()
torch.set_num_threads(threads)


def load(name, kind, *shape):
    with open(f"{folder}/{name}", "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=kind).reshape(*shape)


def save(name, tensor):
    with open(f"{folder}/{name}", "wb") as file:
        file.write(tensor.detach().contiguous().numpy().tobytes())


def ctc(T, B, V, U):
    logits = load("logits", torch.float32, B, T, V).transpose(0, 1).contiguous().requires_grad_()
    labels = load("labels", torch.int32, B, U).long()
    frames, lengths = torch.full((B,), T), torch.full((B,), U)

    def step():
        logits.grad = None
        loss = F.ctc_loss(logits.log_softmax(-1), labels, frames, lengths, reduction="none").mean()
        loss.backward()
        return loss.item()

    return step, lambda: save("grad", logits.grad.transpose(0, 1))


def cross_entropy(N, V):
    logits = load("logits", torch.float32, N, V).requires_grad_()
    labels = load("labels", torch.int32, N).long()

    def step():
        logits.grad = None
        loss = F.cross_entropy(logits, labels)
        loss.backward()
        return loss.item()

    return step, lambda: save("grad", logits.grad)


def transducer(T, U, V, B):
    """The recursion over frames; along the labels of a frame it is one cumulative log-sum-exp."""
    logits = load("logits", torch.float32, B, T, U + 1, V).requires_grad_()
    labels = load("labels", torch.int32, B, U).long()

    def step():
        logits.grad = None
        log_probs = logits.log_softmax(-1)
        blank = log_probs[..., 0]
        label = log_probs[:, :, :U].gather(-1, labels[:, None, :, None].expand(B, T, U, 1))[..., 0]
        written = F.pad(label.cumsum(-1), (1, 0))
        alpha = written[:, 0]
        for t in range(1, T):
            alpha = (alpha + blank[:, t - 1] - written[:, t]).logcumsumexp(-1) + written[:, t]
        loss = -(alpha[:, U] + blank[:, T - 1, U]).mean()
        loss.backward()
        return loss.item()

    return step, lambda: save("grad", logits.grad)


def chain_inputs(B, T, K):
    emissions = load("emissions", torch.float32, B, T, K).requires_grad_()
    transitions = load("transitions", torch.float32, K, K).requires_grad_()
    return emissions, transitions, load("tags", torch.int32, B, T).long()


def chain_score(emissions, transitions, tags):
    return emissions.gather(-1, tags[..., None]).sum((1, 2)) + transitions[tags[:, :-1], tags[:, 1:]].sum(1)


def crf(B, T, K, products=False):
    """logsumexp over [B, K, K] at each step; or a product with e^transitions, which loses a path that falls e^87 behind."""
    emissions, transitions, tags = chain_inputs(B, T, K)

    def logsumexp(alpha, weights):
        if not products:
            return (alpha[:, :, None] + transitions).logsumexp(1)
        most = alpha.detach().amax(1, keepdim=True)
        return ((alpha - most).exp() @ weights).log() + most

    def step():
        emissions.grad = transitions.grad = None
        weights = transitions.exp() if products else None
        alpha = emissions[:, 0]
        for t in range(1, T):
            alpha = logsumexp(alpha, weights) + emissions[:, t]
        loss = (alpha.logsumexp(-1) - chain_score(emissions, transitions, tags)).mean()
        loss.backward()
        return loss.item()

    return step, lambda: (save("grad", emissions.grad), save("gradTransitions", transitions.grad))


def crf_products(B, T, K):
    return crf(B, T, K, products=True)


def structured_hinge(B, T, K):
    """Viterbi without gradients, 1 added to each wrong tag; then the scores of two taggings: faster than amax with gradients."""
    emissions, transitions, tags = chain_inputs(B, T, K)
    cost = 1 - F.one_hot(tags, K).float()

    @torch.no_grad()
    def best():
        augmented = emissions + cost
        towards = transitions.t().contiguous()
        alpha, pointers = augmented[:, 0], []
        for t in range(1, T):
            most, pointer = (alpha[:, None, :] + towards).max(-1)
            pointers.append(pointer)
            alpha = most + augmented[:, t]
        path = [alpha.argmax(-1)]
        for pointer in reversed(pointers):
            path.append(pointer.gather(1, path[-1][:, None])[:, 0])
        return torch.stack(path[::-1], 1)

    def step():
        emissions.grad = transitions.grad = None
        rival = best()
        distance = (rival != tags).sum(1)
        loss = chain_score(emissions, transitions, rival) + distance - chain_score(emissions, transitions, tags)
        loss = loss.clamp(min=0).mean()
        loss.backward()
        return loss.item()

    return step, lambda: (save("grad", emissions.grad), save("gradTransitions", transitions.grad))


def with_weights(model):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(load(name, torch.float32, *parameter.shape))
    return model, torch.optim.Adam(model.parameters(), lr=1e-3)


class Recurrent(torch.nn.Module):
    def __init__(self, I, H, V, bidirectional=False):
        super().__init__()
        self.rnn = torch.nn.LSTM(I, H, batch_first=True, bidirectional=bidirectional)
        self.head = torch.nn.Linear(2 * H if bidirectional else H, V)


def lstm_step(T, B, I, H, V):
    model, optimiser = with_weights(Recurrent(I, H, V))
    inputs = load("inputs", torch.float32, B, T, I)
    labels = load("labels", torch.int32, B * T).long()

    def step():
        optimiser.zero_grad()
        loss = F.cross_entropy(model.head(model.rnn(inputs)[0]).reshape(B * T, V), labels)
        loss.backward()
        optimiser.step()
        return loss.item()

    return step, lambda: None


def reader(T, B, I, H, V, U):
    """Packed where lengths differ, so that no time is spent on padding; as they are, which is faster, where they do not."""
    model, optimiser = with_weights(Recurrent(I, H, V, bidirectional=True))
    inputs = load("inputs", torch.float32, B, T, I)
    frames, lengths = load("lengths", torch.int32, B).long(), load("labelLengths", torch.int32, B).long()
    labels = load("labels", torch.int32, B, U).long()
    rnn = torch.nn.utils.rnn
    ragged = bool((frames < T).any())

    def step():
        optimiser.zero_grad()
        if ragged:
            packed = rnn.pack_padded_sequence(inputs, frames, batch_first=True, enforce_sorted=False)
            states = rnn.pad_packed_sequence(model.rnn(packed)[0])[0]
        else:
            states = model.rnn(inputs)[0].transpose(0, 1)
        logits = model.head(states)
        loss = F.ctc_loss(logits.log_softmax(-1), labels, frames, lengths, reduction="none").mean()
        loss.backward()
        optimiser.step()
        return loss.item()

    return step, lambda: None


subjects = {
    "ctcLoss": ctc,
    "crossEntropy": cross_entropy,
    "transducerLoss": transducer,
    "crfLoss": crf,
    "crfLoss, products": crf_products,
    "structuredHingeLoss": structured_hinge,
    "lstm": lstm_step,
    "reader": reader,
}
step = None
print(json.dumps({"version": torch.__version__}), flush=True)
for line in sys.stdin:
    message = json.loads(line)
    if message["do"] == "prepare":
        step, write = subjects[message["subject"]](*message["sizes"])
        values = [step() for _ in range(message["steps"])]
        write()
        answer = {"values": values}
    else:
        times = []
        end = time.perf_counter() + message["seconds"]
        while time.perf_counter() < end or len(times) < 3:
            start = time.perf_counter()
            step()
            times.append((time.perf_counter() - start) * 1000)
        answer = {"milliseconds": statistics.median(times)}
    print(json.dumps(answer), flush=True)
