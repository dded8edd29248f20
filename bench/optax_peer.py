"""The optax side of the benchmarks: losses compiled by JAX for the CPU."""
import json
import os
import statistics
import sys
import time

folder, threads = sys.argv[1], int(sys.argv[2])
os.environ["JAX_PLATFORMS"] = "cpu"
if threads == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
try:
    import jax
    import jax.numpy as jnp
    import numpy
    import optax
except ImportError as error:
    print(json.dumps({"error": str(error)}), flush=True)
    sys.exit()


def load(name, kind, *shape):
    return jnp.array(numpy.fromfile(f"{folder}/{name}", kind).reshape(*shape))


def stepped(loss, logits):
    value_and_grad = jax.jit(jax.value_and_grad(loss))

    def step():
        value, grad = value_and_grad(logits)
        grad.block_until_ready()
        step.grad = grad
        return value.item()

    return step


def ctc(T, B, V, U):
    labels = load("labels", numpy.int32, B, U)
    frames, none = jnp.zeros((B, T)), jnp.zeros((B, U))
    loss = lambda x: optax.ctc_loss(x, frames, labels, none).mean()
    return stepped(loss, load("logits", numpy.float32, B, T, V))


def cross_entropy(N, V):
    labels = load("labels", numpy.int32, N)
    loss = lambda x: optax.softmax_cross_entropy_with_integer_labels(x, labels).mean()
    return stepped(loss, load("logits", numpy.float32, N, V))


subjects = {"ctcLoss": ctc, "crossEntropy": cross_entropy}
step = None
print(json.dumps({"version": f"{optax.__version__} (JAX {jax.__version__})"}), flush=True)
for line in sys.stdin:
    message = json.loads(line)
    if message["do"] == "prepare":
        step = subjects[message["subject"]](*message["sizes"])
        values = [step() for _ in range(message["steps"])]
        numpy.asarray(step.grad).tofile(f"{folder}/grad")
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
