import { Table, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ServiceRoute } from '../api/wire';
import { Section } from '../key-form/section';
import { SearchIcon } from '../shell/icons';
import { MoreButton } from '../shell/more-button';
import { count, counted } from '../text/numbers';
import { matchingRoutes, NEEDS } from './matching-routes';
import { Method } from './method';
import classes from './service-routes.module.css';

/** More routes than fit on a screen can be searched. */
const SEARCHED_FROM = 20;
/** A service has up to 10,000 routes: shown at once, they would block the page. */
const SHOWN_AT_ONCE = 50;

/** The routes of a service, in the order of its declaration. */
export function ServiceRoutes({ routes }: { readonly routes: readonly ServiceRoute[] }) {
  const [search, setSearch] = useState('');
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const found = matchingRoutes(routes, search);
  const isSearched = routes.length > SEARCHED_FROM;
  return (
    <Section title="Routes" hint="Requests that match no route are refused.">
      {isSearched && (
        <div className={classes['bar']}>
          <TextInput
            type="search"
            aria-label="Search routes"
            placeholder="Search by path, method or scope"
            leftSection={<SearchIcon size={16} />}
            value={search}
            onChange={({ currentTarget }) => {
              setSearch(currentTarget.value);
              setShown(SHOWN_AT_ONCE);
            }}
            className={classes['search']!}
          />
          <Text size="sm" c="dimmed" aria-live="polite" className="number">
            {search.trim() === ''
              ? counted(routes.length, 'route')
              : `${count(found.length)} of ${count(routes.length)}`}
          </Text>
        </div>
      )}
      {found.length === 0 ? (
        <Text c="dimmed" size="sm">
          {routes.length === 0 ? 'No routes: every request is refused.' : 'No routes match.'}
        </Text>
      ) : (
        <Table className={classes['routes']!} verticalSpacing={10} aria-label="Routes">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Method</Table.Th>
              <Table.Th scope="col">Path</Table.Th>
              <Table.Th scope="col">Needs</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.slice(0, shown).map((each) => (
              <Route key={`${each.methods.join()} ${each.path}`} shown={each} />
            ))}
          </Table.Tbody>
        </Table>
      )}
      <MoreButton
        hasNextPage={found.length > shown}
        isFetchingNextPage={false}
        fetchNextPage={() => setShown(shown + SHOWN_AT_ONCE)}
      />
    </Section>
  );
}

function Route({ shown: { methods, path, needs, reason } }: { readonly shown: ServiceRoute }) {
  const label = NEEDS[needs];
  return (
    <Table.Tr>
      <Table.Td className={classes['methods']!}>
        {methods.map((method) => (
          <Method key={method} name={method} />
        ))}
      </Table.Td>
      <Table.Td className={`mono ${classes['path']}`}>
        <Path template={path} />
      </Table.Td>
      <Table.Td className={classes['needs']!}>
        {label === undefined ? <span className="mono">{needs}</span> : label}
        {reason && (
          <Text size="xs" c="dimmed">
            {reason}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** The path with its parameters set apart. */
function Path({ template }: { readonly template: string }) {
  return template.split(/(\{[^{}]*\}|\*)/).map((part, at) =>
    at % 2 === 0 ? (
      part
    ) : (
      <span key={at} className={classes['parameter']}>
        {part}
      </span>
    ),
  );
}
