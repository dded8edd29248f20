"""The TensorFlow side of the benchmarks: the beam search of its C++ kernels."""
import json
import os
import sys

from serve import serve

folder, threads = sys.argv[1], int(sys.argv[2])
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
try:
    import numpy as np
    import tensorflow as tf
except ImportError as error:
    print(json.dumps({"error": str(error)}), flush=True)
    sys.exit()
tf.config.threading.set_intra_op_parallelism_threads(threads)
tf.config.threading.set_inter_op_parallelism_threads(1)


def ctc_beam_search(T, V, width):
    """Its blank is the last class, ours the first."""
    logits = np.fromfile(f"{folder}/logits", np.float32).reshape(T, 1, V)
    inputs = tf.constant(np.roll(logits, -1, axis=-1))
    found = None

    def step():
        nonlocal found
        [found], log_probability = tf.nn.ctc_beam_search_decoder(inputs, [T], beam_width=width)
        return float(log_probability[0, 0])

    return step, lambda: (found.values.numpy() + 1).astype(np.float32).tofile(f"{folder}/labels")


serve(tf.__version__, {"ctcBeamSearch": ctc_beam_search})
