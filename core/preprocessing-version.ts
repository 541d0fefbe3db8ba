/** Rises whenever the same picture could give other float32 values; a bundle names the version it was made for. */
export const PREPROCESSING_VERSION = 3;
