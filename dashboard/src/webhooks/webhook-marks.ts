import type { DeliveryStatus, Webhook } from '../api/wire';
import type { KeyMark } from '../keys/key-marks';

const GONE: KeyMark = { label: 'Gone', color: 'red', hint: 'It answered 410, so that nothing is sent to it.' };
const FAILING: KeyMark = { label: 'Failing', color: 'red', hint: 'It accepted nothing for three days.' };
const DISABLED: KeyMark = { label: 'Disabled', color: 'gray', hint: 'Nothing is sent to it.' };
const ENABLED: KeyMark = { label: 'Enabled', color: 'green', hint: 'Events are sent to it.' };

export function markOf({ is_enabled, disabled_reason }: Pick<Webhook, 'is_enabled' | 'disabled_reason'>): KeyMark {
  if (is_enabled) return ENABLED;
  if (disabled_reason === null) return DISABLED;
  return disabled_reason === 'gone' ? GONE : FAILING;
}

export const DELIVERY_MARKS: Readonly<Record<DeliveryStatus, KeyMark>> = {
  pending: { label: 'Pending', color: 'blue', hint: 'It is sent soon, or again.' },
  delivered: { label: 'Delivered', color: 'green', hint: 'The endpoint accepted it.' },
  failed: { label: 'Failed', color: 'red', hint: 'It is not sent again by itself.' },
};
