import { describe, expect, it } from 'vitest';
import type { ScopeEntry } from '../api/wire';
import { EMPTY_DRAFT } from '../key-form/key-draft';
import { templateChoices, withTemplate } from './templates';

const entry = (resource: string, fields: Partial<ScopeEntry> = {}): ScopeEntry => ({
  audience: 'org',
  resource,
  label: resource,
  description: '',
  actions: ['read', 'write'],
  service: null,
  service_label: null,
  ...fields,
});
const CONTACTS = entry('contacts');
const LEADS = entry('leads');

describe('a template', () => {
  it('grants its scopes, except those that are switched off', () => {
    expect(withTemplate(EMPTY_DRAFT, 'crm', [CONTACTS])).toMatchObject({
      kind: 'bearer',
      access: 'scoped',
      scopes: ['contacts:read', 'contacts:write'],
    });
  });

  it('never takes a scope of an agent or of a service for a built-in one', () => {
    const others = [entry('contacts', { audience: 'agent' }), entry('leads', { service: 'crm', service_label: 'CRM' })];
    expect(withTemplate(EMPTY_DRAFT, 'crm', others).scopes).toEqual([]);
  });

  it('replaces the access of the template before', () => {
    const events = withTemplate({ ...EMPTY_DRAFT, access: 'full' }, 'events', [CONTACTS]);
    expect(events).toMatchObject({ kind: 'event', type: 'client', access: 'scoped', scopes: [] });
    expect(withTemplate(events, 'blank', [CONTACTS])).toMatchObject({ kind: 'bearer', scopes: [] });
  });

  it('suggests a name, and keeps one that was typed, the description and the limits', () => {
    const crm = withTemplate({ ...EMPTY_DRAFT, description: 'Nightly', per_minute: 60 }, 'crm', [CONTACTS]);
    expect(crm).toMatchObject({ name: 'CRM sync', description: 'Nightly', per_minute: 60 });
    expect(withTemplate(crm, 'events', []).name).toBe('Website events');
    expect(withTemplate({ ...crm, name: 'Mine' }, 'events', []).name).toBe('Mine');
    expect(withTemplate(crm, 'blank', []).name).toBe('');
  });
});

it('templates whose resources are switched off are not offered', () => {
  expect(templateChoices([CONTACTS]).map(({ value }) => value)).toEqual(['blank', 'crm', 'events']);
  expect(templateChoices([LEADS]).map(({ value }) => value)).toEqual(['blank', 'reporting', 'crm', 'events']);
  expect(templateChoices([]).map(({ value }) => value)).toEqual(['blank', 'events']);
});
