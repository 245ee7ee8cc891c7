import { SCOPE_CATALOGUE, type ScopedAudience } from '../../access/scopes/scope-catalogue.js';
import { markdownTable } from './markdown-table.js';

/** Renders `docs/scopes.md`, the list of all scopes. */
export function scopesPage(): string {
  return `# Scopes

A key with full access passes every scope check of its audience; a scoped key passes those it was granted. \`read\` covers GET, \`write\`
everything else, and neither includes the other.

## Org keys

${tableOf('org')}
## Agent keys

${tableOf('agent')}`;
}

function tableOf(audience: ScopedAudience): string {
  const entries = SCOPE_CATALOGUE.filter((entry) => entry.audience === audience);
  const rows = entries.map(({ resource, label, description, actions }) => [
    label,
    actions.map((action) => `\`${resource}:${action}\``).join(' '),
    description,
  ]);
  return markdownTable(['Resource', 'Scopes', 'What they cover'], rows);
}
