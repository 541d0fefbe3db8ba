import { TensorProto_DataType } from 'onnx-buf';

/** The element types that our graphs use, by ONNX Runtime's names. */
export type ElementType = 'float32' | 'float64' | 'float16' | 'int32' | 'int64' | 'int8' | 'bool' | 'uint8';

/** Half-precision numbers stand as their bits in a Uint16Array, as ONNX Runtime has them. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Uint16Array
  | Int32Array
  | BigInt64Array
  | Int8Array
  | Uint8Array;

export interface Constant {
  type: ElementType;
  shape: readonly number[];
  data: TensorData;
}

/** ONNX's number for each element type. */
export const DATA_TYPE: { readonly [T in ElementType]: TensorProto_DataType } = {
  float32: TensorProto_DataType.FLOAT,
  float64: TensorProto_DataType.DOUBLE,
  float16: TensorProto_DataType.FLOAT16,
  int32: TensorProto_DataType.INT32,
  int64: TensorProto_DataType.INT64,
  int8: TensorProto_DataType.INT8,
  bool: TensorProto_DataType.BOOL,
  uint8: TensorProto_DataType.UINT8,
};

/** Float32 constant of the given shape; a scalar by default. */
export function float32(values: readonly number[] | Float32Array, shape: readonly number[] = []): Constant {
  return {
    type: 'float32',
    shape,
    data: values instanceof Float32Array ? values : Float32Array.from(values),
  };
}

/** Int64 constant, a vector by default: the axes, shapes and sizes that ONNX takes as inputs. */
export function int64(values: readonly number[], shape: readonly number[] = [values.length]): Constant {
  return { type: 'int64', shape, data: BigInt64Array.from(values, BigInt) };
}

/** Of one element as ONNX stores it. */
export const BYTES_PER_ELEMENT: { readonly [T in ElementType]: number } = {
  float32: 4,
  float64: 8,
  float16: 2,
  int32: 4,
  int64: 8,
  int8: 1,
  bool: 1,
  uint8: 1,
};
