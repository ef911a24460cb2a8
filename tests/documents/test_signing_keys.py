"""The key that seals the issued papers."""

import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from swindow.documents.signing_keys import SigningFiles, make_demo_keys
from tests.builders import NOW


def test_keys_are_made_once_and_private(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "signing"
    made: list[bool] = []
    threads = [threading.Thread(target=lambda: made.append(make_demo_keys(folder, at=NOW))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [False] * 5 + [True]
    assert SigningFiles(folder).key.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o077 == 0
    assert [path.name for path in folder.parent.iterdir()] == ["signing"]


def test_a_demo_key_opens_with_the_passphrase_only(tmp_path: Path) -> None:
    make_demo_keys(tmp_path / "signing", at=NOW, passphrase="open sesame")
    key = SigningFiles(tmp_path / "signing").key.read_bytes()
    assert load_pem_private_key(key, b"open sesame")
    with pytest.raises(TypeError):
        load_pem_private_key(key, None)
