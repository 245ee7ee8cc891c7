import '../form-styles';
import { Anchor, Button, Stack, Text } from '@mantine/core';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { createKey, type MintedKey, useKeysChanged } from '../api/keys';
import { useMayChange } from '../api/session';
import { AccessSection } from '../key-form/access-section';
import { createBodyOf, EMPTY_DRAFT, type KeyDraft } from '../key-form/key-draft';
import { LimitsSection } from '../key-form/limits-section';
import { LiveSentence } from '../key-form/live-sentence';
import { NameSection } from '../key-form/name-section';
import { KindSection } from '../key-form/kind-section';
import { useKeyForm } from '../key-form/use-key-form';
import { ButtonForm } from '../shell/button-form';
import { FormProblem } from '../shell/form-problem';
import { BackIcon } from '../shell/icons';
import { MemberNotice } from '../shell/member-notice';
import { PageHeader } from '../shell/page-header';
import { UnsavedWork } from '../shell/unsaved-work';
import { problemsByField } from '../text/field-problems';
import { CopyNowDialog } from './copy-now-dialog';
import classes from './new-key-page.module.css';

const route = getRouteApi('/keys/new');

export function NewKeyPage() {
  const { type } = route.useSearch();
  const form = useKeyForm(type ? { ...EMPTY_DRAFT, kind: 'event', type } : EMPTY_DRAFT);
  const { minted, error, isSending, send, forget } = useNewKey((failure) => form.setErrors(problemsByField(failure)));
  const navigate = useNavigate();
  const mayChange = useMayChange();
  const isEvent = form.values.kind === 'event';

  const leave = (key: MintedKey['key']) => {
    forget();
    void navigate({ to: '/keys/$keyId', params: { keyId: key.id }, ignoreBlocker: true });
  };
  return (
    <>
      <Anchor component={Link} to="/" size="sm" className={classes['back']!}>
        <BackIcon size={16} /> API keys
      </Anchor>
      <PageHeader title={type === 'openconnect' ? 'Setup integration' : 'Generate new key'} />
      <MemberNotice what="keys" />
      <ButtonForm onSubmit={form.onSubmit((draft) => void send(draft), showFirstProblem)} className={classes['page']}>
        <Stack gap="md">
          <KindSection form={form} />
          <NameSection form={form} />
          {!isEvent && <AccessSection form={form} />}
          <LimitsSection form={form} />
        </Stack>
        <aside className={`surface ${classes['summary']}`} aria-label="Summary">
          <Text size="xs" fw={600} c="dimmed" mb={6}>
            Summary
          </Text>
          <LiveSentence draft={form.values} />
          <Stack mt="lg" gap="sm">
            <FormProblem error={error} fields={form.values} />
            <Button type="submit" loading={isSending} disabled={!mayChange} fullWidth>
              Generate key
            </Button>
          </Stack>
        </aside>
      </ButtonForm>
      <UnsavedWork isDirty={form.isDirty() && !minted} />
      {minted && <CopyNowDialog minted={minted} onStored={() => leave(minted.key)} />}
    </>
  );
}

/** Keeps the new key while its dialog is open. */
function useNewKey(showInForm: (error: unknown) => void) {
  const [minted, setMinted] = useState<MintedKey>();
  const [error, setError] = useState<Error>();
  const [isSending, setSending] = useState(false);
  const keysChanged = useKeysChanged();
  const send = async (draft: KeyDraft) => {
    setSending(true);
    setError(undefined);
    try {
      setMinted(await createKey(createBodyOf(draft)));
      await keysChanged();
    } catch (failure) {
      showInForm(failure);
      setError(failure as Error);
    } finally {
      setSending(false);
    }
  };
  return { minted, error, isSending, send, forget: () => setMinted(undefined) };
}

/** Scrolls to the first problem, which may be out of view. */
function showFirstProblem(): void {
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLElement>('[aria-invalid="true"], .mantine-InputWrapper-error');
    field?.scrollIntoView({ block: 'center' });
    field?.focus();
  });
}
