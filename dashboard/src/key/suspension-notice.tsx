import { Alert, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { auditQuery } from '../api/audit';
import type { ApiKey, SuspensionReason } from '../api/wire';
import { partyName } from '../audit/party-link';
import { ChangeButton } from '../shell/change-button';
import { SuspendIcon } from '../shell/icons';
import { When } from '../text/when';
import { ResumeDialog } from './resume-dialog';

const TITLES: Readonly<Record<SuspensionReason, string>> = {
  requested: 'This key is suspended',
  idle: 'This key is suspended because it was idle',
  exposed: 'This key is suspended because it was found in public',
};
const ADVICE: Readonly<Record<SuspensionReason, string>> = {
  requested: 'Requests with it are denied until you resume it.',
  idle: 'A policy suspends keys that make no requests. Resume it if it is still needed, or revoke it.',
  exposed: 'Others may have it. Rotate it without an overlap before you resume it, or revoke it.',
};

/** Says who or what suspended the key, when and why, and resumes it. */
export function SuspensionNotice({ shown }: { readonly shown: ApiKey }) {
  const [isResuming, resume] = useDisclosure();
  const { data } = useInfiniteQuery(auditQuery({ api_key_id: shown.id, action: 'api_key.suspended' }));
  const by = data?.pages[0]?.items[0]?.actor;
  const reason = shown.suspension_reason ?? 'requested';
  return (
    <>
      <Alert
        color="orange"
        variant="light"
        icon={<SuspendIcon />}
        title={TITLES[reason]}
        mb="lg"
        data-testid="suspended"
      >
        <Text size="sm">
          {by ? `${partyName(by)} suspended it` : 'It was suspended'}
          {shown.suspended_at && (
            <>
              {' '}
              <When at={shown.suspended_at} as="relative" />
            </>
          )}
          . {ADVICE[reason]}
        </Text>
        <Group mt="sm">
          <ChangeButton size="xs" variant="default" onClick={resume.open}>
            Resume
          </ChangeButton>
        </Group>
      </Alert>
      {isResuming && <ResumeDialog shown={shown} onClose={resume.close} />}
    </>
  );
}
