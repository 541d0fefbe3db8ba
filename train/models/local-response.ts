import { localResponseNormalization, serialization, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { LOCAL_RESPONSE_CLASS, type LocalResponse } from '../../core/local-response.js';

type Config = LocalResponse & { name?: string };

/** Local response normalisation over the channels of `[batch, height, width, channels]`. */
export class LocalResponseNormalization extends layers.Layer {
  static readonly className = LOCAL_RESPONSE_CLASS;

  constructor(readonly config: Config) {
    super({ ...(config.name && { name: config.name }) });
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

serialization.registerClass(LocalResponseNormalization);
