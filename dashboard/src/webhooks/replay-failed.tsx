import { Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useReplayFailed } from '../api/webhooks';
import { useMayChange } from '../api/session';
import { ChangeButton } from '../shell/change-button';
import { counted } from '../text/numbers';
import classes from './deliveries-section.module.css';

const HOUR_MS = 3_600_000;
const PERIODS = [
  { value: '1', label: 'the last hour' },
  { value: '24', label: 'the last 24 hours' },
  { value: '168', label: 'the last 7 days' },
];

/** Sends everything again that failed while the receiver was down. */
export function ReplayFailed({ id }: { readonly id: string }) {
  const { mutate: replay, isPending } = useReplayFailed(id);
  const [hours, setHours] = useState('24');
  const mayChange = useMayChange();
  if (!mayChange) return null;
  const send = () =>
    replay(new Date(Date.now() - Number(hours) * HOUR_MS).toISOString(), {
      onSuccess: ({ replayed }) =>
        notifications.show({
          message: replayed === 0 ? 'No delivery failed in this time.' : `${counted(replayed, 'event')} on the way.`,
        }),
      onError: (error) => notifications.show({ color: 'red', title: 'Not sent again', message: error.message }),
    });
  return (
    <div className={classes['replay']}>
      <span className={classes['quiet']}>Failed deliveries of</span>
      <Select
        size="xs"
        aria-label="Period"
        data={PERIODS}
        value={hours}
        onChange={(chosen) => setHours(chosen ?? '24')}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        w={160}
      />
      <ChangeButton size="xs" variant="default" loading={isPending} onClick={send}>
        Send again
      </ChangeButton>
    </div>
  );
}
