import { Skeleton, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { violatorsQuery } from '../api/key-policy';
import { Section } from '../key-form/section';
import { MoreButton } from '../shell/more-button';
import { Problem } from '../shell/problem';
import { ViolatorList } from './violator-list';

/** Existing keys that break the rules in effect. */
export function ViolatorsSection() {
  const { data, error, refetch, ...pages } = useInfiniteQuery(violatorsQuery);
  const violators = data?.pages.flatMap(({ items }) => items);
  return (
    <Section
      title="Keys that break the rules"
      hint="They were made before a rule. Edit, rotate or revoke them; a rotation begins their lifetime again."
    >
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!violators && !error && <Skeleton h={96} aria-label="Loading the keys" />}
      {violators?.length === 0 && !pages.hasNextPage && (
        <Text size="sm" c="dimmed">
          Every key follows the rules.
        </Text>
      )}
      {violators && violators.length > 0 && <ViolatorList label="Keys that break the rules" violators={violators} />}
      <MoreButton {...pages} />
    </Section>
  );
}
