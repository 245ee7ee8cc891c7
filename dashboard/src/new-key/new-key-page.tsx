import '../form-styles';
import { Anchor, Button, Skeleton, Stack, Text } from '@mantine/core';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useEffectivePolicy } from '../api/key-policy';
import { createKey, type MintedKey, useKeysChanged } from '../api/keys';
import { useMayChange } from '../api/session';
import { AccessSection } from '../key-form/access-section';
import { createBodyOf, type KeyDraft } from '../key-form/key-draft';
import { LabelsSection } from '../key-form/labels-section';
import { LimitsSection } from '../key-form/limits-section';
import { LiveSentence } from '../key-form/live-sentence';
import { withinLifetime } from '../key-form/policy-limits';
import { NameSection } from '../key-form/name-section';
import { KindSection } from '../key-form/kind-section';
import { useKeyForm } from '../key-form/use-key-form';
import { ButtonForm } from '../shell/button-form';
import { FormProblem } from '../shell/form-problem';
import { BackIcon } from '../shell/icons';
import { MemberNotice } from '../shell/member-notice';
import { PageHeader } from '../shell/page-header';
import { Problem } from '../shell/problem';
import { UnsavedWork } from '../shell/unsaved-work';
import { problemsByField } from '../text/field-problems';
import { CopyNowDialog } from './copy-now-dialog';
import classes from './new-key-page.module.css';
import type { NewKeySearch } from './new-key-search';
import { TemplateSection } from './template-section';
import { useFirstDraft } from './use-first-draft';

const route = getRouteApi('/keys/new');

export function NewKeyPage() {
  const search = route.useSearch();
  const { draft, of, error, refetch } = useFirstDraft(search);
  return (
    <>
      <Anchor component={Link} to="/" size="sm" className={classes['back']!}>
        <BackIcon size={16} /> API keys
      </Anchor>
      <PageHeader title={titleOf(search, of)} />
      <MemberNotice what="keys" />
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!draft && !error && <Skeleton h={320} radius="lg" aria-label="Loading the form" />}
      {draft && <NewKeyForm key={JSON.stringify(search)} draft={draft} search={search} />}
    </>
  );
}

function titleOf({ type }: NewKeySearch, duplicated: string | undefined): string {
  if (duplicated !== undefined) return `Duplicate ${duplicated}`;
  return type === 'openconnect' ? 'Setup integration' : 'Generate new key';
}

interface FormProps {
  /** What the form starts with. */
  readonly draft: KeyDraft;
  readonly search: NewKeySearch;
}

function NewKeyForm({ draft, search }: FormProps) {
  const form = useKeyForm(draft);
  const { minted, error, isSending, send, forget } = useNewKey((failure) => form.setErrors(problemsByField(failure)));
  // The page of the key takes a moment to load.
  const [isLeft, setLeft] = useState(false);
  const navigate = useNavigate();
  const mayChange = useMayChange();
  const isEvent = form.values.kind === 'event';
  const hasTemplates = search.type === undefined && search.from === undefined;

  const leave = (key: MintedKey['key']) => {
    setLeft(true);
    forget();
    void navigate({ to: '/keys/$keyId', params: { keyId: key.id }, ignoreBlocker: true });
  };
  return (
    <>
      <ButtonForm onSubmit={form.onSubmit((values) => void send(values), showFirstProblem)} className={classes['page']}>
        <Stack gap="md">
          {hasTemplates && <TemplateSection form={form} initial={search.template ?? 'blank'} />}
          <KindSection form={form} />
          <NameSection form={form} />
          {!isEvent && <AccessSection form={form} />}
          <LimitsSection form={form} />
          <LabelsSection form={form} />
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
      <UnsavedWork isDirty={form.isDirty() && !minted && !isLeft} />
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
  const policy = useEffectivePolicy();
  const send = async (draft: KeyDraft) => {
    setSending(true);
    setError(undefined);
    try {
      setMinted(await createKey(withinLifetime(createBodyOf(draft), policy)));
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
