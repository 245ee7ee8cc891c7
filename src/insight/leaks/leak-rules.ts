import type { LeakPattern } from './leak-patterns.js';

export const LEAK_RULE_FORMATS = ['github', 'gitleaks', 'trufflehog'] as const;
export type LeakRuleFormat = (typeof LEAK_RULE_FORMATS)[number];

/** Bits for each character. Random keys have over 4; placeholders such as `xxxxxxxx` have less than 2. */
const ENTROPY_MIN = 3;

const CHECKS: Readonly<Record<LeakPattern['check'], string>> = {
  checksum:
    'The last six characters are a CRC-32 of everything before them, in base 62. A regular expression cannot check it; the server does.',
  signature:
    'It is signed with Ed25519. A regular expression cannot check it; the public keys are at /.well-known/jwks.json.',
  nothing: 'It has no checksum.',
};

/**
 * Rules that find an installation's credentials, for a scanner of source code.
 * @param publicUrl where GitHub reaches the server
 */
export function leakRules(format: LeakRuleFormat, patterns: readonly LeakPattern[], publicUrl: string): string {
  if (format === 'github') return githubRules(patterns, publicUrl);
  return format === 'gitleaks' ? gitleaksRules(patterns) : trufflehogRules(patterns);
}

/** What the registration at GitHub's secret scanning partner programme asks for, as Markdown. */
function githubRules(patterns: readonly LeakPattern[], publicUrl: string): string {
  return `# Secret types

To register, send this to secret-scanning@github.com, with a test account for GitHub.

Endpoint for alerts, of all types: ${publicUrl}/leaks/github
Feedback: the endpoint answers labels with token_hash (SHA-256).

${patterns.map(githubType).join('\n')}`;
}

function githubType({ type, description, regex, check, pairedWith }: LeakPattern): string {
  const pair =
    pairedWith &&
    `- Paired with: \`${pairedWith.type}\`, \`${pairedWith.regex}\` in the same file. The secret is found only by its other half.\n`;
  return `## ${type}

- Name: ${description}
- Regular expression: \`${regex}\`
${pair ?? ''}- ${CHECKS[check]}
`;
}

/** A configuration of gitleaks 8.21 or later. Literal strings, so that backslashes stay. */
function gitleaksRules(patterns: readonly LeakPattern[]): string {
  const rules = patterns.map(
    ({ type, description, regex, keyword, check }) => `
# ${CHECKS[check]}
[[rules]]
id = "${type.replaceAll('_', '-')}"
description = "${description}"
regex = '''${regex}'''
entropy = ${ENTROPY_MIN}
keywords = ["${keyword.toLowerCase()}"]
tags = ["gatehouse"]

[[rules.allowlists]]
description = "Placeholders: one character again and again"
regexes = ['''(?:${PLACEHOLDERS.join('|')})''']
`,
  );
  return `title = "Keys of this Gatehouse installation"

[extend]
useDefault = true
${rules.join('')}`;
}

const PLACEHOLDERS = ['x{12}', 'X{12}', '0{12}'];

/** Custom detectors of TruffleHog 3. Every expression of a detector must match: a secret counts together with its key. */
function trufflehogRules(patterns: readonly LeakPattern[]): string {
  const detectors = patterns.map(({ type, keyword, regex, check, pairedWith }) => {
    const expressions = pairedWith ? { key: pairedWith.regex, secret: regex } : { token: regex };
    return `  # ${CHECKS[check]}
  - name: ${type}
    keywords:
      - ${keyword}
    regex:
${Object.entries(expressions)
  .map(([name, each]) => `      ${name}: '${each}'\n`)
  .join('')}`;
  });
  return `# Without "verify": TruffleHog would post each match in a form of its own. A program of yours can take that, check the
# checksum and ask GET /whoami with the key; then name it under "verify".
detectors:
${detectors.join('')}`;
}
