import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { keysQuery } from '../api/keys';
import { requestsQuery } from '../api/requests';
import type { LoggedRequest } from '../api/request-types';
import { servicesQuery } from '../api/services';
import { useMayChange, useSession, useSignOut } from '../api/session';
import { resultWords } from '../requests/request-status';
import {
  BookIcon,
  KeyIcon,
  PlugIcon,
  PlusIcon,
  RequestsIcon,
  RevokeIcon,
  ServiceIcon,
  SignOutIcon,
} from '../shell/icons';
import { placesOf } from '../shell/places';
import { relative } from '../text/dates';
import { matches, type PaletteEntry } from './palette-entry';
import { requestIdIn } from './request-id';

const KEY_TEMPLATES = [
  { template: 'reporting', label: 'Generate key for read-only reporting', words: 'read only reporting analytics' },
  { template: 'crm', label: 'Generate key for CRM sync', words: 'crm sync contacts leads' },
  { template: 'events', label: 'Generate key for website events', words: 'website events' },
] as const;
const TYPING_PAUSE_MS = 150;
const FOUND_MAX = 6;
const SEARCH_CHARACTERS_MAX = 100;

interface Found {
  readonly entries: readonly PaletteEntry[];
  readonly isSearching: boolean;
  /** The id of the text, if the log has no such request. */
  readonly missingId: string | undefined;
}

/** What matches a text: the request with an id first, then keys, services, pages and actions. */
export function usePaletteEntries(text: string): Found {
  const [typed] = useDebouncedValue(text.trim(), TYPING_PAUSE_MS);
  const requests = useRequests(typed);
  const keys = useKeys(typed);
  const services = useServices();
  const pages = usePages();
  const actions = useActions();
  const known = [...(text.trim() === '' ? [] : services), ...pages, ...actions];
  return {
    entries: [...requests.entries, ...keys.entries, ...known.filter((entry) => matches(entry, text.trim()))],
    isSearching: typed !== text.trim() || requests.isFetching || keys.isFetching,
    missingId: requests.missingId,
  };
}

/** A client's log has the id of a request that failed. */
function useRequests(typed: string) {
  const navigate = useNavigate();
  const id = requestIdIn(typed);
  const { data, isFetching } = useInfiniteQuery({
    ...requestsQuery({ request_id: id ?? '' }),
    enabled: id !== undefined,
    placeholderData: undefined,
  });
  const found = id === undefined ? [] : (data?.pages.flatMap(({ items }) => items) ?? []);
  const entries = found.slice(0, FOUND_MAX).map((request): PaletteEntry => {
    return {
      id: request.id,
      group: 'Requests',
      label: callOf(request),
      words: '',
      hint: `${request.status} ${resultWords(request)}, ${relative(request.at)}`,
      icon: request.outcome === 'denied' ? <RevokeIcon /> : <RequestsIcon />,
      run: () => void navigate({ to: '/requests', search: { request: request.request_id, open: request.id } }),
    };
  });
  return { entries, isFetching, missingId: data && found.length === 0 ? id : undefined };
}

function callOf({ method, route }: LoggedRequest): string {
  return `${method} ${route ?? '(no route matched)'}`;
}

/** The server searches the keys, because there may be thousands. */
function useKeys(typed: string) {
  const navigate = useNavigate();
  const search = typed.slice(0, SEARCH_CHARACTERS_MAX);
  const { data, isFetching } = useInfiniteQuery({ ...keysQuery({ search }), enabled: search !== '' });
  const found = search === '' ? [] : (data?.pages[0]?.items ?? []);
  const entries = found.slice(0, FOUND_MAX).map(({ id, name, masked_key, state }): PaletteEntry => {
    return {
      id,
      group: 'API keys',
      label: name,
      words: '',
      hint: state === 'active' ? masked_key : state,
      icon: <KeyIcon />,
      run: () => void navigate({ to: '/keys/$keyId', params: { keyId: id } }),
    };
  });
  return { entries, isFetching };
}

function useServices(): PaletteEntry[] {
  const navigate = useNavigate();
  const session = useSession();
  const { data: services = [] } = useQuery({ ...servicesQuery, enabled: session.has_services });
  return services.map(({ service, label }) => ({
    id: `service ${service}`,
    group: 'Services',
    label,
    words: `${label} ${service}`,
    hint: service,
    icon: <ServiceIcon />,
    run: () => void navigate({ to: '/services/$service', params: { service } }),
  }));
}

function usePages(): PaletteEntry[] {
  const navigate = useNavigate();
  return placesOf(useSession()).map(({ to, label, icon: Icon }) => ({
    id: to,
    group: 'Go to',
    label,
    words: label,
    icon: <Icon />,
    run: () => void navigate({ to }),
  }));
}

function useActions(): PaletteEntry[] {
  const navigate = useNavigate();
  const signOut = useSignOut();
  const mayChange = useMayChange();
  const group = 'Actions';
  const changes: PaletteEntry[] = [
    {
      id: 'new-key',
      group,
      label: 'Generate new key',
      words: 'generate create new api key',
      icon: <PlusIcon />,
      run: () => void navigate({ to: '/keys/new' }),
    },
    ...KEY_TEMPLATES.map(({ template, label, words }): PaletteEntry => ({
      id: `new-key-${template}`,
      group,
      label,
      words: `generate create new api key template ${words}`,
      icon: <PlusIcon />,
      run: () => void navigate({ to: '/keys/new', search: { template } }),
    })),
    {
      id: 'setup',
      group,
      label: 'Setup integration',
      words: 'setup integration openconnect',
      icon: <PlugIcon />,
      run: () => void navigate({ to: '/keys/new', search: { type: 'openconnect' } }),
    },
  ];
  return [
    ...(mayChange ? changes : []),
    {
      id: 'denied',
      group,
      label: 'View denied requests',
      words: 'view denied refused failed requests errors',
      icon: <RevokeIcon />,
      run: () => void navigate({ to: '/requests', search: { outcome: 'denied' } }),
    },
    {
      id: 'docs',
      group,
      label: 'Open API reference',
      words: 'open api reference documentation docs',
      icon: <BookIcon />,
      run: () => void window.open('/docs', '_blank', 'noopener'),
    },
    {
      id: 'sign-out',
      group,
      label: 'Sign out',
      words: 'sign out log out',
      icon: <SignOutIcon />,
      run: () => void signOut(),
    },
  ];
}
