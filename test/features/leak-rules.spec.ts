import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { mintKeyPair } from '../../src/access/credentials/credential-format.js';
import { gatehouse } from '../support/gatehouse.js';
import { createKey, signedInAs } from '../support/manage.js';
import { TestServer } from '../support/start-app.js';

const ENCRYPTION_KEY = randomBytes(32).toString('base64');
const READ_TOML = 'import json, sys, tomllib; print(json.dumps(tomllib.loads(sys.stdin.read())))';

interface GitleaksRule {
  readonly id: string;
  readonly description: string;
  readonly regex: string;
  readonly entropy: number;
  readonly keywords: string[];
  readonly allowlists: { readonly regexes: string[] }[];
}

describe('gatehouse leak-rules', () => {
  const server = TestServer.forSuite({ ENCRYPTION_KEY });
  const settings = () => ({ LOG_LEVEL: 'silent', DATABASE_URL: server.databaseUrl, ENCRYPTION_KEY });
  const rules = async (format: string, ...more: string[]) =>
    gatehouse(settings(), 'leak-rules', '--format', format, ...more);
  let gitleaks: { readonly extend: object; readonly rules: readonly GitleaksRule[] };
  beforeAll(async () => {
    const { stdout } = await rules('gitleaks');
    gitleaks = JSON.parse(execFileSync('python3', ['-c', READ_TOML], { input: stdout, encoding: 'utf8' }));
  });

  it('writes TOML for gitleaks, with the same expressions as for the others', async () => {
    expect(gitleaks.rules.map(({ id }) => id)).toEqual([
      'ocx-live-api-key',
      'ocx-agent-secret',
      'ocx-org-token',
      'ocx-partner-token',
    ]);
    expect(gitleaks.extend).toEqual({ useDefault: true });
    const [trufflehog, github] = [(await rules('trufflehog')).stdout, (await rules('github')).stdout];
    for (const { regex } of gitleaks.rules) {
      expect(trufflehog).toContain(`'${regex}'`);
      expect(github).toContain(`\`${regex}\``);
    }
    for (const { keywords } of gitleaks.rules) expect(keywords[0]).toBe(keywords[0]!.toLowerCase());
  });

  it('writes expressions that match every credential that this server makes', async () => {
    const org = await server.newOrg();
    const admin = await signedInAs(server, org, 'Admin');
    const minted = [
      (await createKey(admin)).api_key,
      mintKeyPair('ocx').secret,
      (await server.newOrgKey(org)).key,
      org.partner.key,
    ];
    for (const [index, token] of minted.entries()) {
      const found = gitleaks.rules.filter(({ regex, keywords, allowlists }) => {
        const isRead = keywords.some((keyword) => token.toLowerCase().includes(keyword));
        const isAllowed = allowlists.some(({ regexes }) => regexes.some((each) => new RegExp(each).test(token)));
        return isRead && !isAllowed && new RegExp(regex).exec(`key: "${token}"`)?.[0] === token;
      });
      expect(found.map(({ id }) => id)).toEqual([gitleaks.rules[index]!.id]);
    }
    expect(new RegExp(gitleaks.rules[0]!.allowlists[0]!.regexes[0]!).test(`ocx_live_${'x'.repeat(49)}`)).toBe(true);
  });

  it('tells the types with --json, and what is missing', async () => {
    const { types, text, format } = JSON.parse((await rules('github', '--json')).stdout);
    expect(format).toBe('github');
    expect(types).toHaveLength(4);
    expect(text).toContain('secret-scanning@github.com');
    expect((await rules('other')).code).toBe(2);
    expect((await gatehouse(settings(), 'leak-rules')).code).toBe(2);
  });
});
