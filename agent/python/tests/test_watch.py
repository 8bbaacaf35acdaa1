"""Watching a PyTorch model: what is captured, and that the training does not notice."""

from __future__ import annotations

import copy
import gc
import io
import json
import threading
import time
import weakref

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from torch import nn  # noqa: E402
from torch.nn import functional  # noqa: E402

import collapsewatch  # noqa: E402
from collapsewatch._torch._staging import PinnedBuffers  # noqa: E402
from support.networks import CLASSES, HIDDEN, WIDTH, Net, Training  # noqa: E402

TORCH_2 = int(torch.__version__.split(".")[0]) >= 2


@pytest.fixture
def watch(receiver, monkeypatch):
    """Watches everything that the bytes allow, and lets go at the end."""
    monkeypatch.setattr("collapsewatch._torch._observer._SECONDS_BETWEEN_BATCHES", (0.0, 0.0))
    made = []

    def watch(model, *args, **settings):
        settings = {"name": "a-run", "agent": receiver.address, "overhead": 1.0, **settings}
        made.append(collapsewatch.watch(model, *args, **settings))
        return made[-1]

    yield watch
    for watching in made:
        watching.detach()


@pytest.fixture
def batches(receiver):
    """The live batches that came, once the run has ended."""

    def batches(layer="penultimate"):
        receiver.await_kind("end")
        return [b for b in receiver.of_kind("batch") if b.metadata["layer"] == layer]

    return batches


def test_features_labels_and_logits_are_those_of_the_step(receiver, watch, batches):
    training = Training()
    watching = watch(training.model)
    model_then = copy.deepcopy(training.model)
    x, y, _ = training.step()
    training.step()
    watching.finish()

    first, second = batches()
    assert (first.step, second.step) == (0, 1)
    with torch.no_grad():
        features = model_then.body(x)
        logits = model_then.head(features)
    np.testing.assert_array_equal(first.tensors["features"], features.numpy())
    np.testing.assert_array_equal(first.tensors["logits"], logits.numpy())
    np.testing.assert_array_equal(first.tensors["labels"], y.numpy())


def test_the_classifier_is_the_one_that_made_the_features(receiver, watch):
    training = Training()
    watching = watch(training.model)
    weight, bias = (
        training.model.head.weight.detach().clone(),
        training.model.head.bias.detach().clone(),
    )
    training.step()
    watching.finish()

    (classifier,) = receiver.await_kind("classifier")
    np.testing.assert_array_equal(classifier.tensors["weight"], weight.numpy())
    np.testing.assert_array_equal(classifier.tensors["bias"], bias.numpy())


def test_the_head_is_the_linear_layer_that_is_called_last(watch):
    training = Training()
    watching = watch(training.model)
    assert watching.head is None

    training.step()
    assert watching.head is training.model.head


def test_what_is_found_out_of_the_run_is_told(receiver, watch):
    training = Training()
    watching = watch(training.model, optimizer=training.optimizer, report_every_steps=5)
    training.step()
    watching.finish()

    receiver.await_kind("end")
    said = {k: v for run in receiver.of_kind("run") for k, v in run.metadata.items()}
    expected = {
        "classes": "5", "dim": "8", "bias": "true", "batch_norm": "false", "loss": "cross_entropy",
        "optimizer": "SGD", "weight_decay": "0.001", "report_every_steps": "5",
    }  # fmt: skip
    assert {name: said[name] for name in expected} == expected


def test_batch_normalisation_is_noticed(receiver, watch):
    watching = watch(nn.Sequential(nn.BatchNorm1d(WIDTH), nn.Linear(WIDTH, CLASSES)), "1")
    watching.finish()

    assert receiver.await_kind("run")[0].metadata["batch_norm"] == "true"


def test_layer_norms_are_frobenius_norms_by_name(receiver, watch):
    training = Training()
    watching = watch(training.model)
    expected = {
        name: float(np.linalg.norm(module.weight.detach().double().numpy()))
        for name, module in training.model.named_modules()
        if isinstance(module, nn.Linear)
    }
    training.step()
    watching.finish()

    receiver.await_kind("end")
    (stats,) = [s for s in receiver.of_kind("stats") if s.tensors]
    assert json.loads(stats.metadata["layer_names"]) == list(expected)
    np.testing.assert_allclose(stats.tensors["layer_norms"], list(expected.values()), rtol=1e-6)


def test_the_loss_and_the_learning_rate_are_told(receiver, watch):
    training = Training()
    watch(training.model, optimizer=training.optimizer)
    losses, told, end = [], [], time.monotonic() + 20
    while not told and time.monotonic() < end:
        losses.append(training.step()[2].item())
        told = [s for s in receiver.of_kind("stats") if "loss" in s.metadata]

    assert told
    for stats in told:
        assert float(stats.metadata["loss"]) == pytest.approx(losses[stats.step])
        assert stats.metadata["learning_rate"] == "0.1"


def test_more_layers_are_captured_with_the_same_labels(receiver, watch, batches):
    training = Training()
    watching = watch(training.model, layers=["hidden", "embed"])
    then = copy.deepcopy(training.model)
    x, y, _ = training.step()
    watching.finish()

    (hidden,) = batches("hidden")
    (embed,) = batches("embed")
    with torch.no_grad():
        np.testing.assert_array_equal(embed.tensors["features"], then.embed(x).numpy())
        np.testing.assert_array_equal(
            hidden.tensors["features"], then.hidden(functional.relu(then.embed(x))).numpy()
        )
    np.testing.assert_array_equal(hidden.tensors["labels"], y.numpy())


def test_images_of_a_layer_are_rows(watch, batches):
    model = nn.Sequential(
        nn.Unflatten(1, (3, 2, 2)), nn.Conv2d(3, 4, 1), nn.Flatten(), nn.Linear(16, CLASSES)
    )
    watching = watch(model, layers=["1"])
    Training(model).step()
    watching.finish()

    assert batches("1")[0].tensors["features"].shape == (20, 16)


# The training goes on as without


def trained(watched, steps=12, **settings):
    training = Training()
    watching = watched(training.model, **settings)
    for _ in range(steps):
        training.step()
    return training.weights(), torch.get_rng_state(), watching


def test_final_weights_and_random_numbers_are_bit_identical(watch):
    weights, random, _ = trained(watch, layers=["hidden"])
    expected, expected_random, _ = trained(lambda model, **_: None)

    assert all(torch.equal(a, b) for a, b in zip(weights, expected))
    assert torch.equal(random, expected_random)


def test_an_exception_of_the_user_passes_and_the_next_step_is_captured(watch, batches):
    training = Training()
    watching = watch(training.model)
    training.step()
    with pytest.raises(ZeroDivisionError):
        training.step(before_loss=lambda logits, labels: 1 / 0)
    training.step()
    watching.finish()

    assert [batch.step for batch in batches()] == [0, 1]


def test_a_fault_of_ours_ends_the_watching_only(watch, warnings, monkeypatch):
    training = Training()
    watching = watch(training.model)

    def broken(*args, **kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr(watching._observer._capture, "copies", broken)
    for _ in range(3):
        training.step()

    assert [s for s in warnings() if "the training goes on" in s] == [
        "run a-run: watching the model ends here, the training goes on"
    ]


def test_nothing_is_kept_of_the_graph_or_of_the_model(watch):
    training = Training()
    watch(training.model)
    training.step()
    x, _ = training.batch()
    logits = training.model(x)
    gone = [weakref.ref(logits), weakref.ref(training.model)]
    del logits, training
    gc.collect()

    assert [ref() for ref in gone] == [None, None]


def test_detaching_puts_everything_back(watch, receiver):
    training = Training()
    modules = nn.modules.module
    native = torch._C._nn

    def patched():
        return native.cross_entropy_loss, native.mse_loss, torch.jit.script

    before = patched()
    watching = watch(training.model, optimizer=training.optimizer)
    assert patched() != before
    watching.detach()

    assert patched() == before
    assert not isinstance(training.optimizer.__dict__.get("step"), type(patched))
    assert not modules._global_forward_hooks
    assert not any(module._forward_hooks for module in training.model.modules())
    training.step()
    watching.run.finish()
    receiver.await_kind("end")
    assert receiver.of_kind("batch") == []


def test_a_second_watch_changes_nothing_and_says_so(watch, warnings):
    training = Training()
    first = watch(training.model)

    assert watch(training.model, name="another") is first
    assert warnings() == [
        "run a-run: this model is watched already; the second watch changes nothing, detach() the"
        " first one before"
    ]
    training.step()


def test_after_detaching_the_model_can_be_watched_again(watch, batches):
    training = Training()
    watch(training.model).detach()
    watching = watch(training.model)
    training.step()
    watching.finish()

    assert len(batches()) == 1


def test_a_copied_or_saved_model_is_not_watched(watch, batches, tmp_path):
    training = Training()
    watching = watch(training.model)
    training.step()
    average = copy.deepcopy(training.model)
    file = io.BytesIO()
    torch.save(training.model, file)
    file.seek(0)
    saved = torch.load(file, **({"weights_only": False} if TORCH_2 else {}))
    x, y = training.batch()
    for other in (average, saved):
        functional.cross_entropy(other(x), y)
    watching.finish()

    assert len(batches()) == 1
    assert b"collapsewatch" not in file.getvalue()


# Where labels come from


def test_labels_come_from_a_criterion_that_is_found(watch, batches):
    class Smoothed(nn.Module):
        def forward(self, logits, labels):
            return -functional.log_softmax(logits, 1)[torch.arange(len(labels)), labels].mean()

    training = Training(loss=Smoothed())
    watching = watch(training.model)
    for _ in range(3):
        training.step()
    watching.finish()

    assert [batch.step for batch in batches()] == [0, 1, 2]
    np.testing.assert_array_equal(batches()[2].tensors["labels"], np.arange(20) % CLASSES)


def test_labels_come_from_the_criterion_that_is_named(watch, batches):
    training = Training(loss=nn.CrossEntropyLoss(ignore_index=3))
    watching = watch(training.model, criterion=training.loss)
    training.step()
    watching.finish()

    assert set(batches()[0].tensors["labels"]) == {0, 1, 2, 4}


@pytest.mark.parametrize(
    "loss",
    [
        lambda z, y: functional.nll_loss(
            functional.log_softmax(z.view(-1, CLASSES).double(), 1), y
        ),
        lambda z, y: functional.cross_entropy(input=z / 2.0, target=y, label_smoothing=0.1),
        lambda z, y: nn.MSELoss()(z, functional.one_hot(y, CLASSES).float()),
        lambda z, y: functional.cross_entropy(z, functional.one_hot(y, CLASSES) * 0.9 + 0.02),
    ],
)
def test_labels_come_through_what_is_made_of_the_logits(loss, watch, batches):
    training = Training(loss=loss)
    watching = watch(training.model)
    training.step()
    watching.finish()

    np.testing.assert_array_equal(batches()[0].tensors["labels"], np.arange(20) % CLASSES)


def test_a_loss_of_something_else_is_not_taken(watch, batches):
    training = Training()
    other = nn.Linear(WIDTH, CLASSES)
    wrong = torch.zeros(20, dtype=torch.long)
    watching = watch(training.model)
    for _ in range(3):
        training.step(
            before_loss=lambda logits, y: functional.cross_entropy(
                other(torch.randn(20, WIDTH)), wrong
            )
        )
    watching.finish()

    assert [set(batch.tensors["labels"]) for batch in batches()] == [set(range(CLASSES))] * 3


@pytest.mark.parametrize("before", [True, False])
def test_labels_are_said_before_or_after_the_pass(before, watch, batches):
    training = Training(loss=lambda logits, y: (logits[torch.arange(20), y]).mean())
    watching = watch(training.model, "head")
    for step in range(3):
        x, y = training.batch()
        y = (y + step) % CLASSES
        if before:
            watching.labels(y)
        logits = training.model(x)
        if not before:
            watching.labels(y.numpy())
        logits.mean().backward()
        training.model.eval()  # a pass that does not count, with labels all the same
        if before:
            watching.labels(y * 0)
        training.model(x)
        if not before:
            watching.labels(y * 0)
        training.model.train()
    watching.finish()

    assert [batch.step for batch in batches()] == [0, 1, 2]
    for step, batch in enumerate(batches()):
        np.testing.assert_array_equal(batch.tensors["labels"], (np.arange(20) + step) % CLASSES)


def test_labels_that_are_said_go_before_those_of_a_loss(watch, batches):
    training = Training()
    watching = watch(training.model)
    for step in range(3):
        training.step()
        watching.labels(torch.full((20,), step))
    watching.finish()

    # The first time the loss was there before it was known that labels would be said.
    assert [set(batch.tensors["labels"]) for batch in batches()] == [set(range(CLASSES)), {1}, {2}]


def test_without_labels_copying_ends_and_that_is_said(watch, warnings, batches):
    training = Training(loss=lambda logits, y: logits.mean())
    watching = watch(training.model, "head")
    for _ in range(60):
        training.step()
    watching.finish()

    assert batches() == []
    assert warnings() == [
        "run a-run: 50 passes had no labels: no loss was seen that is computed of the logits; name"
        " the criterion= or call watch.labels(y)"
    ]


def test_mixtures_of_samples_are_counted_and_the_rest_goes_on(watch, batches, warnings):
    def mixed(logits, y):
        one_hot = functional.one_hot(y, CLASSES).float()
        return functional.cross_entropy(logits, 0.7 * one_hot + 0.3 * one_hot.roll(1, 0))

    training = Training(loss=mixed)
    watching = watch(training.model)
    training.step()
    training.loss = functional.cross_entropy
    training.step()
    watching.finish()

    assert [batch.step for batch in batches()] == [1]
    assert watching.run.dropped == {"bad_batch": 1}
    assert "none of 20 rows of soft labels is one-hot, smoothed or not" in warnings()[0]


def test_sequences_are_said_once_not_to_be_supported(watch, warnings, batches):
    training = Training(loss=lambda z, y: functional.cross_entropy(z.flatten(0, 1), y.repeat(3)))
    watching = watch(training.model, "head")
    training.batch = lambda: (torch.randn(20, 3, WIDTH), torch.arange(20) % CLASSES)
    for _ in range(3):
        training.step()
    watching.finish()

    assert batches() == []
    assert warnings() == [
        "run a-run: the head returns float32 of shape [20, 3, 5]; expected floating-point numbers of"
        " shape [B,n]: sequences and more than 1024 classes are not supported"
    ]


# Passes and steps


def test_passes_in_evaluation_count_only_in_a_snapshot(receiver, watch):
    training = Training(rows=300)
    watching = watch(training.model)
    training.step()
    x, y = training.batch()
    training.model.eval()
    with torch.no_grad():
        functional.cross_entropy(training.model(x), y)
        with watching.snapshot(split="test", id="one"):
            for _ in range(2):
                functional.cross_entropy(training.model(x), y)
    watching.finish()

    receiver.await_kind("end")
    live, passed = receiver.of_kind("batch")
    assert "snapshot" not in live.metadata
    assert passed.metadata["snapshot"] == "one"
    assert passed.metadata["split"] == "test"
    assert passed.tensors["features"].shape == (600, HIDDEN), "small batches are sent together"
    assert passed.metadata["snapshot_end"] == "true"
    (classifier,) = [c for c in receiver.of_kind("classifier") if "snapshot" in c.metadata]
    np.testing.assert_array_equal(
        classifier.tensors["weight"], training.model.head.weight.detach().numpy()
    )


def test_a_snapshot_may_come_before_the_first_step(receiver, watch):
    training = Training()
    watching = watch(training.model)
    x, y = training.batch()
    training.model.eval()
    with torch.no_grad(), watching.snapshot():
        training.model(x)
        watching.labels(y)
    watching.finish()

    receiver.await_kind("end")
    (batch,) = receiver.of_kind("batch")
    with torch.no_grad():
        np.testing.assert_array_equal(batch.tensors["features"], training.model.body(x).numpy())


def test_training_mode_in_a_snapshot_is_said(watch, warnings):
    training = Training()
    watching = watch(training.model)
    with watching.snapshot():
        training.step()

    assert warnings() == [
        "run a-run: the model is in training mode in a snapshot, so its passes are not part of it;"
        " call model.eval() before"
    ]


def test_steps_are_those_of_the_optimizer_where_it_is_known(watch, batches):
    training = Training()
    schedule = torch.optim.lr_scheduler.StepLR(training.optimizer, 1)
    watching = watch(training.model, optimizer=training.optimizer)
    for _ in range(2):
        for _ in range(3):
            x, y = training.batch()
            functional.cross_entropy(training.model(x), y).backward()
        training.optimizer.step()
        schedule.step()
    watching.finish()

    assert [batch.step for batch in batches()] == [0, 0, 0, 1, 1, 1]
    assert watching.step == 2


def test_a_continued_training_says_its_step_and_epoch(watch, batches):
    training = Training()
    watching = watch(training.model)
    watching.step, watching.epoch = 1000, 2.5
    training.step()
    watching.finish()

    (batch,) = batches()
    assert (batch.step, batch.metadata["epoch"]) == (1000, "2.5")
    assert watching.step == 1001


def test_recomputation_of_checkpoints_is_not_counted(watch, batches):
    from torch.utils.checkpoint import checkpoint

    class Checkpointed(Net):
        def body(self, x):
            return checkpoint(super().body, x, use_reentrant=False)

        def forward(self, x):
            return checkpoint(self.head, self.body(x), use_reentrant=False)

    training = Training(Checkpointed())
    watching = watch(training.model, layers=["hidden"])
    for _ in range(3):
        training.step()
    watching.finish()

    assert [batch.step for batch in batches()] == [0, 1, 2]
    assert [batch.step for batch in batches("hidden")] == [0, 1, 2]


# Passes that are none, and models that are not plain


def test_tracing_scripting_and_export_work_and_are_not_captured(watch, batches, warnings):
    training = Training()
    watching = watch(training.model)
    training.step()
    x, _ = training.batch()
    traced = torch.jit.trace(training.model, x)
    scripted = torch.jit.script(training.model)
    with torch.no_grad():
        for other in (traced, scripted):
            torch.testing.assert_close(other(x), training.model(x))
    training.step()
    watching.finish()

    assert [batch.step for batch in batches()] == [0, 1]
    assert warnings() == [
        "run a-run: the model is being traced or exported; such passes are not captured"
    ]


def test_a_function_that_computes_the_loss_can_be_scripted(watch):
    watch(Training().model)

    def loss(z, y):
        # type: (Tensor, Tensor) -> Tensor
        return functional.cross_entropy(z, y)

    scripted = torch.jit.script(loss)
    assert scripted(torch.zeros(2, 3), torch.tensor([0, 1])).item() == pytest.approx(np.log(3))


def test_a_scripted_model_is_said_not_to_be_watched(watch, warnings):
    training = Training(torch.jit.script(Net()))
    watch(training.model)
    training.step()

    assert warnings() == [
        "run a-run: the model is a script of torch.jit, which calls no hooks; it is not watched"
    ]


def test_vmap_and_grad_of_functions_pass_by(watch, batches):
    functorch = pytest.importorskip("functorch", reason="this PyTorch has no functorch")
    training = Training()
    watching = watch(training.model)
    training.step()
    x, _ = training.batch()
    functorch.vmap(training.model)(x)
    watching.finish()

    assert len(batches()) == 1


def test_wrappers_are_unwrapped(watch, batches):
    training = Training()
    training.model = nn.DataParallel(training.model)
    watching = watch(training.model)
    training.step()
    watching.finish()

    assert watching.head is training.model.module.head
    assert len(batches()) == 1


@pytest.mark.skipif(not TORCH_2, reason="torch.compile came with PyTorch 2")
def test_a_compiled_model_is_watched(watch, batches):
    training = Training(
        nn.Sequential(nn.Linear(WIDTH, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, CLASSES))
    )
    training.model = torch.compile(training.model, backend="aot_eager")
    watching = watch(training.model)
    then = copy.deepcopy(training.model._orig_mod)
    x, y, _ = training.step()
    training.step()
    watching.finish()

    first, second = batches()
    with torch.no_grad():
        np.testing.assert_allclose(
            first.tensors["features"], then[:2](x).numpy(), rtol=1e-5, atol=1e-6
        )
    np.testing.assert_array_equal(first.tensors["labels"], y.numpy())
    assert second.step == 1


def test_sharded_weights_are_not_gathered(watch, receiver, warnings):
    class Sharded(nn.Parameter):
        """As a DTensor: a share of the weight, and a method that would gather all of it."""

        def full_tensor(self):
            raise AssertionError("gathered")

    training = Training()
    training.model.head.weight = Sharded(training.model.head.weight.detach())
    watching = watch(training.model)
    training.step()
    watching.finish()

    receiver.await_kind("end")
    assert receiver.of_kind("classifier") == []
    assert "each rank holds a part of the weights only" in warnings()[0]


def test_half_precision_arrives_as_it_is(watch, batches):
    training = Training()
    watching = watch(training.model)
    x, y = training.batch()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        functional.cross_entropy(training.model(x).float(), y).backward()
    watching.finish()

    (batch,) = batches()
    assert batch.dtypes["logits"] == "BF16"


def test_no_more_passes_are_captured_than_are_of_use(receiver, batches):
    training = Training()
    watching = collapsewatch.watch(training.model, agent=receiver.address, overhead=1.0)
    begin = time.monotonic()
    for _ in range(100):
        training.step()
    seconds = time.monotonic() - begin
    assert watching.step == 100, "all are counted"
    watching.finish()

    assert 1 <= len(batches()) <= 2 + seconds / 0.1


def test_large_batches_are_captured_in_part(watch, batches):
    model = nn.Sequential(nn.Linear(WIDTH, 1024), nn.ReLU(), nn.Linear(1024, CLASSES))
    training = Training(model, rows=2048)
    watching = watch(model, overhead=1.0)
    _, y, _ = training.step()
    watching.finish()

    (batch,) = batches()
    rows = len(batch.tensors["labels"])
    assert 100 < rows < 300, "of 2048 rows of 4 KiB, one MiB"
    stride = -(-2048 // rows)
    np.testing.assert_array_equal(batch.tensors["labels"], y.numpy()[::stride])


# What the user may not do


@pytest.mark.parametrize(
    "arguments,sentence",
    [
        ({"head": "nonsense"}, "the model has no module 'nonsense'"),
        (
            {"head": nn.ReLU()},
            "head is ReLU(); expected a linear layer, with a weight of shape [K,d]",
        ),
        ({"layers": ["nonsense"]}, "the model has no module 'nonsense'"),
        ({"criterion": max}, "criterion is <built-in function max>; expected a torch.nn.Module or"),
        ({"optimizer": 3}, "optimizer is 3; expected a torch.optim.Optimizer or its name"),
        ({"name": "a b"}, "name is 'a b'; expected [A-Za-z0-9._-]{1,64}"),
    ],
)
def test_wrong_arguments_are_refused_and_leave_nothing(watch, arguments, sentence):
    model = Net()
    with pytest.raises((TypeError, ValueError)) as refused:
        watch(model, **arguments)
    assert str(refused.value).startswith(sentence)
    assert not any(module._forward_hooks for module in model.modules())


def test_something_else_than_a_model_is_refused():
    with pytest.raises(TypeError, match=r"^model is a int; expected a torch.nn.Module$"):
        collapsewatch.watch(3)


def test_a_buffer_may_come_back_while_its_thread_takes_another():
    """The collector frees what it finds wherever a thread is."""
    buffers = PinnedBuffers()
    came = threading.Event()

    def take():
        with buffers._lock:
            buffers.give(None)
        came.set()

    threading.Thread(target=take, daemon=True).start()
    assert came.wait(5)
