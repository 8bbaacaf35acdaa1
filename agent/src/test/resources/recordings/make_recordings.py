"""Writes the recordings beside this file, with nothing but Python's standard library.

Two ranks train a run for three seconds at ten steps a second; rank 1 is killed within an entry.
"""

import json
import pathlib
import random
import struct

HERE = pathlib.Path(__file__).parent
BEGIN_MS = 1_790_000_000_000
CLASSES, DIM, ROWS, STEPS = 3, 4, 16, 30


def tensor(kind, values):
    return struct.pack("<%d%s" % (len(values), kind), *values)


def blob(metadata, **tensors):
    header, data = {"__metadata__": metadata}, b""
    for name, (dtype, shape, raw) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def captures(rank):
    """The captures of a rank with the millisecond that each was taken in."""
    normal = random.Random(rank).gauss
    seq = [1000]

    def metadata(kind, step, **more):
        seq[0] += 1
        return {"kind": kind, "run": "recorded", "step": str(step), "seq": str(seq[0]),
                "rank": str(rank), "world_size": "2", **more}

    def floats(n):
        return tensor("f", [normal(0, 1) for _ in range(n)])

    yield 0, blob(metadata("run", 0, classes=str(CLASSES)))
    for step in range(STEPS):
        ms = 100 * step + 7 * rank
        if rank == 0 and step % 10 == 0:
            yield ms, blob(metadata("classifier", step), weight=("F32", [CLASSES, DIM], floats(CLASSES * DIM)))
        yield ms + 1, blob(
            metadata("batch", step),
            features=("F32", [ROWS, DIM], floats(ROWS * DIM)),
            labels=("I64", [ROWS], tensor("q", [i % CLASSES for i in range(ROWS)])),
            logits=("F32", [ROWS, CLASSES], floats(ROWS * CLASSES)),
        )
    yield 100 * STEPS, blob(metadata("end", STEPS))


def write(rank, cut):
    recording = b"CWREC\x01\r\n"
    for ms, capture in captures(rank):
        recording += struct.pack("<QI", BEGIN_MS + ms, len(capture)) + capture
    (HERE / ("recorded-rank%d.cwrec" % rank)).write_bytes(recording[: len(recording) - cut])


write(0, 0)
write(1, 100)
