"""The connection to an agent that comes, goes, and says what it has."""

from __future__ import annotations

import socket

import pytest

from collapsewatch._address import Address
from collapsewatch._encoder import Blob, Encoder
from collapsewatch._link import AgentLink
from collapsewatch._message import Message, no_tensors
from collapsewatch._trouble import Losses
from support.receiver import Receiver


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Given:
    """A link with blobs to send, driven by hand in place of the sender thread."""

    def __init__(self, address: str, token: str | None = None) -> None:
        self.clock = Clock()
        self.losses = Losses("a-run")
        self.link = AgentLink(
            Address.parse(address), token, self.losses, self.clock, jitter=lambda: 1.0
        )
        self._encoder = Encoder(None, self.losses)

    def deliver(self, *steps: int) -> None:
        for step in steps:
            message = Message("end", {"run": "r", "step": str(step)}, no_tensors, 0, True, 0)
            for blob in self._encoder.encode(message):
                self.link.deliver(blob)

    def work(self) -> float | None:
        """Until it has sent what it has, and asked once what became of it."""
        self.clock.now += 20.0
        self.link.work(False)
        self.clock.now += 1.0
        return self.link.work(False)


def steps(captures):
    return [capture.step for capture in captures]


def nobody() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return f"127.0.0.1:{door.getsockname()[1]}"


def test_what_is_settled_is_let_go(receiver):
    given = Given(receiver.address)
    given.deliver(1, 2, 3)
    assert given.link.held()[0] == 3

    assert given.work() is None
    assert given.link.held() == (0, 0)
    assert steps(receiver.captures) == [1, 2, 3]


def test_what_is_not_settled_is_kept_and_asked_for_again(receiver):
    receiver.settling = False
    given = Given(receiver.address)
    given.deliver(1, 2)

    assert given.work() == pytest.approx(0.2)
    assert given.link.held()[0] == 2
    receiver.settling = True
    assert given.work() is None
    assert steps(receiver.captures) == [1, 2], "nothing is sent twice over one connection"


def test_what_is_not_settled_comes_again_in_order_over_a_new_connection(receiver):
    given = Given(receiver.address)
    given.deliver(1)
    given.work()
    receiver.settling = False
    given.deliver(2, 3)
    given.work()
    receiver.hang_up()
    receiver.settling = True
    given.deliver(4)
    given.work()
    given.work()

    first, second = receiver.connections
    assert steps(first) == [1, 2, 3]
    assert steps(second) == [1, 2, 3, 4], "the first message says what run this is"
    assert [c.seq for c in second[:3]] == [c.seq for c in first]
    assert given.link.held() == (0, 0)


def test_an_agent_that_is_away_is_tried_again_at_growing_intervals(caplog):
    given = Given(nobody())
    given.deliver(1)
    waits = []
    for _ in range(9):
        wait = given.link.work(False)
        waits.append(wait)
        given.clock.now += wait

    assert waits == pytest.approx([0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10, 10])
    assert len(caplog.records) == 1
    assert caplog.records[0].getMessage().startswith("run a-run: no agent at 127.0.0.1:")


def test_nobody_is_asked_before_it_is_time():
    given = Given(nobody())
    given.deliver(1)
    wait = given.link.work(False)
    with Receiver(int(given.link._address.port)) as late:
        assert given.link.work(False) == pytest.approx(wait)
        assert late.connections == []
        given.work()
        assert steps(late.captures) == [1]


def test_when_it_is_urgent_nobody_waits():
    given = Given(nobody())
    given.deliver(1)
    given.link.work(False)
    assert not given.link.hopeless()

    assert given.link.work(True) <= 0.1
    assert given.link.hopeless()


def test_what_the_agent_has_received_is_left_to_it(receiver):
    receiver.settling = False
    given = Given(receiver.address)
    given.deliver(1, 2)
    assert given.link.left() == 2
    given.work()
    given.deliver(3)

    assert given.link.held()[0] == 3
    assert given.link.left() == 1
    receiver.close()
    given.work()
    assert given.link.left() == 3


def test_an_agent_that_was_there_is_no_hopeless_case(receiver):
    given = Given(receiver.address)
    given.deliver(1)
    given.work()
    receiver.close()
    given.deliver(2)
    given.work()
    given.work()

    given.link.work(True)
    assert not given.link.hopeless()


def test_what_the_agent_refuses_is_counted_and_said_once(receiver, warnings):
    receiver.refusing = lambda c: "features is 3 wide" if c.step != 2 else None
    given = Given(receiver.address)
    given.deliver(1, 2, 3)
    given.work()
    given.deliver(4)
    given.work()

    assert given.losses.totals() == {"refused": 3}
    assert warnings() == [
        "run a-run: a message is lost; later ones like it will only be counted:"
        " the agent refuses it: features is 3 wide"
    ]


def test_a_token_goes_before_everything_else():
    with Receiver(token="s3cret") as receiver:
        given = Given(receiver.address, token="s3cret")
        given.deliver(1)
        given.work()

        assert steps(receiver.captures) == [1]


def test_a_wrong_token_is_said_with_the_agent_s_own_words_and_not_shown(warnings):
    with Receiver(token="s3cret") as receiver:
        given = Given(receiver.address, token="other")
        given.deliver(1)
        given.work()

        assert receiver.captures == []
        assert given.link.held()[0] == 1
        assert "the agent refuses: the first frame is not the token" in warnings()[0]
        assert "other" not in warnings()[0]


def test_a_door_that_is_no_agent_is_left_alone(warnings):
    with socket.create_server(("127.0.0.1", 0)) as door:
        given = Given(f"127.0.0.1:{door.getsockname()[1]}")
        given.link._address = _Answering(door, b"HTTP/1.1 400 Bad Request\r\n\r\n")
        given.deliver(1)

        assert given.work() > 0
        assert given.link.held()[0] == 1
        assert "it answers with 1347703880 bytes" in warnings()[0]


class _Answering:
    """An address whose other end says something at once."""

    text = "a web server"

    def __init__(self, door: socket.socket, answer: bytes) -> None:
        self._door = door
        self._answer = answer

    def connect(self) -> socket.socket:
        client = socket.create_connection(self._door.getsockname())
        self._other, _ = self._door.accept()
        self._other.sendall(self._answer)
        return client


def test_closing_ends_waiting_for_an_agent_that_does_not_answer(receiver):
    given = Given(receiver.address)
    given.deliver(1)
    given.work()
    given.link.close()

    given.link.deliver(Blob(b"later", 0))
    assert given.work() is None


@pytest.mark.parametrize(
    "text", ["", "host", "host:", ":1", "host:x", "host:0", "host:65536", "unix:relative"]
)
def test_what_is_no_address_is_said(text):
    with pytest.raises(ValueError, match="the agent's address is"):
        Address.parse(text)


def test_a_unix_socket_is_an_address(tmp_path):
    path = tmp_path / "agent.sock"
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(path))
        door.listen()
        Address.parse(f"unix:{path}").connect().close()
    assert Address.parse("[::1]:7072").host == "::1"
