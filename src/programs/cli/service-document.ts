import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { AppError } from '../../core/errors/app-error.js';
import { declarationFromOpenApi } from '../../gateway/declaration/declaration-from-openapi.js';
import { readDeclaration } from '../../gateway/declaration/read-declaration.js';
import type { ServiceDeclaration } from '../../gateway/declaration/service-declaration.js';
import type { Answer } from './command.js';
import { UsageError } from './command-line.js';

interface Source {
  readonly file: string | undefined;
  readonly openapi: string | undefined;
  /** The slug, which OpenAPI documents don't have. */
  readonly service: string | undefined;
}

/** Reads the declaration that the options name, or answers why it can't be read. */
export async function declarationOrFaults(source: Source): Promise<ServiceDeclaration | { faulty: Answer }> {
  const { file, openapi, service } = source;
  if ((file === undefined) === (openapi === undefined)) throw new UsageError('Give either --file or --openapi.');
  if ((openapi === undefined) !== (service === undefined)) throw new UsageError('Give --service with --openapi only.');
  const path = file ?? openapi!;
  const text = await readText(path);
  try {
    return service === undefined ? readDeclaration(text) : fromOpenApi(text, service, path);
  } catch (error) {
    if (!(error instanceof AppError) || error.details.errors === undefined) throw error;
    return { faulty: faultsOf(error, path) };
  }
}

function readText(path: string): Promise<string> {
  return path === '-' ? textOf(process.stdin) : readFile(path, 'utf8');
}

function fromOpenApi(text: string, service: string, path: string): ServiceDeclaration | { faulty: Answer } {
  const { document, unplaced } = declarationFromOpenApi(text, service);
  if (unplaced.length === 0) return readDeclaration(document);
  const lines = ['# Operations without a route:', ...unplaced.map((operation) => `# ${operation}`), document.trimEnd()];
  const problem = `${unplaced.length} operations of ${path} have no route. Complete the declaration above, and apply it with --file.`;
  return { faulty: { json: { document, unplaced }, text: lines.join('\n'), problem } };
}

/** A line per fault, as editors find it: `billing.yaml:3: …`. */
function faultsOf({ details }: AppError, path: string): Answer {
  const name = path === '-' ? 'stdin' : path;
  const faults = details.errors!.map(({ field, message }) => {
    const [, line, sentence] = /^Line (\d+): (.*)$/s.exec(message) ?? [message, null, message];
    return { line: line === null ? null : Number(line), field, message: sentence! };
  });
  const text = faults.map(({ line, message }) => `${line === null ? name : `${name}:${line}`}: ${message}`).join('\n');
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return { json: { faults }, text, problem: `${name} has ${count}; nothing is applied` };
}
