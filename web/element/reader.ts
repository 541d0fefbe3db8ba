import type { TenfoldError } from '../../core/errors.js';
import type { Answer, Digits, Picture } from '../worker/protocol.js';
import type { DrawPad } from './draw-pad.js';
import type { DigitResult } from './events.js';
import type { ModelLink } from './model-link.js';
import type { GivenPicture } from './sources.js';

export interface ReaderEvents {
  /** @param isSettled the picture is whole: no pen is down */
  onAnswer(result: DigitResult, isSettled: boolean): void;
  onTrouble(error: TenfoldError): void;
}

/** Asks the model about what is on the pad or in its place, and sees to it that no answer to something else is shown. */
export class Reader {
  /** What is to be read of a picture. */
  digits: Digits = 'one';
  /** The picture in the pad's place. */
  picture: GivenPicture | null = null;
  /** Rises with every picture or stroke that comes. */
  #latest = 0;
  /** The number of what is there, so that an answer knows whether it is still that of the latest question. */
  #question = 0;
  /** The bundle whose model answered what is there; undefined until it did. */
  #readBy: string | undefined;
  /** Pictures that are read as soon as the model is there. */
  readonly #waiting = new WeakSet<GivenPicture>();
  #isSettled = true;
  #isAsking = false;
  /** The drawing is to be read, and nobody has begun to. */
  #isWanted = false;

  constructor(
    private readonly pad: DrawPad,
    private readonly link: ModelLink,
    private readonly events: ReaderEvents,
  ) {}

  /** A picture is there whose answer is none, or that of a model before; one that waits is not. */
  get isOverdue(): boolean {
    return this.picture !== null && !this.#waiting.has(this.picture);
  }

  /** What is there was answered by the model in use, or by another of the same bundle. */
  get isRead(): boolean {
    return this.#readBy !== undefined && this.#readBy === this.link.src;
  }

  /** A number for what comes now, higher than that of all before. */
  next(): number {
    return ++this.#latest;
  }

  /**
   * A new question: what was asked before is of no interest any more, but for a drawing that goes on; nor is the pad read before
   * somebody asks for that.
   * @returns false where what is there came later
   */
  begin(isSettled = true, question = this.next()): boolean {
    if (question < this.#question) return false;
    this.#isSettled = isSettled;
    this.#question = question;
    this.#readBy = undefined;
    this.#isWanted = false;
    return true;
  }

  get question(): number {
    return this.#question;
  }

  isLatest(question: number): boolean {
    return question === this.#question;
  }

  /** Asks for the drawing as it is; while an answer is under way the newest drawing waits, older ones are skipped. */
  async readPad(): Promise<void> {
    this.#isWanted = true;
    if (this.#isAsking || this.picture || !this.link.model) return;
    this.#isAsking = true;
    try {
      while (this.#isWanted && !this.picture && this.link.model) {
        this.#isWanted = false;
        const asked = this.#question;
        const isSettled = this.#isSettled;
        const { src, model } = this.link;
        const result = await this.#ask(this.pad.pixels(), 'pad').catch((error: TenfoldError) => {
          // A model that was let go meanwhile owes no answer: the one in its place is asked, by who waits here.
          if (this.link.model === model) this.events.onTrouble(error);
          return null;
        });
        if (!result) continue;
        // While somebody draws, an answer some points old is still worth showing.
        const isOfThis = this.isLatest(asked) || (!isSettled && !this.pad.isEmpty);
        if (!isOfThis || this.picture) continue;
        const isWhole = isSettled && this.isLatest(asked);
        if (isWhole) {
          this.#readBy = src;
          // Of an element that moved meanwhile the same was asked again.
          if (this.isRead) this.#isWanted = false;
        }
        this.events.onAnswer(result, isWhole);
      }
    } catch (error) {
      this.events.onTrouble(error as TenfoldError);
    } finally {
      this.#isAsking = false;
    }
  }

  /** Asks for a picture once the model is there; its answer is shown if nothing came after it. @throws TenfoldError */
  async readPicture(given: GivenPicture, question: number, model: Promise<unknown>): Promise<DigitResult> {
    this.#waiting.add(given);
    await model.finally(() => this.#waiting.delete(given));
    const { src } = this.link;
    const result = await this.#ask(given.pixels, 'picture');
    if (!this.isLatest(question)) return result;
    this.#readBy = src;
    this.events.onAnswer(result, true);
    return result;
  }

  async #ask(pixels: Picture, source: DigitResult['source']): Promise<DigitResult> {
    return resultOf(await this.link.classify(pixels, this.digits), source);
  }
}

function resultOf(answer: Answer, source: DigitResult['source']): DigitResult {
  const common = { source, milliseconds: answer.totalMilliseconds };
  if (answer.digits === 'one') {
    const { prediction, input } = answer;
    const text = prediction.digit === null ? '' : String(prediction.digit);
    return { digits: 'one', ...prediction, text, input, ...common };
  }
  const { numbers, text, width, height } = answer;
  return { digits: 'many', ...numbers, text, width, height, ...common };
}
