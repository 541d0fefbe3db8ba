import { type Request, type Response, Router } from 'express';
import { unmet } from '../../core/errors.js';
import type { Limits } from '../limits.js';
import type { LoadedModel } from '../models/models.js';
import { allowOnly, answerError, notFound, sendAnswer } from './answer.js';
import { createInfer, type InferOptions, type ModelPath } from './infer.js';
import { modelConfig, modelMetadata, SERVER_METADATA } from './metadata.js';
import { changeRoute, indexRoute } from './repository-routes.js';
import { statisticsBody } from './statistics-body.js';

export interface OpenInferenceOptions extends InferOptions {
  limits: InferOptions['limits'] & Pick<Limits, 'batchImages'>;
  /** Whether clients may load and unload models. */
  control: boolean;
  /** Whether the service has begun to shut down, so that none of its models is ready. */
  isClosing?: () => boolean;
}

/** A path of a model, with and without a version. */
const paths = (rest = ''): string[] => [`/models/:model${rest}`, `/models/:model/versions/:version${rest}`];

/** The Open Inference Protocol over HTTP, to be mounted at `/v2`: with Triton's extensions for binary tensors, classification, configuration, statistics and the repository of models. */
export function openInferenceRoutes(options: OpenInferenceOptions): Router {
  const { models, limits, isClosing = () => false } = options;
  const router = Router({ caseSensitive: true });
  const get = (
    path: string | string[],
    answer: (request: Request<ModelPath>) => object | Promise<object>,
  ) => {
    const handle = async (request: Request<ModelPath>, response: Response) =>
      sendAnswer(response, 200, await answer(request));
    router.route(path).get<ModelPath>(handle).all(allowOnly('GET'));
  };
  const ofModel = (rest: string, tell: (model: LoadedModel) => object | Promise<object>) =>
    get(paths(rest), ({ params }) => models.use(wantedBy(params), async (model) => tell(model)));

  const infer = createInfer(options);
  // First, since it is asked most.
  router
    .route(paths('/infer'))
    .post<ModelPath>((request, response) => infer(request, response, request.params))
    .all(allowOnly('POST'));
  get('/', () => SERVER_METADATA);
  get('/health/live', () => ({ live: true }));
  get('/health/ready', () => {
    if (!models.isReady || isClosing())
      throw notReady('the service', 'models that answer', 'some that are being loaded');
    return { ready: true };
  });
  // Before the models: none can have this name.
  get('/models/stats', async () => statisticsBody(await models.list(), models.statistics));
  ofModel('', async ({ manifest }) => modelMetadata(manifest, await models.list()));
  ofModel('/ready', ({ manifest: { name }, isReady }) => {
    if (!isReady || isClosing())
      throw notReady(`the model ${name}`, 'a worker that answers', 'some that start');
    return { name, ready: true };
  });
  ofModel('/config', ({ manifest }) => modelConfig(manifest, limits));
  get(paths('/stats'), ({ params }) =>
    // A version that is not loaded is an error, as everywhere.
    models.use(wantedBy(params), async () =>
      statisticsBody(await models.list(), models.statistics, wantedBy(params)),
    ),
  );
  router.route('/repository/index').post(indexRoute(options)).all(allowOnly('POST'));
  for (const change of ['load', 'unload'] as const) {
    const handle = changeRoute(options, change);
    router
      .route(`/repository/models/:model/${change}`)
      .post<{ model: string }>(handle)
      .all(allowOnly('POST'));
  }
  router.use(notFound);
  router.use(answerError);
  return router;
}

const wantedBy = ({ model: name, version }: ModelPath) => ({ name, version });

const notReady = (what: string, expected: string, got: string) =>
  unmet({
    code: 'unavailable',
    what,
    expected,
    got: `${got}, or a service that shuts down`,
    advice: 'Try again in a moment.',
  });
