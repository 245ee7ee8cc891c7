import '../form-styles';
import { Anchor, Group, Skeleton, Tabs } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { keyQuery } from '../api/keys';
import type { ApiKey } from '../api/wire';
import { AuditTable } from '../audit/audit-table';
import { marksOf } from '../keys/key-marks';
import { MarkBadges } from '../keys/mark-badges';
import classes from '../new-key/new-key-page.module.css';
import { KeyRequests } from '../requests/key-requests';
import { ChangeButton } from '../shell/change-button';
import { BackIcon, CopyIcon, RevokeIcon, RotateIcon, SuspendIcon } from '../shell/icons';
import { MemberNotice } from '../shell/member-notice';
import { PageHeader } from '../shell/page-header';
import { Problem } from '../shell/problem';
import { isEnded } from '../text/key-words';
import { KeyOverview } from './key-overview';
import type { KeyTab } from './key-page-search';
import { KeySettings } from './key-settings';
import { RevokeDialog } from './revoke-dialog';
import { RotateDialog } from './rotate-dialog';
import { SuspendDialog } from './suspend-dialog';
import { SuspensionNotice } from './suspension-notice';
import { TestRequest } from './test-request';

const route = getRouteApi('/keys/$keyId');

export function KeyPage() {
  const { keyId } = route.useParams();
  const { data: key, error, refetch } = useQuery(keyQuery(keyId));
  return (
    <>
      <Anchor component={Link} to="/" size="sm" className={classes['back']!}>
        <BackIcon size={16} /> API keys
      </Anchor>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!key && !error && <Skeleton h={320} radius="lg" aria-label="Loading the key" />}
      {key && <Key key={key.id} shown={key} />}
    </>
  );
}

function Key({ shown }: { readonly shown: ApiKey }) {
  const search = route.useSearch();
  const { tab = 'overview' } = search;
  const navigate = useNavigate();
  const [isRotating, rotate] = useDisclosure();
  const [isSuspending, suspend] = useDisclosure();
  const [isRevoking, revoke] = useDisclosure();
  const show = (chosen: string | null) =>
    void navigate({
      to: '/keys/$keyId',
      params: { keyId: shown.id },
      search: { tab: (chosen ?? 'overview') as KeyTab },
      replace: true,
    });
  return (
    <>
      <PageHeader
        title={shown.name}
        description={shown.description ?? undefined}
        marks={
          <Group gap={6}>
            <MarkBadges marks={marksOf(shown)} />
          </Group>
        }
      >
        <ChangeButton
          variant="default"
          leftSection={<CopyIcon size={16} />}
          onClick={() => void navigate({ to: '/keys/new', search: { from: shown.id } })}
        >
          Duplicate
        </ChangeButton>
        {!isEnded(shown) && (
          <>
            <ChangeButton variant="default" leftSection={<RotateIcon size={16} />} onClick={rotate.open}>
              Rotate
            </ChangeButton>
            {shown.state === 'active' && (
              <ChangeButton variant="default" leftSection={<SuspendIcon size={16} />} onClick={suspend.open}>
                Suspend
              </ChangeButton>
            )}
            <ChangeButton variant="outline" color="red" leftSection={<RevokeIcon size={16} />} onClick={revoke.open}>
              Revoke
            </ChangeButton>
          </>
        )}
      </PageHeader>
      <MemberNotice what="this key and its usage" />
      {shown.state === 'suspended' && <SuspensionNotice shown={shown} />}
      <Tabs value={tab} onChange={show}>
        <Tabs.List mb="lg">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="requests">Requests</Tabs.Tab>
          <Tabs.Tab value="test">Test a request</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
          <Tabs.Tab value="audit">Audit</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={tab}>
          {tab === 'overview' && <KeyOverview shown={shown} />}
          {tab === 'requests' && <KeyRequests apiKeyId={shown.id} />}
          {tab === 'test' && <TestRequest shown={shown} search={search} />}
          {tab === 'settings' && <KeySettings key={shown.state} shown={shown} change={search} />}
          {tab === 'audit' && <AuditTable filters={{ api_key_id: shown.id }} />}
        </Tabs.Panel>
      </Tabs>
      {isRotating && <RotateDialog shown={shown} onClose={rotate.close} />}
      {isSuspending && <SuspendDialog shown={shown} onClose={suspend.close} />}
      {isRevoking && <RevokeDialog shown={shown} onClose={revoke.close} />}
    </>
  );
}
