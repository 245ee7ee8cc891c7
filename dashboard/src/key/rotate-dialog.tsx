import '../form-styles';
import { Button, Group, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { type MintedKey, type Overlap, rotateKey, useKeysChanged } from '../api/keys';
import type { ApiKey } from '../api/wire';
import { CopyNowDialog } from '../new-key/copy-now-dialog';
import { Dialog } from '../shell/dialog';
import { Problem } from '../shell/problem';

const OVERLAPS = [
  { value: '0', label: 'None', hint: 'The old key stops working immediately. Choose this if it leaked.' },
  { value: '3600', label: '1 hour', hint: 'Time to replace it manually.' },
  { value: '86400', label: '1 day', hint: 'Time for a deployment.' },
  { value: '604800', label: '7 days', hint: 'Time for other teams to replace it.' },
];

interface Props {
  readonly shown: Pick<ApiKey, 'id' | 'name' | 'kind'>;
  readonly onClose: () => void;
}

/** Creates a new secret for the key. The old one keeps working for the selected time. */
export function RotateDialog({ shown, onClose }: Props) {
  const [grace, setGrace] = useState('86400');
  const [from, setFrom] = useState<Overlap['overlap_from']>('now');
  const [minted, setMinted] = useState<MintedKey>();
  const [error, setError] = useState<Error>();
  const [isSending, setSending] = useState(false);
  const keysChanged = useKeysChanged();

  const rotate = async () => {
    setSending(true);
    setError(undefined);
    try {
      setMinted(
        await rotateKey(shown.id, { grace_seconds: Number(grace), overlap_from: grace === '0' ? 'now' : from }),
      );
      await keysChanged();
    } catch (failure) {
      setError(failure as Error);
    } finally {
      setSending(false);
    }
  };
  if (minted) return <CopyNowDialog minted={minted} onStored={onClose} />;
  return (
    <Dialog onClose={onClose} title={`Rotate ${shown.name}`}>
      <Stack>
        <Text size="sm">
          You get a new {shown.kind === 'key_secret' ? 'key and secret' : 'key'}; its name, settings and usage stay. How
          long should the old key keep working?
        </Text>
        <Radio.Group value={grace} onChange={setGrace} aria-label="Overlap">
          <Stack gap="xs">
            {OVERLAPS.map(({ value, label, hint }) => (
              <Radio key={value} value={value} label={label} description={hint} />
            ))}
          </Stack>
        </Radio.Group>
        {grace !== '0' && (
          <Radio.Group
            label="The time starts"
            value={from}
            onChange={(chosen) => setFrom(chosen as Overlap['overlap_from'])}
          >
            <Stack gap="xs" mt={6}>
              <Radio value="now" label="Now" />
              <Radio
                value="first_use"
                label="At the first use of the new key"
                description="The old key works until then, however long that takes."
              />
            </Stack>
          </Radio.Group>
        )}
        {error && <Problem error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={isSending} onClick={() => void rotate()}>
            Rotate
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
