/**
 * Fields of an error that are logged beside its name, message and stack. Other fields can hold values: the parameters of a
 * statement, the row that violates a constraint, a URL or a command.
 */
const LOGGED_FIELDS = [
  ...['code', 'errno', 'syscall', 'reason', 'status', 'statusCode', 'responseCode'],
  // Postgres's. `detail` and `where` quote rows, so they are left out.
  ...['severity', 'routine', 'schema', 'table', 'column', 'dataType', 'constraint'],
] as const;
const CAUSES_MAX = 5;

type Logged = string | number | Logged[] | { [field: string]: Logged };

/** Pino serializer for errors: what failed and where, with its causes, and no values. */
export function errorLine(error: unknown): Logged {
  return lineOf(error, CAUSES_MAX);
}

function lineOf(error: unknown, causesLeft: number): Logged {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { cause, errors } = error as Error & { errors?: unknown };
  return {
    type: error.constructor.name || error.name,
    message: error.message,
    stack: error.stack ?? '',
    ...fieldsOf(error),
    ...(causesLeft > 0 && cause !== undefined && { cause: lineOf(cause, causesLeft - 1) }),
    ...(causesLeft > 0 && Array.isArray(errors) && { errors: errors.map((each) => lineOf(each, causesLeft - 1)) }),
  };
}

function fieldsOf(error: Error): Record<string, string | number> {
  const fields = LOGGED_FIELDS.map((name) => [name, (error as unknown as Record<string, unknown>)[name]] as const);
  return Object.fromEntries(
    fields.filter((field): field is [(typeof LOGGED_FIELDS)[number], string | number] =>
      ['string', 'number'].includes(typeof field[1]),
    ),
  );
}
