import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { loadConfig } from './config.js';

/** Every setting of `.env.example`, without its comment sign. */
const EXAMPLE = parseEnv(readFileSync('.env.example', 'utf8').replaceAll(/^#(?=[A-Z0-9_]+=)/gm, ''));
/** Settings without a fixed default, which show an example value. */
const WITHOUT_DEFAULT = [
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_OWNER_URL',
  'REDIS_URL',
  'S3_ENDPOINT',
  'S3_FORCE_PATH_STYLE',
  'LLM_BASE_URL',
  'WHATSAPP_BASE_URL',
  'DASHBOARD_URL',
  'SIP_DOMAIN',
  'SMTP_URL',
  'MAIL_FROM',
  'SPF_INCLUDE',
];

test('.env.example lists every setting that the configuration reads', () => {
  const read = new Set<string>();
  loadConfig(new Proxy({}, { get: (_target, name) => void read.add(String(name)) }));
  expect(Object.keys(EXAMPLE).sort()).toEqual([...read].sort());
});

test('.env.example shows the defaults', () => {
  const shown = Object.entries(EXAMPLE).filter(([name]) => !WITHOUT_DEFAULT.includes(name));
  expect(loadConfig(Object.fromEntries(shown))).toEqual(loadConfig({}));
});
