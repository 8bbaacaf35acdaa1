"""Copies of tensors on their way to the sender thread.

The training thread only copies on the tensor's own device and, from a GPU, starts the way into
page-locked memory on a stream aside. Nothing here waits for the GPU but ``Fetch.read``, which the
sender thread calls.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

import torch

from ._capture_mode import leave_captures_alone

#: Page-locked buffers of a watch; a copy that finds none waits on the GPU or is left out.
_BUFFERS = 8
_SMALLEST = 1 << 20
_LARGEST = 16 << 20
_ALIGNMENT = 16


def copy_of(tensor: torch.Tensor, stride: int = 1) -> torch.Tensor:
    """Every ``stride``-th row, in memory of its own on the same device, without a trace in the graph."""
    return tensor.detach()[::stride].clone(memory_format=torch.contiguous_format)


def nbytes(tensors: Mapping[str, torch.Tensor]) -> int:
    """Bytes of all elements."""
    return sum(t.numel() * t.element_size() for t in tensors.values())


class Fetch:
    """Tensors that are in the host's memory as soon as ``read`` returns."""

    def __init__(self, host: dict[str, torch.Tensor]) -> None:
        self._host = host

    def read(self) -> dict[str, torch.Tensor]:
        """May wait for a GPU; for the sender thread."""
        return self._host


class Staging:
    """Where copies of one watch wait. Its methods are for the training thread."""

    def __init__(self) -> None:
        self._pinned = PinnedBuffers()
        self._streams: dict[torch.device, torch.cuda.Stream] = {}

    def fetch(self, copies: dict[str, torch.Tensor]) -> Fetch:
        """Starts the way to the host of tensors that nobody changes any more."""
        device = next((t.device for t in copies.values() if t.is_cuda), None)
        if device is None:
            return Fetch(copies)
        if device not in self._streams:
            self._streams[device] = torch.cuda.Stream(device)
        return GpuFetch(copies, device, self._streams[device], self._pinned)


class GpuFetch(Fetch):
    """Tensors on the way through a page-locked buffer; those without room there stay where they are until ``read``."""

    def __init__(
        self,
        copies: dict[str, torch.Tensor],
        device: torch.device,
        stream: torch.cuda.Stream,
        pinned: PinnedBuffers,
    ) -> None:
        super().__init__({})
        self._buffer: Buffer | None = None
        self._pinned = pinned
        self._stream = stream
        self._event = torch.cuda.Event()
        self._parts = dict(copies)
        self._start([name for name, t in copies.items() if t.device == device])

    def read(self) -> dict[str, torch.Tensor]:
        if self._parts:
            leave_captures_alone()
            self._event.synchronize()
            with torch.cuda.stream(self._stream):
                # Out of the buffer as well: it is used again, the message may wait for long.
                self._host = {name: _on_host(t) for name, t in self._parts.items()}
            self._parts = {}
            self._give_back()
        return self._host

    def _start(self, names: list[str]) -> None:
        sources = [self._parts[name] for name in names]
        self._buffer = self._pinned.take(sum(map(_aligned, sources)))
        self._stream.wait_stream(torch.cuda.current_stream(self._stream.device))
        with torch.cuda.stream(self._stream):
            begin = 0
            for name, source in zip(names, sources):
                # The allocator may give this memory to others only when this stream is through with it.
                source.record_stream(self._stream)  # type: ignore[arg-type]
                if self._buffer is not None:
                    view = self._buffer.view(begin, source)
                    self._parts[name] = view.copy_(source, non_blocking=True)
                    begin += _aligned(source)
            self._event.record(self._stream)
        if self._buffer is not None:
            self._buffer.free_after(self._event)

    def _give_back(self) -> None:
        buffer, self._buffer = self._buffer, None
        if buffer is not None:
            self._pinned.give(buffer)

    def __del__(self) -> None:
        # A message that is dropped is never read.
        self._give_back()


class PinnedBuffers:
    """At most ``_BUFFERS`` page-locked buffers, used again and again. Thread-safe."""

    def __init__(self) -> None:
        # Of the kind that a thread may take twice: the collector may free a fetch, which gives its
        # buffer back, wherever a thread is, here too.
        self._lock = threading.RLock()
        self._free: list[Buffer] = []
        self._made = 0

    def take(self, size: int) -> Buffer | None:
        """A buffer of at least so many bytes whose last copy has landed; ``None`` if there is none."""
        with self._lock:
            landed = [b for b in self._free if b.landed()]
            fitting = min((b for b in landed if b.size >= size), key=lambda b: b.size, default=None)
            if fitting is not None:
                self._free.remove(fitting)
                return fitting
            if size > _LARGEST:
                return None
            if self._made >= _BUFFERS:
                if not landed:
                    return None
                self._free.remove(landed[0])
                self._made -= 1
            self._made += 1
        return Buffer(max(_SMALLEST, 1 << (size - 1).bit_length()))

    def give(self, buffer: Buffer) -> None:
        with self._lock:
            self._free.append(buffer)


class Buffer:
    """Page-locked memory, and the event after which it may be used again."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._memory = torch.empty(size, dtype=torch.uint8, pin_memory=True)
        self._event: torch.cuda.Event | None = None

    def view(self, begin: int, like: torch.Tensor) -> torch.Tensor:
        """The memory from ``begin`` on as a tensor of the type and shape of another one."""
        count = like.numel() * like.element_size()
        return self._memory[begin : begin + count].view(like.dtype).view(like.shape)

    def free_after(self, event: torch.cuda.Event) -> None:
        self._event = event

    def landed(self) -> bool:
        return self._event is None or bool(self._event.query())


def _on_host(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.clone() if tensor.device.type == "cpu" else tensor.cpu()


def _aligned(tensor: torch.Tensor) -> int:
    return -(-tensor.numel() * tensor.element_size() // _ALIGNMENT) * _ALIGNMENT
