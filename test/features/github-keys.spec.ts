import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLog } from '../../src/core/logging/log.js';
import { GithubKeys } from '../../src/insight/leaks/github-keys.js';
import { AllowedHosts } from '../../src/kit/outbound/allowed-hosts.js';
import { Outbound } from '../../src/kit/outbound/outbound.js';
import { Github } from '../support/github.js';

const MINUTE_MS = 60_000;
const BODY = '[]';

let github: Github;
let keys: GithubKeys;
/** How far the monotonic clock is moved on. */
let passedMs: number;
beforeEach(async () => {
  github = await Github.start();
  const outbound = new Outbound(new AllowedHosts([`127.0.0.1:${github.stub.port}`]));
  const secretScanning = { githubApiUrl: github.stub.url };
  keys = new GithubKeys(outbound, { secretScanning }, createLog({ logLevel: 'silent' }));
  passedMs = 0;
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + passedMs);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await github.close();
});

function isSigned(headers = github.headers(BODY)): Promise<boolean> {
  const id = headers['Github-Public-Key-Identifier']!;
  return keys.isSigned(Buffer.from(BODY), id, headers['Github-Public-Key-Signature']!);
}

it('a new key of GitHub is known after a minute at most, and is asked for once', async () => {
  expect(await isSigned()).toBe(true);
  github.rotate();
  expect(await isSigned()).toBe(false);
  passedMs = MINUTE_MS;
  expect(await Promise.all([isSigned(), isSigned(), isSigned()])).toEqual([true, true, true]);
  expect(github.asked).toBe(2);
});

it('known keys hold while GitHub cannot be reached', async () => {
  expect(await isSigned()).toBe(true);
  github.stub.answers(500);
  passedMs = 25 * 60 * MINUTE_MS;
  expect(await isSigned()).toBe(true);
  expect(github.asked).toBe(2);
});

it('a key that GitHub lists no longer is forgotten within a day', async () => {
  const old = github.headers(BODY);
  expect(await isSigned(old)).toBe(true);
  const successor = await Github.start();
  github.stub.answer = (request, response) => successor.stub.answer(request, response);
  passedMs = 23 * 60 * MINUTE_MS;
  expect(await isSigned(old)).toBe(true);
  passedMs = 25 * 60 * MINUTE_MS;
  expect([await isSigned(old), await isSigned(successor.headers(BODY))]).toEqual([false, true]);
  await successor.close();
});

it.each([
  ['a page', '<html>'],
  ['no list', '{"public_keys":{}}'],
  ['no key', '{"public_keys":[]}'],
  ['null', 'null'],
  ['too much', JSON.stringify({ public_keys: ['x'.repeat(100_000)] })],
])('without keys, %s as the answer is a 503', async (_, text) => {
  github.stub.answer = (_request, response) => response.writeHead(200).end(text);
  await expect(isSigned()).rejects.toMatchObject({ code: 'github_keys_unavailable' });
  github.available();
  await expect(isSigned()).rejects.toMatchObject({ code: 'github_keys_unavailable' });
  passedMs = MINUTE_MS;
  expect(await isSigned()).toBe(true);
});
