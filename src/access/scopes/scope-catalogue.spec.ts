import { describe, expect, expectTypeOf, it } from 'vitest';
import { SCOPE_CATALOGUE, type ActionOf, type AgentScope, type OrgScope } from './scope-catalogue.js';

const READ_AND_WRITE = (
  'actions agents autopilot blocklist calls chat-sessions contacts crawl csat email ' +
  'help-center insights integrations knowledge_base ' +
  'leads office-hours org phone redaction sequences sip sla tags teams training whatsapp widget workflows'
).split(' ');

function scopesIn(audience: 'org' | 'agent'): string[] {
  return SCOPE_CATALOGUE.filter((entry) => entry.audience === audience).flatMap(({ resource, actions }) =>
    actions.map((action) => `${resource}:${action}`),
  );
}

describe('the scope catalogue', () => {
  it('has every org scope of S0 and S2', () => {
    const expected = READ_AND_WRITE.flatMap((resource) => [`${resource}:read`, `${resource}:write`]).concat([
      'analytics:read',
      'handoff-analytics:read',
      'sla-analytics:read',
      'media:write',
      'workflows:trigger',
    ]);
    const catalogued = scopesIn('org');
    expect(expected.filter((scope) => !catalogued.includes(scope))).toEqual([]);
  });

  it('has exactly the agent scopes of S3', () => {
    expect(scopesIn('agent')).toEqual([
      'contacts:create',
      'contacts:read',
      'contacts:update',
      'contacts:delete',
      'document-extraction:create',
      'document-extraction:read',
    ]);
  });

  it('lists each resource once per audience, in alphabetical order', () => {
    const listed = (['org', 'agent'] as const).map((audience) =>
      SCOPE_CATALOGUE.filter((entry) => entry.audience === audience).map((entry) => entry.resource as string),
    );
    expect(listed).toEqual(listed.map((resources) => [...new Set(resources)].sort()));
  });

  it('describes each scope in one sentence', () => {
    const unclear = SCOPE_CATALOGUE.filter(
      ({ label, description }) => label === '' || !/^[A-Z][^.]{10,100}\.$/.test(description),
    );
    expect(unclear).toEqual([]);
  });

  it('has a type for every scope that exists, and for no other', () => {
    expectTypeOf<'tags:read' | 'workflows:trigger' | 'knowledge_base:write' | 'media:write'>().toExtend<OrgScope>();
    expectTypeOf<Extract<OrgScope, `analytics:${string}`>>().toEqualTypeOf<'analytics:read'>();
    expectTypeOf<Extract<OrgScope, `media:${string}`>>().toEqualTypeOf<'media:write'>();
    expectTypeOf<AgentScope>().toEqualTypeOf<
      `contacts:${'create' | 'read' | 'update' | 'delete'}` | `document-extraction:${'create' | 'read'}`
    >();
    expectTypeOf<ActionOf<'org', 'contacts'>>().toEqualTypeOf<'read' | 'write'>();
    // @ts-expect-error analytics can only be read, and the compiler is what says so first
    const scope: OrgScope = 'analytics:write';
    expect(scopesIn('org')).not.toContain(scope);
  });
});
