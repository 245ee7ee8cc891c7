import { Injectable } from '@nestjs/common';
import { type KeyNoticeResult, KeyNoticeResults } from '../../access/ports/key-notice-results.js';

type Result = KeyNoticeResult['result'];

/** Counts what this process recorded and mailed. */
@Injectable()
export class KeyNoticeCounts extends KeyNoticeResults {
  readonly #counts = new Map<string, Map<Result, number>>();

  add(event: string, result: Result, count = 1): void {
    if (count === 0) return;
    const results = this.#counts.get(event) ?? new Map<Result, number>();
    this.#counts.set(event, results.set(result, (results.get(result) ?? 0) + count));
  }

  override read(): KeyNoticeResult[] {
    return [...this.#counts].flatMap(([event, results]) =>
      [...results].map(([result, count]) => ({ event, result, count })),
    );
  }
}
