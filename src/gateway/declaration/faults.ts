import type { FieldProblem } from '../../core/errors/app-error.js';
import { invalidRequest } from '../../core/errors/invalid-request.js';

const FAULTS_MAX = 1_000;
const LF = 10;
const CR = 13;

/** The faults of a document, each with its line. */
export class Faults {
  readonly #found: { readonly at: number; readonly field: string; readonly message: string }[] = [];
  readonly #unreadable = new Set<number>();
  readonly #text: string;
  #lineStarts: readonly number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Adds the fault of a part that YAML has and declarations have not. What is found out about its value is no fault. */
  addUnreadable(at: number, message: string): void {
    this.#found.push({ at, field: 'document', message });
    this.#unreadable.add(at);
  }

  /**
   * @param at offset in the text
   * @param field where in the document, such as `routes[3].path`
   */
  add(at: number, field: string, message: string): void {
    if (!this.#unreadable.has(at)) this.#found.push({ at, field, message });
  }

  /** Counts from 1. */
  lineOf(at: number): number {
    this.#lineStarts ??= lineStartsIn(this.#text);
    let [low, high] = [0, this.#lineStarts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#lineStarts[middle]! <= at) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** @throws AppError invalid_request (400) with every fault, by line */
  throwIfAny(): void {
    if (this.#found.length === 0) return;
    const problems = this.#found
      .toSorted((one, other) => one.at - other.at)
      .map(({ at, field, message }): FieldProblem => ({ field, message: `Line ${this.lineOf(at)}: ${message}` }));
    throw invalidRequest(problems, FAULTS_MAX);
  }
}

function lineStartsIn(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) starts.push(at + 1);
  }
  return starts;
}
