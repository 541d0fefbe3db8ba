import { unmet } from '../../core/errors.js';
import type { GraphNode } from '../../onnx/graph.js';
import { fitsHalf, toHalf } from '../../onnx/half.js';
import { graphNode, type Model } from '../../onnx/model.js';
import type { Operator } from '../../onnx/operators.js';
import { type Constant, DATA_TYPE } from '../../onnx/tensor.js';
import { readersOf } from './readers.js';

/** Inputs that an operator takes as float32 whatever its values are: the scales of a Resize. */
const ALWAYS_FLOAT32: { readonly [O in Operator]?: readonly number[] } = { Resize: [1, 2] };

/**
 * A classifier's graph in half precision, float32 at its edges: `input` is rounded first, `logits` are widened last, and the softmax
 * over them is float32. Weights are rounded to the nearest; what a Pad pads with is not rounded to 0 (see `guardPadding`).
 * @throws TenfoldError `bad-input` where a weight is beyond 65504.
 */
export function halfGraph(model: Model): Model {
  const [input] = model.inputs;
  const afterLogits = nodesAfter(model, 'logits');
  const narrow = `${input!.name}/half`;
  const renamed = new Map([
    [input!.name, narrow],
    ['logits', 'logits/half'],
  ]);
  const inHalf = (value: string) => renamed.get(value) ?? value;
  const wide = floatConstants(model, afterLogits);
  const paddings = new Set(
    model.nodes.flatMap(({ operator, inputs }) => (operator === 'Pad' ? inputs.slice(2, 3) : [])),
  );
  const nodes = model.nodes.flatMap((node): GraphNode[] => {
    if (afterLogits.has(node)) return [node];
    const made: GraphNode = {
      ...node,
      inputs: node.inputs.map(inHalf),
      outputs: node.outputs.map(inHalf),
      attributes: node.operator === 'Cast' ? { to: narrowed(Number(node.attributes.to)) } : node.attributes,
    };
    return node.outputs.includes('logits') ? [made, WIDEN] : [made];
  });
  return {
    ...model,
    nodes: [graphNode('Cast', [input!.name], narrow, { to: DATA_TYPE.float16 }), ...nodes],
    constants: new Map(
      Array.from(model.constants, ([name, constant]) => [
        name,
        constant.type === 'float32' && !wide.has(name)
          ? halved(name, paddings.has(name) ? awayFromZero(constant) : constant)
          : constant,
      ]),
    ),
  };
}

/** Named apart from the layer, which bears the output's name. */
const WIDEN: GraphNode = {
  ...graphNode('Cast', ['logits/half'], 'logits', { to: DATA_TYPE.float32 }),
  name: 'logits/widened',
};

const narrowed = (type: number): number => (type === DATA_TYPE.float32 ? DATA_TYPE.float16 : type);

function halved(name: string, { shape, data }: Constant): Constant {
  const values = data as Float32Array;
  const beyond = values.find((value) => !fitsHalf(value));
  if (beyond !== undefined) {
    throw unmet({
      code: 'bad-input',
      what: `every weight of ${name} in half precision`,
      expected: 'at most 65504',
      got: String(beyond),
      advice: 'Export in fp32 or int8.',
    });
  }
  return { type: 'float16', shape, data: toHalf(values) };
}

/** What is not 0 stays so: at least the smallest normal number of half precision. */
function awayFromZero({ data, ...rest }: Constant): Constant {
  const raised = (value: number) => Math.sign(value) * Math.max(Math.abs(value), 2 ** -14);
  return { ...rest, data: (data as Float32Array).map(raised) };
}

/** The nodes that take a value in, at once or through others. */
function nodesAfter(model: Model, value: string): ReadonlySet<GraphNode> {
  const readers = readersOf(model);
  const found = new Set<GraphNode>();
  const follow = (name: string): void => {
    for (const node of readers.get(name) ?? []) {
      found.add(node);
      node.outputs.forEach(follow);
    }
  };
  follow(value);
  return found;
}

function floatConstants(model: Model, afterLogits: ReadonlySet<GraphNode>): ReadonlySet<string> {
  return new Set(
    model.nodes.flatMap((node) =>
      node.inputs.filter(
        (_, place) => afterLogits.has(node) || ALWAYS_FLOAT32[node.operator]?.includes(place),
      ),
    ),
  );
}
