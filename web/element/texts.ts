import type { ErrorCode } from '../../core/errors.js';
import type { RejectionReason } from '../../core/predict.js';
import { type Formats, formatsFor } from '../shared/format.js';

/** What did not work, for the first words of a message. */
export type Trouble = 'model' | 'picture' | 'camera' | 'answer' | 'storage';

/** Everything that the element says, shows or speaks, one entry a text; a language that lacks one does not compile. */
export interface Texts {
  /** The element's own name, where the page gives it none. */
  name: string;
  padRole: string;
  padLabel: string;
  padLabelMany: string;
  hint: string;
  hintMany: string;
  /** Under the hint, where pictures are taken as well; and in its place, where only they are. */
  hintPicture: string;
  hintPictureOnly: string;
  drop: string;
  undo: string;
  clear: string;
  open: string;
  chooser: string;
  camera: string;
  cameraLabel: string;
  cameraWait: string;
  take: string;
  cancel: string;
  retry: string;
  seen: string;
  seenLabel: string;
  /** The list of the ten probabilities. */
  bars: string;
  /** The same, of one digit of a number. */
  barsOf: (digit: string, place: number) => string;
  /** The list of a number's digits. */
  numberDigits: string;
  nothing: string;
  unread: string;
  unreadNote: string;
  emptyNote: string;
  /** A value that the page or a form put in. */
  given: string;
  /** The headline of an answer that is not to be relied on. */
  refused: { readonly [Reason in RejectionReason]: string };
  /** What the note under it says. */
  notes: { readonly [Reason in RejectionReason]: string };
  closest: (digit: string, share: string) => string;
  second: (digit: string, share: string) => string;
  noSecond: string;
  sureOfAll: string;
  leastSure: (digit: string, share: string) => string;
  /** Spoken: the digit or number, and how sure the model is. */
  spoken: (text: string, share: string) => string;
  penDown: string;
  penUp: string;
  answered: (time: string) => string;
  loading: string;
  loadingBytes: (loaded: string, total: string) => string;
  slow: string;
  trouble: { readonly [What in Trouble]: string };
  reasons: { readonly [Code in ErrorCode]: string };
  /** What a form says of an element that it cannot send. */
  missing: string;
}

const EN: Texts = {
  name: 'Digit reader',
  padRole: 'draw pad',
  padLabel:
    'Draw one digit. By keyboard: arrow keys move the pen, Space puts it down and lifts it, Backspace clears, Control Z takes back a stroke.',
  padLabelMany:
    'Write a number. By keyboard: arrow keys move the pen, Space puts it down and lifts it, Backspace clears, Control Z takes back a stroke.',
  hint: 'Draw a digit',
  hintMany: 'Write a number',
  hintPicture: 'or drop or paste a picture',
  hintPictureOnly: 'Drop or paste a picture',
  drop: 'Drop the picture to read it',
  undo: 'Undo',
  clear: 'Clear',
  open: 'Open picture',
  chooser: 'Picture to read',
  camera: 'Camera',
  cameraLabel: 'What the camera sees',
  cameraWait: 'Waiting for the camera',
  take: 'Take picture',
  cancel: 'Cancel',
  retry: 'Try again',
  seen: 'Seen by the model',
  seenLabel: 'The picture as the model sees it, 28 by 28 pixels',
  bars: 'Probability of each digit',
  barsOf: (digit, place) => `Probabilities of digit ${place}, read as ${digit}`,
  numberDigits: 'Digits of the number',
  nothing: 'Nothing there',
  unread: 'Not read yet',
  unreadNote: 'Waiting for the model.',
  emptyNote: 'The answer appears here.',
  given: 'Set, not read',
  refused: {
    blank: 'Nothing there',
    'no-contrast': 'Too faint',
    'low-confidence': 'Not sure',
    'unlike-digits': 'Not a digit',
  },
  notes: {
    blank: 'No ink to read.',
    'no-contrast': 'The marks are too faint to read.',
    'low-confidence': 'No digit is likely enough.',
    'unlike-digits': 'It looks like nothing that the model knows.',
  },
  closest: (digit, share) => `Closest: ${digit}, ${share}`,
  second: (digit, share) => `or ${digit}, ${share}`,
  noSecond: 'No other above 1%',
  sureOfAll: 'Sure of every digit',
  leastSure: (digit, share) => `Least sure: ${digit}, ${share}`,
  spoken: (text, share) => `${text}, ${share}.`,
  penDown: 'Pen down',
  penUp: 'Pen up',
  answered: (time) => `answered in ${time}`,
  loading: 'Loading the model',
  loadingBytes: (loaded, total) => `Loading the model: ${loaded} of ${total}`,
  slow: 'This takes longer than usual. You can draw meanwhile; it is read once the model is there.',
  trouble: {
    model: 'The model did not load.',
    picture: 'The picture was not read.',
    camera: 'No picture from the camera.',
    answer: 'There is no answer.',
    storage: 'The model could not be kept for the next visit.',
  },
  reasons: {
    'bad-usage': 'It was asked for in a wrong way.',
    'bad-input': 'It is not what can be read.',
    'not-found': 'It is not there.',
    'too-large': 'It is too large.',
    'unsupported-media': 'It is of a kind that is not read.',
    corrupt: 'It was changed or damaged.',
    incompatible: 'It is of a version that is not read.',
    forbidden: 'It is not allowed.',
    offline: 'There is no connection.',
    'storage-full': 'There is no room left.',
    unavailable: 'It cannot be had now.',
    interrupted: 'It was stopped.',
    failed: 'Something went wrong.',
  },
  missing: 'A digit or a number is needed here.',
};

const ZH: Texts = {
  name: '数字识别',
  padRole: '手写板',
  padLabel: '写一个数字。键盘：方向键移动笔，空格键落笔或提笔，退格键清除，Control Z 撤销一笔。',
  padLabelMany: '写一个整数。键盘：方向键移动笔，空格键落笔或提笔，退格键清除，Control Z 撤销一笔。',
  hint: '写一个数字',
  hintMany: '写一个整数',
  hintPicture: '或拖入、粘贴一张图片',
  hintPictureOnly: '拖入或粘贴一张图片',
  drop: '松开即可识别图片',
  undo: '撤销',
  clear: '清除',
  open: '打开图片',
  chooser: '要识别的图片',
  camera: '拍照',
  cameraLabel: '相机画面',
  cameraWait: '正在等待相机',
  take: '拍摄',
  cancel: '取消',
  retry: '重试',
  seen: '模型所见',
  seenLabel: '模型看到的图片，28 × 28 像素',
  bars: '每个数字的概率',
  barsOf: (digit, place) => `第 ${place} 位（读作 ${digit}）的概率`,
  numberDigits: '各位数字',
  nothing: '没有内容',
  unread: '尚未识别',
  unreadNote: '正在等待模型。',
  emptyNote: '结果将显示在这里。',
  given: '已设定，并非识别结果',
  refused: {
    blank: '没有内容',
    'no-contrast': '太淡',
    'low-confidence': '不确定',
    'unlike-digits': '不是数字',
  },
  notes: {
    blank: '没有可读的笔迹。',
    'no-contrast': '笔迹太淡，无法识别。',
    'low-confidence': '没有足够可能的数字。',
    'unlike-digits': '与模型认识的数字都不像。',
  },
  closest: (digit, share) => `最接近：${digit}，${share}`,
  second: (digit, share) => `或 ${digit}，${share}`,
  noSecond: '其余均不超过 1%',
  sureOfAll: '每一位都有把握',
  leastSure: (digit, share) => `最不确定：${digit}，${share}`,
  spoken: (text, share) => `${text}，${share}。`,
  penDown: '落笔',
  penUp: '提笔',
  answered: (time) => `用时 ${time}`,
  loading: '正在加载模型',
  loadingBytes: (loaded, total) => `正在加载模型：${loaded} / ${total}`,
  slow: '加载比平时慢。可以先写，模型就绪后即会识别。',
  trouble: {
    model: '模型未能加载。',
    picture: '图片未能识别。',
    camera: '未能从相机取得图片。',
    answer: '没有得到结果。',
    storage: '模型无法保存以备下次使用。',
  },
  reasons: {
    'bad-usage': '用法不对。',
    'bad-input': '内容无法读取。',
    'not-found': '找不到。',
    'too-large': '太大了。',
    'unsupported-media': '不支持这种类型。',
    corrupt: '内容被改动或已损坏。',
    incompatible: '版本不兼容。',
    forbidden: '没有得到许可。',
    offline: '没有网络连接。',
    'storage-full': '存储空间不足。',
    unavailable: '暂时无法使用。',
    interrupted: '已被中止。',
    failed: '出错了。',
  },
  missing: '此处需要填写数字。',
};

const LANGUAGES = { en: EN, zh: ZH } as const satisfies Record<string, Texts>;

/** Texts of a language, and how it writes numbers. */
export interface Speech {
  /** The language that the texts are in, a BCP 47 tag. */
  language: string;
  texts: Texts;
  formats: Formats;
}

/**
 * How to speak a language: its texts where it has any, else English; `own` goes before both, but for what it leaves undefined or
 * null.
 * @param language a BCP 47 tag, `zh-Hans-CN`; one that is none is English
 */
export function speechOf(language: string, own: Partial<Texts>): Speech {
  const primary = language.toLowerCase().split('-')[0]!;
  const isKnown = Object.hasOwn(LANGUAGES, primary);
  const texts = isKnown ? LANGUAGES[primary as keyof typeof LANGUAGES] : EN;
  // What falls back to English is English, its numbers as well.
  const given = Object.entries(own).filter(([, text]) => (text ?? null) !== null);
  const spoken = isKnown || given.length > 0 ? language : 'en';
  return { language: spoken, texts: { ...texts, ...Object.fromEntries(given) }, formats: formatsFor(spoken) };
}

/** The language that an element is in: its own `lang`, else that of the nearest around it, shadow trees crossed. */
export function languageAround(element: Element): string {
  const nearest = element.closest('[lang]');
  if (nearest) return nearest.getAttribute('lang')!;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? languageAround(root.host) : 'en';
}
