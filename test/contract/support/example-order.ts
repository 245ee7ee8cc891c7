import { type Binding, bindingsIn, SERVER_VALUES } from './example-values.js';
import { type ExampleCall, textsIn } from './example-calls.js';

/** A call, with the values that later calls take from its answer. */
export interface OrderedCall extends ExampleCall {
  readonly makes: readonly Binding[];
}

/** Calls that need the effect of others, beyond the ids in their requests. */
const AFTER: Readonly<Record<string, readonly string[]>> = {
  'chatSessions.addTag': ['tags.put'],
  'chatSessions.edit': ['history.send', 'chatSessions.assign', 'chatSessions.handOff', 'redaction.redactMessage'],
  'csatScores.submit': ['chatSessions.edit'],
  'customDomain.article': ['helpCenterArticles.publish'],
  'customDomain.home': ['helpCenterArticles.publish'],
  'emailMessages.list': ['email.send'],
  'helpPages.article': ['helpCenterArticles.publish'],
  'helpPages.home': ['helpCenterArticles.publish'],
  'history.list': ['history.send'],
  'manageApiKeys.resume': ['manageApiKeys.suspend'],
  'manageApiKeys.revoke': ['manageApiKeys.resume'],
  'manageRequests.ofKey': ['manageRequests.list'],
  'operatorOrgs.suspend': ['sessions.signOut'],
  'operatorOrgs.resume': ['operatorOrgs.suspend'],
  'operatorServices.resume': ['operatorServices.suspend'],
  'partnerOrgKey.resume': ['partnerOrgKey.suspend'],
  'partnerOrgKey.revoke': ['partnerOrgKey.resume'],
  'partnerOrgs.suspend': ['operatorOrgs.resume'],
  'partnerOrgs.resume': ['partnerOrgs.suspend'],
  'publishedHelp.article': ['helpCenterArticles.publish'],
  'publishedHelp.read': ['helpCenterArticles.publish'],
  'sequences.start': ['sequences.update'],
  'sipInboundTrunk.read': ['sipInboundTrunk.create'],
  'whatsAppNumbers.put': ['partnerWhatsAppNumbers.assign'],
  'whatsApp.send': ['whatsAppNumbers.put'],
  'workflows.call': ['workflows.activate'],
};
/** Calls that end what others use. */
const ENDING = new Set([
  'agentContacts.archive',
  'email.reportBounce',
  'emailDomains.verify',
  'helpCenterArticles.unpublish',
  'insights.archive',
  'manageApiKeys.resume',
  'manageApiKeys.revoke',
  'manageApiKeys.suspend',
  'operatorServiceKeys.revoke',
  'operatorServices.resume',
  'operatorServices.suspend',
  'partnerOrgKey.resume',
  'partnerOrgKey.revoke',
  'partnerOrgKey.suspend',
  'redaction.redactSession',
  'sequences.cancel',
  'unsubscribe.confirm',
  'workflows.deactivate',
]);
const LAST = new Set([
  'operatorOrgs.resume',
  'operatorOrgs.suspend',
  'partnerOrgs.archive',
  'partnerOrgs.resume',
  'partnerOrgs.suspend',
  'sessions.signOut',
]);
/** The callers of a service are not the keys of the examples. */
const isMaker = ({ audience, method }: ExampleCall) => audience !== 'service' && ['POST', 'PUT'].includes(method);

/**
 * Puts the calls into an order in which each finds the rows that it names: creation first, deletion last and in
 * reverse.
 * @param given names of the server's values that are known at the start
 * @throws Error naming calls whose values no answer contains
 */
export function inOrder(calls: readonly ExampleCall[], given: readonly string[]): OrderedCall[] {
  const isServerValue = new Set(Object.values(SERVER_VALUES));
  const made = new Map(given.map((name, index) => [SERVER_VALUES[name]!, index - given.length]));
  const makeable = new Set(calls.filter(isMaker).flatMap(textsOf));
  const needsByCall = new Map(calls.map((call) => [call, needsIn(call, isServerValue, makeable)]));
  const needsOf = (call: ExampleCall) => needsByCall.get(call)!;
  const needed = new Set(calls.flatMap(needsOf));
  const rankOf = (call: ExampleCall) => {
    if (LAST.has(call.operationId)) return 4;
    if (call.method === 'DELETE') return 3;
    if (ENDING.has(call.operationId)) return 2;
    return isMaker(call) && textsIn(call.answer).some((text) => needed.has(text)) ? 0 : 1;
  };
  /** Of deletions: rows that were made later go first. */
  const ageOf = (call: ExampleCall) =>
    call.method === 'DELETE' ? -Math.max(0, ...Object.values(call.path).map((text) => made.get(text) ?? 0)) : 0;
  const waiting = new Set(calls);
  const ordered: OrderedCall[] = [];
  const isReady = (call: ExampleCall) =>
    needsOf(call).every((value) => made.has(value)) &&
    (AFTER[call.operationId] ?? []).every((id) => ![...waiting].some(({ operationId }) => operationId === id));
  while (waiting.size > 0) {
    const ready = [...waiting].filter(isReady);
    const [next] = ready.toSorted(
      (one, other) => rankOf(one) - rankOf(other) || ageOf(one) - ageOf(other) || depthOf(other) - depthOf(one),
    );
    if (next === undefined)
      throw new Error(`No answer contains what these need: ${reasons([...waiting], needsOf, made)}`);
    waiting.delete(next);
    const isNew = ({ name }: Binding) => needed.has(SERVER_VALUES[name]!) && !made.has(SERVER_VALUES[name]!);
    const makes = next.audience === 'service' ? [] : unique(bindingsIn(next.answer).filter(isNew));
    for (const { name } of makes) made.set(SERVER_VALUES[name]!, ordered.length);
    if (isMaker(next))
      for (const text of textsOf(next)) if (!isServerValue.has(text)) remember(made, text, ordered.length);
    ordered.push({ ...next, makes });
  }
  return ordered;
}

/** Of deletions: what is inside a row goes before the row. */
const depthOf = ({ method, template }: ExampleCall) => (method === 'DELETE' ? template.split('/').length : 0);
const textsOf = ({ answer, body }: ExampleCall) => [...textsIn(answer), ...textsIn(body?.value)];

/** The server's values in a request, and the names in its path that another request gives. */
function needsIn(call: ExampleCall, values: ReadonlySet<string>, makeable: ReadonlySet<string>): string[] {
  const inRequest = textsIn([call.query, call.body?.value ?? null]);
  const inPath = Object.values(call.path);
  return [
    ...[...values].filter((value) => inRequest.some((text) => text.includes(value))),
    ...inPath.filter((text) => values.has(text) || makeable.has(text)),
  ];
}

function remember(made: Map<string, number>, text: string, index: number): void {
  if (!made.has(text)) made.set(text, index);
}

function unique(bindings: readonly Binding[]): Binding[] {
  return [...new Map(bindings.toReversed().map((binding) => [binding.name, binding])).values()];
}

function reasons(
  calls: readonly ExampleCall[],
  needsOf: (call: ExampleCall) => string[],
  made: ReadonlyMap<string, number>,
): string {
  const nameOf = (value: string) => Object.entries(SERVER_VALUES).find(([, each]) => each === value)?.[0] ?? value;
  return calls
    .map(
      (call) =>
        `${call.operationId} (${needsOf(call)
          .filter((value) => !made.has(value))
          .map(nameOf)
          .join(', ')})`,
    )
    .join('; ');
}
