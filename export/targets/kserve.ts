import type { Manifest } from '../../core/manifest.js';

/** Where KServe is to fetch the models from, unless somebody says otherwise: a volume that the folder was copied to. */
const STORAGE = 'pvc://tenfold-models';

/** A name as KServe takes it: lower-case letters, digits and hyphens, a letter first and no hyphen last. */
function resourceName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-')
    .replace(/^-/, '');
  const begun = /^[a-z]/.test(plain) ? plain : `digits-${plain}`;
  return begun.slice(0, 63).replace(/-$/, '');
}

/**
 * The `InferenceService` that serves the folder of Triton models beside it by KServe's Triton runtime, in the Open Inference Protocol.
 * Source: KServe's `serving.kserve.io/v1beta1`.
 * @returns YAML
 */
export function inferenceService({ name, version }: Manifest, storage = STORAGE): string {
  return `# The folder that this file lies in, as the storage has it; put its address into storageUri.
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: ${resourceName(name)}
  labels:
    app.kubernetes.io/name: ${resourceName(name)}
    app.kubernetes.io/version: ${JSON.stringify(version)}
spec:
  predictor:
    minReplicas: 1
    model:
      runtime: kserve-tritonserver
      modelFormat:
        name: onnx
        version: "1"
      protocolVersion: v2
      storageUri: ${JSON.stringify(storage)}
      resources:
        requests:
          cpu: "1"
          memory: 1Gi
        limits:
          memory: 2Gi
`;
}
