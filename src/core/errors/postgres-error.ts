/** SQLSTATEs of a database that is unavailable, as opposed to a wrong statement. */
const AWAY_SQLSTATES = new Set(['57P01', '57P02', '57P03', '57014', '25006', '55P03', '40001', '40P01', '58030']);
/** Connection exceptions, and insufficient resources: a full disk, no memory, too many connections. */
const AWAY_CLASSES = new Set(['08', '53']);
const AWAY_NODE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);
// Errors of pg without a code. The last two are TypeORM's, for a connection that broke.
const AWAY_MESSAGES =
  /^(Connection terminated|Query read timeout|timeout expired|timeout exceeded when trying to connect|Client (has encountered|was closed)|Cannot use a pool after|Query runner already released|Database connection provided by a query runner was already released)/;

interface PostgresError {
  readonly code?: string;
  readonly constraint?: string;
  readonly message?: string;
  readonly driverError?: unknown;
}

/** Unwraps TypeORM's QueryFailedError. */
function driverErrorOf(error: unknown): PostgresError {
  const candidate = error as PostgresError | null | undefined;
  return (candidate?.driverError ?? candidate ?? {}) as PostgresError;
}

/** True when the database is unavailable, overloaded or canceled the statement. A retry can succeed. */
export function isDatabaseAway(error: unknown): boolean {
  const { code, message } = driverErrorOf(error);
  if (typeof code === 'string') {
    return AWAY_SQLSTATES.has(code) || AWAY_NODE_CODES.has(code) || AWAY_CLASSES.has(code.slice(0, 2));
  }
  return typeof message === 'string' && AWAY_MESSAGES.test(message);
}

/** True when the database session is lost. A session that reports an error, such as a statement timeout, can still roll back. */
export function isSessionLost(error: unknown): boolean {
  const { code } = driverErrorOf(error);
  const isReported = typeof code === 'string' && /^(?!08|57P)\d/.test(code);
  return isDatabaseAway(error) && !isReported;
}

/** True when the database did not answer within the client's timeout. */
export function isUnanswered(error: unknown): boolean {
  return driverErrorOf(error).message === 'Query read timeout';
}

/** True when a statement waited for a lock for longer than `lock_timeout`. */
export function isLockTimeout(error: unknown): boolean {
  return driverErrorOf(error).code === '55P03';
}

/** True when Postgres canceled the statement, mostly because it waited too long for a lock. */
export function isCanceled(error: unknown): boolean {
  return driverErrorOf(error).code === '57014';
}

/** True when the role lacks a privilege for the statement. */
export function isPermissionDenied(error: unknown): boolean {
  return driverErrorOf(error).code === '42501';
}

/** True for a unique violation of that named constraint or index. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  const { code, constraint: violated } = driverErrorOf(error);
  return code === '23505' && violated === constraint;
}

/** True for a violation of that named CHECK. */
export function isCheckViolation(error: unknown, constraint: string): boolean {
  const { code, constraint: violated } = driverErrorOf(error);
  return code === '23514' && violated === constraint;
}

/** True when a partitioned table has no partition for a row. */
export function isPartitionMissing(error: unknown): boolean {
  const { code, constraint } = driverErrorOf(error);
  return code === '23514' && constraint === undefined;
}

/** The name of the violated foreign key; undefined for any other error. */
export function violatedForeignKey(error: unknown): string | undefined {
  const { code, constraint } = driverErrorOf(error);
  return code === '23503' ? constraint : undefined;
}

/** True for SQLSTATE class 22, data exception: the column can't hold a value that validation let through. */
export function isDataException(error: unknown): boolean {
  return driverErrorOf(error).code?.startsWith('22') ?? false;
}
