import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCOPE_CATALOGUE } from './scope-catalogue.js';
import { isGranted, validateScopes, scopesOf } from './scopes.js';

describe('validateScopes', () => {
  it('stores the scopes in catalogue order, whatever the order of the request', () => {
    const requested = ['workflows:trigger', 'tags:write', 'contacts:read', 'tags:read'];
    const result = validateScopes('org', requested, SCOPE_CATALOGUE);
    expect(result).toEqual({ scopes: ['contacts:read', 'tags:read', 'tags:write', 'workflows:trigger'] });
  });

  it.each<['org' | 'agent', string[], string[]]>([
    ['org', [], ['At least one scope is required.']],
    ['org', ['analytics:write'], ['Scope "analytics:write" is not available: analytics has read only.']],
    ['org', ['media:read'], ['Scope "media:read" is not available: media has write only.']],
    ['org', ['tags:trigger'], ['Scope "tags:trigger" is not available: tags has read and write only.']],
    ['org', ['tags:Read'], ['Scope "tags:Read" is not available: tags has read and write only.']],
    ['org', ['tags:read:x'], ['Scope "tags:read:x" is not available: tags has read and write only.']],
    ['org', ['nonsense:read'], ['Unknown scope "nonsense:read" for an org key.']],
    ['org', ['knowledge-base:read'], ['Unknown scope "knowledge-base:read" for an org key.']],
    ['org', ['document-extraction:read'], ['Unknown scope "document-extraction:read" for an org key.']],
    ['org', ['tags'], ['Unknown scope "tags" for an org key.']],
    ['org', ['*'], ['Unknown scope "*" for an org key.']],
    ['org', [''], ['Unknown scope "" for an org key.']],
    ['org', [' tags:read'], ['Unknown scope " tags:read" for an org key.']],
    ['org', ['__proto__:read'], ['Unknown scope "__proto__:read" for an org key.']],
    ['org', ['tags:read', 'tags:read', 'tags:read'], ['Duplicate scope "tags:read".']],
    [
      'agent',
      ['contacts:write'],
      ['Scope "contacts:write" is not available: contacts has create, read, update, and delete only.'],
    ],
    ['agent', ['tags:read'], ['Unknown scope "tags:read" for an agent key.']],
    [
      'org',
      ['x:read', 'tags:read', 'media:read', 'x:read', 'tags:read', 'teams:read'],
      [
        'Unknown scope "x:read" for an org key.',
        'Duplicate scope "tags:read".',
        'Scope "media:read" is not available: media has write only.',
      ],
    ],
  ])('for an %s key refuses %j, naming each', (audience, requested, problems) => {
    expect(validateScopes(audience, requested, SCOPE_CATALOGUE)).toEqual({ problems });
  });

  it('knows the entries that it gets, and no other resource', () => {
    const catalogue = SCOPE_CATALOGUE.filter(({ resource }) => resource === 'contacts');
    expect(validateScopes('org', ['contacts:read'], catalogue)).toEqual({ scopes: ['contacts:read'] });
    expect(validateScopes('org', ['tags:read'], catalogue)).toEqual({
      problems: ['Unknown scope "tags:read" for an org key.'],
    });
    expect(validateScopes('agent', ['contacts:write'], catalogue)).toEqual({
      problems: ['Scope "contacts:write" is not available: contacts has create, read, update, and delete only.'],
    });
  });

  it('answers a huge list and a huge scope with a short message', () => {
    const requests = [Array.from({ length: 100_000 }, (_, index) => `x${index}:read`), ['x'.repeat(1_000_000)]];
    const answers = requests.map((requested) => JSON.stringify(validateScopes('org', requested, SCOPE_CATALOGUE)));
    expect(answers.filter(({ length }) => length > 200)).toEqual([]);
  });

  it('accepts every subset of the catalogue and nothing else', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...scopesOf('org')], { minLength: 1 }),
        fc.option(fc.string()),
        (scopes, other) => {
          expect(validateScopes('org', scopes, SCOPE_CATALOGUE)).toEqual({
            scopes: scopesOf('org').filter((scope) => scopes.includes(scope)),
          });
          if (other === null) return;
          expect(validateScopes('org', [...scopes, other], SCOPE_CATALOGUE)).toHaveProperty('problems.length', 1);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('isGranted', () => {
  it('passes every check with full access', () => {
    expect([...scopesOf('org'), ...scopesOf('agent')].filter((scope) => !isGranted(null, scope))).toEqual([]);
  });

  it('passes exactly the scopes that are held: write does not include read, nor trigger', () => {
    const held = new Set(['tags:write', 'workflows:write']);
    expect(scopesOf('org').filter((scope) => isGranted(held, scope))).toEqual(['tags:write', 'workflows:write']);
  });

  it('passes nothing with an empty set, which is never full access', () => {
    expect(scopesOf('org').filter((scope) => isGranted(new Set(), scope))).toEqual([]);
  });
});
