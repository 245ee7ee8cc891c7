import { CheckRequestDto, type CheckView } from '../../insight/check/check.dto.js';
import { validated } from '../../core/validation/request.pipe.js';
import { rowId } from '../../core/wire/row-id.js';
import { defineCommand } from './command.js';
import { CommandKeyChecks } from './command-key-checks.js';
import { KEY_PARTS } from './key-parts.js';
import { table } from './text.js';

export const keyCheck = defineCommand({
  name: 'key check',
  summary: 'List what each guard would answer to a request of a key. Nothing is sent, charged or counted.',
  options: {
    key: { kind: 'text', placeholder: 'ID', help: 'the key, of any owner', isRequired: true },
    method: { kind: 'text', placeholder: 'METHOD', help: 'of the request, with --path' },
    path: { kind: 'text', placeholder: 'PATH', help: 'of the request, or a template such as /contacts/{id}' },
    scope: { kind: 'text', placeholder: 'SCOPE', help: 'in place of a path: any request that needs the scope' },
    service: { kind: 'text', placeholder: 'SLUG', help: 'the service that gets the request; default: this server' },
    ip: { kind: 'text', placeholder: 'ADDRESS', help: "the client's address" },
    origin: { kind: 'text', placeholder: 'ORIGIN', help: 'the Origin header' },
    at: { kind: 'text', placeholder: 'TIME', help: 'when it is sent, such as 2026-12-31T12:00:00Z; default: now' },
    credential: { kind: 'text', placeholder: 'ID', help: 'one of the credentials of the key; default: the newest' },
  },
  parts: { ...KEY_PARTS, services: [...KEY_PARTS.services, CommandKeyChecks] },
  async run({ options: { key, credential, ...question }, service }) {
    const dto = validated({ ...question, credential_id: credential }, CheckRequestDto);
    const checks = await (await service(CommandKeyChecks)).open();
    const view = await checks.checkAny(rowId(key), dto);
    const problem = `the request is refused with ${view.status}: ${view.message}`;
    return { json: view, text: textOf(view), ...(!view.allowed && { problem }) };
  },
});

function textOf({ route, guards, mends, allowed }: CheckView): string {
  const rows = guards.map(({ guard, result, reason, message }) => [guard, result, reason ?? '', message]);
  const lines = [
    ...(route === null ? [] : [`${route.method} ${route.path}${route.service === null ? '' : ` of ${route.service}`}`]),
    table(['GUARD', 'ANSWER', 'REASON', ''], rows, ''),
    '',
    allowed ? 'The request is allowed.' : 'The request is refused.',
    ...mends.map(({ role, message }) => `- ${message}${role === null ? '' : ` (${role})`}`),
  ];
  return lines.join('\n');
}
