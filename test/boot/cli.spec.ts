import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gatehouse, makeDataDir, stopProgramsAndRemove, startServer, type Program } from './program.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

let dataDir: string;
beforeAll(async () => {
  dataDir = await makeDataDir();
});
afterAll(() => stopProgramsAndRemove(dataDir));

const run = (...args: string[]) => gatehouse({ DATA_DIR: dataDir }, ...args);

/** The JSON output of a command that must succeed without output on stderr. */
async function json(...args: string[]) {
  const { code, stdout, stderr } = await run(...args, '--json');
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
  return JSON.parse(stdout);
}

/** The commands themselves are tested in test/features, in the process of the test. */
describe('the built command line', () => {
  test('creates its database, which the next command uses', async () => {
    expect(await json('migrate')).toEqual({ applied: expect.arrayContaining([expect.any(String)]) });
    const partner = await json('partner', 'create', '--name', 'Acme');
    expect((await json('partner', 'list')).items).toEqual([partner]);
  });

  test('fails with an exit code and a reason on stderr only', async () => {
    expect(await run('partner', 'activate', UNKNOWN_ID)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'gatehouse: Partner not found\n',
    });
    expect(await run('partner', 'destroy')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('There is no command'),
    });
  });

  test('is colored where colors are wanted, and plain in a pipe', async () => {
    const red = '\u001b[31mgatehouse:\u001b[39m';
    const colored = await gatehouse({ DATA_DIR: dataDir, FORCE_COLOR: '1' }, 'partner', 'destroy');
    expect(colored.stderr.startsWith(`${red} There is no command`)).toBe(true);
    expect((await run('partner', 'destroy')).stderr).toMatch(/^gatehouse: There is no command/);
    expect((await gatehouse({ DATA_DIR: dataDir, FORCE_COLOR: '1' }, 'migrate', '--json')).stdout).toMatch(
      /^\{.*\}\n$/,
    );
  });
});

describe('while a server runs on the same folder', () => {
  let server: { program: Program; url: string };
  beforeAll(async () => {
    server = await startServer({ DATA_DIR: dataDir });
  });
  afterAll(async () => {
    expect((await server.program.signal('SIGTERM')).code).toBe(0);
  });

  test('a command works, and the key that it revokes is refused once it has ended', async () => {
    const { id } = await json('partner', 'create', '--name', 'Acme');
    const { api_key_id, api_key } = await json('partner', 'key', 'create', '--partner', id);
    const headers = { Authorization: `Bearer ${api_key}` };
    const ask = async () => (await fetch(`${server.url}/partner/v1/orgs`, { headers })).status;
    expect(await ask()).toBe(200);
    await json('partner', 'key', 'revoke', api_key_id);
    expect(await ask()).toBe(401);
  });

  test('the doctor finds no problem', async () => {
    expect(await json('doctor')).toMatchObject({ ok: true });
  });
});
