import { concatenated } from './bytes.js';
import { describe, unmet } from './errors.js';
import { parseJson } from './json.js';
import { requireConnected } from './topology.js';

/**
 * The TensorFlow.js Layers format, `model.json` and its weight files, as pure functions. The types are TensorFlow.js's
 * own by structure, so what `decodeModel` gives goes into `tf.io.fromMemory` and what a save handler gets
 * goes into `encodeModel`, while core needs no TensorFlow.js.
 */

/** Bytes of one element of each type that a weight can have. */
const BYTES_PER_ELEMENT = { float32: 4, int32: 4, bool: 1 } as const;
/** Bytes of one stored element of a quantised weight. */
const QUANTISED_BYTES = { uint8: 1, uint16: 2, float16: 2 } as const;

/** One weight: its name, shape and type, in the order of the bytes. */
export interface WeightSpec {
  name: string;
  shape: number[];
  dtype: keyof typeof BYTES_PER_ELEMENT;
  group?: 'model' | 'optimizer';
  /** Where the bytes are smaller than `dtype`; TensorFlow.js restores the values as it loads them. */
  quantization?: { dtype: keyof typeof QUANTISED_BYTES; scale?: number; min?: number };
}

/** What `model.json` holds beside the weights. */
export interface ModelDescription {
  /** `{class_name, config, ...}` of a Layers model. */
  modelTopology: object;
  format?: string;
  generatedBy?: string;
  convertedBy?: string | null;
  userDefinedMetadata?: { [key: string]: object };
}

export interface ModelArtifacts extends ModelDescription {
  weightSpecs: WeightSpec[];
  /** All weights, one after another, in the order of `weightSpecs`, little-endian. */
  weightData: ArrayBuffer;
}

/** What `encodeModel` takes: a little wider than `ModelArtifacts`, as TensorFlow.js's save handlers hand it over. */
export interface ModelArtifactsInput extends ModelDescription {
  weightSpecs: readonly {
    name: string;
    shape: number[];
    dtype: string;
    group?: string;
    quantization?: object;
  }[];
  weightData: ArrayBuffer | ArrayBuffer[] | Uint8Array;
}

/** Bytes of the weight. */
export function weightBytes({ shape, dtype, quantization }: WeightSpec): number {
  const elements = shape.reduce((product, size) => product * size, 1);
  return elements * (quantization ? QUANTISED_BYTES[quantization.dtype] : BYTES_PER_ELEMENT[dtype]);
}

/**
 * Serialises a Layers model as the text of its `model.json` and the bytes of its one weight file.
 * @param weightsFile the weight file's path relative to `model.json`.
 * @throws TenfoldError `bad-input` where the bytes are not as many as the specifications ask for.
 */
export function encodeModel(
  { weightSpecs, weightData, ...description }: ModelArtifactsInput,
  weightsFile: string,
): { modelJson: string; weights: Uint8Array } {
  const specs = weightSpecs.map((spec) => checkSpec(spec, weightsFile));
  const weights = joined(
    Array.isArray(weightData)
      ? weightData.map((part) => new Uint8Array(part))
      : [weightData instanceof Uint8Array ? weightData : new Uint8Array(weightData)],
  );
  checkSize(weights.byteLength, specs, weightsFile, 'bad-input');
  const modelJson = {
    format: description.format ?? 'layers-model',
    generatedBy: description.generatedBy ?? 'TensorFlow.js tfjs-layers',
    convertedBy: description.convertedBy ?? null,
    modelTopology: description.modelTopology,
    ...(description.userDefinedMetadata && { userDefinedMetadata: description.userDefinedMetadata }),
    weightsManifest: [{ paths: [weightsFile], weights: specs }],
  };
  return { modelJson: `${JSON.stringify(modelJson)}\n`, weights };
}

/**
 * Reads a `model.json` with any number of weight groups and shards.
 * @param readShard gives the bytes of a weight file, its path relative to `model.json`.
 * @throws TenfoldError `corrupt` where the JSON or the number of bytes is not what it should be; `bad-input` where it is
 * a model of another format, has weights of a type that TensorFlow.js Layers does not know, or layers that are not connected.
 */
export function decodeModel(modelJson: string, readShard: (path: string) => Uint8Array): ModelArtifacts {
  const model = parse(modelJson);
  requireConnected(model.modelTopology);
  const groups = model.weightsManifest.map(({ paths, weights }) => {
    const specs = weights.map((spec) => checkSpec(spec, MODEL_JSON));
    const shards = paths.map((path) => readShard(checkPath(path)));
    const bytes = shards.reduce((total, shard) => total + shard.byteLength, 0);
    checkSize(bytes, specs, paths.join(' + '), 'corrupt');
    return { specs, shards };
  });
  const { modelTopology, format, generatedBy, convertedBy, userDefinedMetadata } = model;
  return {
    modelTopology,
    ...(format !== undefined && { format }),
    ...(generatedBy !== undefined && { generatedBy }),
    ...(convertedBy !== undefined && { convertedBy }),
    ...(userDefinedMetadata !== undefined && { userDefinedMetadata }),
    weightSpecs: groups.flatMap(({ specs }) => specs),
    weightData: joined(groups.flatMap(({ shards }) => shards)).buffer,
  };
}

const MODEL_JSON = 'model.json';

interface ModelJson extends ModelDescription {
  weightsManifest: { paths: unknown[]; weights: unknown[] }[];
}

function parse(text: string): ModelJson {
  const value = parseJson(
    text,
    MODEL_JSON,
    'corrupt',
    'The file was changed or cut off: save the model again.',
  );
  const model = isObject(value) ? value : {};
  const isLayersModel = (model.format ?? 'layers-model') === 'layers-model' && isObject(model.modelTopology);
  if (!isLayersModel) {
    throw unmet({
      code: 'bad-input',
      what: `format in ${MODEL_JSON}`,
      expected: '"layers-model" with a modelTopology',
      got: describe(model.format),
      advice:
        'Save the model with LayersModel.save, or convert it with tensorflowjs_converter to tfjs_layers_model.',
    });
  }
  const manifest = model.weightsManifest;
  if (!Array.isArray(manifest) || !manifest.every(isWeightGroup)) {
    throw unmet({
      code: 'corrupt',
      what: `weightsManifest in ${MODEL_JSON}`,
      expected: 'a list of {paths, weights}',
      got: describe(manifest),
      advice: 'Save the model again with LayersModel.save.',
    });
  }
  return value as ModelJson;
}

function checkSpec(value: unknown, source: string): WeightSpec {
  const spec = isObject(value) ? value : {};
  const name = describe(spec.name);
  const { shape, dtype, quantization } = spec;
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw unmet({
      code: 'corrupt',
      what: `the shape of the weight ${name} in ${source}`,
      expected: 'a list of whole numbers',
      got: describe(shape),
      advice: 'Save the model again with LayersModel.save.',
    });
  }
  checkType(dtype, BYTES_PER_ELEMENT, `the type of the weight ${name} in ${source}`);
  if (quantization !== undefined) {
    const stored = isObject(quantization) ? quantization.dtype : quantization;
    checkType(stored, QUANTISED_BYTES, `the quantised type of the weight ${name} in ${source}`);
  }
  return value as WeightSpec;
}

function checkType(type: unknown, known: object, what: string): void {
  if (typeof type === 'string' && Object.hasOwn(known, type)) return;
  throw unmet({
    code: 'bad-input',
    what,
    expected: Object.keys(known).join(' or '),
    got: describe(type),
    advice: 'No layer of TensorFlow.js Layers has such a weight: save the model again with LayersModel.save.',
  });
}

/** A shard stands beside or below `model.json`, so that a model from elsewhere reads nothing else. */
function checkPath(path: unknown): string {
  if (typeof path === 'string' && path !== '' && !/^[/\\]|^[a-z]:|(^|[/\\])\.\.([/\\]|$)/i.test(path))
    return path;
  throw unmet({
    code: 'bad-input',
    what: `a path of weightsManifest in ${MODEL_JSON}`,
    expected: 'a path below its own folder',
    got: describe(path),
    advice: 'Keep the weight files beside the model.json.',
  });
}

function checkSize(
  got: number,
  specs: readonly WeightSpec[],
  files: string,
  code: 'bad-input' | 'corrupt',
): void {
  const expected = specs.reduce((total, spec) => total + weightBytes(spec), 0);
  if (got === expected) return;
  throw unmet({
    code,
    what: `the ${specs.length} weights in ${files}`,
    expected: `${expected} bytes`,
    got: `${got} bytes`,
    advice:
      code === 'corrupt'
        ? `The file ${got < expected ? 'was cut off' : 'is of another model'}: copy it again, or save the model again.`
        : 'Pass the weights exactly as their specifications say.',
  });
}

/** One after another; a lone part that is all of its buffer is itself. */
function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const [first, ...others] = parts;
  if (first && others.length === 0 && isWholeBuffer(first)) return first;
  return concatenated(parts);
}

const isWholeBuffer = (part: Uint8Array): part is Uint8Array<ArrayBuffer> =>
  part.buffer instanceof ArrayBuffer && part.byteLength === part.buffer.byteLength;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWeightGroup(value: unknown): boolean {
  return isObject(value) && Array.isArray(value.paths) && Array.isArray(value.weights);
}
