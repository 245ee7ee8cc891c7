import { leakPatterns } from '../../insight/leaks/leak-patterns.js';
import { LEAK_RULE_FORMATS, type LeakRuleFormat, leakRules } from '../../insight/leaks/leak-rules.js';
import { Installation } from '../../tenancy/signing-keys/installation.entity.js';
import { SigningKey } from '../../tenancy/signing-keys/signing-key.entity.js';
import { SigningKeys } from '../../tenancy/signing-keys/signing-keys.service.js';
import { defineCommand } from './command.js';

export const leakRulesCommand = defineCommand({
  name: 'leak-rules',
  summary: "Write rules that find this installation's keys in source code, for GitHub, gitleaks or TruffleHog.",
  options: {
    format: {
      kind: 'text',
      placeholder: 'FORMAT',
      help: 'what reads the rules',
      isRequired: true,
      choices: LEAK_RULE_FORMATS,
    },
  },
  parts: { services: [SigningKeys], entities: [Installation, SigningKey] },
  async run({ options, config, service }) {
    const format = options.format as LeakRuleFormat;
    const patterns = leakPatterns(config, await (await service(SigningKeys)).issuer());
    const text = leakRules(format, patterns, config.publicUrl);
    const types = patterns.map(({ pairedWith, ...type }) => ({ ...type, paired_with: pairedWith ?? null }));
    return { json: { format, types, text }, text };
  },
});
