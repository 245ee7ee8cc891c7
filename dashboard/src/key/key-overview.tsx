import { Alert, Stack } from '@mantine/core';
import type { ApiKey } from '../api/wire';
import { draftOf } from '../key-form/key-draft';
import { LiveSentence } from '../key-form/live-sentence';
import { Section } from '../key-form/section';
import { ClockIcon } from '../shell/icons';
import { When } from '../text/when';
import { ConfirmStored } from './confirm-stored';
import { KeyFacts } from './key-facts';
import classes from './key-overview.module.css';
import { UsageSection } from './usage-section';

interface Props {
  readonly shown: ApiKey;
  /** When the old secret stops working. */
  readonly overlapEnd: string | undefined;
}

export function KeyOverview({ shown, overlapEnd }: Props) {
  return (
    <div className={classes['columns']}>
      <Stack gap="md">
        {overlapEnd && shown.state === 'active' && (
          <Alert color="blue" variant="light" icon={<ClockIcon />} title="The old secret still works">
            It stops working on <When at={overlapEnd} />. To end it now, rotate again without overlap.
          </Alert>
        )}
        {!shown.acknowledged && shown.state === 'active' && <ConfirmStored shown={shown} />}
        <UsageSection shown={shown} />
      </Stack>
      <Stack gap="md">
        {shown.state === 'active' && (
          <Section title="Access">
            <LiveSentence draft={draftOf(shown)} />
          </Section>
        )}
        <KeyFacts shown={shown} />
      </Stack>
    </div>
  );
}
