import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { nested } from './events.js';

type Layer = LayersModel['layers'][number];

/** A setting of a node. */
export type Attribute = string | number | boolean | number[];

/** A box of TensorBoard's graph: a layer, or one of its weights. */
export interface GraphNode {
  /** The parts before a slash are boxes around it. */
  name: string;
  /** TensorFlow.js's class of the layer, or `Variable`. */
  op: string;
  /** Names of the nodes whose output it takes. */
  inputs: readonly string[];
  /** Of its output; null is the batch. */
  shape: readonly (number | null)[];
  attributes: Readonly<Record<string, Attribute>>;
}

/** What a layer's configuration says that the graph shows elsewhere, or nobody looks for. */
const UNSHOWN = new Set(['name', 'trainable', 'dtype', 'batchInputShape', 'sparse', 'dataFormat']);

/**
 * The layers of a network as a graph. A layer with weights is a box of its name around the layer and each of them; one
 * without is a single node.
 */
export function graphNodes(model: LayersModel): GraphNode[] {
  return model.layers.flatMap((layer) => {
    const weights = layer.weights.map((weight): GraphNode => {
      const name = `${layer.name}/${weight.originalName.split('/').at(-1)}`;
      return { name, op: 'Variable', inputs: [], shape: weight.shape, attributes: {} };
    });
    const [call] = layer.inboundNodes;
    const node: GraphNode = {
      name: outputName(layer),
      op: layer.getClassName(),
      inputs: [...call!.inboundLayers.map(outputName), ...weights.map(({ name }) => name)],
      shape: call!.outputTensors[0]!.shape,
      attributes: attributesOf(layer),
    };
    return [...weights, node];
  });
}

const outputName = (layer: Layer): string =>
  layer.weights.length > 0 ? `${layer.name}/${layer.getClassName()}` : layer.name;

function attributesOf(layer: Layer): Record<string, Attribute> {
  const shown = Object.entries(layer.getConfig()).filter(
    (entry): entry is [string, Attribute] => !UNSHOWN.has(entry[0]) && isAttribute(entry[1]),
  );
  const parameters = layer.countParams();
  return { ...Object.fromEntries(shown), ...(parameters > 0 && { parameters }) };
}

const isAttribute = (value: unknown): value is Attribute =>
  ['string', 'number', 'boolean'].includes(typeof value) ||
  (Array.isArray(value) && value.every((item) => Number.isInteger(item)));

/** The bytes of a `GraphDef` (`tensorflow/core/framework/graph.proto`, `node_def.proto`, `attr_value.proto`). */
export function encodeGraph(nodes: readonly GraphNode[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const node of nodes) nested(writer, 1, (inner) => writeNode(inner, node));
  return writer.finish();
}

function writeNode(writer: BinaryWriter, { name, op, inputs, shape, attributes }: GraphNode): void {
  writer.tag(1, WireType.LengthDelimited).string(name);
  writer.tag(2, WireType.LengthDelimited).string(op);
  for (const input of inputs) writer.tag(3, WireType.LengthDelimited).string(input);
  const attribute = (key: string, write: (writer: BinaryWriter) => void) =>
    nested(writer, 5, (entry) => {
      entry.tag(1, WireType.LengthDelimited).string(key);
      nested(entry, 2, write);
    });
  // From it TensorBoard takes the shapes that it writes beside the arrows.
  attribute('_output_shapes', (inner) => {
    nested(inner, 1, (list) => nested(list, 7, (shapeProto) => writeShape(shapeProto, shape)));
  });
  for (const [key, value] of Object.entries(attributes)) {
    attribute(key, (inner) => writeAttribute(inner, value));
  }
}

/** `AttrValue`: a text, a list, a truth, an integer or a float32. */
function writeAttribute(writer: BinaryWriter, value: Attribute): void {
  if (typeof value === 'string') writer.tag(2, WireType.LengthDelimited).string(value);
  else if (typeof value === 'object') nested(writer, 1, (list) => writeIntegers(list, value));
  else if (typeof value === 'boolean') writer.tag(5, WireType.Varint).bool(value);
  else if (Number.isInteger(value)) writer.tag(3, WireType.Varint).int64(value);
  else writer.tag(4, WireType.Bit32).float(value);
}

function writeIntegers(list: BinaryWriter, values: number[]): void {
  nested(list, 3, (packed) => {
    for (const value of values) packed.int64(value);
  });
}

/** `TensorShapeProto`: -1 is a size that only the run knows. */
function writeShape(writer: BinaryWriter, shape: readonly (number | null)[]): void {
  for (const size of shape)
    nested(writer, 2, (dimension) => dimension.tag(1, WireType.Varint).int64(size ?? -1));
}
