/** Why specs that TensorFlow.js's cpu backend passes are not passed here; each reason with the specs' full names. */
export const EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  // The gradient of a padded average pool divides by the whole window on TensorFlow.js's backends, its forward pass by
  // what of it lies in the picture. Ours is the gradient of the forward pass: ARCHITECTURE.md, "Decisions".
  'expects a gradient that is not that of the forward pass': [
    'avgPool onnxruntime {} gradient x=[3,3,1] f=[3,3] s=1 p=explicit',
  ],
  // At 30,144 neighbouring float32 numbers lie 0.00195 apart; ONNX Runtime's tangent is the next one to the nearest.
  'allows for less than the last bit of a float32': ['tan onnxruntime {} numbers exceed float32 precision'],
};
