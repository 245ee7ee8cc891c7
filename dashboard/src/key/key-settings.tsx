import { Alert, Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useState } from 'react';
import { GatehouseError } from '../../../sdk/src/index.js';
import { useUpdateKey } from '../api/keys';
import { useMayChange } from '../api/session';
import type { ApiKey } from '../api/wire';
import { AccessSection } from '../key-form/access-section';
import { draftOf, type KeyDraft, updateBodyOf } from '../key-form/key-draft';
import { LabelsSection } from '../key-form/labels-section';
import { LimitsSection } from '../key-form/limits-section';
import { NameSection } from '../key-form/name-section';
import { useKeyForm } from '../key-form/use-key-form';
import { ButtonForm } from '../shell/button-form';
import { Editable } from '../shell/editable';
import { FormProblem } from '../shell/form-problem';
import { InfoIcon } from '../shell/icons';
import { UnsavedWork } from '../shell/unsaved-work';
import { problemsByField } from '../text/field-problems';
import { isEnded } from '../text/key-words';
import { counted } from '../text/numbers';
import type { KeyPageSearch } from './key-page-search';
import { NewerVersion } from './newer-version';
import { prefilledDraft } from './prefilled-draft';
import { useOpenedKey } from './use-opened-key';

interface Props {
  readonly shown: ApiKey;
  /** What the form starts with, for the user to review and save. */
  readonly change: Pick<KeyPageSearch, 'grant' | 'allow' | 'scopes'>;
}

const PRECONDITION_FAILED = 412;

/** The editable settings of a key: only what people call it for typed keys [S4], none for keys that have ended. */
export function KeySettings({ shown, change }: Props) {
  const form = useKeyForm(draftOf(shown));
  const { opened, conflicts, isLoading, reload, reopen } = useOpenedKey(shown, form);
  const { mutate: update, isPending, error } = useUpdateKey(opened.id, opened.revision);
  const mayChange = useMayChange();
  const isTyped = opened.type !== 'standard';
  const hint = hintOf(opened);
  const isOutdated = error instanceof GatehouseError && error.status === PRECONDITION_FAILED;

  const save = (draft: KeyDraft) =>
    update(updateBodyOf(draft, opened), {
      onSuccess: (saved) => {
        reopen(saved);
        notifications.show({ message: 'Saved. The changes are in effect.' });
      },
      onError: (failure) => form.setErrors(problemsByField(failure)),
    });
  const isOpen = mayChange && !isEnded(opened);
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
        <LabelsSection form={form} isReadOnly={!isOpen} />
        {isOutdated || conflicts ? (
          <NewerVersion conflicts={conflicts} isLoading={isLoading} onReload={() => void reload()} />
        ) : (
          <FormProblem error={error} fields={form.values} />
        )}
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

function hintOf(key: ApiKey): string | undefined {
  if (isEnded(key)) return `This key is ${key.state}. Its settings are kept for the audit and can't be changed.`;
  if (key.type === 'standard') return undefined;
  return 'You can edit only the name, description, tags and metadata of an event key.';
}
