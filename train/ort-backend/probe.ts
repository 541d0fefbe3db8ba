import { InferenceSession } from 'onnxruntime-node';
import { unmet } from '../../core/errors.js';
import { GraphBuilder } from '../../onnx/graph.js';
import type { Device } from './sessions.js';

/** What a device needs where it cannot be had. */
const ADVICE: { [D in Device]: string } = {
  cpu: 'Install onnxruntime-node anew.',
  cuda:
    'It needs an NVIDIA GPU, CUDA 12, cuDNN 9 and the files that ' +
    '`ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js` fetches; --device cpu needs nothing.',
  webgpu: 'It needs a GPU and the Vulkan loader (`apt install libvulkan1`); --device cpu needs nothing.',
};

/**
 * Runs nothing, but has ONNX Runtime open the device.
 * @throws TenfoldError `unavailable` where it cannot, saying what is missing.
 */
export async function probeDevice(device: Device): Promise<void> {
  const graph = new GraphBuilder('probe');
  graph.output(graph.node('Identity', [graph.input('x', 'float32', [1])], {}), 'float32', [1]);
  try {
    const options = { executionProviders: [device], logSeverityLevel: 4 } as const;
    const session = await InferenceSession.create(graph.build(), options);
    await session.release();
  } catch (cause) {
    throw unmet({
      code: 'unavailable',
      what: '--device',
      expected: `${device} to be there`,
      got: (cause as Error).message.split('\n')[0]!.slice(-120),
      advice: ADVICE[device],
      cause,
    });
  }
}
