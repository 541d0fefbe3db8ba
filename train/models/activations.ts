import { layers } from '@tensorflow/tfjs-layers';

/** What a recipe may put between its linear layers. */
export type Activation = 'relu' | 'leaky-relu' | 'sigmoid' | 'tanh' | 'elu' | 'gelu' | 'silu';

type BuiltInName = Parameters<typeof layers.activation>[0]['activation'];

/** How an activation is stored: by a name that a convolution or a dense layer can carry, or as a layer alone. */
type ActivationRule =
  | { kind: 'built in'; name: BuiltInName }
  | { kind: 'layer'; make: (name: string) => ReturnType<typeof layers.leakyReLU> };

/** The share of a negative value that leaky ReLU lets through: PyTorch's default, which experiment E takes. */
const LEAK = 0.01;

const builtIn = (name: BuiltInName): ActivationRule => ({ kind: 'built in', name });

/** Everything here is stored as TensorFlow.js's own, so that any TensorFlow.js program loads the network. */
export const ACTIVATIONS: { [A in Activation]: ActivationRule } = {
  relu: builtIn('relu'),
  // Maas and others 2013.
  'leaky-relu': { kind: 'layer', make: (name) => layers.leakyReLU({ name, alpha: LEAK }) },
  sigmoid: builtIn('sigmoid'),
  tanh: builtIn('tanh'),
  // Clevert and others 2015, with alpha 1.
  elu: builtIn('elu'),
  // Hendrycks and Gimpel 2016, exact: by the error function.
  gelu: builtIn('gelu'),
  // The same paper's SiLU: x * sigmoid(x), which Keras calls swish.
  silu: builtIn('swish'),
};
