import type { MigrationInterface } from 'typeorm';
import { Access1763800000001 } from './0001-access.js';

/** In this order; what isn't listed doesn't run. */
export const MIGRATIONS: (new () => MigrationInterface)[] = [Access1763800000001];
