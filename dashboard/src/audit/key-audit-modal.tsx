import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { AuditEntry } from '../api/wire';
import { Dialog } from '../shell/dialog';
import { AuditTable } from './audit-table';

const isOfKey = ({ target }: AuditEntry) => target.type === 'api_key';

/** The audit of keys in a dialog over their list [S4]. */
export default function KeyAuditModal({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog onClose={onClose} title="API key audit" size="80rem">
      <Text size="sm" c="dimmed" mb="md">
        Every change to an API key. The{' '}
        <Anchor component={Link} to="/audit" size="sm" td="underline">
          full audit
        </Anchor>{' '}
        has filters and a CSV download.
      </Text>
      <AuditTable filters={{}} isShown={isOfKey} />
    </Dialog>
  );
}
