import { expect, it } from 'vitest';
import { SOURCES } from './support/source-tree.js';

/** Files that parse JSON, and whose text it is. Everything else gets typed rows, or `WireJson`. */
const PARSERS: Readonly<Record<string, string>> = {
  'core/config/version.ts': 'the manifest of this package',
  'core/wire/wire-json.ts': 'answers that Postgres wrote',
  'core/validation/exact-numbers.ts': 'the bodies of clients',
  'core/database/embedded-postgres/programs.ts': 'the manifest of a package',
  'insight/leaks/github-keys.ts': "GitHub's answers",
  'kit/audit/changes-of.ts': 'a value of this process, as JSON would keep it',
  'kit/audit/export/export-reader.ts': "an operator's file",
  'kit/audit/kept-heads.ts': "an operator's file",
  'kit/idempotency/idempotency.ts': 'records of an earlier version',
  'kit/openapi-document/openapi-document.ts': "callers' documents",
  'kit/outbound/language-model.ts': "a model's answers",
  'kit/outbound/whatsapp-cloud.ts': "WhatsApp's answers",
  'operations/telemetry/log-bridge.ts': 'lines of the own log',
  'operations/telemetry/metric-bridge.ts': 'labels of metrics',
  'programs/cli/key-exports/exported-key.ts': 'columns of another product',
  'programs/cli/key-exports/read-export.ts': "another product's file",
  'programs/demo/gatehouse.ts': "the server's answers, as a client",
  'programs/demo/transcript.ts': "the server's answers, as a client",
  'tenancy/integrations/live-check-parts.ts': "other servers' answers",
  'tenancy/signing-keys/signing-keys.service.ts': 'a decrypted JWK',
};

const filesWith = (pattern: RegExp) => SOURCES.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

it('JSON is parsed only where it comes from outside', () => {
  expect(filesWith(/JSON\.parse\(/).toSorted()).toEqual(Object.keys(PARSERS).toSorted());
});

it('no service tells UUIDs from other ids: both are unknown ids', () => {
  expect(filesWith(/\bisUuid\(|\(isUuid\)/).filter((path) => !/^(?:core|kit)\//.test(path))).toEqual([]);
});
