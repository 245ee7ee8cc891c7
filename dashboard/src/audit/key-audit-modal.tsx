import { Anchor, Modal, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { AuditEntry } from '../api/wire';
import { AuditTable } from './audit-table';

const isOfKey = ({ target }: AuditEntry) => target.type === 'api_key';

/** What was done to the keys, over their list [seed 004]. */
export default function KeyAuditModal({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="API key audit" size="80rem" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Text size="sm" c="dimmed" mb="md">
        What was done to API keys, by whom, and when. The{' '}
        <Anchor component={Link} to="/audit" size="sm" td="underline">
          whole audit
        </Anchor>{' '}
        has filters and a CSV file.
      </Text>
      <AuditTable filters={{}} isShown={isOfKey} />
    </Modal>
  );
}
