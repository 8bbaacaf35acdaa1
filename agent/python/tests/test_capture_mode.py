"""The mode in which the sender thread stands beside captured CUDA graphs."""

import pytest

torch = pytest.importorskip("torch")

from collapsewatch._torch._capture_mode import leave_captures_alone  # noqa: E402


def test_without_cuda_nothing_is_asked_for():
    leave_captures_alone()
    leave_captures_alone()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_copy_that_is_read_elsewhere_does_not_end_a_capture():
    import threading

    from collapsewatch._torch._staging import Staging

    there = torch.ones(64, device="cuda")
    fetch = Staging().fetch({"features": there.clone()})
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        doubled = there * 2
        thread = threading.Thread(target=fetch.read)
        thread.start()
        thread.join()
    graph.replay()
    torch.cuda.synchronize()
    assert float(doubled.sum()) == 128.0
    assert float(fetch.read()["features"].sum()) == 64.0
