import { useRemoveMember } from '../api/members';
import type { Member } from '../api/wire';
import { TypedConfirmation } from '../shell/typed-confirmation';

interface Props {
  readonly member: Member;
  readonly onClose: () => void;
}

export function RemoveMemberDialog({ member, onClose }: Props) {
  const { mutate: remove, isPending, error } = useRemoveMember();
  return (
    <TypedConfirmation
      title={`Remove ${member.name}`}
      action="Remove member"
      word={member.email}
      isPending={isPending}
      error={error}
      onConfirm={() => remove(member.user_id, { onSuccess: onClose })}
      onClose={onClose}
    >
      They are signed out immediately. Their keys and audit entries are kept.
    </TypedConfirmation>
  );
}
