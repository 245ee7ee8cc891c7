import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { MintedKey } from '../api/keys';
import { scopesQuery } from '../api/scopes';
import { servicesQuery } from '../api/services';
import { type FirstCall, firstCallOf } from '../services/first-call';
import { serviceCurl, URL_PLACEHOLDER } from '../services/service-curl';
import { CodeBlock } from '../shell/code-block';
import { firstCurl } from '../text/curl';
import { TestNow } from './test-now';

/** A request that works with the new key: to a service if it has scopes of one, else to this server. */
export function FirstRequest({ minted }: { readonly minted: MintedKey }) {
  const { call, isPending } = useFirstCall(minted.key);
  return (
    <>
      <Text size="sm" fw={600} mb={4}>
        {minted.key.type === 'standard' ? 'Make your first request' : 'Post your first event'}
        {call && ` to ${call.service.label}`}
      </Text>
      {isPending ? (
        <Skeleton h={68} />
      ) : (
        <CodeBlock label="curl" text={call ? serviceCurl(call, minted) : firstCurl(location.origin, minted)} />
      )}
      {call?.service.url === null && (
        <Text size="sm" c="dimmed" mt={6}>
          Replace {URL_PLACEHOLDER} with the address of {call.service.label}.
        </Text>
      )}
      {!isPending && <TestNow minted={minted} call={call} />}
    </>
  );
}

/** Reads the services only if the key has a scope of one. If they can't be read, there is no such call. */
function useFirstCall({ scopes }: MintedKey['key']): { call: FirstCall | undefined; isPending: boolean } {
  const { data: catalogue, isPending: isNew } = useQuery({ ...scopesQuery, enabled: scopes.length > 0 });
  const granted = new Set(scopes.map((scope) => scope.split(':')[0]));
  const hasOne = catalogue?.items.some(({ service, resource }) => service !== null && granted.has(resource)) ?? false;
  const { data: services, isPending: isAsked } = useQuery({ ...servicesQuery, enabled: hasOne });
  return {
    call: services && firstCallOf({ scopes }, services),
    isPending: scopes.length > 0 && (isNew || (hasOne && isAsked)),
  };
}
