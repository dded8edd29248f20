"""Golden vectors of the dialects: losses and gradients as PyTorch, TensorFlow, Keras and optax give them.

Run from the root of the repository, with torch, tensorflow, keras and optax installed:
python3 test/vectors/make_dialect_vectors.py
Writes dialects.json beside this file. A gradient is of the sum of what the framework returns; of an impossible label it is
left out, as the frameworks give NaN or the slope of a rounding error there. PyTorch, optax and jax work in float64,
TensorFlow and Keras in float32.
"""
import json
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import jax
import jax.numpy as jnp
import keras
import numpy as np
import optax
import tensorflow as tf
import torch
import torch.nn.functional as F

jax.config.update("jax_enable_x64", True)
random = np.random.default_rng(5)
cases = []


def add(dialect, loss, outputs, targets, options, values, gradient, **more):
    cases.append({
        "dialect": dialect, "loss": loss, "outputs": np.asarray(outputs).tolist(),
        "targets": np.asarray(targets).tolist(), "options": options,
        "values": np.asarray(values, dtype=float).reshape(-1).tolist(),
        "gradient": None if gradient is None else np.asarray(gradient, dtype=float).reshape(-1).tolist(), **more,
    })


def with_torch(function, outputs):
    x = torch.tensor(outputs, dtype=torch.float64, requires_grad=True)
    values = function(x)
    values.sum().backward()
    return values.detach().numpy(), x.grad.numpy()


def with_tensorflow(function, outputs):
    x = tf.Variable(outputs.astype("float32"))
    with tf.GradientTape() as tape:
        values = function(x)
        total = tf.reduce_sum(values)
    return values.numpy(), tf.convert_to_tensor(tape.gradient(total, x)).numpy()


def with_jax(function, outputs):
    x = jnp.asarray(outputs)
    return np.asarray(function(x)), np.asarray(jax.grad(lambda z: function(z).sum())(x))


# CTC: 3 sequences of up to 6 frames, 4 classes; then labels that do not fit.
B, T, V = 3, 6, 4
logits = random.normal(size=(B, T, V)).round(3)
labels = np.array([[1, 2, 2], [3, 0, 0], [2, 1, 0]])
label_lengths = [3, 1, 2]
lengths = [6, 4, 5]
tight = random.normal(size=(2, 2, 3)).round(3)
tight_labels, tight_label_lengths, tight_lengths = np.array([[1, 1], [1, 2]]), [2, 2], [2, 2]

for x, y, sizes, frames, fits in (
    (logits, labels, label_lengths, lengths, True), (tight, tight_labels, tight_label_lengths, tight_lengths, False),
):
    first = x.transpose(1, 0, 2)
    given = {"lengths": frames, "labelLengths": sizes}
    for reduction in ("none", "sum", "mean") if fits else ("none",):
        def loss(z):
            return F.ctc_loss(z.log_softmax(-1), torch.tensor(y), torch.tensor(frames), torch.tensor(sizes), reduction=reduction)
        values, gradient = with_torch(loss, first)
        add("torch", "ctcLoss", first, y, {**given, **({} if reduction == "mean" else {"reduction": reduction})}, values,
            gradient if fits else None)
    def loss(z):
        return tf.nn.ctc_loss(y.astype("int32"), z, sizes, frames, blank_index=0)
    values, gradient = with_tensorflow(loss, first)
    add("tensorflow", "ctcLoss", first, y, given, values, gradient if fits else None)
    paddings = np.array([[float(t >= n) for t in range(x.shape[1])] for n in frames])
    label_paddings = np.array([[float(u >= n) for u in range(y.shape[1])] for n in sizes])
    def loss(z):
        return optax.ctc_loss(z, paddings, jnp.asarray(y), label_paddings)
    values, gradient = with_jax(loss, x)
    add("optax", "ctcLoss", x, y, given, values, gradient if fits else None)
    values, gradient = with_tensorflow(lambda z: keras.losses.CTC()(y, z), x)
    add("keras", "ctcLoss", x, y, {}, values, gradient if fits else None)

# One class a step.
scores = random.normal(size=(5, 3)).round(3)
ids = np.array([0, 2, 1, 1, 0])
steps = random.normal(size=(2, 3, 4)).round(3)  # [B, V, T]: classes second
step_ids = np.array([[0, 2, -100, 1], [1, 1, 0, 2]])
soft = random.dirichlet(np.ones(3), size=5).round(3)
soft[:, 2] = 1 - soft[:, 0] - soft[:, 1]
weight = [0.5, 1.0, 2.0]
for options, kwargs in (
    ({}, {}), ({"reduction": "sum"}, {"reduction": "sum"}),
    ({"classWeights": weight, "labelSmoothing": 0.1}, {"weight": torch.tensor(weight).double(), "label_smoothing": 0.1}),
):
    values, gradient = with_torch(lambda z: F.cross_entropy(z, torch.tensor(step_ids), **kwargs), steps)
    add("torch", "crossEntropy", steps, step_ids, options, values, gradient)
    values, gradient = with_torch(lambda z: F.cross_entropy(z, torch.tensor(ids), **kwargs), scores)
    add("torch", "crossEntropy", scores, ids, options, values, gradient)
values, gradient = with_torch(lambda z: F.cross_entropy(z, torch.tensor(soft)), scores)
add("torch", "crossEntropy", scores, soft, {}, values, gradient, distributions=True)
values, gradient = with_tensorflow(lambda z: tf.nn.sparse_softmax_cross_entropy_with_logits(ids, z), scores)
add("tensorflow", "crossEntropy", scores, ids, {}, values, gradient)
values, gradient = with_jax(lambda z: optax.softmax_cross_entropy_with_integer_labels(z, jnp.asarray(ids)), scores)
add("optax", "crossEntropy", scores, ids, {}, values, gradient)
values, gradient = with_jax(lambda z: optax.softmax_cross_entropy(z, jnp.asarray(soft)), scores)
add("optax", "crossEntropy", scores, soft, {}, values, gradient, distributions=True)
sparse = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
values, gradient = with_tensorflow(lambda z: sparse(ids, z), scores)
add("keras", "crossEntropy", scores, ids, {}, values, gradient)
dense = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.2)
values, gradient = with_tensorflow(lambda z: dense(soft.astype("float32"), z), scores)
add("keras", "crossEntropy", scores, soft, {"labelSmoothing": 0.2}, values, gradient, distributions=True)

# Yes or no.
decisions = random.normal(size=6).round(3)
answers = np.array([1.0, 0, 0.3, 1, 0, 1])
values, gradient = with_torch(lambda z: F.binary_cross_entropy_with_logits(z, torch.tensor(answers), pos_weight=torch.tensor(2.0)), decisions)
add("torch", "binaryCrossEntropy", decisions, answers, {"positiveWeight": 2}, values, gradient)
values, gradient = with_tensorflow(lambda z: tf.nn.sigmoid_cross_entropy_with_logits(answers.astype("float32"), z), decisions)
add("tensorflow", "binaryCrossEntropy", decisions, answers, {}, values, gradient)
values, gradient = with_tensorflow(lambda z: keras.losses.BinaryCrossentropy(from_logits=True)(answers.astype("float32"), z), decisions)
add("keras", "binaryCrossEntropy", decisions, answers, {}, values, gradient)
values, gradient = with_jax(lambda z: optax.sigmoid_binary_cross_entropy(z, jnp.asarray(answers)), decisions)
add("optax", "binaryCrossEntropy", decisions, answers, {}, values, gradient)

# Margins.
for sides in (np.array([1.0, 0, 0, 1, 0, 1]), np.array([1.0, -1, -1, 1, -1, 1])):
    values, gradient = with_tensorflow(lambda z: keras.losses.Hinge()(sides.astype("float32"), z), decisions)
    add("keras", "hingeLoss", decisions, sides, {}, values, gradient)
values, gradient = with_jax(lambda z: optax.hinge_loss(z, jnp.asarray(sides)), decisions)
add("optax", "hingeLoss", decisions, sides, {}, values, gradient)

versions = {module.__name__: module.__version__ for module in (torch, tf, keras, optax)}
path = pathlib.Path(__file__).parent / "dialects.json"


def clean(value):
    if isinstance(value, float):
        return value if np.isfinite(value) else "Infinity"
    if isinstance(value, list):
        return [clean(item) for item in value]
    return {key: clean(item) for key, item in value.items()} if isinstance(value, dict) else value


path.write_text("[\n" + ",\n".join(json.dumps(clean(case), separators=(",", ":")) for case in cases) + "\n]\n")
print(len(cases), "cases;", versions)
