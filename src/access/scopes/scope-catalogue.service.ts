import { Injectable } from '@nestjs/common';
import { type CatalogueEntry, SCOPE_CATALOGUE } from './scope-catalogue.js';

/** The scopes that keys of this installation can be granted. */
@Injectable()
export class ScopeCatalogue {
  /** The entries of the built-in resources that are on, in catalogue order. */
  builtIn(): readonly CatalogueEntry[] {
    return SCOPE_CATALOGUE;
  }
}
