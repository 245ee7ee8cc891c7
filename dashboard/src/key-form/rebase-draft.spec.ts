import { describe, expect, it } from 'vitest';
import { EMPTY_DRAFT, type KeyDraft } from './key-draft';
import { rebaseDraft } from './rebase-draft';

const OPENED: KeyDraft = { ...EMPTY_DRAFT, name: 'Production', scopes: ['a:read'], tags: ['web'] };
const rebased = (typed: Partial<KeyDraft>, current: Partial<KeyDraft>) =>
  rebaseDraft(OPENED, { ...OPENED, ...typed }, { ...OPENED, ...current });

describe('what was typed into an older version of a key', () => {
  it('is kept, and everything else is as the other editor left it', () => {
    const { draft, conflicts } = rebased({ name: 'Staging' }, { description: 'CRM', tags: ['crm'] });
    expect(draft).toEqual({ ...OPENED, name: 'Staging', description: 'CRM', tags: ['crm'] });
    expect(conflicts).toEqual([]);
  });

  it('is kept also where both changed the same field, which is named', () => {
    const { draft, conflicts } = rebased({ name: 'Staging', tags: ['a'] }, { name: 'Testing', tags: ['b'] });
    expect(draft).toMatchObject({ name: 'Staging', tags: ['a'] });
    expect(conflicts).toEqual(['name', 'tags']);
  });

  it('is no conflict if both made the same change', () => {
    expect(rebased({ name: 'Staging' }, { name: 'Staging' }).conflicts).toEqual([]);
  });

  it('is kept together with the fields that it depends on', () => {
    const { draft, conflicts } = rebased({ access: 'full' }, { scopes: ['b:read'] });
    expect(draft).toMatchObject({ access: 'full', scopes: ['a:read'] });
    expect(conflicts).toEqual(['access']);
    const expiry = rebased({ expiry: 'date', expiry_date: '2030-01-01' }, { expiry: 'never' });
    expect(expiry.draft).toMatchObject({ expiry: 'date', expiry_date: '2030-01-01' });
  });
});
