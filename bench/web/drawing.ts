import type { Locator, Page } from 'playwright-core';

type Point = readonly [x: number, y: number];

const arc = (cx: number, cy: number, rx: number, ry: number, from: number, to: number): Point[] =>
  Array.from({ length: 25 }, (_, step) => {
    const angle = ((from + ((to - from) * step) / 24) * Math.PI) / 180;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)] as const;
  });

/** How a person writes each digit: strokes of points, 0 to 1 from the pad's left and top. */
const DIGITS: readonly (readonly Point[])[][] = [
  [arc(0.5, 0.5, 0.19, 0.3, -90, 275)],
  [[[0.55, 0.2] as const, [0.5, 0.5] as const, [0.46, 0.8] as const]],
  [[...arc(0.49, 0.35, 0.18, 0.16, -165, 40), [0.32, 0.78], [0.34, 0.8], [0.72, 0.78]]],
  [[...arc(0.47, 0.35, 0.17, 0.15, -160, 80), ...arc(0.48, 0.64, 0.19, 0.17, -85, 150)]],
  [
    [
      [0.38, 0.2],
      [0.33, 0.5],
      [0.68, 0.52],
    ],
    [
      [0.64, 0.22],
      [0.6, 0.82],
    ],
  ],
  [[[0.68, 0.2], [0.4, 0.21], [0.38, 0.47], ...arc(0.48, 0.62, 0.18, 0.18, -100, 140)]],
  [[[0.6, 0.18], [0.42, 0.4], ...arc(0.5, 0.65, 0.16, 0.16, 180, -180)]],
  [
    [
      [0.3, 0.24],
      [0.7, 0.23],
      [0.55, 0.5],
      [0.46, 0.82],
    ],
  ],
  [[...arc(0.5, 0.35, 0.15, 0.15, 60, -240), ...arc(0.5, 0.66, 0.18, 0.17, -60, 250)]],
  [[...arc(0.52, 0.36, 0.16, 0.16, 0, -350), [0.66, 0.5], [0.6, 0.82]]],
];

/** The element's draw pad; of the first element on the page unless told which. */
export const padOf = (page: Page, element = 'digit-classifier'): Locator =>
  page.locator(`${element} >> canvas.ink`).first();

/** Draws the digit with the mouse, stroke by stroke, as a person would. */
export async function drawDigit(page: Page, digit: number, element?: string): Promise<void> {
  const pad = padOf(page, element);
  await pad.scrollIntoViewIfNeeded();
  const box = (await pad.boundingBox())!;
  const at = ([x, y]: Point) => [box.x + x * box.width, box.y + y * box.height] as const;
  for (const stroke of DIGITS[digit]!) {
    await page.mouse.move(...at(stroke[0]!));
    await page.mouse.down();
    for (const point of stroke.slice(1)) await page.mouse.move(...at(point));
    await page.mouse.up();
  }
}

/** Waits until the element has loaded its model; its name and version. */
export const modelLoaded = (page: Page, element = 'digit-classifier'): Promise<string> =>
  page.evaluate(async (selector) => {
    const { name, version } = await document
      .querySelector<HTMLElement & { load(): Promise<{ name: string; version: string }> }>(selector)!
      .load();
    return `${name} ${version}`;
  }, element);

/** The text of the large digit, once the drawing has been answered. */
export const answerOf = (page: Page, element = 'digit-classifier'): Locator =>
  page.locator(`${element} >> .digit`).first();
