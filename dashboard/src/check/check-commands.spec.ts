import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { checkCommand, checkCurl } from './check-commands';

const argumentsOf = (command: string) =>
  execFileSync('sh', ['-c', `set -- ${command.replace(/^\w+/, '')}; printf '%s\\0' "$@"`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

it('the curl command sends the question as a shell reads it', () => {
  const question = { method: 'GET', path: "/contacts/o'hara" };
  const words = argumentsOf(checkCurl('https://api.example.com', question));
  expect(words.slice(0, 3)).toEqual(['-X', 'POST', 'https://api.example.com/whoami/check']);
  expect(JSON.parse(words.at(-1)!)).toEqual(question);
});

it('the CLI command names the key, the request and where it came from', () => {
  const command = checkCommand('0199', { method: 'POST', path: '/a b', ip: '203.0.113.7', service: 'billing' });
  expect(argumentsOf(command)).toEqual(
    ['key', 'check', '--key', '0199', '--method', 'POST', '--path', '/a b', '--ip', '203.0.113.7'].concat([
      '--service',
      'billing',
    ]),
  );
});
