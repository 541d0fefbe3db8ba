import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import { type LayersModel, loadLayersModel as loadFromHandler } from '@tensorflow/tfjs-layers';
import { TenfoldError, unmet } from '../core/errors.js';
import { decodeModel, type ModelArtifacts } from '../core/model-json.js';
import { RUN_FILES } from '../core/run.js';
import { onCpuBackend } from './cpu-backend.js';
import { requireExportable } from './topology.js';

/**
 * Reads a Layers model onto the cpu backend.
 * @param path a `model.json`, its weight files beside it, or a run folder.
 * @throws TenfoldError `not-found`, `corrupt` where a file is not whole or the weights are not the model's, `bad-input`
 * where a layer cannot be exported.
 */
export async function loadLayersModel(path: string): Promise<LayersModel> {
  const file = modelFile(path);
  const artifacts = decodeModel(readPart(file, path).toString('utf8'), (shard) =>
    readPart(join(dirname(file), shard), path),
  );
  return onCpuBackend(() => build(artifacts, file));
}

/** The `model.json` of a run folder, or the file itself. */
export function modelFile(path: string): string {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder ? join(path, RUN_FILES.model) : path;
}

/** @throws TenfoldError `not-found`, saying what a run or a model consists of. */
export function readPart(file: string, source: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw unmet({
      code: 'not-found',
      what: source,
      expected: `a readable file ${file}`,
      got: (cause as NodeJS.ErrnoException).code ?? String(cause),
      advice:
        'Pass a finished run folder or a model.json with its weight files; "tenfold train" writes both.',
      cause,
    });
  }
}

async function build(artifacts: ModelArtifacts, file: string): Promise<LayersModel> {
  try {
    requireExportable(artifacts.modelTopology);
    const modelTopology = withoutInitializers(artifacts.modelTopology) as object;
    const model = await loadFromHandler(io.fromMemory({ ...artifacts, modelTopology }));
    readFromLists(model);
    return model;
  } catch (cause) {
    throw asCorrupt(cause, file);
  }
}

/** A model hands each layer a list, in which Resizing, and CenterCrop where it stretches, do not look for the one picture. */
function readFromLists(model: LayersModel): void {
  for (const layer of model.layers) {
    if ('inputLayers' in layer) readFromLists(layer as LayersModel);
    if (!['CenterCrop', 'Resizing'].includes(layer.getClassName())) continue;
    const call = layer.call.bind(layer);
    layer.call = (inputs, options) => call([inputs].flat()[0]!, options);
  }
}

/** The weights are all given: no layer draws others first, which takes its time, and with some options never ends. */
function withoutInitializers(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutInitializers);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      /_?initializer$/i.test(key) && member
        ? { class_name: 'Zeros', config: {} }
        : withoutInitializers(member),
    ]),
  );
}

/** What TensorFlow.js and the converters throw of a description that no program of theirs wrote; a TenfoldError stays as it is. */
export function asCorrupt(cause: unknown, file: string): unknown {
  if (cause instanceof TenfoldError) return cause;
  return unmet({
    code: 'corrupt',
    what: file,
    expected: 'a Layers model whose weights fit its layers',
    got: `"${(cause as Error).message}"`,
    advice: 'Save the model again with LayersModel.save, topology and weights together.',
    cause,
  });
}
