import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { previewQuery, useSetKeyPolicy } from '../api/key-policy';
import type { KeyPolicy, KeyPolicySettings, PolicyPreview } from '../api/wire';
import { Dialog } from '../shell/dialog';
import { Problem } from '../shell/problem';
import { problemsByField } from '../text/field-problems';
import { count, counted } from '../text/numbers';
import { ViolatorList } from './violator-list';
import classes from './save-policy-dialog.module.css';

interface Props {
  readonly policy: KeyPolicySettings;
  readonly onClose: () => void;
  readonly onSaved: (policy: KeyPolicy) => void;
  /** Called with the problems of fields, which the form shows. */
  readonly onRefused: (errors: Record<string, string>) => void;
}

/** Shows which keys would break the rules before they are saved. */
export function SavePolicyDialog({ policy, onClose, onSaved, onRefused }: Props) {
  const { data, error, refetch } = useQuery(previewQuery(policy));
  const { mutate: set, isPending, error: failure } = useSetKeyPolicy();
  const save = () =>
    set(policy, {
      onSuccess: (saved) => {
        onSaved(saved);
        notifications.show({ message: 'Saved. The rules are in effect.' });
      },
      onError: (refusal) => {
        const problems = problemsByField(refusal);
        if (Object.keys(problems).length > 0) onRefused(problems);
      },
    });
  return (
    <Dialog onClose={onClose} title="Review the rules" size="lg">
      <Stack>
        {error && <Problem error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton h={120} aria-label="Looking for keys that break the rules" />}
        {data && <Consequences preview={data} isEnforced={policy.enforce_from !== null} />}
        {failure && <Problem error={failure} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={!data} loading={isPending} onClick={save} data-autofocus>
            Save rules
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

interface ConsequencesProps {
  readonly preview: PolicyPreview;
  readonly isEnforced: boolean;
}

function Consequences({ preview: { count: keys, items }, isEnforced }: ConsequencesProps) {
  if (keys === 0) return <Text size="sm">Every existing key follows these rules.</Text>;
  return (
    <>
      <Text size="sm">
        <strong>{counted(keys, 'existing key')}</strong> {keys === 1 ? 'breaks' : 'break'} these rules.{' '}
        {isEnforced
          ? 'Each is denied from the day beside it, unless it is changed by then.'
          : 'They go on working until a day is set from which they are denied.'}{' '}
        New and changed keys must follow the rules at once.
      </Text>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls takes the focus */}
      <section className={classes['keys']} tabIndex={0} aria-label="Keys that would break the rules">
        <ViolatorList label="Keys" violators={items} />
      </section>
      {keys > items.length && (
        <Text size="xs" c="dimmed">
          These are {count(items.length)} of {count(keys)} keys.
        </Text>
      )}
    </>
  );
}
