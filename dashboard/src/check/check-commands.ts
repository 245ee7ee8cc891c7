import type { CheckQuestion } from '../api/request-types';
import { curl } from '../text/curl';

/** The command with which the holder of a key asks why, about their own key. */
export function checkCurl(origin: string, question: CheckQuestion): string {
  return curl(`-X POST ${origin}/whoami/check`, [
    `-H 'Authorization: Bearer YOUR_KEY'`,
    `-H 'Content-Type: application/json'`,
    `-d ${quoted(JSON.stringify(question))}`,
  ]);
}

/** The command with which an operator asks about a key that can't ask itself, because it is refused. */
export function checkCommand(keyId: string, { method, path, scope, ip, service }: CheckQuestion): string {
  const options = [
    `--key ${keyId}`,
    ...(method === undefined ? [] : [`--method ${method}`]),
    ...(path === undefined ? [] : [`--path ${quoted(path)}`]),
    ...(scope === undefined ? [] : [`--scope ${scope}`]),
    ...(ip === undefined ? [] : [`--ip ${ip}`]),
    ...(service === undefined ? [] : [`--service ${service}`]),
  ];
  return ['gatehouse key check', ...options].join(' \\\n  ');
}

/** As one word of a POSIX shell. */
function quoted(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
