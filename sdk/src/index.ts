export { type Credential, Gatehouse, type GatehouseOptions, once } from './gatehouse.js';
export { type FieldProblem, GatehouseError } from './gatehouse-error.js';
export type { components, operations, paths } from './schema.js';
