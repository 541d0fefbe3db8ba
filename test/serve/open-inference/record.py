"""Records what real clients send, and checks that they understand the answers.

python record.py [PERF_ANALYZER VERSION], from the project's root after `npm run build`, with tritonclient[http] and kserve
installed. It writes sessions/*.json, which sessions.test.ts replays.
"""

import asyncio
import datetime
import importlib.metadata
import json
import pathlib
import subprocess
import sys

import kserve
import numpy as np
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

FOLDER = pathlib.Path(__file__).parent / "sessions"
SERVER = "dist/test/serve/open-inference/record-server.js"
MODEL = "row-reader"


class Recording:
    """The tiny bundle behind a port that records."""

    def __init__(self, name, client):
        self.file = FOLDER / f"{name}.json"
        self.provenance = f"{client}, {datetime.date.today()}, record.py"

    def __enter__(self):
        command = ["node", SERVER, str(self.file), self.provenance]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.address = f"127.0.0.1:{self.process.stdout.readline().decode().strip()}"
        return self.address

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.wait()


def pictures(digits):
    """Ink in the row that the tiny bundle reads as the digit, less of it in the next digit's."""
    batch = np.zeros((len(digits), 1, 28, 28), dtype=np.float32)
    for row, digit in enumerate(digits):
        batch[row, 0, 4 + 2 * digit, :] = 0.25
        batch[row, 0, 4 + 2 * ((digit + 1) % 10), 10:18] = 0.5
    return batch


def fails(message, call):
    try:
        call()
    except InferenceServerException as error:
        assert message in error.message(), error.message()
    else:
        raise AssertionError(f"nothing failed, not even with {message}")


def infer_input(batch, binary):
    return [triton.InferInput("input", list(batch.shape), "FP32").set_data_from_numpy(batch, binary_data=binary)]


def check(result, digits):
    for name in ("logits", "probabilities"):
        values = result.as_numpy(name)
        assert values.shape == (len(digits), 10), values.shape
        assert values.argmax(axis=1).tolist() == digits, values


def record_triton_infer():
    version = importlib.metadata.version("tritonclient")
    digits = [3, 7]
    batch = pictures(digits)
    many = [digit % 10 for digit in range(64)]
    with Recording("tritonclient-infer", f"tritonclient {version}") as address:
        client = triton.InferenceServerClient(address)
        check(client.infer(MODEL, infer_input(batch, True)), digits)
        check(client.infer(MODEL, infer_input(batch, False)), digits)
        check(client.infer(MODEL, infer_input(batch, True), model_version="1.2.3", request_id="a/ü"), digits)
        outputs = [
            triton.InferRequestedOutput("probabilities", binary_data=False),
            triton.InferRequestedOutput("logits", binary_data=True),
        ]
        result = client.infer(MODEL, infer_input(batch, True), outputs=outputs, request_id="42")
        check(result, digits)
        assert result.get_response()["id"] == "42"
        for binary in (True, False):
            outputs = [triton.InferRequestedOutput("logits", binary_data=binary, class_count=3)]
            result = client.infer(MODEL, infer_input(batch, True), outputs=outputs).as_numpy("logits")
            first = result.astype(str)[:, 0].tolist()
            assert result.shape == (2, 3) and first == ["7.000000:3:3", "7.000000:7:7"], result
        for coding in ("gzip", "deflate"):
            result = client.infer(
                MODEL,
                infer_input(pictures(many), True),
                request_compression_algorithm=coding,
                response_compression_algorithm=coding,
            )
            check(result, many)
        pending = client.async_infer(MODEL, infer_input(batch, True), priority=1, timeout=1000000)
        check(pending.get_result(), digits)
        fails("[rows, 1, 28, 28]", lambda: client.infer(MODEL, infer_input(batch.reshape(2, 784), True)))
        fails("1 to 64", lambda: client.infer(
            MODEL, infer_input(pictures([0] * 65), True), request_compression_algorithm="gzip"))
        fails("logits or probabilities", lambda: client.infer(
            MODEL, infer_input(batch, True), outputs=[triton.InferRequestedOutput("digit")]))
        fails("nobody", lambda: client.infer("nobody", infer_input(batch, True)))
        assert client.get_inference_statistics(MODEL)["model_stats"][0]["inference_stats"]["success"]["count"] == 9


def record_triton_rest():
    version = importlib.metadata.version("tritonclient")
    with Recording("tritonclient-metadata", f"tritonclient {version}") as address:
        client = triton.InferenceServerClient(address)
        assert client.is_server_live() and client.is_server_ready()
        assert client.is_model_ready(MODEL) and client.is_model_ready(MODEL, "1.2.3")
        assert not client.is_model_ready("nobody") and not client.is_model_ready(MODEL, "9")
        assert "binary_tensor_data" in client.get_server_metadata()["extensions"]
        assert client.get_model_metadata(MODEL, "1.2.3")["inputs"][0]["shape"] == [-1, 1, 28, 28]
        assert client.get_model_config(MODEL)["max_batch_size"] == 64
        fails("nobody", lambda: client.get_model_metadata("nobody äé%"))
        assert len(client.get_inference_statistics()["model_stats"]) == 1
        assert len(client.get_inference_statistics(MODEL, "1.2.3")["model_stats"]) == 1
        assert client.get_model_repository_index()[0]["state"] == "READY"
        client.unload_model(MODEL)
        assert client.get_model_repository_index()[0]["state"] == "UNAVAILABLE"
        assert not client.is_server_ready() and not client.is_model_ready(MODEL)
        fails("in its folders", lambda: client.load_model(MODEL, config="{}"))
        fails("nobody", lambda: client.load_model("nobody"))
        client.load_model(MODEL)
        assert client.is_model_ready(MODEL)


async def drive_kserve(url):
    client = kserve.InferenceRESTClient(kserve.RESTConfig(protocol="v2"))
    assert await client.is_server_live(url) and await client.is_server_ready(url)
    assert await client.is_model_ready(url, MODEL) and not await client.is_model_ready(url, "nobody")
    digits = [1, 8]
    for binary in (False, True):
        infer_input = kserve.InferInput("input", [2, 1, 28, 28], "FP32")
        infer_input.set_data_from_numpy(pictures(digits), binary_data=binary)
        for parameters in ({}, {"binary_data_output": binary}):
            request = kserve.InferRequest(MODEL, [infer_input], request_id="k1", parameters=parameters)
            response = await client.infer(url, request, model_name=MODEL)
            assert response.id == "k1" and response.model_name == MODEL, response
            for output in response.outputs:
                assert output.as_numpy().argmax(axis=1).tolist() == digits, output
    body = {"inputs": [{"name": "input", "shape": [1, 1, 28, 28], "datatype": "FP32", "data": [0.5]}]}
    try:
        await client.infer(url, body, model_name=MODEL)
    except Exception as error:
        assert "Expected 784 numbers" in str(error), error
    else:
        raise AssertionError("one number was taken for 784")
    await client.close()


def record_kserve():
    with Recording("kserve", f"kserve {importlib.metadata.version('kserve')}") as address:
        asyncio.run(drive_kserve(f"http://{address}"))


def record_perf_analyzer(binary, version):
    with Recording("perf-analyzer", f"perf_analyzer {version}") as address:
        command = [binary, "-m", MODEL, "-u", address, "-i", "http", "-b", "2", "--input-data", "zero"]
        run = subprocess.run([*command, "--request-count", "20"], capture_output=True, text=True)
        assert run.returncode == 0 and "Throughput" in run.stdout, run.stdout + run.stderr
        assert "Successful request count: 20" in run.stdout, run.stdout


FOLDER.mkdir(exist_ok=True)
record_triton_infer()
record_triton_rest()
record_kserve()
if len(sys.argv) > 2:
    record_perf_analyzer(sys.argv[1], sys.argv[2])
for file in sorted(FOLDER.iterdir()):
    print(file.name, len(json.loads(file.read_text())["exchanges"]), "exchanges", file.stat().st_size, "bytes")
