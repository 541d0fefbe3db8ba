import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROUTES } from '../../serve/operations/routes.js';
import { readDockerfile } from './dockerfile.js';
import { ROOT, readText, readYaml } from './files.js';

interface Service {
  image: string;
  build?: { context: string; dockerfile: string; target: string };
  ports: string[];
  volumes?: string[];
  depends_on?: string[];
}

const { services, volumes } = readYaml<{ services: Record<string, Service>; volumes: object }>(
  'deploy/compose.yaml',
);

test('the service is built from a target of the Dockerfile, under this version, and its port is published', () => {
  const { image, build, ports } = services.tenfold!;
  assert.equal(image, `tenfold:${JSON.parse(readText('package.json')).version}`);
  const stages = readDockerfile(readText(build!.dockerfile));
  const target = stages.find(({ name }) => name === build!.target);
  const exposed = target?.steps.find(({ instruction }) => instruction === 'EXPOSE')?.text;
  assert.deepEqual(ports, [`${exposed}:${exposed}`]);
});

test('images are pinned, and what is mounted is there', () => {
  for (const [name, { image, volumes: mounts = [], depends_on = [] }] of Object.entries(services)) {
    assert.match(image, /:v?\d+\.\d+\.\d+$/, name);
    for (const other of depends_on) assert.ok(other in services, other);
    for (const mount of mounts) {
      const [source] = mount.split(':');
      const found = source!.startsWith('.') ? existsSync(join(ROOT, 'deploy', source!)) : source! in volumes;
      assert.ok(found, `${name}: ${mount}`);
    }
  }
});

test('Prometheus scrapes the service, and Grafana asks Prometheus', () => {
  const { scrape_configs } = readYaml<{
    scrape_configs: { metrics_path: string; static_configs: { targets: string[] }[] }[];
  }>('deploy/prometheus/prometheus.yaml');
  const [{ metrics_path, static_configs }] = scrape_configs as [(typeof scrape_configs)[0]];
  assert.ok((ROUTES as readonly string[]).includes(metrics_path));
  const port = services.tenfold!.ports[0]!.split(':')[1];
  assert.deepEqual(static_configs[0]!.targets, [`tenfold:${port}`]);
  const { datasources } = readYaml<{ datasources: { url: string; isDefault: boolean }[] }>(
    'deploy/grafana/provisioning/datasources/prometheus.yaml',
  );
  assert.equal(datasources[0]!.isDefault, true);
  const { hostname, port: asked } = new URL(datasources[0]!.url);
  assert.equal(services[hostname]!.ports[0]!.split(':').at(-1), asked);
});

test('Grafana finds the dashboard where it is mounted', () => {
  const { providers } = readYaml<{ providers: { options: { path: string } }[] }>(
    'deploy/grafana/provisioning/dashboards/tenfold.yaml',
  );
  const mounts = services.grafana!.volumes!.map((mount) => mount.split(':') as [string, string]);
  const dashboard = mounts.find(([source]) => source.endsWith('tenfold.json'))!;
  assert.equal(dashboard[1], `${providers[0]!.options.path}/tenfold.json`);
});
