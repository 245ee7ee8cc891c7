import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse, parseAllDocuments } from 'yaml';

export const CHART = 'deploy/helm/gatehouse';
/** Where Debian's packages put the libraries of Go. */
const GO_LIBRARIES = '/usr/share/gocode';

/** An object of Kubernetes. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  // Its shape depends on the kind; `typeErrorsOf` checks it.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly spec: any;
}
export type Values = Readonly<Record<string, unknown>>;

export const chartFile = parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8')) as Readonly<Record<string, string>>;
export const defaultValues = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8')) as Values;
const isValid = new Ajv({ allowUnionTypes: true, allErrors: true }).compile(
  JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8')) as object,
);

/** Problems that Helm reports for values, as `path message`. */
export function problemsOf(values: Values): string[] {
  isValid(merge(defaultValues, values));
  return (isValid.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** Renders the chart as `helm template` does. */
export class Renderer {
  private readonly program: string;

  constructor() {
    this.program = join(mkdtempSync(join(tmpdir(), 'gatehouse-chart-')), 'render');
    execFileSync('go', ['build', '-o', this.program, 'test/chart/render/main.go'], {
      env: {
        ...process.env,
        GO111MODULE: 'off',
        GOPATH: GO_LIBRARIES,
        GOCACHE: join(tmpdir(), 'gatehouse-go-cache'),
      },
    });
  }

  /** The text of each template. @throws Error for a template that fails, and for values that the schema refuses */
  texts(values: Values = {}, name = 'prod'): Record<string, string> {
    const problems = problemsOf(values);
    if (problems.length > 0) throw new Error(problems.join('\n'));
    const input = {
      values: merge(defaultValues, values),
      release: { Name: name, Namespace: 'apis', Service: 'Helm' },
      chart: { Name: chartFile['name'], Version: chartFile['version'], AppVersion: chartFile['appVersion'] },
    };
    const { status, stdout, stderr } = spawnSync(this.program, [CHART], {
      input: JSON.stringify(input),
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Record<string, string>;
  }

  manifests(values: Values = {}, name?: string): Manifest[] {
    return Object.entries(this.texts(values, name))
      .filter(([file]) => file.endsWith('.yaml'))
      .flatMap(([, text]) => manifestsIn(text));
  }

  /** The only object of a kind. */
  manifest(kind: string, values: Values = {}): Manifest {
    const found = this.manifests(values).filter((each) => each.kind === kind);
    if (found.length !== 1) throw new Error(`${found.length} objects of kind ${kind}`);
    return found[0]!;
  }
}

/** @throws Error for text that is no YAML, or has a key twice */
export function manifestsIn(text: string): Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0]!;
    const manifest = document.toJS() as Manifest | null;
    return manifest === null ? [] : [manifest];
  });
}

export function templateNames(): string[] {
  return readdirSync(join(CHART, 'templates')).filter((name) => name.endsWith('.yaml'));
}

/** Merges maps and replaces everything else, as Helm does. */
function merge(base: unknown, over: unknown): unknown {
  if (!isMap(base) || !isMap(over)) return over === undefined ? base : over;
  const names = new Set([...Object.keys(base), ...Object.keys(over)]);
  return Object.fromEntries([...names].map((name) => [name, merge(base[name], over[name])]));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
