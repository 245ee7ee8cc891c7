import type { ScopeEntry } from '../api/wire';
import type { Choice } from '../key-form/choice-cards';
import type { KeyDraft } from '../key-form/key-draft';
import { scopesOf } from '../key-form/scope-groups';

export const TEMPLATES = ['blank', 'reporting', 'crm', 'events'] as const;
export type Template = (typeof TEMPLATES)[number];

const CHOICES: readonly Choice<Template>[] = [
  { value: 'blank', label: 'Blank', hint: 'Choose everything yourself.' },
  { value: 'reporting', label: 'Read-only reporting', hint: 'Reads figures, calls and conversations.' },
  { value: 'crm', label: 'CRM sync', hint: 'Reads and writes contacts and leads, reads tags.' },
  { value: 'events', label: 'Website events', hint: 'Posts events from your site, and nothing else.' },
];

/** Scopes of built-in resources. An installation may have switched some off. */
const SCOPES: Readonly<Partial<Record<Template, readonly string[]>>> = {
  reporting: [
    'analytics:read',
    'calls:read',
    'chat-sessions:read',
    'csat:read',
    'handoff-analytics:read',
    'insights:read',
    'leads:read',
    'sla-analytics:read',
  ],
  crm: ['contacts:read', 'contacts:write', 'leads:read', 'leads:write', 'tags:read'],
};

/** The templates of use, as choices: those whose scopes are all switched off are left out. */
export function templateChoices(entries: readonly ScopeEntry[]): readonly Choice<Template>[] {
  return CHOICES.filter(({ value }) => !(value in SCOPES) || offeredScopes(value, entries).length > 0);
}

/** The draft with the kind and the access of a template. What the user has typed stays. */
export function withTemplate(draft: KeyDraft, template: Template, entries: readonly ScopeEntry[]): KeyDraft {
  const isEvent = template === 'events';
  return {
    ...draft,
    kind: isEvent ? 'event' : 'bearer',
    ...(isEvent && { type: 'client' as const }),
    access: 'scoped',
    scopes: offeredScopes(template, entries),
    ...(isNameOfTemplate(draft.name) && { name: nameOf(template) }),
  };
}

function offeredScopes(template: Template, entries: readonly ScopeEntry[]): string[] {
  const offered = new Set(
    entries.filter(({ audience, service }) => audience === 'org' && service === null).flatMap(scopesOf),
  );
  return SCOPES[template]?.filter((scope) => offered.has(scope)) ?? [];
}

function isNameOfTemplate(name: string): boolean {
  return name === '' || CHOICES.some(({ label }) => label === name);
}

function nameOf(template: Template): string {
  return template === 'blank' ? '' : CHOICES.find(({ value }) => value === template)!.label;
}
