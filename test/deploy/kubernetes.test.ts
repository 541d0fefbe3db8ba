import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serviceConfig } from '../../serve/config/service-config.js';
import { ROUTES } from '../../serve/operations/routes.js';
import { readDockerfile } from './dockerfile.js';
import { readText, readYaml } from './files.js';

type Labels = Record<string, string>;
interface Probe {
  httpGet: { path: string; port: string };
}
interface Container {
  image: string;
  ports: { name: string; containerPort: number }[];
  env: { name: string; value: string }[];
  resources: { limits: { memory: string } };
  startupProbe: Probe;
  readinessProbe: Probe;
  livenessProbe: Probe;
  lifecycle: { preStop: { exec: { command: string[] } } };
  securityContext: Record<string, unknown>;
}
interface Deployment {
  metadata: { name: string };
  spec: {
    replicas?: number;
    selector: { matchLabels: Labels };
    template: {
      metadata: { labels: Labels; annotations: Labels };
      spec: {
        terminationGracePeriodSeconds: number;
        securityContext: { runAsNonRoot: boolean; runAsUser: number; runAsGroup: number };
        containers: Container[];
      };
    };
  };
}

const read = <Document>(file: string) => readYaml<Document>(`deploy/kubernetes/${file}`);
const deployment = read<Deployment>('deployment.yaml');
const pod = deployment.spec.template;
const container = pod.spec.containers[0]!;
const image = readDockerfile(readText('deploy/Dockerfile')).find(({ name }) => name === 'cpu')!;
const words = (instruction: string) =>
  image.steps.filter((step) => step.instruction === instruction).map((step) => step.text);

test('what selects pods selects those of the deployment', () => {
  const selected = (labels: Labels) => assert.deepEqual(labels, pod.metadata.labels);
  selected(deployment.spec.selector.matchLabels);
  selected(read<{ spec: { selector: Labels } }>('service.yaml').spec.selector);
  selected(
    read<{ spec: { selector: { matchLabels: Labels } } }>('pod-disruption-budget.yaml').spec.selector
      .matchLabels,
  );
  selected(
    read<{ spec: { podSelector: { matchLabels: Labels } } }>('network-policy.yaml').spec.podSelector
      .matchLabels,
  );
  // The monitor selects the service, which has the same label.
  const service = read<{ metadata: { labels: Labels }; spec: { ports: { name: string }[] } }>('service.yaml');
  const monitor = read<{
    spec: { selector: { matchLabels: Labels }; endpoints: { port: string; path: string }[] };
  }>('service-monitor.yaml');
  assert.deepEqual(monitor.spec.selector.matchLabels, service.metadata.labels);
  assert.equal(monitor.spec.endpoints[0]!.port, service.spec.ports[0]!.name);
});

test('the autoscaler scales the deployment, which does not say how many there are', () => {
  const { spec } = read<{ spec: { scaleTargetRef: { kind: string; name: string } } }>(
    'horizontal-pod-autoscaler.yaml',
  );
  assert.deepEqual(
    [spec.scaleTargetRef.kind, spec.scaleTargetRef.name],
    ['Deployment', deployment.metadata.name],
  );
  assert.equal(deployment.spec.replicas, undefined);
});

test('probes ask for routes of the service, on the port that the image serves', () => {
  const { startupProbe, readinessProbe, livenessProbe, ports } = container;
  assert.equal(startupProbe.httpGet.path, '/readyz');
  assert.equal(readinessProbe.httpGet.path, '/readyz');
  // A pod that drains or waits for a worker must not be killed for it.
  assert.equal(livenessProbe.httpGet.path, '/livez');
  const routes: readonly string[] = ROUTES;
  for (const { httpGet } of [startupProbe, readinessProbe, livenessProbe]) {
    assert.ok(routes.includes(httpGet.path), httpGet.path);
    assert.equal(httpGet.port, ports[0]!.name);
  }
  const port = String(ports[0]!.containerPort);
  assert.deepEqual(words('EXPOSE'), [port]);
  const command: string[] = JSON.parse(words('CMD')[0]!);
  assert.equal(command[command.indexOf('--port') + 1], port);
  assert.equal(pod.metadata.annotations['prometheus.io/port'], port);
  assert.ok(routes.includes(pod.metadata.annotations['prometheus.io/path']!));
  const service = read<{ spec: { ports: { targetPort: string }[] } }>('service.yaml');
  assert.equal(service.spec.ports[0]!.targetPort, ports[0]!.name);
  const policy = read<{ spec: { ingress: { ports: { port: string }[] }[] } }>('network-policy.yaml');
  assert.equal(policy.spec.ingress[0]!.ports[0]!.port, ports[0]!.name);
});

test('the environment is of settings, and what they let requests hold fits the memory with room', () => {
  const env = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
  const { queuedPixels, pixels } = serviceConfig({ values: {}, env });
  const [, mebibytes] = /^(\d+)Mi$/.exec(container.resources.limits.memory)!;
  // Decoded pictures and bodies are four bytes a pixel each; sixteen are taken while a picture is decoded, one of the largest at least.
  const held = 8 * queuedPixels + 16 * Math.max(pixels, queuedPixels / 4);
  const alone = 220 * 1024 ** 2;
  assert.ok(Number(mebibytes) * 1024 ** 2 > 1.2 * (held + alone), `${held} bytes`);
});

test('a pod is given time for what it is told of late and for the longest request', () => {
  const [program, seconds] = container.lifecycle.preStop.exec.command;
  assert.equal(program, 'sleep');
  const needed = Number(seconds) + serviceConfig({ values: {}, env: {} }).drainMilliseconds / 1000;
  assert.ok(pod.spec.terminationGracePeriodSeconds > needed, `${needed} s are needed`);
});

test('the pod is not root, by the number of the image’s user, and cannot write to its own root', () => {
  const { runAsNonRoot, runAsUser, runAsGroup } = pod.spec.securityContext;
  assert.equal(runAsNonRoot, true);
  assert.deepEqual(words('USER'), [`${runAsUser}:${runAsGroup}`]);
  assert.deepEqual(container.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});

test('the kustomization has every manifest but the one that needs the operator, and names the image', () => {
  const { resources, images } = read<{ resources: string[]; images: { name: string; newTag: string }[] }>(
    'kustomization.yaml',
  );
  assert.deepEqual([...resources].sort(), [
    'deployment.yaml',
    'horizontal-pod-autoscaler.yaml',
    'network-policy.yaml',
    'pod-disruption-budget.yaml',
    'service.yaml',
  ]);
  const { version } = JSON.parse(readText('package.json'));
  assert.deepEqual(
    images.map(({ name, newTag }) => [name, newTag]),
    [[container.image, version]],
  );
});
