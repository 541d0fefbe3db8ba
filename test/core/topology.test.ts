import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TenfoldError } from '../../core/errors.js';
import { requireConnected } from '../../core/topology.js';

type Node = [layer: string, call: number, tensor: number][];

const layer = (name: string, ...nodes: Node[]) => ({
  class_name: nodes.length === 0 ? 'InputLayer' : 'ReLU',
  name,
  config: { name },
  inbound_nodes: nodes,
});
const net = (...layers: object[]) => ({ class_name: 'Model', config: { name: 'net', layers } });

test('layers are connected in whatever order they stand, used twice, and through models', () => {
  const inner = {
    ...net(layer('a'), layer('b', [['a', 0, 0]])),
    name: 'net',
    inbound_nodes: [[['in', 0, 0]]],
  };
  requireConnected(
    net(layer('out', [['twice', 1, 0]]), layer('twice', [['in', 0, 0]], [['net', 1, 0]]), inner, layer('in')),
  );
  requireConnected({ model_config: net(layer('in')) });
});

const REFUSED: readonly [title: string, topology: object, code: string, message: RegExp][] = [
  [
    'a cycle',
    net(layer('in'), layer('a', [['b', 0, 0]]), layer('b', [['a', 0, 0]])),
    'bad-input',
    /for the layers "a", "b" of the model "net", got a cycle/,
  ],
  [
    'a layer that is not there',
    net(layer('in'), layer('a', [['gone', -1, 0]])),
    'bad-input',
    /for the layers "a" of the model "net", got the output of "gone"/,
  ],
  [
    'a layer of two names',
    net({ ...layer('in'), config: { name: 'input' } }),
    'corrupt',
    /layer 1 of 1 of the model "net"/,
  ],
  [
    'a cycle in a model within',
    net(layer('in'), { ...net(layer('a', [['a', 0, 0]])), name: 'net' }),
    'bad-input',
    /for the layers "a" of the model "net" in "net"/,
  ],
];

for (const [title, topology, code, message] of REFUSED) {
  test(`${title} is refused`, () => {
    assert.throws(
      () => requireConnected(topology),
      (error) => {
        assert.ok(error instanceof TenfoldError, String(error));
        assert.match(error.message, message);
        assert.equal(error.code, code);
        return true;
      },
    );
  });
}

test('an object that is no text and no number by itself is no reason to fail', () => {
  const strange = { toString: 0 };
  requireConnected({ class_name: 'Model', config: { name: strange, layers: [] } });
  for (const node of [
    [strange, 0],
    ['a', strange],
  ]) {
    const layer = { class_name: 'ReLU', name: 'a', config: { name: 'a' }, inbound_nodes: [[node]] };
    assert.throws(
      () => requireConnected({ class_name: 'Model', config: { layers: [layer] } }),
      /^TenfoldError: Expected inputs that come from the inputs of the model for the layers "a"/,
    );
  }
});

test('whatever JSON stands for a model, a node or a layer, it passes or is refused in words', () => {
  const names = fc.constantFrom('a', 'b', 'net');
  const anything = fc.oneof(fc.jsonValue(), names, fc.integer({ min: -2, max: 2 }));
  const node = fc.oneof(anything, fc.array(fc.oneof(anything, fc.tuple(names, anything, fc.constant(0)))));
  const entry = fc.record(
    {
      class_name: fc.oneof(fc.constantFrom('ReLU', 'InputLayer', 'Model', 'Sequential'), anything),
      name: fc.oneof(names, anything),
      config: fc.oneof(
        names.map((name) => ({ name })),
        anything,
      ),
      inbound_nodes: fc.oneof(fc.array(node), anything),
    },
    { requiredKeys: [] },
  );
  const layers = fc.oneof(fc.array(fc.oneof(entry, anything)), anything);
  const model = fc.oneof(
    fc.record({ class_name: fc.constant('Model'), config: fc.record({ layers }) }),
    entry,
  );
  fc.assert(
    fc.property(
      fc.oneof(
        model,
        model.map((inner) => ({ model_config: inner })),
      ),
      (topology) => {
        try {
          requireConnected(topology);
        } catch (error) {
          assert.ok(error instanceof TenfoldError, String((error as Error).stack));
        }
      },
    ),
    { numRuns: 2000 },
  );
});
