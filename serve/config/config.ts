import type { WantedPrecision } from '../models/precision.js';

/** Every setting of the service by its name, checked; a field whose name ends in a unit is a number of them. */
export interface Settings {
  /** The address to listen on. */
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** Folders of the bundles to serve, the default model first; empty means the model that comes with the package. */
  bundles: readonly string[];
  /** Bundles that answer a share of the requests for the model that they are a version of. */
  canary: readonly Canary[];
  /** The folder whose subfolders hold the bundles that may be loaded over HTTP; null where there is none. */
  repository: string | null;
  /** Whether models may be loaded and unloaded over HTTP. */
  control: boolean;
  device: (typeof DEVICES)[number];
  /** Which of each bundle's graphs answers. */
  precision: WantedPrecision;
  /** Threads that classify, each with a session of its own. */
  workers: number;
  /** Threads of one session's run. */
  workerThreads: number;
  /** Pictures that one run of the graph takes; beyond this a batch gains nothing and keeps others waiting. */
  batchImages: number;
  /** Pixels that one batch takes, unless a single request has more: large pictures must not hold up small ones. */
  batchPixels: number;
  /** Pictures that wait for a worker. */
  queuedImages: number;
  /** Pixels that wait for a worker, decoded: four bytes each. */
  queuedPixels: number;
  /** A request that waited longer for a worker is refused. */
  queueMilliseconds: number;
  /** A worker that took longer over one batch hangs, and is replaced. */
  batchMilliseconds: number;
  /** From a request's first byte to its last. */
  requestMilliseconds: number;
  /** From a connection's start, or a request's first byte, to the end of the request's header. */
  headerMilliseconds: number;
  /** How long a connection stays open between two requests. */
  keepAliveMilliseconds: number;
  /** How long requests under way may take once the service shuts down. */
  drainMilliseconds: number;
  /** Connections open at once; more are closed as they come. */
  connections: number;
  /** Bytes of a request's header. */
  headerBytes: number;
  /** Bytes of a request's body, decompressed too. */
  bodyBytes: number;
  /** Pictures in one request. */
  images: number;
  /** Pixels of one picture, checked before it is decoded. */
  pixels: number;
  /** Frames of an animation, of which the first is read. */
  frames: number;
  /** Arrays and objects within one another in a JSON body. */
  jsonDepth: number;
  /** Rows of one inference request's tensor. */
  tensorRows: number;
  /** Origins whose pages may call the service; `*` is any. */
  origins: readonly string[];
  /** Origins whose pages may show `/embed` in a frame; `*` is any. */
  embedOrigins: readonly string[];
  /** SHA-256 of each key that opens the service; empty where it is open to all. */
  apiKeys: readonly Buffer[];
  /** What one key or address may ask; null where it may ask at will. */
  rateLimit: RateLimit | null;
  /** Reverse proxies in front, whose X-Forwarded-For tells a client's address. */
  trustProxy: number;
  /** Answers that are remembered, by the picture's content; 0 remembers none. */
  cacheAnswers: number;
  /** Whether `/metrics` answers. */
  metrics: boolean;
  /** Whether `/docs` and `/openapi.json` answer. */
  docs: boolean;
  logLevel: (typeof LOG_LEVELS)[number];
}

export const DEVICES = ['cpu', 'cuda', 'webgpu', 'auto'] as const;
/** As pino has them. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export interface Canary {
  /** The folder of its bundle. */
  directory: string;
  /** Of the requests, 0 to 1. */
  share: number;
}

export interface RateLimit {
  requests: number;
  /** The span of time that they are counted over. */
  milliseconds: number;
}

/** Where a setting's value came from: `--port`, `TENFOLD_PORT`, or `default`. */
export type Source = `--${string}` | `TENFOLD_${string}` | 'default';

/** The service's whole configuration. */
export interface Config extends Settings {
  sources: { readonly [Name in keyof Settings]: Source };
}
