"""Watching a PyTorch model."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Union

import torch
from torch import nn
from torch.nn import functional

from .. import _settings
from .._init import init
from .._run import Run
from .._snapshot import Snapshot
from .._trouble import logger
from . import _losses, _weights
from ._capture import Capture
from ._hooks import Hooks
from ._losses import call_of
from ._marks import marked
from ._observer import Observer, Pass
from ._steps import OptimizerSteps, bare, group_of
from ._unwrap import compiled, unwrap

_Criterion = Union[nn.Module, Callable[..., Any], None]

#: Which loss a criterion of PyTorch is, for the ``run`` message.
_KINDS: dict[Any, str] = {
    nn.CrossEntropyLoss: "cross_entropy",
    nn.NLLLoss: "cross_entropy",
    nn.MSELoss: "mse",
    functional.cross_entropy: "cross_entropy",
    functional.nll_loss: "cross_entropy",
    functional.mse_loss: "mse",
}

_watches: weakref.WeakKeyDictionary[nn.Module, Watch] = weakref.WeakKeyDictionary()


class Watch:
    """A model that is watched; made by :func:`collapsewatch.watch`.

    It lives as long as the model. Nothing that it does raises, waits, uses random numbers or leaves a
    trace in the graph of the gradients.
    """

    def __init__(
        self,
        run: Run,
        model: nn.Module,
        head: nn.Module | None,
        criterion: _Criterion,
        layers: dict[str, nn.Module],
        optimizer: Any,
        weights_every: int | None,
        said: dict[str, Any],
        may_search: bool,
    ) -> None:
        self._run = run
        self._model = weakref.ref(model)
        self._head = None if head is None else weakref.ref(head)
        self._said = said
        self._observer = Observer(
            run,
            model,
            Capture(run, weights_every),
            count_passes=optimizer is None,
            listens=not isinstance(criterion, nn.Module),
            seeks=head is None,
            settled=self._settled,
        )
        self._hooks = Hooks()
        self._anywhere: Any = None
        self._steps: OptimizerSteps | None = None
        try:
            self._attach(model, head, layers)
            self._listen(criterion, may_search)
            if optimizer is not None:
                self._follow(optimizer)
        except Exception:
            self._observer.fault()
            self.detach()

    def _attach(
        self, model: nn.Module, head: nn.Module | None, layers: dict[str, nn.Module]
    ) -> None:
        if head is not None:
            self._hooks.add(head, self._observer.head_called)
        else:
            self._seek(model)
        for name, module in layers.items():
            self._hooks.add(module, self._layer_seen(name))

    @property
    def run(self) -> Run:
        """The run that the captures go to."""
        return self._run

    @property
    def head(self) -> nn.Module | None:
        """The last linear layer; ``None`` until it is found."""
        return None if self._head is None else self._head()

    @property
    def step(self) -> int:
        """The optimisation step of the next training pass. Set it where a checkpoint is continued."""
        return self._observer.step

    @step.setter
    def step(self, step: int) -> None:
        self._observer.go_to(_settings.step(step))

    @property
    def epoch(self) -> float | None:
        """The epoch that captures are given, with fractions if you like; ``None`` until it is set."""
        return self._observer.epoch

    @epoch.setter
    def epoch(self, epoch: float | None) -> None:
        self._observer.epoch = epoch

    def labels(self, labels: Any) -> None:
        """The class numbers [B], or one-hot rows [B,K], of the pass just made, else of the next one.

        For losses that are not recognised, or where several are computed of the same logits. Once it has been
        called, labels are taken from nowhere else, so call it for each pass: always before, or always after it.
        """
        self._observer.labels(labels)

    def snapshot(self, split: str = "train", id: str | None = None) -> Snapshot:
        """A pass over data with frozen weights, as a ``with`` block: every row of every pass inside is taken.

        The model must be in evaluation mode. Labels come from the loss, if one is computed inside, or from
        :meth:`labels`. split, id: see :meth:`Run.snapshot`.
        """
        return self._run.snapshot(id, split=split)

    def detach(self) -> None:
        """Takes everything off the model, the optimizer and PyTorch; the run stays open."""
        self._hooks.remove()
        self._stop_anywhere()
        _losses.forget(self._observer)
        if self._steps is not None:
            self._steps.remove()
            self._steps = None
        model = self._model()
        if model is not None and _watches.get(model) is self:
            del _watches[model]

    def finish(self) -> None:
        """Detaches and ends the run."""
        self.detach()
        self._run.finish()

    def __enter__(self) -> Watch:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.finish()

    def _seek(self, model: nn.Module) -> None:
        """The head is the last linear layer of the first pass with labels."""
        for module in model.modules():
            if isinstance(module, nn.Linear):
                self._hooks.add(module, self._observer.head_called)
        self._hooks.add(model, self._observer.model_called)

    def _layer_seen(self, name: str) -> Callable[[nn.Module, tuple[Any, ...], Any], None]:
        observer = self._observer
        return lambda module, args, output: observer.layer_called(name, output)

    def _listen(self, criterion: _Criterion, may_search: bool) -> None:
        if isinstance(criterion, nn.Module):
            self._hear(criterion)
            return
        _losses.listen(self._observer)
        if criterion is None and may_search:
            self._anywhere = nn.modules.module.register_module_forward_hook(self._called_anywhere)

    def _hear(self, criterion: nn.Module) -> None:
        observer, kind = self._observer, _KINDS.get(type(criterion))

        def heard(module: nn.Module, args: tuple[Any, ...], output: Any) -> None:
            if not observer.listening:
                return
            call = call_of(
                kind, args, {"ignore_index": getattr(module, "ignore_index", -100)}, output
            )
            if call is not None:
                observer.criterion_called(call)

        self._hooks.add(criterion, heard)

    def _called_anywhere(self, module: nn.Module, args: Any, output: Any) -> None:
        """Until the labels are found: a module of the user's may be what is given logits and labels."""
        try:
            self._try_as_criterion(module, args, output)
        except Exception:
            self._observer.fault()

    def _try_as_criterion(self, module: nn.Module, args: Any, output: Any) -> None:
        if len(args) < 2 or not all(isinstance(arg, torch.Tensor) for arg in args[:2]):
            return
        seen = marked(args[0])
        model = self._model()
        if isinstance(seen, Pass) and model is not None and module not in set(model.modules()):
            self._hear(module)
            call = call_of(_KINDS.get(type(module)), tuple(args), {}, output)
            if call is not None:
                self._observer.criterion_called(call)

    def _settled(self, head: nn.Module | None, kind: str | None) -> None:
        """The first pass has its labels, or none are to be expected."""
        self._stop_anywhere()
        if head is None:
            return
        if self._head is None:
            self._head = weakref.ref(head)
            self._hooks.drop(self._observer.head_called)
            self._hooks.drop(self._observer.model_called)
            self._hooks.add(head, self._observer.head_called)
        model = self._model()
        found = {} if model is None else _found(model, head, kind)
        news = {name: value for name, value in found.items() if name not in self._said}
        outbox = self._run._outbox
        if news and outbox is not None:
            outbox.control("run", _settings.metadata(**{**_NOTHING_SAID, **news}), self.step)

    def _stop_anywhere(self) -> None:
        if self._anywhere is not None:
            self._anywhere.remove()
            self._anywhere = None

    def _follow(self, optimizer: Any) -> None:
        self._steps = OptimizerSteps(optimizer, self._observer.stepped)
        inner = weakref.ref(bare(optimizer))
        self._observer.learning_rate = lambda: _learning_rate(inner())


_NOTHING_SAID: dict[str, Any] = dict.fromkeys(
    (
        "classes", "dim", "weight_decay", "loss", "optimizer", "bias", "batch_norm", "class_counts",
        "samples_per_class", "report_every_steps", "expected_interval_s", "tags",
    )
)  # fmt: skip


def watch(
    model: nn.Module,
    head: nn.Module | str | None = None,
    criterion: _Criterion = None,
    layers: Sequence[str] = (),
    name: str | None = None,
    *,
    optimizer: Any = None,
    weights_every: int | None = None,
    **settings: Any,
) -> Watch:
    """Begins a run and watches a model's training: features, logits, labels, classifier and norms of its layers.

    Call it before the training, after ``torch.compile`` or ``DistributedDataParallel``. Of the passes in
    training mode a sample is copied; the training is not changed, and does not wait.

    model: wrapped or not.
    head: the last linear layer, or its name; without it, the one that is called last in a pass.
    criterion: the module that is called with logits and labels; without it, whatever module or function of
        ``torch.nn.functional`` first is. See :meth:`Watch.labels` for losses where that fails.
    layers: names of modules before the head whose outputs [B,d] or [B,C,H,W] are wanted as well.
    name: of the run.
    optimizer: whose steps are counted, and whose weight decay and learning rate are told. Without it every
        training pass with a loss is a step, also where gradients are accumulated over several of them.
    weights_every: steps between two classifiers; without it about two a second, or ``report_every_steps``.
    settings: further arguments of :func:`collapsewatch.init`.

    A model that is watched already stays so: its watch is returned, and that is said.

    Raises ``ValueError`` or ``TypeError`` for an argument that is not as above, and nothing else.
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"model is a {type(model).__name__}; expected a torch.nn.Module")
    inner = unwrap(model)
    before = _watches.get(inner)
    if before is not None:
        logger.warning(
            "run %s: this model is watched already; the second watch changes nothing, detach() the first one before",
            before.run.name,
        )
        return before
    module = _module_of(inner, head)
    if module is None and compiled(model):
        module = _last_defined(inner)
    more = {_layer_name(layer): _named(inner, layer) for layer in layers}
    if criterion is not None and not isinstance(criterion, nn.Module) and _kind(criterion) is None:
        raise TypeError(
            f"criterion is {criterion!r}; expected a torch.nn.Module or cross_entropy, nll_loss or mse_loss of"
            " torch.nn.functional; for other functions call watch.labels(y)"
        )
    said = _said(inner, module, criterion, optimizer, settings)
    run = init(name, **said)
    if isinstance(inner, torch.jit.ScriptModule):
        run._losses.say(
            "scripted",
            "the model is a script of torch.jit, which calls no hooks; it is not watched",
        )
    every = weights_every if weights_every is not None else settings.get("report_every_steps")
    made = Watch(
        run,
        inner,
        module,
        criterion,
        more,
        None if isinstance(optimizer, str) else optimizer,
        every,
        said,
        # Hooks on all modules would be compiled into the graph.
        may_search=not compiled(model),
    )
    _watches[inner] = made
    return made


def _kind(criterion: _Criterion) -> str | None:
    if isinstance(criterion, nn.Module):
        return _KINDS.get(type(criterion))
    return _KINDS.get(criterion)


def _module_of(model: nn.Module, head: nn.Module | str | None) -> nn.Module | None:
    if head is None:
        return None
    module = _named(model, head) if isinstance(head, str) else head
    weight = getattr(module, "weight", None)
    if not isinstance(module, nn.Module) or getattr(weight, "ndim", 0) != 2:
        raise ValueError(f"head is {head!r}; expected a linear layer, with a weight of shape [K,d]")
    return module


def _named(model: nn.Module, name: str) -> nn.Module:
    try:
        return model.get_submodule(name)
    except AttributeError as e:
        raise ValueError(f"the model has no module {name!r} ({e})") from None


def _last_defined(model: nn.Module) -> nn.Module | None:
    """Finding the order of calls would break a compiled graph at each layer."""
    linear = [
        (name, module) for name, module in model.named_modules() if isinstance(module, nn.Linear)
    ]
    if not linear:
        raise ValueError("the compiled model has no torch.nn.Linear; name its head=")
    logger.info(
        "the model is compiled; its last linear layer by definition, %s, is taken as the head",
        linear[-1][0],
    )
    return linear[-1][1]


def _layer_name(module: str) -> str:
    """A module's name as the name of a layer."""
    name = "".join(c if c.isascii() and (c.isalnum() or c in "_-") else "-" for c in module.lower())
    return name[-32:]


def _said(
    model: nn.Module,
    head: nn.Module | None,
    criterion: _Criterion,
    optimizer: Any,
    settings: dict[str, Any],
) -> dict[str, Any]:
    """The arguments of ``init``: what is found out by itself, under what the user says."""
    found = {} if head is None else _found(model, head, _kind(criterion))
    if isinstance(optimizer, str):
        found["optimizer"] = optimizer
    elif optimizer is not None:
        found.update(_of_optimizer(optimizer, head))
    return {**found, **settings}


def _found(model: nn.Module, head: nn.Module, kind: str | None) -> dict[str, Any]:
    weight = getattr(head, "weight", None)
    found: dict[str, Any] = {
        "bias": getattr(head, "bias", None) is not None,
        "batch_norm": _weights.batch_normalised(model),
    }
    classes, dim = getattr(head, "out_features", 0), getattr(head, "in_features", 0)
    if not (classes and dim) and weight is not None:
        classes, dim = weight.shape
    if 2 <= classes <= 1024 and 1 <= dim <= 65536:
        found.update(classes=classes, dim=dim)
    return found if kind is None else {**found, "loss": kind}


def _of_optimizer(optimizer: Any, head: nn.Module | None) -> dict[str, Any]:
    inner = bare(optimizer)
    if not isinstance(inner, torch.optim.Optimizer):
        raise TypeError(f"optimizer is {optimizer!r}; expected a torch.optim.Optimizer or its name")
    group = inner.param_groups[0] if head is None else group_of(inner, head.weight)
    decay = None if group is None else group.get("weight_decay")
    found: dict[str, Any] = {"optimizer": type(inner).__name__}
    return {**found, "weight_decay": float(decay)} if isinstance(decay, (int, float)) else found


def _learning_rate(optimizer: Any) -> float | None:
    """Of the first group; a rate that lies on a GPU is not waited for."""
    rate = None if optimizer is None else optimizer.param_groups[0].get("lr")
    return float(rate) if isinstance(rate, (int, float)) else None
