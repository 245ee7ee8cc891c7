import { useForm, type UseFormReturnType } from '@mantine/form';
import { GatehouseError } from '../../../sdk/src/index.js';
import { judgeDraft } from './judge-draft';
import type { KeyDraft } from './key-draft';

export type KeyForm = UseFormReturnType<KeyDraft>;

export function useKeyForm(initialValues: KeyDraft): KeyForm {
  return useForm<KeyDraft>({ initialValues, validate: (draft) => judgeDraft(draft) });
}

const FIELDS: Readonly<Record<string, keyof KeyDraft>> = {
  'rate_limit.per_minute': 'per_minute',
  'rate_limit.per_hour': 'per_hour',
  expires_at: 'expiry_date',
};

/** Puts the server's refusals beside their fields. @returns whether all of them have one */
export function showRefusal(form: KeyForm, error: unknown): boolean {
  if (!(error instanceof GatehouseError) || error.errors.length === 0) return false;
  const problems = error.errors.map(({ field, message }) => [FIELDS[field] ?? field, message] as const);
  form.setErrors(Object.fromEntries(problems));
  return problems.every(([field]) => field in form.values);
}
