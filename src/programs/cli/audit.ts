import { readFile } from 'node:fs/promises';
import type { EntityManager } from 'typeorm';
import { OPERATOR } from '../../kit/audit/actor.js';
import { AuditKeyMaker } from '../../kit/audit/audit-key-maker.js';
import { type AuditKeyRing, AuditKeys } from '../../kit/audit/audit-keys.js';
import { brokenChains } from '../../kit/audit/chain-verification.js';
import { readExport } from '../../kit/audit/export/export-reader.js';
import { type ExportReport, ExportVerification } from '../../kit/audit/export/export-verification.js';
import { type KeptHead, keptHeads, parseKeptHeads } from '../../kit/audit/kept-heads.js';
import { Database } from '../../core/database/database.js';
import { defineCommand } from './command.js';

const PARTS = { services: [], entities: [] };

export const auditVerify = defineCommand({
  name: 'audit verify',
  summary: 'Verify every audit chain, and name the first broken link of each.',
  options: {
    heads: {
      kind: 'text',
      placeholder: 'FILE',
      help: 'saved heads; each must still be on its chain',
    },
    'from-export': {
      kind: 'list',
      placeholder: 'FILE',
      help: 'exported entries; verified by themselves, and against the database',
    },
  },
  parts: PARTS,
  async run({ options, service }) {
    const kept = options.heads === undefined ? [] : parseKeptHeads(await readFile(options.heads, 'utf8'));
    const { dataSource, manager } = await service(Database);
    const ring = await (await service(AuditKeys)).read(manager);
    const { chains, entries, broken } = await brokenChains(dataSource, ring, kept);
    const comparison = options.heads === undefined ? '' : ` ${kept.length} saved heads compared.`;
    const lines = [
      ...broken.map(({ chain, sequence, problem }) => `chain ${chain}, link ${sequence}: ${problem}`),
      `${chains} chains with ${entries} entries, ${broken.length} broken.${comparison}`,
    ];
    const exported = options['from-export'] && (await verifyExport(manager, ring, options['from-export']));
    if (exported) lines.push(...exportLines(exported));
    const json = { chains, entries, kept: kept.length, broken, ...(exported && { export: exported }) };
    const problems = [
      ...(broken.length === 0 ? [] : [`broken audit chains: ${broken.length}`]),
      ...(exported && exported.findings.length > 0 ? [`problems with the export: ${exported.findings.length}`] : []),
    ];
    const text = lines.join('\n');
    return problems.length === 0 ? { json, text } : { json, text, problem: problems.join('; ') };
  },
});

async function verifyExport(
  manager: EntityManager,
  ring: AuditKeyRing,
  files: readonly string[],
): Promise<ExportReport> {
  const verification = new ExportVerification(ring);
  for await (const line of readExport(files)) verification.add(line);
  return verification.report(manager);
}

function exportLines({ chains, entries, repeats, newer, findings }: ExportReport): string[] {
  return [
    ...findings.map(({ chain, from, to, problem }) => {
      return `chain ${chain}, ${from === to ? `link ${from}` : `links ${from} to ${to}`}: ${problem}`;
    }),
    `Export: ${chains} chains with ${entries} entries (${repeats} repeats), ${findings.length} problems. ` +
      `${newer} entries of the database are newer.`,
  ];
}

export const auditHeads = defineCommand({
  name: 'audit heads',
  summary: 'Print the head of every audit chain, a JSON line each, for "audit verify --heads".',
  options: {},
  parts: PARTS,
  async run({ service }) {
    const { manager } = await service(Database);
    const { current } = await (await service(AuditKeys)).read(manager);
    const heads: KeptHead[] = [];
    for await (const page of keptHeads(manager, current)) heads.push(...page);
    return { json: { heads }, text: heads.map((head) => JSON.stringify(head)).join('\n') };
  },
});

export const auditNewKey = defineCommand({
  name: 'audit new-key',
  summary: 'Create a new audit key when the current one is lost. Existing chains continue.',
  options: {},
  parts: PARTS,
  async run({ service }) {
    const id = await (await service(AuditKeyMaker)).makeAnother(OPERATOR);
    return { json: { id }, text: `New audit entries are linked with the key ${id}.` };
  },
});
