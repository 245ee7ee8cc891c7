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
  yaml: 'bookings.openapi.yaml',
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

/** Opens a stream, and leaves it. @returns its status and media type */
export async function openStream(url: string, call: ExampleCall, credential: Headers): Promise<string> {
  const leaving = new AbortController();
  const { status, headers } = await fetch(`${url}${targetOf(call)}`, {
    headers: { ...credential, ...headersOf(call) },
    signal: leaving.signal,
  });
  leaving.abort();
  return `${status} ${headers.get('content-type')?.split(';')[0]}`;
}

/** Sends an example. Asserts that the response, and the request if it succeeds, match the API document. */
export function sendExample(url: string, call: ExampleCall, credential: Headers): Test {
  const { method, body } = call;
  const client = documented(supertest.agent(url).set({ ...credential, ...headersOf(call) }));
  const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
  const asked = client[verb](targetOf(call)).redirects(0);
  if (body === undefined) return asked;
  if (body.type !== 'multipart/form-data') return asked.type(body.type).send(body.value as object | string);
  for (const { name, file, text } of partsOf(body.value as ExampleFields)) {
    if (file === undefined) void asked.field(name, text!);
    else void asked.attach(name, fixtureFor(file), { filename: file });
  }
  return asked;
}

function targetOf({ template, path, query }: ExampleCall): string {
  const target = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name]!));
  const entries = Object.entries(query).map(([name, value]: [string, ExampleValue]) => [name, String(value)] as const);
  return entries.length === 0 ? target : `${target}?${new URLSearchParams(Object.fromEntries(entries))}`;
}
