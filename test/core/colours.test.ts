import assert from 'node:assert/strict';
import { test } from 'node:test';
import { preprocess } from '../../core/preprocess.js';
import { type Colour, draw, seven, tinted } from './pictures.js';
import { readsAsSeven } from './sevens.js';

const WHITE: Colour = [255, 255, 255];
const BLACK: Colour = [0, 0, 0];
const drawn = draw({ width: 300, height: 300, shape: seven(100, 60, 180, 18) });

test('ink as bright as its paper is read by its colour', () => {
  const pairs: [ink: Colour, paper: Colour][] = [
    [[255, 255, 0], WHITE],
    [[0, 0, 255], BLACK],
    [
      [192, 0, 0],
      [0, 98, 0],
    ],
    [
      [229, 57, 53],
      [30, 136, 229],
    ],
  ];
  for (const [ink, paper] of pairs) readsAsSeven(tinted(drawn, ink, paper), 0.95);
});

test('a tint is no ink: of an even page, of grain, of uneven light', () => {
  const noisy = draw({ width: 300, height: 300, shape: () => 0, paper: () => 128, noise: 127 });
  const lit = draw({ width: 300, height: 300, shape: () => 0, paper: (x) => 250 - x / 2 });
  const faint: [Colour, Colour] = [
    [255, 255, 205],
    [255, 255, 255],
  ];
  for (const [page, ink, paper] of [
    [drawn, ...faint],
    [noisy, [150, 100, 40], [170, 90, 40]],
    [lit, [40, 30, 90], [250, 240, 200]],
  ] as const) {
    assert.notEqual(preprocess(tinted(page, ink, paper)).status, 'ok');
  }
});
