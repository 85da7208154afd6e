"""A cluster bills what this machine bills, byte for byte, whoever of its workers dies; what does not answer is told."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.issuing.house import JANUARY, office_in
from xlbill import __version__, cluster
from xlbill.cluster import Cluster, connected, is_cluster
from xlbill.problems import Problem
from xlbill.processes import Lost
from xlbill.run import bill_month
from xlbill.workspace import Workspace

distributed = pytest.importorskip("distributed", reason="the extra dask is not installed")
pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # those of Dask are its own
    pytest.mark.xdist_group("cluster"),
]


def address_of(local: Any) -> str:
    return str(local.scheduler_address).replace("tcp://", cluster.SCHEME)


@pytest.fixture(scope="module")
def local() -> Iterator[str]:
    """A scheduler and two workers in this process."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, protocol="tcp", dashboard_address=None
    ) as made:
        yield address_of(made)


def files_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_cluster_bills_byte_for_byte_what_this_machine_bills(
    local: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "CHUNK", 1)
    place = Workspace(office_in(tmp_path / "w").folder)
    _, own = bill_month(place, JANUARY)
    expected = files_in(place.invoices(JANUARY))
    for file in place.invoices(JANUARY).iterdir():
        file.unlink()
    result, found = bill_month(place, JANUARY, executor=local)
    assert result is not None and len(result.billed) == 3
    assert files_in(place.invoices(JANUARY)) == expected
    assert [str(p) for p in found] == [str(p) for p in own]


class Counting:
    """Work whose jobs are numbers; the one of `deadly` kills its worker, once or always."""

    def __init__(self, deadly: int = -1, mark: Path | None = None) -> None:
        self.deadly, self.mark = deadly, mark

    def common(self) -> "Counting":
        return self

    def part(self, jobs: Any) -> int:
        return sum(jobs)

    def joined(self, part: int) -> "Counting":
        return self

    def __call__(self, job: int) -> int:
        if job == self.deadly and (self.mark is None or not self.mark.exists()):
            if self.mark is not None:
                self.mark.touch()
            os._exit(9)
        return job * job


def test_results_come_in_the_order_of_their_jobs(local: str) -> None:
    with _cluster(local) as connection:
        assert list(connection.mapped(Counting(), range(50))) == [n * n for n in range(50)]


def _cluster(address: str) -> Cluster:
    made = connected(address, __version__)
    assert isinstance(made, Cluster), made
    return made


@pytest.mark.many
def test_what_a_dead_worker_had_is_done_again_and_once(tmp_path: Path) -> None:
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as made:
        with _cluster(address_of(made)) as connection:
            done = list(connection.mapped(Counting(13, tmp_path / "died"), range(40)))
        assert done == [n * n for n in range(40)]
        assert (tmp_path / "died").exists()
        with _cluster(address_of(made)) as connection:
            done = list(connection.mapped(Counting(13), range(40)))
        assert [each for each in done if isinstance(each, Lost)] == [Lost(13)]
        assert [each for each in done if not isinstance(each, Lost)] == [n * n for n in range(40) if n != 13]


def test_what_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cluster, "REACH", 0.2)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"{cluster.SCHEME}127.0.0.1:{free.getsockname()[1]}"
    place = Workspace(office_in(tmp_path / "w").folder)
    result, (told,) = bill_month(place, JANUARY, executor=nobody)
    assert result is None
    assert (told.code, told.found("en")) == ("executor-unusable", "no scheduler answers")
    assert not list(place.invoices(JANUARY).glob("*.xlsx"))


def test_another_server_at_the_address_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A web server, say, whose answer Dask takes for the length of what follows."""
    monkeypatch.setattr(cluster, "REACH", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as web:

        def serve() -> None:
            taken, _ = web.accept()
            with taken:
                taken.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n" * 9)

        Thread(target=serve, daemon=True).start()
        told = connected(f"{cluster.SCHEME}127.0.0.1:{web.getsockname()[1]}", __version__)
    assert isinstance(told, Problem)
    assert (told.code, told.found("en")) == ("executor-unusable", "no scheduler answers")


def test_workers_of_another_version_bill_nothing(local: str) -> None:
    told = connected(local, "9.9")
    assert isinstance(told, Problem)
    assert f"has xlbill {__version__}" in str(told.found("en"))


def test_a_cluster_without_workers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "WAIT", 0.2)
    with distributed.LocalCluster(n_workers=0, processes=False, protocol="tcp", dashboard_address=None) as made:
        told = connected(address_of(made), __version__)
    assert isinstance(told, Problem)
    assert told.found("en") == "there is no worker"


@pytest.mark.parametrize(
    ("address", "good"),
    [("dask://10.0.0.7:8786", True), ("dask://:8786", False), ("dask://host", False), ("tcp://host:1", False)],
)
def test_addresses(address: str, good: bool) -> None:
    assert is_cluster(address) is good
