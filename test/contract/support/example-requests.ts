import { join } from 'node:path';
import supertest, { type Test } from 'supertest';
import type { ExampleFields, ExampleValue } from '../../../src/core/wire/examples.js';
import { documented } from '../../support/documented-client.js';
import type { Headers } from './credentials.js';
import type { ExampleCall } from './example-calls.js';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
/** Files to upload, by the ending of the example's file name. */
const FILES: Readonly<Record<string, string>> = {
  pdf: 'invoice.pdf',
  png: 'pixel.png',
  yaml: 'harbour-logistics.openapi.yaml',
};
/** The host whose pages are those of a help center. */
const OWN_HOST = 'help.harbourtours.example';

export function fixtureFor(name: string): string {
  return join(FIXTURES, FILES[name.split('.').at(-1)!]!);
}

/** Headers that a call needs beside its credential. */
export function headersOf({ operationId, audience, method }: ExampleCall): Record<string, string> {
  return {
    ...(operationId.startsWith('customDomain.') ? { Host: OWN_HOST } : {}),
    ...(audience === 'user' && method !== 'GET' ? { 'X-Requested-With': 'gatehouse' } : {}),
  };
}

interface Part {
  readonly name: string;
  readonly file?: string;
  readonly text?: string;
}

/** The parts of a multipart form: files with their names, and texts. */
export function partsOf(form: ExampleFields): Part[] {
  return Object.entries(form).flatMap(([name, value]): Part[] => {
    if (name === 'file') return [value].flat().map((file) => ({ name, file: String(file) }));
    return [{ name, text: typeof value === 'string' ? value : JSON.stringify(value) }];
  });
}

/** Sends an example. Asserts that the response, and the request if it succeeds, match the API document. */
export function sendExample(url: string, call: ExampleCall, credential: Headers): Test {
  const { method, template, path, query, body } = call;
  const target = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name]!));
  const client = documented(supertest.agent(url).set({ ...credential, ...headersOf(call) }));
  const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
  const asked = client[verb](`${target}${queryText(query)}`).redirects(0);
  if (body === undefined) return asked;
  if (body.type !== 'multipart/form-data') return asked.type(body.type).send(body.value as object | string);
  for (const { name, file, text } of partsOf(body.value as ExampleFields)) {
    if (file === undefined) void asked.field(name, text!);
    else void asked.attach(name, fixtureFor(file), { filename: file });
  }
  return asked;
}

function queryText(query: ExampleFields): string {
  const entries = Object.entries(query).map(([name, value]: [string, ExampleValue]) => [name, String(value)] as const);
  return entries.length === 0 ? '' : `?${new URLSearchParams(Object.fromEntries(entries))}`;
}
