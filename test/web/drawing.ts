export { answerOf, drawDigit, modelLoaded, padOf } from '../../bench/web/drawing.js';
