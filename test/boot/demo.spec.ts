import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isEmbeddedPostgresRunning } from '../../src/core/database/embedded-postgres/embedded-postgres.js';
import { makeDataDir, Program, stopProgramsAndRemove } from './program.js';

let dataDir: string;
beforeAll(async () => {
  dataDir = await makeDataDir();
});
afterAll(() => stopProgramsAndRemove(dataDir));

/** The expected parts of the transcript, in this order. */
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
  /gatehouse -- service apply -f \S+billing\.yaml[^]*?\+ service billing\n[^]*?Service billing is created\./,
  /"scopes":\["invoices:read"\]/,
  /curl -i \S+\/invoices\/7 [^]*?HTTP 200 OK[^]*?"service": "billing"[^]*?"scopes": "invoices:read"/,
  /curl -i -X POST \S+\/invoices [^]*?HTTP 403 Forbidden\n[^]*?"message": "This API key does not have the required scope: \\"invoices:write\\"."/,
  /HTTP 403 Forbidden\n[^]*?"message": "No route of service \\"billing\\" matches GET \/admin\."/,
  /curl -i \S+\/status\n\nHTTP 200 OK/,
  /curl -i \S+\/invoices\/7\n\nHTTP 401 Unauthorized/,
  /X-Forwarded-Uri: \/invoices\/7'[^]*?HTTP 200 OK\nx-gatehouse-org-external-id: customer-12345\n[^]*?x-gatehouse-scopes: invoices:read\n/,
  /Open the dashboard[^]*\nhttp\S+\/partner-login\?token=[0-9a-f]{64}\n$/,
];

test('with --once the demo exits with 0 and a complete transcript', async () => {
  const { code, stdout, stderr } = await Program.start('programs/demo/main.js', { DATA_DIR: dataDir }, [
    '--once',
  ]).ended();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(partsMissing(stdout)).toEqual([]);
});

test('a second run of the demo keeps the partner, prints a link last, and ends with Ctrl-C', async () => {
  const publicUrl = 'http://localhost:4321';
  const demo = Program.start('programs/demo/main.js', { DATA_DIR: dataDir, PUBLIC_URL: publicUrl });
  const link = await demo.says(/\n(http\S+\/partner-login\S+)\n$/);
  const server = await demo.says(/Gatehouse listens on (\S+);/);
  const visit = await fetch(link.replace(publicUrl, server), { redirect: 'manual' });
  expect({ status: visit.status, origin: new URL(link).origin }).toEqual({ status: 303, origin: publicUrl });
  const ended = await demo.signal('SIGINT');
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout).not.toMatch(/partner create/);
});

test.for([
  ['the demo', 'programs/demo/main.js', 'SIGINT', 'demo'],
  ['the server', 'main.js', 'SIGTERM', ''],
] as const)('a signal during the start ends %s and its database', async ([_what, program, signal, place]) => {
  const folder = join(dataDir, signal);
  const starting = Program.start(program, { DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'info' });
  await starting.says(/(Making) the embedded Postgres/);
  expect(await starting.signal(signal)).toMatchObject({ code: 0 });
  expect(await isEmbeddedPostgresRunning(join(folder, place))).toBe(false);
});

/** The parts that are missing, or that come before their predecessor. */
function partsMissing(transcript: string): string[] {
  let rest = transcript;
  return STORY.filter((part) => {
    const found = part.exec(rest);
    if (found) rest = rest.slice(found.index + found[0].length);
    return !found;
  }).map(String);
}
