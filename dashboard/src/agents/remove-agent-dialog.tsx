import { useRemoveAgent } from '../api/agents';
import type { Agent } from '../api/wire';
import { TypedConfirmation } from '../shell/typed-confirmation';

interface Props {
  readonly agent: Agent;
  readonly onClose: () => void;
}

export function RemoveAgentDialog({ agent, onClose }: Props) {
  const { mutate: remove, isPending, error } = useRemoveAgent();
  return (
    <TypedConfirmation
      title={`Delete ${agent.name}`}
      action="Delete agent"
      word={agent.name}
      isPending={isPending}
      error={error}
      onConfirm={() => remove(agent.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      This also revokes its keys. You can't undo this.
    </TypedConfirmation>
  );
}
