import converter from 'openapi-to-postmanv2';
import type { Audience } from '../../../src/access/scopes/audience.js';
import type { ExampleFields } from '../../../src/core/wire/examples.js';
import type { ApiDocument } from '../../../src/operations/openapi/api-document.js';
import type { ExampleCall } from './example-calls.js';
import type { OrderedCall } from './example-order.js';
import { fixtureFor, headersOf, partsOf } from './example-requests.js';
import { withValues } from './example-values.js';

interface Entry {
  readonly key: string;
  readonly value?: string;
}
interface Url {
  readonly path: readonly string[];
  readonly query?: readonly (Entry & { readonly disabled?: boolean })[];
  readonly variable?: readonly Entry[];
}
interface PostmanRequest {
  readonly method: string;
  readonly url: Url;
  readonly header?: readonly Entry[];
  readonly body?: object;
  readonly auth?: object;
}
interface Item {
  readonly name: string;
  readonly request: PostmanRequest;
  readonly event?: object;
  readonly protocolProfileBehavior?: object;
}
interface Folder {
  readonly item: readonly (Folder | Item)[];
}
export interface Collection {
  readonly info: object;
  readonly item: readonly Item[];
  readonly variable: readonly Entry[];
}

const OPTIONS = {
  folderStrategy: 'Tags',
  parametersResolution: 'Example',
  requestParametersResolution: 'Example',
  exampleParametersResolution: 'Example',
  enableOptionalParameters: false,
  includeAuthInfoInExample: false,
  optimizeConversion: false,
};

/**
 * Converts the document to a Postman collection whose requests run one after the other: each takes ids from the answers
 * of those before it.
 * @param calls in the order in which they run
 */
export async function postmanCollection(document: ApiDocument, calls: readonly OrderedCall[]): Promise<Collection> {
  const converted = await convert(withoutRefusals(document));
  const items = new Map(itemsIn(converted as Folder).map((item) => [nameOf(item.request), item]));
  const item = calls
    .filter(({ isStream }) => !isStream)
    .map((call) => {
      const found = items.get(`${call.method} ${call.template}`);
      if (found === undefined) throw new Error(`The collection lacks ${call.operationId}`);
      return runnable(found, call);
    });
  return { ...(converted as Collection), item };
}

function convert(document: object): Promise<object> {
  return new Promise((resolve, reject) => {
    converter.convertV2({ type: 'json', data: document }, OPTIONS, (error, { result, reason, output }) => {
      if (error !== null || !result) reject(error ?? new Error(reason));
      else resolve(output![0]!.data);
    });
  });
}

/** The converter would copy every refusal into every request. */
function withoutRefusals(document: ApiDocument): ApiDocument {
  const paths = Object.entries(document.paths).map(([template, methods]) => {
    const operations = Object.entries(methods).map(([method, operation]) => {
      const successes = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
      return [method, { ...operation, responses: Object.fromEntries(successes) }] as const;
    });
    return [template, Object.fromEntries(operations)] as const;
  });
  return { ...document, paths: Object.fromEntries(paths) };
}

function itemsIn({ item }: Folder): Item[] {
  return item.flatMap((each) => ('request' in each ? [each] : itemsIn(each)));
}

/** `GET /contacts/{id}` */
function nameOf({ method, url: { path } }: PostmanRequest): string {
  return `${method} /${path.map((part) => (part.startsWith(':') ? `{${part.slice(1)}}` : part)).join('/')}`;
}

/** The item with the values of the call, the credential of its audience, and a script that keeps what it makes. */
function runnable({ name, request }: Item, call: OrderedCall): Item {
  const { makes: _, ...asked } = call;
  const { path, query, body, audience } = withValues(asked, (value) => `{{${value}}}`) as ExampleCall;
  const url = {
    ...request.url,
    variable: Object.entries(path).map(([key, value]) => ({ key, value })),
    query: Object.entries(query).map(([key, value]) => ({ key, value: String(value) })),
  };
  const header = [
    ...Object.entries({ ...headersOf(call), ...credentialOf(audience) }),
    ...(body === undefined || body.type === 'multipart/form-data' ? [] : [['Content-Type', body.type] as const]),
  ].map(([key, value]) => ({ key, value }));
  const { method } = request;
  return {
    name: `${call.operationId}: ${name}`,
    request: {
      method,
      url,
      header,
      ...(body === undefined ? {} : { body: postmanBody(body) }),
      auth: { type: 'noauth' },
    },
    // Signing in is one of the requests: its cookie must not replace the session of the others.
    protocolProfileBehavior: { disableCookies: true },
    event: [{ listen: 'test', script: { type: 'text/javascript', exec: scriptOf(call) } }],
  };
}

function credentialOf(audience: Audience): Record<string, string> {
  if (audience === 'public') return {};
  if (audience === 'agent') return { 'X-API-Key': '{{agent.X-API-Key}}', 'X-API-Secret': '{{agent.X-API-Secret}}' };
  if (audience === 'user') return { Cookie: '{{user.Cookie}}' };
  return { Authorization: `{{${audience}.Authorization}}` };
}

function postmanBody({ type, value }: NonNullable<ExampleCall['body']>): object {
  if (type === 'multipart/form-data') {
    const formdata = partsOf(value as ExampleFields).map(({ name: key, file, text }) =>
      file === undefined ? { key, type: 'text', value: text } : { key, type: 'file', src: fixtureFor(file) },
    );
    return { mode: 'formdata', formdata };
  }
  if (type === 'application/x-www-form-urlencoded') {
    const urlencoded = Object.entries(value as ExampleFields).map(([key, each]) => ({ key, value: String(each) }));
    return { mode: 'urlencoded', urlencoded };
  }
  return { mode: 'raw', raw: typeof value === 'string' ? value : JSON.stringify(value, undefined, 2) };
}

/** Runs in Postman after the answer. */
function scriptOf({ makes }: OrderedCall): string[] {
  return [
    `pm.test('it succeeds', () => pm.expect(pm.response.code).to.be.below(400));`,
    ...makes.flatMap(({ name, keys, part }) => [
      `{ const found = ${JSON.stringify(keys)}.reduce((value, key) => value?.[key], pm.response.json());`,
      `  const value = ${part === undefined ? 'found' : `found.split(/[/?&=]/)[${part}]`};`,
      `  pm.test('its answer has ${name}', () => pm.expect(value).to.be.a('string'));`,
      `  pm.collectionVariables.set('${name}', value); }`,
    ]),
  ];
}
