"""The TensorFlow side of the benchmarks: CTC beam search on the CPU, one sequence at a time."""
import json
import os
import statistics
import sys
import time

folder, threads = sys.argv[1], int(sys.argv[2])
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
try:
    import numpy
    import tensorflow as tf
except ImportError as error:
    print(json.dumps({"error": str(error)}), flush=True)
    sys.exit()
tf.config.threading.set_intra_op_parallelism_threads(threads)
tf.config.threading.set_inter_op_parallelism_threads(threads)


def beam_search(T, V, width):
    logits = numpy.fromfile(f"{folder}/logits", numpy.float32).reshape(T, 1, V)
    inputs = tf.constant(numpy.concatenate([logits[..., 1:], logits[..., :1]], -1))  # its blank is the last class
    frames = tf.constant([T], tf.int32)

    @tf.function
    def decode():
        return tf.nn.ctc_beam_search_decoder(inputs, frames, beam_width=width, top_paths=1)

    def step():
        (labels,), log_probability = decode()
        return log_probability.numpy().item(), (labels.values.numpy() + 1).tolist()

    return step


step = None
print(json.dumps({"version": tf.__version__}), flush=True)
for line in sys.stdin:
    message = json.loads(line)
    if message["do"] == "prepare":
        step = beam_search(*message["sizes"])
        value, labels = step()
        answer = {"values": [value], "labels": labels}
    else:
        times = []
        end = time.perf_counter() + message["seconds"]
        while time.perf_counter() < end or len(times) < 3:
            start = time.perf_counter()
            step()
            times.append((time.perf_counter() - start) * 1000)
        answer = {"milliseconds": statistics.median(times)}
    print(json.dumps(answer), flush=True)
