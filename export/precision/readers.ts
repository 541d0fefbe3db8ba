import type { GraphNode } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';

/** By value, the nodes that read it. */
export function readersOf({ nodes }: Pick<Model, 'nodes'>): ReadonlyMap<string, readonly GraphNode[]> {
  const readers = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    for (const input of new Set(node.inputs)) readers.set(input, [...(readers.get(input) ?? []), node]);
  }
  return readers;
}
