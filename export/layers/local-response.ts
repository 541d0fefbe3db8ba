import { localResponseNormalization, serialization, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { LOCAL_RESPONSE_CLASS, type LocalResponse } from '../../core/local-response.js';
import { channelsLeading } from '../arrangement.js';
import { type Converter, inputOf, unsupported } from './layer-call.js';

/** ONNX counts the whole window and divides alpha by it; the channels stand where it looks for them, in dimension 1. */
export const localResponse: Converter<'LocalResponseNormalization'> = (call, draft) => {
  const input = inputOf(call);
  const { depthRadius, bias, alpha, beta } = call.config;
  if (input.shape.length !== 3) {
    throw unsupported(call, 'input', 'a feature map [height, width, channels]', `[${input.shape}]`);
  }
  const size = 2 * depthRadius + 1;
  const { axes } = channelsLeading(input.shape, 'channelsLast');
  const first = draft.arranged(input, axes, `${call.name}/channels-first`);
  return draft.node('LRN', [first], { size, alpha: alpha * size, beta, bias }, { name: call.name });
};

/** The layer itself, which TensorFlow.js needs to load a network that has it and to compute what ours is compared with. */
class LoadedLocalResponse extends layers.Layer {
  static readonly className = LOCAL_RESPONSE_CLASS;

  constructor(readonly config: LocalResponse & { name: string }) {
    super({ name: config.name });
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const [x] = [inputs].flat();
    const { depthRadius, bias, alpha, beta } = this.config;
    return localResponseNormalization(x as Tensor4D, depthRadius, bias, alpha, beta);
  }

  override getConfig(): serialization.ConfigDict {
    const { depthRadius, bias, alpha, beta } = this.config;
    return { ...super.getConfig(), depthRadius, bias, alpha, beta };
  }
}

serialization.registerClass(LoadedLocalResponse);
