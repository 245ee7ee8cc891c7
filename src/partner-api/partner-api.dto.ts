import { Optional, QueryInteger } from '../validation/decorators.js';

export class ListOrgsQuery {
  @Optional()
  @QueryInteger(1, 100)
  limit: number = 50;

  @Optional()
  @QueryInteger(0, 2_147_483_647)
  offset: number = 0;
}
