import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { schemaErrorsOf, typeErrorsOf } from './support/api-types.js';
import {
  CHART,
  chartFile,
  defaultValues,
  manifestsIn,
  problemsOf,
  Renderer,
  templateNames,
  type Manifest,
  type Values,
} from './support/chart.js';

const chart = new Renderer();
const EVERYTHING: Values = {
  image: { digest: `sha256:${'0'.repeat(64)}` },
  imagePullSecrets: [{ name: 'registry' }],
  settings: {
    PUBLIC_URL: 'https://api.example.com',
    TRUSTED_PROXIES: '10.0.0.0/8',
    LIMIT_ORG_KEY_PER_MINUTE: 2_000_000,
  },
  files: { existingClaim: 'gatehouse-files' },
  service: { annotations: { 'example.com/team': 'access' } },
  autoscaling: { enabled: true },
  networkPolicy: {
    from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gateway' } } }],
    egress: [{ ports: [{ port: 5432, protocol: 'TCP' }], to: [{ ipBlock: { cidr: '10.1.0.0/16' } }] }],
  },
  serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
  httpRoute: { enabled: true, parentRefs: [{ name: 'api' }], hostnames: ['api.example.com'] },
  serviceAccount: { annotations: { 'example.com/role': 'gatehouse' } },
  podAnnotations: { 'example.com/scan': 'true' },
  podLabels: { 'example.com/tier': 'edge' },
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ key: 'edge', operator: 'Exists', effect: 'NoSchedule' }],
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } },
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }],
  priorityClassName: 'edge',
};
const LEAST: Values = {
  migrate: { enabled: false },
  podDisruptionBudget: { enabled: false },
  networkPolicy: { enabled: false },
};
const byName: [string, Values][] = [
  ['the defaults', {}],
  ['every option', EVERYTHING],
  ['the fewest objects', LEAST],
];
const podSpecOf = ({ spec }: Manifest) => spec.template.spec;
const variablesOf = (manifest: Manifest) =>
  Object.fromEntries(
    (podSpecOf(manifest).containers[0].env as { name: string }[]).map(({ name, ...value }) => [name, value]),
  );

describe('the Helm chart', () => {
  it.each(byName)('renders objects that the Kubernetes API accepts, with %s', async (_, values) => {
    const manifests = chart.manifests(values);
    expect(typeErrorsOf(manifests)).toEqual([]);
    expect(await schemaErrorsOf(manifests)).toEqual([]);
  });

  it('finds a misspelled field and a wrong value, so that the check above means something', async () => {
    const service = chart.manifest('Service');
    const misspelled = { ...service, spec: { ...service.spec, sesionAffinity: 'None' } };
    expect(typeErrorsOf([misspelled]).join('\n')).toContain('sesionAffinity');
    const wrong = { ...service, spec: { ...service.spec, ports: [{ port: 'http' }] } };
    expect((await schemaErrorsOf([wrong])).join('\n')).toContain('port');
  });

  it('renders each template with all options, and only the basic ones with the fewest', () => {
    const filled = Object.entries(chart.texts(EVERYTHING)).filter(([, text]) => text.trim() !== '');
    expect(
      filled
        .map(([file]) => file)
        .filter((file) => file.endsWith('.yaml'))
        .toSorted(),
    ).toEqual(templateNames().toSorted());
    expect(
      chart
        .manifests(LEAST)
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(['Deployment', 'Service', 'ServiceAccount']);
  });

  it.each<[Values, ...string[]]>([
    [{}, 'up to 24 connections', 'Up to 4 pods', 'above 96.'],
    [{ settings: { DATABASE_POOL_SIZE: 30 }, replicas: 5 }, 'up to 44 connections', 'Up to 6 pods', 'above 264.'],
    [
      { settings: { DATABASE_POOL_SIZE: '30', DATABASE_FAST_LANE: 'off' } },
      'up to 35 connections',
      'Up to 4 pods',
      'above 140.',
    ],
    [{ autoscaling: { enabled: true, maxReplicas: 20 } }, 'up to 24 connections', 'Up to 21 pods', 'above 504.'],
  ])('says how many connections its pods need, with %j', (values, ...words) => {
    const notes = chart.texts(values)['NOTES.txt']!;
    expect(words.filter((word) => !notes.includes(word))).toEqual([]);
  });

  it('has the version of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(chartFile).toMatchObject({ apiVersion: 'v2', name: 'gatehouse', version, appVersion: version });
  });

  it('names every object within the limit of 63 characters, whatever the release', () => {
    for (const release of ['gatehouse', 'r'.repeat(53)]) {
      const names = chart.manifests(EVERYTHING, release).map(({ metadata }) => metadata.name);
      expect(names.filter((name) => name.length > 63 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name))).toEqual([]);
    }
  });

  it('uses settings that the server has', () => {
    const used = [
      ...Object.keys(defaultValues['settings'] as object),
      ...Object.keys(defaultValues['secretSettings'] as object),
      'DATABASE_OWNER_URL',
      'METRICS_TOKEN',
    ];
    const example = readFileSync('.env.example', 'utf8');
    expect(used.filter((name) => !example.includes(`\n#${name}=`))).toEqual([]);
  });

  it('takes secrets by reference only, and gives the URL of the owner to the migration alone', () => {
    const manifests = chart.manifests(EVERYTHING);
    expect(manifests.filter(({ kind }) => kind === 'Secret' || kind === 'ConfigMap')).toEqual([]);
    const [server, migrate] = [chart.manifest('Deployment'), chart.manifest('Job')];
    expect(variablesOf(server)).toMatchObject({
      DATABASE_URL: { valueFrom: { secretKeyRef: { name: 'gatehouse', key: 'DATABASE_URL' } } },
      ENCRYPTION_KEY: { valueFrom: { secretKeyRef: { name: 'gatehouse', key: 'ENCRYPTION_KEY' } } },
    });
    expect(variablesOf(server)).not.toHaveProperty('DATABASE_OWNER_URL');
    expect(variablesOf(migrate)).toHaveProperty('DATABASE_OWNER_URL.valueFrom.secretKeyRef.name', 'gatehouse');
  });

  it('writes numbers and booleans of settings as text', () => {
    const { spec } = chart.manifest('Deployment', {
      settings: { LIMIT_ORG_KEY_PER_MINUTE: 5000, LOGIN_LINK_CONFIRM: true },
    });
    expect(spec.template.spec.containers[0].env).toContainEqual({ name: 'LIMIT_ORG_KEY_PER_MINUTE', value: '5000' });
    expect(spec.template.spec.containers[0].env).toContainEqual({ name: 'LOGIN_LINK_CONFIRM', value: 'true' });
  });

  it('meets the restricted Pod Security Standard', () => {
    const pods = chart.manifests(EVERYTHING).filter(({ kind }) => kind === 'Deployment' || kind === 'Job');
    expect(pods).toHaveLength(2);
    for (const pod of pods.map(podSpecOf)) {
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(pod.containers[0].securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  it('asks probes that the server has, and gives a stop longer than the graceful shutdown', () => {
    const pod = podSpecOf(chart.manifest('Deployment'));
    const [server] = pod.containers;
    const paths = [server.startupProbe, server.livenessProbe, server.readinessProbe].map(({ httpGet }) => httpGet.path);
    const routes = readFileSync('test/contract/routes.tsv', 'utf8');
    expect(paths).toEqual(['/healthz', '/healthz', '/readyz']);
    for (const path of paths) expect(routes).toContain(`GET\t${path}\t`);
    const [, delay] = server.lifecycle.preStop.exec.command;
    // The server ends within 10 s of SIGTERM.
    expect(pod.terminationGracePeriodSeconds - Number(delay)).toBeGreaterThan(15);
  });

  it('leaves the number of pods to the autoscaler', () => {
    expect(chart.manifest('Deployment', { autoscaling: { enabled: true } }).spec).not.toHaveProperty('replicas');
    expect(chart.manifest('Deployment').spec.replicas).toBe(3);
  });

  it('gives the token of the service monitor to the server too', () => {
    const token = { secret: 'monitoring', key: 'token' };
    const values = { serviceMonitor: { enabled: true, token } };
    expect(variablesOf(chart.manifest('Deployment', values))).toHaveProperty(
      'METRICS_TOKEN.valueFrom.secretKeyRef.name',
      'monitoring',
    );
    expect(chart.manifest('ServiceMonitor', values).spec.endpoints[0].authorization.credentials).toEqual({
      name: 'monitoring',
      key: 'token',
    });
  });

  it('migrates before the new pods start', () => {
    expect(chart.manifest('Job').metadata.annotations).toMatchObject({ 'helm.sh/hook': 'pre-install,pre-upgrade' });
  });

  it.each([
    ['an unknown value', { replicaCount: 3 }, 'additional properties'],
    ['a secret among the settings', { settings: { DATABASE_URL: 'postgres://a' } }, '/settings'],
    ['a setting in lower case', { settings: { publicUrl: 'https://a' } }, '/settings'],
    [
      'the URL of the owner for the servers',
      { secretSettings: { DATABASE_OWNER_URL: { secret: 'a', key: 'b' } } },
      '/secretSettings',
    ],
    ['a secret without a key', { secretSettings: { SMTP_URL: { secret: 'a' } } }, '/secretSettings/SMTP_URL'],
    ['no pods', { replicas: 0 }, '/replicas'],
    ['a route without a gateway', { httpRoute: { enabled: true } }, '/httpRoute/parentRefs'],
  ])('refuses %s', (_, values, path) => {
    expect(problemsOf(values).join('\n')).toContain(path);
  });

  it('has a type in the schema for each value', () => {
    const schema = JSON.parse(readFileSync(`${CHART}/values.schema.json`, 'utf8')) as { properties: object };
    const { global: _, ...properties } = schema.properties as Record<string, object>;
    expect(Object.keys(properties).toSorted()).toEqual(Object.keys(defaultValues).toSorted());
  });
});

describe('the examples for the Gateway API', () => {
  const examples = manifestsIn(readFileSync('docs/proxies/kubernetes-external-auth.yaml', 'utf8'));
  const [route] = examples as [Manifest];
  const [rule] = route.spec.rules;
  const [externalAuth, ...others] = rule.filters;

  it('are routes that the API accepts', async () => {
    // The types know the standard channel; ExternalAuth is in the experimental one.
    const standard = { ...route, spec: { ...route.spec, rules: [{ ...rule, filters: others }] } };
    expect(examples).toHaveLength(1);
    expect(typeErrorsOf([standard])).toEqual([]);
    expect(await schemaErrorsOf([standard])).toEqual([]);
  });

  it('ask the forward-auth route with the headers that Gatehouse reads and sets', () => {
    const envoy = manifestsIn(readFileSync('docs/proxies/kubernetes-gateway.yaml', 'utf8'));
    const { extAuth } = envoy.find(({ kind }) => kind === 'SecurityPolicy')!.spec;
    expect(externalAuth).toEqual({
      type: 'ExternalAuth',
      externalAuth: {
        protocol: 'HTTP',
        backendRef: extAuth.http.backendRefs[0],
        http: {
          path: extAuth.http.path,
          allowedHeaders: extAuth.headersToExtAuth,
          allowedResponseHeaders: extAuth.http.headersToBackend,
        },
      },
    });
  });

  it('are routes and gateways that the API accepts for Envoy Gateway too', async () => {
    const standard = manifestsIn(readFileSync('docs/proxies/kubernetes-gateway.yaml', 'utf8')).filter(
      ({ apiVersion }) => apiVersion.startsWith('gateway.networking.k8s.io/'),
    );
    expect(standard.map(({ kind }) => kind)).toEqual(['Gateway', 'HTTPRoute']);
    expect(typeErrorsOf(standard)).toEqual([]);
    expect(await schemaErrorsOf(standard)).toEqual([]);
  });
});
