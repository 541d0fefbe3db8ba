import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type ModelProto, ModelProtoSchema, StringStringEntryProtoSchema } from 'onnx-buf';
import { unmet } from '../../core/errors.js';
import { preprocessing, READABLE } from './index.js';

/** What the graph's metadata says of its own preprocessing. */
const DESCRIPTION =
  'uint8 pictures [batch, height, width, channels] (grey, grey and alpha, RGB, RGBA; of any size, the same within a batch), dark ink on light ' +
  'paper or light on dark, to logits and probabilities [batch, 10]; readable [batch, 1] is false where there is nothing to read. Not in the graph: ' +
  'uneven light, ruled lines, frames, underlines, specks, small writing in large pictures, cards, badges and bars, ink as bright as its paper.';

/**
 * A classifier of the model's input as one of pictures: the same graph behind `preprocessing`, whatever its precision.
 * @param model a bundle's `model.onnx`.
 * @throws TenfoldError `bad-input` where a value of the model bears a name of the preprocessing.
 */
export function withPreprocessing(model: Uint8Array): Uint8Array {
  const whole = fromBinary(ModelProtoSchema, model);
  const graph = whole.graph!;
  const input = graph.input[0]!.name;
  const before = graphOf(preprocessing(graph.name, input).build());
  requireDistinct(graph, before);
  graph.node.unshift(...before.node);
  graph.initializer.unshift(...before.initializer);
  graph.input = before.input;
  graph.output.push(before.output.find(({ name }) => name === READABLE.name)!);
  graph.docString = DESCRIPTION;
  whole.metadataProps.push(create(StringStringEntryProtoSchema, { key: 'picture', value: DESCRIPTION }));
  return toBinary(ModelProtoSchema, whole);
}

type Graph = NonNullable<ModelProto['graph']>;

const graphOf = (model: Uint8Array): Graph => fromBinary(ModelProtoSchema, model).graph!;

function requireDistinct(graph: Graph, before: Graph): void {
  const namesOf = ({ node, initializer }: Graph) => [
    ...node.flatMap(({ output }) => output),
    ...initializer.map(({ name }) => name),
  ];
  const taken = new Set([...namesOf(before), ...before.input.map(({ name }) => name)]);
  const twice = namesOf(graph).find((name) => taken.has(name));
  if (twice === undefined) return;
  throw unmet({
    code: 'bad-input',
    what: 'the names of the layers',
    expected: `none of preprocessing's own (${before.input[0]!.name}, ${READABLE.name}, preprocess/...)`,
    got: twice,
    advice: 'Name the layer otherwise and export the bundle again.',
  });
}
