"""Loops in JAX or NumPy."""

from __future__ import annotations

from typing import Any

from .._run import Run


def log_step(
    run: Run,
    features: Any,
    labels: Any,
    logits: Any = None,
    *,
    kernel: Any = None,
    bias: Any = None,
    loss: Any = None,
    step: int | None = None,
    epoch: float | None = None,
    split: str = "train",
) -> None:
    """One step of a training loop; what cannot be used now costs nothing, and is not waited for.

    Call it outside of what is compiled with ``jax.jit``, with what that returns. Reading an array of JAX waits until
    it is computed, so of the steps that are left out nothing is read. Inside of :meth:`Run.snapshot` nothing is left out.

    run: of :func:`collapsewatch.init`.
    features: [B,d]. labels: [B]. logits: [B,K].
    kernel: [d,K], the weights of the last dense layer as Flax and Keras have them. bias: [K].
    loss: of the step.

    Does nothing for tracers, which have no values yet, but say so.
    """
    if any(_is_tracer(array) for array in (features, labels, logits, kernel, loss)):
        run._losses.say(
            "tracing",
            "log_step is called inside of jax.jit; call it with what the jitted function returns",
        )
        return
    in_snapshot = run._snapshot is not None
    captured = in_snapshot or run._throttle.ready()
    # In any case: without a step= it is what counts them.
    run.log_batch(features, labels, logits, step, epoch=epoch, split=split)
    if loss is not None and captured:
        run.log_stats(loss=loss, step=step, epoch=epoch)
    if kernel is not None and (in_snapshot or run._throttle.classifier_ready()):
        run.log_classifier(kernel.T, bias, step, epoch=epoch)


def _is_tracer(array: Any) -> bool:
    return any(kind.__name__ == "Tracer" for kind in type(array).__mro__)
