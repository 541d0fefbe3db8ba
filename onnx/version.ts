/**
 * The ONNX versions of every graph that we write.
 *
 * Opset 17 is the newest that needs nothing newer than ONNX Runtime 1.12 (July 2022), so a bundle loads on
 * four years of servers; it has all that we use (Softmax 13, BatchNormalization 15, LayerNormalization 17).
 * IR 8 is the version that ONNX 1.12 paired with opset 17. Source: the "Versioning" table of the ONNX repository
 * and ONNX Runtime's compatibility table.
 */
export const OPSET = 17;
export const IR_VERSION = 8;
