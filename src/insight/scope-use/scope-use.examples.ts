import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';
import { defineExamples } from '../../core/wire/examples.js';

export const scopeUseExamples = defineExamples({
  schemas: {
    KeyScopeUse: {
      access: 'scoped',
      observed_since: '2026-01-12T09:30:00.000Z',
      observed_days: 56,
      removable: ['chat-sessions:write'],
      sufficient: ['contacts:read'],
      undo: null,
      items: [
        {
          scope: 'chat-sessions:write',
          service: null,
          granted: true,
          uses_90_days: 0,
          last_used_at: null,
          advice: 'remove',
        },
        {
          scope: 'contacts:read',
          service: null,
          granted: true,
          uses_90_days: 48210,
          last_used_at: '2026-03-09T14:04:51.006Z',
          advice: null,
        },
      ],
    },
    ScopeUse: {
      scope: 'contacts:read',
      service: null,
      granted: true,
      uses_90_days: 48210,
      last_used_at: '2026-03-09T14:04:51.006Z',
      advice: null,
    },
    ScopeUndo: {
      removed: ['chat-sessions:write'],
      by: { id: IDS.user, type: 'user', name: 'Maya Okafor' },
      at: '2026-03-09T14:05:00.000Z',
      until: '2026-03-10T14:05:00.000Z',
    },
    RemoveKeyScopesDto: { scopes: ['chat-sessions:write'] },
  },
});
