import { notifications } from '@mantine/notifications';
import { useId, useState } from 'react';
import { useReplay } from '../api/webhooks';
import type { Webhook, WebhookDelivery } from '../api/wire';
import { MarkBadges } from '../keys/mark-badges';
import { ChangeButton } from '../shell/change-button';
import { CodeBlock } from '../shell/code-block';
import { ChevronIcon } from '../shell/icons';
import { count, counted } from '../text/numbers';
import { relative } from '../text/dates';
import { When } from '../text/when';
import classes from './deliveries-section.module.css';
import { DELIVERY_MARKS } from './webhook-marks';

interface Props {
  readonly webhook: Webhook;
  readonly shown: WebhookDelivery;
}

/** A delivery, which opens to show its attempts and its content. */
export function DeliveryRow({ webhook, shown }: Props) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const { type, status, response_status, attempts, created_at } = shown;
  return (
    <li>
      <button
        type="button"
        className={classes['row']}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        <span className={classes['type']}>{type}</span>
        <span>
          <MarkBadges marks={[DELIVERY_MARKS[status]]} />
        </span>
        <span className={`number ${classes['quiet']} ${classes['code']}`}>
          {response_status ?? (attempts > 0 ? 'None' : '')}
          {attempts > 0 && <span className="visually-hidden"> was the answer</span>}
        </span>
        <span className={classes['quiet']}>
          <When at={created_at} as="relative" />
        </span>
        <span className={classes['arrow']}>
          <ChevronIcon size={16} />
        </span>
      </button>
      {isOpen && (
        <div id={id} className={classes['open']}>
          <Attempts shown={shown} />
          {shown.payload && <CodeBlock label="Payload" text={JSON.stringify(shown.payload, null, 2)} />}
          <div className={classes['replay']}>
            {webhook.is_enabled && <ReplayButton webhookId={webhook.id} shown={shown} />}
            <span className={`mono ${classes['quiet']}`}>{shown.id}</span>
          </div>
        </div>
      )}
    </li>
  );
}

function Attempts({ shown: { attempts, attempt_log, next_attempt_at } }: { readonly shown: WebhookDelivery }) {
  return (
    <div>
      <ol className={classes['attempts']} aria-label="Attempts">
        {attempt_log.map(({ at, duration_ms, response_status, error }) => (
          <li key={at}>
            <When at={at} />
            <span className="number">{response_status ?? '–'}</span>
            <span className={`number ${classes['quiet']}`}>{count(duration_ms)} ms</span>
            <span>{error}</span>
          </li>
        ))}
      </ol>
      <p className={classes['quiet']}>
        {attempts > attempt_log.length && `These are the newest of ${counted(attempts, 'attempt')}. `}
        {next_attempt_at ? <NextAttempt at={next_attempt_at} /> : attempts === 0 && 'Not sent yet.'}
      </p>
    </div>
  );
}

function NextAttempt({ at }: { readonly at: string }) {
  if (relative(at) === 'just now') return 'Next attempt within a minute.';
  return (
    <>
      Next attempt <When at={at} as="relative" />.
    </>
  );
}

function ReplayButton({ webhookId, shown }: { readonly webhookId: string; readonly shown: WebhookDelivery }) {
  const { mutate: replay, isPending } = useReplay(webhookId);
  const send = () =>
    replay(shown.id, {
      onSuccess: () => notifications.show({ message: 'The event is sent again.' }),
      onError: (error) => notifications.show({ color: 'red', title: 'Not sent again', message: error.message }),
    });
  return (
    <ChangeButton size="xs" variant="default" loading={isPending} onClick={send}>
      {shown.status === 'pending' ? 'Send now' : 'Send again'}
    </ChangeButton>
  );
}
