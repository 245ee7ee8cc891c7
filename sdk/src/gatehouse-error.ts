/** An invalid field of a request. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** An error response of the server. */
export class GatehouseError extends Error {
  override readonly name = 'GatehouseError';

  constructor(
    /** The HTTP status: 404, 429, … */
    readonly status: number,
    message: string,
    /** The `X-Request-Id` of the response, for support. */
    readonly requestId: string | undefined,
    /** The invalid fields of a 400. */
    readonly errors: readonly FieldProblem[],
    /** The Retry-After of a 429 or 503, in seconds. */
    readonly retryAfterSeconds: number | undefined,
    /** The code of the error, such as `taken`. It is stable; messages may change. Some bodies, such as a 401, have none. */
    readonly code?: string,
  ) {
    super(message);
  }

  static async from(response: Response): Promise<GatehouseError> {
    const { status, statusText, headers } = response;
    const body = parsed(await response.text());
    return new GatehouseError(
      status,
      // A proxy may answer with another body.
      typeof body['message'] === 'string' ? body['message'] : `HTTP ${status} ${statusText}`.trimEnd(),
      headers.get('x-request-id') ?? undefined,
      Array.isArray(body['errors']) ? (body['errors'] as FieldProblem[]) : [],
      retryAfterSeconds(headers),
      typeof body['code'] === 'string' ? body['code'] : undefined,
    );
  }
}

/** The Retry-After header in seconds; undefined without one. */
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
