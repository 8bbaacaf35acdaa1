"""A network with one hidden layer in NumPy, on three clouds of points.

python3 agent/python/examples/numpy_only.py
"""

import numpy as np

import collapsewatch

CLASSES, WIDTH, HIDDEN, ROWS = 3, 8, 16, 96
STEPS = 3000
RATE, DECAY = 0.1, 1e-3

random = np.random.default_rng(1)
centres = random.normal(0, 2, (CLASSES, WIDTH))
labels = np.arange(50 * CLASSES) % CLASSES
points = centres[labels] + random.normal(0, 0.5, (len(labels), WIDTH))

inner = random.normal(0, 0.3, (HIDDEN, WIDTH))
weight, bias = random.normal(0, 0.3, (CLASSES, HIDDEN)), np.zeros(CLASSES)

with collapsewatch.init(
    "numpy-only", classes=CLASSES, dim=HIDDEN, loss="cross_entropy", weight_decay=DECAY
) as run:
    for step in range(STEPS):
        rows = random.choice(len(points), ROWS, replace=False)
        features = np.maximum(points[rows] @ inner.T, 0)
        logits = features @ weight.T + bias
        shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares = shifted / shifted.sum(axis=1, keepdims=True)
        loss = -np.log(shares[np.arange(ROWS), labels[rows]]).mean()

        run.log_batch(features, labels[rows], logits, step)
        run.log_classifier(weight, bias, step)
        run.log_stats(loss=loss, learning_rate=RATE, weight_decay=DECAY, step=step)

        error = (shares - np.eye(CLASSES)[labels[rows]]) / ROWS
        error_inner = (error @ weight) * (features > 0)
        weight -= RATE * (error.T @ features + DECAY * weight)
        bias -= RATE * error.sum(axis=0)
        inner -= RATE * (error_inner.T @ points[rows] + DECAY * inner)

    with run.snapshot():
        run.log_classifier(weight, bias)
        run.log_batch(np.maximum(points @ inner.T, 0), labels)
    print(f"loss {loss:.4f}")
