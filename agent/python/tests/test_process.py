"""How processes end and fork, seen from outside."""

from __future__ import annotations

import time

from support import scripts
from support.receiver import Receiver


def kinds(receiver):
    return [capture.kind for capture in receiver.captures]


def test_a_script_that_does_not_finish_its_run_loses_nothing(receiver):
    code, _, err = scripts.run(
        """
        run = collapsewatch.init("a-run")
        run.log_batch(*batch())
        run.log_stats(loss=1.0)
        run.log_stats(loss=0.5)
        """,
        COLLAPSEWATCH_AGENT=receiver.address,
    )

    assert (code, err) == (0, "")
    assert kinds(receiver) == ["run", "batch", "stats", "stats", "end"]


def test_an_exception_of_the_script_is_its_own_and_the_run_ends(receiver):
    code, _, err = scripts.run(
        """
        run = collapsewatch.init("a-run")
        with run.snapshot():
            run.log_batch(*batch())
            raise KeyError("of the script")
        """,
        COLLAPSEWATCH_AGENT=receiver.address,
    )

    assert code == 1
    assert err.rstrip().endswith("KeyError: 'of the script'")
    assert "collapsewatch" not in err.replace("import collapsewatch", "")
    assert kinds(receiver) == ["run", "batch", "end"]
    assert receiver.captures[1].metadata["snapshot_end"] == "true"


def test_a_script_without_an_agent_ends_at_once_and_has_warned_once():
    code, out, err = scripts.run(
        """
        run = collapsewatch.init("a-run", agent="127.0.0.1:1")
        for _ in range(100):
            run.log_batch(*batch())
        print("trained")
        """
    )

    assert (code, out) == (0, "trained\n")
    assert len(err.splitlines()) == 1
    assert err.startswith("run a-run: no agent at 127.0.0.1:1 (")


def test_a_script_whose_agent_does_not_answer_waits_two_seconds(receiver):
    receiver.settling = False
    process = scripts.start(
        """
        run = collapsewatch.init("a-run")
        other = collapsewatch.init("other-run")
        run.log_batch(*batch())
        print("trained", flush=True)
        """,
        COLLAPSEWATCH_AGENT=receiver.address,
    )
    assert process.stdout.readline() == "trained\n"
    begin = time.monotonic()
    code, _, _ = scripts.finish(process)

    assert code == 0
    assert time.monotonic() - begin < 3.5, "both runs together wait 2 s"


def test_a_run_whose_agent_does_not_answer_costs_no_other_its_end(receiver):
    with Receiver() as silent:
        silent.settling = False
        code, _, _ = scripts.run(
            f"""
            silent = collapsewatch.init("silent", agent="{silent.address}")
            time.sleep(0.5)
            run = collapsewatch.init("a-run", agent="{receiver.address}")
            run.log_batch(*batch())
            """
        )
        assert kinds(silent) == ["run", "end"]

    assert code == 0
    assert kinds(receiver) == ["run", "batch", "end"]


def test_forked_processes_send_nothing_and_leave_the_parent_s_connection_alone(receiver):
    code, out, err = scripts.run(
        """
        import multiprocessing

        run = collapsewatch.init("a-run", overhead=1.0)
        run.log_batch(*batch(), step=0)

        def work(number):
            run.log_batch(*batch(), step=1000 + number)
            run.log_classifier(W)
            with run.snapshot():
                run.log_batch(*batch())
            run.finish()
            return run.dropped, run.status()

        with multiprocessing.get_context("fork").Pool(4) as pool:
            print(pool.map(work, range(16)) == [({}, None)] * 16)
        for number in range(4):
            child = os.fork()
            if child == 0:
                work(number)
                sys.exit(0)  # at its end, as at the parent's, runs are finished
            assert os.waitpid(child, 0)[1] == 0
        run.log_batch(*batch(), step=1)
        """,
        COLLAPSEWATCH_AGENT=receiver.address,
    )

    assert (code, out, err) == (0, "True\n", "")
    assert kinds(receiver) == ["run", "batch", "batch", "end"]
    assert [c.step for c in receiver.of_kind("batch")] == [0, 1]
    assert len(receiver.connections) == 1


def test_forking_in_the_middle_of_everything_never_hangs(receiver):
    """The sender thread is busy, and may hold any lock, whenever the process forks."""
    code, _, err = scripts.run(
        """
        run = collapsewatch.init("a-run", overhead=1.0)
        features, labels = np.ones((200, 100)), np.zeros(200, int)
        for step in range(200):
            run.log_batch(features, [-1] * 200)
            run.log_batch(features, labels)
            child = os.fork()
            if child == 0:
                run.log_batch(features, labels)
                run.dropped
                run.finish()
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
        """,
        COLLAPSEWATCH_AGENT=receiver.address,
    )

    assert code == 0
    assert len(err.splitlines()) == 1
    assert kinds(receiver)[-1] == "end"


def test_a_child_may_have_a_run_of_its_own(receiver):
    code, _, err = scripts.run(
        """
        run = collapsewatch.init("parent")
        child = os.fork()
        if child == 0:
            collapsewatch.init("child").log_batch(*batch())
            sys.exit(0)
        assert os.waitpid(child, 0)[1] == 0
        """,
        COLLAPSEWATCH_AGENT=receiver.address,
    )

    assert (code, err) == (0, "")
    of_child = [c.kind for c in receiver.captures if c.metadata["run"] == "child"]
    assert of_child == ["run", "batch", "end"]
