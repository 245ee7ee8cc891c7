/** Types of the used parts of two packages that have none. */
declare module 'openapi-to-postmanv2' {
  interface Conversion {
    readonly result: boolean;
    readonly reason?: string;
    readonly output?: readonly { readonly data: object }[];
  }
  const converter: {
    convertV2(
      input: { type: 'json'; data: object },
      options: Readonly<Record<string, unknown>>,
      done: (error: Error | null, conversion: Conversion) => void,
    ): void;
  };
  export default converter;
}

declare module 'newman' {
  interface Failure {
    readonly source?: { readonly name?: string };
    readonly error: { readonly message: string };
  }
  interface Summary {
    readonly run: {
      readonly stats: { readonly requests: { readonly total: number } };
      readonly failures: readonly Failure[];
    };
  }
  const newman: {
    run(options: Readonly<Record<string, unknown>>, done: (error: Error | null, summary: Summary) => void): void;
  };
  export default newman;
}
