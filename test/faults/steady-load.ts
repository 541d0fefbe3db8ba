import assert from 'node:assert/strict';
import { openConnection } from '../../bench/serve/connection.js';
import { predictRequest } from '../../bench/serve/requests.js';
import { CLASS_COUNT } from '../../core/image.js';
import type { PredictResponse } from '../../serve/predict/schemas.js';
import { greyPng, rowPicture } from '../serve/pictures.js';

/** Requests whose answers are known beforehand: under the tiny bundle a picture's digit is the row of its bar. */
const PICTURES = Array.from({ length: CLASS_COUNT }, (_, digit) => greyPng(rowPicture(digit)));

export interface SteadyLoad {
  right: number;
  /** 503 with Retry-After, sent again until it was answered. */
  refused: number;
  /** How many answers each version of the model gave. */
  versions: Map<string, number>;
}

export interface SteadyLoadOptions {
  url: URL;
  connections: number;
  /** At least. */
  seconds: number;
  /** Whether a request may be refused for a while. */
  mayRefuse: boolean;
  /** Whether it has met what it is to meet: a machine that carries a tenth of the load goes on until then. */
  isEnough?: (load: SteadyLoad) => boolean;
}

/** Of a load that has met too little; no machine that works is near it. */
const MOST_SECONDS = 90;

/**
 * Connections that post one picture after another.
 * @throws AssertionError where a request is lost, or an answer is wrong, or refused though none may be.
 */
export async function steadyLoad(options: SteadyLoadOptions): Promise<SteadyLoad> {
  const { url, connections, seconds, mayRefuse, isEnough = () => true } = options;
  const requests = PICTURES.map((file) => predictRequest(file, 'image/png', url.host));
  const load: SteadyLoad = { right: 0, refused: 0, versions: new Map() };
  const began = performance.now();
  const goesOn = () => {
    const passed = (performance.now() - began) / 1000;
    return passed < seconds || (passed < MOST_SECONDS && !isEnough(load));
  };
  const drive = async (first: number) => {
    const connection = await openConnection(url);
    for (let next = first; goesOn(); next++) {
      const digit = next % CLASS_COUNT;
      const { status, head, body } = await connection.exchange(requests[digit]!);
      if (mayRefuse && status === 503) {
        assert.match(head, /\r\nretry-after: *\d+/i);
        load.refused++;
        continue;
      }
      assert.equal(status, 200, body.toString());
      const { model, results } = JSON.parse(body.toString()) as PredictResponse;
      assert.equal(results[0]!.digit, digit);
      load.right++;
      load.versions.set(model.version, (load.versions.get(model.version) ?? 0) + 1);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, (_, index) => drive(index)));
  return load;
}
