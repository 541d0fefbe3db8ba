/**
 * The element's own style sheet. Every colour is a custom property that a page may set; `light-dark()` follows `theme`, or the page's
 * `color-scheme`, so an element in a light page stays light whatever the system prefers.
 */
const STYLES = `
:host {
  --_surface: var(--digit-classifier-surface, light-dark(#ffffff, #191b1f));
  --_pad: var(--digit-classifier-pad, light-dark(#ffffff, #101114));
  --_text: var(--digit-classifier-text, light-dark(#14161a, #eeece8));
  --_muted: var(--digit-classifier-muted, light-dark(#595e68, #a3a8b2));
  --_line: var(--digit-classifier-line, light-dark(#d9dbd7, #33363d));
  --_track: var(--digit-classifier-track, light-dark(#eceeeb, #26292f));
  --_rest: var(--digit-classifier-rest, light-dark(#a9aeb4, #5d636e));
  --_accent: var(--digit-classifier-accent, light-dark(#b8361a, #ff8f70));
  --_ink: var(--digit-classifier-ink, var(--_text));
  --_on-accent: var(--digit-classifier-on-accent, light-dark(#ffffff, #1c0d08));
  --_seen: var(--digit-classifier-seen-size, 84px);
  --_radius: var(--digit-classifier-radius, 10px);
  display: block;
  min-inline-size: 0;
  max-inline-size: 100%;
  color: var(--_text);
  font: 400 0.9375rem/1.45 var(--digit-classifier-font, system-ui, sans-serif);
  font-variant-numeric: tabular-nums;
  text-align: start;
  white-space: normal;
}
:host([theme='light' i]) { color-scheme: light; }
:host([theme='dark' i]) { color-scheme: dark; }
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; margin: 0; }
.room { container-type: inline-size; }
/*
 * A container has no width of its own, and who asks for it would get nothing: a row, what is centred, a float. This line has one, and
 * breaks where there is less room, as contain-intrinsic-inline-size does not.
 */
:host::before {
  content: 'x x';
  display: block;
  block-size: 0;
  overflow: hidden;
  visibility: hidden;
  font-size: 0;
  word-spacing: 28rem;
}

.frame {
  display: grid;
  gap: 1.25rem;
  padding: clamp(0.75rem, 3cqi, 1.75rem);
  background: var(--_surface);
  border: 1px solid var(--_line);
  border-radius: var(--_radius);
}
.left { display: grid; gap: 0.75rem; align-content: start; min-width: 0; container: left / inline-size; }

.pad {
  position: relative;
  overflow: hidden;
  background: var(--_pad);
  border: 1px solid var(--_line);
  border-radius: calc(var(--_radius) * 0.6);
}
/* MNIST fits a digit to the middle 20 of 28 pixels; the box says where. */
.guide {
  position: absolute;
  inset: calc(100% * 4 / 28);
  --_tick: linear-gradient(var(--_accent), var(--_accent)) no-repeat;
  background:
    var(--_tick) 0 0 / 14px 1px, var(--_tick) 0 0 / 1px 14px,
    var(--_tick) 100% 0 / 14px 1px, var(--_tick) 100% 0 / 1px 14px,
    var(--_tick) 0 100% / 14px 1px, var(--_tick) 0 100% / 1px 14px,
    var(--_tick) 100% 100% / 14px 1px, var(--_tick) 100% 100% / 1px 14px;
  opacity: 0.75;
  pointer-events: none;
}
[data-digits='many'] .guide { inset: 18% 6%; }
[data-writable='false'] .guide { display: none; }
.ink, .picture, .video, .boxes { position: absolute; inset: 0; width: 100%; height: 100%; }
.ink {
  color: var(--_ink);
  /* Its end tells of another colour, however that came about. */
  transition: color 1ms;
  border-radius: inherit;
  outline: none;
  cursor: crosshair;
  touch-action: none;
  user-select: none;
  -webkit-user-select: none;
  -webkit-touch-callout: none;
}
/* Within the pad, which cuts off what is outside of it. */
.ink:focus-visible { outline: 2px solid var(--_accent); outline-offset: -2px; }
[data-writable='false'] .ink { cursor: default; touch-action: auto; }
[data-disabled='true'] { opacity: 0.55; }
.video { object-fit: cover; background: #000; }
.boxes { pointer-events: none; }
.box { fill: none; stroke: var(--_rest); stroke-width: 1.5px; vector-effect: non-scaling-stroke; }
.box[data-chosen='true'] { stroke: var(--_accent); stroke-width: 2px; }
.cursor {
  position: absolute;
  min-width: 10px;
  aspect-ratio: 1;
  border: 2px solid var(--_accent);
  border-radius: 50%;
  transform: translate(-50%, -50%);
  pointer-events: none;
}
.picture { object-fit: contain; background: #fff; }
.hint, .drop {
  position: absolute;
  inset: 0;
  display: grid;
  place-content: center;
  padding: 1rem;
  color: var(--_muted);
  text-align: center;
  pointer-events: none;
}
.hint span { display: block; }
.hint .lead { color: var(--_text); font-size: 1.125rem; font-weight: 600; }
.drop { background: var(--_surface); color: var(--_accent); font-weight: 600; opacity: 0.94; }

.tools, .sources { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.sources { margin-inline-start: auto; }
.take { color: var(--_on-accent); background: var(--_accent); border-color: var(--_accent); }
button {
  min-height: 2.75rem;
  padding: 0 1rem;
  color: var(--_text);
  font: inherit;
  font-weight: 550;
  background: transparent;
  border: 1px solid var(--_line);
  border-radius: calc(var(--_radius) * 0.6);
  cursor: pointer;
}
button:hover:not(:disabled) { border-color: var(--_muted); }
button:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }
button:disabled { color: var(--_muted); cursor: default; opacity: 0.55; }

.answer { display: flex; flex-direction: column; gap: 1rem; min-width: 0; }
.headline { display: grid; flex: none; grid-template-columns: auto 1fr auto; gap: 0 1.125rem; align-items: center; min-height: 7rem; }
.digit {
  min-width: 0.62em;
  color: var(--_text);
  font-size: clamp(5.5rem, 20cqi, 7.5rem);
  font-weight: 600;
  line-height: 0.95;
  letter-spacing: -0.03em;
}
.headline[data-many='true'] { grid-template-columns: 1fr; gap: 0.375rem; align-content: center; }
.headline[data-many='true'] .digit { font-size: clamp(2.5rem, 12cqi, 4.5rem); line-height: 1.05; letter-spacing: 0; white-space: pre-line; overflow-wrap: anywhere; }
[data-sure='false'] .digit { color: var(--_muted); }
.digit:empty::before { content: '–'; content: '–' / ''; color: var(--_line); font-weight: 300; }
.certainty { font-size: 1.375rem; font-weight: 600; line-height: 1.2; letter-spacing: -0.01em; }
.note { color: var(--_muted); text-wrap: balance; }
.seen { display: grid; gap: 0.375rem; justify-items: end; }
.seen canvas {
  width: var(--_seen);
  height: var(--_seen);
  border: 1px solid var(--_line);
  border-radius: 3px;
  background: #000;
  image-rendering: pixelated;
}
.seen figcaption { color: var(--_muted); font-size: 0.75rem; white-space: nowrap; }

.digits { display: flex; flex-wrap: wrap; gap: 0.375rem; direction: ltr; }
.chip { display: grid; min-width: 3.25rem; padding: 0.25rem 0.5rem; line-height: 1.2; }
.chip span { font-size: 1.25rem; font-weight: 650; }
.chip small { color: var(--_muted); font-size: 0.75rem; font-weight: 400; }
.chip[aria-pressed='true'] { border-color: var(--_accent); box-shadow: inset 0 0 0 1px var(--_accent); }
.chip[data-sure='false'] span { color: var(--_muted); }

.bars { display: grid; flex: 1; grid-auto-rows: minmax(1.5rem, 1fr); padding: 0; list-style: none; }
.bar { display: grid; grid-template-columns: 1.25rem 1fr 3.75rem; align-items: center; color: var(--_muted); }
.track { height: 0.5rem; overflow: hidden; background: var(--_track); border-radius: 2px; }
.fill { display: block; height: 100%; background: var(--_rest); transform: scaleX(var(--share, 0)); transform-origin: left; transition: transform 140ms ease-out; }
.value { text-align: end; }
.bar[data-best='true'] { color: var(--_text); font-weight: 650; }
.bar[data-best='true'] .fill { background: var(--_accent); }
:host(:dir(rtl)) .fill { transform-origin: right; }

.foot { min-height: 2.75rem; padding-top: 0.75rem; border-top: 1px solid var(--_line); color: var(--_muted); font-size: 0.8125rem; }
.model { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; }
.loading { display: grid; gap: 0.5rem; }
progress { width: 100%; height: 4px; overflow: hidden; appearance: none; border: 0; border-radius: 2px; background: var(--_track); }
progress::-webkit-progress-bar { background: var(--_track); }
progress::-webkit-progress-value { background: var(--_accent); }
progress::-moz-progress-bar { background: var(--_accent); }
.failure { display: grid; gap: 0.75rem; justify-items: start; color: var(--_text); font-size: 0.875rem; overflow-wrap: anywhere; }
.failure strong, .notice strong { color: var(--_accent); }
.notice { padding: 0.625rem 0.75rem; font-size: 0.875rem; overflow-wrap: anywhere; background: var(--_track); border-inline-start: 3px solid var(--_accent); border-radius: 3px; }
.detail { display: block; margin-top: 0.25rem; color: var(--_muted); font-size: 0.8125rem; text-align: start; }

.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

@container left (max-width: 26rem) {
  .tools, .sources { gap: 0.375rem; }
  .tools button { padding: 0 0.5rem; font-size: 0.8125rem; }
}
@container (max-width: 20rem) {
  .headline { gap: 0 0.75rem; }
  .seen canvas { width: min(60px, var(--_seen)); height: min(60px, var(--_seen)); }
  .seen figcaption { text-align: end; white-space: normal; }
}
@container (max-width: 16rem) {
  .digit { font-size: 4rem; }
  .certainty { font-size: 1.125rem; }
}
@container (min-width: 42rem) {
  .frame { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: clamp(1.5rem, 4cqi, 3rem); }
  .seen canvas { width: max(112px, var(--_seen)); height: max(112px, var(--_seen)); }
  .headline[data-many='true'] { min-height: 9.5rem; }
  .track { height: 0.625rem; }
  .digit { font-size: clamp(7rem, 15cqi, 9.5rem); }
}
@media (prefers-reduced-motion: reduce) { .fill { transition: none; } }
@media (forced-colors: active) {
  .fill, .track { forced-color-adjust: none; }
  .chip[aria-pressed='true'] { margin: -2px; border: 3px solid Highlight; }
}
`;

/**
 * For browsers without `light-dark()`, which came with Chrome 123, Firefox 120 and Safari 17.5: dark where `theme` says so, else light. Of the
 * two colours one stands, where its own switch is invalid; the other is empty.
 */
const withSwitches = (styles: string): string =>
  `${styles.replace(/light-dark\((\S+), (\S+?)\)/g, 'var(--_light, $1) var(--_dark, $2)')}
:host { --_light: initial; --_dark: ; }
:host([theme='dark' i]) { --_light: ; --_dark: initial; }`;

/** A constructed sheet belongs to one document, and all elements in it share it. */
const sheets = new WeakMap<Document, CSSStyleSheet>();

/**
 * The element's style sheet for this document, none where no window shows it; constructed, so that no page policy on inline styles
 * forbids it.
 */
export function sheetsFor(page: Document): CSSStyleSheet[] {
  const window = page.defaultView;
  if (!window) return [];
  let sheet = sheets.get(page);
  if (!sheet) {
    sheet = new window.CSSStyleSheet();
    sheet.replaceSync(CSS.supports('color', 'light-dark(red, red)') ? STYLES : withSwitches(STYLES));
    sheets.set(page, sheet);
  }
  return [sheet];
}
