import { useQuery } from '@tanstack/react-query';
import { effectivePolicyQuery } from '../api/key-policy';
import { keyQuery } from '../api/keys';
import { scopesQuery } from '../api/scopes';
import { EMPTY_DRAFT, type KeyDraft } from '../key-form/key-draft';
import { usualExpiry } from '../key-form/policy-limits';
import { duplicateDraft } from './duplicate-draft';
import type { NewKeySearch } from './new-key-search';
import { withTemplate } from './templates';

interface FirstDraft {
  /** Undefined while it is loading. */
  readonly draft: KeyDraft | undefined;
  /** The name of the key that is duplicated. */
  readonly of?: string | undefined;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

/** What the form of a new key starts with, as its URL says. */
export function useFirstDraft({ type, template, from }: NewKeySearch): FirstDraft {
  const needsScopes = from !== undefined || template !== undefined;
  const scopes = useQuery({ ...scopesQuery, enabled: needsScopes });
  const source = useQuery({ ...keyQuery(from ?? ''), enabled: from !== undefined });
  const { data: policy } = useQuery(effectivePolicyQuery);
  const outcome = {
    error: scopes.error ?? source.error,
    refetch: () => Promise.all([scopes.refetch(), ...(from === undefined ? [] : [source.refetch()])]),
  };
  if (!policy) return { draft: undefined, ...outcome };
  const empty: KeyDraft = { ...EMPTY_DRAFT, expiry: usualExpiry(policy) };
  if (type !== undefined) return { draft: { ...empty, kind: 'event', type }, ...outcome };
  if (!needsScopes) return { draft: empty, ...outcome };
  if (!scopes.data) return { draft: undefined, ...outcome };
  if (from === undefined) return { draft: withTemplate(empty, template!, scopes.data.items), ...outcome };
  if (!source.data) return { draft: undefined, ...outcome };
  return { draft: duplicateDraft(source.data, scopes.data), of: source.data.name, ...outcome };
}
