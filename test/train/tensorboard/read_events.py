"""Prints, as JSON, what TensorBoard itself reads below a folder: each run's scalars, images and graph."""

import base64
import json
import sys

from tensorboard.backend.event_processing import event_accumulator, event_multiplexer

EVERYTHING = {event_accumulator.SCALARS: 0, event_accumulator.IMAGES: 0}


def scalars(run, tag):
    return [[event.step, event.value] for event in run.Scalars(tag)]


def images(run, tag):
    return [
        [event.step, event.width, event.height, base64.b64encode(event.encoded_image_string).decode()]
        for event in run.Images(tag)
    ]


def graph(run):
    return [
        {
            "name": node.name,
            "op": node.op,
            "input": list(node.input),
            "shape": [dim.size for dim in node.attr["_output_shapes"].list.shape[0].dim],
            "attributes": {
                key: list(value.list.i) if value.WhichOneof("value") == "list"
                else value.s.decode() if value.WhichOneof("value") == "s"
                else getattr(value, value.WhichOneof("value"))
                for key, value in node.attr.items()
                if key != "_output_shapes"
            },
        }
        for node in run.Graph().node
    ]


def read(run):
    tags = run.Tags()
    return {
        "scalars": {tag: scalars(run, tag) for tag in tags[event_accumulator.SCALARS]},
        "images": {tag: images(run, tag) for tag in tags[event_accumulator.IMAGES]},
        "graph": graph(run) if tags[event_accumulator.GRAPH] else None,
    }


multiplexer = event_multiplexer.EventMultiplexer(size_guidance=EVERYTHING)
multiplexer.AddRunsFromDirectory(sys.argv[1]).Reload()
print(json.dumps({name: read(multiplexer.GetAccumulator(name)) for name in sorted(multiplexer.Runs())}))
