/** What a Node program of your own calls: a classifier as functions, or the service as an Express app. */
export { type ErrorCode, TenfoldError } from '../core/errors.js';
export type { RgbaImage } from '../core/image.js';
export type { Manifest } from '../core/manifest.js';
export type { Prediction, RejectionReason } from '../core/predict.js';
export { type NumberPrediction, numberText, type PlacedDigit } from '../core/predict-numbers.js';
export { type AppOptions, createApp } from './app.js';
export { type Classifier, type ClassifierOptions, createClassifier, type Picture } from './classifier.js';
export { DEFAULT_LIMITS, type Limits } from './limits.js';
export type { Logger } from './logger.js';
export type { LoadedModel, ModelStatus, Models, Wanted } from './models/models.js';
export { type ModelsOptions, openModels } from './models/open-models.js';
export type { Observer } from './observer.js';

// Untold, ONNX Runtime keeps an id of the device under the home folder from its first session on, and sends events to its maker.
process.env.ORT_DISABLE_TELEMETRY ??= '1';
