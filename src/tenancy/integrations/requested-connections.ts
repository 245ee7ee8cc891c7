import type { FieldProblem } from '../../core/errors/app-error.js';
import { invalidRequest } from '../../core/errors/invalid-request.js';
import { Absentable } from '../../core/validation/decorators.js';
import { Name } from '../../core/validation/name.js';
import { validateDto } from '../../core/validation/request.pipe.js';
import type { Connector } from './connector.js';
import { CONNECTORS } from './connectors/index.js';

export const NAME_CHARACTERS_MAX = 100;
/** Each needs a call to its provider. */
const CONNECTIONS_OF_ONE_PROVIDER_MAX = 20;

/** A requested connection with valid fields. */
export interface RequestedConnection {
  /** The path in the request. */
  readonly field: string;
  readonly connector: Connector;
  readonly name: string;
  readonly credentials: object;
}

interface Entry {
  readonly name?: string | null;
}

/** The fields of each provider: its credentials, and a name. */
const PROVIDERS: ReadonlyMap<string, { connector: Connector; dto: new () => Entry }> = new Map(
  CONNECTORS.map((connector) => [connector.key, { connector, dto: entryOf(connector) }]),
);

export function connectorOf(provider: string): Connector | undefined {
  return PROVIDERS.get(provider)?.connector;
}

/**
 * Reads the `integrations` of a new org (S1): one connection per provider, or a list. Null means absent.
 * @throws AppError invalid_request (400) naming every invalid field
 */
export function requestedConnections(integrations: object): RequestedConnection[] {
  const problems: FieldProblem[] = [];
  const connections: RequestedConnection[] = [];
  for (const [key, value] of Object.entries(integrations) as [string, unknown][]) {
    const answer = connectionsOf(key, value);
    if ('problems' in answer) problems.push(...answer.problems);
    else connections.push(...answer.connections);
  }
  if (problems.length > 0) throw invalidRequest(problems);
  return connections;
}

function connectionsOf(
  key: string,
  value: unknown,
): { connections: RequestedConnection[] } | { problems: FieldProblem[] } {
  const field = `integrations.${key}`;
  const provider = PROVIDERS.get(key);
  if (provider === undefined) return { problems: [{ field, message: `${field}: unknown integration` }] };
  if (value === null) return { connections: [] };
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (values.length > CONNECTIONS_OF_ONE_PROVIDER_MAX) {
    const message = `${field} must have at most ${CONNECTIONS_OF_ONE_PROVIDER_MAX} entries`;
    return { problems: [{ field, message }] };
  }
  const fields = values.map((_, index) => (Array.isArray(value) ? `${field}.${index}` : field));
  const answers = values.map((each, index) => validateDto(each, provider.dto, fields[index]));
  const problems = answers.flatMap((answer) => ('problems' in answer ? answer.problems : []));
  const entries = answers.flatMap((answer) => ('instance' in answer ? [answer.instance] : []));
  problems.push(...repeatedNames(entries, fields));
  if (problems.length > 0) return { problems };
  const free = freeNames(key, entries);
  return {
    connections: entries.map(({ name, ...credentials }, index) => {
      return { field: fields[index]!, connector: provider.connector, name: name ?? free.next().value, credentials };
    }),
  };
}

function repeatedNames(entries: readonly Entry[], fields: readonly string[]): FieldProblem[] {
  const seen = new Set<string>();
  return entries.flatMap(({ name }, index) => {
    if (name === undefined || name === null) return [];
    const field = `${fields[index]}.name`;
    if (seen.has(name)) return [{ field, message: `${field} must be unique` }];
    seen.add(name);
    return [];
  });
}

/** `fareharbor 1` and so on, without names that the request uses. */
function* freeNames(key: string, entries: readonly Entry[]): Generator<string, never> {
  const taken = new Set(entries.map(({ name }) => name));
  for (let number = 1; ; number++) {
    const name = `${key} ${number}`;
    if (!taken.has(name)) yield name;
  }
}

function entryOf({ credentials }: Connector): new () => Entry {
  class ConnectionEntry extends credentials {
    @Absentable()
    @Name(NAME_CHARACTERS_MAX)
    name?: string | null;
  }
  return ConnectionEntry;
}
