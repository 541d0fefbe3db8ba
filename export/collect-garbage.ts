import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Gives back at once what nothing refers to any more. V8 collects when JavaScript asks for memory, not when ONNX Runtime does, so that the
 * weights of a large network would be there in every form that they ever had.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}
