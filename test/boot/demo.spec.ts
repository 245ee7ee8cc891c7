import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { makeDataDir, PROCESSES_MS_MAX, Program, stopProgramsAndRemove } from './program.js';

vi.setConfig({ testTimeout: PROCESSES_MS_MAX, hookTimeout: PROCESSES_MS_MAX });
let dataDir: string;
beforeAll(async () => {
  dataDir = await makeDataDir();
});
afterAll(() => stopProgramsAndRemove(dataDir));

/** What the transcript shows, in this order: the whole main job. */
const STORY = [
  /gatehouse -- partner create --name/,
  /gatehouse -- partner key create --partner/,
  /curl -i -X POST \S+\/partner\/v1\/orgs \\[^]*?HTTP 201 Created[^]*?"widget_token": "[0-9a-f]{64}"/,
  /HTTP 409 Conflict\n\{\n {2}"statusCode": 409,\n {2}"message": "Org with external_id \\"customer-12345\\" already exists"\n\}/,
  /curl -i \S+\/by-external-id\/customer-12345 [^]*?HTTP 200 OK/,
  /\/api-keys \\[^]*?HTTP 201 Created[^]*?"api_key": "eyJ/,
  /curl -i \S+\/whoami [^]*?"access": "full"/,
  /curl -i -X POST \S+\/contacts \\[^]*?HTTP 201 Created/,
  /curl -i \S+\/contacts\/\S+ [^]*?HTTP 200 OK[^]*?"email": "sam@example.com"/,
  /api\.each\('\/contacts'\)[^]*?\nsam@example\.com\n/,
  /"scopes":\["contacts:read"\]/,
  /curl -i \S+\/contacts\/\S+ [^]*?HTTP 200 OK/,
  /HTTP 403 Forbidden\n\{\n {2}"statusCode": 403,\n {2}"message": "This API key does not have the required scope: \\"tags:read\\"."\n\}/,
  /\/login-links \\[^]*?"url": "http/,
  /partner-login\?token=[0-9a-f]{64}'\n\nHTTP 303 See Other\nlocation: \S+\/dashboard\/\nset-cookie: gatehouse_session=/,
  /"email": "owner@acmetours.com"/,
  /partner-login\?token=[0-9a-f]{64}'\n\nHTTP 410 Gone/,
  /The dashboard[^]*\nhttp\S+\/partner-login\?token=[0-9a-f]{64}\n/,
];

test('with --once the demo exits 0, and its transcript shows the whole job', async () => {
  const { code, stdout, stderr } = await Program.start('demo/main.js', { DATA_DIR: dataDir }, ['--once']).ended();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(partsMissing(stdout)).toEqual([]);
});

test('it runs again on the same data, stays up with a link to the dashboard, and ends with Ctrl-C', async () => {
  const demo = Program.start('demo/main.js', { DATA_DIR: dataDir });
  const link = await demo.says(/(http\S+)\n\nCtrl-C stops the server/);
  const visit = await fetch(link, { redirect: 'manual' });
  expect(visit.status).toBe(303);
  expect(await demo.signal('SIGINT')).toMatchObject({ code: 0, stderr: '' });
});

/** What isn't found after what comes before it. */
function partsMissing(transcript: string): string[] {
  let rest = transcript;
  return STORY.filter((part) => {
    const found = part.exec(rest);
    if (found) rest = rest.slice(found.index + found[0].length);
    return !found;
  }).map(String);
}
