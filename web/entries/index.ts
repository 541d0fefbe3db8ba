import './define.js';

export * from './class.js';
