import { STATUS_CODES } from 'node:http';
import { ERROR_CATALOGUE } from '../../error-catalogue.js';
import { markdownTable } from './markdown-table.js';

/** Renders `docs/errors.md`, the list of all error responses. */
export function errorsPage(): string {
  const byStatus = ERROR_CATALOGUE.toSorted((one, other) => one.definition.status - other.definition.status);
  const rows = byStatus.map(({ code, definition: { status, message, fixedBySource } }) => [
    `${status} ${STATUS_CODES[status]}`,
    `\`${code}\`${fixedBySource === undefined ? '' : ' *'}`,
    `\`${message}\``,
  ]);
  return `# Errors

Every error body has \`statusCode\` and \`message\`, and \`code\` as its last field. Programs compare the \`code\`: codes are stable, and new ones
may be added. The \`message\` is for people and may change. 404 also has \`error\`, 400 has \`errors\` (a \`field\` and a \`message\` each),
and 500 has \`request_id\`, which finds the log line. \`{…}\` is filled in.

Bodies that the access contract fixes have no \`code\`: those of the errors with a star, and each 400 of \`/partner/v1\`, which has
\`statusCode\` and \`message\` only. 401 has \`error\`.

${markdownTable(['Status', 'Code', 'Message'], rows)}`;
}
