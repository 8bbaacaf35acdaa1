"""Callbacks inside of the libraries that they are for."""

from __future__ import annotations

import numpy as np
import pytest

import collapsewatch


@pytest.fixture
def settings(receiver):
    return {"name": "a-run", "agent": receiver.address, "overhead": 1.0}


def samples():
    rng = np.random.default_rng(3)
    labels = np.arange(120) % 3
    centres = rng.normal(0, 3, (3, 6))
    return (centres[labels] + rng.normal(size=(120, 6))).astype("f4"), labels


def ended(receiver):
    """The captures of a run that has ended, by kind."""
    receiver.await_kind("end")
    return {kind: receiver.of_kind(kind) for kind in ("run", "batch", "classifier", "stats")}


def check_torch(captures, steps):
    """Batches of the steps that there were, with features and labels that belong together."""
    said = {k: v for run in captures["run"] for k, v in run.metadata.items()}
    assert (said["classes"], said["dim"], said["loss"]) == ("3", "5", "cross_entropy")
    assert captures["batch"]
    assert all(0 <= batch.step < steps for batch in captures["batch"])
    for batch in captures["batch"]:
        assert batch.tensors["features"].shape == (20, 5)
        assert set(batch.tensors["labels"]) <= {0, 1, 2}
    assert captures["classifier"][0].tensors["weight"].shape == (3, 5)


def test_lightning(receiver, settings, tmp_path):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    pl = None
    for name in ("lightning.pytorch", "pytorch_lightning"):
        try:
            pl = __import__(name, fromlist=["Trainer"])
            break
        except ImportError:
            continue
    if pl is None:
        pytest.skip("Lightning is not installed")
    from collapsewatch.integrations.lightning import CollapseWatch

    class Module(pl.LightningModule):
        def __init__(self):
            super().__init__()
            self.net = torch.nn.Sequential(
                torch.nn.Linear(6, 5), torch.nn.ReLU(), torch.nn.Linear(5, 3)
            )

        def training_step(self, batch, index):
            x, y = batch
            return torch.nn.functional.cross_entropy(self.net(x), y)

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=0.1, weight_decay=1e-3)

    x, y = samples()
    data = torch.utils.data.TensorDataset(torch.tensor(x), torch.tensor(y))
    callback = CollapseWatch(**settings)
    pl.Trainer(
        max_epochs=3, callbacks=[callback], logger=False, default_root_dir=tmp_path,
        enable_progress_bar=False, enable_model_summary=False, enable_checkpointing=False, accelerator="cpu",
    ).fit(Module(), torch.utils.data.DataLoader(data, 20))  # fmt: skip

    captures = ended(receiver)
    check_torch(captures, 18)
    assert captures["run"][0].metadata["weight_decay"] == "0.001"
    assert callback.watch.step == 18
    assert captures["batch"][0].metadata["epoch"] == "0.0"


def test_hugging_face(receiver, settings, tmp_path):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    transformers = pytest.importorskip("transformers", reason="transformers is not installed")
    pytest.importorskip("accelerate", reason="accelerate is not installed")
    from collapsewatch.integrations.huggingface import CollapseWatch

    class Model(transformers.PreTrainedModel):
        config_class = transformers.PretrainedConfig

        def __init__(self, config):
            super().__init__(config)
            self.body = torch.nn.Linear(6, 5)
            self.classifier = torch.nn.Linear(5, 3)
            self.post_init()

        def forward(self, x=None, labels=None):
            logits = self.classifier(torch.relu(self.body(x)))
            return {
                "loss": torch.nn.CrossEntropyLoss()(logits.view(-1, 3), labels.view(-1)),
                "logits": logits,
            }

    x, y = samples()
    data = [{"x": torch.tensor(row), "labels": int(label)} for row, label in zip(x, y)]
    callback = CollapseWatch(**settings)
    arguments = transformers.TrainingArguments(
        str(tmp_path), num_train_epochs=3, per_device_train_batch_size=20, report_to=[], use_cpu=True,
        disable_tqdm=True, save_strategy="no",
    )  # fmt: skip
    transformers.Trainer(
        Model(transformers.PretrainedConfig()), arguments, train_dataset=data, callbacks=[callback]
    ).train()

    check_torch(ended(receiver), 18)
    assert callback.watch.step == 18


def test_keras(receiver, settings):
    keras = pytest.importorskip("keras", reason="Keras is not installed")
    from collapsewatch.integrations.keras import CollapseWatch

    x, y = samples()
    model = keras.Sequential(
        [keras.Input((6,)), keras.layers.Dense(5, "relu"), keras.layers.Dense(3)]
    )
    model.compile(
        "sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"]
    )
    model.fit(x, y, 20, 4, verbose=0, callbacks=[CollapseWatch(x, y, every=2, **settings)])

    captures = ended(receiver)
    live = [b for b in captures["batch"] if "snapshot" not in b.metadata]
    passed = [b for b in captures["batch"] if b.metadata.get("snapshot") == "epoch-4"]
    assert live
    np.testing.assert_array_equal(np.concatenate([b.tensors["labels"] for b in passed]), y)
    features = keras.Model(model.inputs, model.layers[-1].input).predict(x, verbose=0)
    np.testing.assert_allclose(
        np.concatenate([b.tensors["features"] for b in passed]), features, rtol=1e-5, atol=1e-6
    )
    weight, bias = (np.asarray(v) for v in model.layers[-1].get_weights())
    last = captures["classifier"][-1].tensors
    np.testing.assert_array_equal(last["weight"], weight.T)
    np.testing.assert_array_equal(last["bias"], bias)
    assert captures["stats"]


@pytest.mark.parametrize("jitted", [False, True])
def test_jax(receiver, settings, warnings, jitted):
    jax = pytest.importorskip("jax", reason="JAX is not installed")
    from collapsewatch.integrations.jax import log_step

    x, y = (jax.numpy.asarray(a) for a in samples())
    kernel = jax.numpy.ones((6, 3))
    with collapsewatch.init(**settings) as run:

        def step(x):
            log_step(run, x, y, x @ kernel, kernel=kernel, loss=(x**2).mean(), step=4)
            return x

        (jax.jit(step) if jitted else step)(x)

    captures = ended(receiver)
    if jitted:
        assert captures["batch"] == []
        assert "log_step is called inside of jax.jit" in warnings()[0]
        return
    (batch,) = captures["batch"]
    assert batch.step == 4
    np.testing.assert_array_equal(batch.tensors["features"], x)
    np.testing.assert_array_equal(captures["classifier"][0].tensors["weight"], kernel.T)


def test_numpy(receiver, settings):
    from collapsewatch.integrations.jax import log_step

    x, y = samples()
    with collapsewatch.init(**settings) as run:
        for _ in range(3):
            log_step(run, x, y, kernel=np.eye(6, 3), loss=0.5)

    captures = ended(receiver)
    assert [batch.step for batch in captures["batch"]] == [0, 1, 2]
    assert captures["stats"][0].metadata["loss"] == "0.5"


def test_a_loop_in_numpy_is_counted_also_where_it_is_left_out(receiver):
    from collapsewatch.integrations.jax import log_step

    x, y = samples()
    with collapsewatch.init("a-run", agent=receiver.address, overhead=1e-9) as run:
        for _ in range(100):
            log_step(run, x, y, kernel=np.eye(6, 3), loss=0.5)
    captures = ended(receiver)

    assert len(captures["batch"]) < 5
    assert receiver.await_kind("end")[0].step == 99
