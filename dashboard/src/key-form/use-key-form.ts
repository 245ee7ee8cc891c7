import { useForm, type UseFormReturnType } from '@mantine/form';
import { judgeDraft } from './judge-draft';
import type { KeyDraft } from './key-draft';

export type KeyForm = UseFormReturnType<KeyDraft>;

export function useKeyForm(initialValues: KeyDraft): KeyForm {
  return useForm<KeyDraft>({ initialValues, validate: (draft) => judgeDraft(draft) });
}
