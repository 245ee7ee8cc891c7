import type { Schema } from '../../core/wire/schema.js';
import type { Operation, Response } from './operation.js';

/** An OpenAPI 3.1 document, with types for the fields that other code reads. */
export interface ApiDocument {
  readonly openapi: string;
  /** Operations by path template, then by lower-case method. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Response>>;
    readonly [kind: string]: object;
  };
  readonly [field: string]: unknown;
}
