/** The gradients of ten steps, a row a step. */
export const GRADIENTS = [
  [0.5, -1.5, 2.0, 0.01],
  [0.25, -1.0, -2.0, 0.02],
  [0.1, 0.5, 1.0, -0.01],
  [-0.5, 1.5, 0.5, 0.03],
  [0.75, -0.25, -1.5, 0.01],
  [1.0, 0.3, -0.7, 0.02],
  [-0.2, 0.9, 0.4, -0.04],
  [0.6, -0.6, 1.1, 0.05],
  [-0.9, 0.2, -0.3, 0.01],
  [0.35, -1.2, 0.8, -0.02],
];

export const START = [1.0, -2.0, 0.5, 3.0];

/** Parameters after so many steps. */
type After = Record<number, readonly number[]>;

/**
 * From torch 1.13.0 in float64, learning rate 0.1, nine decimals.
 * eps is 1e-12 here, so small that it does not matter that PyTorch adds it after the bias correction of the root and
 * Keras, whose form ours is, before it.
 */
export const TORCH: { adam: After; adamShortMemory: After; sgd: After } = {
  /** torch.optim.Adam(betas=(0.9, 0.999), eps=1e-12) */
  adam: {
    1: [0.9, -1.9, 0.4, 2.9],
    2: [0.806782036, -1.802964787, 0.405263158, 2.803481797],
    5: [0.666860192, -1.744187846, 0.37032278, 2.626390708],
    10: [0.446054276, -1.767622439, 0.369093894, 2.423161065],
  },
  /** torch.optim.Adam(betas=(0.7, 0.9), eps=1e-12) */
  adamShortMemory: {
    1: [0.9, -1.9, 0.4, 2.9],
    2: [0.809268058, -1.804430558, 0.417647059, 2.801100612],
    5: [0.700405459, -1.80332319, 0.398804106, 2.630836831],
    10: [0.501067666, -1.861857508, 0.392184926, 2.459324183],
  },
  /** torch.optim.SGD(momentum=0.9) */
  sgd: {
    1: [0.95, -1.85, 0.3, 2.999],
    2: [0.88, -1.615, 0.32, 2.9961],
    5: [0.70217, -1.437335, 0.15278, 2.9850369],
    10: [0.006343363, -1.548382444, 0.122967062, 2.958709639],
  },
};
