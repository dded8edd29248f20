"""The torchaudio side of the benchmarks: its transducer loss, the softmax fused in, on the CPU. It computes with one thread."""
import json
import statistics
import sys
import time

folder, threads = sys.argv[1], int(sys.argv[2])
try:
    import torch
    import torchaudio
    from torchaudio.functional import rnnt_loss
except ImportError as error:
    print(json.dumps({"error": str(error)}), flush=True)
    sys.exit()
torch.set_num_threads(threads)


def load(name, kind, *shape):
    with open(f"{folder}/{name}", "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=kind).reshape(*shape)


def transducer(T, U, V, B):
    logits = load("logits", torch.float32, B, T, U + 1, V).requires_grad_()
    labels = load("labels", torch.int32, B, U)
    frames, lengths = torch.full((B,), T, dtype=torch.int32), torch.full((B,), U, dtype=torch.int32)

    def step():
        logits.grad = None
        loss = rnnt_loss(logits, labels, frames, lengths, blank=0, reduction="mean")
        loss.backward()
        return loss.item()

    return step, logits


subjects = {"transducerLoss": transducer}
step = None
print(json.dumps({"version": f"{torchaudio.__version__} (PyTorch {torch.__version__})"}), flush=True)
for line in sys.stdin:
    message = json.loads(line)
    if message["do"] == "prepare":
        step, logits = subjects[message["subject"]](*message["sizes"])
        values = [step() for _ in range(message["steps"])]
        logits.grad.numpy().tofile(f"{folder}/grad")
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
