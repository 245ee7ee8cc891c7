import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { gatehouse } from '../support/gatehouse.js';
import { type TestOrg, TestServer } from '../support/start-app.js';

const ENCRYPTION_KEY = randomBytes(32).toString('base64');
const server = TestServer.forSuite({ ENCRYPTION_KEY });
let org: TestOrg;
beforeAll(async () => {
  org = await server.newOrg();
});

const run = (...args: string[]) =>
  gatehouse({ LOG_LEVEL: 'silent', DATABASE_URL: server.databaseUrl, ENCRYPTION_KEY }, ...args);

describe('gatehouse policy', () => {
  it('sets a policy that the running server enforces once the command has ended, and lifts it', async () => {
    const { id, key } = await server.newOrgKey(org);
    const place = ['--partner', org.partner.id];
    await server.as(key).get('/whoami').expect(200);
    const set = await run(
      'policy',
      'set',
      ...place,
      '--full-access-forbidden',
      '--enforce-from',
      '2020-01-01T00:00:00Z',
    );
    expect(set).toEqual({
      code: 0,
      stderr: '',
      stdout: `RULE                   VALUE  SET BY
full_access_forbidden  true   partner

Enforced from 2020-01-01T00:00:00.000Z.
`,
    });
    await server.as(key).get('/whoami').expect(401);
    const { stdout } = await run('policy', 'violations', ...place);
    expect(stdout).toMatch(new RegExp(`${id} .* full_access_forbidden \\(partner\\) +2020-01-01T00:00:00.000Z`));
    expect((await run('policy', 'set', ...place)).stdout).toBe(
      'No rules count here.\n\nExisting keys go on working.\n',
    );
    await server.as(key).get('/whoami').expect(200);
  });

  it('shows what counts for an org', async () => {
    await run(
      'policy',
      'set',
      '--org',
      org.id,
      '--scope',
      'tags:read',
      '--scope',
      'contacts:read',
      '--max-active-keys',
      '9',
    );
    const { stdout } = await run('policy', 'show', '--org', org.id, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      own: { scope_ceiling: ['contacts:read', 'tags:read'], max_active_keys: 9 },
      effective: { max_active_keys: { value: 9, set_by: 'org' } },
      updated_by: 'operator',
    });
    await run('policy', 'set', '--org', org.id);
  });

  it('counts what a draft would break, and changes nothing', async () => {
    await server.newOrgKey(org);
    const draft = ['--org', org.id, '--max-lifetime-days', '5', '--dry-run'];
    const { code, stdout } = await run('policy', 'set', ...draft);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/\d in all\. Nothing is changed, because of --dry-run\.\n$/),
    ]);
    const { stdout: shown } = await run('policy', 'show', '--org', org.id);
    expect(shown).toContain('No rules count here.');
  });

  it.each([
    [['--max-lifetime-days', 'soon'], 'max_lifetime_days must be an integer number'],
    [['--scope', 'contacts:fly'], 'Unknown scope "contacts:fly".'],
    [['--org', 'a', '--partner', 'b'], 'Give --org or --partner, not both.'],
    [['--org', 'a'], 'Org not found'],
  ])('%j fails with one line, and changes nothing', async (options, line) => {
    const { code, stdout, stderr } = await run('policy', 'set', ...options);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(line);
    expect((await run('policy', 'show')).stdout).toContain('No rules count here.');
  });
});
