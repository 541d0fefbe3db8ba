import { create } from '@bufbuild/protobuf';
import { type TensorProto, TensorProto_DataType, TensorProtoSchema } from 'onnx-buf';

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

/** The message for an initialiser; ONNX stores raw data little-endian, as every machine that runs Node does. */
export function tensorProto(name: string, { type, shape, data }: Constant): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType: DATA_TYPE[type],
    dims: shape.map(BigInt),
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice(),
  });
}
