/** A resource with scopes, as the dashboard, the docs and `GET /manage/v1/scopes` show it. */
export interface CatalogueEntry {
  /** The audience of the keys: `contacts:read` of an agent key is not `contacts:read` of an org key. */
  readonly audience: 'org' | 'agent';
  readonly resource: string;
  /** The name in the dashboard. */
  readonly label: string;
  /** One sentence about what the scopes cover. */
  readonly description: string;
  readonly actions: readonly [string, ...string[]];
}

const READ = ['read'] as const;
const WRITE = ['write'] as const;
const READ_WRITE = ['read', 'write'] as const;
const READ_WRITE_TRIGGER = ['read', 'write', 'trigger'] as const;
const CREATE_READ = ['create', 'read'] as const;
const CREATE_READ_UPDATE_DELETE = ['create', 'read', 'update', 'delete'] as const;

/** Makes entries of one audience, each from one line. */
function entriesOf<const Audience extends CatalogueEntry['audience']>(audience: Audience) {
  return <const Resource extends string, const Actions extends CatalogueEntry['actions']>(
    resource: Resource,
    label: string,
    actions: Actions,
    description: string,
  ) => ({ audience, resource, label, description, actions }) as const;
}
const org = entriesOf('org');
const agent = entriesOf('agent');

/**
 * Every scope (S0, S2, S3). Guards, validation, OpenAPI, dashboard and docs read this list.
 * Alphabetical within an audience; scopes are stored in this order.
 */
export const SCOPE_CATALOGUE = [
  org(
    'actions',
    'Actions',
    READ_WRITE,
    'The API calls of workflows with their credentials, one by one or from OpenAPI.',
  ),
  org('agents', 'Agents', READ_WRITE, 'AI agents: their voice, greeting, prompt, knowledge base and status.'),
  org('analytics', 'Analytics', READ, 'Totals of calls, leads, messages and sessions, and API usage.'),
  org('autopilot', 'Autopilot', READ_WRITE, 'Channels on which the AI answers, and topics that it leaves alone.'),
  org('blocklist', 'Blocklist', READ_WRITE, 'Contacts and e-mail domains that the AI does not answer.'),
  org('calls', 'Calls', READ_WRITE, 'The call history with summaries, tags and transcripts.'),
  org('chat-sessions', 'Chat sessions', READ_WRITE, 'Conversations: messages, history, tags, assignees and handoffs.'),
  org('contacts', 'Contacts', READ_WRITE, 'The people who write or call, and what is known about them.'),
  org('crawl', 'Crawl', READ_WRITE, 'Websites that are crawled for knowledge, their crawls and pages.'),
  org('csat', 'CSAT', READ_WRITE, 'Customer satisfaction scores, their summary and the survey settings.'),
  org('email', 'Email', READ_WRITE, 'Sending e-mail, and the verified domains it is sent from.'),
  org('handoff-analytics', 'Handoff analytics', READ, 'How often and why the AI hands sessions to people.'),
  org('help-center', 'Help center', READ_WRITE, 'The public help center with its categories and articles.'),
  org('insights', 'Insights', READ_WRITE, 'Recurring reasons for handoffs, and who looks after them.'),
  org('integrations', 'Integrations', READ_WRITE, 'Connected third-party services, never their credentials.'),
  org('knowledge_base', 'Knowledge base', READ_WRITE, 'Knowledge bases with their documents and search.'),
  org('leads', 'Leads', READ_WRITE, 'Leads with their source, status, score and tags.'),
  org('media', 'Media', WRITE, 'Uploading images that messages and articles show.'),
  org('office-hours', 'Office hours', READ_WRITE, 'Weekly schedules, and whether one is open at a given time.'),
  org('org', 'Organization', READ_WRITE, 'The name, language, website and AI instructions of the organization.'),
  org('phone', 'Phone', READ_WRITE, 'Phone agents: their voice, language and instructions.'),
  org('redaction', 'Redaction', READ_WRITE, 'Irreversible removal of text from messages and sessions, and its log.'),
  org('sequences', 'Sequences', READ_WRITE, 'Outreach in steps, and the contacts that run through them.'),
  org('sip', 'SIP', READ_WRITE, 'SIP trunks that carry calls in and out.'),
  org('sla', 'SLA policies', READ_WRITE, 'Policies for reply and resolution times.'),
  org('sla-analytics', 'SLA analytics', READ, 'How well the SLA policies are kept.'),
  org('tags', 'Tags', READ_WRITE, 'The tags that sort chat sessions.'),
  org('teams', 'Teams', READ_WRITE, 'Teams and their members.'),
  org('training', 'Training', READ_WRITE, 'Instructions and knowledge that the AI follows when it answers.'),
  org('webhooks', 'Webhooks', READ_WRITE, 'Endpoints that are called at events, and their deliveries.'),
  org('whatsapp', 'WhatsApp', READ_WRITE, 'WhatsApp templates, phone numbers and template messages.'),
  org('widget', 'Widget', READ_WRITE, 'Theme, allowed origins and token of the chat widget.'),
  org('workflows', 'Workflows', READ_WRITE_TRIGGER, 'Workflows and their runs; calls to private triggers.'),
  agent('contacts', 'Contact Access', CREATE_READ_UPDATE_DELETE, 'CRM contacts and contact files of the agent.'),
  agent('document-extraction', 'Document Extraction Access', CREATE_READ, 'Structured data from uploaded documents.'),
] as const satisfies readonly CatalogueEntry[];

type Entry = (typeof SCOPE_CATALOGUE)[number];
// Distributes over the entries, so that only existing pairs become types.
type ScopeOfEntry<E> = E extends { resource: infer R extends string; actions: readonly (infer A extends string)[] }
  ? `${R}:${A}`
  : never;

/** Audiences whose keys have scopes. */
export type ScopedAudience = Entry['audience'];
/** `'actions' | 'agents' | …`, per audience. */
export type ResourceOf<Audience extends ScopedAudience> = Extract<Entry, { audience: Audience }>['resource'];
/** The actions of one resource: `ActionOf<'org', 'analytics'>` is `'read'`. */
export type ActionOf<Audience extends ScopedAudience, Resource extends ResourceOf<Audience>> = Extract<
  Entry,
  { audience: Audience; resource: Resource }
>['actions'][number];
/** The scopes of one audience as literals: `'tags:read' | …`. */
export type ScopeOf<Audience extends ScopedAudience> = ScopeOfEntry<Extract<Entry, { audience: Audience }>>;

export type OrgResource = ResourceOf<'org'>;
export type OrgScope = ScopeOf<'org'>;
export type AgentResource = ResourceOf<'agent'>;
export type AgentScope = ScopeOf<'agent'>;
