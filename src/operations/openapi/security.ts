import type { Audience } from '../../access/scopes/audience.js';
import type { DeclaredRoute } from '../../access/routes/declared-routes.js';

const SCHEMES = {
  operatorKey: {
    type: 'http',
    scheme: 'bearer',
    description: "The operator's key, made on the command line: `gatehouse operator key create`.",
  },
  serviceKey: {
    type: 'http',
    scheme: 'bearer',
    description: 'The key of a service, made by the operator: `gatehouse service key create`.',
  },
  partnerKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: "A partner's key, which the operator makes: `gatehouse partner key create`.",
  },
  orgKey: {
    type: 'http',
    scheme: 'bearer',
    description: "An org's key, made by its partner (a JWT) or in the dashboard (`ocx_live_…`).",
  },
  eventKey: { type: 'http', scheme: 'bearer', description: 'A typed key, which posts events and nothing else.' },
  agentKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The public half of a key + secret.' },
  agentSecret: { type: 'apiKey', in: 'header', name: 'X-API-Secret', description: 'The secret half.' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'gatehouse_session',
    description: 'What a login link gives a browser. Behind https it is called `__Host-gatehouse_session`.',
  },
  ownPage: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Requested-With',
    description: 'Always `gatehouse`: no page of another site can send it along with the cookie.',
  },
} as const;
type SchemeName = keyof typeof SCHEMES;
/** Alternatives; the schemes of each one are required together. */
type Requirements = readonly Readonly<Partial<Record<SchemeName, readonly []>>>[];

export const SECURITY_SCHEMES: Readonly<Record<string, object>> = SCHEMES;

const KEY_PAIR = { agentKey: [], agentSecret: [] } as const;
const REQUIREMENTS: Readonly<Record<Audience, Requirements>> = {
  operator: [{ operatorKey: [] }],
  partner: [{ partnerKey: [] }],
  org: [{ orgKey: [] }],
  agent: [KEY_PAIR],
  event: [{ eventKey: [] }],
  service: [{ serviceKey: [] }],
  user: [{ session: [] }],
  // The requested resource decides whether it is public, so the key is optional here.
  'public-or-org': [{}, { orgKey: [] }],
  'any-key': [{ orgKey: [] }, KEY_PAIR, { eventKey: [] }],
  'scoped-key': [{ orgKey: [] }, KEY_PAIR],
  public: [],
};

export function securityOf({ method, policy }: Pick<DeclaredRoute, 'method' | 'policy'>): Requirements {
  const { audience } = policy!;
  if (audience === 'user' && method !== 'GET') return [{ session: [], ownPage: [] }];
  return REQUIREMENTS[audience];
}
