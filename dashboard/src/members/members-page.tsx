import '../form-styles';
import { Avatar, Badge, Group, Skeleton, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { membersQuery } from '../api/members';
import { useSession } from '../api/session';
import type { Member } from '../api/wire';
import { ChangeButton } from '../shell/change-button';
import { PlusIcon } from '../shell/icons';
import { MemberNotice } from '../shell/member-notice';
import { MoreButton } from '../shell/more-button';
import { PageHeader } from '../shell/page-header';
import { Problem } from '../shell/problem';
import { RecordCell, RecordRow, RecordTable } from '../shell/record-table';
import { When } from '../text/when';
import { AddMemberDialog } from './add-member-dialog';
import { RemoveMemberDialog } from './remove-member-dialog';
import { RoleSelect } from './role-select';

export function MembersPage() {
  const { data, error, refetch, ...pages } = useInfiniteQuery(membersQuery);
  const [isAdding, add] = useDisclosure();
  const [leaving, setLeaving] = useState<Member>();
  return (
    <>
      <PageHeader
        title="Members"
        description="People who can open this dashboard. Owners and Admins can make changes, Members can view."
      >
        <ChangeButton leftSection={<PlusIcon size={16} />} onClick={add.open}>
          Add member
        </ChangeButton>
      </PageHeader>
      <MemberNotice what="the members" />
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton h={200} radius="lg" aria-label="Loading members" />}
      {data && (
        <RecordTable label="Members" columns={['Person', 'Role', 'Since', ['Actions']]}>
          {data.pages
            .flatMap(({ items }) => items)
            .map((member) => (
              <MemberRow key={member.user_id} member={member} onRemove={() => setLeaving(member)} />
            ))}
        </RecordTable>
      )}
      <MoreButton {...pages} />
      {isAdding && <AddMemberDialog onClose={add.close} />}
      {leaving && <RemoveMemberDialog member={leaving} onClose={() => setLeaving(undefined)} />}
    </>
  );
}

function MemberRow({ member, onRemove }: { readonly member: Member; readonly onRemove: () => void }) {
  const { user } = useSession();
  return (
    <RecordRow>
      <RecordCell place="line">
        <Group gap="sm" wrap="nowrap">
          <Avatar name={member.name} color="initials" radius="xl" size={34} aria-hidden />
          <div>
            <Text size="sm" fw={550}>
              {member.name}{' '}
              {member.user_id === user.id && (
                <Badge variant="default" size="xs" tt="none">
                  You
                </Badge>
              )}
            </Text>
            <Text size="xs" c="dimmed">
              {member.email}
            </Text>
          </div>
        </Group>
      </RecordCell>
      <RecordCell>
        <RoleSelect member={member} />
      </RecordCell>
      <RecordCell className="time" label="Since">
        <When at={member.created_at} as="date" />
      </RecordCell>
      <RecordCell place="end">
        <ChangeButton variant="subtle" color="red" size="compact-sm" onClick={onRemove}>
          Remove<span className="visually-hidden"> {member.name}</span>
        </ChangeButton>
      </RecordCell>
    </RecordRow>
  );
}
