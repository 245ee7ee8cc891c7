import { useForm, type UseFormReturnType } from '@mantine/form';
import { validateDraft } from './validate-draft';
import type { KeyDraft } from './key-draft';

export type KeyForm = UseFormReturnType<KeyDraft>;

export function useKeyForm(initialValues: KeyDraft): KeyForm {
  return useForm<KeyDraft>({ initialValues, validate: (draft) => validateDraft(draft) });
}
