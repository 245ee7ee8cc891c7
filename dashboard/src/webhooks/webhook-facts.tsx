import { Group, Switch } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useChangeWebhook } from '../api/webhooks';
import { useMayChange } from '../api/session';
import type { Webhook } from '../api/wire';
import { Section } from '../key-form/section';
import classes from '../key/key-overview.module.css';
import { CodeBlock } from '../shell/code-block';
import { When } from '../text/when';
import { EVERY_EVENT } from './event-groups';
import { verifyCode } from './verify-code';

const SIGNATURES = { hmac: 'Shared secret (HMAC-SHA256)', ed25519: 'Public key (Ed25519)' } as const;

export function WebhookFacts({ shown }: { readonly shown: Webhook }) {
  const { url, events, signature, public_key, previous_secret_expires_at: overlapEnd, created_at } = shown;
  return (
    <Group align="stretch" gap="md">
      <Section title="Details" control={<EnabledSwitch shown={shown} />}>
        <dl className={classes['facts']}>
          <dt>URL</dt>
          <dd className="mono">{url}</dd>
          <dt>Events</dt>
          <dd>
            {events.includes(EVERY_EVENT)
              ? 'All events'
              : events.map((event) => (
                  <div key={event} className="mono">
                    {event}
                  </div>
                ))}
          </dd>
          <dt>Signature</dt>
          <dd>{SIGNATURES[signature]}</dd>
          {overlapEnd && (
            <>
              <dt>Rotation</dt>
              <dd>
                The old {signature === 'hmac' ? 'secret' : 'key'} signs too until <When at={overlapEnd} />
              </dd>
            </>
          )}
          <dt>Created</dt>
          <dd>
            <When at={created_at} />
          </dd>
        </dl>
      </Section>
      <Section title="Verify events" hint="Events follow Standard Webhooks.">
        {public_key && <CodeBlock label="Public key" text={public_key} />}
        <CodeBlock label="Verification" text={verifyCode(signature)} />
      </Section>
    </Group>
  );
}

function EnabledSwitch({ shown: { id, is_enabled } }: { readonly shown: Webhook }) {
  const { mutate: change, isPending } = useChangeWebhook(id);
  const mayChange = useMayChange();
  const set = (wanted: boolean) =>
    change(
      { is_enabled: wanted },
      {
        onSuccess: () =>
          notifications.show({ message: wanted ? 'The endpoint is enabled.' : 'The endpoint is disabled.' }),
        onError: (error) => notifications.show({ color: 'red', title: 'Not changed', message: error.message }),
      },
    );
  return (
    <Switch
      size="sm"
      label="Enabled"
      labelPosition="left"
      checked={is_enabled}
      disabled={!mayChange || isPending}
      onChange={({ currentTarget }) => set(currentTarget.checked)}
    />
  );
}
