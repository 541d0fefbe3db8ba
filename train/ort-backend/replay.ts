export type ReplayedStep = unknown;
export const replay = 0;
