import { STATUS_CODES } from 'node:http';
import { ERROR_CATALOGUE, type ErrorDefinition } from '../../core/errors/error-catalogue.js';
import { markdownTable } from './markdown-table.js';

/** `docs/errors.md`: every refusal that the server can answer. */
export function errorsPage(): string {
  const entries = Object.entries<ErrorDefinition>(ERROR_CATALOGUE);
  const byStatus = [...entries].sort(([, one], [, other]) => one.status - other.status);
  const rows = byStatus.map(([code, { status, message, showsCode }]) => [
    `${status} ${STATUS_CODES[status]}`,
    `\`${message}\``,
    `\`${code}\`${showsCode ? ' *' : ''}`,
  ]);
  return `# Errors

Every refusal has \`statusCode\` and \`message\` in its body. 401 and 404 also have \`error\`, 400 outside of \`/partner/v1\` has \`errors\`
(a \`field\` and a \`message\` each), and 500 has the \`request_id\` to look for in the log. \`{…}\` is filled in. The code is for the log and the source only,
but where it has a star: there the body has it as \`code\`.

${markdownTable(['Status', 'Message', 'Code'], rows)}`;
}
