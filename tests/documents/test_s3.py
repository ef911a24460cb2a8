"""The same store on S3: whole objects, one error, no hanging worker."""

import socket
from collections.abc import Callable, Iterator

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws
from pytest_django import Settings

from swindow.documents import invariants, storage
from swindow.documents.errors import StorageUnavailable
from swindow.documents.models import IssuedDocument

Make = Callable[..., IssuedDocument]
TIMES = {"connect_timeout": 1, "read_timeout": 1, "retries": {"total_max_attempts": 2}}


def _use_s3(settings: Settings, **more: object) -> None:
    options = {
        "bucket_name": "papers",
        "region_name": "eu-west-1",
        "default_acl": None,
        "file_overwrite": False,
        "access_key": "test",
        "secret_key": "test",
        "client_config": Config(**TIMES),
    }
    store = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options | more}
    settings.STORAGES = settings.STORAGES | {"default": store}


@pytest.fixture
def bucket(settings: Settings) -> Iterator[None]:
    with mock_aws():
        place = {"LocationConstraint": "eu-west-1"}
        client = boto3.client(
            "s3", region_name="eu-west-1", aws_access_key_id="test", aws_secret_access_key="test"
        )
        client.create_bucket(Bucket="papers", CreateBucketConfiguration=place)
        _use_s3(settings)
        yield


def test_a_paper_lives_on_s3(bucket: None, issue: Make) -> None:
    document = issue()
    assert storage.keys_under(f"issued/26/{document.number}") == [document.storage_key]
    assert [key for key, _written in storage.walk()] == [document.storage_key]
    assert list(invariants.findings()) == []


def test_an_object_is_repeated_replaced_and_removed(bucket: None) -> None:
    storage.put("stored/a/b.pdf", b"one")
    storage.put("stored/a/b.pdf", b"one")
    storage.put("stored/a/b.pdf", b"two")
    assert storage.get("stored/a/b.pdf") == b"two"
    storage.remove("stored/a/b.pdf")
    storage.remove("stored/a/b.pdf")
    with pytest.raises(StorageUnavailable):
        storage.get("stored/a/b.pdf")
    with pytest.raises(StorageUnavailable):
        storage.open_object("stored/a/b.pdf")


def test_a_store_that_refuses_or_hangs_keeps_the_number_and_the_paper_comes_later(
    settings: Settings, reserve: Make, issue: Make, tmp_path: object
) -> None:
    number = reserve().number
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for port in (9, silent.getsockname()[1]):
            _use_s3(settings, endpoint_url=f"http://127.0.0.1:{port}")
            with pytest.raises(StorageUnavailable):
                issue()
    folder = {"BACKEND": "swindow.documents.storage.DurableFileStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": folder}
    assert issue().number == number
