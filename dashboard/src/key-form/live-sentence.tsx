import { Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { agentsQuery } from '../api/agents';
import { scopesQuery } from '../api/scopes';
import type { KeyDraft } from './key-draft';
import { keySentence } from './key-sentence';

export function LiveSentence({ draft }: { readonly draft: KeyDraft }) {
  const { data: catalogue } = useQuery(scopesQuery);
  const { data: agents } = useInfiniteQuery({ ...agentsQuery, enabled: draft.kind === 'key_secret' });
  const agent = agents?.pages.flatMap(({ items }) => items).find(({ id }) => id === draft.agent_id);
  if (!catalogue) return null;
  return (
    <Text aria-live="polite" data-testid="sentence">
      {keySentence(draft, { entries: catalogue.items, agentName: agent?.name })}
    </Text>
  );
}
