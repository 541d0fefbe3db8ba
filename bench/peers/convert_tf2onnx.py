"""Converts Layers models (folders of model.json and weights.bin) by Keras and tf2onnx, each into a file peer.onnx beside them.

    python3 bench/peers/convert_tf2onnx.py OPSET FOLDER...

Keras reads the topology and the weights as they are, so that both sides convert the same network. Pictures come channels first, as
ours do. Prints one JSON line, {"engine"}.
"""

import json
import os
import pathlib
import sys

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'

import numpy
import tensorflow
import tf2onnx


class LocalResponseNormalization(tensorflow.keras.layers.Layer):
    """Stored as core/local-response.ts says; Keras has no such layer."""

    def __init__(self, depth_radius, bias, alpha, beta, **settings):
        super().__init__(**settings)
        self.response = {'depth_radius': depth_radius, 'bias': bias, 'alpha': alpha, 'beta': beta}

    def call(self, x):
        return tensorflow.nn.local_response_normalization(x, **self.response)


def load(folder):
    description = json.loads((folder / 'model.json').read_text())
    network = tensorflow.keras.models.model_from_json(
        json.dumps(description['modelTopology']),
        custom_objects={'LocalResponseNormalization': LocalResponseNormalization},
    )
    data = (folder / 'weights.bin').read_bytes()
    values, offset = {}, 0
    for weight in description['weightsManifest'][0]['weights']:
        size = int(numpy.prod(weight['shape']))
        values[weight['name']] = numpy.frombuffer(data, 'float32', size, offset).reshape(weight['shape'])
        offset += 4 * size
    for variable in network.weights:
        variable.assign(values[variable.name.split(':')[0]])
    return network


def main():
    opset, *folders = sys.argv[1:]
    for folder in map(pathlib.Path, folders):
        network = load(folder)
        (picture,) = network.inputs
        signature = [tensorflow.TensorSpec((None, *picture.shape[1:]), picture.dtype, name='input')]
        tf2onnx.convert.from_keras(
            network, signature, opset=int(opset), inputs_as_nchw=['input'], output_path=str(folder / 'peer.onnx')
        )
        tensorflow.keras.backend.clear_session()
    print(json.dumps({'engine': f'tf2onnx {tf2onnx.__version__}, TensorFlow {tensorflow.__version__}'}))


if __name__ == '__main__':
    main()
