import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../src/configure-app.js';
import { loadConfig } from '../../src/core/config/config.js';
import { ConfigError } from '../../src/core/config/setting-reader.js';
import { burst } from '../support/burst.js';
import { TestServer, type TestOrg } from '../support/start-app.js';

const ALLOWED = ['203.0.113.0/24', '2001:db8::/32'];
const UNDETERMINED = {
  statusCode: 403,
  message: 'The client IP address could not be determined.',
  code: 'ip_undetermined',
};
const refusalOf = (address: string) => ({
  statusCode: 403,
  message: `IP address ${address} is not allowed.`,
  code: 'ip_not_allowed',
});

let server: TestServer;
let stop: () => Promise<void>;
beforeEach(() => void (stop = async () => undefined));
afterEach(() => stop());

/** The answers to a key that allows `ALLOWED`, by X-Forwarded-For value, sent from a trusted proxy on this machine. */
async function answersTo(
  chains: readonly (string | undefined)[],
  { key }: { readonly key: string },
): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  for (const chain of chains) {
    const request = server.as(key).get('/whoami');
    const { status, body } = await (chain === undefined ? request : request.set('X-Forwarded-For', chain));
    answers[String(chain)] = status === 200 ? 'let in' : body;
  }
  return answers;
}

async function start(trustedProxies: string): Promise<TestOrg> {
  server = await TestServer.start({ TRUSTED_PROXIES: trustedProxies });
  stop = () => server.close();
  return server.newOrg();
}

describe('behind a proxy on this machine, the default', () => {
  it('the client address is the right-most forwarded address that is no proxy, or none if malformed', async () => {
    const org = await start('');
    const restricted = await server.newOrgKey(org, { allowed_ips: ALLOWED });
    const expected: Record<string, unknown> = {
      undefined: refusalOf('127.0.0.1'),
      '203.0.113.7': 'let in',
      '198.51.100.1': refusalOf('198.51.100.1'),
      '198.51.100.1, 203.0.113.7': 'let in',
      '203.0.113.7, 198.51.100.1': refusalOf('198.51.100.1'),
      '203.0.113.7,198.51.100.1': refusalOf('198.51.100.1'),
      '203.0.113.7, 127.0.0.1': 'let in',
      '203.0.113.7, ::1, 127.255.0.1': 'let in',
      '127.0.0.2, 127.0.0.1': refusalOf('127.0.0.2'),
      '2001:DB8::1': 'let in',
      '2001:db9::1': refusalOf('2001:db9::1'),
      '::ffff:203.0.113.7': 'let in',
      '::ffff:cb00:7107': 'let in',
      '::ffff:198.51.100.1': refusalOf('198.51.100.1'),
      '203.0.113.7, ::ffff:127.0.0.1': 'let in',
      'unknown, 203.0.113.7': 'let in',
      unknown: UNDETERMINED,
      '203.0.113.7, unknown': UNDETERMINED,
      '203.0.113.7, unknown, 127.0.0.1': UNDETERMINED,
      '': UNDETERMINED,
      ',': UNDETERMINED,
      '203.0.113.7,': UNDETERMINED,
      '203.0.113.7:443': 'let in',
      '198.51.100.1:51234': refusalOf('198.51.100.1'),
      '203.0.113.7:443, 127.0.0.1:80': 'let in',
      '[2001:db8::1]': 'let in',
      '[2001:db8::1]:443': 'let in',
      '[2001:db9::1]:443': refusalOf('2001:db9::1'),
      '203.0.113.7:port': UNDETERMINED,
      '2001:db8::1%eth0': UNDETERMINED,
      '203.0.113.007': UNDETERMINED,
      '203.0.113.7 198.51.100.1': UNDETERMINED,
      'for=203.0.113.7': UNDETERMINED,
    };
    const chains = [undefined, ...Object.keys(expected).filter((chain) => chain !== 'undefined')];
    expect(await answersTo(chains, restricted)).toEqual(expected);

    // A key that allows any address does not need a known one.
    const anywhere = await server.newOrgKey(org);
    expect(await answersTo(['unknown', '', '198.51.100.1'], anywhere)).toEqual({
      unknown: 'let in',
      '': 'let in',
      '198.51.100.1': 'let in',
    });
  });

  it('several X-Forwarded-For headers form one chain, and other headers are ignored', async () => {
    const org = await start('');
    const { key } = await server.newOrgKey(org, { allowed_ips: ALLOWED });
    const repeated = [
      ['198.51.100.1', '203.0.113.7'],
      ['203.0.113.7', '198.51.100.1'],
      ['203.0.113.7', ''],
      ['198.51.100.1, 203.0.113.7', '127.0.0.1'],
    ].map((chains) => ({ 'X-Forwarded-For': chains }));
    const others = ['X-Real-IP', 'CF-Connecting-IP', 'True-Client-IP', 'X-Client-IP', 'X_Forwarded_For'];
    const named = [...others.map((name) => ({ [name]: '203.0.113.7' })), { Forwarded: 'for=203.0.113.7' }];
    const answers = await burst(
      server.url,
      [...repeated, ...named].map((headers) => ({
        path: '/whoami',
        headers: { Authorization: `Bearer ${key}`, ...headers },
      })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 403, 403, 200, ...named.map(() => 403)]);
  });

  it("partner keys are limited by the partner's allow list, and org keys by their own", async () => {
    await start('');
    const partner = await server.newPartner({ allowed_ips: ['198.51.100.0/24'] });
    const at = (address: string) => ({ 'X-Forwarded-For': address });
    const orgs = (address: string) => server.as(partner.key).get('/partner/v1/orgs').set(at(address));
    await orgs('198.51.100.7').expect(200);
    expect((await orgs('203.0.113.7').expect(403)).body).toEqual(refusalOf('203.0.113.7'));
    expect((await orgs('invalid').expect(403)).body).toEqual(UNDETERMINED);
    const created = await server
      .as(partner.key)
      .post('/partner/v1/orgs')
      .set(at('198.51.100.7'))
      .send({ name: 'Acme' });
    const path = `/partner/v1/orgs/${created.body.id}/api-keys`;
    const { body } = await server.as(partner.key).post(path).set(at('198.51.100.7')).send({}).expect(201);
    await server.as(body.api_key).get('/whoami').set(at('203.0.113.7')).expect(200);
  });
});

describe('TRUSTED_PROXIES', () => {
  it('none: forwarded addresses are ignored', async () => {
    const org = await start('none');
    const chains = [undefined, '203.0.113.7', '198.51.100.1, 203.0.113.7', 'unknown'];
    const refused = Object.fromEntries(chains.map((chain) => [String(chain), refusalOf('127.0.0.1')]));
    expect(await answersTo(chains, await server.newOrgKey(org, { allowed_ips: ALLOWED }))).toEqual(refused);
    const letIn = Object.fromEntries(chains.map((chain) => [String(chain), 'let in']));
    expect(await answersTo(chains, await server.newOrgKey(org, { allowed_ips: ['127.0.0.1'] }))).toEqual(letIn);
  });

  it('networks: these proxies are trusted from the right, and if all are, the left-most address is the client', async () => {
    const org = await start('loopback, 10.0.0.0/8, 2001:db8:ffff::/48, cloudflare');
    const { key } = await server.newOrgKey(org, { allowed_ips: ALLOWED });
    expect(
      await answersTo(
        ['203.0.113.7, 10.1.2.3', '203.0.113.7, 11.0.0.1', '203.0.113.7, 2001:db8:ffff::9, 10.0.0.1'].concat([
          '203.0.113.7, 173.245.48.5, 10.0.0.1',
          '10.0.0.2, 10.0.0.1',
          '203.0.113.7, ::ffff:10.0.0.1',
        ]),
        { key },
      ),
    ).toEqual({
      '203.0.113.7, 10.1.2.3': 'let in',
      '203.0.113.7, 11.0.0.1': refusalOf('11.0.0.1'),
      '203.0.113.7, 2001:db8:ffff::9, 10.0.0.1': 'let in',
      '203.0.113.7, 173.245.48.5, 10.0.0.1': 'let in',
      '10.0.0.2, 10.0.0.1': refusalOf('10.0.0.2'),
      '203.0.113.7, ::ffff:10.0.0.1': 'let in',
    });
  });
});

describe('a server', () => {
  it('with invalid proxies does not start, and opens no port', async () => {
    for (const setting of ['1', 'true', '*', 'none, loopback', 'proxy.example', '10.0.0.5/8', '0.0.0.0/0', ',']) {
      const config = loadConfig({
        TRUSTED_PROXIES: setting,
        // No database listens here, so a connection attempt would fail with another error.
        DATABASE_URL: 'postgres://localhost:1/none',
        ENCRYPTION_KEY: randomBytes(32).toString('base64'),
        LOG_LEVEL: 'silent',
      });
      const refused = await createApp(config).then(
        () => 'started',
        (error: unknown) => error,
      );
      expect(refused).toBeInstanceOf(ConfigError);
      expect((refused as ConfigError).message).toContain('TRUSTED_PROXIES');
    }
  });
});
