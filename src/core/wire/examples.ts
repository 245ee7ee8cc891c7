/** A value of JSON. */
export type ExampleValue = string | number | boolean | null | readonly ExampleValue[] | ExampleFields;
export interface ExampleFields {
  readonly [field: string]: ExampleValue;
}

/** The authored examples of a feature, for the API document. */
export interface Examples {
  /**
   * Examples by schema name. Three kinds of fields may be left out: those whose schema has an example of its own,
   * `created_at` and `updated_at`, and those that a request doesn't need.
   */
  readonly schemas?: Readonly<Record<string, ExampleFields>>;
  /** Values of path parameters, by the path up to the parameter. @example { '/contacts/{id}': EXAMPLE_IDS.contact } */
  readonly paths?: Readonly<Record<string, string>>;
  /** What the schemas don't tell, by operation id. */
  readonly operations?: Readonly<Record<string, OperationExamples>>;
}

export interface OperationExamples {
  /** Path parameters that differ from `paths`. */
  readonly path?: Readonly<Record<string, string>>;
  /** By name of the query parameter. */
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  /** Replaces fields of the schema's example; anything but an object replaces all of it. */
  readonly body?: ExampleValue;
  /** Bodies of media types that differ from `body`. */
  readonly bodyOf?: Readonly<Record<string, ExampleValue>>;
  /** The parts of a multipart form; a file is its name. */
  readonly form?: ExampleFields;
  /** As `body`. */
  readonly response?: ExampleValue;
}

/** Declares the examples of a feature. `src/example-catalogue.ts` lists them. */
export function defineExamples(examples: Examples): Examples {
  return examples;
}
