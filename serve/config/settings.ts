import { WANTED_PRECISIONS } from '../models/precision.js';
import { DEVICES, LOG_LEVELS, type Settings } from './config.js';
import * as kinds from './kinds.js';

/** One setting: how it is named, what it may be, and what it is where nobody says. */
export interface Setting<Value> {
  flag: string;
  variable: `TENFOLD_${string}`;
  kind: kinds.Kind<Value>;
  /** As the flag would have it. */
  default: string;
  /** What it is, in one line. */
  help: string;
  /** Whether the flag may be given several times; the variable has a comma between two. */
  repeatable?: true;
  /** Set where the flag names a file that holds the value, since every user of the machine can read a command line. */
  flagNamesFile?: true;
}

const GIGABYTE = 1024 ** 3;

/** Every setting, once: flags, variables, checks, `--print-config` and the table in docs/service.md are made of it. */
export const SETTINGS: { readonly [Name in keyof Settings]: Setting<Settings[Name]> } = {
  host: {
    flag: 'host',
    variable: 'TENFOLD_HOST',
    kind: kinds.host,
    default: '127.0.0.1',
    help: 'Address to listen on; 0.0.0.0 or :: is every one.',
  },
  port: {
    flag: 'port',
    variable: 'TENFOLD_PORT',
    kind: kinds.integer(0, 65_535),
    default: '8080',
    help: 'Port to listen on; 0 takes any free one.',
  },
  bundles: {
    flag: 'bundle',
    variable: 'TENFOLD_BUNDLES',
    kind: kinds.list(kinds.bundle, 'default'),
    default: 'default',
    help: 'Bundles to serve, the first being the default model; `default` is the one that comes with the package.',
    repeatable: true,
  },
  canary: {
    flag: 'canary',
    variable: 'TENFOLD_CANARY',
    kind: kinds.list(kinds.canary),
    default: 'none',
    help: 'Bundles that answer this share of the requests for their model.',
    repeatable: true,
  },
  repository: {
    flag: 'repository',
    variable: 'TENFOLD_REPOSITORY',
    kind: kinds.optional(kinds.folder, 'none'),
    default: 'none',
    help: 'Folder whose subfolders hold bundles that may be loaded over HTTP.',
  },
  control: {
    flag: 'control',
    variable: 'TENFOLD_CONTROL',
    kind: kinds.onOrOff,
    default: 'off',
    help: 'Whether models may be loaded and unloaded over HTTP.',
  },
  device: {
    flag: 'device',
    variable: 'TENFOLD_DEVICE',
    kind: kinds.choice(DEVICES),
    default: 'auto',
    help: 'What computes; `auto` is CUDA where an NVIDIA GPU is in sight and can be used, else the cpu.',
  },
  precision: {
    flag: 'precision',
    variable: 'TENFOLD_PRECISION',
    kind: kinds.choice(WANTED_PRECISIONS),
    default: 'auto',
    help: "Which of each bundle's graphs computes. `auto` is on a cpu the smallest that is as accurate as `model.onnx` and no slower, as the element has it: mostly int8, where `tenfold export BUNDLE --precision` made it. Elsewhere it is fp32.",
  },
  workers: {
    flag: 'workers',
    variable: 'TENFOLD_WORKERS',
    kind: kinds.workers,
    default: 'auto',
    help: 'Threads that classify; `auto` is one a core, four at most.',
  },
  workerThreads: {
    flag: 'worker-threads',
    variable: 'TENFOLD_WORKER_THREADS',
    kind: kinds.integer(1, 64),
    default: '1',
    help: "Threads of one worker's run; several workers carry more than several threads.",
  },
  batchImages: {
    flag: 'batch-images',
    variable: 'TENFOLD_BATCH_IMAGES',
    kind: kinds.integer(1, 1024, 'pictures'),
    default: '64',
    help: 'Pictures in one batch.',
  },
  batchPixels: {
    flag: 'batch-pixels',
    variable: 'TENFOLD_BATCH_PIXELS',
    kind: kinds.integer(1, 1e9, 'pixels'),
    default: '4000000',
    help: 'Pixels in one batch, unless a single request has more.',
  },
  queuedImages: {
    flag: 'queue-images',
    variable: 'TENFOLD_QUEUE_IMAGES',
    kind: kinds.integer(1, 1e6, 'pictures'),
    default: '1024',
    help: 'Pictures that wait for a worker; more are refused with 503.',
  },
  queuedPixels: {
    flag: 'queue-pixels',
    variable: 'TENFOLD_QUEUE_PIXELS',
    kind: kinds.integer(1, 1e10, 'pixels'),
    default: '100000000',
    help: 'Pixels that wait for a worker, four bytes each; what all requests hold decoded, and all bodies together, may be as much.',
  },
  queueMilliseconds: {
    flag: 'queue-time',
    variable: 'TENFOLD_QUEUE_TIME',
    kind: kinds.time(1, 600_000),
    default: '5s',
    help: 'Time that a request may wait for a worker before it is refused with 503.',
  },
  batchMilliseconds: {
    flag: 'batch-time',
    variable: 'TENFOLD_BATCH_TIME',
    kind: kinds.time(100, 600_000),
    default: '30s',
    help: 'Time that a batch may take before its worker counts as hung and is replaced.',
  },
  requestMilliseconds: {
    flag: 'request-time',
    variable: 'TENFOLD_REQUEST_TIME',
    kind: kinds.time(100, 600_000),
    default: '30s',
    help: 'Time for a request to arrive, from its first byte to its last.',
  },
  headerMilliseconds: {
    flag: 'header-time',
    variable: 'TENFOLD_HEADER_TIME',
    kind: kinds.time(100, 600_000),
    default: '10s',
    help: "Time for a request's header to arrive, and for a new connection to say anything.",
  },
  keepAliveMilliseconds: {
    flag: 'keep-alive',
    variable: 'TENFOLD_KEEP_ALIVE',
    // Longer than the minute after which most balancers let go: who closes first loses no request.
    default: '65s',
    kind: kinds.time(1, 3_600_000),
    help: "Time that a connection stays open between two requests; longer than the balancer's in front, for Google's more than 600s.",
  },
  drainMilliseconds: {
    flag: 'drain-time',
    variable: 'TENFOLD_DRAIN_TIME',
    kind: kinds.time(1, 600_000),
    default: '30s',
    help: 'Time that requests under way may take after SIGTERM.',
  },
  connections: {
    flag: 'connections',
    variable: 'TENFOLD_CONNECTIONS',
    kind: kinds.integer(1, 1e6),
    default: '10000',
    help: 'Connections open at once.',
  },
  headerBytes: {
    flag: 'header-size',
    variable: 'TENFOLD_HEADER_SIZE',
    kind: kinds.size(1024, 1024 ** 2),
    default: '16kb',
    help: "Size of a request's header.",
  },
  bodyBytes: {
    flag: 'body-size',
    variable: 'TENFOLD_BODY_SIZE',
    kind: kinds.size(1024, GIGABYTE),
    default: '10mb',
    help: "Size of a request's body, decompressed too.",
  },
  images: {
    flag: 'images',
    variable: 'TENFOLD_IMAGES',
    kind: kinds.integer(1, 10_000, 'pictures'),
    default: '64',
    help: 'Pictures in one request.',
  },
  pixels: {
    flag: 'pixels',
    variable: 'TENFOLD_PIXELS',
    kind: kinds.integer(784, 1e9, 'pixels'),
    // A phone's 24-megapixel photograph: 96 MB once decoded.
    default: '25000000',
    help: 'Pixels of one picture, checked before it is decoded.',
  },
  frames: {
    flag: 'frames',
    variable: 'TENFOLD_FRAMES',
    kind: kinds.integer(1, 100_000),
    default: '500',
    help: 'Frames of an animated GIF or WebP, of which the first is read.',
  },
  jsonDepth: {
    flag: 'json-depth',
    variable: 'TENFOLD_JSON_DEPTH',
    kind: kinds.integer(4, 1000),
    default: '32',
    help: 'Arrays and objects within one another in a JSON body.',
  },
  tensorRows: {
    flag: 'tensor-rows',
    variable: 'TENFOLD_TENSOR_ROWS',
    kind: kinds.integer(1, 1e6, 'rows'),
    default: '1024',
    help: 'Rows of the tensor of one Open Inference request.',
  },
  origins: {
    flag: 'origin',
    variable: 'TENFOLD_ORIGINS',
    kind: kinds.list(kinds.origin),
    default: 'none',
    help: 'Origins whose pages may call the service (CORS); `*` is any.',
    repeatable: true,
  },
  embedOrigins: {
    flag: 'embed-origin',
    variable: 'TENFOLD_EMBED_ORIGINS',
    kind: kinds.list(kinds.origin),
    // It has nothing of anybody's, and the element's script is for any page too.
    default: '*',
    help: 'Origins whose pages may show `/embed` in a frame; `*` is any.',
    repeatable: true,
  },
  apiKeys: {
    flag: 'api-keys-file',
    variable: 'TENFOLD_API_KEYS',
    kind: kinds.apiKeys,
    default: 'none',
    help: 'Keys that open the service: the flag names a file with one a line, the variable holds them.',
    flagNamesFile: true,
  },
  rateLimit: {
    flag: 'rate-limit',
    variable: 'TENFOLD_RATE_LIMIT',
    kind: kinds.optional(kinds.rate, 'none'),
    default: 'none',
    help: 'Requests that one key or address may send in a time; more are refused with 429.',
  },
  trustProxy: {
    flag: 'trust-proxy',
    variable: 'TENFOLD_TRUST_PROXY',
    kind: kinds.integer(0, 16),
    default: '0',
    help: "Reverse proxies in front, whose X-Forwarded-For tells a client's address.",
  },
  cacheAnswers: {
    flag: 'cache-answers',
    variable: 'TENFOLD_CACHE_ANSWERS',
    kind: kinds.integer(0, 1e6, 'answers'),
    default: '0',
    help: "Answers to remember, by the picture's content; 0 remembers none.",
  },
  metrics: {
    flag: 'metrics',
    variable: 'TENFOLD_METRICS',
    kind: kinds.onOrOff,
    default: 'on',
    help: 'Whether /metrics answers.',
  },
  docs: {
    flag: 'docs',
    variable: 'TENFOLD_DOCS',
    kind: kinds.onOrOff,
    default: 'on',
    help: 'Whether /docs and /openapi.json answer.',
  },
  logLevel: {
    flag: 'log-level',
    variable: 'TENFOLD_LOG_LEVEL',
    kind: kinds.choice(LOG_LEVELS),
    default: 'warn',
    help: 'The least that is logged.',
  },
};

/** The settings' names, in the table's order. */
export const NAMES = Object.keys(SETTINGS) as (keyof Settings)[];
