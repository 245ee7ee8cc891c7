import { admits, type Audience } from '../../../src/access/scopes/audience.js';
import { serverDocument } from '../../../src/programs/generate-docs/api-document.js';
import type { Schema } from '../../../src/core/wire/schema.js';
import { type Answer, HttpClient } from '../../support/http-client.js';
import type { TestServer } from '../../support/start-app.js';
import { CredentialMaker, type Headers, type Kind, KINDS } from './credentials.js';
import { examplesOf } from './example-body.js';
import { inParallel } from './in-parallel.js';
import { bodyWith, fieldsOfSchema, type SchemaField } from './schema-fields.js';
import { UNKNOWN_ID } from '../../support/unknown-id.js';

/** An operation of the API document. */
export interface DocumentedOperation {
  /** `put /tags/{tag_name}` */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly audience: Audience;
  readonly queryParameters: readonly { readonly name: string; readonly schema: Schema }[];
  /** The fields of the JSON body, at any depth. */
  readonly fields: readonly SchemaField[];
  /** A body with the value in one field, and the required fields. */
  bodyWith(path: readonly string[], value: unknown): object;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly schema: Schema;
}

export function documentedOperations(): DocumentedOperation[] {
  const { components, paths } = serverDocument();
  const schemas = components.schemas as unknown as Readonly<Record<string, Schema>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): DocumentedOperation => {
      const parameters = (operation.parameters ?? []) as Parameter[];
      const { content } = (operation.requestBody ?? {}) as { content?: Record<string, { schema: Schema }> };
      const schema = content?.['application/json']?.schema ?? {};
      const [least] = examplesOf(schema, schemas) as object[];
      return {
        name: `${method} ${path}`,
        method: method.toUpperCase(),
        path,
        audience: operation['x-audience'] as Audience,
        queryParameters: parameters
          .filter((parameter) => parameter.in === 'query')
          .map(({ name, description, schema: own }) => ({ name, schema: { description, ...own } })),
        fields: fieldsOfSchema(schema, schemas),
        bodyWith: (at, value) => ({ ...least, ...bodyWith(at, value) }),
      };
    }),
  );
}

/** Calls operations with a matching credential, in an org of its own. */
export class OperationClient {
  readonly #http = new HttpClient();

  private constructor(
    private readonly server: TestServer,
    private readonly credentials: readonly (readonly [Kind, Headers])[],
    private readonly places: Readonly<Record<string, string>>,
  ) {}

  static async of(server: TestServer): Promise<OperationClient> {
    const maker = await CredentialMaker.prepare(server);
    const kinds = Object.keys(KINDS) as Kind[];
    const credentials = await inParallel(kinds, async (kind) => [kind, await maker.good(kind)] as const);
    return new OperationClient(server, credentials, await maker.placesOf());
  }

  /** Uses unknown ids in the path, except those of the org and the agent. */
  ask({ audience, method, path }: DocumentedOperation, query: Record<string, string>, body?: object): Promise<Answer> {
    const target = path.replace(/\{(\w+)\}/g, (_, name: string) => this.places[name] ?? UNKNOWN_ID);
    const search = new URLSearchParams(query).toString();
    const [, headers] = this.credentials.find(([kind]) => admits(audience, KINDS[kind]))!;
    return this.#http.ask(this.server.url, {
      method,
      path: search === '' ? target : `${target}?${search}`,
      headers: { ...headers, 'X-Requested-With': 'gatehouse' },
      ...(body && { body }),
    });
  }

  close(): void {
    this.#http.close();
  }
}
