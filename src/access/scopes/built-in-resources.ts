import type { Config } from '../../core/config/config.js';
import { SCOPE_CATALOGUE } from './scope-catalogue.js';

type Setting = Pick<Config, 'builtInResources'>;

/** The names for the setting. A name stands for the resource of org keys and that of agent keys. */
export const BUILT_IN_RESOURCES: readonly string[] = [
  ...new Set(SCOPE_CATALOGUE.map(({ resource }) => resource)),
].toSorted();

export function isBuiltInOn({ builtInResources }: Setting, resource: string): boolean {
  return builtInResources === 'all' || builtInResources.includes(resource);
}

/** Names in the setting without a resource. */
export function unknownResources({ builtInResources }: Setting): string[] {
  return builtInResources === 'all' ? [] : builtInResources.filter((name) => !BUILT_IN_RESOURCES.includes(name));
}
