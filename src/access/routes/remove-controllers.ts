import type { Type } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import { declaredRoutes } from './declared-routes.js';
import { resourcesOf } from './route-policy.js';

type IsOn = (resource: string) => boolean;

/** Removes the controllers whose built-in resources are off. Nest registers the routes of those that are left. */
export function removeControllers(modules: ModulesContainer, isOn: IsOn): void {
  for (const { controllers } of modules.values()) {
    for (const [token, { metatype }] of controllers) {
      if (!isKept(metatype as Type, isOn)) controllers.delete(token);
    }
  }
}

/** A route that belongs to no resource, or declares no policy, is never off. */
export function isKept(controller: Type, isOn: IsOn): boolean {
  return declaredRoutes([controller]).some(({ policy }) => {
    const resources = policy === undefined ? [] : resourcesOf(policy);
    return resources.length === 0 || resources.some(isOn);
  });
}
