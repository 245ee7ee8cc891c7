import type { Resource } from '../../../kit/crud/define-resource.js';
import { UnsubscribeController } from './unsubscribe.controller.js';
import { Unsubscribes } from './unsubscribes.service.js';

export const unsubscribe: Resource = { entities: [], controllers: [UnsubscribeController], providers: [Unsubscribes] };
