// The order of these imports is the order in which they run: the backend must be known before a spec is declared.
import './environment.js';
import '@tensorflow/tfjs-core/dist/tests.js';
