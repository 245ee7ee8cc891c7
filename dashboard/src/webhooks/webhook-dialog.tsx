import { Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { createWebhook, useChangeWebhook, useWebhooksChanged } from '../api/webhooks';
import type { NewWebhook, SignatureKind, Webhook } from '../api/wire';
import { Dialog } from '../shell/dialog';
import { FormProblem } from '../shell/form-problem';
import { problemsByField } from '../text/field-problems';
import { EventsPicker } from './events-picker';
import { validateWebhook, type WebhookDraft, webhookDraftOf, webhookSettingsOf } from './webhook-draft';

const SIGNATURES: readonly { value: SignatureKind; label: string; hint: string }[] = [
  { value: 'hmac', label: 'Shared secret (HMAC-SHA256)', hint: 'What most libraries of Standard Webhooks verify.' },
  {
    value: 'ed25519',
    label: 'Public key (Ed25519)',
    hint: 'The receiver needs no secret, so that none can leak there.',
  },
];

interface Props {
  /** Undefined for a new endpoint. */
  readonly webhook: Webhook | undefined;
  readonly onClose: () => void;
  /** Called with a new endpoint, whose secret is shown once. */
  readonly onCreated?: (webhook: NewWebhook) => void;
}

export function WebhookDialog({ webhook, onClose, onCreated }: Props) {
  const form = useForm<WebhookDraft>({ initialValues: webhookDraftOf(webhook), validate: validateWebhook });
  const { save, isSending, error } = useSave(webhook, (failure) => form.setErrors(problemsByField(failure)));
  const submit = async (draft: WebhookDraft) => {
    const outcome = await save(draft);
    if (outcome === 'saved') onClose();
    else if (outcome !== undefined) onCreated?.(outcome);
  };
  return (
    <Dialog
      isDirty={form.isDirty()}
      onClose={onClose}
      title={webhook ? 'Edit webhook endpoint' : 'New webhook endpoint'}
      size="xl"
    >
      <form noValidate onSubmit={form.onSubmit((draft) => void submit(draft))}>
        <Stack>
          <TextInput
            label="URL"
            description="Events are sent here as POST requests with a JSON body."
            placeholder="https://www.example.com/webhooks"
            type="url"
            required
            maxLength={2_048}
            spellCheck={false}
            data-autofocus
            {...form.getInputProps('url')}
          />
          <TextInput
            label="Description"
            placeholder="Optional"
            maxLength={500}
            {...form.getInputProps('description')}
          />
          <EventsPicker
            value={form.values.events}
            onChange={(events) => form.setFieldValue('events', events)}
            error={form.errors['events']}
          />
          {!webhook && (
            <Radio.Group label="Signature" description="Can't be changed later." {...form.getInputProps('signature')}>
              <Stack gap="xs" mt={6}>
                {SIGNATURES.map(({ value, label, hint }) => (
                  <Radio key={value} value={value} label={label} description={hint} />
                ))}
              </Stack>
            </Radio.Group>
          )}
          {webhook && (
            <Text size="xs" c="dimmed">
              Deliveries that wait for another attempt go to the new URL.
            </Text>
          )}
          <FormProblem error={error} fields={form.values} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isSending}>
              {webhook ? 'Save changes' : 'Create endpoint'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

/** A new endpoint has a secret, which must not stay in the cache of changes. */
function useSave(webhook: Webhook | undefined, showInForm: (failure: Error) => void) {
  const changed = useWebhooksChanged();
  const { mutate: change, isPending, error: refusal } = useChangeWebhook(webhook?.id ?? '');
  const [isCreating, setCreating] = useState(false);
  const [failure, setFailure] = useState<Error>();

  const create = async (draft: WebhookDraft): Promise<NewWebhook | undefined> => {
    setCreating(true);
    setFailure(undefined);
    try {
      const { signature } = draft;
      const made = await createWebhook({ ...webhookSettingsOf(draft), is_enabled: true, signature });
      await changed();
      return made;
    } catch (error) {
      showInForm(error as Error);
      setFailure(error as Error);
      return undefined;
    } finally {
      setCreating(false);
    }
  };
  const save = (draft: WebhookDraft): Promise<NewWebhook | 'saved' | undefined> => {
    if (!webhook) return create(draft);
    return new Promise((resolve) => {
      change(webhookSettingsOf(draft), {
        onSuccess: () => resolve('saved'),
        onError: (error) => {
          showInForm(error);
          resolve(undefined);
        },
      });
    });
  };
  return { save, isSending: isPending || isCreating, error: failure ?? refusal };
}
