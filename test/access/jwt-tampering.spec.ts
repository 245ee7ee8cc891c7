import { createHmac, createPublicKey } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JwtAudience } from '../../src/tenancy/signing-keys/signing-keys.service.js';
import {
  encoded,
  foreignIdentity,
  forge,
  honestParts,
  stolenIdentity,
  type SigningIdentity,
} from '../support/forged-jwt.js';
import { TestServer, type TestOrg } from '../support/start-app.js';
import { storeKey } from '../support/stored-keys.js';

const ROUTES: Record<JwtAudience, string> = { org: '/whoami', partner: '/partner/v1/orgs' };

const server = TestServer.forSuite();
let org: TestOrg;
let ours: SigningIdentity;
let orgKey: string;

beforeAll(async () => {
  org = await server.newOrg();
  orgKey = (await server.newOrgKey(org)).key;
  ours = await stolenIdentity(server);
});

async function statusOf(token: string, audience: JwtAudience = 'org'): Promise<number> {
  return (await server.http.get(ROUTES[audience]).set('Authorization', `Bearer ${token}`)).status;
}

/** The names of the tokens that are accepted. */
async function letIn(tokens: Readonly<Record<string, string>>, audience: JwtAudience = 'org'): Promise<string[]> {
  const names: string[] = [];
  for (const [name, token] of Object.entries(tokens)) if ((await statusOf(token, audience)) !== 401) names.push(name);
  return names;
}

/** Stores a row with full access for the token, so that only the token itself can be refused. */
async function withRow(token: string, audience: JwtAudience = 'org'): Promise<string> {
  const owner = audience === 'org' ? { org_id: org.id } : { org_id: null, partner_id: org.partner.id };
  await storeKey(server, owner, { token });
  return token;
}

const honest = (audience: JwtAudience = 'org') =>
  honestParts(ours, audience, audience === 'org' ? org.id : org.partner.id);

/** A token with our signature and a row, so that only its difference from a valid token can be refused. */
async function signedAndStored(header: object | string, claims: object | string): Promise<string> {
  return withRow(forge(header, claims, ours.privateKey));
}

describe('a JWT', () => {
  it('of the form that the server issues, with a row, is accepted (control case)', async () => {
    for (const audience of ['org', 'partner'] as const) {
      const { header, claims } = honest(audience);
      expect(await statusOf(await withRow(forge(header, claims, ours.privateKey), audience), audience)).toBe(200);
    }
  });

  it('is refused without a row, even if signed with the real key', async () => {
    for (const audience of ['org', 'partner'] as const) {
      const { header, claims } = honest(audience);
      expect(await statusOf(forge(header, claims, ours.privateKey), audience)).toBe(401);
    }
  });

  it('is refused with an invalid signature, even if it has a row', async () => {
    const { header, claims } = honest();
    const foreign = foreignIdentity();
    const stranger = honestParts(foreign, 'org', org.id);
    const publicKey = createPublicKey({ key: { ...ours.publicJwk }, format: 'jwk' });
    const hmac = (secret: string | Buffer, input = `${encoded({ ...header, alg: 'HS256' })}.${encoded(claims)}`) =>
      `${input}.${createHmac('sha512', secret).update(input).digest('base64url')}`;
    const unsigned = (alg: string) => `${encoded({ ...header, alg })}.${encoded(claims)}.`;
    const tokens = {
      'alg none': unsigned('none'),
      'alg None': unsigned('None'),
      'alg none, padded to look signed': `${unsigned('none')}${'A'.repeat(86)}`,
      'alg none with an honest signature': `${unsigned('none')}${orgKey.split('.')[2]}`,
      'HMAC with the public key as PEM': hmac(publicKey.export({ type: 'spki', format: 'pem' }) as string),
      'HMAC with the public key as DER': hmac(publicKey.export({ type: 'spki', format: 'der' })),
      'HMAC with the raw public key': hmac(Buffer.from(ours.publicJwk.x!, 'base64url')),
      'another key under our kid': forge(header, claims, foreign.privateKey),
      'another installation': forge(stranger.header, stranger.claims, foreign.privateKey),
      'an embedded key': forge({ ...header, jwk: foreign.publicJwk }, claims, foreign.privateKey),
      'an embedded key, our kid left out': forge(
        { ...header, kid: undefined, jwk: foreign.publicJwk },
        claims,
        foreign.privateKey,
      ),
      'a key set elsewhere': forge({ ...header, jku: 'http://127.0.0.1/jwks.json' }, claims, foreign.privateKey),
      'a certificate': forge({ ...header, x5u: 'http://127.0.0.1/x5u', x5c: ['MIIB'] }, claims, foreign.privateKey),
    };
    for (const token of Object.values(tokens)) await withRow(token);
    expect(await letIn(tokens)).toEqual([]);
  });

  it('is refused for a wrong header, even if signed and with a row', async () => {
    const { header, claims } = honest();
    const { kid, typ } = header;
    const headers: Record<string, object | string> = {
      'alg ES256': { ...header, alg: 'ES256' },
      'alg HS256': { ...header, alg: 'HS256' },
      'alg none': { ...header, alg: 'none' },
      'alg in lower case': { ...header, alg: 'eddsa' },
      'no alg': { kid, typ },
      'no kid': { alg: 'EdDSA', typ },
      'an unknown kid': { ...header, kid: 'd3b07384-d9a0-4c9b-8f2b-000000000000' },
      'a kid that is no text': { ...header, kid: [kid] },
      'a kid with a NUL': { ...header, kid: `${kid}\0` },
      'a kid that is SQL': { ...header, kid: "' OR true --" },
      'no typ': { alg: 'EdDSA', kid },
      'typ JWT': { ...header, typ: 'JWT' },
      'typ of partners': { ...header, typ: 'partner+jwt' },
      'typ in capitals': { ...header, typ: 'ORG+JWT' },
      'typ as a media type': { ...header, typ: 'application/org+jwt' },
      'a critical extension': { ...header, crit: ['b64'], b64: false },
      'kid twice, ours first': `{"alg":"EdDSA","typ":"org+jwt","kid":"${kid}","kid":"unknown"}`,
      'alg twice, ours first': `{"alg":"EdDSA","typ":"org+jwt","kid":"${kid}","alg":"none"}`,
      'typ twice, ours first': `{"alg":"EdDSA","typ":"org+jwt","kid":"${kid}","typ":"partner+jwt"}`,
      'a list': [header],
      'no JSON': '{"alg":"EdDSA"',
    };
    const tokens: Record<string, string> = {};
    for (const [name, changed] of Object.entries(headers)) tokens[name] = await signedAndStored(changed, claims);
    expect(await letIn(tokens)).toEqual([]);
  });

  it('is refused for wrong claims, even if signed and with a row', async () => {
    const { header, claims } = honest();
    const { iss, aud, sub, jti, iat } = claims;
    const changes: Record<string, object | string> = {
      'aud partner': { ...claims, aud: 'partner' },
      'aud of another form': { ...claims, aud: { org: true } },
      'no aud': { iss, sub, jti, iat },
      'another iss': { ...claims, iss: 'https://gatehouse.test' },
      'no iss': { aud, sub, jti, iat },
      'no sub': { iss, aud, jti, iat },
      'no jti': { iss, aud, sub, iat },
      'no iat': { iss, aud, sub, jti },
      'iat as text': { ...claims, iat: String(iat) },
      'an exp that is over': { ...claims, exp: iat - 1 },
      'an nbf to come': { ...claims, nbf: iat + 3_600 },
      'a list': [claims],
      'no JSON': '{"iss":',
      text: '"org"',
    };
    const tokens: Record<string, string> = {};
    for (const [name, changed] of Object.entries(changes)) tokens[name] = await signedAndStored(header, changed);
    expect(await letIn(tokens)).toEqual([]);
  });

  it('of a partner is 401 on org routes, and the reverse, cached or not', async () => {
    const { key: freshOrgKey } = await server.newOrgKey(org);
    const { key: freshPartnerKey } = await server.newPartner();
    for (const [token, own, other] of [
      [freshOrgKey, 'org', 'partner'],
      [freshPartnerKey, 'partner', 'org'],
    ] as const) {
      const asked = [other, own, other, own, own, other] as const;
      for (let round = 0; round < 2; round++) {
        const statuses = await Promise.all(asked.map((audience) => statusOf(token, audience)));
        expect(statuses).toEqual([401, 200, 401, 200, 200, 401]);
      }
    }
  });
});
