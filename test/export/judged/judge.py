"""Judges the graphs of a folder by what others have made, one JSON line each.

    python3 test/export/judged/judge.py versions          what this Python has to judge by
    python3 test/export/judged/judge.py onnx FOLDER       ONNX's own checker, with full shape inference, and its reference evaluator
    python3 test/export/judged/judge.py onnxruntime FOLDER

Each folder in FOLDER is laid out as ONNX's own backend tests are: model.onnx, test_data_set_0/input_N.pb and output_N.pb. The
difference is the largest of all outputs, each taken of its largest value where that is above 1.
"""

import importlib.metadata
import json
import pathlib
import sys


def versions():
    found = {}
    for name in ('onnx', 'onnxruntime'):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = None
    return found


def read(folder, kind):
    import onnx
    from onnx import numpy_helper

    values = {}
    for file in folder.glob(f'test_data_set_0/{kind}_*.pb'):
        tensor = onnx.TensorProto()
        tensor.ParseFromString(file.read_bytes())
        values[tensor.name] = numpy_helper.to_array(tensor)
    return values


def evaluated(file, inputs, names):
    import onnx
    from onnx.reference import ReferenceEvaluator

    # Strict shape inference is a part of it; raises where anything is not as the standard has it.
    onnx.checker.check_model(str(file), full_check=True)
    return ReferenceEvaluator(str(file), new_ops=mended()).run(names, inputs)


def mended():
    """What the evaluator of ONNX 1.20 gets wrong, as the standard has it."""
    import numpy
    from onnx.reference.op_run import OpRun
    from onnx.reference.ops import op_resize

    class Gather(OpRun):
        """By indices that a Transpose gave: the evaluator calls a method that numpy does not have."""

        op_domain = ''

        def _run(self, x, indices, axis=None):
            return (numpy.take(x, indices, axis=axis),)

    class LRN(OpRun):
        """By the standard's formula: the evaluator's goes over as many channels as the batch has examples."""

        op_domain = ''

        def _run(self, x, alpha=None, beta=None, bias=None, size=None):
            channels = x.shape[1]
            before, after = (size - 1) // 2, size // 2
            sums = numpy.stack(
                [numpy.sum(x[:, max(0, c - before):c + after + 1] ** 2, axis=1) for c in range(channels)], axis=1
            )
            return ((x / (bias + alpha / size * sums) ** beta).astype(x.dtype),)

    class Resize(op_resize.Resize):
        """An empty region of interest is none: the evaluator looks for its corners all the same."""

        op_domain = ''

        def _run(self, x, roi=None, *sizes, **attributes):
            return super()._run(x, roi if roi is not None and len(roi) > 0 else None, *sizes, **attributes)

    class Mean(OpRun):
        """Of values that are repeated along some dimensions, whichever comes first: the evaluator adds the others into the first."""

        op_domain = ''

        def _run(self, *values):
            return ((sum(values[1:], values[0]) / len(values)).astype(values[0].dtype),)

    class MaxPool(OpRun):
        """With any padding: the evaluator's gives another shape than the standard says where the sides differ."""

        op_domain = ''

        def _run(self, x, kernel_shape=None, pads=None, strides=None, **_):
            rank = len(kernel_shape)
            pads, strides = pads or [0] * 2 * rank, strides or [1] * rank
            sides = [(0, 0), (0, 0), *zip(pads[:rank], pads[rank:])]
            padded = numpy.pad(x, sides, constant_values=-numpy.inf)
            windows = numpy.lib.stride_tricks.sliding_window_view(padded, kernel_shape, tuple(range(2, 2 + rank)))
            steps = (slice(None), slice(None), *(slice(None, None, stride) for stride in strides))
            return (windows[steps].max(axis=tuple(range(-rank, 0))),)

    return [Gather, LRN, MaxPool, Mean, Resize]


def run(file, inputs, names):
    import onnxruntime

    session = onnxruntime.InferenceSession(str(file), providers=['CPUExecutionProvider'])
    return session.run(names, inputs)


def difference(outputs, expected):
    import numpy

    largest = 0.0
    for output, values in zip(outputs, expected):
        if output.shape != values.shape:
            raise ValueError(f'an output of the shape {output.shape} in place of {values.shape}')
        # Written so that NaN is not lost.
        worst = numpy.max(numpy.abs(output.astype(numpy.float64) - values)) / max(1.0, numpy.max(numpy.abs(values)))
        largest = worst if not worst <= largest else largest
    return float(largest)


def main():
    if sys.argv[1] == 'versions':
        print(json.dumps(versions()))
        return
    judge = {'onnx': evaluated, 'onnxruntime': run}[sys.argv[1]]
    for folder in sorted(pathlib.Path(sys.argv[2]).iterdir()):
        verdict = {'example': folder.name}
        try:
            expected = read(folder, 'output')
            outputs = judge(folder / 'model.onnx', read(folder, 'input'), list(expected))
            verdict['difference'] = difference(outputs, expected.values())
        except Exception as error:  # Whatever a judge objects with is its verdict.
            verdict['objection'] = f'{type(error).__name__}: {error}'[:500]
        print(json.dumps(verdict), flush=True)


if __name__ == '__main__':
    main()
