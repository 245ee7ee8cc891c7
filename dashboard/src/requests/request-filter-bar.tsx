import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { requestFacetsQuery } from '../api/requests';
import { OUTCOME_LABELS, reasonLabel } from '../text/reason-words';
import { type Choice, ChoiceFilter } from './choice-filter';
import { KeyFilter } from './key-filter';
import classes from './request-filter-bar.module.css';
import { periodWords } from './request-period';
import type { RequestsSearch } from './requests-search';
import { FilterChip } from './filter-chip';
import { TextFilter } from './text-filter';

const NO_FACETS = { routes: [], reasons: [], services: [], methods: [] };
const OUTCOMES = Object.entries(OUTCOME_LABELS).map(([value, label]) => ({ value, label }));
const STATUSES: readonly Choice[] = [
  { value: '2xx', label: '2xx Success' },
  { value: '4xx', label: '4xx Client error' },
  { value: '5xx', label: '5xx Server error' },
  { value: '400', label: '400 Bad request' },
  { value: '401', label: '401 Unauthorized' },
  { value: '403', label: '403 Forbidden' },
  { value: '404', label: '404 Not found' },
  { value: '409', label: '409 Conflict' },
  { value: '422', label: '422 Unprocessable content' },
  { value: '429', label: '429 Too many requests' },
  { value: '500', label: '500 Internal error' },
  { value: '503', label: '503 Unavailable' },
];

export type Change = { readonly [Name in keyof RequestsSearch]?: RequestsSearch[Name] | undefined };

interface Props {
  readonly search: RequestsSearch;
  readonly onChange: (change: Change) => void;
  readonly onClear: () => void;
}

/** The filters of the list as chips. */
export function RequestFilterBar({ search, onChange, onClear }: Props) {
  const { data: facets = NO_FACETS } = useQuery(requestFacetsQuery);
  const { open: _, days: __, ...filters } = search;
  const isFiltered = Object.keys(filters).length > 0;
  const hasServices = facets.services.length > 0 || search.service !== undefined;
  return (
    <fieldset className={classes['filters']} aria-label="Filters">
      <KeyFilter value={search.key} onChange={(key) => onChange({ key })} />
      <ChoiceFilter
        label="Outcome"
        choices={OUTCOMES}
        value={search.outcome}
        onChange={(outcome) => onChange({ outcome: outcome as RequestsSearch['outcome'] })}
      />
      <ChoiceFilter
        label="Status"
        choices={STATUSES}
        value={search.status === undefined ? undefined : String(search.status)}
        onChange={(status) => onChange({ status: status === undefined ? status : numeric(status) })}
      />
      <ChoiceFilter
        label="Reason"
        choices={facets.reasons.map((value) => ({ value, label: reasonLabel(value) }))}
        value={search.reason}
        valueLabel={search.reason && reasonLabel(search.reason)}
        onChange={(reason) => onChange({ reason })}
        nothing="No request was denied"
      />
      <ChoiceFilter
        label="Route"
        choices={facets.routes.map(itself)}
        value={search.route}
        onChange={(route) => onChange({ route })}
      />
      <ChoiceFilter
        label="Method"
        choices={facets.methods.map(itself)}
        value={search.method}
        onChange={(method) => onChange({ method })}
      />
      {hasServices && (
        <ChoiceFilter
          label="Service"
          choices={facets.services.map(itself)}
          value={search.service}
          onChange={(service) => onChange({ service })}
        />
      )}
      <TextFilter
        label="IP address"
        placeholder="203.0.113.7"
        value={search.address}
        isValid={(text) => /^[\da-f.:]{2,45}$/i.test(text)}
        problem="Enter an IP address."
        onChange={(address) => onChange({ address })}
      />
      <TextFilter
        label="Request ID"
        placeholder="From the client's log"
        value={search.request}
        isValid={(text) => /^[\w-]{1,64}$/.test(text)}
        problem="A request ID has up to 64 letters, digits, _ and -."
        onChange={(request) => onChange({ request })}
      />
      {search.from !== undefined && (
        <FilterChip
          label="Time"
          value={periodWords(search)}
          isOpen={false}
          onClear={() => onChange({ from: undefined, to: undefined })}
        />
      )}
      {isFiltered && (
        <Button variant="subtle" size="compact-sm" onClick={onClear}>
          Clear filters
        </Button>
      )}
    </fieldset>
  );
}

function itself(value: string): Choice {
  return { value, label: value };
}

/** Numbers are shorter in the URL. */
function numeric(status: string): number | string {
  return /^\d+$/.test(status) ? Number(status) : status;
}
