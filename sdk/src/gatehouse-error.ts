/** One field that a request got wrong. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** A refusal, as the server put it. */
export class GatehouseError extends Error {
  override readonly name = 'GatehouseError';

  constructor(
    /** Of HTTP: 404, 429, … */
    readonly status: number,
    message: string,
    /** To quote when you ask about it: `X-Request-Id`. */
    readonly requestId: string | undefined,
    /** Of a 400, where fields are to blame. */
    readonly errors: readonly FieldProblem[],
    /** Of a 429 or 503: seconds until it is worth trying again. */
    readonly retryAfterSeconds: number | undefined,
    /** Which error it is, such as `taken`: stable, while the message may change. Some bodies, such as a 401, have none. */
    readonly code?: string,
  ) {
    super(message);
  }

  static async from(response: Response): Promise<GatehouseError> {
    const { status, statusText, headers } = response;
    const body = parsed(await response.text());
    return new GatehouseError(
      status,
      // Whatever stands between us and the server answers in its own words.
      typeof body['message'] === 'string' ? body['message'] : `HTTP ${status} ${statusText}`.trimEnd(),
      headers.get('x-request-id') ?? undefined,
      Array.isArray(body['errors']) ? (body['errors'] as FieldProblem[]) : [],
      retryAfterSeconds(headers),
      typeof body['code'] === 'string' ? body['code'] : undefined,
    );
  }
}

/** Undefined: the server didn't say. */
export function retryAfterSeconds(headers: Headers): number | undefined {
  const text = headers.get('retry-after');
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
