import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { GraphBuilder } from '../../onnx/graph.js';
import { fitsHalf, toHalf } from '../../onnx/half.js';
import { DATA_TYPE } from '../../onnx/tensor.js';

/** ONNX Runtime's own rounding. */
async function castSession(): Promise<InferenceSession> {
  const graph = new GraphBuilder('cast');
  graph.input('input', 'float32', ['count']);
  graph.node('Cast', ['input'], { to: DATA_TYPE.float16 }, { name: 'output' });
  graph.output('output', 'float16', ['count']);
  return InferenceSession.create(graph.build(), { executionProviders: ['cpu'] });
}

test('numbers in half precision are those of ONNX Runtime, bit for bit', async () => {
  const session = await castSession();
  const anyFloat = fc
    .integer({ min: 0, max: 0xffffffff })
    .map((bits) => new Float32Array(Uint32Array.of(bits).buffer)[0]!)
    .filter((value) => !Number.isNaN(value));
  // Most floats lie outside of what half precision can hold: these lie within, borders of its smallest included.
  const near = fc
    .tuple(fc.integer({ min: -26, max: 16 }), fc.integer({ min: -4096, max: 4096 }))
    .map(([exponent, steps]) => Math.fround(2 ** exponent * (1 + steps / 8192)));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(anyFloat, near), { minLength: 50, maxLength: 50 }),
      async (numbers) => {
        const values = Float32Array.from(numbers);
        const { output } = await session.run({ input: new Tensor('float32', values, [values.length]) });
        const bits = new Uint16Array((output!.data as Uint16Array).buffer.slice(0));
        assert.deepEqual(toHalf(values), bits);
      },
    ),
  );
  assert.ok(Number.isNaN(Number.NaN) && toHalf(Float32Array.of(Number.NaN))[0] === 0x7e00);
  assert.deepEqual([65504, 65505].map(fitsHalf), [true, false]);
});
