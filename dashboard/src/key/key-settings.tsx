import { Alert, Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useState } from 'react';
import { useUpdateKey } from '../api/keys';
import { useMayChange } from '../api/session';
import type { ApiKey } from '../api/wire';
import { AccessSection } from '../key-form/access-section';
import { draftOf, type KeyDraft, updateBodyOf } from '../key-form/key-draft';
import { LimitsSection } from '../key-form/limits-section';
import { NameSection } from '../key-form/name-section';
import { useKeyForm } from '../key-form/use-key-form';
import { ButtonForm } from '../shell/button-form';
import { Editable } from '../shell/editable';
import { FormProblem } from '../shell/form-problem';
import { InfoIcon } from '../shell/icons';
import { UnsavedWork } from '../shell/unsaved-work';
import { counted } from '../text/numbers';
import { problemsByField } from '../text/field-problems';
import type { KeyPageSearch } from './key-page-search';
import { prefilledDraft } from './prefilled-draft';

interface Props {
  readonly shown: ApiKey;
  /** What the form starts with, for the user to review and save. */
  readonly change: Pick<KeyPageSearch, 'grant' | 'allow' | 'scopes'>;
}

/** The editable settings of a key: name and description for typed keys [S4], none for inactive keys. */
export function KeySettings({ shown, change }: Props) {
  const form = useKeyForm(draftOf(shown));
  const { mutate: update, isPending, error } = useUpdateKey(shown.id);
  const mayChange = useMayChange();
  const isTyped = shown.type !== 'standard';
  const hint = hintOf(shown);

  const save = (draft: KeyDraft) =>
    update(updateBodyOf(draft, shown), {
      onSuccess: (saved) => {
        form.setInitialValues(draftOf(saved));
        form.reset();
        notifications.show({ message: 'Saved. The changes are in effect.' });
      },
      onError: (failure) => form.setErrors(problemsByField(failure)),
    });
  const isOpen = mayChange && shown.state === 'active';
  const [prefilled] = useState(() => (isOpen && !isTyped ? prefilledDraft(form.values, change) : undefined));
  const { setValues } = form;
  useEffect(() => {
    if (prefilled) setValues(prefilled);
  }, [prefilled, setValues]);
  return (
    <ButtonForm onSubmit={form.onSubmit(save)}>
      <UnsavedWork isDirty={form.isDirty()} />
      <Editable isOpen={isOpen}>
        {hint && (
          <Alert variant="light" color="blue" icon={<InfoIcon />}>
            {hint}
          </Alert>
        )}
        {prefilled && form.isDirty() && (
          <Alert variant="light" color="blue" icon={<InfoIcon />} title="Review the change">
            {changeWords(change)} It takes effect when you save.
          </Alert>
        )}
        <NameSection form={form} isReadOnly={!isOpen} />
        {!isTyped && <AccessSection form={form} isReadOnly={!isOpen} />}
        {!isTyped && <LimitsSection form={form} isReadOnly={!isOpen} />}
        <FormProblem error={error} fields={form.values} />
        {isOpen && (
          <Group>
            <Button type="submit" loading={isPending} disabled={!form.isDirty()}>
              Save changes
            </Button>
            <Button variant="default" disabled={!form.isDirty()} onClick={form.reset}>
              Discard
            </Button>
          </Group>
        )}
      </Editable>
    </ButtonForm>
  );
}

function changeWords({ grant, allow, scopes }: Props['change']): string {
  if (grant) return `The scope ${grant} is added below.`;
  if (allow) return `The address ${allow} is added to the allowed IPs below.`;
  return `The access is limited to ${counted(scopes?.split(',').length ?? 0, 'scope')} below.`;
}

function hintOf({ state, type }: ApiKey): string | undefined {
  if (state !== 'active') return `This key is ${state}. Its settings are kept for the audit and can't be changed.`;
  return type === 'standard' ? undefined : 'You can edit only the name and description of an event key.';
}
