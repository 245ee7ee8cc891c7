import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import type { Manifest } from './chart.js';

/** Packages with the API types of each group that the chart uses. Built-in groups are in the first. */
const PACKAGES: Readonly<Record<string, string>> = {
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
};

function moduleOf({ apiVersion }: Manifest): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';
  return `${PACKAGES[group] ?? 'kubernetes-models'}/${apiVersion}`;
}

/**
 * Checks manifests against the types of the Kubernetes API: unknown fields, missing fields, and values of a wrong type.
 * The compiler finds unknown fields, which the schemas of the API allow.
 */
export function typeErrorsOf(manifests: readonly Manifest[]): string[] {
  // Below the repository, so that the packages are found.
  const folder = mkdtempSync(resolve('node_modules', '.chart-types-'));
  try {
    const files = manifests.map((manifest, index) => {
      const file = join(folder, `${index}-${manifest.kind}.ts`);
      const literal = JSON.stringify(manifest, null, 2);
      writeFileSync(
        file,
        `import type { I${manifest.kind} } from '${moduleOf(manifest)}';\nexport const manifest: I${manifest.kind} = ${literal};\n`,
      );
      return file;
    });
    const program = ts.createProgram(files, {
      module: ts.ModuleKind.Preserve,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      target: ts.ScriptTarget.ES2024,
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
    });
    return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
      const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line : 0;
      const text = file?.text.split('\n')[line]?.trim() ?? '';
      return `${file?.fileName.split('/').at(-1)}: ${text}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Checks manifests against the schemas of the API: formats, patterns, and lists of values. */
export async function schemaErrorsOf(manifests: readonly Manifest[]): Promise<string[]> {
  const errors: string[] = [];
  for (const manifest of manifests) {
    const module = (await import(moduleOf(manifest))) as Record<string, new (data: Manifest) => { validate(): void }>;
    try {
      new module[manifest.kind]!(manifest).validate();
    } catch (error) {
      errors.push(`${manifest.kind} ${manifest.metadata.name}: ${(error as Error).message}`);
    }
  }
  return errors;
}
