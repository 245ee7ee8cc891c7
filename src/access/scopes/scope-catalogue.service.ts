import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../core/config/config.js';
import { isBuiltInOn } from './built-in-resources.js';
import { type CatalogueEntry, type OrgResource, SCOPE_CATALOGUE } from './scope-catalogue.js';

/** The scopes that keys of this installation can be granted. */
@Injectable()
export class ScopeCatalogue {
  readonly #builtIn: readonly CatalogueEntry[];

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'builtInResources'>) {
    this.#builtIn = SCOPE_CATALOGUE.filter(({ resource }) => isBuiltInOn(config, resource));
  }

  /** The entries of the built-in resources that are on, in catalogue order. */
  builtIn(): readonly CatalogueEntry[] {
    return this.#builtIn;
  }

  /** Whether agents are of use: keys can act for one, or the resource is on. */
  hasAgents(): boolean {
    return this.isOn('agents') || this.#builtIn.some(({ audience }) => audience === 'agent');
  }

  isOn(resource: OrgResource): boolean {
    return isBuiltInOn(this.config, resource);
  }
}
