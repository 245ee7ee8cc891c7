/** A value after JSON: what a client parses from the answer. */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Name in keyof T]: Wire<T[Name]> }
      : T;

/** `{items, next}` */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** The cursor of the next page; null on the last one. */
  readonly next: string | null;
}

/**
 * An answer that Postgres has already written as JSON. The adapter sends its text as it is: parsing and writing it
 * again would take more CPU time than the rest of a read. A class, so that no other string is taken for JSON.
 */
export class WireJson<T> {
  constructor(readonly text: string) {}

  /** For the few callers that don't send it as it is. */
  parse(): T {
    return JSON.parse(this.text) as T;
  }
}
