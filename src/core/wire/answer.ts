interface AnswerOptions {
  /** By default what `@Answers` declares. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | number>>;
}

/** What a handler returns to set a status or headers beside the body: rows, `WireJson`, bytes or a stream. */
export class Answer<T = unknown> {
  constructor(
    readonly body: T,
    readonly options: AnswerOptions,
  ) {}
}

/** 201 when it was created, else 200. */
export function createdOrUpdated<T>(body: T, isNew: boolean): Answer<T> {
  return new Answer(body, { status: isNew ? 201 : 200 });
}
