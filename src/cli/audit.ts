import { brokenChains } from '../audit/chain-verification.js';
import { Database } from '../database/database.js';
import { defineCommand } from './command.js';

export const auditVerify = defineCommand({
  name: 'audit verify',
  summary: 'Follow every audit chain from its start, and name the first broken link of each.',
  options: {},
  parts: { services: [], entities: [] },
  async run({ service }) {
    const { chains, entries, broken } = await brokenChains((await service(Database)).dataSource);
    const text = [
      ...broken.map(({ chain, sequence, problem }) => `chain ${chain}, link ${sequence}: ${problem}`),
      `${chains} chains with ${entries} entries, ${broken.length} broken.`,
    ].join('\n');
    const json = { chains, entries, broken };
    return broken.length === 0 ? { json, text } : { json, text, problem: `broken audit chains: ${broken.length}` };
  },
});
