import type { Type } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import { declaredRoutes } from './declared-routes.js';
import { resourcesOf } from './route-policy.js';

/** Removes the controllers whose built-in resources are off. Nest registers the routes of those that are left. */
export function removeControllers(modules: ModulesContainer, isOn: (resource: string) => boolean): void {
  for (const { controllers } of modules.values()) {
    for (const [token, { metatype }] of controllers) {
      const routes = declaredRoutes([metatype as Type]);
      // A route that belongs to no resource, or declares no policy, is never off.
      const isKept = routes.some(({ policy }) => {
        const resources = policy === undefined ? [] : resourcesOf(policy);
        return resources.length === 0 || resources.some(isOn);
      });
      if (!isKept) controllers.delete(token);
    }
  }
}
